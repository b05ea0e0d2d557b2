"""Derivatives with respect to the arrays of objects: structure, what is held, both modes, the caller's object."""

from __future__ import annotations

import copy
import dataclasses
import functools
import runpy
from collections.abc import Callable
from enum import Enum
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import UsageError

STEP = 1e-30


class Mode(Enum):
    TRAIN = "train"


class Layer:
    """Attributes of every kind, public, private and mangled."""

    def __init__(self, rows: int, columns: int, activation: Callable[..., Any]) -> None:
        rng = np.random.default_rng(rows + 10 * columns)
        self.W = rng.normal(size=(rows, columns))
        self.b = rng.normal(size=columns)
        self.activation = activation
        self.rows = rows
        self.sizes = [rows, columns]
        self._gain = 1.5
        self.__offset = 0.25
        self.order = np.arange(columns)

    @property
    def size(self):
        return np.sum(self.W**2)

    def __call__(self, x):
        return self.activation(x @ self.W * self._gain + self.b)[..., self.order] + self.__offset


class Slots:
    """Everything in slots, one of them private."""

    __slots__ = ("__decay", "name", "unset", "weights")

    def __init__(self) -> None:
        self.weights = np.array([0.5, -1.0, 2.0])
        self.__decay = 0.3
        self.name = "slots"

    def penalty(self):
        return self.__decay * np.sum(self.weights**3)


class Base:
    def __init__(self) -> None:
        self.alpha = 0.7

    def penalty(self):
        return self.alpha**2


class Model(Base):
    def __init__(self) -> None:
        super().__init__()
        self.layers = [Layer(4, 3, np.tanh), Layer(3, 2, lambda z: z * z)]
        self.slots = Slots()
        self.mode = Mode.TRAIN
        self.dropout = None
        self.verbose = True
        self.rng = np.random.default_rng(0)
        self.rates = {"lr": 0.1, "steps": 3}
        self.layers[0].parent = self

    @functools.cached_property
    def total(self):
        return np.sum(self.layers[0].W ** 3)

    def penalty(self):
        sizes = sum(layer.size for layer in self.layers)
        return super().penalty() * sizes / self.layers[0].rows + self.slots.penalty()

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


def loss(model, x, y):
    return np.mean((model(x) - y) ** 2) + model.penalty() + 0.1 * model.total


PLACES: list[tuple[str, Callable[..., Any]]] = [
    ("layers[0].W", lambda m: (m.layers[0], "W")),
    ("layers[0].b", lambda m: (m.layers[0], "b")),
    ("layers[0]._gain", lambda m: (m.layers[0], "_gain")),
    ("layers[0].__offset", lambda m: (m.layers[0], "_Layer__offset")),
    ("layers[1].W", lambda m: (m.layers[1], "W")),
    ("layers[1].b", lambda m: (m.layers[1], "b")),
    ("layers[1]._gain", lambda m: (m.layers[1], "_gain")),
    ("layers[1].__offset", lambda m: (m.layers[1], "_Layer__offset")),
    ("slots.weights", lambda m: (m.slots, "weights")),
    ("slots.__decay", lambda m: (m.slots, "_Slots__decay")),
    ("alpha", lambda m: (m, "alpha")),
]


def data():
    rng = np.random.default_rng(3)
    return rng.normal(size=(5, 4)), rng.normal(size=(5, 2))


def at(model, place):
    return getattr(*place(model))


def moved(model, place, by):
    """A copy of the model with one attribute moved; nothing is cached in it."""
    made = copy.deepcopy(model)
    holder, name = place(made)
    setattr(holder, name, getattr(holder, name) + by)
    made.__dict__.pop("total", None)
    return made


def complex_step(function, model, place):
    """The gradient in one attribute, exact to rounding."""
    value = np.asarray(at(model, place))
    found = np.empty(value.shape)
    for index in np.ndindex(value.shape):
        by = np.zeros(value.shape, complex)
        by[index] = STEP * 1j
        found[index] = function(moved(model, place, by[()])).imag / STEP
    return found


@pytest.mark.parametrize("place", [place for _, place in PLACES], ids=[name for name, _ in PLACES])
def test_the_gradient_of_an_attribute(place):
    model, (x, y) = Model(), data()
    found = at(gs.grad(loss)(model, x, y), place)
    exact = complex_step(lambda m: loss(m, x, y), model, place)
    assert np.allclose(found, exact, rtol=1e-12, atol=1e-13)
    assert type(found) is type(at(model, place))


@pytest.mark.parametrize("evaluated", [False, True])
def test_the_value_is_the_functions_own_and_a_cached_property_is_computed_anew(evaluated):
    model, (x, y) = Model(), data()
    expected = loss(copy.deepcopy(model), x, y)
    if evaluated:
        loss(model, x, y)
    value, found = gs.value_and_grad(loss)(model, x, y)
    assert value == expected
    exact = complex_step(lambda m: loss(m, x, y), model, PLACES[0][1])
    assert np.allclose(found.layers[0].W, exact, rtol=1e-12, atol=1e-13)


def test_the_gradient_is_an_object_of_the_class_made_without_its_code():
    made = []

    class Counted:
        def __new__(cls):
            made.append(cls)
            return object.__new__(cls)

        def __init__(self):
            self.w = 3.0

    point = Counted()
    found = gs.grad(lambda p: p.w**2)(point)
    assert type(found) is Counted
    assert found is not point
    assert found.w == 6.0
    assert made == [Counted]


def test_what_objects_hold_beside_floats():
    model, (x, y) = Model(), data()
    found = gs.grad(loss)(model, x, y)
    layer = found.layers[0]
    assert layer.activation is np.tanh
    assert found.mode is Mode.TRAIN
    assert found.slots.name == "slots"
    assert (layer.rows, layer.order, layer.sizes) == (None, None, [None, None])
    assert (found.verbose, found.dropout, found.rng, layer.parent) == (None, None, None, None)
    assert found.rates == {"lr": 0.0, "steps": None}
    assert "total" not in vars(found)
    assert not hasattr(found.slots, "unset")


def test_dataclasses_hold_the_same():
    @dataclasses.dataclass
    class Decay:
        rate: float
        steps: int = 3
        name: str = "decay"

    found = gs.grad(lambda p: p.rate**p.steps)(Decay(2.0))
    assert (found.rate, found.steps, found.name) == (12.0, None, "decay")


def test_the_callers_object_is_neither_modified_nor_aliased():
    def tally(model, x):
        model.W[0] = x
        model.seen = np.sum(model.W)
        model.history.append(model.seen)
        return model.history[-1] ** 2

    model = SimpleNamespace(W=np.array([1.0, 2.0]), history=[], untouched=np.ones(2))
    found = gs.grad(tally)(model, 3.0)
    assert sorted(vars(model)) == ["W", "history", "untouched"]
    assert np.array_equal(model.W, [1.0, 2.0])
    assert model.history == []
    assert np.array_equal(found.W, [0.0, 10.0])
    assert found.history == []
    arrays = [found.W, found.untouched]
    assert not any(np.may_share_memory(one, other) for one in arrays for other in vars(model).values())


def test_reverse_forward_and_second_order_agree():
    model, (x, y) = Model(), data()
    u, v = Model(), Model()
    for place, scale in zip((place for _, place in PLACES), range(1, 12), strict=True):
        for direction, phase in ((u, 0.3), (v, 0.8)):
            holder, name = place(direction)
            shape = np.shape(getattr(holder, name))
            values = np.sin(phase * scale + np.arange(np.prod(shape))).reshape(shape)
            setattr(holder, name, values if shape else float(values))
    u.rates["lr"] = v.rates["lr"] = 0.0
    at_data = functools.partial(loss, x=x, y=y)

    def dot(one, other):
        return sum(np.sum(at(one, place) * at(other, place)) for _, place in PLACES)

    _, pullback = gs.vjp(at_data, model)
    (pulled,) = pullback(2.0)
    value, tangent = gs.jvp(at_data, (model,), (v,))
    assert value == at_data(copy.deepcopy(model))
    assert np.isclose(dot(pulled, v), 2.0 * tangent, rtol=1e-12)
    assert np.isclose(dot(gs.grad(at_data)(model), v), tangent, rtol=1e-12)
    twice_u, twice_v = gs.hvp(at_data, (model,), (u,)), gs.hvp(at_data, (model,), (v,))
    assert np.isclose(dot(twice_u, v), dot(twice_v, u), rtol=1e-11)
    step = 1e-5
    ahead, behind = model, model
    for _, place in PLACES:
        ahead, behind = moved(ahead, place, step * at(u, place)), moved(behind, place, -step * at(u, place))
    gradient = gs.grad(at_data)
    difference = (dot(gradient(ahead), v) - dot(gradient(behind), v)) / (2 * step)
    assert np.isclose(difference, dot(twice_u, v), rtol=1e-7)


def test_arguments_by_name_and_several_of_them():
    model, (x, y) = Model(), data()
    alone = gs.grad(loss)(model, x, y)
    by_name = gs.grad(loss, argnames="model")(model, x, y)
    both, d_x = gs.grad(loss, argnums=(0, 1))(model, x, y)
    assert alone.alpha == by_name.alpha == both.alpha
    assert np.allclose(d_x, gs.grad(loss, argnums=1)(model, x, y), rtol=1e-13)


def test_a_method_is_differentiated_with_respect_to_its_object():
    layer = Layer(2, 2, np.sin)
    gradient = gs.grad(lambda self, x: np.sum(Layer.__call__(self, x)))(layer, np.array([0.1, 0.2]))
    assert np.allclose(gradient._Layer__offset, 2.0)


def test_an_attribute_that_comes_later_is_seen():
    def area(shape):
        return shape.width * getattr(shape, "height", 1.0)

    shape = SimpleNamespace(width=2.0)
    gradient = gs.grad(area)
    assert vars(gradient(shape)) == {"width": 1.0}
    shape.height = 5.0
    assert vars(gradient(shape)) == {"width": 5.0, "height": 2.0}


def test_a_saved_derivative_of_a_model_runs_alone(tmp_path, monkeypatch):
    module = tmp_path / "affine.py"
    module.write_text(
        "import numpy as np\n\n\nclass Affine:\n"
        "    def __init__(self, w, b):\n        self.w, self.b, self.name = w, b, 'affine'\n\n\n"
        "def loss(model, x):\n    return np.sum((model.w * x + model.b) ** 2)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import affine  # type: ignore[import-not-found]

    model, x = affine.Affine(np.array([1.0, 2.0]), 0.5), np.array([3.0, 4.0])
    gradient = gs.grad(affine.loss)
    expected = gradient(model, x)
    gradient.save(tmp_path / "saved.py")
    assert "gradscribe" not in (tmp_path / "saved.py").read_text().replace("Written by gradscribe", "")
    found = runpy.run_path(str(tmp_path / "saved.py"))["loss_grad"](model, x)
    assert type(found) is affine.Affine
    assert np.array_equal(found.w, expected.w)
    assert (found.b, found.name) == (expected.b, "affine")


def test_a_dataclass_that_changes_what_it_is_given_is_not_called_for_a_gradient():
    @dataclasses.dataclass
    class Rate:
        log: float
        half: float = 0.0

        def __post_init__(self):
            self.log = abs(self.log)
            self.extra = self.log / 2.0

    found = gs.grad(lambda p: -(p.log**2) * p.extra)(Rate(-3.0))
    assert vars(found) == {"log": -9.0, "half": 0.0, "extra": -9.0}
    value, pullback = gs.vjp(lambda x: Rate(-2.0 * x), 3.0)
    assert vars(value) == vars(Rate(-6.0))
    assert pullback(value) == (2.0 * 6.0 + 1.0 * 3.0,)


def test_an_integer_in_a_named_tuple_within_an_object_is_refused():
    class Affine(NamedTuple):
        w: Any
        b: Any

    model = SimpleNamespace(parts=[Affine(2.0, 1.0), Affine(2.0, np.arange(3))])
    with pytest.raises(UsageError, match=r"`m.parts\[1\].b`, which is an array of int64") as caught:
        gs.grad(lambda m: m.parts[0].w)(model)
    assert caught.value.code == "GS312"


def test_an_object_without_floats_is_refused():
    class Grid:
        def __init__(self):
            self.n = 3

    with pytest.raises(UsageError, match="`grid`, which is a Grid") as caught:
        gs.grad(lambda grid: 1.0 * grid.n)(Grid())
    assert caught.value.code == "GS312"


def test_a_tangent_of_another_class_or_shape_names_the_part():
    model = SimpleNamespace(layers=[SimpleNamespace(W=np.ones(2), n=2)])
    tangent = SimpleNamespace(layers=[SimpleNamespace(W=np.ones(3), n=2)])

    def total(model):
        return np.sum(model.layers[0].W) * model.layers[0].n

    with pytest.raises(UsageError, match=r"`tangents\[0\].layers\[0\].W` is float64\[3\]") as caught:
        gs.jvp(total, (model,), (tangent,))
    assert caught.value.code == "GS316"
    tangent.layers[0].W = np.ones(2)
    assert gs.jvp(total, (model,), (tangent,)) == (4.0, 4.0)
    tangent.layers[0].n = 3
    with pytest.raises(UsageError, match=r"layers\[0\].n` is int, but"):
        gs.jvp(total, (model,), (tangent,))

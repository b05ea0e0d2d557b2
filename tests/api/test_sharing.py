"""One object at two places of what a function is given: where it is changed or asked about, that is an error."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import UnsupportedSyntaxError, UsageError
from tests.programs.load import load_module

X = np.array([0.7, -0.3])


class Box:
    def __init__(self, m):
        self.m = m
        self.w = np.ones(2)
        self.other = None


FIRST = Box(0.5)
SECOND = FIRST
HOLDER = {"box": FIRST, "numbers": [0.5, 0.2]}
NUMBERS = HOLDER["numbers"]


def attribute_of_a_global(x):
    FIRST.m = x[0]
    return SECOND.m**2


def attribute_in_a_branch(x):
    if x[0] > 0.0:
        HOLDER["box"].m = x[0]
    return SECOND.m**2


def list_in_a_loop(x):
    for k in range(2):
        NUMBERS.append(x[k])
    return HOLDER["numbers"][-1] ** 2


def asked(x):
    return x[0] if FIRST is SECOND else x[1]


@pytest.mark.filterwarnings("ignore::gradscribe.SideEffectWarning")
@pytest.mark.parametrize(
    ("function", "one", "other"),
    [
        (attribute_of_a_global, "FIRST", "SECOND"),
        (attribute_in_a_branch, "HOLDER['box']", "SECOND"),
        (list_in_a_loop, "NUMBERS", "HOLDER['numbers']"),
        (asked, "FIRST", "SECOND"),
    ],
)
@pytest.mark.parametrize("derivative", [gs.grad, gs.value_and_grad])
def test_one_object_outside_under_two_names(function, one, other, derivative):
    with pytest.raises(UsageError, match="GS320") as caught:
        derivative(function)(X)
    assert f"`{one}` and `{other}` are one object" in str(caught.value)


def attribute(x, p, q):
    p.m = x[0]
    return q.m**2 + x[1]


def grown(x, p, q):
    p.append(x[0])
    return q[-1] ** 2 + x[1]


def entry(x, p, q):
    p["a"] = x[0]
    return q["a"] ** 2 + x[1]


def are_one(x, p, q):
    return x[0] if p is q else x[1]


def counted(x, p, q):
    return x[0] * [p, q].count(p)


MAKE = {
    attribute: lambda: Box(0.5),
    grown: lambda: [0.5, 0.1],
    entry: lambda: {"a": 0.5},
    are_one: lambda: Box(0.5),
    counted: lambda: Box(0.5),
}


@pytest.mark.parametrize("function", MAKE)
def test_one_object_as_two_arguments(function):
    derivative = gs.value_and_grad(function)
    value, gradient = derivative(X, MAKE[function](), MAKE[function]())
    assert value == function(X, MAKE[function](), MAKE[function]())
    assert np.all(np.isfinite(gradient))
    # What was compiled for two objects is no less careful.
    one = MAKE[function]()
    with pytest.raises(UsageError, match="`p` and `q` are one object"):
        derivative(X, one, one)
    with pytest.raises(UsageError, match="`p` and `q` are one object"):
        gs.jvp(function, (X, one, one), (X, None, None))


def test_one_array_asked_about():
    def same(x, y):
        return np.sum(x) if x is y else np.sum(y)

    assert gs.grad(same)(X, X.copy()).tolist() == [0.0, 0.0]
    with pytest.raises(UsageError, match="GS320"):
        gs.grad(same)(X, X)


def inside(x, pair):
    pair[0].m = x[0]
    return pair[1].m ** 2


def test_one_object_twice_in_an_argument():
    box = Box(0.5)
    with pytest.raises(UsageError, match=r"`pair\[0\]` and `pair\[1\]` are one object"):
        gs.grad(inside)(X, [box, box])
    assert gs.grad(inside)(X, [box, Box(0.5)]).tolist() == [0.0, 0.0]


def only_read(x, p, q):
    return x[0] * p.m + x[1] * q.m


def changes_another(x, p, q, total):
    for v in x:
        total.append(v * p.m * q.m)
    return total[-1] * total[-2]


def test_objects_that_are_only_read_may_stand_at_two_places():
    box = Box(0.5)
    assert gs.grad(only_read)(X, box, box).tolist() == [0.5, 0.5]
    value, _ = gs.value_and_grad(changes_another)(X, box, box, [])
    assert value == changes_another(X, box, box, [])


inner_attribute = gs.grad(lambda z, p, q: attribute([z, z], p, q), create_graph=True)
inner_array = gs.grad(lambda z, a, b: written(z, a, b), create_graph=True)


def written(z, a, b):
    a[0] = z
    return b[0] ** 2 + a[1] * z


def twice_in_a_derivative(x):
    box = Box(x[0] * 1.0)
    return inner_attribute(x[1], box, box)


def views_in_a_derivative(x):
    a = x * 2.0
    return inner_array(x[1], a[:2], a[0:])


@pytest.mark.parametrize("function", [twice_in_a_derivative, views_in_a_derivative])
def test_one_object_twice_in_a_derivative_inside(function):
    with pytest.raises(UnsupportedSyntaxError, match="GS133"):
        gs.grad(function)(X)


def two_in_a_derivative(x, y):
    return inner_array(x[1], y * x[0], y * 1.0)


def test_arguments_that_the_primal_of_a_derivative_inside_writes():
    y = np.array([3.0, 5.0])
    assert gs.grad(two_in_a_derivative)(X, y).tolist() == [5.0, 0.0]
    assert gs.grad(two_in_a_derivative)(X, X).tolist() == [X[1], 0.0]


def test_saved_functions_are_as_careful(tmp_path):
    derivative = gs.value_and_grad(entry).compile(X, {"a": 0.5}, {"a": 0.5})
    derivative.save(tmp_path / "saved.py")
    text = (tmp_path / "saved.py").read_text(encoding="utf-8")
    assert "p is not q" in text
    saved = load_module(text).entry_value_and_grad
    assert saved(X, {"a": 0.5}, {"a": 0.5})[0] == entry(X, {"a": 0.5}, {"a": 0.5})
    one = {"a": 0.5}
    with pytest.raises(TypeError, match="p is not q"):
        saved(X, one, one)

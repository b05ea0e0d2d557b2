"""Parameters that are objects: the same numbers as in a dictionary, and what objects hold is left alone."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import gradscribe as gs
from gradscribe import optim
from gradscribe.errors import UsageError


class Layer:
    def __init__(self, rows, columns):
        rng = np.random.default_rng(rows)
        self.W = rng.normal(size=(rows, columns))
        self.b = np.zeros(columns)
        self.columns = columns
        self.order = np.arange(columns)
        self.sizes = [rows, columns]

    def __call__(self, x):
        return np.tanh(x @ self.W + self.b)[:, self.order]


class Model:
    __slots__ = ("layers", "name", "scale", "train")

    def __init__(self):
        self.layers = [Layer(3, 4), Layer(4, 1)]
        self.scale = 1.5
        self.name = "model"
        self.train = True

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x[:, 0] * self.scale


def object_loss(model, x, y):
    return np.mean((model(x) - y) ** 2)


def dict_loss(params, x, y):
    for layer in params["layers"]:
        x = np.tanh(x @ layer["W"] + layer["b"])
    return np.mean((x[:, 0] * params["scale"] - y) ** 2)


def as_dict(model):
    layers = [{"W": layer.W.copy(), "b": layer.b.copy()} for layer in model.layers]
    return {"layers": layers, "scale": model.scale}


def data():
    x = np.random.default_rng(5).normal(size=(20, 3))
    return x, np.sin(x[:, 0])


def numbers(model):
    tree = as_dict(model) if isinstance(model, Model) else model
    parts = [part for layer in tree["layers"] for part in (layer["W"], layer["b"])]
    return np.concatenate([*map(np.ravel, parts), [tree["scale"]]])


@pytest.mark.parametrize(
    "make",
    [
        lambda: optim.adam(0.05),
        lambda: optim.sgd(0.1, momentum=0.9),
        lambda: optim.chain(optim.clip_by_global_norm(0.5), optim.adamw(0.02)),
    ],
    ids=["adam", "momentum", "clipped"],
)
def test_an_object_is_trained_as_a_dictionary_is(make):
    x, y = data()
    model, before = Model(), Model()
    params = as_dict(model)
    opt = make()
    state, dict_state = opt.init(model), opt.init(params)
    for step in range(5):
        d_model, d_params = gs.grad(object_loss)(model, x, y), gs.grad(dict_loss)(params, x, y)
        if step % 2:
            updates, state = opt.update(d_model, state, model)
            model = optim.apply_updates(model, updates)
        else:
            model, state = opt.step(model, d_model, state)
        params, dict_state = opt.step(params, d_params, dict_state)
        assert np.allclose(numbers(model), numbers(params), rtol=1e-12)
    assert not np.allclose(numbers(model), numbers(before))


def test_what_objects_hold_is_kept_and_arrays_are_not_shared():
    x, y = data()
    first = Model()
    kept = copy.deepcopy(first)
    opt = optim.adam(0.05)
    model, _ = opt.step(first, gs.grad(object_loss)(first, x, y), opt.init(first))
    layer = model.layers[0]
    assert (type(model), model.name, model.train) == (Model, "model", True)
    assert (layer.columns, layer.sizes) == (4, [3, 4])
    assert np.array_equal(layer.order, np.arange(4))
    for old, new in zip(first.layers, model.layers, strict=True):
        assert new.sizes is not old.sizes
        assert not any(np.may_share_memory(old.__dict__[n], new.__dict__[n]) for n in ("W", "b", "order"))
    assert np.array_equal(numbers(first), numbers(kept))


def test_a_count_that_changes_between_steps_is_that_of_the_parameters():
    class Counter:
        def __init__(self):
            self.w, self.calls = np.ones(2), 0

    params, opt = Counter(), optim.sgd(0.25)
    state = opt.init(params)
    for calls in (1, 2):
        params.calls += 1
        params, state = opt.step(params, gs.grad(lambda p: np.sum(p.w**2))(params), state)
        assert params.calls == calls
    assert np.array_equal(params.w, [0.25, 0.25])


def test_fit_resumes_from_a_checkpoint(tmp_path):
    x, y = data()
    batches = optim.minibatches(x, y, size=5)
    path = tmp_path / "run.npz"
    optim.fit(object_loss, Model(), batches, optim.adam(0.03), epochs=2, checkpoint=path)
    resumed = optim.fit(object_loss, Model(), batches, optim.adam(0.03), epochs=4, checkpoint=path).params
    straight = optim.fit(object_loss, Model(), batches, optim.adam(0.03), epochs=4).params
    assert np.array_equal(numbers(resumed), numbers(straight))
    assert (resumed.name, resumed.layers[1].columns) == ("model", 1)


def test_minimize_and_least_squares_take_objects():
    x, y = data()
    found = optim.minimize(object_loss, Model(), x, y)
    assert isinstance(found.params, Model)
    assert object_loss(found.params, x, y) < 0.5 * object_loss(Model(), x, y)
    fitted = optim.least_squares(lambda model: model(x) - y, Model())
    assert object_loss(fitted.params, x, y) < 0.5 * object_loss(Model(), x, y)


def test_errors_name_the_attribute():
    x, y = data()
    model, opt = Model(), optim.adam(0.1)
    grads = gs.grad(object_loss)(model, x, y)
    grads.layers[1].W = np.zeros(3)
    with pytest.raises(UsageError, match=r"`grads.layers\[1\].W` is float64\[3\]") as caught:
        opt.update(grads, opt.init(model), model)
    assert caught.value.code == "GS350"


def test_an_object_without_floats_is_refused():
    class Grid:
        def __init__(self):
            self.n = 3

    with pytest.raises(UsageError, match="`params` is a Grid that holds no floats") as caught:
        optim.adam(0.1).init(Grid())
    assert caught.value.code == "GS351"

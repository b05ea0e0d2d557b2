"""The functional interface: steps on nested parameters, purity, and errors that name the part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import gradscribe as gs
from gradscribe import optim
from gradscribe.errors import GradscribeError


class Layer(NamedTuple):
    W: Any
    b: Any


@dataclass
class Model:
    layers: list
    scale: float
    name: str = "mlp"


def model(dtype=np.float64):
    layers = [
        Layer(np.ones((2, 3), dtype), np.zeros(3, dtype)),
        Layer(np.ones((3, 1), dtype), np.zeros(1, dtype)),
    ]
    return {"net": Model(layers, 0.5), "pair": (np.array([1.0, 2.0]), np.float32(3.0))}


def filled(tree, value):
    layout = optim.flatten(tree)
    return optim.unflatten(tuple(np.full_like(buffer, value) for buffer in layout), tree)


def test_optim_is_an_attribute_of_the_package():
    assert gs.optim is optim


def test_step_keeps_structure_types_and_dtypes():
    params = model(np.float32)
    opt = optim.adam(0.1)
    stepped, _ = opt.step(params, filled(params, 1.0), opt.init(params))
    assert type(stepped["net"]) is Model and stepped["net"].name == "mlp"
    assert type(stepped["net"].scale) is float
    assert stepped["net"].layers[0].W.dtype == np.float32
    assert stepped["net"].layers[0].W.shape == (2, 3)
    assert type(stepped["pair"][1]) is np.float32
    np.testing.assert_allclose(stepped["pair"][0], [0.9, 1.9], rtol=1e-6)


def test_update_then_apply_is_a_step():
    params = model()
    opt = optim.adam(0.1)
    state = opt.init(params)
    updates, after = opt.update(filled(params, 2.0), state, params)
    stepped, other = opt.step(params, filled(params, 2.0), state)
    for one, two in zip(optim.flatten(optim.apply_updates(params, updates)), optim.flatten(stepped)):
        np.testing.assert_array_equal(one, two)
    assert after[0].count == other[0].count == 1


def test_arrays_that_may_not_be_written_are_not_written():
    params = [np.ones((3, 4)), np.ones(40_000)]
    grads = [np.ones((3, 4)), np.ones(40_000)]
    for array in params + grads:
        array.flags.writeable = False
    opt = optim.adam(0.1)
    state = opt.init(params)
    for buffer in state[0].mu + state[0].nu:
        buffer.flags.writeable = False
    stepped, after = opt.step(params, grads, state)
    assert not any(np.shares_memory(one, two) for one in stepped for two in params + grads)
    np.testing.assert_allclose(stepped[1], 0.9)


def test_large_leaves_are_cut_without_a_seam():
    n = 100_001
    params = [np.linspace(0.0, 1.0, n), np.linspace(0.0, 1.0, 7), np.linspace(1.0, 2.0, n).reshape(1, -1)]
    grads = [np.sin(leaf) for leaf in params]
    opt = optim.sgd(0.5)
    stepped, _ = opt.step(params, grads, opt.init(params))
    for new, leaf, g in zip(stepped, params, grads):
        np.testing.assert_array_equal(new, leaf - 0.5 * g)


def test_a_transposed_leaf_is_updated_by_position_not_by_memory():
    leaf = np.arange(6.0).reshape(2, 3).T
    opt = optim.sgd(1.0)
    stepped, _ = opt.step(leaf, np.arange(6.0).reshape(3, 2), opt.init(leaf))
    np.testing.assert_array_equal(stepped, leaf - np.arange(6.0).reshape(3, 2))


def test_complex_parameters_are_refused():
    with pytest.raises(GradscribeError, match="GS351: `params.0.` is complex128"):
        optim.sgd(0.5).init([np.array([1.0 + 2.0j])])


def test_gradients_of_another_precision_are_taken_in_that_of_the_parameters():
    params = np.ones(3, np.float32)
    opt = optim.sgd(0.5)
    stepped, _ = opt.step(params, np.ones(3), opt.init(params))
    assert stepped.dtype == np.float32


@pytest.mark.parametrize(
    ("grads", "text"),
    [
        ({"b": 1.0}, "GS350: `grads['layers']` is missing"),
        ({"b": 1.0, "layers": [np.ones(3)], "c": 1.0}, "GS350: `grads['c']` belongs to no parameter"),
        (
            {"b": 1.0, "layers": [np.ones(4)]},
            "GS350: `grads['layers'][0]` is float64[4], but the parameter is float64[3]",
        ),
        (
            {"b": 1.0, "layers": [None]},
            "GS350: `grads['layers'][0]` is None, but the parameter is float64[3]",
        ),
        ({"b": 1.0, "layers": []}, "GS350: `grads['layers']` has 0 parts, but the parameter has 1"),
        (
            {"b": 1.0, "layers": (np.ones(3),)},
            "GS350: `grads['layers']` is a tuple of 1, but the parameter is a list",
        ),
        (
            {"b": 1.0, "layers": [np.array([1, 2, 3])]},
            "GS351: `grads['layers'][0]` is int64, but the parameter is float64",
        ),
    ],
)
def test_gradients_that_do_not_fit_are_named(grads, text):
    params = {"b": 1.0, "layers": [np.ones(3)]}
    opt = optim.adam(0.1)
    with pytest.raises(GradscribeError) as caught:
        opt.step(params, grads, opt.init(params))
    assert str(caught.value).splitlines()[0] == text


def test_integer_parameters_are_named():
    with pytest.raises(GradscribeError) as caught:
        optim.adam(0.1).init(
            {"net": Model([Layer(np.ones(2), np.zeros(2)), Layer(np.ones(2), np.arange(2))], 1.0)}
        )
    assert str(caught.value).splitlines() == [
        "GS351: `params['net'].layers[1].b` is int64, which cannot be optimised",
        "   = why: an optimiser moves its parameters by real steps",
        "   = fix: pass `params['net'].layers[1].b.astype(float)`, or keep what is not trained out of the"
        " parameters",
    ]


def test_a_state_of_another_optimiser_is_refused():
    params = [np.ones(2)]
    with pytest.raises(GradscribeError, match="GS353: the state passed to `trace` is a ScaleByAdamState"):
        optim.sgd(0.1, momentum=0.9).step(params, params, optim.adam(0.1).init(params))


def test_a_state_for_other_parameters_is_refused():
    opt = optim.adam(0.1)
    with pytest.raises(GradscribeError, match="GS353: .* was made for other parameters"):
        opt.step([np.ones(2)], [np.ones(2)], opt.init([np.ones(3)]))


def test_parameters_that_are_needed_and_not_passed():
    def needs(updates, state, params=None):
        return optim.apply_updates(params, updates), state

    params = [1.0]
    own = optim.GradientTransformation(lambda params: (), needs)
    opt = optim.chain(own, optim.scale(-1.0))
    assert opt.step(params, [0.5], opt.init(params))[0] == [-0.5]
    with pytest.raises(GradscribeError, match="GS354: a function is not a gradient transformation"):
        optim.chain(optim.adam)


def test_inner_chains_fuse_and_keep_their_states_nested():
    params = [np.ones(3)]
    opt = optim.chain(optim.scale(2.0), optim.sgd(0.1, momentum=0.9), optim.scale(0.5))
    state = opt.init(params)
    stepped, state = opt.step(params, params, state)
    np.testing.assert_allclose(stepped[0], 0.9)
    assert len(state) == 3 and type(state[1][0]).__name__ == "TraceState"
    assert len(opt.core.runs) == 1


def test_named_chain_has_its_states_by_name():
    params = [np.ones(3)]
    opt = optim.named_chain(("momentum", optim.trace(0.9)), ("rate", optim.scale(-0.1)))
    _, state = opt.step(params, params, opt.init(params))
    np.testing.assert_array_equal(state["momentum"].trace[0], np.ones(3))
    with pytest.raises(GradscribeError, match="GS355: the name 'a' stands twice"):
        optim.named_chain(("a", optim.scale(1.0)), ("a", optim.scale(1.0)))


def test_containers_that_python_cannot_nest_are_refused():
    for depth in (120, 2000):
        deep = 1.0
        for _ in range(depth):
            deep = [deep]
        with pytest.raises(GradscribeError, match="GS302: `params` holds containers .* more than 80 deep"):
            optim.sgd(0.1).init(deep)


def inner(w):
    return np.sum(np.cos(w) * w)


def by_update(w, opt):
    state = opt.init(w)
    updates, _ = opt.update(gs.grad(inner, create_graph=True)(w), state, w)
    return inner(w + updates)


def by_step(w, opt, state):
    return inner(opt.step(w, gs.grad(inner, create_graph=True)(w), state)[0])


def by_functions(w):
    return inner(optim.apply_updates(w, w))


def test_steps_inside_of_what_is_differentiated_are_refused_where_they_stand():
    w, opt = np.ones(2), optim.adam(0.1)
    for function, arguments, text in (
        (by_update, (opt,), "`opt.init` is called inside"),
        (by_step, (opt, opt.init(w)), "`opt.step` is called inside"),
        (by_functions, (), "`optim.apply_updates` is called inside"),
    ):
        with pytest.raises(GradscribeError) as caught:
            gs.grad(lambda w, f=function, a=arguments: f(w, *a))(w)
        message = str(caught.value)
        assert message.startswith(f"GS201: {text}") and "test_transformation.py" in message
        assert "optim.tree.add" in message


def adam_by_hand(p):
    """Three steps of Adam, whose derivative is that of learning how to learn."""
    mean, square = optim.tree.zeros_like(p), optim.tree.zeros_like(p)
    for t in range(1, 4):
        g = gs.grad(loss_of_pair, create_graph=True)(p)
        mean = optim.tree.update_moment(g, mean, 0.9, 1)
        square = optim.tree.update_moment(g, square, 0.99, 2)
        m, v = optim.tree.bias_correction(mean, 0.9, t), optim.tree.bias_correction(square, 0.99, t)
        p = optim.tree.map(lambda p, m, v: p - 0.1 * m / np.sqrt(v + 1e-8), p, m, v)
    return loss_of_pair(p)


def loss_of_pair(p):
    return np.sum(np.cos(p["w"]) * p["w"]) + p["b"] ** 2 * np.sum(p["w"])


def test_steps_of_trees_are_differentiated():
    start = {"w": np.array([0.4, -0.7]), "b": 0.3}
    gs.testing.check_grads(adam_by_hand, (start,))
    params, opt = start, optim.adam(0.1, b2=0.99, eps=0.0, eps_root=1e-8)
    state = opt.init(params)
    for _ in range(3):
        params, state = opt.step(params, gs.grad(loss_of_pair)(params), state)
    assert adam_by_hand(start) == pytest.approx(loss_of_pair(params), rel=1e-13)

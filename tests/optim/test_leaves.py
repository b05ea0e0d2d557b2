"""Every optimiser on every kind of leaf: it stays of its kind, whatever its precision, layout and size."""

from __future__ import annotations

import numpy as np
import pytest

from gradscribe import optim
from tests.optim.table import ALL

LEAVES = {
    "half precision": lambda: {"a": np.ones((3, 2), np.float16), "b": np.ones(2, np.float16)},
    "extended precision": lambda: {"a": np.ones((3, 2), np.longdouble), "b": np.ones(2)},
    "single precision and a float": lambda: {"a": np.ones((3, 2), np.float32), "b": 1.0},
    "a scalar of NumPy": lambda: {"a": np.ones((3, 2)), "b": np.float64(1.0)},
    "no axes": lambda: {"a": np.ones(()), "b": np.ones((), np.float32)},
    "columns first, and strides": lambda: {"a": np.asfortranarray(np.ones((3, 2))), "b": np.ones(6)[::2]},
    "one empty": lambda: {"a": np.ones((0, 2)), "b": np.ones(2)},
    "all empty": lambda: {"a": np.ones((0, 2)), "b": np.ones(0)},
    "one number each": lambda: {"a": np.ones((1, 1)), "b": np.ones(1)},
    "kernels": lambda: {"a": np.ones((2, 2, 2, 3)), "b": np.ones((2, 3, 2))},
}
GRADIENTS = {"small": lambda leaf: 0.1 * leaf, "zero": lambda leaf: 0.0 * leaf}


def loss(p):
    return np.sum(p["a"] ** 2) + np.sum(p["b"] ** 2)


def steps(name, params, gradient, count):
    """Parameters after some steps, where the last gradients of each are a function of them."""
    row = ALL[name]
    state = row.make.init(params)
    further = {"value": 1.0} if "value" in row.extra else {}
    further |= {"obj_fn": loss} if "obj_fn" in row.extra else {}
    for _ in range(count):
        grads = optim.tree.cast_like(optim.tree.map(gradient, params), params)
        if name.startswith("dpsgd"):
            grads = optim.tree.map(lambda leaf: np.stack([np.asarray(leaf)] * 2), grads)
        params, state = row.make.step(params, grads, state, **further)
    return params, state


CASES = [(name, kind, gradient) for name in ALL for kind in LEAVES for gradient in GRADIENTS]


@pytest.mark.parametrize(("name", "kind", "gradient"), CASES)
def test_leaves_stay_of_their_kind(name, kind, gradient):
    before = LEAVES[kind]()
    # Hessian products of half precision round to nothing; what is asked here is the kind.
    with np.errstate(over="ignore", under="ignore"):
        after, _ = steps(name, before, GRADIENTS[gradient], 5)
    for key, leaf in before.items():
        assert type(after[key]) is type(leaf) and np.shape(after[key]) == np.shape(leaf)
        assert np.asarray(after[key]).dtype == np.asarray(leaf).dtype
        assert np.isfinite(np.asarray(after[key])).all()


def half_and_double(name, gradient, count=6):
    """Parameters in float16 after some steps, each compared with that of float64, and the state."""
    half = {"a": np.array([[1.0, -0.5], [0.25, 2.0]], np.float16), "b": np.array([0.75, -1.5], np.float16)}
    double = optim.tree.cast(half, np.float64)
    row = ALL[name]
    further = {"value": 1.0} if "value" in row.extra else {}
    further |= {"obj_fn": loss} if "obj_fn" in row.extra else {}
    states = [row.make.init(half), row.make.init(double)]
    for _ in range(count):
        grads = optim.tree.map(
            lambda leaf: (gradient * (0.2 * leaf + np.sign(leaf))).astype(np.float16), half
        )
        if name.startswith("dpsgd"):
            grads = optim.tree.map(lambda leaf: np.stack([leaf] * 2), grads)
        double, states[1] = row.make.step(double, optim.tree.cast(grads, np.float64), states[1], **further)
        half, states[0] = row.make.step(half, grads, states[0], **further)
        # Rounding of parameters is what half precision is; that of the step is asked for.
        np.testing.assert_allclose(half["a"], double["a"], rtol=2e-3, atol=2e-3)
        np.testing.assert_allclose(half["b"], double["b"], rtol=2e-3, atol=2e-3)
        double = optim.tree.cast(half, np.float64)
    return half, states[0]


@pytest.mark.parametrize("gradient", [1e-4, 0.1, 100.0])
@pytest.mark.parametrize("name", ALL)
def test_steps_of_half_precision_are_those_of_single(name, gradient):
    """Squares of 1e-4 and sums of 100² have no place in half precision: a step over their root would be wrong."""
    with np.errstate(over="ignore"):
        half, _ = half_and_double(name, gradient, 3)
    assert {leaf.dtype for leaf in half.values()} == {np.dtype(np.float16)}


def test_states_of_half_precision_are_single():
    half, state = half_and_double("adam", 0.1)
    assert {moment.dtype for moment in (*state[0].mu, *state[0].nu)} == {np.dtype(np.float32)}
    assert optim.unflatten(state[0].nu, half)["a"].dtype == np.float32
    doubled = optim.tree.map_params(lambda moment: 2.0 * moment, state, half)
    np.testing.assert_array_equal(doubled[0].mu[0], 2.0 * state[0].mu[0])
    flat = optim.flatten(half)
    assert flat[0].dtype == np.float16 and optim.unflatten(flat, half)["a"].dtype == np.float16
    opt = optim.schedule_free_sgd(0.1)
    after, state = opt.step(half, half, opt.init(half))
    assert optim.schedule_free_eval_params(state, after)["a"].dtype == np.float16


def test_precisions_may_be_mixed():
    params = {
        "h": np.ones(2, np.float16),
        "s": np.ones(3, np.float32),
        "d": np.ones(2),
        "n": np.float16(1.0),
        "f": 1.0,
    }
    opt = optim.chain(optim.clip_by_global_norm(1e-3), optim.adam(0.1))
    grads = optim.tree.map(lambda leaf: leaf * type(leaf)(1.0) if np.isscalar(leaf) else 0.5 * leaf, params)
    after, state = opt.step(params, grads, opt.init(params))
    after, state = opt.step(after, grads, state)
    updates, _ = opt.update(grads, state, after)
    for name, leaf in params.items():
        for found in (after[name], updates[name]):
            assert type(found) is type(leaf) and np.asarray(found).dtype == np.asarray(leaf).dtype
        assert float(np.ravel(after[name])[0]) == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize("name", ALL)
def test_gradients_that_are_no_numbers_are_skipped_from_outside(name):
    """No optimiser fails on them itself, so that `apply_if_finite` may turn them away."""
    row, params = ALL[name], {"a": np.ones((3, 2)), "b": np.ones(2)}
    opt = optim.apply_if_finite(row.make, 3)
    state = opt.init(params)
    further = {"value": 1.0} if "value" in row.extra else {}
    further |= {"obj_fn": loss} if "obj_fn" in row.extra else {}
    grads = {"a": np.full((3, 2), np.nan), "b": np.ones(2)}
    if name.startswith("dpsgd"):
        grads = optim.tree.map(lambda leaf: np.stack([leaf] * 2), grads)
        opt, state = row.make, row.make.init(params)
    with np.errstate(invalid="ignore"):
        after, _ = opt.step(params, grads, state, **further)
    if not name.startswith("dpsgd"):
        np.testing.assert_array_equal(after["a"], params["a"])

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


# They divide by sums and norms that half precision has no room for, as their papers' programs do.
NOT_OF_HALF_PRECISION = (
    "adafactor", "adopt_nesterov", "cocob", "dadapt_adamw", "fromage", "momo_adam", "muon", "prodigy", "sophia",
)  # fmt: skip
CASES = [
    (name, kind, gradient)
    for name in ALL
    for kind in LEAVES
    for gradient in GRADIENTS
    if kind != "half precision" or name not in NOT_OF_HALF_PRECISION
]


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

"""Estimates of the Hessian's diagonal, and SOPHIA with an estimator of one's own or for some parameters only."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from gradscribe import optim

A = np.array([[3.0, 0.5, -0.2], [0.5, 1.0, 0.3], [-0.2, 0.3, -2.0]])
PARAMS = {"a": np.array([1.0, 2.0]), "b": 3.0}


def quadratic(p):
    x = np.append(p["a"], p["b"])
    return 0.5 * x @ A @ x


def test_the_mean_of_estimates_is_the_diagonal():
    opt = optim.hutchinson_estimator_diag_hessian(random_seed=5)
    state, total = opt.init(PARAMS), 0.0
    for _ in range(400):
        found, state = opt.update(PARAMS, state, PARAMS, obj_fn=quadratic)
        total = total + np.append(found["a"], found["b"])
    # All sums of signs times off-diagonal entries, each at most 1 in size.
    np.testing.assert_allclose(total / 400, np.diag(A), atol=0.1)
    assert state.count == 400


def test_estimates_depend_on_the_seed_and_the_count_alone():
    opt = optim.hutchinson_estimator_diag_hessian()
    one, state = opt.update(PARAMS, opt.init(PARAMS), PARAMS, obj_fn=quadratic)
    again, _ = opt.update(PARAMS, opt.init(PARAMS), PARAMS, obj_fn=quadratic)
    np.testing.assert_array_equal(one["a"], again["a"])
    several = [opt.update(PARAMS, state._replace(count=n), PARAMS, obj_fn=quadratic)[0] for n in range(8)]
    assert len({found["b"] for found in several}) > 1


def test_the_loss_and_the_parameters_are_needed():
    opt = optim.hutchinson_estimator_diag_hessian()
    with pytest.raises(gs.GradscribeError, match="GS352: `hutchinson_estimator_diag_hessian` needs `obj_fn`"):
        opt.update(PARAMS, opt.init(PARAMS), PARAMS)
    with pytest.raises(gs.GradscribeError, match="GS352: .* needs the parameters"):
        opt.update(PARAMS, opt.init(PARAMS))


def test_sophia_takes_an_estimator_of_ones_own():
    """The exact diagonal, as a pair of functions; by Newton's steps the diagonal is used up at once."""

    def update(grads, state, params=None, **extra):
        return {"a": np.array([2.0, 4.0]), "b": 8.0}, state

    exact = optim.GradientTransformation(lambda params: (), update)
    opt = optim.sophia(1.0, b1=0.0, b2=0.0, weight_decay=0.0, gamma=1.0, hessian_diagonal_fn=exact)
    params, state = opt.step(PARAMS, {"a": np.zeros(2), "b": 0.0}, opt.init(PARAMS))
    params, state = opt.step(params, {"a": np.array([1.0, 1.0]), "b": 2.0}, state)
    np.testing.assert_allclose(params["a"], [0.5, 1.75])
    assert params["b"] == 2.75


@pytest.mark.parametrize(
    "make",
    [
        lambda inner: optim.chain(
            optim.masked(inner, {"a": True, "b": False}), optim.freeze({"a": False, "b": True})
        ),
        lambda inner: optim.partition({"s": inner, "f": optim.set_to_zero()}, {"a": "s", "b": "f"}),
    ],
)
def test_sophia_of_some_parameters_is_that_of_the_loss_with_the_others_held(make):
    opt, alone = make(optim.sophia(0.05)), optim.sophia(0.05)

    def held(a):
        return quadratic({"a": a, "b": 3.0})

    params, a = PARAMS, PARAMS["a"]
    state, other = opt.init(params), alone.init(a)
    for _ in range(15):
        params, state = opt.step(params, gs.grad(quadratic)(params), state, obj_fn=quadratic)
        a, other = alone.step(a, gs.grad(held)(a), other, obj_fn=held)
        np.testing.assert_allclose(params["a"], a, rtol=1e-14)
    assert params["b"] == 3.0

"""Expressions that cancel, or are 0 / 0 at a point that `np.where` leaves out: what is right there and near it.

The derivative is that of the branch that is taken: at the point itself that of the constant, never nan. Beside it,
the first derivative has lost no more digits than the rounding of the numerator costs.
"""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

import gradscribe as gs

DIGITS = 50
POINTS = (1e-12, 1e-8, 1e-5, 1e-3, 0.1)


def guarded_sinc(x):
    return np.where(x == 0, 1.0, np.sin(x) / x)


def guarded_twice(x):
    safe = np.where(x == 0, 1.0, x)
    return np.where(x == 0, 1.0, np.sin(safe) / safe)


def guarded_growth(x):
    return np.where(x == 0, 1.0, np.expm1(x) / x)


def guarded_entropy(x):
    return np.where(x > 0, x * np.log(x), 0.0)


@pytest.mark.parametrize("function", [guarded_sinc, guarded_twice, guarded_growth, guarded_entropy])
def test_the_branch_that_is_left_out_adds_nothing_to_any_order(function):
    def total(x):
        return np.sum(function(x))

    with np.errstate(all="ignore"):
        points = np.array([0.0, 0.5])
        alone = np.array([0.5])
        first, only = gs.grad(total)(points), gs.grad(total)(alone)
        second = gs.hvp(total, (points,), (np.ones(2),))
        of_one = gs.hvp(total, (alone,), (np.ones(1),))
    np.testing.assert_array_equal(first, [0.0, only[0]])
    np.testing.assert_array_equal(second, [0.0, of_one[0]])


CANCELLING = {
    "sqrt(1 + x) - 1": (lambda x: np.sqrt(1 + x) - 1, lambda x: mp.sqrt(1 + x) - 1),
    "exp(x) - 1": (lambda x: np.exp(x) - 1, lambda x: mp.exp(x) - 1),
    "log(1 + x)": (lambda x: np.log(1 + x), lambda x: mp.log(1 + x)),
}


@pytest.mark.parametrize("name", CANCELLING)
def test_derivatives_of_differences_do_not_cancel(name):
    function, exact = CANCELLING[name]
    first = gs.grad(function, create_graph=True)
    second = gs.grad(lambda x: first(x))
    with mp.workdps(DIGITS):
        for x in POINTS:
            for order, found in ((1, first(x)), (2, second(x))):
                wanted = mp.diff(exact, mp.mpf(x), order)
                assert abs((mp.mpf(float(found)) - wanted) / wanted) < 1e-15


@pytest.mark.parametrize("x", POINTS)
def test_the_slope_of_a_growth_rate_is_as_good_as_its_numerator(x):
    with mp.workdps(DIGITS):
        wanted = mp.diff(lambda t: mp.expm1(t) / t, mp.mpf(x))
        error = abs((mp.mpf(float(gs.grad(guarded_growth)(x))) - wanted) / wanted)
        assert error < max(1e-15 / x, 1e-12)


def test_norms_at_zero_have_the_derivative_zero():
    np.testing.assert_array_equal(gs.grad(lambda x: np.sqrt(np.sum(x**2)))(np.zeros(3)), np.zeros(3))
    np.testing.assert_array_equal(gs.grad(lambda x: np.linalg.norm(x))(np.zeros(3)), np.zeros(3))
    assert gs.grad(lambda x: np.sqrt(x * x))(0.0) == 0.0

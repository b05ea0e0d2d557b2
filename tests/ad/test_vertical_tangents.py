"""Roots and powers at 0, where 0 stands in place of something that was not taken: both modes say 0, not nan."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special

import gradscribe as gs

X = np.array([0.3, 0.7, -0.4, 1.1])
# None of these is at a kink at X: differences of second order are the derivative.
STEP = 1e-5


def power_of_a_branch(x):
    z = x[0] if x[0] < 0.2 else 0.0
    return z**0.35 + 1.5 * x[1]


def root_of_a_branch_of_arrays(x):
    z = x if x[0] < 0.2 else np.zeros(4)
    return np.sum(np.sqrt(z)) + x[2]


def power_by_a_variable(x):
    z = x[0] if x[0] < 0.2 else 0.0
    return z ** x[1] + x[3] ** 2


def arcsine_of_a_branch(x):
    z = x[0] if x[0] < 0.2 else 0.0
    return np.arcsin(1.0 - z) * x[1]


def roots_where_positive(x):
    return np.sum(np.sqrt(np.where(x > 0, x, 0.0)))


def powers_where_positive(x):
    return np.sum(np.where(x > 0, x, 0.0) ** 0.35)


def roots_of_maxima(x):
    return np.sum(np.sqrt(np.maximum(x, 0.0)))


def roots_of_clipped(x):
    return np.sum(np.sqrt(np.clip(x, 0.0, None)) * x[3])


def roots_of_masked(x):
    y = x.copy()
    y[y < 0] = 0.0
    return np.sum(np.sqrt(y))


def roots_of_what_is_stored(x):
    y = np.zeros(6)
    y[1:5] = np.abs(x)
    return np.sum(np.sqrt(y))


def roots_of_joined(x):
    return np.sum(np.sqrt(np.concatenate([np.abs(x), np.zeros(2)])))


def roots_of_padded(x):
    return np.sum(np.sqrt(np.pad(np.abs(x), 1)))


def roots_of_a_diagonal(x):
    return np.sum(np.sqrt(np.diag(np.abs(x))))


def roots_of_a_triangle(x):
    return np.sum(np.sqrt(np.triu(np.outer(np.abs(x), np.abs(x)))))


def roots_in_a_loop(x):
    z, s = 0.0, 0.0
    for i in range(4):
        s += np.sqrt(z)
        z = x[i] if x[i] > 0 else 0.0
    return s


def cube_root_and_entropy(x):
    z = x[0] if x[0] < 0.2 else 0.0
    y = np.where(x > 0, x, 0.0)
    return np.cbrt(z) + np.sum(scipy.special.xlogy(y, y))


FUNCTIONS = [value for value in list(globals().values()) if getattr(value, "__module__", "") == __name__]


def differences(function):
    shifted = [(function(X + STEP * e), function(X - STEP * e)) for e in np.eye(4)]
    return np.array([(up - down) / (2 * STEP) for up, down in shifted])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_both_modes_are_the_derivative(function):
    expected = differences(function)
    np.testing.assert_allclose(gs.grad(function)(X), expected, rtol=1e-6, atol=1e-9)
    forward = [gs.jvp(function, (X,), (e,))[1] for e in np.eye(4)]
    np.testing.assert_allclose(forward, expected, rtol=1e-6, atol=1e-9)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_zero_that_is_computed_keeps_its_infinite_derivative():
    value, tangent = gs.jvp(np_sqrt_of_sum, (np.array([1.0, -1.0]),), (np.array([1.0, 0.0]),))
    assert value == 0.0 and tangent == np.inf


def np_sqrt_of_sum(x):
    return np.sqrt(np.sum(x))


def roots_replaced_by_numbers(x):
    return np.sum(np.nan_to_num(np.sqrt(x) + 1.0 / (x - 0.7), posinf=2.0) * x)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_replaced_by_a_number_is_constant():
    """At 0.7 the quotient is infinite, at -0.4 the root is nan: both count as the numbers in their place."""
    expected = np.array(
        [np.sqrt(0.3) * 1.5 - 1 / 0.4 - 0.3 / 0.16, 2.0, 0.0, np.sqrt(1.1) * 1.5 + 1 / 0.4 - 1.1 / 0.16]
    )
    np.testing.assert_allclose(gs.grad(roots_replaced_by_numbers)(X), expected, rtol=1e-12)
    forward = [gs.jvp(roots_replaced_by_numbers, (X,), (e,))[1] for e in np.eye(4)]
    np.testing.assert_allclose(forward, expected, rtol=1e-12)


AT_ZERO = np.array([0.0, 0.7, 2.0, 1.1])
PICKED = {
    "max": lambda x: np.max(np.sqrt(x)) * x[1],
    "max of powers": lambda x: np.max(x**0.3),
    "maximum": lambda x: np.sum(np.maximum(np.sqrt(x), 1.0)),
    "minimum": lambda x: np.sum(np.minimum(-np.sqrt(x), -1.0)),
    "fmax": lambda x: np.sum(np.fmax(np.cbrt(x), 0.5)),
    "clip": lambda x: np.sum(np.clip(np.sqrt(x), 0.5, 3.0)),
    "median": lambda x: np.median(np.sqrt(x)),
    "quantile": lambda x: np.quantile(np.sqrt(x), 0.9),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", PICKED)
def test_a_root_that_is_not_picked_has_no_derivative(name):
    """The first element is 0, and something else is taken in its place."""
    function = PICKED[name]
    steps = 1e-6 * np.eye(4)[1:]
    expected = [0.0, *((function(AT_ZERO + step) - function(AT_ZERO - step)) / 2e-6 for step in steps)]
    np.testing.assert_allclose(gs.grad(function)(AT_ZERO), expected, rtol=1e-7, atol=1e-9)
    forward = [gs.jvp(function, (AT_ZERO,), (e,))[1] for e in np.eye(4)]
    np.testing.assert_allclose(forward, expected, rtol=1e-7, atol=1e-9)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_root_that_is_picked_keeps_its_infinite_derivative():
    np.testing.assert_array_equal(gs.grad(lambda x: np.min(np.sqrt(x)))(AT_ZERO), [np.inf, 0.0, 0.0, 0.0])

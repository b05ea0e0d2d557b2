"""scipy.optimize.curve_fit and least_squares: the implicit function theorem where squares are least."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import curve_fit, least_squares

import gradscribe as gs
from gradscribe.errors import UnsupportedOperationError
from tests.programs.checks import assert_same_bits

T = np.linspace(0.0, 3.0, 8)
NOISE = np.random.default_rng(0).normal(size=8)
Y = 2.0 * np.exp(-0.7 * T) + 0.05 * NOISE
S = np.linspace(0.5, 1.5, 8)


def decay(t, a, b):
    return a * np.exp(-b * t)


def half_life(y):
    popt, _ = curve_fit(decay, T, y, p0=[1.0, 1.0], ftol=1e-15, xtol=1e-15, gtol=1e-15)
    return np.log(2.0) / popt[1]


def by_lambda_and_deviations(y, sigma):
    found = curve_fit(
        lambda t, a, b: a / (1.0 + b * t), T, y, sigma=sigma, ftol=1e-15, xtol=1e-15, gtol=1e-15
    )
    return found[0][0] * found[0][1] ** 2


def by_a_covariance(y, spread):
    matrix = np.diag(S) + spread * np.exp(-np.abs(T[:, None] - T))
    popt, pcov = curve_fit(decay, T, y, (1.0, 1.0), matrix, True, ftol=1e-15, xtol=1e-15, gtol=1e-15)
    return popt @ np.array([1.0, 2.0])


def reads_around(y, c):
    found = least_squares(
        lambda p: c * np.arctan(p[0] * np.exp(-p[1] * T)) - y, np.ones(2), xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    return found.x[0] * found.x[1] + 3.0 * found.cost


def with_args(y, c):
    def misfit(p, scale, data):
        return scale * decay(T, p[0], p[1]) - data

    return np.sum(least_squares(misfit, np.ones(2), args=(c, y), xtol=1e-15, ftol=1e-15, gtol=1e-15).x ** 2)


CASES = [
    (half_life, (Y,)),
    (by_lambda_and_deviations, (Y, S)),
    (by_a_covariance, (Y, 0.3)),
    (reads_around, (Y, 1.2)),
    (with_args, (Y, 1.2)),
]


@pytest.mark.parametrize(("function", "args"), CASES, ids=lambda part: getattr(part, "__name__", ""))
def test_fits_have_derivatives_of_both_modes_and_orders(function, args):
    value, _ = gs.value_and_grad(function)(*args)
    assert_same_bits(value, function(*args), "value")
    gs.testing.check_grads(function, args, order=2, rtol=1e-4, atol=1e-4)


def test_the_covariance_of_a_fit_is_the_users_and_has_no_derivative():
    def fitted(y):
        popt, pcov = curve_fit(decay, T, y)
        return popt[0], pcov

    (value, covariance), _ = gs.value_and_grad(fitted, has_aux=True)(Y)
    assert_same_bits(covariance, curve_fit(decay, T, Y)[1], "covariance")
    assert value == curve_fit(decay, T, Y)[0][0]
    for differentiate in (
        lambda: gs.vjp(fitted, Y)[1]((1.0, np.ones((2, 2)))),
        lambda: gs.jvp(fitted, (Y,), (NOISE,)),
    ):
        with pytest.raises(UnsupportedOperationError, match="the covariance of scipy.optimize.curve_fit"):
            differentiate()


def test_other_losses_and_bounds_are_refused_by_name():
    def robust(y):
        return np.sum(least_squares(lambda p: decay(T, p[0], p[1]) - y, np.ones(2), loss="soft_l1").x)

    def bounded(y):
        return np.sum(curve_fit(decay, T, y, bounds=(0.0, 3.0))[0])

    with pytest.raises(UnsupportedOperationError, match="`loss='soft_l1'` of `scipy.optimize.least_squares`"):
        gs.grad(robust)(Y)
    with pytest.raises(UnsupportedOperationError, match="the keyword `bounds` of `scipy.optimize.curve_fit`"):
        gs.grad(bounded)(Y)


def test_a_curve_with_any_number_of_parameters_needs_them_listed():
    def polynomial(t, *coefficients):
        return sum(c * t**k for k, c in enumerate(coefficients))

    def listed(y):
        return np.sum(curve_fit(polynomial, T, y, p0=[0.0, 0.0, 0.0])[0] ** 2)

    def open_ended(y, begin):
        return np.sum(curve_fit(polynomial, T, y, p0=begin)[0] ** 2)

    gs.testing.check_grads(listed, (Y,), order=1, rtol=1e-5, atol=1e-5)
    with pytest.raises(
        UnsupportedOperationError, match="a number of parameters that is known at run time only"
    ):
        gs.grad(open_ended)(Y, np.zeros(3))

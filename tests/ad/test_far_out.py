"""Derivatives of every order infinitely far out, and where a partial divides by what vanishes: the limits."""

from __future__ import annotations

import itertools

import mpmath
import numpy as np
import pytest
import scipy.special as sc

import gradscribe as gs

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

CASES = [
    (lambda x: np.arctan(x), mpmath.atan, (1, -1)),
    (lambda x: np.arcsinh(x), mpmath.asinh, (1, -1)),
    (lambda x: np.arccosh(x), mpmath.acosh, (1,)),
    (lambda x: np.cbrt(x), lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), (1, -1)),
    (lambda x: np.sqrt(x), mpmath.sqrt, (1,)),
    (lambda x: np.log1p(x), mpmath.log1p, (1,)),
    (lambda x: sc.ndtr(x), lambda x: (mpmath.sign(x) + 1) / 2, (1, -1)),
    (lambda x: sc.exprel(x), lambda x: mpmath.expm1(x) / x, (-1,)),
    (lambda x: np.arctan(np.sinh(x)), lambda x: mpmath.sign(x) * mpmath.pi / 2, (1, -1)),
    (lambda x: np.arctan(np.exp(x)), lambda x: (mpmath.sign(x) + 1) * mpmath.pi / 4, (1, -1)),
]


def differentiated(function, order):
    """The derivative of this order, in reverse over reverse and in forward over reverse."""
    first = gs.grad(function, create_graph=True)
    if order == 1:
        return first, lambda x: gs.jvp(function, (x,), (1.0,))[1]
    second = gs.grad(lambda x: first(x), create_graph=True)
    if order == 2:
        return second, lambda x: gs.jvp(first, (x,), (1.0,))[1]
    return gs.grad(lambda x: second(x)), lambda x: gs.jvp(second, (x,), (1.0,))[1]


@pytest.mark.parametrize("order", (1, 2, 3))
@pytest.mark.parametrize(("function", "exact", "signs"), CASES)
def test_derivatives_at_infinity_are_the_limits(function, exact, signs, order):
    for sign, derivative in itertools.product(signs, differentiated(function, order)):
        with mpmath.workdps(300):
            sizes = [
                abs(mpmath.diff(exact, sign * mpmath.mpf(10) ** k, order, relative=True)) for k in (5, 30)
            ]
            assert sizes[1] < 1e-14 and sizes[1] <= sizes[0]
        assert derivative(np.float64(sign * np.inf)) == 0.0
        assert derivative(float(sign * np.inf)) == 0.0
        # And the nan of an argument stays one.
        assert np.isnan(derivative(np.float64(np.nan)))


@pytest.mark.parametrize("x", (1e-300, 1e-160, 1e-100, 1e-3))
def test_the_bend_of_logit_near_zero_neither_cancels_nor_is_inf_times_zero(x):
    _, second = differentiated(lambda x: sc.logit(x), 2)
    exact = -1 / mpmath.mpf(x) ** 2 + 1 / (1 - mpmath.mpf(x)) ** 2
    assert second(np.float64(x)) == pytest.approx(float(exact), rel=1e-14)


def test_powers_that_are_zero_at_zero():
    """0 ** 0 is a constant in its base; next to it, the derivative by the base moves with the exponent."""
    base, powers = np.array([0.0, 0.0, 0.0, 2.0, 2.0]), np.array([0.0, 1.0, 2.0, 0.0, 3.0])
    for power in (lambda x, y: np.sum(x**y), lambda x, y: np.sum(np.float_power(x, y))):
        first = gs.grad(power, create_graph=True)
        assert np.array_equal(first(base, powers), [0.0, 1.0, 0.0, 0.0, 12.0])
        mixed = gs.grad(lambda x, y, first=first: np.sum(first(x, y)), argnums=1)(base, powers)
        assert mixed[3] == 0.5
        assert mixed[4] == pytest.approx(4.0 + 12.0 * np.log(2.0))
    assert np.array_equal(gs.grad(lambda x, y: np.sum(x**y))(base[2:4], 3.0), [0.0, 12.0])
    for zero in (0.0, np.float64(0.0)):
        assert gs.grad(lambda x, y: x**y)(zero, zero) == 0.0
    assert gs.grad(gs.grad(lambda x, y: x**y, create_graph=True), argnums=1)(2.0, 0.0) == 0.5


def test_the_rising_factorial_at_its_zeros():
    slope = gs.grad(lambda z, m: sc.poch(z, m))
    for z, m in ((0.0, 1.5), (-2.0, 1.5), (1e-310, 0.7), (0.3, 2.0), (-2.5, 0.7)):
        exact = mpmath.diff(lambda t, m=m: mpmath.gamma(t + m) * mpmath.rgamma(t), mpmath.mpf(z))
        assert slope(np.float64(z), m) == pytest.approx(float(exact), rel=1e-13)


def test_owens_t_where_a_square_overflows():
    slope = gs.grad(lambda h, a: sc.owens_t(h, a), argnums=1, create_graph=True)
    assert slope(np.float64(0.0), np.float64(1e300)) == 0.0
    assert gs.grad(lambda h, a: slope(h, a), argnums=1)(np.float64(1e300), np.float64(1.0)) == 0.0

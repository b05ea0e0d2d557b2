"""Where a quotient is 0 / 0 and the function is smooth, derivatives of every order are those of the function."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
import scipy.special as sc

import gradscribe as gs

CASES = {
    "sinc": (lambda x: np.sinc(x), 0.0, mp.sincpi),
    "exprel": (lambda x: sc.exprel(x), 0.0, lambda x: mp.expm1(x) / x if x else mp.mpf(1)),
    "rgamma at 0": (lambda x: sc.rgamma(x), 0.0, mp.rgamma),
    "rgamma at -2": (lambda x: sc.rgamma(x), -2.0, mp.rgamma),
    "ellipk": (lambda x: sc.ellipk(x), 0.0, mp.ellipk),
    "ellipe": (lambda x: sc.ellipe(x), 0.0, mp.ellipe),
    "spence": (lambda x: sc.spence(x), 1.0, lambda x: mp.re(mp.polylog(2, 1 - x))),
    "j1": (lambda x: sc.j1(x), 0.0, lambda x: mp.besselj(1, x)),
    "i1": (lambda x: sc.i1(x), 0.0, lambda x: mp.besseli(1, x)),
    "sici": (lambda x: sc.sici(x)[0], 0.0, mp.si),
    "shichi": (lambda x: sc.shichi(x)[0], 0.0, mp.shi),
    "logaddexp": (lambda x: np.logaddexp(x, 0.0), 0.0, lambda x: mp.log(mp.exp(x) + 1)),
    "logaddexp of equals": (
        lambda x: np.logaddexp(x, 0.5 * x),
        0.0,
        lambda x: mp.log(mp.exp(x) + mp.exp(x / 2)),
    ),
    "logaddexp2": (lambda x: np.logaddexp2(x, -x), 0.0, lambda x: mp.log(2**x + 2**-x, 2)),
    "softplus": (lambda x: np.log(1 + np.exp(x)), 0.0, lambda x: mp.log(1 + mp.exp(x))),
}


@pytest.mark.parametrize("name", CASES)
def test_three_derivatives_at_a_smooth_point(name):
    function, point, exact = CASES[name]
    first = gs.grad(function, create_graph=True)
    second = gs.grad(lambda x: first(x), create_graph=True)
    third = gs.grad(lambda x: second(x))
    for order, derivative in enumerate((first, second, third), start=1):
        with mp.workdps(60):
            expected = float(mp.re(mp.diff(exact, mp.mpf(point), order, h=mp.mpf(10) ** -12)))
        assert np.isclose(derivative(np.float64(point)), expected, rtol=1e-12, atol=1e-13), order


@pytest.mark.parametrize("name", ["logaddexp", "logaddexp2"])
def test_infinite_operands_have_the_limits(name):
    function = getattr(np, name)
    gradient = gs.grad(lambda x, y: np.sum(function(x, y)), argnums=(0, 1))
    x, y = np.array([np.inf, np.inf, -np.inf, -np.inf]), np.array([1.0, np.inf, 1.0, -np.inf])
    with np.errstate(invalid="ignore"):
        by_x, by_y = gradient(x, y)
    np.testing.assert_array_equal(by_x, [1.0, 0.5, 0.0, 0.5])
    np.testing.assert_array_equal(by_y, [0.0, 0.5, 1.0, 0.5])

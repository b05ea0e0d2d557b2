"""Derivatives of incomplete gamma and beta functions by their parameters, against 40 digits."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import scipy.special
import scipy.stats

import gradscribe as gs
from gradscribe.runtime.incomplete import betainc_moment, gammainc_moment


def exact(function, a):
    """The derivative at a."""
    with mpmath.workdps(40):
        return float(mpmath.diff(function, mpmath.mpf(a), h=mpmath.mpf(10) ** -12))


@pytest.mark.parametrize("a", [0.01, 0.3, 1.0, 2.5, 30.0, 1000.0, 1e5])
@pytest.mark.parametrize("ratio", [0.001, 0.9, 1.0, 1.1, 3.0])
def test_incomplete_gamma(a, ratio):
    x = a * ratio
    found = gammainc_moment(a, x, scipy.special.gammaln(a), scipy.special.digamma(a), 1)
    assert abs(found - exact(lambda t: mpmath.gammainc(t, 0, x, regularized=True), a)) < 1e-13


@pytest.mark.parametrize("a", [0.02, 0.5, 2.0, 40.0])
@pytest.mark.parametrize("b", [0.03, 0.5, 3.0, 50.0])
@pytest.mark.parametrize("x", [0.001, 0.5, 0.999])
def test_incomplete_beta(a, b, x):
    digammas = scipy.special.digamma(a) - scipy.special.digamma(a + b)
    found = betainc_moment(a, b, scipy.special.logit(x), scipy.special.betaln(a, b), digammas, 1, 0)
    assert abs(found - exact(lambda t: mpmath.betainc(t, b, 0, x, regularized=True), a)) < 1e-13


def test_at_the_ends_and_over_arrays():
    assert gammainc_moment(2.0, 0.0, 0.0, scipy.special.digamma(2.0), 1) == 0.0
    a = np.array([[0.5], [2.0]])
    x = np.array([0.1, 1.0, np.inf])
    found = gammainc_moment(a, x, scipy.special.gammaln(a), scipy.special.digamma(a), 1)
    assert found.shape == (2, 3)
    np.testing.assert_allclose(found[:, 2], 0.0, atol=1e-14)


def of_gamma(p):
    return scipy.special.gammainc(p[0], p[1])


def of_beta(p):
    return scipy.special.betainc(p[0], p[1], p[2])


def exact_hessian(function, point):
    """Second partial derivatives, by 40 digits."""
    n = len(point)
    with mpmath.workdps(40):
        return [
            [
                float(mpmath.diff(function, point, tuple((k == i) + (k == j) for k in range(n))))
                for j in range(n)
            ]
            for i in range(n)
        ]


@pytest.mark.parametrize("point", [(0.3, 0.2), (1.5, 2.0), (2.5, 0.1), (30.0, 33.0), (400.0, 380.0)])
def test_second_derivatives_of_the_incomplete_gamma_function(point):
    expected = exact_hessian(lambda a, x: mpmath.gammainc(a, 0, x, regularized=True), point)
    np.testing.assert_allclose(gs.hessian(of_gamma)(np.array(point)), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("point", [(0.5, 0.4, 0.3), (2.0, 3.0, 0.6), (40.0, 2.0, 0.97), (3.0, 50.0, 0.05)])
def test_second_derivatives_of_the_incomplete_beta_function(point):
    expected = exact_hessian(lambda a, b, x: mpmath.betainc(a, b, 0, x, regularized=True), point)
    np.testing.assert_allclose(gs.hessian(of_beta)(np.array(point)), expected, rtol=1e-9, atol=1e-11)


def test_third_derivatives_by_the_shape():
    def first(a):
        return gs.grad(lambda t: scipy.special.gammainc(t, 1.7), create_graph=True)(a)

    third = gs.grad(gs.grad(first, create_graph=True))(1.3)
    with mpmath.workdps(40):
        expected = float(mpmath.diff(lambda t: mpmath.gammainc(t, 0, 1.7, regularized=True), 1.3, 3))
    np.testing.assert_allclose(third, expected, rtol=1e-9)


def censored(shape, scale, times):
    return np.sum(scipy.stats.gamma.logsf(times, shape, scale=scale))


def test_second_derivatives_of_a_survival_function_by_its_shape():
    gs.testing.check_grads(censored, (1.4, 2.0, np.array([0.5, 1.0, 3.0])), order=2)

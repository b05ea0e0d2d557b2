"""Derivatives of incomplete gamma and beta functions by their parameters, against 40 digits."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import scipy.special

from gradscribe.runtime.incomplete import betainc_by_a, gammainc_by_a


def exact(function, a):
    """The derivative at a."""
    with mpmath.workdps(40):
        return float(mpmath.diff(function, mpmath.mpf(a), h=mpmath.mpf(10) ** -12))


@pytest.mark.parametrize("a", [0.01, 0.3, 1.0, 2.5, 30.0, 1000.0, 1e5])
@pytest.mark.parametrize("ratio", [0.001, 0.9, 1.0, 1.1, 3.0])
def test_incomplete_gamma(a, ratio):
    x = a * ratio
    found = gammainc_by_a(a, x, scipy.special.gammaln(a), scipy.special.digamma(a))
    assert abs(found - exact(lambda t: mpmath.gammainc(t, 0, x, regularized=True), a)) < 1e-13


@pytest.mark.parametrize("a", [0.02, 0.5, 2.0, 40.0])
@pytest.mark.parametrize("b", [0.03, 0.5, 3.0, 50.0])
@pytest.mark.parametrize("x", [0.001, 0.5, 0.999])
def test_incomplete_beta(a, b, x):
    digammas = scipy.special.digamma(a) - scipy.special.digamma(a + b)
    found = betainc_by_a(a, b, x, scipy.special.betaln(a, b), digammas)
    assert abs(found - exact(lambda t: mpmath.betainc(t, b, 0, x, regularized=True), a)) < 1e-13


def test_at_the_ends_and_over_arrays():
    assert gammainc_by_a(2.0, 0.0, 0.0, scipy.special.digamma(2.0)) == 0.0
    a = np.array([[0.5], [2.0]])
    x = np.array([0.1, 1.0, np.inf])
    found = gammainc_by_a(a, x, scipy.special.gammaln(a), scipy.special.digamma(a))
    assert found.shape == (2, 3)
    np.testing.assert_allclose(found[:, 2], 0.0, atol=1e-14)

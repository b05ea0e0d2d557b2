"""The classes of numpy.polynomial: values are NumPy's bit for bit, derivatives those of differences."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.polynomial import (
    Chebyshev,
    Hermite,
    HermiteE,
    Laguerre,
    Legendre,
    Polynomial,
    legendre,
    polynomial,
)
from numpy.polynomial import chebyshev as chebyshev_basis

import gradscribe as gs
from tests.references import difference

C = np.array([1.2, 2.1, -0.7, 0.5])
D = np.array([0.4, -1.3, 0.9])
X = np.array([0.3, 1.2, -0.4])
MAPPED = Chebyshev([1.0, 2.0, 3.0], domain=[0.0, 2.0])


def evaluated(c):
    return Polynomial(c)(X)


def at_places(x):
    return Polynomial([1.0, 2.0, 3.0])(x) * Polynomial([1, 2])(x)


def slope(c):
    return Polynomial(c).deriv()(X) + Polynomial(c).deriv(2)(X)


def area(c):
    p = Polynomial(c).integ()
    return p(1.0) - p(c[0]) + Polynomial(c).integ(lbnd=0.3, k=2.0)(X)


def arithmetic(c):
    p, q = Polynomial(c), Polynomial(D)
    return (2 * p * q - p / 3 + q**2 + 1.0 - c[1] * q)(X) + (-p - 1)(X) + (D + p - q)(0.3)


def cancelled(c):
    p = Polynomial([c[0], c[1], 2.0]) - Polynomial([1.0, 0.5, 2.0])
    return p.coef * len(p) * p.degree()


def of_domain(c):
    p = Polynomial(c, domain=[0.0, 3.0], window=[-1.0, 2.0])
    return p(X) * p.deriv()(X) + p.integ()(X)


def chebyshev(c):
    p, q = Chebyshev(c), Chebyshev(D)
    return (p * q + p**2 - 0.5)(X) + p.deriv()(X) + p.integ(lbnd=-1)(X)


def outside(x):
    return MAPPED(x) * MAPPED.deriv()(x) + (MAPPED * 2)(x)


def families(c):
    total = 0.0 * X
    for family in (Legendre, Laguerre, Hermite, HermiteE):
        p = family(c)
        total = total + p(X) + p.deriv()(X) + p.integ()(X) + (3.0 * p - family(D) / 2.0)(X)
    return total


def mapped_families(c):
    return Legendre(c, domain=[0.0, 2.0])(X) + Laguerre(c, domain=[-1.0, 2.0]).deriv()(X)


def functions(c):
    total = 0.0
    for found in (
        polynomial.polymul(c, D),
        polynomial.polyadd(c, D),
        polynomial.polysub(D, c),
        chebyshev_basis.chebmul(c, D),
        legendre.legsub(c, c[:2]),
    ):
        total = total + np.sum(found * np.cos(np.arange(len(found))))
    return total * np.array([1.0, -2.0])


FUNCTIONS = (
    functions,
    evaluated,
    at_places,
    slope,
    area,
    arithmetic,
    cancelled,
    of_domain,
    chebyshev,
    outside,
    families,
    mapped_families,
)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_values_and_derivatives(function):
    at = X if function in (at_places, outside) else C
    value, tangent = gs.jvp(function, (at,), (np.cos(at),))
    np.testing.assert_array_equal(value, function(at))
    expected = difference(lambda h: function(at + h * np.cos(at)))
    np.testing.assert_allclose(tangent, expected, rtol=1e-8, atol=1e-9)
    weights = np.cos(np.arange(value.size))
    gradient = gs.grad(lambda x: np.sum(weights * function(x)))(at)
    assert np.isclose(gradient @ np.cos(at), weights @ expected, rtol=1e-8)


def test_an_object_from_outside_is_read_afresh():
    global MAPPED
    gradient = gs.grad(lambda x: np.sum(MAPPED(x)))
    before = MAPPED
    expected = [kind.deriv()(X) for kind in (MAPPED, Legendre([0.0, 1.0, 4.0]))]
    np.testing.assert_allclose(gradient(X), expected[0], rtol=1e-12)
    try:
        MAPPED = Legendre([0.0, 1.0, 4.0])
        np.testing.assert_allclose(gradient(X), expected[1], rtol=1e-12)
        MAPPED.coef[1] = 3.0
        np.testing.assert_allclose(gradient(X), expected[1] + 2.0, rtol=1e-12)
    finally:
        MAPPED = before


def test_what_is_not_written_out_is_named():
    for function, words in (
        (lambda c: Polynomial(c).convert(kind=Legendre)(0.3), "`.convert` of a Polynomial is not supported"),
        (lambda c: Polynomial(c), "a Polynomial is returned"),
    ):
        with pytest.raises(gs.GradscribeError, match=words):
            gs.vjp(function, C)
    with pytest.raises((TypeError, gs.GradscribeError)):
        gs.grad(lambda c: (Legendre(c) + Polynomial(D))(0.3))(C)

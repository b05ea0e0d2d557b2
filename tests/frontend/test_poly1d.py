"""`np.poly1d`: values are NumPy's bit for bit, derivatives those of differences."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs

C, D, X = np.array([0.5, -0.7, 2.1, 1.2]), np.array([0.9, -1.3, 0.4]), np.array([0.3, 1.2, -0.4])
OUTSIDE = np.poly1d([2.0, 0.0, -1.0])


def evaluated(c):
    return np.sum(np.poly1d(c)(X) * np.poly1d(c)(0.3))


def at_places(x):
    return np.sum(np.poly1d([1, 2, 3])(x) * OUTSIDE(x) + OUTSIDE.deriv()(x) * OUTSIDE[2])


def arithmetic(c):
    p, q = np.poly1d(c), np.poly1d(D)
    made = 2 * p * q - p / 3 + q**2 + 1.0 - q * c[1] + (-p - 1) + (3.0 - p) + (+q) * D + OUTSIDE * p + 2.0 * q
    return np.sum(made(X)) + np.sum(made.coeffs**2)


def on_the_right_of_arrays(c):
    p = np.poly1d(c)
    return np.sum(c[1] * p + (D[0] - p) * (c + p) + c * p / 3.0 + c[0] / p + c / p) + (2.0 / p)(0.3)


def divided(c):
    quotient, remainder = np.poly1d(c) / np.poly1d(D)
    return np.sum(quotient(X) ** 2) + np.sum(remainder.c) + quotient.order


def slopes_and_areas(c):
    p = np.poly1d(c)
    return np.sum(p.deriv()(X) * p.deriv(2)(X) + p.integ()(X) - p.integ(k=2.0)(0.3) + p.integ(m=2)(X))


def parts(c):
    p = np.poly1d(c)
    total = p.c[0] * p.coef[1] + p.coefficients[2] + p.o + p.order + len(p) + p[0] * p[3] + p[7] + p[-1]
    return total + np.sum(np.abs(p.roots) ** 2) + np.sum(np.abs(p.r))


def of_roots(c):
    return np.sum(np.poly1d(c, True)(X) ** 2) + np.poly1d(c, r=True).coeffs[1]


def leading_zeros(c):
    return np.sum(np.poly1d([0.0, 0.0, c[0], c[1]]).coeffs ** 2) + np.poly1d([0.0, 0.0])(c[2])


def in_a_loop(c):
    p, total = np.poly1d(c), 0.0
    for _ in range(3):
        p = p.deriv() * p[0] + c[0]
        total = total + p(0.5) ** 2
    return total


PROGRAMS = [
    evaluated,
    at_places,
    arithmetic,
    divided,
    slopes_and_areas,
    parts,
    of_roots,
    leading_zeros,
    in_a_loop,
]


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda function: function.__name__)
def test_programs(function):
    value, _ = gs.value_and_grad(function)(C)
    assert value == function(C)
    gs.testing.check_grads(function, (C,), order=2)


def test_a_polynomial_made_outside_is_followed(monkeypatch):
    slope = gs.grad(at_places)
    slope(X)
    monkeypatch.setitem(globals(), "OUTSIDE", np.poly1d([1.0, 1.0]))
    gs.testing.check_grads(at_places, (X,))
    assert np.array_equal(slope(X), gs.grad(lambda x: at_places(x))(X))


def test_a_polynomial_is_no_result():
    with pytest.raises(gs.GradscribeError, match=r"a poly1d is returned") as caught:
        gs.jvp(lambda c: np.poly1d(c), (C,), (C,))
    assert "`.coeffs`" in str(caught.value)

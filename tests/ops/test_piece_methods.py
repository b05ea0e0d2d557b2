"""Derivatives, antiderivatives and integrals of cubic splines, made inside of the function and outside."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import CubicSpline, PchipInterpolator, make_interp_spline

import gradscribe as gs
from tests.references import difference

T = np.array([0.0, 0.7, 1.9, 3.0, 3.4])
Y = np.array([1.0, 2.1, -1.0, 0.5, 0.7])
X = np.array([0.3, 1.2, 3.1])
TWO = np.stack((Y, Y[::-1]), 1)
OUTSIDE = CubicSpline(T, Y, bc_type="natural")


def slopes(y):
    spline = CubicSpline(T, y)
    return spline.derivative()(X) + spline.derivative(2)(X) * spline.derivative(1)(X, 1)


def curvature(y):
    return np.asarray(CubicSpline(T, y, bc_type="natural").integrate(0.2, y[1]))


def monotone(y):
    spline = PchipInterpolator(T, y)
    return spline.antiderivative()(X) * spline.derivative()(X) + spline.integrate(2.9, 0.1)


def by_knots(t):
    spline = CubicSpline(t, Y)
    return spline.antiderivative()(X) + spline.derivative()(X)


def several(y):
    spline = CubicSpline(T, y)
    return spline.integrate(0.2, 3.2) + spline.derivative()(X) + spline.antiderivative()(X)


def at_places(x):
    return OUTSIDE.derivative()(x) * OUTSIDE.antiderivative()(x) + OUTSIDE.integrate(0.0, x[0])


@pytest.mark.parametrize(
    ("function", "at"),
    [(slopes, Y), (curvature, Y), (monotone, Y), (by_knots, T), (several, TWO), (at_places, X)],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_values_and_derivatives(function, at):
    direction = np.cos(np.arange(at.size)).reshape(at.shape)
    value, tangent = gs.jvp(function, (at,), (direction,))
    np.testing.assert_array_equal(value, function(at))
    expected = difference(lambda h: function(at + h * direction))
    np.testing.assert_allclose(tangent, expected, rtol=1e-7, atol=1e-8)
    weights = np.cos(np.arange(np.size(value))).reshape(np.shape(value))
    gradient = gs.grad(lambda x: np.sum(weights * function(x)), create_graph=True)
    assert np.isclose(np.sum(gradient(at) * direction), np.sum(weights * expected), rtol=1e-7)
    second = gs.grad(lambda x: np.sum(gradient(x) * direction))(at)
    again = difference(lambda h: np.sum(gradient(at + h * direction) * direction))
    assert np.isclose(np.sum(second * direction), again, rtol=1e-6)


def test_what_other_interpolants_offer_instead():
    with pytest.raises(gs.GradscribeError, match=r"spline\(x, 1\)"):
        gs.grad(lambda y: np.sum(make_interp_spline(T, y).derivative()(X)))(Y)
    with pytest.raises(gs.GradscribeError, match="beyond the third"):
        gs.grad(lambda y: np.sum(CubicSpline(T, y).derivative(2)(X, 2)))(Y)
    with pytest.raises(gs.GradscribeError, match="extrapolate"):
        gs.grad(lambda y: CubicSpline(T, y, extrapolate=False).integrate(0.0, 1.0))(Y)

"""Interpolators of scipy.interpolate as users write them: values, and derivatives by all that they are given."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.interpolate
from scipy.interpolate import CubicSpline, PchipInterpolator, RegularGridInterpolator

import gradscribe as gs

T = np.array([0.0, 0.6, 1.1, 2.0, 2.7, 3.3])
Y = np.array([0.3, -0.4, 0.7, 0.1, 0.9, -0.2])
RISING = np.array([0.1, 0.3, 0.4, 1.2, 1.9, 2.5])
X = np.array([0.3, 1.4, 2.9, 3.6])
MADE = CubicSpline(T, Y, bc_type="natural")
XS, ZS = np.array([0.0, 0.4, 1.0]), np.array([-1.0, -0.2, 0.3, 1.0])
VALUES = np.array([[0.3, 0.1, -0.4, 0.2], [0.9, -0.7, 0.5, 0.6], [0.2, 0.8, -0.3, 0.4]])
PLACES = np.array([[0.3, 0.7], [0.9, -0.6], [0.45, 0.1]])
GRID = RegularGridInterpolator((XS, ZS), VALUES)


def spline(t, y, x):
    return np.sum(CubicSpline(t, y)(x) ** 2)


def natural_and_its_slope(t, y, x):
    cs = scipy.interpolate.CubicSpline(t, y, bc_type="natural")
    return np.sum(cs(x) * cs(x, 1)) + np.sum(cs(x, nu=2) ** 2)


def clamped(t, y, x):
    return np.sum(CubicSpline(t, y, bc_type=("clamped", (2, 0.5)), extrapolate=False)(x[:3]) ** 2)


def periodic(t, y, x):
    closed = np.concatenate([y[:-1], y[:1]])
    return np.sum(CubicSpline(t, closed, bc_type="periodic")(3.0 * x) ** 2)


def of_columns(y, x):
    return np.sum(CubicSpline(T, np.stack([y, y**2], axis=1))(x)[:, 1] ** 2)


def at_one_place(y, x):
    cs = CubicSpline(T, y)
    total = 0.0
    for k in range(3):
        total = total + cs(x + 0.1 * k) ** 2
    return total


def made_outside(x):
    return np.sum(MADE(x) ** 2 + MADE(x, 1))


def monotone(t, y, x):
    return np.sum(PchipInterpolator(t, y)(x) ** 2)


def on_a_grid(values, places):
    interpolate = RegularGridInterpolator((XS, ZS), values)
    return np.sum(interpolate(places) ** 2)


def on_moving_points(xs, values, a, b):
    interpolate = RegularGridInterpolator([xs, ZS], values, bounds_error=False, fill_value=None)
    return np.sum(interpolate((a, b)) ** 2)


def nearest(values):
    return np.sum(RegularGridInterpolator((XS, ZS), values, method="nearest")(PLACES) ** 2)


def grid_made_outside(places):
    return np.sum(GRID(places) ** 2)


CASES = (
    (spline, (T, Y, X)),
    (natural_and_its_slope, (T, Y, X)),
    (clamped, (T, Y, X)),
    (periodic, (T, Y, X)),
    (of_columns, (Y, X)),
    (at_one_place, (Y, 1.3)),
    (made_outside, (X,)),
    (monotone, (T, Y, X)),
    (monotone, (T, RISING, X)),
    (on_a_grid, (VALUES, PLACES)),
    (on_moving_points, (XS, VALUES, PLACES[:, 0], PLACES[:, 1])),
    (nearest, (VALUES,)),
    (grid_made_outside, (PLACES,)),
)


@pytest.mark.parametrize(("function", "args"), CASES, ids=lambda item: getattr(item, "__name__", ""))
def test_both_modes_and_second_order(function, args):
    gs.testing.check_grads(function, args, order=2, rtol=1e-5, atol=1e-5)
    value, _ = gs.value_and_grad(function, argnums=tuple(range(len(args))))(*args)
    assert value == function(*args)


def test_the_derivative_by_the_place_is_that_of_the_spline():
    gradient = gs.grad(lambda x: np.sum(MADE(x)))(X)
    np.testing.assert_allclose(gradient, MADE(X, 1), rtol=1e-13)


def test_single_precision_stays():
    single = gs.grad(lambda y: np.sum(CubicSpline(T, y)(X)))(Y.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, gs.grad(lambda y: np.sum(CubicSpline(T, y)(X)))(Y), rtol=1e-6)


def test_too_few_knots_for_a_derivative_raise():
    with pytest.raises(ValueError, match="from 4 knots on"):
        gs.grad(lambda y: np.sum(CubicSpline(T[:3], y)(X)))(Y[:3])


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda y: np.sum(CubicSpline(T, y, axis=-1)(X)), "first axis|another axis"),
        (lambda y: np.sum(CubicSpline(T, y, bc_type=((1, y[0]), (1, 0.0)))(X)), "boundary condition"),
        (lambda y: np.sum(RegularGridInterpolator((T,), y, method="cubic")(X[:, None])), "cubic"),
        (lambda y: np.sum(scipy.interpolate.BarycentricInterpolator(T, y)(X)), "BarycentricInterpolator"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(function, said):
    with pytest.raises(gs.errors.GradscribeError, match=said):
        gs.grad(function)(Y)


def test_another_object_of_a_library_under_the_same_name_is_seen():
    def loss(x):
        return np.sum(chosen(x))

    chosen = CubicSpline(T, Y)
    gradient = gs.grad(loss)
    np.testing.assert_allclose(gradient(X), chosen(X, 1), rtol=1e-12)
    chosen = CubicSpline(T, RISING)
    np.testing.assert_allclose(gradient(X), chosen(X, 1), rtol=1e-12)
    chosen = np.sin
    np.testing.assert_allclose(gradient(X), np.cos(X), rtol=1e-14)


def of_interpolants(y, x):
    line = scipy.interpolate.interp1d(T, y)
    cubic = scipy.interpolate.interp1d(T, y, kind="cubic", fill_value="extrapolate")
    spline = scipy.interpolate.make_interp_spline(T, y, 2)
    akima = scipy.interpolate.Akima1DInterpolator(T, y)
    basis = scipy.interpolate.BSpline(np.array([0.0, 0.0, 1.0, 2.0, 3.0, 3.0]), y[:4], 1)
    return np.sum(line(x) * cubic(x)) + np.sum(spline(x, 1) ** 2) + akima(x[0]) * basis(x[1])


def test_interpolants_made_inside():
    y, x = np.sin(3.0 * T), T[:3] + 0.12
    value, _ = gs.value_and_grad(of_interpolants, (0, 1))(y, x)
    assert value == of_interpolants(y, x)
    gs.testing.check_grads(of_interpolants, (y, x), order=2)


PLACES = np.linspace(0.0, 1.0, 6)


def filled(y, value):
    outside = scipy.interpolate.interp1d(PLACES, y, bounds_error=False, fill_value=value)
    sides = scipy.interpolate.interp1d(PLACES, y, bounds_error=False, fill_value=(value, 2.0 * value))
    return np.sum(np.tanh(outside(np.array([0.3, 1.5])))) + np.sum(sides(np.array([-0.3, 1.5, 0.4])) ** 2)


def test_values_outside_of_the_places_have_derivatives():
    gs.testing.check_grads(filled, (np.array([0.3, -0.4, 0.7, 0.1, 0.9, -0.2]), 0.7), order=2)


@pytest.mark.parametrize("kind", [4, "akima"])
def test_other_kinds_of_interpolation_are_refused(kind):
    def f(y):
        return np.sum(scipy.interpolate.interp1d(PLACES, y, kind=kind)(np.array([0.3, 0.5])))

    with pytest.raises(gs.GradscribeError):
        gs.grad(f)(np.arange(6.0) ** 2)


def by_fitpack(y):
    tck = scipy.interpolate.splrep(PLACES, y)
    again = scipy.interpolate.splrep(PLACES, y, k=2, s=0)
    found = scipy.interpolate.splev(np.array([0.3, 1.5]), tck) * scipy.interpolate.splev(0.4, again, der=1)
    smooth = scipy.interpolate.UnivariateSpline(PLACES, y, s=0)
    return np.sum(found) + smooth(0.7) * scipy.interpolate.InterpolatedUnivariateSpline(PLACES, y, k=4)(
        0.2, 1
    )


def by_slopes_and_polynomials(y):
    cubic = scipy.interpolate.CubicHermiteSpline(PLACES, y, y**2)
    monotone = scipy.interpolate.pchip_interpolate(PLACES, y, np.array([0.2, 1.1]))
    grid = scipy.interpolate.interpn((PLACES,), y, np.array([[0.3], [0.9]]))
    return cubic(0.4) * cubic(0.7, 1) + scipy.interpolate.KroghInterpolator(PLACES, y)(0.3) + monotone @ grid


def density(samples):
    kde = scipy.stats.gaussian_kde(samples)
    return np.sum(kde.logpdf(np.array([0.2, 0.6]))) + np.sum(kde.pdf(np.array([0.1])) * kde(0.3))


@pytest.mark.parametrize("function", [by_fitpack, by_slopes_and_polynomials, density])
def test_further_interpolants_and_densities(function):
    y = np.array([0.3, -0.4, 0.7, 0.1, 0.9, -0.2])
    value, _ = gs.value_and_grad(function)(y)
    assert value == function(y)
    gs.testing.check_grads(function, (y,), order=2)


def test_smoothing_splines_are_refused():
    def smooth(y):
        return scipy.interpolate.UnivariateSpline(PLACES, y)(0.3)

    with pytest.raises(gs.GradscribeError, match="`s=None` of `scipy.interpolate.UnivariateSpline`"):
        gs.grad(smooth)(np.arange(6.0) ** 2)

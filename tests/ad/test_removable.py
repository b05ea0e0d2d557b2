"""Quotients that are 0 / 0 at 0 and smooth there: derivatives of the whole, also at 0, against mpmath."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
import scipy.special as sc

import gradscribe as gs
from gradscribe.runtime import removable

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

EVERYWHERE = (-300.0, -3.0, -0.7, -1e-3, -1e-9, 1e-300, 1e-12, 1e-5, 0.49, 0.51, 0.99, 1.01, 30.0)
INSIDE = (-0.97, -0.6, -1e-3, -1e-9, 1e-300, 1e-12, 1e-5, 0.49, 0.51, 0.9)


def neuron(v):
    return 0.1 * (v + 40.0) / (1.0 - np.exp(-(v + 40.0) / 10.0))


def bernoulli(x):
    return x / mp.expm1(x)


QUOTIENTS = {
    "sin": (lambda x: np.sin(x) / x, lambda x: mp.sin(x) / x, EVERYWHERE),
    "sinh": (lambda x: np.sinh(x) / x, lambda x: mp.sinh(x) / x, EVERYWHERE),
    "tanh": (lambda x: np.tanh(x) / x, lambda x: mp.tanh(x) / x, EVERYWHERE),
    "expm1": (lambda x: np.expm1(x) / x, lambda x: mp.expm1(x) / x, EVERYWHERE),
    "exp minus 1": (lambda x: (np.exp(x) - 1) / x, lambda x: mp.expm1(x) / x, EVERYWHERE),
    "1 minus exp": (lambda x: (1 - np.exp(-x)) / x, lambda x: -mp.expm1(-x) / x, EVERYWHERE),
    "erf": (lambda x: sc.erf(x) / x, lambda x: mp.erf(x) / x, EVERYWHERE),
    "log1p": (lambda x: np.log1p(x) / x, lambda x: mp.log1p(x) / x, (*INSIDE, 30.0)),
    "log": (lambda x: np.log(1 + x) / x, lambda x: mp.log1p(x) / x, (*INSIDE, 30.0)),
    "arctan": (lambda x: np.arctan(x) / x, lambda x: mp.atan(x) / x, EVERYWHERE),
    "arctanh": (lambda x: np.arctanh(x) / x, lambda x: mp.atanh(x) / x, INSIDE),
    "arcsin": (lambda x: np.arcsin(x) / x, lambda x: mp.asin(x) / x, INSIDE),
    "arcsinh": (lambda x: np.arcsinh(x) / x, lambda x: mp.asinh(x) / x, EVERYWHERE),
    "versine": (lambda x: (1 - np.cos(x)) / x, lambda x: (1 - mp.cos(x)) / x, EVERYWHERE),
    "versine by square": (
        lambda x: (1 - np.cos(x)) / x**2,
        lambda x: (1 - mp.cos(x)) / x**2,
        EVERYWHERE,
    ),
    "versine by multiples": (
        lambda x: (1 - np.cos(2 * x)) / (3 * (x * x)),
        lambda x: (1 - mp.cos(2 * x)) / (3 * x * x),
        EVERYWHERE,
    ),
    "over expm1": (lambda x: x / np.expm1(x), bernoulli, EVERYWHERE),
    "over exp minus 1": (lambda x: x / (np.exp(x) - 1.0), bernoulli, EVERYWHERE),
    "over 1 minus exp": (lambda x: x / (1.0 - np.exp(-x)), lambda x: bernoulli(-x), EVERYWHERE),
    "over tanh": (lambda x: x / np.tanh(x), lambda x: x / mp.tanh(x), EVERYWHERE),
    "multiples": (lambda x: 3.0 * np.sin(2 * x) / (-x), lambda x: -3 * mp.sin(2 * x) / x, EVERYWHERE),
}


@pytest.mark.parametrize("name", QUOTIENTS)
def test_two_derivatives_in_both_modes(name):
    function, exact, points = QUOTIENTS[name]
    first = gs.grad(function, create_graph=True)
    second = gs.grad(lambda x: first(x))
    x = np.array(points)
    _, moved = gs.jvp(function, (x,), (np.ones_like(x),))
    for k, point in enumerate(points):
        with mp.workdps(400 if abs(point) > 1e-20 else 2000):
            slope, bend = (mp.diff(exact, mp.mpf(point), order, relative=True) for order in (1, 2))
        for own, expected in ((first(x[k]), slope), (moved[k], slope), (second(x[k]), bend)):
            assert abs(own - expected) <= 1e-13 * abs(expected), (point, own, float(expected))


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("derivative", "exact", "radius"),
    [
        (removable.sin_quotient, lambda x: mp.sin(x) / x, 2.0),
        (removable.log1p_quotient, lambda x: mp.log1p(x) / x, 0.5),
        (removable.arcsinh_quotient, lambda x: mp.asinh(x) / x, 0.5),
        (removable.versine_square_quotient, lambda x: (1 - mp.cos(x)) / x**2, 2.0),
        (removable.expm1_reciprocal, bernoulli, 2.0),
        (removable.tanh_reciprocal, lambda x: x / mp.tanh(x), 1.5),
    ],
    ids=lambda given: getattr(given, "__name__", None),
)
def test_numbers_and_arrays_across_the_border_of_the_series(derivative, exact, radius, order):
    points = radius * np.array([0.01, -0.4, 0.97, -0.999, 1.001, 1.3])
    with mp.workdps(60):
        expected = [mp.diff(exact, mp.mpf(x), order, h=mp.mpf(10) ** -15) for x in points]
    expected = np.array(expected, float)
    np.testing.assert_allclose(derivative(points, order), expected, rtol=2e-13)
    np.testing.assert_allclose([derivative(float(x), order) for x in points], expected, rtol=2e-13)


@pytest.mark.parametrize("name", QUOTIENTS)
def test_at_0_they_have_the_limits(name):
    function, exact, _ = QUOTIENTS[name]
    first = gs.grad(function, create_graph=True)
    second = gs.grad(lambda x: first(x), create_graph=True)
    third = gs.grad(lambda x: second(x))
    with mp.workdps(100):
        expected = [mp.diff(lambda x: exact(x + mp.mpf(10) ** -40), 0, order) for order in (1, 2, 3)]
    found = [derivative(np.float64(0.0)) for derivative in (first, second, third)]
    np.testing.assert_allclose(found, np.array(expected, float), rtol=1e-13, atol=1e-14)


def test_an_argument_with_a_shift():
    for v in (-40.0, -40.0 + 1e-9, -39.5, -41.0, 30.0, -90.0):
        with mp.workdps(50):
            expected = mp.diff(lambda u: u / (1 - mp.exp(-u)), (mp.mpf(v) + 40) / 10 + mp.mpf(10) ** -30) / 10
        assert np.isclose(gs.grad(neuron)(np.float64(v)), float(expected), rtol=1e-13)


def test_arguments_that_are_computed_and_guarded():
    def power(q, r):
        t = q * r
        return np.sum(np.where(t == 0.0, 1.0, np.sin(t) / t))

    q, r = np.array([0.0, 1e-10, 0.3, 2.0]), 1.5
    by_q, by_r = gs.grad(power, argnums=(0, 1))(q, r)
    t = q * r
    slope = np.array([0.0, -t[1] / 3.0, *((np.cos(t) - np.sin(t) / t) / t)[2:]])
    np.testing.assert_allclose(by_q, r * slope, rtol=1e-12)
    assert np.isclose(by_r, np.sum(q * slope), rtol=1e-12)


def test_single_precision_numbers_and_other_quotients():
    x = np.array([1e-5, 0.3, 2.0], np.float32)
    gradient = gs.grad(lambda x: np.sum(np.sin(x) / x))
    assert gradient(x).dtype == np.float32
    np.testing.assert_allclose(gradient(x), gradient(x.astype(float)), rtol=1e-6)
    assert type(gs.grad(lambda x: math.sin(x) / x)(0.3)) is float
    for other in (lambda x: np.sin(x) / (x + 1), lambda x: np.sin(2.0) / x, lambda x: np.cos(x) / x):
        found = gs.grad(other)
        step = 1e-6
        expected = (other(0.7 + step) - other(0.7 - step)) / (2.0 * step)
        assert np.isclose(found(np.float64(0.7)), expected, rtol=1e-8)
        assert "quotient" not in found.source


def test_a_saved_module_has_what_it_needs(tmp_path, monkeypatch):
    gradient = gs.grad(lambda x: np.sum(sc.erf(x) / x + x / np.tanh(x)))
    expected = gradient(np.array([0.0, 0.3, 2.0]))
    gradient.save(tmp_path / "removable_saved.py")
    scope: dict = {}
    text = (tmp_path / "removable_saved.py").read_text()
    assert "gradscribe." not in text
    exec(compile(text, "removable_saved.py", "exec"), scope)
    name = next(key for key in scope if key.endswith("_grad"))
    np.testing.assert_array_equal(scope[name](np.array([0.0, 0.3, 2.0])), expected)

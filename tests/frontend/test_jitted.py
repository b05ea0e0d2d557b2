"""Functions that Numba compiles are differentiated as the Python that they were made from."""

import functools

import numba
import numpy as np
import pytest

import gradscribe as gs
from gradscribe.testing import check_grads


@numba.njit
def kepler(mean, eccentricity):
    angle = mean
    for _ in range(50):
        step = (angle - eccentricity * np.sin(angle) - mean) / (1.0 - eccentricity * np.cos(angle))
        angle = angle - step
        if abs(step) < 1e-13:
            break
    return angle


@numba.jit(nopython=True, fastmath=True)
def smooth(x):
    out = np.zeros_like(x)
    for k in range(1, len(x) - 1):
        out[k] = (x[k - 1] + x[k] * x[k + 1]) / 3.0
    return out


@numba.njit
def applied(function, x, n):
    for _ in range(n):
        x = function(x, 0.25)
    return x


smooth_step = kepler


class Orbit:
    step = staticmethod(kepler)

    def __init__(self, eccentricity):
        self.eccentricity = eccentricity

    def __call__(self, mean):
        return self.step(mean, self.eccentricity)


def among_python(x):
    return np.sum(smooth(np.sin(x)) ** 2) + kepler(x[0], x[1] ** 2)


def applied_often(x, n):
    return applied(kepler, x, n)


def given(x, function=kepler):
    return function(x, 0.5)


def in_a_table(x):
    return {"kepler": kepler}["kepler"](x, 0.5)


def partly(x):
    return functools.partial(kepler, eccentricity=0.5)(x) + next(map(Orbit(0.25), [x]))


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (kepler, (0.5, 0.25)),
        (smooth, (np.array([0.5, 2.0, -1.0, 0.25]),)),
        (applied_often, (1.5, 3)),
        (among_python, (np.array([0.75, 0.5, 0.25]),)),
        (given, (0.5,)),
        (in_a_table, (0.5,)),
        (partly, (0.5,)),
        (Orbit(0.5), (1.5,)),
        (functools.partial(kepler, 0.5), (0.25,)),
    ],
    ids=lambda given: getattr(given, "__name__", None),
)
def test_derivatives_are_those_of_differences(function, args):
    check_grads(function, args, order=2)


def test_a_derivative_of_a_compiled_function_is_differentiated_again():
    slope = gs.grad(kepler, create_graph=True)
    curvature = gs.grad(slope)(0.5, 0.25)
    step = 1e-4
    expected = (slope(0.5 + step, 0.25) - slope(0.5 - step, 0.25)) / (2 * step)
    np.testing.assert_allclose(curvature, expected, rtol=1e-6)


def test_another_function_under_the_name_is_noticed(monkeypatch):
    slope = gs.grad(lambda x: smooth_step(x, 0.5))
    before = slope(0.5)
    monkeypatch.setitem(globals(), "smooth_step", numba.njit(lambda x, other: x * other))
    assert slope(0.5) == 0.5 != before

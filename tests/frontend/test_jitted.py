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


@numba.vectorize([numba.float64(numba.float64, numba.int64)])
def bent(x, k):
    return x**2 * k if x > 0 else -x * k


@numba.njit
def bent_twice(x):
    return bent(x, 2) * 3.0


def bent_numbers(x):
    return bent(x[0], 3) * x[1] + bent_twice(x[1])


def bent_arrays(x):
    return np.sum(bent(x[:, None], np.arange(4)) * x[0])


@pytest.mark.parametrize("function", [bent_numbers, bent_arrays])
def test_functions_of_elements_have_the_values_and_types_that_numba_gives(function):
    x = np.array([0.5, -1.0, 2.0])
    value, _ = gs.value_and_grad(function)(x)
    assert (type(value), value) == (type(function(x)), function(x))
    check_grads(function, (x,), order=2)


@numba.vectorize
def without_loops(x):
    return x * 2.0


@pytest.mark.parametrize(
    ("function", "title"),
    [
        (lambda x: without_loops(x), "`without_loops`, made by `numba.vectorize`, is called with (a float)"),
        (
            lambda x: bent(x, 2.5),
            "`bent`, made by `numba.vectorize`, is called with (a float, the float 2.5)",
        ),
        (lambda x: bent(x, k=2), "`bent`, made by `numba.vectorize`, is called with keywords"),
    ],
)
def test_calls_that_no_loop_is_for(function, title):
    with pytest.raises(gs.errors.UnsupportedOperationError) as raised:
        gs.grad(function)(1.0)
    assert raised.value.diagnostics[0].title == title
    assert raised.value.diagnostics[0].fix


def test_a_function_of_elements_is_wrapped_to_be_differentiated():
    with pytest.raises(gs.errors.UsageError, match="wrap it") as raised:
        gs.grad(bent)(1.0, 2)
    assert "lambda x: bent(x)" in raised.value.diagnostics[0].fix

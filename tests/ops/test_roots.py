"""scipy.optimize: roots and minima, whose derivatives are those of the implicit function theorem."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import (
    bisect,
    brenth,
    brentq,
    fixed_point,
    fsolve,
    minimize,
    minimize_scalar,
    newton,
    ridder,
    root,
    root_scalar,
    toms748,
)

import gradscribe as gs
from tests.programs.checks import assert_same_bits

P = 1.5
V = np.array([0.7, 0.6])


def in_an_interval(p):
    return brentq(lambda x: x**3 - p * x - 2.0, 0.0, 3.0) ** 2


def with_args(p):
    return brentq(lambda x, q: x**3 - q * x - 2.0, 0, 3, args=(p,)) + brenth(lambda x, q: x**3 - q, 0, 3, p)


def by_other_methods(p):
    f = lambda x: np.cos(x) - p * x  # noqa: E731
    return ridder(f, 0.0, 2.0) + bisect(f, 0.0, 2.0, xtol=1e-13) * toms748(f, 0.0, 2.0)


def near_a_number(p):
    return newton(lambda x: np.exp(x) - p, 0.5)


def in_each_element(p):
    return np.sum(newton(lambda x, q: x**3 - q, np.array([1.0, 2.0]), args=(p * np.array([1.0, 2.0]),)) ** 2)


def with_slopes(p):
    """Both functions read what is around them."""
    q = 2.0 * p
    return newton(lambda x: x**2 - q, 1.0, fprime=lambda x: 2 * x) + newton(
        lambda x, p: x**2 - p * q, 1.0, fprime=lambda x, p: 2 * x, fprime2=lambda x, p: 2.0, args=(p,)
    )


def with_a_record(p):
    found = root_scalar(lambda x: np.cos(x) - p * x, bracket=[0, 2], xtol=1e-14)
    other = root_scalar(lambda x: x**3 - p, x0=1.0, fprime=lambda x: 3 * x**2)
    return found.root * other.root if found.converged else 0.0


def of_a_system(v):
    def equations(x):
        return [x[0] ** 2 + v[0] * x[1] - 1.3, np.sin(x[1]) - v[1] * x[0]]

    x = fsolve(equations, [0.5, 0.5], xtol=1e-13)
    return x[0] * x[1] ** 2


def of_a_system_with_a_record(v):
    def equations(x, a):
        return np.array([x[0] ** 2 + a[0] * x[1] - 1.3, np.sin(x[1]) - a[1] * x[0]])

    def jacobian(x, a):
        return np.array([[2 * x[0], a[0]], [-a[1], np.cos(x[1])]])

    found = root(equations, np.array([0.5, 0.5]), args=(v,), jac=jacobian, tol=1e-13)
    if not found.success:
        raise RuntimeError("no root")
    return np.sum(found.x**2) + np.sum(found.fun)


def mapped_to_itself(p):
    return fixed_point(lambda x, q: np.cos(q * x), 0.5, args=(p / 2,), xtol=1e-13) + 0.0


def implicit_step(p):
    """Backward Euler: a root in every iteration, begun at the last one."""
    y = 1.0
    for _ in range(4):
        y = newton(lambda z, y=y: z - y + 0.1 * p * z**3, y, tol=1e-13)
    return y


ROOTS = (
    *((f, P) for f in (in_an_interval, with_args, by_other_methods, near_a_number, in_each_element)),
    *((f, P) for f in (with_slopes, with_a_record, mapped_to_itself, implicit_step)),
    *((f, V) for f in (of_a_system, of_a_system_with_a_record)),
)


def of_one_variable(p):
    found = minimize_scalar(lambda x: (x - p) ** 2 + 0.1 * x**4, method="brent", tol=1e-12)
    return found.x + 3 * found.fun


def between_bounds(p):
    return minimize_scalar(lambda x: (x - p) ** 2 + 0.1 * x**4, bounds=(-1, 3), options={"xatol": 1e-10}).x


def of_a_vector(v):
    found = minimize(
        lambda x, a: (x[0] - a[0]) ** 2 + (x[1] - a[1] * x[0]) ** 2 + 0.1 * x[0] ** 4,
        np.zeros(2),
        args=(v,),
        tol=1e-9,
    )
    return found.x[0] * found.x[1] + found.fun


def with_a_gradient(v):
    twice = v * 2
    found = minimize(
        lambda x: np.sum((x - twice) ** 2) + 0.1 * x[0] ** 4,
        np.zeros(2),
        jac=lambda x: 2 * (x - twice) + np.array([0.4 * x[0] ** 3, 0.0]),
        tol=1e-12,
    )
    return np.sum(found.x**3)


MINIMA = ((of_one_variable, P), (between_bounds, P), (of_a_vector, V), (with_a_gradient, V))


def differences(function, x, step=1e-3):
    """The derivative, one entry or row for each number of x."""

    def along(unit):
        b, a, d, c = (function(x + k * step * unit) for k in (1, -1, 2, -2))
        return (8 * (b - a) - (d - c)) / (12 * step)

    return np.array([along(unit) for unit in np.eye(2)]) if np.ndim(x) else along(1.0)


@pytest.mark.parametrize(
    ("function", "point"), [*ROOTS, *MINIMA], ids=lambda item: getattr(item, "__name__", "")
)
def test_values_and_both_modes_and_orders(function, point):
    # How well a minimum is known, and with it what differences show, is the root of the precision.
    tolerance = 3e-5 if (function, point) in MINIMA else 1e-9
    value, gradient = gs.value_and_grad(function)(point)
    assert_same_bits(value, function(point), "value")
    np.testing.assert_allclose(gradient, differences(function, point), rtol=tolerance, atol=tolerance)
    direction = np.array([0.3, -0.8]) if np.ndim(point) else 1.0
    np.testing.assert_allclose(
        gs.jvp(function, (point,), (direction,))[1], np.sum(gradient * direction), rtol=1e-11
    )
    again = gs.grad(function, create_graph=True)
    over_reverse = gs.jvp(again, (point,), (direction,))[1]
    expected = np.dot(direction, differences(gs.grad(function), point))
    np.testing.assert_allclose(over_reverse, expected, rtol=tolerance, atol=tolerance)
    twice = gs.grad(lambda x: np.sum(again(x) * direction))(point)
    np.testing.assert_allclose(twice, over_reverse, rtol=1e-10)


def test_closed_forms_to_third_order():
    def cube_root(p):
        return brentq(lambda x: x**3 - p, 0.0, 5.0, xtol=1e-15)

    first = gs.grad(cube_root, create_graph=True)
    second = gs.grad(first, create_graph=True)
    np.testing.assert_allclose(first(2.0), 2.0 ** (-2 / 3) / 3, rtol=1e-14)
    np.testing.assert_allclose(second(2.0), -2 / 9 * 2.0 ** (-5 / 3), rtol=1e-14)
    np.testing.assert_allclose(gs.grad(second)(2.0), 10 / 27 * 2.0 ** (-8 / 3), rtol=1e-14)


def test_where_the_search_begins_has_no_influence():
    assert gs.grad(lambda start: newton(lambda x: x**2 - 2.0, start))(1.1) == 0.0


def at_a_bound(p):
    return minimize_scalar(lambda x: (x - p) ** 2, bounds=(-1.0, 2.0)).x


def test_a_minimum_at_a_bound_has_no_derivative():
    np.testing.assert_allclose(gs.grad(at_a_bound)(1.2), 1.0, rtol=1e-6)
    with pytest.raises(ValueError, match="the minimum is at a bound"):
        gs.grad(at_a_bound)(5.0)


def with_bounds(v):
    return np.sum(minimize(lambda x: np.sum((x - v) ** 2), v, bounds=[(0, 1), (0, 1)]).x)


def with_full_output(p):
    return brentq(lambda x: x**3 - p, 0.0, 3.0, full_output=True)[0]


def of_two_numbers(p):
    return newton(lambda x: [x**2 - p, x], 1.0)


def of_complex_numbers(p):
    return newton(lambda x: x**2 + p, 1j).imag


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (with_bounds, "bounds"),
        (with_full_output, "full_output"),
        (of_two_numbers, "returns one real number"),
        (of_complex_numbers, "real numbers"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(function, said):
    with pytest.raises(gs.errors.GradscribeError, match=said):
        gs.grad(function)(V if function is with_bounds else 2.0)

"""scipy.integrate.solve_ivp and odeint: values bit for bit, the sensitivity and the adjoint equation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import odeint, quad, solve_ivp

import gradscribe as gs

TIMES = np.linspace(0.0, 2.0, 5)
START = np.array([1.0, 0.6])
W = np.array([[0.3, 0.7], [-0.5, 0.2]])
TIGHT = {"rtol": 1e-9, "atol": 1e-11}


def predator_prey(t, y, a, b):
    return [a * y[0] - b * y[0] * y[1], -y[1] + b * y[0] * y[1]]


def at_given_times(a, b, y0):
    solution = solve_ivp(predator_prey, (0.0, 2.0), y0, t_eval=TIMES, args=(a, b), rtol=1e-9, atol=1e-11)
    return np.sum(solution.y**2) + np.sum(solution.t)


def of_a_closure(w, y0):
    def right_hand_side(t, y):
        return np.tanh(w @ y) - 0.1 * t * y

    solution = solve_ivp(right_hand_side, [0, 1.5], y0, method="DOP853", rtol=1e-9, atol=[1e-11, 1e-12])
    return np.sum(solution.y[:, -1] ** 3)


def stiff(k):
    solution = solve_ivp(
        lambda t, y: -k * y, (0.0, 1.0), [1.0, 2.0], method="Radau", max_step=0.3, rtol=1e-8, atol=1e-10
    )
    if not solution.success:
        raise RuntimeError("it failed")
    return solution.y[0, -1] + solution.y[1, -1] ** 2


def dissipative(k):
    """Along a solution that is integrated backwards itself, the adjoint would be lost: it grows like exp(60)."""
    solution = solve_ivp(
        lambda t, y: 30.0 * (np.cos(t) - k * y), (0.0, 2.0), [0.0], t_eval=[1.0, 2.0], rtol=1e-9, atol=1e-11
    )
    return np.sum(solution.y**2)


def backwards_in_time(k, y0):
    return np.sum(solve_ivp(lambda t, y: -k * y * y, (1.0, 0.0), y0, rtol=1e-9, atol=1e-11).y[:, -1])


def by_odeint(k, y0):
    states = odeint(lambda y, t, k: -k * y * np.cos(t), y0, TIMES, args=(k,))
    return np.sum(states**2)


def by_odeint_time_first(a, y0):
    return np.sum(odeint(predator_prey, y0, TIMES, args=(a, 0.4), tfirst=True, rtol=1e-10, atol=1e-10)[-1])


CASES = (
    (at_given_times, (1.1, 0.4, START)),
    (of_a_closure, (W, START)),
    (stiff, (0.7,)),
    (dissipative, (1.3,)),
    (backwards_in_time, (0.3, START)),
    (by_odeint, (0.7, START)),
    (by_odeint_time_first, (1.1, START)),
)


@pytest.mark.parametrize(("function", "args"), CASES, ids=lambda item: getattr(item, "__name__", ""))
def test_both_modes(function, args):
    gs.testing.check_grads(function, args, rtol=2e-6, atol=2e-6)
    value, _ = gs.value_and_grad(function, argnums=tuple(range(len(args))))(*args)
    assert value == function(*args)


def test_closed_form():
    def decay(k, y0):
        return solve_ivp(lambda t, y: -k * y, (0.0, 2.0), y0, t_eval=[0.0, 1.0, 2.0], **TIGHT).y[0, -1]

    d_k, d_y0 = gs.grad(decay, (0, 1))(0.7, START)
    np.testing.assert_allclose(d_k, -2.0 * np.exp(-1.4), rtol=1e-7)
    np.testing.assert_allclose(d_y0, [np.exp(-1.4), 0.0], rtol=1e-7)


def test_the_derivative_is_as_accurate_as_the_tolerances_say():
    def final(k, rtol):
        return solve_ivp(lambda t, y: -k * y, (0.0, 2.0), [1.0], rtol=rtol, atol=1e-12).y[0, -1]

    errors = [abs(gs.grad(final)(0.7, rtol) / (-2.0 * np.exp(-1.4)) - 1.0) for rtol in (1e-4, 1e-7, 1e-10)]
    assert errors[0] < 1e-2 and errors[1] < 1e-5 and errors[2] < 1e-8


def of_the_end(end):
    return solve_ivp(lambda t, y: -y, (0.0, end), [1.0]).y[0, -1]


def with_dense_output(k):
    return solve_ivp(lambda t, y: -k * y, (0, 1), [1.0], dense_output=True).y[0, -1]


def with_events(k):
    return solve_ivp(lambda t, y: -k * y, (0, 1), [1.0], events=lambda t, y: y[0] - 0.5).y[0, -1]


def of_a_scalar_state(k):
    return odeint(lambda y, t: -k * y, 1.0, TIMES)[-1, 0]


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (of_the_end, "times of an initial value problem are held fixed"),
        (with_dense_output, "dense_output"),
        (with_events, "events"),
        (of_a_scalar_state, "it is a real vector"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(function, said):
    with pytest.raises(gs.errors.GradscribeError, match=said):
        gs.grad(function)(0.5)


@pytest.mark.parametrize(("function", "args"), CASES, ids=lambda item: getattr(item, "__name__", ""))
def test_second_order(function, args):
    """Forward over reverse against differences of the gradient, reverse over reverse against it."""
    argnums = tuple(range(len(args)))
    gradient = gs.grad(function, argnums, create_graph=True)
    rng = np.random.default_rng(5)
    direction = tuple(np.float64(rng.uniform(-1, 1)) * np.ones_like(x) for x in args)
    direction = tuple(d if np.ndim(d) else float(d) for d in direction)
    step = 1e-3
    sides = [
        gradient(*(x + k * step * d for x, d in zip(args, direction, strict=True))) for k in (-2, -1, 1, 2)
    ]
    expected = [(8 * (c - b) - (d - a)) / (12 * step) for a, b, c, d in zip(*sides, strict=True)]
    over_reverse = gs.jvp(gradient, args, direction)[1]

    def along(*given):
        return sum(np.sum(g * d) for g, d in zip(gradient(*given), direction, strict=True))

    again = gs.grad(along, argnums)(*args)
    scale = max(np.max(np.abs(part)) for part in expected)
    for want, forward, reverse in zip(expected, over_reverse, again, strict=True):
        np.testing.assert_allclose(forward, want, rtol=2e-5, atol=2e-5 * scale)
        np.testing.assert_allclose(reverse, want, rtol=2e-5, atol=2e-5 * scale)


def decay(k):
    return solve_ivp(lambda t, y: -k * y, (0.0, 2.0), [1.0], rtol=1e-10, atol=1e-12).y[0, -1]


def test_third_order_against_the_closed_form():
    second = gs.grad(gs.grad(decay, create_graph=True), create_graph=True)
    np.testing.assert_allclose(second(0.7), 4.0 * np.exp(-1.4), rtol=1e-9)
    np.testing.assert_allclose(gs.grad(second)(0.7), -8.0 * np.exp(-1.4), rtol=1e-9)


def logistic_growth(p):
    r, capacity, y0 = p
    return solve_ivp(
        lambda t, y: r * y * (1 - y / capacity), (0.0, 1.5), [y0], t_eval=[1.0, 1.5], rtol=1e-10, atol=1e-12
    ).y[0, -1]


def test_hessian_against_mpmath():
    import mpmath

    def closed(r, capacity, y0):
        return capacity / (1 + (capacity - y0) / y0 * mpmath.exp(-1.5 * r))

    point = (0.9, 2.3, 0.4)
    hessian = gs.hessian(logistic_growth)(np.array(point))
    for i in range(3):
        for j in range(3):
            order = [0, 0, 0]
            order[i] += 1
            order[j] += 1
            expected = float(mpmath.diff(closed, point, tuple(order)))
            np.testing.assert_allclose(hessian[i, j], expected, rtol=1e-8, atol=1e-10)


def test_second_derivatives_are_as_accurate_as_the_tolerances_say():
    def final(k, rtol):
        return solve_ivp(lambda t, y: -k * y, (0.0, 2.0), [1.0], rtol=rtol, atol=1e-12).y[0, -1]

    second = gs.grad(gs.grad(final, create_graph=True))
    errors = [abs(second(0.7, rtol) / (4.0 * np.exp(-1.4)) - 1.0) for rtol in (1e-4, 1e-7, 1e-10)]
    assert errors[0] < 1e-2 and errors[1] < 1e-5 and errors[2] < 1e-8


def integral_inside(k):
    """The right-hand side calls a library that calls a function."""
    rate = quad(lambda s: np.exp(-k * s * s), 0.0, 1.0)[0]
    solution = solve_ivp(
        lambda t, y: -rate * y * quad(lambda s: k * s * y[0], 0.0, 1.0)[0], (0.0, 1.0), [1.5], **TIGHT
    )
    return solution.y[0, -1]


def power(y, n):
    return np.ones_like(y) if n <= 0 else y * power(y, n - 1)


def recursion_inside(k, n=2):
    solution = solve_ivp(lambda t, y: -k * power(y, n), (0.0, 1.0), [1.5], rtol=1e-9, atol=1e-11)
    return solution.y[0, -1]


@pytest.mark.parametrize("function", [integral_inside, recursion_inside])
def test_right_hand_sides_that_call_graphs(function):
    gs.testing.check_grads(function, (0.8,), order=2, rtol=1e-5, atol=1e-5)
    second = gs.grad(gs.grad(function, create_graph=True))
    np.testing.assert_allclose(
        second(0.8), gs.jvp(gs.grad(function, create_graph=True), (0.8,), (1.0,))[1], rtol=1e-6
    )


def of_the_times(times, k):
    return np.sum(solve_ivp(lambda t, y: -k * y, (0.0, 1.0), [1.0], t_eval=times).t)


def test_times_are_refused_wherever_they_are_read():
    with pytest.raises(gs.errors.GradscribeError, match="times of an initial value problem are held fixed"):
        gs.grad(of_the_times)(np.array([0.2, 0.9]), 0.3)
    assert gs.grad(of_the_times, 1)(np.array([0.2, 0.9]), 0.3) == 0.0

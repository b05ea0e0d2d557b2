"""Sums of outer products leave the loops that add them up, and stay what they are."""

import numpy as np
import pytest

import gradscribe as gs
from tests.references import difference

RNG = np.random.default_rng(0)
W, V, X = RNG.normal(size=(3, 3)), RNG.normal(size=(3, 3)), RNG.normal(size=3)


def rollout(w, x, n):
    for _ in range(n):
        x = np.tanh(w @ x)
    return np.sum(x**2)


def from_the_left(w, x, n):
    for _ in range(n):
        x = np.tanh(x @ w)
    return np.sum(x**2)


def two_weights(w, x, n):
    for i in range(n):
        x = np.tanh(w @ x + V @ (i * x))
        x = np.sin(w @ x)
    return np.sum(x)


def nested(w, x, n):
    total = 0.0
    for i in range(n):
        for _ in range(i):
            x = np.tanh(w @ x)
        total += x[0]
    return total


def ends_by_data(w, x, n):
    steps = 0
    while np.sum(x**2) > 0.01 and steps < n:
        x = 0.9 * np.tanh(w @ x)
        steps += 1
    return np.sum(x)


def added_to_more(w, x, n):
    total = np.sum(w**2)
    for _ in range(n):
        x = np.tanh(w @ x)
    return total + np.sum(w @ x)


def over_rows(w, x, n):
    total = 0.0
    for row in np.outer(np.arange(1.0, n + 1.0), x):
        total += np.sum(np.tanh(w @ row))
    return total


def overwritten(w, x, n):
    states = np.zeros((n + 1, 3))
    states[0] = x
    for i in range(n):
        states[i + 1] = np.tanh(w @ states[i])
        states[i] *= 2.0
    return np.sum(states**2)


PROGRAMS = (
    *(rollout, from_the_left, two_weights, nested, ends_by_data, added_to_more, over_rows),
    overwritten,
)


def by_differences(function):
    """The gradient of a function of W, there."""
    found = np.zeros_like(W)
    for place in np.ndindex(W.shape):
        unit = np.zeros_like(W)
        unit[place] = 1.0
        found[place] = difference(lambda t, unit=unit: function(W + t * unit))
    return found


def loops_of(source):
    """The lines inside of loops."""
    return [line for line in source.splitlines() if line.startswith(" " * 8)]


@pytest.mark.parametrize("n", [0, 1, 4])
@pytest.mark.parametrize("function", PROGRAMS)
def test_gradient(function, n):
    derived = gs.grad(function)
    expected = by_differences(lambda w: function(w, X, n))
    assert np.allclose(derived(W, X, n), expected, rtol=1e-7, atol=1e-8)
    assert not any("np.outer" in line and "+=" in line for line in loops_of(derived.source)), derived.source


@pytest.mark.parametrize("n", [0, 1, 3])
@pytest.mark.parametrize("function", [rollout, two_weights, nested])
def test_second_order(function, n):
    first = gs.grad(function, create_graph=True)

    def squared(w):
        return np.sum(first(w, X, n) ** 2)

    assert np.allclose(gs.grad(squared)(W), by_differences(squared), rtol=1e-6, atol=1e-8)


def test_single_precision_is_kept():
    assert gs.grad(rollout)(W.astype(np.float32), X.astype(np.float32), 3).dtype == np.float32


def mixed(w, x, n):
    total = 0.0
    for _ in range(n):
        x = np.tanh(w @ x)
        w = w * 0.5
        total += np.sum(x)
    return total


def test_sum_that_the_loop_also_scales_stays():
    assert np.allclose(
        gs.grad(mixed)(W, X, 3), by_differences(lambda w: mixed(w, X, 3)), rtol=1e-7, atol=1e-8
    )


def test_directional_derivative_agrees():
    direction = RNG.normal(size=W.shape)
    _, tangent = gs.jvp(lambda w: rollout(w, X, 4), (W,), (direction,))
    assert tangent == pytest.approx(np.vdot(gs.grad(rollout)(W, X, 4), direction), rel=1e-12)
    assert tangent == pytest.approx(difference(lambda t: rollout(W + t * direction, X, 4)), rel=1e-7)

"""Storages that the reverse sweep carries backwards: factorisations, tables and histories written in place."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import gradscribe as gs
from tests import references


def forward_substitution(lower, b):
    x = np.zeros_like(b)
    for i in range(len(b)):
        x[i] = (b[i] - lower[i, :i] @ x[:i]) / lower[i, i]
    return np.sum(x**3)


def cholesky(a):
    n = len(a)
    lower = np.zeros_like(a)
    for j in range(n):
        lower[j, j] = np.sqrt(a[j, j] - np.sum(lower[j, :j] ** 2))
        for i in range(j + 1, n):
            lower[i, j] = (a[i, j] - np.sum(lower[i, :j] * lower[j, :j])) / lower[j, j]
    return np.sum(lower * np.arange(n * n).reshape(n, n))


def elimination(a):
    a = a.copy()
    for k in range(len(a)):
        for i in range(k + 1, len(a)):
            a[i, k] = a[i, k] / a[k, k]
            a[i, k + 1 :] = a[i, k + 1 :] - a[i, k] * a[k, k + 1 :]
    return np.sum(a**2)


def soft_alignment(cost):
    n, m = cost.shape
    table = np.zeros((n + 1, m + 1))
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            ways = np.exp(-table[i - 1, j]) + np.exp(-table[i, j - 1]) + np.exp(-table[i - 1, j - 1])
            table[i, j] = cost[i - 1, j - 1] - np.log(ways)
    return table[n, m]


def sweeps_under_a_condition(u, f):
    u = u.copy()
    n, m = u.shape
    for _ in range(2):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                if f[i, j] > 0.3:
                    u[i, j] = 0.25 * (u[i - 1, j] * u[i + 1, j] + u[i, j - 1]) - f[i, j] * u[i, j] ** 2
    return np.sum(u**2)


def windows_under_a_condition(x, w):
    y = x.copy()
    for i in range(len(x) - 3):
        if w[i] > 0.5:
            y[i : i + 3] = np.sin(y[i : i + 3]) * y[i + 1 : i + 4]
    return np.sum(y * y)


def loops_in_a_branch_in_a_while(x):
    y = x.copy()
    i = 0
    while i < len(y) - 1:
        for k in range(i + 1):
            y[i + 1] = y[i + 1] + 0.1 * y[k] * y[i]
        if y[i] > 0.5:
            y[i] = np.sin(y[i] * y[i + 1])
            for k in range(2):
                y[i] = y[i] * np.cos(y[k])
        i += 1
    return np.sum(y * y)


def growing_history(x):
    items = [x[0]]
    for t in range(1, len(x)):
        s = x[t]
        for k in range(len(items)):
            s = s + 0.1 * items[k] * items[-1]
        items.append(s * np.cos(items[t - 1]))
    return sum(v * v for v in items)


def left_early(x):
    y = x.copy()
    s = 0.0
    for i in range(1, len(y)):
        y[i] = y[i] * np.sum(y[:i])
        for j in range(i):
            if y[j] * y[i] > 0.9:
                break
            s = s + y[j] ** 2 * y[i]
        if s > 3.0:
            return s * 2
        if y[i] < 0.05:
            continue
        y[i - 1] = s * y[i - 1]
    return s + np.sum(y)


def rewritten_in_recursion(x, depth):
    if depth == 0:
        return np.sum(x * x)
    y = x.copy()
    for i in range(1, len(y)):
        y[i] = y[i] * np.sum(y[:i] ** 2)
    return y[-1] + rewritten_in_recursion(y, depth - 1)


def halves(x):
    n = len(x)
    return x if n == 1 else np.concatenate([halves(x[: n // 2]) * 2.0, halves(x[n // 2 :])])


def test_third_order_of_a_function_that_calls_itself_twice():
    def energy(x):
        return np.sum(halves(x) ** 4)

    first = gs.grad(energy, create_graph=True)

    def second(x):
        return np.sum(first(x) * np.arange(4.0))

    third = gs.grad(second, create_graph=True)

    def weighted(x):
        return np.sum(third(x) * x)

    x = random(4)
    d = random(4, seed=9)
    expected = references.difference(lambda t: weighted(x + t * d), step=1e-3)
    assert np.sum(gs.grad(weighted)(x) * d) == pytest.approx(float(expected), rel=1e-7)


def random(*shape, low=0.2, high=0.9, seed=0):
    return np.random.default_rng(seed).uniform(low, high, shape)


SQUARE = random(4, 4)
CASES = [
    (forward_substitution, (np.tril(SQUARE) + np.eye(4), random(4))),
    (cholesky, (SQUARE @ SQUARE.T + 4.0 * np.eye(4),)),
    (elimination, (SQUARE + 4.0 * np.eye(4),)),
    (soft_alignment, (random(3, 4),)),
    (sweeps_under_a_condition, (random(4, 5), random(4, 5, seed=1))),
    (windows_under_a_condition, (random(8), np.linspace(0.0, 1.0, 8))),
    (loops_in_a_branch_in_a_while, (random(6),)),
    (growing_history, (random(6),)),
    (left_early, (random(6),)),
    (left_early, (random(6, low=0.9, high=1.3),)),
    (rewritten_in_recursion, (random(5), 3)),
]
cases = pytest.mark.parametrize(
    ("function", "arguments"), CASES, ids=lambda item: getattr(item, "__name__", "")
)


def floats(arguments):
    return tuple(k for k, value in enumerate(arguments) if isinstance(value, np.ndarray))


def along(function, arguments, directions):
    """Derivative along directions of the arrays, by differences."""

    def moved(t):
        step = iter(directions)
        return function(*(a + t * next(step) if isinstance(a, np.ndarray) else a for a in arguments))

    return references.difference(moved, step=1e-3)


@cases
def test_value_gradient_and_tangent(function, arguments):
    wrt = floats(arguments)
    value, gradient = gs.value_and_grad(function, argnums=wrt)(*arguments)
    assert value == function(*arguments)
    directions = [random(*arguments[k].shape, low=-1.0, high=1.0, seed=7) for k in wrt]
    found = sum(float(np.sum(g * d)) for g, d in zip(gradient, directions, strict=True))
    assert found == pytest.approx(float(along(function, arguments, directions)), rel=1e-7)
    if len(wrt) == len(arguments):
        _, tangent = gs.jvp(function, arguments, tuple(directions))
        assert found == pytest.approx(float(tangent), rel=1e-12)


@cases
def test_second_order(function, arguments):
    wrt = floats(arguments)
    inner = gs.grad(function, argnums=wrt[0], create_graph=True)
    weight = random(*arguments[wrt[0]].shape, low=-1.0, high=1.0, seed=5)
    holder = SimpleNamespace(weight=weight)

    def weighted(*values):
        return np.sum(inner(*values) * holder.weight)

    gradient = gs.grad(weighted, argnums=wrt)(*arguments)
    directions = [random(*arguments[k].shape, low=-1.0, high=1.0, seed=7) for k in wrt]
    found = sum(float(np.sum(g * d)) for g, d in zip(gradient, directions, strict=True))
    assert found == pytest.approx(float(along(weighted, arguments, directions)), rel=1e-6)


def test_only_what_is_overwritten_is_saved():
    gradient = gs.grad(forward_substitution)
    gradient(*CASES[0][1])
    assert "x[i] = x_old" in gradient.source
    assert ".copy()" not in gradient.source

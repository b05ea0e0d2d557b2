"""Arrays whose length changes from iteration to iteration, alike or not."""

import numpy as np
import pytest

import gradscribe as gs


def tree(spot, up, strike, steps):
    prices = spot * up ** np.arange(-steps, steps + 1.0)
    values = np.maximum(prices - strike, 0.0) ** 2
    for _ in range(steps):
        prices = prices[1:-1]
        values = 0.3 * values[2:] + 0.4 * values[1:-1] + 0.2 * values[:-2]
        values = np.sqrt(values * prices + 1.0)
    return np.sum(values * prices)


def triangle(x, steps):
    row, powers = x * np.ones(1), np.ones(1)
    for _ in range(steps):
        row = np.concatenate([row, [0.0]]) + np.concatenate([[0.0], row]) * x
        powers = np.concatenate([powers, [powers[-1] * x]])
        row = row * powers
    return np.sum(row)


def parted(a, x, steps):
    b = x
    total = 0.0
    for _ in range(steps):
        total += np.sum(a) * np.sum(b)
        a = a[1:] ** 2
        b = x[1:] * total
    return total + np.sum(a) * np.prod(b)


def parted_one_by_one(x, steps):
    a = b = c = d = e = f = g = h = i = j = k = q = m = n = x
    total = 0.0
    for _ in range(steps):
        # Every attempt of the compiler to take all lengths for one fails at one more name.
        a, b, c, d, e, f, g = b[1:] * a[0], c[1:] + 1, d[1:], e[1:] - 2, f[1:], g[1:] * 0.5, h[1:]
        h, i, j, k, q, m, n = i[1:], j[1:] * h[0], k[1:], q[1:], m[1:] + a[0], n[1:], x[1:]
        total += a[-1] * b[-1] * c[-1] * h[-1] * n[-1]
    return total + np.sum(a**2) + np.sum(n) * np.sum(m)


def two_lengths(u, v, steps):
    for _ in range(steps):
        u, v = u[1:] * np.sum(v), v[2:] + u[0]
    return np.sum(u) * np.sum(v**2)


def left_by_a_loop(x, steps):
    for i in range(steps):
        start = np.sin(x[: i + 1]) * x[i]
    return np.sum(start * start)


def left_by_a_loop_with_a_condition(x, steps):
    y = x * 1.0
    i = 0
    while i < steps:
        rest = y[i:]
        y[i] *= 2.0 * x[0]
        doubled = rest * x[1]
        if doubled.sum() > 1e3:
            break
        i += 1
    return np.sum(rest * rest) + np.sum(doubled) + np.sum(y)


POINT = np.array([0.9, 1.2, 0.7, 1.1, 1.3, 0.8, 1.05])

CASES = {
    "tree": (tree, (100.0, 1.05, 97.0), (0, 1, 4)),
    "triangle": (triangle, (0.7,), (0, 1, 4)),
    "parted": (parted, (POINT, POINT[::-1] + 0.2), (0, 1, 3)),
    "parted one by one": (parted_one_by_one, (POINT,), (0, 1, 3)),
    "two lengths": (two_lengths, (POINT, POINT[:6]), (0, 1, 2)),
    "left by a loop": (left_by_a_loop, (POINT,), (1, 3)),
    "left by a loop with a condition": (left_by_a_loop_with_a_condition, (POINT,), (1, 4)),
}


@pytest.mark.parametrize(("name", "steps"), [(name, n) for name, case in CASES.items() for n in case[2]])
def test_derivatives_hold_for_every_number_of_iterations(name, steps):
    function, args, _ = CASES[name]
    value, _ = gs.value_and_grad(function)(*args, steps)
    assert value == function(*args, steps)
    gs.testing.check_grads(function, (*args, steps), order=2)


@pytest.mark.parametrize("name", ["tree", "triangle"])
def test_lengths_that_vary_together_are_known_to_be_equal(name):
    function, args, _ = CASES[name]
    grad = gs.grad(function, argnums=tuple(range(len(args))))
    assert "broadcast_like" not in grad.compile(*args, 3).source

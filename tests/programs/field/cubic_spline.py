"""Approximation: a natural cubic spline through knots, evaluated at points and compared with data."""

import numpy as np


def second_derivatives(x, y):
    n = len(x)
    h = np.diff(x)
    A = np.zeros((n, n))
    b = np.zeros(n)
    A[0, 0] = A[-1, -1] = 1.0
    for i in range(1, n - 1):
        A[i, i - 1] = h[i - 1]
        A[i, i] = 2.0 * (h[i - 1] + h[i])
        A[i, i + 1] = h[i]
        b[i] = 6.0 * ((y[i + 1] - y[i]) / h[i] - (y[i] - y[i - 1]) / h[i - 1])
    return np.linalg.solve(A, b)


def evaluate(x, y, m, t):
    k = np.clip(np.searchsorted(x, t) - 1, 0, len(x) - 2)
    h = x[k + 1] - x[k]
    left = (x[k + 1] - t) / h
    right = (t - x[k]) / h
    cubic = (left**3 - left) * m[k] + (right**3 - right) * m[k + 1]
    return left * y[k] + right * y[k + 1] + cubic * h**2 / 6.0


def spline_misfit(knots, heights, t, data):
    m = second_derivatives(knots, heights)
    return np.mean((evaluate(knots, heights, m, t) - data) ** 2)


def arguments(rng, n):
    knots = np.sort(rng.uniform(0.0, 10.0, n)) + np.arange(n)
    return knots, rng.normal(size=n), rng.uniform(knots[0], knots[-1], 3 * n), rng.normal(size=3 * n)


PROGRAM = spline_misfit
SIZES = (5, 60)

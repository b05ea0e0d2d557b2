"""Heat conduction: implicit steps through the Thomas algorithm for tridiagonal systems, overwriting in place."""

import numpy as np


def thomas(a, b, c, d):
    n = len(d)
    cp = c.copy()
    dp = d.copy()
    cp[0] /= b[0]
    dp[0] /= b[0]
    for i in range(1, n):
        m = b[i] - a[i - 1] * cp[i - 1]
        if i < n - 1:
            cp[i] /= m
        dp[i] = (dp[i] - a[i - 1] * dp[i - 1]) / m
    for i in range(n - 2, -1, -1):
        dp[i] -= cp[i] * dp[i + 1]
    return dp


def implicit_heat(u, kappa, steps):
    n = len(u)
    r = 0.5 * (kappa[1:] + kappa[:-1])
    lower = -r
    upper = -r
    diagonal = np.ones(n)
    diagonal[:-1] += r
    diagonal[1:] += r
    for _ in range(steps):
        u = thomas(lower, diagonal, upper, u)
    return np.sum(u**2) / n


def arguments(rng, n):
    return rng.normal(size=n), rng.uniform(0.5, 1.5, n), 2


PROGRAM = implicit_heat
SIZES = (5, 60)

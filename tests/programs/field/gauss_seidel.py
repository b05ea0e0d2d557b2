"""Numerical analysis: Poisson's equation on a square by Gauss-Seidel with over-relaxation, sweep by sweep."""

import numpy as np


def poisson_misfit(source, boundary, omega, data, sweeps):
    n, m = source.shape
    h = 1.0 / (n - 1)
    u = np.zeros((n, m))
    u[0, :] = boundary
    u[-1, :] = boundary[::-1]
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                new = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - h**2 * source[i, j])
                u[i, j] += omega * (new - u[i, j])
    residual = u[1:-1, 1:-1] - data
    return 0.5 * np.sum(residual**2)


def arguments(rng, n):
    return rng.normal(size=(n, n)), rng.normal(size=n), 1.5, rng.normal(size=(n - 2, n - 2)), 3


PROGRAM = poisson_misfit
SIZES = (5, 16)

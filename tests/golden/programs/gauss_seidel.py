"""Element-wise overwriting in nested loops: what a write destroys and a product needs is saved before it."""

import numpy as np


def residual(u, f, sweeps):
    u = u.copy()
    for _ in range(sweeps):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] * u[i + 1] + f[i])
    return np.sum(u**2)


def arguments(rng):
    return rng.uniform(0.5, 1.0, size=6), rng.uniform(0.5, 1.0, size=6), 3


PROGRAM = residual
ARGNUMS = (0, 1)

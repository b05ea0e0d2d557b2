"""Statistical physics: free energy of an Ising model at the mean-field magnetisation, iterated to convergence."""

import numpy as np


def binary_entropy(m):
    p = (1 + m) / 2
    q = (1 - m) / 2
    return -(p * np.log(p) + q * np.log(q))


def free_energy(J, h, beta, tolerance=1e-13, max_iterations=500):
    J = (J + J.T) / 2
    m = np.zeros_like(h)
    for iteration in range(max_iterations):
        updated = 0.5 * m + 0.5 * np.tanh(beta * (J @ m + h))
        change = np.max(np.abs(updated - m))
        m = updated
        if change < tolerance:
            break
    energy = -0.5 * m @ J @ m - h @ m
    return energy - binary_entropy(m).sum() / beta


def arguments(rng, n):
    return 0.3 * rng.normal(size=(n, n)), rng.normal(size=n), 0.7


PROGRAM = free_energy
SIZES = (4, 40)

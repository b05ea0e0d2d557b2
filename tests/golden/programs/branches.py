"""A branch on a run-time value inside a loop."""

import numpy as np


def energy(x, k):
    total = 0.0
    for i in range(len(x)):
        v = x[i]
        if v > 0.0:
            total = total + k * v**2
        else:
            total = total - np.sin(v)
    return total


def by_hand(x, k):
    return np.where(x > 0.0, 2.0 * k * x, -np.cos(x)), np.sum(np.where(x > 0.0, x, 0.0) ** 2)


def arguments(rng):
    return rng.normal(size=7), 1.5


PROGRAM = energy
ARGNUMS = (0, 1)

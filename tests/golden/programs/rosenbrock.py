"""A loop over elements: reads by a running index, adds into the gradient at that index."""

import numpy as np


def rosenbrock(x):
    total = 0.0
    for i in range(len(x) - 1):
        total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total


def by_hand(x):
    d_x = np.zeros_like(x)
    inner = x[1:] - x[:-1] ** 2
    d_x[1:] += 200.0 * inner
    d_x[:-1] -= 400.0 * inner * x[:-1] + 2.0 * (1.0 - x[:-1])
    return d_x


def arguments(rng):
    return (rng.normal(size=6),)


PROGRAM = rosenbrock

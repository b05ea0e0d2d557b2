"""A list built in a loop and stacked into an array."""

import numpy as np


def mismatch(x, a, target):
    states = []
    for _ in range(len(target)):
        x = a @ np.sin(x)
        states.append(x)
    path = np.stack(states)
    return np.sum((path - target) ** 2)


def by_hand(x, a, target):
    before, after = [], []
    for _ in range(len(target)):
        before.append(x)
        x = a @ np.sin(x)
        after.append(x)
    d_a, d_x = np.zeros_like(a), np.zeros_like(x)
    for t in reversed(range(len(target))):
        d_x = d_x + 2.0 * (after[t] - target[t])
        d_a += np.outer(d_x, np.sin(before[t]))
        d_x = np.cos(before[t]) * (a.T @ d_x)
    return d_x, d_a


def arguments(rng):
    return rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=(5, 3))


PROGRAM = mismatch
ARGNUMS = (0, 1)

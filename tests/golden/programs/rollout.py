"""A loop that carries a state: what each step read is saved and read back from the last to the first."""

import numpy as np


def rollout(theta, x0, n):
    x = x0
    for t in range(n):
        h = np.tanh(theta @ x)
        x = x + 0.01 * h
    return np.sum(x**2)


def by_hand(theta, x0, n):
    x_saved, h_saved = [], []
    x = x0
    for t in range(n):
        h = np.tanh(theta @ x)
        x_saved.append(x)
        h_saved.append(h)
        x = x + 0.01 * h
    d_x = 2.0 * x
    d_theta = np.zeros_like(theta)
    for x, h in zip(reversed(x_saved), reversed(h_saved)):
        d_a = 0.01 * d_x * (1.0 - h * h)
        d_theta += np.outer(d_a, x)
        d_x = d_x + theta.T @ d_a
    return d_theta


def arguments(rng):
    return rng.normal(size=(4, 4)), rng.normal(size=4), 6


PROGRAM = rollout

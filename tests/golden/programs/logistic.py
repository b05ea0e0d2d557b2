"""Logistic regression in its stable form: `logaddexp`, a method, a penalty, two arguments differentiated."""

import numpy as np


def loss(w, b, x, y):
    z = x @ w + b
    return np.logaddexp(0.0, -y * z).mean() + 0.1 * (w @ w)


def by_hand(w, b, x, y):
    z = x @ w + b
    d_z = -y / (1.0 + np.exp(y * z)) / z.size
    return x.T @ d_z + 0.2 * w, np.sum(d_z)


def arguments(rng):
    return rng.normal(size=3), 0.25, rng.normal(size=(8, 3)), np.sign(rng.normal(size=8))


PROGRAM = loss
ARGNUMS = (0, 1)

"""A list of layers: the loop over it unrolls, and the gradient comes back in the same structure."""

import numpy as np


def loss(params, x, y):
    h = x
    for W, b in params[:-1]:
        h = np.maximum(h @ W + b, 0.0)
    W, b = params[-1]
    return np.mean((h @ W + b - y) ** 2)


def by_hand(params, x, y):
    (W1, b1), (W2, b2) = params
    a = x @ W1 + b1
    h = np.maximum(a, 0.0)
    r = h @ W2 + b2 - y
    d_r = 2.0 * r / r.size
    d_a = (d_r @ W2.T) * (a > 0.0)
    return np.mean(r**2), [(x.T @ d_a, d_a.sum(axis=0)), (h.T @ d_r, d_r.sum(axis=0))]


def arguments(rng):
    params = [
        (rng.normal(size=(3, 5)), rng.normal(size=5)),
        (rng.normal(size=(5, 2)), rng.normal(size=2)),
    ]
    return params, rng.normal(size=(4, 3)), rng.normal(size=(4, 2))


PROGRAM = loss
MODE = "value_and_grad"

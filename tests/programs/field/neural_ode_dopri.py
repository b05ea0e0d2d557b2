"""Dynamical systems: a neural ODE with an adaptive Bogacki-Shampine pair; steps are accepted or retried."""

import numpy as np


def field(y, layers):
    for W, b in layers[:-1]:
        y = np.tanh(W @ y + b)
    W, b = layers[-1]
    return W @ y + b


def integrate(y, layers, t_end, rtol=1e-3):
    t, h = 0.0, 0.1
    k1 = field(y, layers)
    while t_end - t > 1e-12:
        h = min(h, t_end - t)
        k2 = field(y + h / 2 * k1, layers)
        k3 = field(y + 3 * h / 4 * k2, layers)
        new = y + h * (2 * k1 + 3 * k2 + 4 * k3) / 9
        k4 = field(new, layers)
        error = np.max(np.abs(h * (-5 * k1 / 72 + k2 / 12 + k3 / 9 - k4 / 8)))
        scale = rtol * (1.0 + np.max(np.abs(new)))
        if error <= scale:
            t += h
            y, k1 = new, k4
            h = 2.0 * h if error < scale / 16 else h
        else:
            h = h / 2
    return y


def endpoint_loss(layers, y0, target, t_end):
    return np.sum((integrate(y0, layers, t_end) - target) ** 2)


def arguments(rng, n):
    layers = [(rng.normal(size=(5, n)), rng.normal(size=5)), (rng.normal(size=(n, 5)), rng.normal(size=n))]
    return layers, rng.normal(size=n), rng.normal(size=n), 1.0


PROGRAM = endpoint_loss
SIZES = (2, 20)

"""Broadcasting a row and a column: each cotangent is summed back to the shape of its value."""

import numpy as np


def loss(x, gain, shift):
    centred = x - x.mean(axis=1, keepdims=True)
    scale = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-6)
    return np.sum((gain * centred / scale + shift) ** 3)


def arguments(rng):
    return rng.normal(size=(4, 5)), rng.normal(size=5), rng.normal(size=5)


PROGRAM = loss
ARGNUMS = (0, 1, 2)

"""Sliding windows: a moving average as views of one array."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def roughness(x, kernel):
    smooth = sliding_window_view(x, 3) @ kernel
    return np.sum((smooth - x[1:-1]) ** 2)


def by_hand(x, kernel):
    windows = np.array([x[i : i + 3] for i in range(len(x) - 2)])
    residual = 2.0 * (windows @ kernel - x[1:-1])
    d_x = np.zeros_like(x)
    for i, r in enumerate(residual):
        d_x[i : i + 3] += r * kernel
    d_x[1:-1] -= residual
    return d_x, windows.T @ residual


def arguments(rng):
    return rng.normal(size=7), np.array([0.25, 0.5, 0.25])


PROGRAM, ARGNUMS = roughness, (0, 1)

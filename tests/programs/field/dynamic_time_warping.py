"""Signal processing: soft dynamic time warping between two series, by the dynamic-programming table."""

import numpy as np


def softmin3(a, b, c, gamma):
    lowest = min(a, b, c)
    total = np.exp(-(a - lowest) / gamma) + np.exp(-(b - lowest) / gamma) + np.exp(-(c - lowest) / gamma)
    return lowest - gamma * np.log(total)


def soft_dtw(x, y, gamma):
    n, m = len(x), len(y)
    D = np.full((n + 1, m + 1), 1e6)
    D[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = (x[i - 1] - y[j - 1]) ** 2
            D[i, j] = cost + softmin3(D[i - 1, j], D[i, j - 1], D[i - 1, j - 1], gamma)
    return D[n, m]


def arguments(rng, n):
    return rng.normal(size=n), rng.normal(size=n + 1), 0.7


PROGRAM = soft_dtw
SIZES = (4, 20)

"""Weights of quadrature rules.

In:  a number of samples.   Out: an array.
References: Cartwright, Simpson's rule cumulative integration with MS Excel, 2017.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def simpson_weights(n: int) -> Any:
    """Weights of Simpson's rule over n samples a step of 1 apart; an even number has a correction at its end."""
    weights = np.zeros(n)
    if n == 2:
        weights += 0.5
    elif n > 2:
        odd = n - 1 + n % 2
        weights[0:odd:2] = 2.0 / 3.0
        weights[1:odd:2] = 4.0 / 3.0
        weights[0] = weights[odd - 1] = 1.0 / 3.0
        if odd < n:
            weights[-3:] += (-1.0 / 12.0, 2.0 / 3.0, 5.0 / 12.0)
    return weights


def romberg_weights(n: int) -> Any:
    """Weights of the extrapolated trapezoidal rule over n samples a step of 1 apart; n - 1 is a power of two."""
    step = n - 1
    weights = np.zeros(n)
    weights[[0, -1]] = 0.5 * step
    row = [weights]
    while step > 1:
        finer = 0.5 * row[0]
        finer[step // 2 :: step] = 0.5 * step
        following = [finer]
        for k, coarser in enumerate(row):
            following.append(following[k] + (following[k] - coarser) / (4 ** (k + 1) - 1))
        row, step = following, step // 2
    return row[-1]

"""Lengths of transforms: cutting and padding along an axis.

In:  arrays.   Out: arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def fitted(x: Any, n: int, axis: int) -> Any:
    """The first n entries along the axis, zeros after the last one."""
    x = np.moveaxis(x, axis, 0)
    result = np.zeros((n, *x.shape[1:]), x.dtype)
    kept = min(n, len(x))
    result[:kept] = x[:kept]
    return np.moveaxis(result, 0, axis)


def halves(n: int, dtype: str = "float64") -> Any:
    """How often each entry of half a spectrum stands in the whole one of n: once if it has no mirror."""
    weights = np.full(n // 2 + 1, 2.0, dtype)
    weights[0] = 1.0
    if n % 2 == 0:
        weights[-1] = 1.0
    return weights


def unit_fftfreq(n: int) -> Any:
    """`np.fft.fftfreq(n)`."""
    return np.fft.fftfreq(n)


def unit_rfftfreq(n: int) -> Any:
    """`np.fft.rfftfreq(n)`."""
    return np.fft.rfftfreq(n)

"""Products without one factor, and linear recurrences: derivatives of products that are exact with zeros.

In:  arrays.   Out: arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def exclusive_cumprod(x: Any, axis: int, backwards: bool = False) -> Any:
    """Entry i is the product of the entries before i (after i, if `backwards`) along the axis."""
    x = np.moveaxis(x, axis, 0)
    if backwards:
        x = x[::-1]
    result = np.ones_like(x)
    np.cumprod(x[:-1], axis=0, out=result[1:])
    return np.moveaxis(result[::-1] if backwards else result, 0, axis)


def products_of_others(x: Any, axis: int | None = None) -> Any:
    """Entry i is the product of all other entries, along the axis or of the whole array."""
    if axis is None:
        return products_of_others(np.ravel(x), 0).reshape(np.shape(x))
    x = np.moveaxis(x, axis, 0)
    before, after = np.ones_like(x), np.ones_like(x)
    np.cumprod(x[:-1], axis=0, out=before[1:])
    np.cumprod(x[:0:-1], axis=0, out=after[-2::-1])
    return np.moveaxis(before * after, 0, axis)


def recurrence(a: Any, b: Any, axis: int, transposed: bool = False) -> Any:
    """y[i] = b[i] + a[i] * y[i-1] along the axis; transposed, y[i] = b[i] + a[i+1] * y[i+1]."""
    a, b = np.moveaxis(a, axis, 0), np.moveaxis(b, axis, 0)
    result = np.array(b, dtype=np.result_type(a, b))
    if transposed:
        for i in range(len(a) - 2, -1, -1):
            result[i] += a[i + 1] * result[i + 1]
    else:
        for i in range(1, len(a)):
            result[i] += a[i] * result[i - 1]
    return np.moveaxis(result, 0, axis)


def shifted(x: Any, axis: int, by: int) -> Any:
    """Entry i is x[i - by] along the axis, 0 beyond the ends; `by` is 1 or -1."""
    x = np.moveaxis(x, axis, 0)
    result = np.zeros_like(x)
    if by == 1:
        result[1:] = x[:-1]
    else:
        result[:-1] = x[1:]
    return np.moveaxis(result, 0, axis)

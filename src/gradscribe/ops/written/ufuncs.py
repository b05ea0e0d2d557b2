"""Methods of universal functions: `reduce`, `accumulate`, `outer`.

In:  the function and what users pass.   Out: the very values that NumPy gives, by calls of the function.
Not here: `at` (frontend/inplace_calls.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def reduce(function: Any, array: Any, axis: Any = 0, keepdims: bool = False, initial: Any = None) -> Any:
    """One item after the other along an axis."""
    items = np.ravel(array) if axis is None else np.moveaxis(array, axis, 0)
    total = items[0] if initial is None else function(initial, items[0])
    for k in range(1, len(items)):
        total = function(total, items[k])
    if not keepdims:
        return total
    return np.reshape(total, (1,) * np.ndim(array)) if axis is None else np.expand_dims(total, axis)


def accumulate(function: Any, array: Any, axis: int = 0) -> Any:
    """Every total on the way."""
    totals = np.moveaxis(array, axis, 0).copy()
    for k in range(1, len(totals)):
        totals[k] = function(totals[k - 1], totals[k])
    return np.moveaxis(totals, 0, axis)


def outer(function: Any, a: Any, b: Any) -> Any:
    """The function of every pair."""
    return function(np.reshape(a, np.shape(a) + (1,) * np.ndim(b)), b)

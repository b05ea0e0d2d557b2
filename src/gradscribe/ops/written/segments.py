"""Models of `np.multiply.reduceat` and its like: one segment after the other.

In:  what users pass.   Out: what NumPy returns, up to rounding.
Not here: sums of segments, which are linear (ops/segments.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def multiply_reduceat(array: Any, indices: Any, axis: Any = 0) -> Any:
    """Products."""
    return _reduced(np.prod, array, indices, axis)


def maximum_reduceat(array: Any, indices: Any, axis: Any = 0) -> Any:
    """Largest elements."""
    return _reduced(np.max, array, indices, axis)


def minimum_reduceat(array: Any, indices: Any, axis: Any = 0) -> Any:
    """Smallest elements."""
    return _reduced(np.min, array, indices, axis)


def _reduced(reduction: Any, array: Any, indices: Any, axis: Any) -> Any:
    items = np.moveaxis(array, axis, 0)
    stops = np.maximum(np.append(indices[1:], len(items)), indices + 1)
    found = [reduction(items[indices[k] : stops[k]], axis=0) for k in range(len(indices))]
    return np.moveaxis(np.stack(found), 0, axis)

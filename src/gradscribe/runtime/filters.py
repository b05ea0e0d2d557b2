"""Sums that recursive filters need for their derivatives.

In:  arrays.   Out: arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def lagged_products(v: Any, x: Any, like: Any, axis: int) -> Any:
    """Entry k is the sum of v[n] * x[n - k] along the axis and over all others, for as many k as `like` has."""
    v, x = np.moveaxis(v, axis, 0), np.moveaxis(x, axis, 0)
    result = np.zeros(len(like), np.result_type(v, x))
    for k in range(min(len(like), len(v))):
        result[k] = np.sum(v[k:] * x[: len(x) - k])
    return result

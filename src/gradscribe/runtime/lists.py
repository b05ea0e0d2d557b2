"""Zeros and sums of numbers, arrays and nested lists of them.

In:  what generated code holds at run time.   Out: the same nesting.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def zeros_like(value: Any) -> Any:
    """Zero of the same kind: 0.0 for a float, a NumPy scalar for one, an array for an array, lists item by item."""
    if isinstance(value, list):
        return [zeros_like(item) for item in value]
    if isinstance(value, np.ndarray):
        return np.zeros_like(value)
    return type(value)(0)


def add_lists(left: Any, right: Any) -> Any:
    """The sum of two nestings of lists, number by number."""
    if isinstance(left, list):
        return [add_lists(a, b) for a, b in zip(left, right, strict=True)]
    return left + right

"""Differences on an even grid, and their transposes.

In:  arrays.   Out: arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def unit_gradient(f: Any, axis: int, edge_order: Any = 1, transposed: bool = False) -> Any:
    """`np.gradient` along one axis with spacing 1, or its transpose applied to `f`."""
    if not transposed:
        return np.gradient(f, axis=axis, edge_order=edge_order)
    f = np.moveaxis(f, axis, 0)
    result = np.zeros_like(f)
    result[2:] += 0.5 * f[1:-1]
    result[:-2] -= 0.5 * f[1:-1]
    edge = (-1.0, 1.0) if edge_order == 1 else (-1.5, 2.0, -0.5)
    for place, weight in enumerate(edge):
        result[place] += weight * f[0]
        result[-1 - place] -= weight * f[-1]
    return np.moveaxis(result, 0, axis)

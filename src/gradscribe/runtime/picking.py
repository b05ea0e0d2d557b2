"""Positions of the elements that functions on sets of values pick.

In:  arrays.   Out: arrays of positions; those of two arrays count through the first, then through the second.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def unique_positions(ar: Any, axis: int | None = None, equal_nan: bool = True) -> Any:
    """Where each value of `np.unique(ar, axis=axis)` stands first."""
    return np.unique(ar, return_index=True, axis=axis, equal_nan=equal_nan)[1]


def positions_of_values(ar: Any, values: Any) -> Any:
    """Where each value of `np.unique_values(ar)` stands first, whatever their order."""
    positions = np.empty(values.shape, np.intp)
    positions[np.argsort(values)] = unique_positions(ar, equal_nan=False)
    return positions


def setdiff1d_positions(ar1: Any, ar2: Any) -> Any:
    """Where each value of `np.setdiff1d(ar1, ar2)` stands first."""
    values, first = np.unique(ar1, return_index=True)
    return first[~np.isin(values, ar2)]


def setxor1d_positions(ar1: Any, ar2: Any) -> Any:
    """Where each value of `np.setxor1d(ar1, ar2)` stands first."""
    values, first = _pooled(ar1, ar2)
    return first[np.isin(values, ar1) != np.isin(values, ar2)]


def union1d_positions(ar1: Any, ar2: Any) -> Any:
    """Where each value of `np.union1d(ar1, ar2)` stands first."""
    return _pooled(ar1, ar2)[1]


def intersect1d_positions(ar1: Any, ar2: Any) -> Any:
    """Where each value of `np.intersect1d(ar1, ar2)` stands first."""
    values, first = _pooled(ar1, ar2)
    return first[np.isin(values, ar1) & np.isin(values, ar2)]


def _pooled(ar1: Any, ar2: Any) -> Any:
    return np.unique(np.concatenate([np.ravel(ar1), np.ravel(ar2)]), return_index=True)


def untrimmed(filt: Any, trim: str = "fb") -> Any:
    """Positions of the entries that `np.trim_zeros` keeps."""
    found = np.flatnonzero(filt)
    if not found.size:
        return found
    first = found[0] if "f" in trim.lower() else 0
    last = found[-1] + 1 if "b" in trim.lower() else len(filt)
    return np.arange(first, last)

"""Weights of order statistics.

In:  arrays.   Out: arrays of weights, constant almost everywhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def median_weights(x: Any, axis: int | None = None) -> Any:
    """What each element contributes to the median: all that equal the one or two in the middle share equally."""
    if axis is None:
        return median_weights(np.ravel(x), 0).reshape(np.shape(x))
    ordered = np.sort(x, axis=axis)
    n = ordered.shape[axis]
    weights = np.zeros_like(x)
    if not n:
        return weights
    for middle in ((n - 1) // 2, n // 2):
        equal = x == np.take(ordered, [middle], axis=axis)
        weights += 0.5 * equal / np.count_nonzero(equal, axis=axis, keepdims=True)
    return weights


def mean_of_equals(x: Any, ordered: Any) -> Any:
    """Along the last axis, the mean of x over each run of equal elements of `ordered`; x itself where none are."""
    same = ordered[..., 1:] == ordered[..., :-1]
    if not same.any():
        return x.copy()
    first = np.ones(ordered.shape, dtype=bool)
    first[..., 1:] = ~same
    run = np.cumsum(first.ravel()) - 1
    means = np.bincount(run, np.ravel(x)) / np.bincount(run)
    return means[run].reshape(ordered.shape).astype(x.dtype)

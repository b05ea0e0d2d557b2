"""np.pad with borders that are computed: ramps, extremes, means, medians.

In:  what users pass.   Out: the very values that NumPy gives, by simpler calls.
Not here: borders that are copied or constant (ops/arranging.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

COMPUTED = ("linear_ramp", "maximum", "minimum", "mean", "median")
"""The modes whose borders are no copies."""


def pad(
    x: Any,
    pad_width: Any,
    mode: Any = "constant",
    constant_values: Any = 0,
    stat_length: Any = None,
    end_values: Any = 0,
) -> Any:
    """One axis after the other, each with what was padded before."""
    ndim = np.ndim(x)
    if isinstance(pad_width, dict):
        pad_width = [_of_axis(pad_width, axis, ndim) for axis in range(ndim)]
    widths = _pairs(pad_width, ndim)
    if mode == "constant":
        return np.pad(x, widths, constant_values=constant_values)
    if mode in ("edge", "reflect", "symmetric", "wrap"):
        return np.pad(x, widths, mode)
    for axis in range(ndim):
        before, after = widths[axis]
        if mode == "linear_ramp":
            x = _ramps(x, axis, before, after, _pairs(end_values, ndim)[axis])
        else:
            x = _statistics(x, axis, before, after, mode, _pairs(stat_length, ndim)[axis])
    return x


def _of_axis(widths: Any, axis: int, ndim: int) -> Any:
    """The entry of a dict, by a number counted from either end."""
    found = widths.get(axis, widths.get(axis - ndim, 0))
    return (found, found) if isinstance(found, int) else found


def _pairs(given: Any, ndim: int) -> Any:
    """What stands before and after, for each axis."""
    if not isinstance(given, tuple | list):
        return [(given, given)] * ndim
    if not isinstance(given[0], tuple | list):
        return [(given[0], given[-1])] * ndim
    return [(pair[0], pair[-1]) for pair in given] * (ndim if len(given) == 1 else 1)


def _part(x: Any, axis: int, start: Any, stop: Any) -> Any:
    """`x[:, start:stop]`, the slice along any axis."""
    return x[(*((slice(None),) * axis), slice(start, stop))]


def _ramps(x: Any, axis: int, before: int, after: int, ends: Any) -> Any:
    length = x.shape[axis]
    parts = [x]
    if before > 0:
        edge = np.squeeze(_part(x, axis, 0, 1), axis)
        parts = [np.linspace(ends[0], edge, before, endpoint=False, axis=axis), *parts]
    if after > 0:
        edge = np.squeeze(_part(x, axis, length - 1, length), axis)
        ramp = np.linspace(ends[1], edge, after, endpoint=False, axis=axis)
        parts = [*parts, np.flip(ramp, axis)]
    return np.concatenate(parts, axis)


def _statistics(x: Any, axis: int, before: int, after: int, mode: str, lengths: Any) -> Any:
    length = x.shape[axis]
    parts = [x]
    if before > 0:
        first = length if lengths[0] is None else min(lengths[0], length)
        low = _statistic(_part(x, axis, 0, first), axis, mode)
        parts = [np.repeat(low, before, axis), *parts]
    if after > 0:
        last = length if lengths[1] is None else min(lengths[1], length)
        high = _statistic(_part(x, axis, length - last, length), axis, mode)
        parts = [*parts, np.repeat(high, after, axis)]
    return np.concatenate(parts, axis)


def _statistic(x: Any, axis: int, mode: str) -> Any:
    if mode == "maximum":
        return np.max(x, axis=axis, keepdims=True)
    if mode == "minimum":
        return np.min(x, axis=axis, keepdims=True)
    if mode == "mean":
        return np.mean(x, axis=axis, keepdims=True)
    return np.median(x, axis=axis, keepdims=True)

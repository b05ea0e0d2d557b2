"""Differences, running totals, averages and order statistics with further arguments.

In:  what users pass.   Out: the very values that NumPy gives, by simpler calls.
Not here: the entries that name these functions (ops/).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def diff(x: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """Differences of the array with something put before or after it."""
    parts = [x]
    if prepend is not None:
        parts = [_edge(x, prepend, axis), *parts]
    if append is not None:
        parts = [*parts, _edge(x, append, axis)]
    return np.diff(np.concatenate(parts, axis), n, axis)


def _edge(x: Any, value: Any, axis: int) -> Any:
    """A number stands for a whole edge."""
    if np.ndim(value) > 0:
        return value
    shape = list(x.shape)
    shape[axis] = 1
    return np.broadcast_to(value, tuple(shape))


def cumsum(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """The running sum of the converted array."""
    return np.cumsum(x.astype(dtype), axis)


def cumprod(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """The running product of the converted array, flat where there is no axis."""
    converted = x if dtype is None else x.astype(dtype)
    return np.cumprod(np.ravel(converted), 0) if axis is None else np.cumprod(converted, axis)


def nancumsum(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """The running sum of the converted array."""
    return np.nancumsum(x.astype(dtype), axis)


def nancumprod(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """The running product of the converted array, flat where there is no axis."""
    converted = x if dtype is None else x.astype(dtype)
    return np.nancumprod(np.ravel(converted), 0) if axis is None else np.nancumprod(converted, axis)


def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Any:
    """The sum of the converted diagonal."""
    return np.trace(x.astype(dtype), offset, axis1, axis2)


def average(
    a: Any, axis: Any = None, weights: Any = None, returned: bool = False, keepdims: Any = False
) -> Any:
    """With the sum of the weights of each mean."""
    mean = np.average(a, axis, weights, keepdims=keepdims)
    ones = np.ones_like(a)
    if weights is None:
        total = np.sum(ones, axis, keepdims=keepdims)
    elif np.ndim(weights) == np.ndim(a):
        total = np.sum(weights * ones, axis, keepdims=keepdims)
    else:
        total = np.sum(weights) * np.ones_like(mean)
    return mean, total


def median(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Over several axes: over the one that they make together."""
    ndim = np.ndim(x)
    along = [number % ndim for number in axis]
    kept = [number for number in range(ndim) if number not in along]
    lengths = [x.shape[number] for number in kept]
    found = np.median(np.reshape(np.transpose(x, (*kept, *along)), (*lengths, -1)), -1)
    if not keepdims:
        return found
    return np.reshape(found, [1 if number in along else x.shape[number] for number in range(ndim)])


def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    """Periodic: everything is moved into one period, with a point of the next one at each end."""
    period = abs(period)
    x, xp = np.mod(x, period), np.mod(xp, period)
    order = np.argsort(xp)
    xp, fp = xp[order], fp[order]
    xp = np.concatenate((xp[-1:] - period, xp, xp[:1] + period))
    return np.interp(x, xp, np.concatenate((fp[-1:], fp, fp[:1])))


def nansum(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    where: Any = None,
) -> Any:
    """What is nan counts as 0."""
    return np.sum(_filled(x, 0.0), axis, dtype=dtype, keepdims=keepdims, initial=initial, where=where)


def _filled(x: Any, by: float) -> Any:
    """With a number in place of nan; whole numbers stay what they are."""
    return np.where(np.isnan(x), by, x) if np.asarray(x).dtype.kind in "fc" else x


def nanmax(x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None, where: Any = None) -> Any:
    """What is nan counts as less than all else."""
    return np.max(_filled(x, -np.inf), axis, keepdims=keepdims, initial=initial, where=where)


def nanmin(x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None, where: Any = None) -> Any:
    """What is nan counts as more than all else."""
    return np.min(_filled(x, np.inf), axis, keepdims=keepdims, initial=initial, where=where)


def nanprod(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    where: Any = None,
) -> Any:
    """What is nan counts as 1."""
    return np.prod(_filled(x, 1.0), axis, dtype=dtype, keepdims=keepdims, initial=initial, where=where)


def var(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    ddof: Any = 0,
    keepdims: Any = False,
    where: Any = None,
    mean: Any = None,
) -> Any:
    """Around a mean that is given, with its axes kept."""
    deviation = x - mean
    squares = np.sum(deviation * deviation, axis, dtype, keepdims=keepdims, where=where)
    return squares / (_count(x, axis, keepdims, where) - ddof)


def std(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    ddof: Any = 0,
    keepdims: Any = False,
    where: Any = None,
    mean: Any = None,
) -> Any:
    """Around a mean that is given, with its axes kept."""
    return np.sqrt(var(x, axis, dtype, ddof, keepdims, where, mean))


def _count(x: Any, axis: Any, keepdims: Any, where: Any) -> Any:
    present = np.ones_like(x) if where is None else np.where(where, np.ones_like(x), 0.0)
    return np.sum(present, axis, keepdims=keepdims)


def any_where(x: Any, axis: Any = None, keepdims: bool = False, where: Any = True) -> Any:
    """What the mask leaves out is false."""
    return np.any(np.logical_and(x, where), axis, keepdims=keepdims)


def all_where(x: Any, axis: Any = None, keepdims: bool = False, where: Any = True) -> Any:
    """What the mask leaves out is true."""
    return np.all(np.logical_or(x, np.logical_not(where)), axis, keepdims=keepdims)

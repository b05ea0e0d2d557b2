"""Models of filters that take one of the pixels in a window: medians, minima, maxima, ranks.

In:  what users pass.   Out: what SciPy returns.
Not here: the entries that name these functions (ops/rank_filters.py), filters that weight pixels (images.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.ops.written.images import padded


def windows(input: Any, size: Any, footprint: Any, mode: str, cval: Any, origin: Any) -> Any:
    """The pixels that are seen from each pixel, along a last axis."""
    if footprint is None:
        sizes = size if isinstance(size, tuple | list) else (size,) * input.ndim
    else:
        sizes = footprint.shape
    origins = origin if isinstance(origin, tuple | list) else (origin,) * input.ndim
    before = [n // 2 + shift for n, shift in zip(sizes, origins, strict=True)]
    widths = [(k, n - 1 - k) for n, k in zip(sizes, before, strict=True)]
    seen = np.lib.stride_tricks.sliding_window_view(padded(input, widths, mode, cval), tuple(sizes))
    flat = seen.reshape((*input.shape, -1)).astype(input.dtype)
    return flat if footprint is None else flat[..., np.flatnonzero(footprint)]


def minimum_filter(
    input: Any,
    size: Any = None,
    footprint: Any = None,
    mode: str = "reflect",
    cval: Any = 0.0,
    origin: Any = 0,
) -> Any:
    """The least one."""
    return np.min(windows(input, size, footprint, mode, cval, origin), -1)


def maximum_filter(
    input: Any,
    size: Any = None,
    footprint: Any = None,
    mode: str = "reflect",
    cval: Any = 0.0,
    origin: Any = 0,
) -> Any:
    """The largest one."""
    return np.max(windows(input, size, footprint, mode, cval, origin), -1)


def minimum_filter1d(
    input: Any, size: Any, axis: int = -1, mode: str = "reflect", cval: Any = 0.0, origin: int = 0
) -> Any:
    """The least one along an axis."""
    return np.min(_along(input, size, axis, mode, cval, origin), -1)


def maximum_filter1d(
    input: Any, size: Any, axis: int = -1, mode: str = "reflect", cval: Any = 0.0, origin: int = 0
) -> Any:
    """The largest one along an axis."""
    return np.max(_along(input, size, axis, mode, cval, origin), -1)


def _along(input: Any, size: Any, axis: int, mode: str, cval: Any, origin: int) -> Any:
    sizes, origins = [1] * input.ndim, [0] * input.ndim
    sizes[axis], origins[axis] = size, origin
    return windows(input, tuple(sizes), None, mode, cval, tuple(origins))


def rank_filter(
    input: Any,
    rank: Any,
    size: Any = None,
    footprint: Any = None,
    mode: str = "reflect",
    cval: Any = 0.0,
    origin: Any = 0,
) -> Any:
    """That of this place in their order."""
    return np.sort(windows(input, size, footprint, mode, cval, origin), -1)[..., rank]


def median_filter(
    input: Any,
    size: Any = None,
    footprint: Any = None,
    mode: str = "reflect",
    cval: Any = 0.0,
    origin: Any = 0,
) -> Any:
    """The middle one, of an even number the upper of both."""
    ordered = np.sort(windows(input, size, footprint, mode, cval, origin), -1)
    return ordered[..., ordered.shape[-1] // 2]


def percentile_filter(
    input: Any,
    percentile: Any,
    size: Any = None,
    footprint: Any = None,
    mode: str = "reflect",
    cval: Any = 0.0,
    origin: Any = 0,
) -> Any:
    """The one below which so many percent of them lie."""
    ordered = np.sort(windows(input, size, footprint, mode, cval, origin), -1)
    count = ordered.shape[-1]
    share = percentile + 100.0 if percentile < 0.0 else percentile
    return ordered[..., min(int(count * share / 100.0), count - 1)]


def medfilt(volume: Any, kernel_size: Any = 3) -> Any:
    """The median of a window, outside of which there are zeros."""
    return median_filter(volume, kernel_size, mode="constant")

"""Windows that slide over an array, put back where they came from.

In:  arrays.   Out: arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def sum_windows(windows: Any, like: Any, window_shape: Any, axis: Any = None) -> Any:
    """The transpose of `np.lib.stride_tricks.sliding_window_view`: each element of the windows at its place.

    Args:
        windows: what a sliding window view of `like` would be: the window axes last.
        like: an array of the shape of the result.
        window_shape: length of the window, or one length for each of the axes.
        axis: axes along which the windows slide; None for all.
    """
    shape = window_shape if isinstance(window_shape, tuple) else (window_shape,)
    axes = range(np.ndim(like)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    result = np.zeros(np.shape(like), windows.dtype)
    counts = windows.shape[: windows.ndim - len(shape)]
    for place in np.ndindex(*shape):
        part = [slice(None)] * len(counts)
        for along, start in zip(axes, place, strict=True):
            before = part[along].start or 0
            part[along] = slice(before + start, before + start + counts[along])
        result[tuple(part)] += windows[(..., *place)]
    return result

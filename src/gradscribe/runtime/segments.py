"""Which elements the segments of `reduceat` hold.

In:  where segments begin, the length of the axis.   Out: arrays of positions.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def segment_members(indices: Any, n: int) -> Any:
    """The positions of the elements of all segments, one segment after the other.

    A segment ends where the next one begins; where that is not further on, it is one element.
    """
    sizes = _sizes(indices, n)
    return np.arange(np.sum(sizes)) + np.repeat(indices - np.cumsum(sizes) + sizes, sizes)


def segment_owners(indices: Any, n: int) -> Any:
    """The number of the segment that each of these elements is in."""
    return np.repeat(np.arange(len(indices)), _sizes(indices, n))


def _sizes(indices: Any, n: int) -> Any:
    return np.maximum(np.diff(indices, append=n), 1)

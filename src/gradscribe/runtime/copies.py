"""Copies of arrays that are parts of others.

In:  an array.   Out: one that may be written to.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def copy_with_strides(array: Any) -> Any:
    """A copy whose elements lie as far apart as those of the array: the last bits of some sums depend on it."""
    reach = [stride * (length - 1) for stride, length in zip(array.strides, array.shape, strict=True)]
    if not array.size or not all(array.strides):
        return array.copy("K")
    before = -sum(step for step in reach if step < 0)
    memory = np.empty(before + sum(step for step in reach if step > 0) + array.itemsize, np.uint8)
    copied = np.ndarray(array.shape, array.dtype, memory, before, array.strides)
    copied[...] = array
    return copied

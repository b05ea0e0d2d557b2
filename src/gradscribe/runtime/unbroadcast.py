"""Making a cotangent fit its value when lengths decide it only at run time.

In:  arrays and scalars.   Out: the same summed or repeated.
Not here: the cases that are known when code is generated (ad/broadcasting.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def unbroadcast_like(value: Any, like: Any) -> Any:
    """`value` summed over the dimensions in which `like` was broadcast to it; None where `like` is None.

    A `value` that is None counts as zero.
    """
    if like is None:
        return None
    if value is None:
        return np.zeros_like(like)
    shape = np.shape(like)
    extra = np.ndim(value) - len(shape)
    if extra > 0:
        value = value.sum(axis=tuple(range(extra)))
    axes = tuple(axis for axis, n in enumerate(shape) if n == 1 and value.shape[axis] != 1)
    return value.sum(axis=axes, keepdims=True) if axes else value


def broadcast_like(value: Any, like: Any) -> Any:
    """A fresh array of the shape of `like` filled with `value`, of the dtype of `value` where that has one.

    None where `like` is None; a `value` that is None counts as zero.
    """
    if like is None:
        return None
    if value is None:
        return np.zeros_like(like)
    # Either may be a Python number, where another way through the function makes an array.
    dtype = np.result_type(value if isinstance(value, np.ndarray | np.generic) else like)
    result = np.empty(np.shape(like), dtype)
    result[...] = value
    return result

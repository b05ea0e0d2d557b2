"""What a saved function demands of its arguments."""

from __future__ import annotations

from typing import Any

import numpy as np


def is_array(value: Any, dtype: Any, ndim: int, ones: tuple[int, ...] = ()) -> bool:
    """An array of this dtype and so many axes, of which those in `ones`, and no others, have length 1."""
    return (
        isinstance(value, np.ndarray)
        and value.dtype == dtype
        and value.ndim == ndim
        and ones == tuple(axis for axis, length in enumerate(value.shape) if length == 1)
    )

"""Questions about an index that repeats elements.

In:  an array and an index.   Out: a mask.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def is_last_write(array: Any, index: Any) -> Any:
    """For `array[index] = values`: which of the values stay, where an element is written more than once."""
    owner = np.zeros(array.shape, dtype=np.intp)
    numbers = np.arange(owner[index].size).reshape(owner[index].shape)
    owner[index] = numbers
    return owner[index] == numbers

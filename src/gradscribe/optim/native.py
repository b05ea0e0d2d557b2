"""Sweeps in machine code, by Numba: one pass over the memory instead of one for each NumPy call.

In:  the text of a loop (native_source.py) and a dtype.   Out: the compiled function.
Not here: which optimisers use it (compiling.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from gradscribe.optim.extras import load

# Their operations are exact in machine code; half precision is not done there.
COMPILED = (np.dtype(np.float64), np.dtype(np.float32))
FUNCTIONS = {
    "sqrt": np.sqrt,
    "isnan": np.isnan,
    "isfinite": np.isfinite,
    "sign": np.sign,
    "maximum": np.maximum,
    "minimum": np.minimum,
}


@lru_cache(maxsize=256)
def native_function(
    text: str, dtype: np.dtype[Any], read: int, filled: int, numbers: int
) -> Callable[..., None]:
    """The compiled `sweep(arrays..., outputs..., numbers...)` on contiguous arrays of this dtype.

    Args:
        text: its source.
        dtype: one of `COMPILED`.
        read: how many arrays are only read.
        filled: how many are written.
        numbers: how many numbers it takes.

    Raises:
        GS331: Numba is not installed.
    """
    namespace: dict[str, Any] = {**FUNCTIONS, "number": dtype.type}
    exec(compile(text, "<gradscribe native sweep>", "exec"), namespace)
    return _machine_code(namespace["sweep"], dtype, read, filled, numbers)


def _machine_code(
    function: Callable[..., None], dtype: np.dtype[Any], read: int, filled: int, numbers: int
) -> Callable[..., None]:
    numba = load("numba", "`compiled`")
    item = numba.from_dtype(dtype)
    # Declared as read-only, an input may be either; otherwise each mixture would be compiled anew.
    inputs = [numba.types.Array(item, 1, "C", readonly=True)] * read
    outputs = [numba.types.Array(item, 1, "C")] * filled
    signature = numba.void(*inputs, *outputs, *[numba.float64] * numbers)
    # No fast-math: each operation is rounded as NumPy rounds it. Division by zero is infinite, as NumPy has it.
    made: Callable[..., None] = numba.njit(signature, nogil=True, error_model="numpy")(function)
    return made

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


@lru_cache(maxsize=256)
def native_pieces(
    text: str, dtype: np.dtype[Any], vectors: int, slots: int, outputs: int, numbers: int
) -> Callable[..., None]:
    """The compiled `pieces(bounds, addresses, slots..., outputs..., numbers...)`: the sweep of many pieces.

    Of each piece, `bounds` has where it stands in slots and outputs, which are flat, and `addresses` where the
    parts of the vectors begin in memory. One call for all pieces takes Python's lock once.

    Args:
        text: the source of the sweep of one piece.
        dtype: one of `COMPILED`.
        vectors: how many arrays are read at their addresses.
        slots: how many flat arrays are only read.
        outputs: how many flat arrays are written.
        numbers: how many numbers it takes.

    Raises:
        GS331: Numba is not installed.
    """
    flat = [f"a{k}" for k in range(slots + outputs)]
    last = [f"k{k}" for k in range(numbers)]
    cuts = [f"at(addresses[piece, {k}], stop - start)" for k in range(vectors)]
    arguments = ", ".join([*cuts, *(f"{name}[start:stop]" for name in flat), *last])
    lines = [
        f"def pieces({', '.join(['bounds', 'addresses', *flat, *last])}):",
        "    for piece in range(len(bounds)):",
        "        start, stop = bounds[piece]",
        f"        sweep({arguments})",
        "",
    ]
    namespace: dict[str, Any] = {
        "sweep": native_function(text, dtype, vectors + slots, outputs, numbers),
        "at": _array_at(dtype),
    }
    exec(compile("\n".join(lines), "<gradscribe native pieces>", "exec"), namespace)
    return _machine_code(namespace["pieces"], dtype, slots, outputs, numbers, tables=(np.int64, np.uint64))


def _array_at(dtype: np.dtype[Any]) -> Callable[..., Any]:
    """In machine code, `at(address, size)`: the array of this dtype that begins there."""
    numba = load("numba", "`compiled`")
    pointer = numba.types.CPointer(numba.from_dtype(dtype))

    @numba.extending.intrinsic  # type: ignore[untyped-decorator]
    def pointed(_context: Any, address: Any) -> Any:
        def generated(context: Any, builder: Any, _signature: Any, values: Any) -> Any:
            return builder.inttoptr(values[0], context.get_value_type(pointer))

        return pointer(address), generated

    def at(address: int, size: int) -> Any:
        return numba.carray(pointed(address), (size,))

    made: Callable[..., Any] = numba.njit(at)
    return made


def _machine_code(
    function: Callable[..., None],
    dtype: np.dtype[Any],
    read: int,
    filled: int,
    numbers: int,
    tables: tuple[type[np.generic], ...] = (),
) -> Callable[..., None]:
    """The function compiled for tables of integers, arrays that are read, arrays that are filled, and numbers."""
    numba = load("numba", "`compiled`")
    item, array = numba.from_dtype(dtype), numba.types.Array
    # Declared as read-only, an input may be either; otherwise each mixture would be compiled anew.
    signature = numba.void(
        *[array(numba.from_dtype(np.dtype(table)), 2, "C", readonly=True) for table in tables],
        *[array(item, 1, "C", readonly=True)] * read,
        *[array(item, 1, "C")] * filled,
        *[numba.float64] * numbers,
    )
    # No fast-math: each operation is rounded as NumPy rounds it. Division by zero is infinite, as NumPy has it.
    made: Callable[..., None] = numba.njit(signature, nogil=True, error_model="numpy")(function)
    return made

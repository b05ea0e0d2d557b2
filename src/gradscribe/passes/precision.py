"""In what the parts of a product or a sum are computed, where the whole is computed in floats.

    before:  x * n * n        1e200 * x / 1e200 * 1e200        # n are uint8
    never:   n * n * x        1e400 * x / 1e200

A product that is put into another order has other partial results. None of them may be one of integers, which
wrap, or of fewer bits than the whole; and literals are gathered only where that leaves room for other factors.

In:  types of operands in the order in which they are taken, literals.   Out: whether they may be taken so.
Not here: which orders are tried (products.py, sums.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from gradscribe.ir.types import ScalarType, Type, dtype_of, is_inexact
from gradscribe.ops.promotion import is_python, promote


def is_computed_in(wanted: np.dtype, operands: Sequence[Type]) -> bool:
    """Whether an operation on the operands, from left to right, is at every step one of floats of enough bits."""
    if all(dtype_of(type_) == wanted for type_ in operands):
        return True
    so_far = operands[0]
    for operand in operands[1:]:
        so_far = ScalarType(promote([so_far, operand]), python=is_python(so_far) and is_python(operand))
        if not _covers(so_far.dtype, wanted):
            return False
    return True


def narrowness(type_: Type, wanted: np.dtype) -> int:
    """Which operands come first where the order matters: those of enough bits, then integers."""
    if not is_inexact(type_):
        return 1
    return 0 if _covers(dtype_of(type_), wanted) else 2


def _covers(dtype: np.dtype, wanted: np.dtype) -> bool:
    return dtype.kind in "fc" and _size(dtype) >= _size(wanted)


def _size(dtype: np.dtype) -> int:
    """Bytes of a number, or of the real part of one."""
    return dtype.itemsize // 2 if dtype.kind == "c" else dtype.itemsize


def is_moderate(number: float, dtype: np.dtype) -> bool:
    """Whether a positive literal, or zero, may be multiplied by two of its like."""
    largest = _moderate(dtype)
    return number == 0.0 or 1.0 / largest <= number <= largest


@cache
def _moderate(dtype: np.dtype) -> float:
    return math.pow(np.finfo(dtype).max, 1.0 / 3.0)

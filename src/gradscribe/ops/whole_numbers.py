"""Integers and masks among the operands of operations on floats.

NumPy converts them first, as in np.interp, or the derivative takes products in another order than NumPy: products
of small integers wrap, and a product of masks is one mask.

In:  operands.   Out: operands as floats; a refusal where the value itself depends on the order.
Not here: the order of products that the user wrote (passes/precision.py).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gradscribe.ir.graph import Value
from gradscribe.ir.types import Type, dtype_of, is_inexact
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.spec import Unsupported


def in_floats(b: OpBuilder, value: Value) -> Value:
    """The value, with floats in place of integers."""
    return value if is_inexact(value.type) else b.op("astype", value, dtype=np.dtype(np.float64))


def with_differences(b: OpBuilder, value: Value) -> Value:
    """The value, with floats in place of integers whose differences may wrap."""
    return value if dtype_of(value.type) == np.int64 else in_floats(b, value)


def require_an_order(pairs: Iterable[tuple[Type, Type]], function: str) -> None:
    """Refuse operands that may be multiplied by each other first, where that is not a product of their numbers.

    Raises:
        Unsupported: two operands are masks or integers of fewer than 64 bits.
    """
    for pair in pairs:
        if all(not is_inexact(type_) and dtype_of(type_).itemsize < 8 for type_ in pair):
            names = " and ".join(dtype_of(type_).name for type_ in pair)
            raise Unsupported(
                f"{function} of {names}, which may be multiplied by each other before they meet a float",
                "convert them: `n.astype(float)`",
            )

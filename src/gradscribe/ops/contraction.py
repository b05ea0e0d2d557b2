"""Products that sum over an axis.

In:  nothing.   Out: `OPERATIONS`.
Not here: einsum (einsum.py), solving (linalg.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import Length
from gradscribe.ir.types import Type, broadcast_shapes, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import UFUNC_KEYWORDS, bilinear
from gradscribe.ops.promotion import number_type, numbers, ufunc_dtypes
from gradscribe.ops.spec import Domain, Spelling, Unsupported


def _matmul_shape(left: tuple[Length, ...], right: tuple[Length, ...]) -> tuple[Length, ...]:
    if not left or not right:
        raise Unsupported("matmul of a scalar", "multiply with `*`")
    batch = broadcast_shapes(left[:-2], right[:-2])
    rows = left[-2:-1]
    columns = right[-1:] if len(right) > 1 else ()
    return (*batch, *rows, *columns)


def _matmul_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    left, right = numbers(types)
    (dtype,) = ufunc_dtypes(np.matmul, types)
    return (number_type(dtype, _matmul_shape(shape_of(left), shape_of(right))),)


def transposed(b: OpBuilder, value: Value) -> Value:
    """The value with its last two dimensions swapped: `x.T` for a matrix."""
    ndim = len(shape_of(value.type))
    if ndim == 2:
        return b.op("transpose", value)
    return b.op("swapaxes", value, axis1=-1, axis2=-2)


def _matmul_left(b: OpBuilder, node: Node, ct: Value) -> Value:
    """x of `x @ y`."""
    x, y = node.inputs
    x_ndim, y_ndim = len(shape_of(x.type)), len(shape_of(y.type))
    if x_ndim == 1 and y_ndim == 1:
        return b.op("mul", ct, y)
    if x_ndim == 1:
        return b.op("matmul", y, ct) if y_ndim == 2 else _summed(b, b.op("matmul", y, _column(b, ct)), -1)
    if y_ndim == 1:
        return b.op("outer", ct, y) if x_ndim == 2 else b.op("mul", _column(b, ct), y)
    return b.op("matmul", ct, transposed(b, y))


def _matmul_right(b: OpBuilder, node: Node, ct: Value) -> Value:
    """y of `x @ y`."""
    x, y = node.inputs
    x_ndim, y_ndim = len(shape_of(x.type)), len(shape_of(y.type))
    if x_ndim == 1 and y_ndim == 1:
        return b.op("mul", ct, x)
    if x_ndim == 1:
        row = ct if y_ndim == 2 else b.op("expand_dims", ct, axis=-2)
        return b.op("outer", x, ct) if y_ndim == 2 else b.op("mul", b.op("expand_dims", x, axis=-1), row)
    if y_ndim == 1:
        if x_ndim == 2:
            return b.op("matmul", transposed(b, x), ct)
        return _summed(b, b.op("matmul", transposed(b, x), _column(b, ct)), -1)
    return b.op("matmul", transposed(b, x), ct)


def _column(b: OpBuilder, value: Value) -> Value:
    return b.op("expand_dims", value, axis=-1)


def _summed(b: OpBuilder, value: Value, axis: int) -> Value:
    return b.op("squeeze", value, axis=axis)


def _outer_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    left, right = numbers(types)
    (dtype,) = ufunc_dtypes(np.multiply, types)
    return (number_type(dtype, (_flat(left), _flat(right))),)


def _flat(type_: Type) -> Length:
    total = Length((((), 1),))
    for length in shape_of(type_):
        total = total * length
    return total


def _outer_left(b: OpBuilder, node: Node, ct: Value) -> Value:
    return b.op("matmul", ct, node.inputs[1])


def _outer_right(b: OpBuilder, node: Node, ct: Value) -> Value:
    return b.op("matmul", node.inputs[0], ct)


OPERATIONS = (
    bilinear("matmul", "@ numpy.matmul operator.matmul", "x, y", _matmul_left, _matmul_right, _matmul_types,
             "Matrix product.", refused_keywords={**UFUNC_KEYWORDS, "axes": "transpose the operands instead"},
             backend=Domain.CONTRACTION),
    bilinear("outer", "numpy.outer", "x, y", _outer_left, _outer_right, _outer_types,
             "All products of an element of x with one of y.", refused_keywords={"out": "it writes into another array"},
             backend=Domain.CONTRACTION),
)

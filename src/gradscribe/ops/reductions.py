"""Reductions over axes.

In:  nothing.   Out: `OPERATIONS`.
Not here: running sums (cumulative.py), order statistics (sorting.py), norms (linalg.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import Type, shape_of
from gradscribe.ops.axes import reduced_shape, reduction_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import linear
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.spec import Domain, Spelling

REDUCTION_KEYWORDS = {
    "dtype": "convert the operand with .astype instead",
    "out": "it writes into another array",
    "initial": "combine the result with it instead",
    "where": "select with np.where first",
}


def _sum_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    shape = shape_of(operand)
    axes, keepdims = reduction_of(attrs, len(shape))
    dtype = np.add.resolve_dtypes((None, operand.dtype, None), reduction=True)[0]
    if operand.dtype.kind in "bi" and operand.dtype.itemsize < 8:
        dtype = np.dtype(np.int64)
    return (number_type(dtype, reduced_shape(shape, axes, keepdims)),)


def _mean_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    shape = shape_of(operand)
    axes, keepdims = reduction_of(attrs, len(shape))
    dtype = operand.dtype if operand.dtype.kind in "fc" else np.dtype(np.float64)
    return (number_type(dtype, reduced_shape(shape, axes, keepdims)),)


def restore_axes(b: OpBuilder, node: Node, value: Value) -> Value:
    """A value shaped like the result of a reduction, shaped so that it broadcasts to the operand."""
    ndim = len(shape_of(node.inputs[0].type))
    axes, keepdims = reduction_of(node.attrs, ndim)
    if keepdims or len(axes) == ndim or axes == tuple(range(len(axes))):
        return value
    return b.op("expand_dims", value, axis=axes[0] if len(axes) == 1 else axes)


def count_reduced(b: OpBuilder, node: Node) -> Value:
    """The number of elements that each result of a reduction is made of, as written code says it."""
    operand = node.inputs[0]
    ndim = len(shape_of(operand.type))
    axes, _ = reduction_of(node.attrs, ndim)
    if len(axes) == ndim:
        return b.op("size", operand)
    total: Value | None = None
    for axis in axes:
        length = b.op("dimension", operand, axis=axis)
        total = length if total is None else b.op("mul", total, length)
    return total if total is not None else b.constant(1)


def _sum_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    return restore_axes(b, node, ct)


def _mean_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    return restore_axes(b, node, b.op("div", ct, count_reduced(b, node)))


OPERATIONS = (
    linear("sum", "numpy.sum .sum()", "x, axis=None, keepdims=False", _sum_transpose, _sum_types,
           "Sum over axes.", operands=("x",), refused_keywords=REDUCTION_KEYWORDS, backend=Domain.REDUCTION),
    linear("mean", "numpy.mean .mean()", "x, axis=None, keepdims=False", _mean_transpose, _mean_types,
           "Mean over axes.", operands=("x",), refused_keywords=REDUCTION_KEYWORDS, backend=Domain.REDUCTION),
)

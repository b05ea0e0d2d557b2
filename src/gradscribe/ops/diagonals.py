"""Diagonals and triangles of matrices.

In:  nothing.   Out: `OPERATIONS`.
Not here: other ways to move elements (arranging.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import Length, at_least_zero, smaller
from gradscribe.ir.types import Type, shape_of
from gradscribe.ops.arranging import again, layout
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import linear
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.spec import Aliasing, At, Contribution, Domain, Spelling, Unsupported
from gradscribe.ops.written import statistics as written

Attrs = Mapping[str, object]
Shape = tuple[Length, ...]


def _offset(attrs: Attrs, name: str) -> int:
    offset = attrs.get(name, 0)
    if not isinstance(offset, int):
        raise Unsupported(
            "the offset of a diagonal is not known when the code is generated", "write it as a literal"
        )
    return offset


def diagonal_length(rows: Length, columns: Length, offset: int) -> Length:
    """The length of a diagonal."""
    if offset >= 0:
        return at_least_zero(smaller(rows, columns - offset))
    return at_least_zero(smaller(rows + offset, columns))


def _diag_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    offset = _offset(attrs, "k")
    if len(shape) == 1:
        side = shape[0] + abs(offset)
        return (side, side)
    if len(shape) != 2:
        raise Unsupported(f"diag of an array of {len(shape)} dimensions", "use np.diagonal with axes")
    return (diagonal_length(shape[0], shape[1], offset),)


def _diag_aliasing(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> Aliasing:
    return Aliasing.FRESH if len(shape_of(types[0])) == 1 else Aliasing.VIEW


def _diag_transpose(b: OpBuilder, node: Node, ct: Value) -> Contribution | Value:
    offset = _offset(node.attrs, "k")
    along: dict[str, Any] = {"k": offset} if offset else {}
    operand = node.inputs[0]
    if len(shape_of(operand.type)) == 1:
        return b.op("diag", ct, **along)
    return _at_diagonal(b, operand, ct, offset)


def _at_diagonal(b: OpBuilder, operand: Value, ct: Value, offset: int, axes: tuple[int, int] = (0, 1)) -> At:
    """A contribution to a diagonal: rows i, columns i + offset; `ct` has the diagonal as its last axis."""
    i = b.apply("arange", (b.op("dimension", ct, axis=len(shape_of(ct.type)) - 1),), {"start": Input(0)})[0]
    rows = i if offset >= 0 else b.op("add", i, -offset)
    columns = b.op("add", i, offset) if offset > 0 else i
    index: list[object] = [slice(None)] * len(shape_of(operand.type))
    index[axes[0]], index[axes[1]] = Input(0), Input(1)
    # Index arrays side by side leave their axis in place, others put it first.
    place = min(axes) if abs(axes[0] - axes[1]) == 1 else 0
    last = len(shape_of(ct.type)) - 1
    moved = ct if place == last else b.op("moveaxis", ct, source=-1, destination=place)
    while index and isinstance(index[-1], slice):
        index.pop()
    return At(moved, tuple(index), (rows, columns))


def _axes(attrs: Attrs, ndim: int) -> tuple[int, int]:
    first, second = (one_axis(attrs.get(name, k), ndim) for k, name in enumerate(("axis1", "axis2")))
    if first == second:
        raise Unsupported("a diagonal of one axis with itself", "name two different axes")
    return first, second


def _diagonal_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    if len(shape) < 2:
        raise Unsupported("the diagonal of a vector", "pass a matrix")
    first, second = _axes(attrs, len(shape))
    rest = tuple(length for axis, length in enumerate(shape) if axis not in (first, second))
    return (*rest, diagonal_length(shape[first], shape[second], _offset(attrs, "offset")))


def _diagonal_transpose(b: OpBuilder, node: Node, ct: Value) -> At:
    operand = node.inputs[0]
    axes = _axes(node.attrs, len(shape_of(operand.type)))
    return _at_diagonal(b, operand, ct, _offset(node.attrs, "offset"), axes)


def _trace_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    shape = _diagonal_shape(shape_of(operand), attrs, types)[:-1]
    small = operand.dtype.kind in "biu" and operand.dtype.itemsize < 8
    return (number_type(np.dtype(np.int64) if small else operand.dtype, shape),)


def _trace_transpose(b: OpBuilder, node: Node, ct: Value) -> At:
    """The same number at each place of a diagonal."""
    operand = node.inputs[0]
    attrs: dict[str, Any] = {k: node.attrs[k] for k in ("offset", "axis1", "axis2") if k in node.attrs}
    diagonal = b.op("diagonal", operand, **attrs)
    column = ct if not shape_of(ct.type) else b.op("expand_dims", ct, axis=-1)
    spread = b.op("broadcast_like", column, diagonal)
    axes = _axes(node.attrs, len(shape_of(operand.type)))
    return _at_diagonal(b, operand, spread, _offset(node.attrs, "offset"), axes)


def _triangle_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    _offset(attrs, "k")
    if len(shape) < 2:
        raise Unsupported("a triangle of a vector", "pass a matrix")
    return shape


OPERATIONS = (
    layout(
        "diag",
        "numpy.diag",
        "x, k=0",
        _diag_transpose,
        _diag_shape,
        "A diagonal, or the matrix that has it.",
        aliasing=_diag_aliasing,
        samples=("a(3)", "a(3), k=1", "a(3), k=-1", "a(3, 3)", "a(2, 3), k=1", "a(3, 2), k=-1"),
    ),
    layout(
        "diagonal",
        "numpy.diagonal .diagonal()",
        "x, offset=0, axis1=0, axis2=1",
        _diagonal_transpose,
        _diagonal_shape,
        "The diagonal of a matrix.",
        aliasing=Aliasing.VIEW,
        samples=(
            "a(3, 3)",
            "a(2, 3), offset=1",
            "a(3, 2), offset=-1",
            "a(2, 3, 4)",
            "a(2, 3, 3), axis1=1, axis2=2",
            "a(3, 2, 4), axis1=2, axis2=0, offset=1",
            "a(3, 2, 3, 2), axis1=-1, axis2=1",
        ),
    ),
    linear(
        "trace",
        "numpy.trace .trace()",
        "x, offset=0, axis1=0, axis2=1",
        _trace_transpose,
        _trace_types,
        "Sum of the diagonal.",
        written=written.trace,
        operands=("x",),
        backend=Domain.REDUCTION,
        refused_keywords={
            "out": "it writes into another array",
        },
        samples=("a(3, 3)", "a(2, 3), offset=1", "a(2, 3, 4)", "a(2, 3, 3), axis1=2, axis2=1"),
    ),
    layout(
        "tril",
        "numpy.tril",
        "x, k=0",
        again,
        _triangle_shape,
        "The lower triangle.",
        samples=("a(3, 3)", "a(2, 3), k=-1", "a(2, 3, 3)"),
    ),
    layout(
        "triu",
        "numpy.triu",
        "x, k=0",
        again,
        _triangle_shape,
        "The upper triangle.",
        samples=("a(3, 3)", "a(2, 3), k=1"),
    ),
)

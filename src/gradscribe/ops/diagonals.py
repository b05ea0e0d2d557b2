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
from gradscribe.ir.types import ScalarType, Type, shape_of
from gradscribe.ops.arranging import again, layout
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import linear
from gradscribe.ops.promotion import numbers
from gradscribe.ops.spec import Aliasing, At, Contribution, Domain, Spelling, Unsupported

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


def _at_diagonal(b: OpBuilder, operand: Value, ct: Value, offset: int) -> At:
    """A contribution to the diagonal of a matrix: rows i, columns i + offset."""
    i = b.apply("arange", (b.op("dimension", ct, axis=0),), {"start": Input(0)})[0]
    rows = i if offset >= 0 else b.op("add", i, -offset)
    columns = b.op("add", i, offset) if offset > 0 else i
    return At(ct, (Input(0), Input(1)), (rows, columns))


def _diagonal_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    if len(shape) != 2 or "axis1" in attrs or "axis2" in attrs:
        raise Unsupported("diagonals of stacks of matrices", "use np.einsum('...ii->...i', x)")
    return (diagonal_length(shape[0], shape[1], _offset(attrs, "offset")),)


def _diagonal_transpose(b: OpBuilder, node: Node, ct: Value) -> At:
    return _at_diagonal(b, node.inputs[0], ct, _offset(node.attrs, "offset"))


def _trace_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    _diagonal_shape(shape_of(operand), attrs, types)
    small = operand.dtype.kind in "biu" and operand.dtype.itemsize < 8
    return (ScalarType(np.dtype(np.int64) if small else operand.dtype),)


def _trace_transpose(b: OpBuilder, node: Node, ct: Value) -> At:
    """The same number at each place of the diagonal."""
    operand = node.inputs[0]
    attrs: dict[str, Any] = {"offset": node.attrs["offset"]} if "offset" in node.attrs else {}
    diagonal = b.op("diagonal", operand, **attrs)
    spread = b.op("broadcast_like", ct, diagonal)
    return _at_diagonal(b, operand, spread, _offset(node.attrs, "offset"))


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
        samples=("a(3, 3)", "a(2, 3), offset=1", "a(3, 2), offset=-1"),
    ),
    linear(
        "trace",
        "numpy.trace .trace()",
        "x, offset=0",
        _trace_transpose,
        _trace_types,
        "Sum of the diagonal.",
        operands=("x",),
        backend=Domain.REDUCTION,
        refused_keywords={
            "axis1": "use np.einsum",
            "axis2": "use np.einsum",
            "dtype": "use .astype",
            "out": "it writes into another array",
        },
        samples=("a(3, 3)", "a(2, 3), offset=1"),
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

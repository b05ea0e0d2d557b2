"""Changing shape without changing elements.

In:  nothing.   Out: `OPERATIONS`.
Not here: reading at an index (indexing.py), joining arrays (joining.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import ONE, Length
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.axes import all_axes, one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import linear
from gradscribe.ops.promotion import numbers
from gradscribe.ops.spec import Aliasing, Domain, Spelling

Attrs = Mapping[str, object]


def _transpose_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    shape = shape_of(operand)
    axes = attrs.get("axes")
    if axes is None:
        return (ArrayType(operand.dtype, shape[::-1]),)
    assert isinstance(axes, tuple)
    return (ArrayType(operand.dtype, tuple(shape[one_axis(axis, len(shape))] for axis in axes)),)


def _transpose_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    axes = node.attrs.get("axes")
    if axes is None:
        return b.op("transpose", ct)
    assert isinstance(axes, tuple)
    order = [one_axis(axis, len(axes)) for axis in axes]
    return b.op("transpose", ct, axes=tuple(order.index(axis) for axis in range(len(order))))


def _swapaxes_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    shape = list(shape_of(operand))
    first, second = (one_axis(attrs[name], len(shape)) for name in ("axis1", "axis2"))
    shape[first], shape[second] = shape[second], shape[first]
    return (ArrayType(operand.dtype, tuple(shape)),)


def _swapaxes_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    return b.op("swapaxes", ct, axis1=node.attrs["axis1"], axis2=node.attrs["axis2"])


def _expand_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    shape = shape_of(operand)
    given = attrs["axis"]
    count = len(given) if isinstance(given, tuple | list) else 1
    places = all_axes(given, len(shape) + count)
    rest = iter(shape)
    widened = tuple(ONE if axis in places else next(rest) for axis in range(len(shape) + count))
    return (ArrayType(operand.dtype, widened),)


def _expand_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    return b.op("squeeze", ct, axis=node.attrs["axis"])


def _squeeze_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    shape = shape_of(operand)
    axis = attrs.get("axis")
    dropped = [a for a, n in enumerate(shape) if n.is_one] if axis is None else all_axes(axis, len(shape))
    kept: list[Length] = [length for a, length in enumerate(shape) if a not in dropped]
    return (ArrayType(operand.dtype, tuple(kept)),)


def _squeeze_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    shape = shape_of(node.inputs[0].type)
    axis = node.attrs.get("axis")
    dropped = (
        tuple(a for a, n in enumerate(shape) if n.is_one) if axis is None else all_axes(axis, len(shape))
    )
    if not dropped:
        return ct
    return b.op("expand_dims", ct, axis=dropped[0] if len(dropped) == 1 else dropped)


OPERATIONS = (
    linear("transpose", ".T .transpose() numpy.transpose numpy.permute_dims", "x, axes=None", _transpose_transpose,
           _transpose_types, "The dimensions in another order.", operands=("x",), aliasing=Aliasing.VIEW,
           backend=Domain.LAYOUT),
    linear("swapaxes", "numpy.swapaxes .swapaxes()", "x, axis1, axis2", _swapaxes_transpose, _swapaxes_types,
           "Two dimensions swapped.", operands=("x",), aliasing=Aliasing.VIEW, backend=Domain.LAYOUT),
    linear("expand_dims", "numpy.expand_dims", "x, axis", _expand_transpose, _expand_types,
           "The array with dimensions of length 1 put in.", operands=("x",), aliasing=Aliasing.VIEW,
           backend=Domain.LAYOUT),
    linear("squeeze", "numpy.squeeze .squeeze()", "x, axis=None", _squeeze_transpose, _squeeze_types,
           "The array without dimensions of length 1.", operands=("x",), aliasing=Aliasing.VIEW,
           backend=Domain.LAYOUT),
)

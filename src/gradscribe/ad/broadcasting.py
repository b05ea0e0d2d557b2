"""Making a cotangent fit the value it belongs to: summing what was broadcast, casting what was promoted.

In:  a contribution's value and the type it must have.   Out: nodes that bring it there.
Not here: adding contributions up (accumulate.py).
"""

from __future__ import annotations

from collections.abc import Container

from gradscribe.ir.graph import Value
from gradscribe.ir.types import ArrayType, ScalarType, Type, dtype_of, is_number, same_shape, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.shapes import only_element
from gradscribe.ops.structural import kept_python


def is_smaller(value: Type, target: Type) -> bool:
    """The value stands for itself repeated: it broadcasts to the target and is known to have fewer elements."""
    mine, full = shape_of(value), shape_of(target)
    if len(mine) < len(full):
        return True
    return any(a.is_one and not b.is_one for a, b in zip(mine, full, strict=False))


def is_larger(value: Type, target: Type) -> bool:
    """The value has, or may have, a dimension in which the target is broadcast."""
    mine, wanted = shape_of(value), shape_of(target)
    if len(mine) != len(wanted):
        return len(mine) > len(wanted)
    return not same_shape(value, target) and not is_smaller(value, target)


def whole(b: OpBuilder, value: Value, result: Value) -> Value:
    """A contribution with the shape of the elementwise result, where only the run can tell whether it has it."""
    mine, full = shape_of(value.type), shape_of(result.type)
    unknown = any(
        a != n and not a.is_one and not (a.is_not_one and n.is_not_one)
        for a, n in zip(mine[::-1], full[::-1], strict=False)
    )
    return b.op("broadcast_like", value, result) if unknown else value


def reduce_to(b: OpBuilder, value: Value, result: Value, operand: Value, *, optional: bool = False) -> Value:
    """Sum over the dimensions in which `operand`, which may be absent, was broadcast to `result`.

    `value` is a contribution that broadcasts to the shape of `result`; what returns broadcasts to that of
    `operand`. Where a dimension is summed in which `value` is only repeated, it is multiplied by the length.
    """
    full, wanted = shape_of(result.type), shape_of(operand.type)
    if same_shape(result.type, operand.type):
        return value
    extra = len(full) - len(wanted)
    summed = [
        axis for axis in range(len(full)) if axis < extra or _is_broadcast(full[axis], wanted[axis - extra])
    ]
    value = _multiply_repeats(b, value, result, summed)
    value = _sum_axes(b, value, len(full), extra, summed)
    if any(
        not wanted[axis - extra].is_one and not _known_equal(full[axis], wanted[axis - extra])
        for axis in range(extra, len(full))
    ):
        full_value = _materialise_if_scalar(b, value, result, operand)
        return _shaped(b, "unbroadcast_like", full_value, operand, optional=optional)
    return value


def _shaped(b: OpBuilder, name: str, value: Value, like: Value, *, optional: bool) -> Value:
    """`value` brought to the shape of `like`, which may be absent, and then so is the result."""
    return b.apply(name, (value, like), {"optional": True})[0] if optional else b.op(name, value, like)


def _known_equal(full: object, wanted: object) -> bool:
    return full == wanted or bool(getattr(full, "is_not_one", False) and getattr(wanted, "is_not_one", False))


def _is_broadcast(full: object, wanted: object) -> bool:
    return bool(getattr(wanted, "is_one", False)) and not bool(getattr(full, "is_one", False))


def _materialise_if_scalar(b: OpBuilder, value: Value, result: Value, operand: Value) -> Value:
    """Before a run-time un-broadcast a repeated contribution must have its full shape."""
    if is_smaller(value.type, result.type) and len(shape_of(value.type)) < len(shape_of(operand.type)):
        return b.op("broadcast_like", value, result)
    return value


def _multiply_repeats(b: OpBuilder, value: Value, result: Value, summed: list[int]) -> Value:
    full, mine = shape_of(result.type), shape_of(value.type)
    missing = len(full) - len(mine)
    repeated = [axis for axis in summed if axis < missing or mine[axis - missing].is_one]
    repeated = [axis for axis in repeated if not full[axis].is_one]
    if len(repeated) == len(full) and repeated:
        return b.op("mul", value, b.op("size", result))
    for axis in repeated:
        value = b.op("mul", value, b.op("dimension", result, axis=axis))
    return value


def _sum_axes(b: OpBuilder, value: Value, ndim: int, extra: int, summed: list[int]) -> Value:
    missing = ndim - len(shape_of(value.type))
    present = [axis for axis in summed if axis >= missing]
    mine = shape_of(value.type)
    if len(present) == len(mine) == ndim and extra == ndim:
        return b.op("sum", value) if mine else value
    kept = tuple(axis - missing for axis in present if axis >= extra and not mine[axis - missing].is_one)
    if kept:
        value = b.op("sum", value, axis=_as_axis(kept), keepdims=True)
    dropped = tuple(axis - missing for axis in present if axis < extra)
    return b.op("sum", value, axis=_as_axis(dropped)) if dropped else value


def _as_axis(axes: tuple[int, ...]) -> int | tuple[int, ...]:
    return axes[0] if len(axes) == 1 else axes


def cast_to(b: OpBuilder, value: Value, target: Type) -> Value:
    """The cotangent of a value has its dtype: real for real, float32 for float32.

    Where an int stands, as at the start of a sum of floats, the cotangent is that of the floats.
    """
    if not is_number(target) or not is_number(value.type):
        return value
    mine, wanted = dtype_of(value.type), dtype_of(target)
    if wanted.kind in "biu":
        return value
    if mine.kind == "c" and wanted.kind == "f":
        value = b.op("real", value)
        mine = dtype_of(value.type)
    weak = isinstance(value.type, ScalarType) and value.type.python
    if mine == wanted or weak:
        return value
    if isinstance(value.type, ScalarType) and isinstance(target, ScalarType) and target.python:
        return kept_python(b, value, target)
    return b.op("astype", value, dtype=wanted)


def full_shape(b: OpBuilder, value: Value, like: Value, *, optional: bool = False) -> Value:
    """A cotangent of the very shape and kind of `like`, no longer one that stands for repetition.

    With `optional`, `like` may be absent, and then so is the cotangent.
    """
    if isinstance(like.type, ArrayType) and (
        not isinstance(value.type, ArrayType) or not same_shape(value.type, like.type)
    ):
        return _shaped(b, "broadcast_like", value, like, optional=optional)
    return value


def handed_on(b: OpBuilder, value: Value, like: Value, absent: Container[Value] = ()) -> Value:
    """What a block hands on: full shape and dtype of `like`; a Python number where `like` is one.

    Where `like` is among what may be `absent`, so is the result.
    A Python number may stand where a NumPy scalar is declared: the type is an upper bound.
    """
    whole_value = full_shape(b, cast_to(b, value, like.type), like, optional=like in absent)
    return kept_python(b, whole_value, like.type)


def same_kind(b: OpBuilder, value: Value, like: Value) -> Value:
    """What the user gets: as `handed_on`, and a NumPy scalar for a NumPy scalar."""
    value = handed_on(b, value, like)
    mine, wanted = value.type, like.type
    if isinstance(wanted, ScalarType) and isinstance(mine, ArrayType):
        return only_element(b, value)
    is_plain = isinstance(mine, ScalarType) and (mine.python or mine.loose)
    if is_plain and isinstance(wanted, ScalarType) and not wanted.python:
        return b.op("astype", value, dtype=wanted.dtype)
    return value

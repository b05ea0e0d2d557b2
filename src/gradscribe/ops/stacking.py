"""Lists and arrays made of one another: `np.stack` of a run-time list, the entries of an array as a list.

In:  nothing.   Out: `OPERATIONS`.
Not here: lists themselves (sequences.py), joining arrays that are separate operands (joining.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import Length, fresh
from gradscribe.ir.types import ArrayType, ScalarType, SequenceType, Type, numpy_scalar, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import custom, linear, push_first
from gradscribe.ops.promotion import numbers
from gradscribe.ops.sequence_types import Attrs, as_sequence
from gradscribe.ops.spec import Aliasing, Contributions, Spelling, function
from gradscribe.runtime.lists import split_like, unstack_list


def _stack_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = as_sequence(types[0])
    (element,) = numbers([_innermost(found)])
    length = found.length if found.length is not None else fresh()
    shape = [*_outer_lengths(found)[1:], *shape_of(element)]
    axis = attrs.get("axis", 0)
    assert isinstance(axis, int)
    if spelling.name == "numpy.concatenate":
        shape[axis] = fresh()
        return (ArrayType(element.dtype, tuple(shape)),)
    place = axis if axis >= 0 else axis + len(shape) + 1
    return (ArrayType(element.dtype, (*shape[:place], length, *shape[place:])),)


def _innermost(type_: Type) -> Type:
    return _innermost(type_.element) if isinstance(type_, SequenceType) else type_


def _outer_lengths(type_: Type) -> list[Length]:
    if not isinstance(type_, SequenceType):
        return []
    return [type_.length if type_.length is not None else fresh(), *_outer_lengths(type_.element)]


def _unstack_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (array,) = numbers(types)
    axis, depth = attrs.get("axis", 0), attrs.get("depth", 1)
    assert isinstance(axis, int) and isinstance(depth, int)
    shape = list(shape_of(array))
    lengths = [shape.pop(axis), *(shape.pop(0) for _ in range(depth - 1))]
    element: Type = ArrayType(array.dtype, tuple(shape)) if shape else numpy_scalar(array.dtype)
    for length in reversed(lengths):
        element = SequenceType(element, length)
    return (element,)


def _stack_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    spelling = node.attrs.get("spelling")
    if isinstance(spelling, Spelling) and spelling.name == "numpy.concatenate":
        return b.op("split_like", ct, node.inputs[0], axis=node.attrs.get("axis", 0))
    depth = len(_outer_lengths(node.inputs[0].type))
    attrs: dict[str, Any] = {"depth": depth} if depth > 1 else {}
    return b.op("unstack_list", ct, axis=node.attrs.get("axis", 0), **attrs)


def _unstack_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    axis = node.attrs.get("axis", 0)
    items = ct.type
    if axis == 0 and isinstance(items, SequenceType) and isinstance(items.element, ScalarType):
        # Of numbers there may be none: np.stack wants one at least.
        return b.apply("stack_list", (ct,), {"spelling": function("numpy.array")})[0]
    return b.op("stack_list", ct, axis=axis)


def _stack(inputs: Sequence[Any], attrs: Mapping[str, Any]) -> object:
    spelling = attrs.get("spelling")
    name = spelling.name if spelling is not None else "numpy.stack"
    function = getattr(np, name.removeprefix("numpy."))
    return function(inputs[0], axis=attrs["axis"]) if "axis" in attrs else function(inputs[0])


def _unstack(inputs: Sequence[Any], attrs: Mapping[str, Any]) -> object:
    return unstack_list(inputs[0], attrs.get("axis", 0), attrs.get("depth", 1))


def _split_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None, None]
    axis = node.attrs.get("axis", 0)
    return [b.op("stack_list", ct, axis=axis, spelling=function("numpy.concatenate")), None]


OPERATIONS = (
    linear(
        "stack_list",
        "numpy.stack numpy.array numpy.asarray numpy.concatenate",
        "items, axis=0",
        _stack_transpose,
        _stack_types,
        "The items of a list as one array.",
        operands=("items",),
        evaluate=_stack,
    ),
    custom(
        "split_like",
        "gradscribe.runtime.lists.split_like",
        "x, items, axis=0",
        _split_vjp,
        push_first,
        lambda types, attrs, spelling: (types[1],),
        "An array cut into parts as long as the items of a list.",
        why="linear in the array",
        operands=("x", "items"),
        aliasing=Aliasing.VIEW,
        evaluate=lambda inputs, attrs: split_like(inputs[0], inputs[1], attrs.get("axis", 0)),
    ),
    linear(
        "unstack_list",
        "gradscribe.runtime.lists.unstack_list",
        "x, axis=0, depth=1",
        _unstack_transpose,
        _unstack_types,
        "The entries of an array along an axis, as a list.",
        operands=("x",),
        evaluate=_unstack,
        aliasing=Aliasing.VIEW,
    ),
)

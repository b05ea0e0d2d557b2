"""Run-time lists: what a loop collects, and lists that the user builds.

In:  nothing.   Out: `OPERATIONS`.
Not here: joining arrays that are separate operands (joining.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import Length, as_length, fresh
from gradscribe.ir.types import (
    INT,
    NONE,
    ArrayType,
    ScalarType,
    SequenceType,
    Type,
    int_of_length,
    numpy_scalar,
    shape_of,
)
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import constant_almost_everywhere, custom, linear, push_first
from gradscribe.ops.promotion import numbers
from gradscribe.ops.spec import Aliasing, At, Contributions, Domain, Spelling, Unsupported, function
from gradscribe.runtime.lists import add_lists, split_like, unstack_list

Attrs = Mapping[str, object]


def _sequence(type_: Type) -> SequenceType:
    if not isinstance(type_, SequenceType):
        raise Unsupported(f"a {type_} is used as a list", "build the list with [] and append")
    return type_


def _joined(left: Type, right: Type) -> Type:
    """The element type of a list that holds both."""
    if left == right or NONE in (left, right):
        return right if left == NONE else left
    if isinstance(left, ArrayType) and isinstance(right, ArrayType) and left.ndim == right.ndim:
        shape = tuple(a if a == b else fresh() for a, b in zip(left.shape, right.shape, strict=True))
        return ArrayType(np.result_type(left.dtype, right.dtype), shape)
    if isinstance(left, ScalarType) and isinstance(right, ScalarType):
        return ScalarType(np.result_type(left.dtype, right.dtype), python=left.python and right.python)
    if isinstance(left, SequenceType) and isinstance(right, SequenceType):
        return SequenceType(_joined(left.element, right.element))
    raise Unsupported(f"a list holds both a {left} and a {right}", "keep the items of a list of one kind")


def _plus(length: Length | None, by: int) -> Length | None:
    return None if length is None else length + by


def _new_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    element: Type = NONE
    for type_ in types:
        element = _joined(element, type_)
    return (SequenceType(element, as_length(len(types))),)


def _append_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = _sequence(types[0])
    return (SequenceType(_joined(found.element, types[1]), _plus(found.length, 1)),)


def _get_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (_sequence(types[0]).element,)


def _set_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = _sequence(types[0])
    return (SequenceType(_joined(found.element, types[2]), found.length),)


def _pop_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = _sequence(types[0])
    return SequenceType(found.element, _plus(found.length, -1)), found.element


def _length_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    length = _sequence(types[0]).length
    return (INT if length is None else int_of_length(length),)


def _stack_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = _sequence(types[0])
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


def _new_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None] * len(node.inputs)
    return [b.op("list_get", ct, position) for position in range(len(node.inputs))]


def _append_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    return b.apply("list_pop", (ct,))


def _pop_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    rest, last = cts
    if rest is None:
        rest = b.op("zeros_like", node.outputs[0])
    if last is None:
        last = b.op("zeros_like", node.outputs[1])
    return [b.op("list_append", rest, last)]


def _delete_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    rest, item = cts
    if rest is None:
        rest = b.op("zeros_like", node.outputs[0])
    if item is None:
        item = b.op("zeros_like", node.outputs[1])
    position = _from_start(b, node, lambda: b.op("add", b.op("list_length", node.outputs[0]), b.constant(1)))
    return [b.op("list_insert", rest, position, item, from_start=True), None]


def _insert_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    length = b.op("list_length", node.inputs[0])
    position = _from_start(b, node, lambda: length)
    # Beyond the end, and before the start, Python inserts at the end and at the start.
    position = b.op("maximum", b.op("minimum", position, length), b.constant(0))
    rest, item = b.apply("list_delete", (ct, position), {"from_start": True})
    return [rest, None, item]


def _from_start(b: OpBuilder, node: Node, length: Callable[[], Value]) -> Value:
    """The index of a node, counted from the start of the list."""
    index = node.inputs[1]
    if node.attrs.get("from_start"):
        return index
    return b.op("add", index, b.op("mul", length(), b.op("lt", index, b.constant(0))))


def _get_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    return [At(ct, (Input(0),), (node.inputs[1],)), None]


def _set_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    index = node.inputs[1]
    part = b.op("list_get", ct, index)
    return [b.op("list_set", ct, index, _zero_before(b, node, part)), None, part]


def _zero_before(b: OpBuilder, node: Node, part: Value) -> Value:
    """Zero for the entry that was replaced, whose shape or length may be another one than the new entry's."""
    items, index, value = node.inputs
    element = _sequence(items.type).element
    if node.attrs.get("updates") and isinstance(element, SequenceType):
        # What the new list was made of adds to it before anything else reads it.
        return b.op("list_new")
    same = isinstance(element, ArrayType) and isinstance(value.type, ArrayType) and element == value.type
    if isinstance(element, ScalarType) or same or node.attrs.get("updates"):
        return b.op("zeros_like", part)
    return b.op("zeros_like", b.op("list_get", items, index))


def _accumulate_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    return [ct, None, b.op("list_get", ct, node.inputs[1])]


# Operations whose second input says where, and has no tangent.
AT_A_POSITION = frozenset({"list_get", "list_set", "list_insert", "list_delete", "list_accumulate"})


def _all_operands_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    """The operation itself on the tangents; positions stay, and what has no tangent contributes zero."""
    if all(tangent is None for tangent in tangents):
        return [None] * len(node.outputs)
    positions = (1,) if node.op.name in AT_A_POSITION else ()
    inputs = [
        tangent if tangent is not None else value if place in positions else b.op("zeros_like", value)
        for place, (value, tangent) in enumerate(zip(node.inputs, tangents, strict=True))
    ]
    return b.apply(node.op.name, inputs, node.attrs)


def _stack_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    spelling = node.attrs.get("spelling")
    if isinstance(spelling, Spelling) and spelling.name == "numpy.concatenate":
        return b.op("split_like", ct, node.inputs[0], axis=node.attrs.get("axis", 0))
    depth = len(_outer_lengths(node.inputs[0].type))
    attrs: dict[str, Any] = {"depth": depth} if depth > 1 else {}
    return b.op("unstack_list", ct, axis=node.attrs.get("axis", 0), **attrs)


def _unstack_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    return b.op("stack_list", ct, axis=node.attrs.get("axis", 0))


def _pop(inputs: Sequence[Any], attrs: Attrs) -> object:
    return inputs[0][:-1], inputs[0][-1]


def _insert(inputs: Sequence[Any], attrs: Attrs) -> object:
    items, index, value = inputs
    result = list(items)
    result.insert(index, value)
    return result


def _delete(inputs: Sequence[Any], attrs: Attrs) -> object:
    items, index = inputs
    result = list(items)
    item = result.pop(index)
    return result, item


def _set(inputs: Sequence[Any], attrs: Attrs) -> object:
    items, index, value = inputs
    result = list(items)
    result[index] = value
    return result


def _accumulate(inputs: Sequence[Any], attrs: Attrs) -> object:
    items, index, value = inputs
    result = list(items)
    result[index] = add_lists(result[index], value)
    return result


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
    custom(
        "list_new",
        "[...]",
        "*items",
        _new_vjp,
        _all_operands_jvp,
        _new_types,
        "A list of these items.",
        why="a list of its operands",
        operands=(),
        evaluate=lambda inputs, attrs: list(inputs),
    ),
    custom(
        "list_append",
        "append",
        "items, value",
        _append_vjp,
        _all_operands_jvp,
        _append_types,
        "The list with one more item.",
        why="append and pop are each other's transposes",
        evaluate=lambda inputs, attrs: [*inputs[0], inputs[1]],
    ),
    custom(
        "list_pop",
        "pop",
        "items",
        _pop_vjp,
        _all_operands_jvp,
        _pop_types,
        "The list without its last item, and that item.",
        why="append and pop are each other's transposes",
        evaluate=_pop,
    ),
    custom(
        "list_insert",
        "insert",
        "items, index, value, from_start=False",
        _insert_vjp,
        _all_operands_jvp,
        lambda types, attrs, spelling: _append_types((types[0], types[2]), attrs, spelling),
        "The list with one more item at `index`.",
        why="insertion and deletion are each other's transposes",
        operands=("items", "index", "value"),
        evaluate=_insert,
    ),
    custom(
        "list_delete",
        "pop(index)",
        "items, index, from_start=False",
        _delete_vjp,
        _all_operands_jvp,
        _pop_types,
        "The list without the item at `index`, and that item.",
        why="insertion and deletion are each other's transposes",
        operands=("items", "index"),
        evaluate=_delete,
    ),
    custom(
        "list_get",
        "items[]",
        "items, index",
        _get_vjp,
        _all_operands_jvp,
        _get_types,
        "One item of a list.",
        why="linear in the list",
        evaluate=lambda inputs, attrs: inputs[0][inputs[1]],
    ),
    custom(
        "list_set",
        "items[]=",
        "items, index, value, updates=False",
        _set_vjp,
        _all_operands_jvp,
        _set_types,
        "The list with one item replaced; `updates`: by that very array or list, which was written to.",
        why="linear in list and item",
        operands=("items", "index", "value"),
        evaluate=_set,
    ),
    custom(
        "list_accumulate",
        "items[]+=",
        "items, index, value",
        _accumulate_vjp,
        _all_operands_jvp,
        _set_types,
        "The list with `value` added to one item.",
        why="linear in list and item",
        evaluate=_accumulate,
    ),
    constant_almost_everywhere(
        "list_length",
        "builtins.len",
        "it is an int",
        "The number of items of a list.",
        signature="items",
        types=_length_types,
        backend=Domain.OPAQUE,
        evaluate=lambda inputs, attrs: len(inputs[0]),
    ),
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
    linear(
        "add_lists",
        "gradscribe.runtime.lists.add_lists",
        "x, y",
        None,
        lambda types, attrs, spelling: (types[0],),
        "The sum of two nestings of lists, item by item.",
        transposes=lambda b, node, cts: [cts[0], cts[0]],
        evaluate=lambda inputs, attrs: add_lists(*inputs),
    ),
)

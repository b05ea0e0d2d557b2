"""Run-time lists: what a loop collects, and lists that the user builds.

In:  nothing.   Out: `OPERATIONS`.
Not here: arrays made of lists, lists made of arrays (stacking.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import reduce
from operator import getitem
from typing import Any

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.types import (
    BOOL,
    INT,
    ArrayType,
    ScalarType,
    SequenceType,
    TupleType,
    Type,
    is_inexact,
)
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import constant_almost_everywhere, custom, linear
from gradscribe.ops.sequence_types import (
    Attrs,
    accumulate_types,
    append_types,
    entry_type,
    get_types,
    length_types,
    new_types,
    pop_last_types,
    pop_types,
    set_types,
    sum_types,
)
from gradscribe.ops.spec import At, Contributions, Domain
from gradscribe.ops.structural import kept_python
from gradscribe.runtime.lists import add_lists


def _size(attrs: Attrs) -> int:
    size = attrs["size"]
    assert isinstance(size, int)
    return size


def _new_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None] * len(node.inputs)
    return [b.op("list_get", ct, position) for position in range(len(node.inputs))]


def _append_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    path = node.inputs[1:-1]
    rest, item = b.apply("list_pop", (ct, *path))
    return [rest, *(None for _ in path), item]


def _pop_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    rest, last = cts
    if rest is None:
        rest = b.op("zeros_like", node.outputs[0])
    if last is None:
        last = b.op("zeros_like", node.outputs[1])
    last = kept_python(b, last, node.outputs[1].type)
    path = node.inputs[1:]
    return [b.op("list_append", rest, *path, last), *(None for _ in path)]


def _delete_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    rest, item = cts
    if rest is None:
        rest = b.op("zeros_like", node.outputs[0])
    if item is None:
        item = b.op("zeros_like", node.outputs[1])
    item = kept_python(b, item, node.outputs[1].type)
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
    path = node.inputs[1:]
    ct = kept_python(b, ct, node.output.type)
    return [At(ct, tuple(map(Input, range(len(path)))), path), *(None for _ in path)]


def _set_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    path = node.inputs[1:-1]
    part = b.op("list_get", ct, *path)
    cleared = b.op("list_set", ct, *path, _zero_before(b, node, part))
    return [cleared, *(None for _ in path), part]


def _zero_before(b: OpBuilder, node: Node, part: Value) -> Value:
    """Zero for the entry that was replaced, whose shape or length may be another one than the new entry's."""
    items, *path, value = node.inputs
    element = entry_type(items.type, len(path))
    if node.attrs.get("updates") and isinstance(element, SequenceType):
        # What the new list was made of adds to it before anything else reads it.
        return b.op("list_new")
    same = isinstance(element, ArrayType) and isinstance(value.type, ArrayType) and element == value.type
    if _is_of_scalars(element) or same or node.attrs.get("updates"):
        return b.op("zeros_like", part)
    return b.op("zeros_like", b.op("list_get", items, *path))


def _is_of_scalars(type_: Type) -> bool:
    """Whether all values of a type have the same shape."""
    if isinstance(type_, TupleType):
        return all(map(_is_of_scalars, type_.elements))
    return isinstance(type_, ScalarType)


def _accumulate_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    path = node.inputs[1:-1]
    return [ct, *(None for _ in path), b.op("list_get", ct, *path)]


def _sum_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    items, count, start = node.inputs
    each = b.op("repeat_item", kept_python(b, ct, entry_type(items.type, 1)), count)
    return [each, None, kept_python(b, ct, start.type) if is_inexact(start.type) else None]


def _sum_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    items, _, start = tangents
    if items is None:
        return [start]
    return [b.op("sum_list", items, node.inputs[1], start if start is not None else b.constant(0.0))]


def _repeat_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    # Of no items it is a float, too.
    return [b.op("sum_list", ct, node.inputs[1], b.constant(0.0)), None]


def _positions(node: Node) -> range:
    """The inputs that say where, and have no tangent."""
    match node.op.name:
        case "list_new":
            return range(0)
        case "list_insert":
            return range(1, 2)
        case "list_get" | "list_pop" | "list_delete":
            return range(1, len(node.inputs))
    return range(1, len(node.inputs) - 1)


def _all_operands_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    """The operation itself on the tangents; positions stay, and what has no tangent contributes zero."""
    if all(tangent is None for tangent in tangents):
        return [None] * len(node.outputs)
    positions = _positions(node)
    inputs = [
        tangent if tangent is not None else value if place in positions else b.op("zeros_like", value)
        for place, (value, tangent) in enumerate(zip(node.inputs, tangents, strict=True))
    ]
    return b.apply(node.op.name, inputs, node.attrs)


def _at(items: Any, path: Sequence[Any], change: Callable[[Any], Any]) -> Any:
    """The list with a change made to what stands at the end of a path."""
    if not path:
        return change(items)
    result = list(items)
    result[path[0]] = _at(items[path[0]], path[1:], change)
    return result


def _get(inputs: Sequence[Any], attrs: Attrs) -> Any:
    return reduce(getitem, inputs[1:], inputs[0])


def _append(inputs: Sequence[Any], attrs: Attrs) -> object:
    items, *path, value = inputs
    return _at(items, path, lambda entry: [*entry, value])


def _pop(inputs: Sequence[Any], attrs: Attrs) -> object:
    items, *path = inputs
    return _at(items, path, lambda entry: entry[:-1]), _get(inputs, attrs)[-1]


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
    items, *path, value = inputs
    return _at(items, path, lambda entry: value)


def _accumulate(inputs: Sequence[Any], attrs: Attrs) -> object:
    items, *path, value = inputs
    return _at(items, path, lambda entry: add_lists(entry, value))


OPERATIONS = (
    custom(
        "list_new",
        "[...]",
        "*items",
        _new_vjp,
        _all_operands_jvp,
        new_types,
        "A list of these items.",
        why="a list of its operands",
        operands=(),
        evaluate=lambda inputs, attrs: list(inputs),
    ),
    custom(
        "list_append",
        "append",
        "items, *where, value, exists=False",
        _append_vjp,
        _all_operands_jvp,
        append_types,
        "The list with one more item; `where` leads to the list that gets it; `exists`: it is never absent.",
        why="append and pop are each other's transposes",
        operands=("items", "value"),
        evaluate=_append,
    ),
    custom(
        "list_pop",
        "pop",
        "items, *where",
        _pop_vjp,
        _all_operands_jvp,
        pop_last_types,
        "The list without its last item, and that item; `where` leads to a list inside.",
        why="append and pop are each other's transposes",
        evaluate=_pop,
    ),
    custom(
        "list_insert",
        "insert",
        "items, index, value, from_start=False",
        _insert_vjp,
        _all_operands_jvp,
        lambda types, attrs, spelling: append_types((types[0], types[2]), attrs, spelling),
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
        pop_types,
        "The list without the item at `index`, and that item.",
        why="insertion and deletion are each other's transposes",
        operands=("items", "index"),
        evaluate=_delete,
    ),
    custom(
        "list_get",
        "items[]",
        "items, *where",
        _get_vjp,
        _all_operands_jvp,
        get_types,
        "One item of a list, or of a list inside.",
        why="linear in the list",
        evaluate=_get,
    ),
    custom(
        "list_set",
        "items[]=",
        "items, *where, value, updates=False",
        _set_vjp,
        _all_operands_jvp,
        set_types,
        "The list with one item replaced; `updates`: by that very array or list, which was written to.",
        why="linear in list and item",
        operands=("items", "value"),
        evaluate=_set,
    ),
    custom(
        "list_accumulate",
        "items[]+=",
        "items, *where, value",
        _accumulate_vjp,
        _all_operands_jvp,
        accumulate_types,
        "The list with `value` added to one item.",
        why="linear in list and item",
        operands=("items", "value"),
        evaluate=_accumulate,
    ),
    custom(
        "sum_list",
        "sum",
        "items, count, start",
        _sum_vjp,
        _sum_jvp,
        sum_types,
        "The sum of the numbers of a list, `count` of them, as `sum` of Python has it.",
        why="linear in the list",
        operands=("items", "count", "start"),
        evaluate=lambda inputs, attrs: sum(inputs[0], inputs[2]),
    ),
    linear(
        "repeat_item",
        "[item]*count",
        "item, count",
        None,
        lambda types, attrs, spelling: (SequenceType(types[0], None),),
        "A list that holds a number so many times.",
        operands=("item",),
        transposes=_repeat_vjp,
        evaluate=lambda inputs, attrs: [inputs[0]] * inputs[1],
    ),
    constant_almost_everywhere(
        "list_length",
        "builtins.len",
        "it is an int",
        "The number of items of a list.",
        signature="items",
        types=length_types,
        backend=Domain.OPAQUE,
        evaluate=lambda inputs, attrs: len(inputs[0]),
    ),
    constant_almost_everywhere(
        "has_label",
        "gradscribe.runtime.lists.has_label",
        "it is a bool",
        "Whether the thing that run-time conditions chose is the one of this label.",
        signature="chosen, label",
        types=lambda types, attrs, spelling: (BOOL,),
        backend=Domain.OPAQUE,
        evaluate=lambda inputs, attrs: inputs[0] == attrs["label"],
    ),
    constant_almost_everywhere(
        "index_tuples",
        "gradscribe.runtime.lists.index_tuples",
        "they are ints",
        "Tuples of indices below a count: its combinations or permutations, in the order of `itertools`.",
        signature="count, choice, size",
        types=lambda types, attrs, spelling: (SequenceType(TupleType((INT,) * _size(attrs))),),
        backend=Domain.OPAQUE,
        evaluate=lambda inputs, attrs: list(
            getattr(itertools, str(attrs["choice"]))(range(inputs[0]), _size(attrs))
        ),
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

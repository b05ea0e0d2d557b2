"""What a loop goes over: items known now, or a run-time count with an item for each index.

In:  abstract iterables.   Out: `Items` or `Counted`.
Not here: loops (loops.py), comprehensions (comprehensions.py).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import EnumMeta
from types import FunctionType

import libcst as cst

from gradscribe.frontend.entries import entry, taken_for_empty
from gradscribe.frontend.indexing import array_index, array_item, dimension, item_of, shape_items
from gradscribe.frontend.instances import MISSING, find_in_class
from gradscribe.frontend.interleaving import CHANGED, changed_since, unsteady
from gradscribe.frontend.iterables import ENDLESS as ENDLESS
from gradscribe.frontend.iterables import ONE as ONE
from gradscribe.frontend.iterables import ZERO as ZERO
from gradscribe.frontend.iterables import Counted as Counted
from gradscribe.frontend.iterables import Items as Items
from gradscribe.frontend.iterables import Iterable as Iterable
from gradscribe.frontend.lacking import no_iterator
from gradscribe.frontend.operands import as_value, describe, present, raise_if
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_array, read_dict, read_instance, read_list
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    DictCell,
    DictView,
    InstanceCell,
    Iterated,
    ListCell,
    Number,
    RangeValue,
    ShapeValue,
    Static,
    TupleValue,
    is_literal,
    known_int,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ScalarType, SequenceType, shape_of
from gradscribe.ops.written import keyed
from gradscribe.ops.written.containers import Entries
from gradscribe.ops.written.keyed import KeyedDict
from gradscribe.ops.written.partly_filled import PartlyFilled
from gradscribe.ops.written.sets import RunTimeSet

ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "floordiv": operator.floordiv,
}


def _itself(index: Abstract) -> Abstract:
    return index


def iterable(run: Lowering, node: cst.CSTNode, value: Abstract) -> Iterable:
    """How a loop goes over a value."""
    value = present(run, value, node)
    match value:
        case TupleValue(items=items):
            return Items(items)
        case ShapeValue():
            return Items(tuple(shape_items(run, node, value)))
        case ListCell():
            content = read_list(run, value, node)
            if taken_for_empty(run, node, content):
                return Items(())
            return Items(content) if isinstance(content, tuple) else _over_list(run, node, value, content)
        case DictCell():
            return Items(tuple(Static(key) for key in read_dict(run, value, node)))
        case Static(value=range() as found):
            return Counted(Static(found.start), Static(found.stop), Static(found.step), _itself, True)
        case Static(value=str() | tuple() | list() | dict() | set() | frozenset() as found):
            return Items(tuple(Static(item) for item in found))
        case RangeValue(start=start, stop=stop, step=step):
            return Counted(start, stop, step, _itself, True)
        case Static(value=EnumMeta() as members):
            return Items(tuple(Static(member) for member in members))  # type: ignore[var-annotated]
        case ArrayCell():
            return _over_array(run, node, value)
        case InstanceCell(cls=cls) if cls is PartlyFilled:
            return _over_places(run, node, value)
        case InstanceCell(cls=cls) if isinstance(find_in_class(cls, "__iter__"), FunctionType):
            method = Static(find_in_class(cls, "__iter__"))
            made = run.call(run, node, method, (value,), {})
            if not isinstance(made, InstanceCell) or find_in_class(made.cls, "__next__") is MISSING:
                return iterable(run, node, made)
        case Iterated():
            if value in run.remaining:
                return _remaining(run, node, run.remaining.pop(value))
            use_up(run, node, value)
            return _expanded(run, node, value)
    raise run.refusal(
        node,
        "GS111",
        f"a loop goes over {describe(run, value)}",
        why="only ranges, arrays and containers are iterated over, and objects of your own by a `for` statement",
        fix="loop over a range and index, or collect the items: `for item in source: items.append(item)`",
        raises=no_iterator(value),
    )


def _over_places(run: Lowering, node: cst.CSTNode, value: InstanceCell) -> Counted:
    """The items of a list in which there may be None."""
    count = run.call(run, node, Static(PartlyFilled.__len__), (value,), {})
    return Counted(ZERO, count, ONE, lambda index: item_of(run, node, value, index))


def lists_in(run: Lowering, value: Abstract) -> list[ListCell | DictCell | InstanceCell]:
    """The lists, dicts and sets that a loop over this value goes over."""
    match value:
        case Iterated(kind=kind, parts=parts) if kind != "reversed":
            return [found for part in parts for found in lists_in(run, part)]
        case InstanceCell(cls=cls) if issubclass(cls, KeyedDict):
            return lists_in(run, read_instance(run, value)["entered"])
        case InstanceCell(cls=cls) if issubclass(cls, Entries):
            return lists_in(run, read_instance(run, value)["entries"])
        case InstanceCell(cls=cls) if issubclass(cls, keyed.Items | keyed.Kept):
            return lists_in(run, read_instance(run, value)["owner"])
        case DictView(owner=owner):
            return [owner]
        case ListCell() | DictCell():
            return [value]
        case InstanceCell(cls=cls) if cls is RunTimeSet:
            return [value]
        case _:
            return []


def _expanded(run: Lowering, node: cst.CSTNode, value: Iterated) -> Iterable:
    outer, run.expanded = run.expanded, []
    try:
        found = value.expand(run, node)
        return replace(found, source=tuple(run.expanded))
    finally:
        run.expanded = [*outer, *run.expanded]


def _remaining(run: Lowering, node: cst.CSTNode, found: Iterable) -> Iterable:
    """What `next` has left of an iterator: what its generators read must be as it was when they ran."""
    for generator in found.source:
        name = changed_since(run, generator)
        if name is not None:
            raise unsteady(run, node, f"reads {name}", f"which has changed since; {CHANGED}")
    run.expanded.extend(found.source)
    return found


def use_up(run: Lowering, node: cst.CSTNode, iterator: Iterated) -> None:
    """An iterator gives its items once; where it is used up must not depend on the iteration of a loop."""
    inside = len(run.loops) != len(iterator.loops) or any(
        a is not b for a, b in zip(run.loops, iterator.loops, strict=True)
    )
    if iterator in run.used_up or inside:
        raise run.refusal(
            node,
            "GS127",
            f"the iterator that `{iterator.kind}` made is used again, or in a loop that it was made outside of",
            why="it gives its items once: the second time there are none left",
            fix="keep them: `items = list(...)`",
        )
    run.used_up.add(iterator)


def items_of(run: Lowering, node: cst.CSTNode, value: Abstract) -> list[Abstract]:
    """The items of something whose length must be known now: unpacking, `*args`."""
    found = items_if_known(run, node, value)
    if isinstance(found, list):
        return found
    raise run.refusal(
        node,
        "GS125",
        f"{describe(run, value)} is unpacked, but its length is known at run time only",
        why="each item becomes a variable of the generated code",
        fix="index it instead",
    )


def items_if_known(run: Lowering, node: cst.CSTNode, value: Abstract) -> list[Abstract] | Counted:
    """The items of something; how a loop goes over them where their number cannot be known now."""
    found = iterable(run, node, value)
    if isinstance(found, Items):
        return list(found.items)
    numbers = found.static_range
    if numbers is None:
        numbers = _known_length(value, found)
    if numbers is None:
        run.prefer_static(value)
        run.prefer_known(found.start, found.stop, found.step)
        return found
    if found.bare:
        return [Static(number) for number in numbers]
    return [found.item(Static(number)) for number in numbers]


def _known_length(value: Abstract, found: Counted) -> range | None:
    """An array unpacked like `a, b, c = x`: as many items as its type says."""
    if isinstance(found.stop, Static) and isinstance(found.stop.value, int):
        return range(found.stop.value)
    return None


def _over_array(run: Lowering, node: cst.CSTNode, array: ArrayCell) -> Counted:
    content = read_array(run, array, node)
    if not shape_of(content.type):
        raise run.refusal(
            node,
            "GS111",
            "a loop goes over an array of no dimensions",
            why="NumPy refuses it",
            fix="use its value",
        )

    def item(index: Abstract) -> Abstract:
        return array_item(run, node, array, array_index(run, node, index))

    return Counted(ZERO, dimension(run, node, content, 0), ONE, item)


def _over_list(run: Lowering, node: cst.CSTNode, owner: ListCell, content: Value) -> Counted:
    assert isinstance(content.type, SequenceType)
    stop = run.apply(node, "list_length", (content,))[0]

    def item(index: Abstract) -> Abstract:
        now = read_list(run, owner, node)
        assert isinstance(now, Value)
        position = as_value(run, index, node)
        return entry(run, owner, now, position, run.apply(node, "list_get", (now, position))[0])

    return Counted(ZERO, Number(stop), ONE, item)


def from_zero(run: Lowering, node: cst.CSTNode, found: Counted) -> Counted:
    """The same items, counted from 0 in steps of 1."""
    if is_zero(found.start) and is_one(found.step):
        return found
    count = trip_count(run, node, found)

    def item(index: Abstract) -> Abstract:
        return found.item(value_at(run, node, found, index))

    return Counted(ZERO, count, ONE, item)


def known_step(run: Lowering, node: cst.CSTNode, found: Counted) -> int:
    """The step of a range, which decides what ends it."""
    if not isinstance(found.step, Static) or not isinstance(found.step.value, int):
        raise run.refusal(
            node,
            "GS127",
            "the step of this range is known at run time only",
            why="it is not supported here",
            fix="loop over `range(n)` and compute the index",
        )
    return found.step.value


def trip_count(run: Lowering, node: cst.CSTNode, found: Counted) -> Abstract:
    """How many items a range has; a number below 0, where it ends before its start, is for loops alone."""
    if found.static_range is not None:
        return Static(len(found.static_range))
    if is_zero(found.start) and is_one(found.step):
        return found.stop
    step = known_step(run, node, found)
    low, high = (found.start, found.stop) if step > 0 else (found.stop, found.start)
    span = arithmetic(run, node, "sub", high, low)
    if abs(step) != 1:
        span = arithmetic(
            run,
            node,
            "floordiv",
            arithmetic(run, node, "add", span, Static(abs(step) - 1)),
            Static(abs(step)),
        )
    return span


def value_at(run: Lowering, node: cst.CSTNode, found: Counted, index: Abstract) -> Abstract:
    """The value of the range at an iteration number."""
    scaled = index if is_one(found.step) else arithmetic(run, node, "mul", index, found.step)
    return scaled if is_zero(found.start) else arithmetic(run, node, "add", found.start, scaled)


def arithmetic(run: Lowering, node: cst.CSTNode, operation: str, left: Abstract, right: Abstract) -> Abstract:
    """Integer arithmetic on bounds."""
    a, b = known_int(left), known_int(right)
    if a is not None and b is not None:
        return Static(ARITHMETIC[operation](a, b))
    inputs = [as_value(run, part, node) for part in (left, right)]
    return Number(run.apply(node, operation, inputs)[0])


def is_zero(value: Abstract) -> bool:
    """The int 0."""
    return isinstance(value, Static) and value.value == 0


def is_one(value: Abstract) -> bool:
    """The int 1."""
    return isinstance(value, Static) and value.value == 1


def enumerated(run: Lowering, node: cst.CSTNode, inner: Iterable, start: Abstract) -> Iterable:
    """`enumerate`."""
    if isinstance(inner, Items) and isinstance(start, Static):
        first = start.value
        assert isinstance(first, int)
        pairs = (TupleValue((Static(first + k), item)) for k, item in enumerate(inner.items))
        return Items(tuple(pairs))
    if isinstance(inner, Items):
        items = enumerate(inner.items)
        return Items(
            tuple(TupleValue((arithmetic(run, node, "add", start, Static(k)), item)) for k, item in items)
        )
    counted = from_zero(run, node, inner)

    def item(index: Abstract) -> Abstract:
        number = index if is_zero(start) else arithmetic(run, node, "add", start, index)
        return TupleValue((number, counted.item(index)))

    return Counted(ZERO, counted.stop, ONE, item)


def zipped(run: Lowering, node: cst.CSTNode, parts: Sequence[Iterable]) -> Iterable:
    """`zip`."""
    if not parts:
        return Items(())
    parts = [_as_items(part) if _is_short(part) and _any_items(parts) else part for part in parts]
    known = [part for part in parts if isinstance(part, Items)]
    if len(known) == len(parts):
        return Items(tuple(TupleValue(items) for items in zip(*(part.items for part in known), strict=False)))
    found = _partly_known(run, node, parts) if known else None
    if found is not None:
        return found
    counted = [from_zero(run, node, as_counted(run, node, part)) for part in parts]
    stop = counted[0].stop
    for other in counted[1:]:
        stop = _shorter(run, node, stop, other.stop)

    def item(index: Abstract) -> Abstract:
        return TupleValue(tuple(part.item(index) for part in counted))

    return Counted(ZERO, stop, ONE, item)


def _any_items(parts: Sequence[Iterable]) -> bool:
    return any(isinstance(part, Items) for part in parts)


def _is_short(part: Iterable) -> bool:
    return isinstance(part, Counted) and part.bare and part.static_range is not None


def _as_items(part: Iterable) -> Iterable:
    assert isinstance(part, Counted) and part.static_range is not None
    return Items(tuple(Static(number) for number in part.static_range))


def _partly_known(run: Lowering, node: cst.CSTNode, parts: Sequence[Iterable]) -> Iterable | None:
    """A container zipped with an array: written out, if the array's length is known to be enough."""
    shortest = min(len(part.items) for part in parts if isinstance(part, Items))
    columns: list[list[Abstract]] = []
    for part in parts:
        if isinstance(part, Items):
            columns.append(list(part.items[:shortest]))
            continue
        counted = from_zero(run, node, part)
        stop = known_int(counted.stop)
        if stop is None:
            if all(_is_data(item) for other in parts if isinstance(other, Items) for item in other.items):
                return None
            run.prefer_known(counted.stop)
            _raise_if_shorter(run, node, counted, shortest)
        else:
            shortest = min(shortest, stop)
        columns.append([counted.item(Static(k)) for k in range(shortest)])
    return Items(tuple(TupleValue(items) for items in zip(*columns, strict=False)))


def _is_data(item: Abstract) -> bool:
    """It can stand in a run-time list, in which the loop finds it by its index."""
    if isinstance(item, TupleValue):
        return all(map(_is_data, item.items))
    return isinstance(item, Number | ArrayCell | ListCell) or is_literal(item)


def _raise_if_shorter(run: Lowering, node: cst.CSTNode, counted: Counted, count: int) -> None:
    """Text, functions and the like are written out, all of them: an array that ends before is an error."""
    short = run.op(node, "lt", as_value(run, counted.stop, node), run.constant(count, node))
    text = f"`zip` of {count} things that differ in kind with an array or list that has fewer"
    raise_if(run, node, short, ValueError, (text,))


def as_counted(run: Lowering, node: cst.CSTNode, part: Iterable) -> Counted:
    """Items that are indexed at run time, which must be of one kind."""
    if isinstance(part, Counted):
        return part
    items = ListCell(part.items)
    return Counted(ZERO, Static(len(part.items)), ONE, lambda index: item_of(run, node, items, index))


def _shorter(run: Lowering, node: cst.CSTNode, left: Abstract, right: Abstract) -> Abstract:
    if left is ENDLESS or right is ENDLESS:
        return right if left is ENDLESS else left
    known = known_int(left), known_int(right)
    if known[0] is not None and known[1] is not None:
        return Static(min(known[0], known[1]))
    a, b = as_value(run, left, node), as_value(run, right, node)
    if a is b or _same_length(a, b):
        return left
    return run.call(run, node, Static(min), (left, right), {})


def _same_length(left: Value, right: Value) -> bool:
    a, b = left.type, right.type
    known = isinstance(a, ScalarType) and isinstance(b, ScalarType) and a.length is not None
    return known and a.length == b.length  # type: ignore[union-attr]


def reversed_items(run: Lowering, node: cst.CSTNode, inner: Iterable) -> Iterable:
    """`reversed`."""
    if isinstance(inner, Items):
        return Items(inner.items[::-1])
    if inner.static_range is not None and inner.bare:
        numbers = inner.static_range[::-1]
        return Counted(Static(numbers.start), Static(numbers.stop), Static(numbers.step), _itself, True)
    counted = from_zero(run, node, inner)
    last = arithmetic(run, node, "sub", counted.stop, ONE)
    return Counted(last, Static(-1), Static(-1), counted.item, counted.bare)

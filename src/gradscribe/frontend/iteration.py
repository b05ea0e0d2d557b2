"""What a loop goes over: items known now, or a run-time count with an item for each index.

In:  abstract iterables.   Out: `Items` or `Counted`.
Not here: loops (loops.py), comprehensions (comprehensions.py).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from enum import EnumMeta

import libcst as cst

from gradscribe.frontend.entries import entry, taken_for_empty
from gradscribe.frontend.indexing import array_index, array_item, dimension, item_of, shape_items
from gradscribe.frontend.instances import MISSING, find_in_class
from gradscribe.frontend.interleaving import ahead
from gradscribe.frontend.iterables import ENDLESS as ENDLESS
from gradscribe.frontend.iterables import ONE as ONE
from gradscribe.frontend.iterables import ZERO as ZERO
from gradscribe.frontend.iterables import Counted as Counted
from gradscribe.frontend.iterables import Items as Items
from gradscribe.frontend.iterables import Iterable as Iterable
from gradscribe.frontend.lacking import no_iterator
from gradscribe.frontend.left_over import is_outside, used_again, what_is_left
from gradscribe.frontend.lists import at_run_time
from gradscribe.frontend.live_items import containers_in, dict_items, list_items
from gradscribe.frontend.operands import as_value, describe, present
from gradscribe.frontend.protocols import iterator_by_method
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_array, read_list
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
    known_int,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import SequenceType, shape_of
from gradscribe.ops.written.partly_filled import PartlyFilled

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
    return over_containers(run, _gone_over(run, node, value), value)


def over_containers(run: Lowering, found: Iterable, value: Abstract) -> Iterable:
    """The items of a value, with the containers that they are looked up in."""
    more = [one for one in containers_in(run, value) if one not in found.over]
    return replace(found, over=(*found.over, *more)) if more else found


def _gone_over(run: Lowering, node: cst.CSTNode, value: Abstract) -> Iterable:
    match value:
        case DictView(owner=owner, method=part):
            return Items(dict_items(run, node, owner, part))
        case TupleValue(items=items):
            return Items(items)
        case ShapeValue():
            return Items(tuple(shape_items(run, node, value)))
        case ListCell():
            content = read_list(run, value, node)
            if taken_for_empty(run, node, content):
                return Items(())
            if isinstance(content, tuple):
                return Items(list_items(run, node, value, len(content)), owner=value)
            return _over_list(run, node, value, content)
        case DictCell():
            return Items(dict_items(run, node, value))
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
        case InstanceCell() if (made := iterator_by_method(run, node, value)) is not None:
            if not isinstance(made, InstanceCell) or find_in_class(made.cls, "__next__") is MISSING:
                return iterable(run, node, made)
        case Iterated():
            if value in run.remaining:
                return what_is_left(run, node, value)
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


def _expanded(run: Lowering, node: cst.CSTNode, value: Iterated) -> Iterable:
    outer, run.expanded = run.expanded, []
    try:
        found = value.expand(run, node)
        return replace(found, source=tuple(run.expanded))
    finally:
        run.expanded = [*outer, *run.expanded]


def use_up(run: Lowering, node: cst.CSTNode, iterator: Iterated) -> None:
    """An iterator gives its items once; where it is used up must not depend on the iteration of a loop."""
    if iterator in run.used_up or is_outside(run, iterator):
        raise used_again(run, node, iterator)
    run.used_up.add(iterator)


def items_of(run: Lowering, node: cst.CSTNode, value: Abstract) -> list[Abstract]:
    """The items of something whose length must be known now: unpacking, `*args`."""
    found = items_if_known(run, node, value)
    if isinstance(found, list):
        return found
    raise length_unknown(run, node, value)


def length_unknown(run: Lowering, node: cst.CSTNode, value: Abstract) -> Refusal:
    """The refusal of something that is unpacked."""
    return run.refusal(
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
    if isinstance(inner, Items):

        def pair(place: int) -> Abstract | None:
            found = inner.at(place)
            number = arithmetic(run, node, "add", start, Static(place)) if found is not None else ZERO
            return found and TupleValue((number, found))

        return inner.made(pair)
    counted = from_zero(run, node, inner)

    def item(index: Abstract) -> Abstract:
        number = index if is_zero(start) else arithmetic(run, node, "add", start, index)
        return TupleValue((number, counted.item(index)))

    return Counted(ZERO, counted.stop, ONE, item)


def as_counted(run: Lowering, node: cst.CSTNode, part: Iterable, *, follows: bool = False) -> Counted:
    """Items that are indexed at run time, which must be of one kind.

    Where it is seen that a list holds others meanwhile, which Python `follows`, it is made a run-time list.
    """
    if isinstance(part, Counted):
        return part
    if follows and part.owner is not None and id(node) in run.learnt.stepwise:
        return _over_list(run, node, part.owner, at_run_time(run, node, part.owner))
    with ahead(run, node, copies=True):
        found = part.items
    items = ListCell(found)
    return Counted(ZERO, Static(len(found)), ONE, lambda index: item_of(run, node, items, index))


def reversed_items(run: Lowering, node: cst.CSTNode, inner: Iterable, length: int | None = None) -> Iterable:
    """`reversed`; of as many items as there were when it was made."""
    if isinstance(inner, Items):
        count = len(inner.items) if length is None else length
        return inner.made(lambda place: inner.at(count - 1 - place) if place < count else None)
    if inner.static_range is not None and inner.bare:
        numbers = inner.static_range[::-1]
        return Counted(Static(numbers.start), Static(numbers.stop), Static(numbers.step), _itself, True)
    counted = from_zero(run, node, inner)
    last = arithmetic(run, node, "sub", counted.stop, ONE)
    return Counted(last, Static(-1), Static(-1), counted.item, counted.bare)

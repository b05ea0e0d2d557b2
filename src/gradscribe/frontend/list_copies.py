"""Lists made of the items of others: slices, repetition, `+`, reversal.

Of run-time lists each is a loop that appends, so that its derivative costs what it costs.

In:  lists.   Out: lists.
Not here: taking and storing single items (indexing.py, lists.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from gradscribe.frontend.entries import note_entry
from gradscribe.frontend.indexing import item_of
from gradscribe.frontend.interleaving import held
from gradscribe.frontend.iteration import ONE, ZERO, Counted, Items, arithmetic, items_of, iterable
from gradscribe.frontend.lists import append, refuse_iterated, take_over
from gradscribe.frontend.loop_parts import Loop
from gradscribe.frontend.loops import run_loop, run_loop_or_copies
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.partly_filled import list_of_none
from gradscribe.frontend.searching import can_search
from gradscribe.frontend.state import FALLS, Flow, Lowering
from gradscribe.frontend.stepping import step_through
from gradscribe.frontend.storage import read_instance, read_list, write_list
from gradscribe.frontend.unrolling import unroll
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    InstanceCell,
    Iterated,
    ListCell,
    Number,
    SliceValue,
    Static,
    is_none,
    known_int,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ScalarType
from gradscribe.ops.written.containers import Deque

NONE = Static(None)


def append_each(
    run: Lowering,
    node: cst.CSTNode,
    target: ListCell,
    found: Counted,
    items: Sequence[Abstract] | None = None,
) -> None:
    """Append to `target` what is counted, or in each iteration these items."""

    def body(index: Abstract) -> Flow:
        for item in items if items is not None else [found.item(index)]:
            append(run, node, target, item)
        return FALLS

    numbers = found.static_range
    grown = frozenset([target])
    loop = Loop(node, body, found, touched=(target,), grown=grown, can_unroll=numbers is not None)
    if numbers is None:
        run_loop(run, loop)
        return
    counted = [Static(number) for number in numbers]
    run_loop_or_copies(run, loop, lambda: unroll(run, node, counted, body))


def of_run_time_lists(
    run: Lowering, node: cst.BinaryOperation, left: Abstract, right: Abstract
) -> Abstract | None:
    """`items * count` and `items + others` where a length is known at run time only."""
    if isinstance(node.operator, cst.Multiply):
        for items, count in ((left, right), (right, left)):
            if isinstance(items, ListCell) and _is_count(count):
                made = list_of_none(run, node, items, count)
                if made is not None:
                    return made
                known = known_int(count) is not None
                if not known or isinstance(read_list(run, items, node), Value):
                    return repeated(run, node, items, count)
    if isinstance(node.operator, cst.Add) and isinstance(left, ListCell) and isinstance(right, ListCell):
        if any(isinstance(read_list(run, part, node), Value) for part in (left, right)):
            run.prefer_static(left)
            run.prefer_static(right)
            return joined(run, node, left, right)
    return None


def _is_count(value: Abstract) -> bool:
    if not isinstance(value, Number):
        return known_int(value) is not None
    type_ = value.value.type
    return isinstance(type_, ScalarType) and type_.dtype.kind in "biu"


def repeated(run: Lowering, node: cst.CSTNode, items: ListCell, count: Abstract) -> ListCell:
    """`items * count`, the count known at run time only."""
    content = read_list(run, items, node)
    result = ListCell(())
    if isinstance(content, Value):
        length = Number(run.apply(node, "list_length", (content,))[0])
        inner = Counted(ZERO, length, ONE, lambda index: item_of(run, node, items, index))

        def body(index: Abstract) -> Flow:
            append_each(run, node, result, inner)
            return FALLS

        counted = Counted(ZERO, count, ONE, lambda index: index)
        run_loop(run, Loop(node, body, counted, touched=(result,), grown=frozenset([result])))
        return result
    for item in content:
        if isinstance(item, ArrayCell | ListCell):
            note_entry(run, item, node, surely_shared=True)
    append_each(run, node, result, Counted(ZERO, count, ONE, lambda index: index), content)
    return result


def repeat(run: Lowering, node: cst.CSTNode, target: ListCell, count: Abstract) -> None:
    """`target *= count`: the very list, which other names see."""
    refuse_iterated(run, node, target)
    content, known = read_list(run, target, node), known_int(count)
    if isinstance(content, tuple) and known is not None:
        write_list(run, target, content * known)
        return
    take_over(run, node, target, repeated(run, node, target, count))


def extend(run: Lowering, node: cst.CSTNode, target: ListCell, items: Abstract) -> None:
    """`target.extend(items)`."""
    if id(node) in run.learnt.stepwise and can_search(run, node, items):
        step_through(run, node, items, lambda item: _appended(run, node, target, item))
        return
    found = iterable(run, node, items)
    if isinstance(found, Items) and not isinstance(items, Iterated):
        # Of a container, all items are taken first.
        for item in found.items:
            append(run, node, target, item)
        return
    # An iterator is asked for an item after the one before was appended.
    if isinstance(found, Items):
        with held(run, found):
            for item in found:
                append(run, node, target, item)
        return
    # Of a list that grows it goes over as many items as it had, or Python would not come to an end.
    with held(run, replace(found, over=())):
        append_each(run, node, target, found)


def _appended(run: Lowering, node: cst.CSTNode, target: ListCell, item: Abstract) -> Flow:
    append(run, node, target, item)
    return FALLS


def concatenated(run: Lowering, node: cst.List, parts: Sequence[list[Abstract] | Counted]) -> ListCell:
    """`[*items, value]`, the number of items known at run time only."""
    result = ListCell(())
    for element, part in zip(node.elements, parts, strict=True):
        if isinstance(part, Counted):
            append_each(run, element, result, part)
        else:
            for item in part:
                append(run, element, result, item)
    return result


def to_unpack(run: Lowering, node: cst.CSTNode, value: Abstract, *, takes_all: bool) -> Abstract:
    """The list of what is unpacked: of a deque, and of an iterator where all of its items are taken."""
    if isinstance(value, InstanceCell) and value.cls is Deque:
        return read_instance(run, value)["items"]
    if takes_all and isinstance(value, Iterated):
        return run.call(run, node, Static(list), (value,), {})
    return value


def joined(run: Lowering, node: cst.CSTNode, left: ListCell, right: ListCell) -> ListCell:
    """`left + right`, the length of one of them known at run time only."""
    result = ListCell(())
    for part in (left, right):
        extend(run, node, result, part)
    return result


def sliced(run: Lowering, node: cst.CSTNode, owner: ListCell, key: Abstract) -> ListCell:
    """`owner[start:stop:step]` of a run-time list."""
    result = ListCell(())
    append_each(run, node, result, _selected(run, node, owner, key))
    return result


def replaced(
    run: Lowering, node: cst.CSTNode, owner: ListCell, key: Abstract, items: Abstract | None = None
) -> ListCell:
    """What a run-time list is after `owner[start:stop] = items`, or after `del` of the slice."""
    start, stop, step = _bounds(key)
    if not is_none(step) and known_int(step) != 1:
        run.prefer_static(owner)
        raise run.refusal(
            node,
            "GS127",
            "a slice with a step is deleted or assigned",
            why="the list has a length that is known at run time only",
            fix="build a new list with a comprehension",
        )
    result = ListCell(())
    found = _selected(run, node, owner, SliceValue(NONE, start, NONE) if not is_none(start) else EMPTY)
    append_each(run, node, result, found)
    if items is not None:
        with run.within(("items", id(node))):
            extend(run, node, result, items)
    if not is_none(stop):
        # What follows the slice starts at its end, or at its start if that comes later.
        rest = _selected(run, node, owner, SliceValue(stop, NONE, NONE))
        begin = run.call(run, node, Static(max), (found.stop, rest.start), {})
        append_each(run, node, result, Counted(begin, rest.stop, ONE, rest.item))
    return result


def store_slice(run: Lowering, node: cst.CSTNode, owner: ListCell, key: Abstract, items: Abstract) -> None:
    """`owner[start:stop:step] = items`."""
    refuse_iterated(run, node, owner)
    content = read_list(run, owner, node)
    if isinstance(content, Value):
        take_over(run, node, owner, replaced(run, node, owner, key, items))
        return
    found = list(content)
    bounds = [
        None if is_none(bound) else run.static_int(node, bound, "a bound of this slice")
        for bound in _bounds(key)
    ]
    given = items_of(run, node, items)
    try:
        found[slice(*bounds)] = given
    except ValueError as error:
        fix = "assign as many items as the slice selects"
        raise run.refusal(node, "GS141", str(error), why="this raises ValueError", fix=fix) from None
    write_list(run, owner, tuple(found))


EMPTY = SliceValue(ZERO, ZERO, NONE)


def _selected(run: Lowering, node: cst.CSTNode, owner: ListCell, key: Abstract) -> Counted:
    """The items of a slice, as a loop goes over them."""
    content = read_list(run, owner, node)
    assert isinstance(content, Value)
    length: Abstract = Number(run.apply(node, "list_length", (content,))[0])
    start, stop, step = _bounds(key)
    by = 1 if is_none(step) else run.static_int(node, step, "the step of this slice")
    if by > 0:
        first = ZERO if is_none(start) else _clamped(run, node, start, ZERO, length, length)
        last = length if is_none(stop) else _clamped(run, node, stop, ZERO, length, length)
    else:
        end = arithmetic(run, node, "sub", length, ONE)
        first = end if is_none(start) else _clamped(run, node, start, Static(-1), end, length)
        last = Static(-1) if is_none(stop) else _clamped(run, node, stop, Static(-1), end, length)
    return Counted(first, last, Static(by), lambda index: item_of(run, node, owner, index))


def _bounds(key: Abstract) -> tuple[Abstract, Abstract, Abstract]:
    if isinstance(key, SliceValue):
        return key.start, key.stop, key.step
    assert isinstance(key, Static) and isinstance(key.value, slice)
    return Static(key.value.start), Static(key.value.stop), Static(key.value.step)


def _clamped(
    run: Lowering, node: cst.CSTNode, bound: Abstract, low: Abstract, high: Abstract, length: Abstract
) -> Abstract:
    """A bound as `slice.indices` reads it: counted from the end where negative, within the list."""
    known = known_int(bound)
    if known == 0:
        return bound if known_int(low) == 0 else run.call(run, node, Static(min), (bound, high), {})
    if known is None:
        negative = Number(run.op(node, "lt", as_value(run, bound, node), run.constant(0, node)))
        bound = arithmetic(run, node, "add", bound, arithmetic(run, node, "mul", length, negative))
    elif known < 0:
        bound = arithmetic(run, node, "add", length, bound)
        return run.call(run, node, Static(max), (bound, low), {})
    bound = run.call(run, node, Static(min), (bound, high), {})
    return bound if known is not None else run.call(run, node, Static(max), (bound, low), {})

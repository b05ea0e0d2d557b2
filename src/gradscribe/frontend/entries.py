"""Entries of run-time lists: what is put in, what is taken out, and what a write to one of them does.

A run-time list is one graph value, so an array or list in it is not followed under other names. Either every
entry is surely a new object that nothing else refers to, and then a write to an entry is a write to the list;
or entries are shared, and then none of them is written to.

In:  cells.   Out: cells with their place; new contents of lists; refusals.
Not here: operations on lists (lists.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

import libcst as cst

from gradscribe.frontend.references import parts_of_type
from gradscribe.frontend.refusal import Unresolved
from gradscribe.frontend.state import ActiveLoop, Frame, Lowering
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Cell,
    DictCell,
    InstanceCell,
    ListCell,
    Order,
    Place,
    TupleValue,
    bare,
)
from gradscribe.frontend.writing_out import write_out
from gradscribe.ir.graph import Value
from gradscribe.ir.types import NONE, ArrayType, ScalarType, SequenceType, TupleType, Type
from gradscribe.ops.references import ReferenceType

NO_ITEM = IndexError("list index out of range")


@dataclass(frozen=True)
class Kind:
    """A named tuple, dict or object that is an entry of a list: its class and the names of its parts."""

    cls: type
    names: tuple[Hashable, ...]


def entry(run: Lowering, holder: ListCell, content: Value, index: Value, value: Value) -> Abstract:
    """What `content[index]` gave: the list still holds that very array or list."""
    found = taken_out(run, holder, value)
    if isinstance(found, ArrayCell | ListCell):
        attach(run, found, holder, index, content)
    return found


def has_nothing_yet(content: object) -> bool:
    """A run-time list into which nothing was put so far."""
    return (
        isinstance(content, Value) and isinstance(content.type, SequenceType) and content.type.element == NONE
    )


def is_new_and_empty(run: Lowering, content: Value) -> bool:
    """Nothing was put into this list; of what an iteration starts with that would be a guess."""
    maker = run.makers.get(content)
    return has_nothing_yet(content) and maker is not None and maker.op.name == "list_new"


def taken_for_empty(run: Lowering, node: cst.CSTNode, content: object) -> bool:
    """Nothing was put into a list so far, and this attempt at the loop around here goes on as if it stayed so.

    What is appended for that is never read. It depends on what the list holds: where the end of the body tells
    that, the body is lowered again.
    """
    if not has_nothing_yet(content):
        return False
    assert isinstance(content, Value)
    run.apply(node, "list_append", (content, run.constant(0, node)))
    return True


def require_known_entries(
    run: Lowering, node: cst.CSTNode, content: object, raises: Exception = NO_ITEM
) -> None:
    """Demand that something may be in a list: an entry of a list into which nothing is ever put raises.

    Where only later statements say what the list holds, the body of the loop around here is lowered again.

    Raises:
        Unresolved: nothing is known of an entry, in a function that calls itself and is being typed.
    """
    if not taken_for_empty(run, node, content):
        return
    refusal = run.refusal(
        node,
        "GS141",
        "an item is taken from a list that has none",
        why=f"this raises {type(raises).__name__}",
        fix="put an item into the list before",
        raises=raises,
    )
    if all(info.done for info in run.recursive.values()):
        raise refusal
    run.keep(refusal)
    raise Unresolved


def attach(run: Lowering, cell: Cell, holder: ListCell, index: Value, content: Value | None) -> None:
    """From here on the cell is read from this entry of the list, which has this content now."""
    alone, cell.roots = cell.roots, cell.roots | holder.roots
    for root in holder.roots:
        run.sharers.setdefault(root, []).append(cell)
    order = run.heap.get(holder.order, holder.order.initial)
    assert isinstance(order, Order)
    cell.place = Place(cell, alone, holder, index, order, content)
    run.heap[cell.place] = content


def taken_out(run: Lowering, holder: ListCell, value: Value) -> Abstract:
    """An entry of a list: it may also be another entry, or have a name."""
    if isinstance(value.type, TupleType):
        return _unpacked(run, holder, value, value.type)
    found = run.wrap(value)
    if isinstance(found, ArrayCell | ListCell):
        _share_with(run, holder, found)
    return found


def _share_with(run: Lowering, holder: ListCell, cell: Cell) -> None:
    cell.roots = frozenset([cell, *holder.roots])
    for root in holder.roots:
        run.sharers.setdefault(root, []).append(cell)


def _unpacked(run: Lowering, holder: ListCell, value: Value, type_: TupleType) -> Abstract:
    """An entry of several parts, as it was put in. What it holds is not written to there."""
    items = tuple(taken_out(run, holder, part) for part in run.apply(None, "unpack", (value,)))
    for item in items:
        if isinstance(item, Cell):
            item.frozen = True
    label = type_.label
    if not isinstance(label, Kind):
        return TupleValue(items)
    if issubclass(label.cls, tuple):
        return TupleValue(items, label.cls, tuple(map(str, label.names)))
    named = dict(zip(label.names, items, strict=True))
    made: DictCell | InstanceCell
    if label.cls is dict:
        made = DictCell(named, frozen=True)
    else:
        made = InstanceCell(label.cls, {str(name): item for name, item in named.items()}, frozen=True)
    _share_with(run, holder, made)
    return made


def classes_in(type_: Type) -> Iterator[type]:
    """The classes of the objects, dicts and named tuples that something of this type stands for."""
    for part in parts_of_type(type_):
        if isinstance(part, ReferenceType):
            yield part.of
        elif isinstance(part, TupleType) and isinstance(part.label, Kind):
            yield part.label.cls


def parts_of(run: Lowering, item: Abstract) -> tuple[Kind | None, Iterable[Abstract]] | None:
    """What is held together in an entry, and its parts; None for a single value, no kind for a plain tuple."""
    match item:
        case TupleValue(items, cls, names):
            return Kind(cls, names) if names else None, items
        case DictCell(initial):
            entries = _known(run.heap.get(item, initial))
            return Kind(dict, tuple(entries)), entries.values()
        case InstanceCell(initial=initial, cls=cls, origin=None):
            attributes = _known(run.heap.get(item, initial))
            return Kind(cls, tuple(attributes)), attributes.values()
    return None


def holds_itself(run: Lowering, item: Abstract, around: tuple[Abstract, ...] = ()) -> bool:
    """An object is found again inside of it, so that its parts would never end."""
    if item in around:
        return True
    if isinstance(item, Cell) and item.chosen is not None:
        return any(holds_itself(run, one, around) for one in item.chosen.cells)
    content = run.heap.get(item, item.initial) if isinstance(item, ListCell) else None
    held = parts_of(run, item)
    parts = content if isinstance(content, tuple) else held[1] if held is not None else ()
    return any(holds_itself(run, part, (*around, item)) for part in parts)


def _known(content: object) -> Mapping[Hashable, Abstract]:
    """The entries of a dict or object; none where its content is not known, which only reading it refuses."""
    return content if isinstance(content, Mapping) else {}


def note_entry(
    run: Lowering, item: ArrayCell | ListCell, node: cst.CSTNode | None, *, surely_shared: bool = False
) -> None:
    """An array or list becomes an entry of a run-time list, in which it is not followed."""
    if surely_shared or not is_temporary(run, item):
        note_shared(run, node)


def note_shared(run: Lowering, node: cst.CSTNode | None) -> None:
    """An entry of a run-time list has another name, or may have."""
    run.shares_entries = True
    if run.writes_entries:
        write_out(run, run.loops)
        raise _refusal(run, node)


def note_handed_on(run: Lowering, item: ArrayCell | ListCell, node: cst.CSTNode) -> None:
    """A loop hands on, under a name of its own, what may be an entry of a list."""
    base: Cell = item
    while isinstance(base, ArrayCell) and base.view is not None:
        base = base.view.base
    if base.place is not None or any(root is not item and _has_entries(run, root) for root in item.roots):
        note_entry(run, item, node, surely_shared=True)


def _has_entries(run: Lowering, cell: Cell) -> bool:
    content = run.heap.get(cell, cell.initial) if isinstance(cell, ListCell) else None
    return isinstance(content, Value) and not isinstance(content.type.element, ScalarType)  # type: ignore[union-attr]


def note_write(run: Lowering, cell: Cell, node: cst.CSTNode | None) -> None:
    """A cell is about to be written to."""
    if cell.place is None or not _stands_in_a_list(run, cell):
        return
    run.writes_entries = True
    if run.shares_entries:
        write_out(run, [*growing_loops(cell.place.holder), *run.loops])
        raise _refusal(run, node)


def growing_loops(holder: Cell) -> Iterator[ActiveLoop]:
    """The loops that made a list, and those that hold it, run-time data."""
    if isinstance(holder, ListCell) and holder.grown_in is not None:
        yield holder.grown_in
    if holder.place is not None:
        yield from growing_loops(holder.place.holder)


def _refusal(run: Lowering, node: cst.CSTNode | None) -> Exception:
    return run.refusal(
        node,
        "GS130",
        "an array or list in a list of run-time length is written to, and others in such lists have other names",
        why="which of them are the same object is not followed there",
        fix="append copies: `items.append(x.copy())`, or store a new array: `items[i] = items[i] + 1.0`",
    )


@dataclass(frozen=True, slots=True)
class Link:
    """An entry that is written to.

    Attributes:
        cell: the array or list.
        entry: what it held before.
        place: where it stands.
        content: what the list around it held before.
    """

    cell: Cell
    entry: object
    place: Place
    content: Value


def update_holders(run: Lowering, chain: Iterable[Link], part: Value, node: cst.CSTNode | None) -> None:
    """Store the new content of an entry in the list that holds it, and so on outwards."""
    for link in chain:
        attrs = {"updates": True} if _is_made_of(run, part, link.entry) else None
        run.heap[link.cell] = part
        part = run.apply(node, "list_set", (link.content, link.place.index, part), attrs)[0]
        run.heap[link.place] = part
        run.heap[link.place.holder] = part


def _is_made_of(run: Lowering, part: Value, before: object) -> bool:
    """An array that was written to, or a list made of what it was before by changing it."""
    if isinstance(part.type, ArrayType):
        return True
    while part is not before:
        maker = run.makers.get(part)
        if maker is None or not maker.inputs:
            return False
        part = maker.inputs[0]
    return True


def write_root(run: Lowering, chain: Sequence[Link], content: Value, node: cst.CSTNode | None) -> None:
    """Give the outermost list of a chain a new content, and each list inside what it has become."""
    run.heap[chain[-1].place.holder] = content
    for link in reversed(chain):
        run.heap[link.place] = content
        (content,) = run.apply(node, "list_get", (content, link.place.index))
        run.heap[link.cell] = content


def is_followed(item: Abstract, run: Lowering) -> TypeGuard[ArrayCell | ListCell]:
    """It can be followed as an entry: this iteration of the loops around here made it, it was in no list yet."""
    if not isinstance(item, ArrayCell | ListCell):
        return False
    if item.place is not None:
        if _stands_in_a_list(run, item):
            return False
        # It was put there on another way to here, or in an attempt that was given up.
        item.roots, item.place = item.place.alone, None
    if not _is_alone(item):
        return False
    return not run.loops or item.serial > run.loops[-1].mark


def _stands_in_a_list(run: Lowering, item: Cell) -> bool:
    """It was put into a list on the way to here, or taken out of one."""
    return any(isinstance(place, Place) and place.cell is item for place in run.heap)


def _is_alone(item: Cell) -> bool:
    """It is no other object, no argument and no view."""
    is_view = isinstance(item, ArrayCell) and item.view is not None
    return item.roots == frozenset([item]) and item.argument is None and not is_view


def is_temporary(run: Lowering, item: Cell) -> bool:
    """The statement being lowered made it, and nothing else refers to it."""
    if not _is_alone(item) or item.place is not None or item.serial < run.statement_mark:
        return False
    return not is_referred_to(run, item)


def is_referred_to(run: Lowering, item: Cell) -> bool:
    """A variable or another object refers to it."""
    frame: Frame | None = run.frame
    while frame is not None:
        if any(_refers(run, value, item) for value in frame.names.values()):
            return True
        frame = frame.parent
    return any(_holds(run, content, item) for content in run.heap.values())


def _refers(run: Lowering, value: object, item: Cell) -> bool:
    value = bare(value)
    if isinstance(value, Cell) and item in value.roots:
        # It is the item, or may be it after a branch.
        return True
    if isinstance(value, TupleValue):
        return any(_refers(run, part, item) for part in value.items)
    if isinstance(value, Cell) and value.chosen is not None:
        return any(_refers(run, one, item) for one in value.chosen.cells)
    # What was made before the item and was not changed since cannot refer to it.
    if isinstance(value, Cell) and value.serial > item.serial and not isinstance(value, ArrayCell):
        return _holds(run, value.initial, item)  # type: ignore[attr-defined]
    return isinstance(value, ArrayCell) and value.view is not None and value.view.base is item


def _holds(run: Lowering, content: object, item: Cell) -> bool:
    if isinstance(content, Mapping):
        content = tuple(content.values())
    return isinstance(content, tuple) and any(_refers(run, part, item) for part in content)

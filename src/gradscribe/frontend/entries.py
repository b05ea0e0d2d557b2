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

import libcst as cst

from gradscribe.frontend.state import ActiveLoop, Frame, Lowering
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Cell,
    DictCell,
    InstanceCell,
    ListCell,
    Place,
    TupleValue,
)
from gradscribe.frontend.writing_out import write_out
from gradscribe.ir.graph import Value
from gradscribe.ir.types import TupleType


@dataclass(frozen=True)
class Kind:
    """A named tuple, dict or object that is an entry of a list: its class and the names of its parts."""

    cls: type
    names: tuple[Hashable, ...]


def entry(run: Lowering, holder: ListCell, content: Value, index: Value, value: Value) -> Abstract:
    """What `content[index]` gave: the list still holds that very array or list."""
    found = taken_out(run, holder, value)
    if isinstance(found, ArrayCell | ListCell):
        found.place = Place(holder, index, content, value)
    return found


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


def _known(content: object) -> Mapping[Hashable, Abstract]:
    """The entries of a dict or object; none where its content is not known, which only reading it refuses."""
    return content if isinstance(content, Mapping) else {}


def note_entry(
    run: Lowering, item: ArrayCell | ListCell, node: cst.CSTNode | None, *, surely_shared: bool = False
) -> None:
    """An array or list becomes an entry of a run-time list."""
    if not surely_shared and is_temporary(run, item):
        return
    run.shares_entries = True
    if run.writes_entries:
        write_out(run, run.loops)
        raise _refusal(run, node)


def note_write(run: Lowering, cell: Cell, node: cst.CSTNode | None) -> None:
    """A cell is about to be written to."""
    if cell.place is None:
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


def holders_to_update(run: Lowering, cell: Cell) -> list[tuple[Cell, Place]]:
    """The entry, the list that holds it, the list that holds that one: as far as they are still up to date."""
    found: list[tuple[Cell, Place]] = []
    while cell.place is not None:
        holder = cell.place.holder
        if run.heap.get(holder, holder.initial) is not cell.place.content:
            break
        found.append((cell, cell.place))
        cell = holder
    return found


def update_holders(
    run: Lowering, chain: Iterable[tuple[Cell, Place]], part: Value, node: cst.CSTNode | None
) -> None:
    """Store the new content of an entry in the list that holds it, and so on outwards."""
    for cell, place in chain:
        run.heap[cell] = place.entry = part
        part = run.apply(node, "list_set", (place.content, place.index, part), {"updates": True})[0]
        place.content = part
        run.heap[place.holder] = part


def root_of(run: Lowering, cell: ListCell) -> tuple[Value, tuple[Value, ...]] | None:
    """The outermost list that a list is an entry of, up to date, and the indices that lead to it there."""
    chain = holders_to_update(run, cell)
    if not chain or any(run.heap.get(part, place.entry) is not place.entry for part, place in chain):
        return None
    return chain[-1][1].content, tuple(place.index for _, place in reversed(chain))


def write_root(
    run: Lowering, chain: Sequence[tuple[Cell, Place]], content: Value, node: cst.CSTNode | None
) -> None:
    """Give the outermost list of a chain a new content, and each list inside what it has become."""
    run.heap[chain[-1][1].holder] = content
    for cell, place in reversed(chain):
        place.content = content
        (content,) = run.apply(node, "list_get", (content, place.index))
        place.entry = run.heap[cell] = content


def is_temporary(run: Lowering, item: Cell) -> bool:
    """The statement being lowered made it, and nothing else refers to it."""
    alone = item.roots == frozenset([item]) and item.argument is None and item.place is None
    if not alone or item.serial < run.statement_mark:
        return False
    if isinstance(item, ArrayCell) and item.view is not None:
        return False
    frame: Frame | None = run.frame
    while frame is not None:
        if any(_refers(run, value, item) for value in frame.names.values()):
            return False
        frame = frame.parent
    return not any(_holds(run, content, item) for content in run.heap.values())


def _refers(run: Lowering, value: object, item: Cell) -> bool:
    if value is item:
        return True
    if isinstance(value, TupleValue):
        return any(_refers(run, part, item) for part in value.items)
    # What was made before the item and was not changed since cannot refer to it.
    if isinstance(value, Cell) and value.serial > item.serial and not isinstance(value, ArrayCell):
        return _holds(run, value.initial, item)  # type: ignore[attr-defined]
    return isinstance(value, ArrayCell) and value.view is not None and value.view.base is item


def _holds(run: Lowering, content: object, item: Cell) -> bool:
    if isinstance(content, Mapping):
        content = tuple(content.values())
    return isinstance(content, tuple) and any(_refers(run, part, item) for part in content)

"""Which objects may be one, or hold one another: a write to one makes the others *tainted*.

In:  cells.   Out: what is recorded of them; cells whose content is unknown after a write.
Not here: what cells hold (storage.py), which surely are two (identities.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import libcst as cst

from gradscribe.frontend.alternatives import storages
from gradscribe.frontend.contiguity import require_layout
from gradscribe.frontend.entries import Link, growing_loops, holds_itself, parts_of
from gradscribe.frontend.identities import may_be
from gradscribe.frontend.joins import join_items
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Cell,
    DictCell,
    InstanceCell,
    ListCell,
    Order,
    Tainted,
    bare,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import NONE, SequenceType, TupleType, Type


def share(run: Lowering, cell: Cell) -> None:
    """Record that a cell may be, or hold, any of its roots."""
    for root in cell.roots:
        if root is not cell:
            run.sharers.setdefault(root, []).append(cell)


def hold_converted(run: Lowering, holder: Cell, before: object, after: object) -> None:
    """Record what a list holds whose items become the entries of a run-time list."""
    if isinstance(before, tuple) and isinstance(after, Value):
        hold(run, holder, before)


def hold(run: Lowering, holder: Cell, items: Iterable[Abstract]) -> None:
    """Record that a run-time list holds objects: a later write to one of them changes the list too."""
    for one in storages(holder):
        _hold(run, one, items)


def _hold(run: Lowering, holder: Cell, items: Iterable[Abstract]) -> None:
    for item in items:
        if holds_itself(run, item):
            # No such list is made: that is refused.
            continue
        if isinstance(item, Cell) and item.chosen is not None:
            _hold(run, holder, item.chosen.cells)
            continue
        if isinstance(item, Cell):
            for root in item.roots:
                run.sharers.setdefault(root, []).append(holder)
        if isinstance(item, ListCell):
            inner = run.heap.get(item, item.initial)
            _hold(run, holder, inner if isinstance(inner, tuple) else ())
        held = parts_of(run, item)
        if held is not None:
            _hold(run, holder, held[1])


def hold_the_same(run: Lowering, holder: Cell, other: Cell) -> None:
    """Record that a list was given the items of another one."""
    for found in run.sharers.values():
        if other in found:
            found.extend(storages(holder))


def read_only_roots(cell: Cell | None) -> frozenset[Cell]:
    """What a cell may be and must not be written to, as a loop finds it, too."""
    return frozenset(root for root in (cell.roots if cell is not None else ()) if root.read_only is not None)


def joined_roots(*cells: Cell) -> frozenset[Cell]:
    """What a cell may be that comes from one of several."""
    return frozenset().union(*(cell.roots for cell in cells))


def taint_sharers(
    run: Lowering,
    cell: Cell,
    node: cst.CSTNode | None,
    name: str,
    chain: Sequence[Link] = (),
    *,
    reorders: bool = False,
    kept: Collection[Cell] = (),
) -> None:
    """After a write through `cell`: the others that may be the same object have unknown content now.

    The lists of the chain, in which it stands, are given their exact content. A write that `reorders` a list
    leaves its other names with items at other places, but those that are `kept`, which have been read.
    """
    alone = cell.roots == frozenset([cell])
    if alone and cell not in run.sharers:
        return
    place = run.location(node)
    exact = {cell, *_bases(cell)}
    holders = {link.place.holder for link in chain}
    pending, seen = [(root, cell.sites) for root in cell.roots], set(cell.roots)
    while pending:
        root, sites = pending.pop()
        for other in (root, *run.sharers.get(root, ())):
            if root in cell.roots and not may_be(run, cell, other):
                continue
            if other in kept or (reorders and root in cell.roots and _is_apart(run, cell, other, root)):
                continue
            if other not in exact and other not in holders:
                _ask_layout(run, cell, other)
                left = (one.left_by for one in (cell, other) if one.left_by is not None)
                loops = (*run.loops, *growing_loops(other), *left)
                run.heap[other] = Tainted(place, name or name_of(run, cell), loops, sites | other.sites)
                if reorders and isinstance(other, ListCell):
                    run.heap[other.order] = Order()
            if other not in exact:
                # A list that holds the array, or an entry of it: they may have other names too.
                found = (other.roots if isinstance(other, ListCell) else {other}) - seen
                pending += [(one, sites | other.sites) for one in found]
                seen |= found


def _is_apart(run: Lowering, cell: Cell, other: Cell, root: Cell) -> bool:
    """What was taken out of a list stays what it is where items are put into the list, or out of it.

    It is a part of what stands there, and no list like it, nor one that could hold it.
    """
    if other is root:
        return False
    if isinstance(other, InstanceCell | DictCell):
        return other.frozen
    if isinstance(other, ArrayCell):
        # What stands in the list is looked up there, at its place.
        return other.place is None
    inside, changed = _content_type(run, other), _content_type(run, cell)
    if root not in other.roots:
        # It holds the list, or only what was taken out of that, or nothing.
        inside = inside.element if isinstance(inside, SequenceType) else None
        if inside == NONE:
            return True
    return isinstance(other, ListCell) and not _may_hold(inside, changed)


def _content_type(run: Lowering, cell: Cell) -> Type | None:
    content = run.heap.get(cell, cell.initial) if isinstance(cell, ListCell) else None
    return content.type if isinstance(content, Value) else None


def _may_hold(outer: Type | None, inner: Type | None) -> bool:
    """Whether the one may be the other list, or hold it."""
    if outer is None or inner is None or join_items(outer, inner) is not None:
        return True
    match outer:
        case SequenceType(element=element):
            return _may_hold(element, inner)
        case TupleType(elements=elements):
            return any(_may_hold(element, inner) for element in elements)
    return outer == NONE


def name_of(run: Lowering, cell: Cell) -> str:
    """A variable that is this object, if there is one."""
    names = (name for name, value in run.frame.names.items() if bare(value) is cell)
    return next(filter(str.isidentifier, names), "")


def _ask_layout(run: Lowering, *cells: Cell) -> None:
    """What these have in common may depend on the layout of an argument: start again and ask for it."""
    if any(isinstance(cell, ArrayCell) and cell.unsure for cell in cells):
        require_layout(run)


def _bases(cell: Cell) -> set[Cell]:
    """The arrays that a view is read from: they have just been given their exact content."""
    found: set[Cell] = set()
    while isinstance(cell, ArrayCell) and cell.view is not None:
        cell = cell.view.base
        found.add(cell)
    return found

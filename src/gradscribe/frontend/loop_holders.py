"""Run-time lists into which a loop puts objects from outside of it: `b.v = b.v * x; history.append(b)`.

What is changed before it is put into a list is changed in the list, too, from the second iteration on. The body is
lowered again knowing which lists hold what it changes.

In:  who shares what with whom, at both ends of the body.   Out: the same at its start.
Not here: arrays that are parts of others (loop_sharing.py), what a write does to sharers (sharers.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradscribe.frontend.learnt import LoopMemory
from gradscribe.frontend.loop_parts import Body
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Cell, ListCell

Counts = Mapping[Cell, int]


def counts_of_sharers(run: Lowering) -> Counts:
    """How many sharers each object has."""
    return {root: len(found) for root, found in run.sharers.items()}


def hold_inside(run: Lowering, memory: LoopMemory) -> None:
    """Record what earlier attempts found lists to hold at the end of an iteration."""
    for root, holder in memory.held:
        run.sharers.setdefault(root, []).append(holder)


def learn_holders(run: Lowering, memory: LoopMemory, body: Body, before: Counts, first_inside: int) -> bool:
    """Note which lists hold what the body changes; False if there are new ones.

    Args:
        run: the lowering, with the state before the loop.
        memory: what attempts at the loop have taught.
        body: the end of an iteration.
        before: of what sharers were known at its start.
        first_inside: serial number of the first object of the body.
    """
    changed = _changed(run, body, first_inside)
    known = len(memory.held)
    for root, found in run.sharers.items():
        if root.serial < first_inside and root in changed:
            new = (_outermost(cell) for cell in found[before.get(root, 0) :])
            memory.held.update(
                ((root, holder), None)
                for holder in new
                if isinstance(holder, ListCell) and holder is not root and holder.serial < first_inside
            )
    return len(memory.held) == known


def _changed(run: Lowering, body: Body, first_inside: int) -> set[Cell]:
    """What the body changes, and what holds that."""
    pending = [
        cell
        for cell, content in body.heap.items()
        if cell.serial < first_inside and run.heap.get(cell) is not content
    ]
    found = {root for cell in pending for root in cell.roots}
    pending = list(found)
    while pending:
        new = set(_holders(run, pending.pop())) - found
        found |= new
        pending += new
    return found


def _holders(run: Lowering, cell: Cell) -> Iterator[Cell]:
    for other in run.sharers.get(cell, ()):
        yield from other.roots


def _outermost(cell: Cell) -> Cell:
    """The list in which a list stands."""
    while cell.place is not None:
        cell = cell.place.holder
    return cell

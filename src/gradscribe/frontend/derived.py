"""Objects whose content is read from another object: views, and entries of run-time lists.

In:  cells and a heap.   Out: whether they are such; what is forgotten after a block that read them.
Not here: reading and writing (storage.py), putting things into lists (entries.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from gradscribe.frontend.values import Alternatives, ArrayCell, Cell, ListCell, Place, Tainted

Heap = dict[Cell, object]


def is_attached(cell: Cell, heap: Mapping[Cell, object]) -> bool:
    """It still stands in the list that it was found in, at the same place."""
    place = cell.place
    if place is None or heap.get(place.holder.order, place.holder.order.initial) is not place.order:
        return False
    return not isinstance(heap.get(place.holder, place.holder.initial), tuple)


def is_of_a_block_before(place: Place, heap: Mapping[Cell, object]) -> bool:
    """What stood there was read in a branch or loop that is over: the index is known there only."""
    return place not in heap or (place.initial is not None and heap[place] is None)


def is_derived(cell: Cell, heap: Mapping[Cell, object]) -> bool:
    """What it holds is read from another object: a view, an entry of a run-time list, one of several objects."""
    return is_read_elsewhere(cell) or isinstance(cell, Place) or is_attached(cell, heap)


def is_read_elsewhere(cell: Cell) -> bool:
    """A view, or one of several objects: it has no content of its own at any time."""
    if isinstance(cell, ArrayCell) and cell.view is not None:
        return True
    return isinstance(cell, Alternatives) or cell.chosen is not None


def stays_derived(cell: Cell, before: Mapping[Cell, object], after: Mapping[Cell, object]) -> bool:
    """It is so before something and after it: a change of the cell is a change of that other object."""
    return is_derived(cell, before) and is_derived(cell, after)


def forget_reads(heap: Heap, before: Mapping[Cell, object], mark: int, unknown: Tainted) -> None:
    """What a block read of other objects is to be read again after it; objects that it made are gone.

    Args:
        heap: at the end of the block.
        before: the heap at its start.
        mark: serial of the first object that it made.
        unknown: the content of what can be read no longer, should it leave the list in which it stands.
    """
    for cell in [cell for cell in heap if is_derived(cell, heap)]:
        if isinstance(cell, ArrayCell | ListCell) and cell.place is not None:
            if cell.serial < mark and heap[cell] is not before.get(cell, cell.initial):
                heap[cell] = unknown
        elif cell in before:
            heap[cell] = before[cell]
        elif not isinstance(cell, Place):
            del heap[cell]

"""Entries of a list that a loop carries by their place: `prev = table[0]`, then `prev = table[i]` each time.

Of such a variable the loop carries the index. What it holds is read from the list, and a write to it is one there.

In:  the slots of a loop.   Out: objects that stand at a carried place.
Not here: other carried values (slots.py), entries outside of loops (entries.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gradscribe.frontend.derived import is_attached
from gradscribe.frontend.entries import attach
from gradscribe.frontend.leaves import Again, Key
from gradscribe.frontend.sharers import share
from gradscribe.frontend.values import Abstract, ArrayCell, Cell, ListCell
from gradscribe.ir.graph import Value

if TYPE_CHECKING:
    from gradscribe.frontend.slots import Slots

Entry = ArrayCell | ListCell


def may_stand(slots: Slots, value: Abstract, key: Key) -> bool:
    """It is an entry of a list in which all stay where they are, as far as attempts at the loop have shown."""
    if not isinstance(value, ArrayCell | ListCell) or not is_attached(value, slots.run.heap):
        return False
    assert value.place is not None
    moves = value.place.holder.order in slots.memory.written
    return slots.memory.by_place.setdefault(key, True) and not moves


def stand_inside(slots: Slots, value: Entry, key: Key, *, absent: bool) -> Entry:
    """The entry as the body sees it: in each iteration it may be another one.

    Where there is none before the loop, the value only says of which list it is one.
    """
    assert value.place is not None
    before = slots.run.constant(0, slots.node) if absent else value.place.index
    index = slots._leaf(key, before, "", False).param
    cell = _entry_like(slots, value, value.place.holder, index)
    slots.made.add(cell)
    slots.standing[cell] = index
    return cell


def match_place(slots: Slots, shape: Cell, end: Abstract, key: Key) -> None:
    """Note the place at the end of an iteration. Where it is none, the next attempt carries what is there."""
    if end is shape:
        return
    place = end.place if isinstance(end, ArrayCell | ListCell) else None
    holds = place is not None and type(end) is type(shape) and is_attached(end, slots.run.heap)
    known = shape.place
    assert known is not None
    if not holds or place is None or place.holder is not known.holder or place.order is not known.order:
        slots.memory.by_place[key] = False
        raise Again
    slots._note(slots.by_param[slots.standing[shape]], place.index, key)


def stand_after(slots: Slots, shape: Cell, outputs: Mapping[Value, Value]) -> Entry:
    """The entry after the loop."""
    assert isinstance(shape, ArrayCell | ListCell) and shape.place is not None
    index = slots.standing[shape]
    return _entry_like(slots, shape, shape.place.holder, outputs.get(index, index))


def forget_inside(slots: Slots) -> None:
    """After the loop, the entries as its body saw them are read no longer."""
    for cell in slots.standing:
        assert isinstance(cell, ArrayCell | ListCell) and cell.place is not None
        slots.run.heap.pop(cell.place, None)


def _entry_like(slots: Slots, cell: Entry, holder: ListCell, index: Value) -> Entry:
    made = ArrayCell(cell.initial) if isinstance(cell, ArrayCell) else ListCell(cell.initial)
    made.roots = frozenset([made, *cell.roots])
    share(slots.run, made)
    attach(slots.run, made, holder, index, None)
    return made

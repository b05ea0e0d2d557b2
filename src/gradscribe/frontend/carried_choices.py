"""Arrays and lists outside of a loop among which its iterations choose: `if flag: target = b`, carried by flags.

Of such a variable the loop carries bools that say which object it is. What it holds is read from that object, and
a write to it is one there.

In:  the slots of a loop.   Out: one of several objects, with carried flags.
Not here: parts of one array (followed.py), what is done with such a variable (alternatives.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gradscribe.frontend.followed import late_part
from gradscribe.frontend.joined_objects import MAX_ALTERNATIVES
from gradscribe.frontend.leaves import Again, Key
from gradscribe.frontend.sharers import joined_roots
from gradscribe.frontend.values import Abstract, Alternatives, ArrayCell, Cell, ListCell
from gradscribe.ir.graph import Value

if TYPE_CHECKING:
    from gradscribe.frontend.late import Inside
    from gradscribe.frontend.slots import Slots

Object = ArrayCell | ListCell


def site_of(slots: Slots, key: Key) -> object:
    """What tells that the variable at this key of this loop is to be followed."""
    return ("carried", slots.run.context, id(slots.node), key)


def may_choose(slots: Slots, value: Abstract, key: Key) -> bool:
    """It is asked which object the variable is, and all of them are outside of the loop, as far as is known."""
    learnt = slots.run.learnt
    if not isinstance(value, Object) or not (learnt.chooses_all or site_of(slots, key) in learnt.choosing):
        return False
    return slots.memory.alternatives.get(key, ()) is not None


def choice_inside(slots: Slots, value: Object, key: Key) -> Object:
    """The object as the body sees it: in each iteration it may be another one."""
    known = slots.memory.alternatives.get(key)
    cells = list(dict.fromkeys([*_cells(value), *(known or ())]))
    flags = []
    for position, cell in enumerate(cells[:-1]):
        entry = _flag(slots, value, cell)
        flags.append(slots._leaf((*key, "is", position), entry, _name(slots, cell, key), False).param)
    shape = _one_of(slots, value, cells, flags)
    slots.choosing[shape] = key
    slots.made.add(shape)
    return shape


def _name(slots: Slots, cell: Object, key: Key) -> str:
    """`target_is_left`, where both have names."""
    content = slots.run.heap.get(cell, cell.initial)
    own = cell.name if isinstance(cell, ListCell) else content.hint if isinstance(content, Value) else ""
    return f"{key[1]}_is_{own}" if own.isidentifier() and len(key) == 2 and key[0] == "name" else ""


def _one_of(slots: Slots, like: Object, cells: Sequence[Object], flags: Sequence[Value]) -> Object:
    chosen = Alternatives(tuple(cells), tuple(flags))
    roots = joined_roots(*cells)
    if isinstance(like, ListCell):
        return ListCell(like.initial, like.name, chosen=chosen, roots=roots)
    return ArrayCell(like.initial, chosen=chosen, roots=roots)


def _cells(value: Object) -> Sequence[Object]:
    return value.chosen.cells if value.chosen is not None else (value,)


def _flag(slots: Slots, value: Object, cell: Object) -> Value:
    """Whether it is this one, here."""
    run, cells = slots.run, _cells(value)
    if cell not in cells:
        return run.constant(False, slots.node)
    if value.chosen is None or not value.chosen.flags:
        return run.constant(True, slots.node)
    position = cells.index(cell)
    flags = value.chosen.flags
    if position < len(flags):
        return flags[position]
    found = run.negated(slots.node, flags[0])
    for flag in flags[1:]:
        found = run.op(slots.node, "bool_and", found, run.negated(slots.node, flag))
    return found


def match_choice(slots: Slots, shape: Object, end: Abstract, key: Key) -> None:
    """Note which object it is at the end of an iteration.

    Where that is none from outside, the next attempt carries what the variable holds.
    """
    assert shape.chosen is not None
    if end is shape:
        return
    is_outside = isinstance(end, Object) and all(
        type(cell) is type(shape) and cell.serial < slots.mark for cell in _cells(end)
    )
    if not isinstance(end, Object) or not is_outside:
        slots.memory.alternatives[key] = None
        raise Again
    cells = tuple(dict.fromkeys([*shape.chosen.cells, *_cells(end)]))
    if len(cells) > len(shape.chosen.cells):
        slots.memory.alternatives[key] = cells if len(cells) <= MAX_ALTERNATIVES else None
        raise Again
    for cell, param in zip(shape.chosen.cells, shape.chosen.flags, strict=False):
        slots._note(slots.by_param[param], _flag(slots, end, cell), key)


def late_choice(
    slots: Slots, inside: Inside, end: Abstract, entry: Abstract | None, key: Key
) -> Object | None:
    """What a loop only hands out, as one of several objects outside; None where it is none."""
    if not may_choose(slots, end, key) or not isinstance(end, Object):
        return None
    if entry is not None and type(entry) is not type(end):
        return None
    ways = [end, entry] if isinstance(entry, Object) else [end]
    cells = list(dict.fromkeys(cell for way in ways for cell in _cells(way)))
    if any(cell.serial >= slots.mark for cell in cells) or len(cells) > MAX_ALTERNATIVES:
        return None
    flags = []
    for position, cell in enumerate(cells[:-1]):
        initial = _flag(slots, entry, cell) if isinstance(entry, Object) else None
        with inside():
            result = _flag(slots, end, cell)
        flags.append(slots.late((*key, "is", position), initial, result, _name(slots, cell, key)).param)
    shape = _one_of(slots, end, cells, flags)
    slots.choosing[shape] = key
    slots.made.add(shape)
    return shape


def late_part_or_before(
    slots: Slots, inside: Inside, end: ArrayCell, entry: Abstract | None, key: Key, hint: str
) -> Object | None:
    """What a loop only hands out, as a part of an array outside, or what was there if no iteration ran.

    None where it is not asked which of them it is, and where one of them cannot be followed.
    """
    if not slots.memory.follows or not isinstance(entry, ArrayCell):
        return None
    start = len(slots.leaves)
    part = late_part(slots, inside, end, None, None, key, hint)
    if not isinstance(part, ArrayCell) or len(_cells(entry)) >= MAX_ALTERNATIVES:
        del slots.leaves[start:]
        return None
    cells = (part, *_cells(entry))
    initial = [slots.run.constant(False, slots.node), *(_flag(slots, entry, cell) for cell in cells[1:-1])]
    with inside():
        results = [slots.run.constant(position == 0, slots.node) for position in range(len(initial))]
    flags = [
        slots.late((*key, "is", position), first, last, _name(slots, cells[position], key)).param
        for position, (first, last) in enumerate(zip(initial, results, strict=True))
    ]
    shape = _one_of(slots, end, cells, flags)
    slots.choosing[shape] = key
    slots.made.add(shape)
    return shape


def choice_after(slots: Slots, shape: Object, outputs: Mapping[Value, Value]) -> Cell:
    """The object after the loop."""
    assert shape.chosen is not None
    flags = [outputs.get(flag, flag) for flag in shape.chosen.flags]
    cells = [slots.after(cell, outputs) for cell in shape.chosen.cells]
    return _one_of(slots, shape, cells, flags)  # type: ignore[arg-type]

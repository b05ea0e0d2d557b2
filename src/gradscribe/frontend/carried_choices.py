"""Objects outside of a loop among which its iterations choose: `if flag: target = b`, carried by flags.

Of such a variable the loop carries bools that say which object it is. What it holds is read from that object, and
a write to it is one there.

In:  the slots of a loop.   Out: one of several objects, with carried flags.
Not here: variables that are parts of one array (followed.py), parts among what is chosen (chosen_parts.py), what
is done with such a variable (alternatives.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import reduce
from typing import TYPE_CHECKING

from gradscribe.frontend.alternatives import carried_site, follow_choices, is_up_to_date, one_of
from gradscribe.frontend.chosen_parts import Way, among, merged, note_bounds, part_inside, way_to
from gradscribe.frontend.followed import late_part
from gradscribe.frontend.joined_objects import is_few
from gradscribe.frontend.leaves import Again, Key, flag_at_end
from gradscribe.frontend.paths import path_of
from gradscribe.frontend.sharers import name_of
from gradscribe.frontend.stale import stale
from gradscribe.frontend.storage import read_again
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Cell,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeUnbound,
    Object,
    Tainted,
)
from gradscribe.ir.graph import Value

if TYPE_CHECKING:
    from gradscribe.frontend.late import Inside
    from gradscribe.frontend.slots import Slots


def site_of(slots: Slots, key: Key) -> object:
    """What tells that the variable at this key of this loop is to be followed."""
    return carried_site(slots.run, slots.node, key)


def may_choose(slots: Slots, value: Abstract, key: Key, *, absent: bool = False) -> bool:
    """It is asked which object the variable is, and all of them are outside of the loop, as far as is known.

    Where there is none before the loop, an attempt of this visit must have found them: those of an earlier visit
    are no objects of this one.
    """
    if absent:
        return isinstance(value, Object) and bool(slots.memory.alternatives.get(key))
    learnt = slots.run.learnt
    if not isinstance(value, Object) or not (learnt.chooses_all or site_of(slots, key) in learnt.choosing):
        return False
    return slots.memory.alternatives.get(key, ()) is not None


def choice_inside(slots: Slots, value: Object, key: Key, *, absent: bool = False) -> Object:
    """The object as the body sees it: in each iteration it may be another one.

    Args:
        slots: of the loop.
        value: what it is before the loop.
        key: of the variable.
        absent: there is none before the loop; the value only says of what kind it is.
    """
    known = slots.memory.alternatives.get(key) or ()
    firsts: dict[Object | Way, Object] = {}
    for cell in () if absent else _cells(value):
        way = among(known, Way.of(path_of(cell)))
        firsts[way if way in known and way not in firsts else cell] = cell
    cells = [
        part_inside(slots, way, firsts.get(way), (*key, "way", place), _hint(key))
        if isinstance(way, Way)
        else way
        for place, way in enumerate(dict.fromkeys([*firsts, *known]))
    ]
    flags = []
    for position, cell in enumerate(cells[:-1]):
        first = firsts.get(slots.parts.get(cell, cell))
        entry = slots.run.constant(False, slots.node) if first is None else _flag(slots, value, first)
        flags.append(slots._leaf((*key, "is", position), entry, _name(slots, cell, key), False).param)
    shape = _one_of(slots, value, cells, flags)
    slots.choosing[shape] = key
    slots.made.add(shape)
    return shape


def _name(slots: Slots, cell: Object, key: Key) -> str:
    """`target_is_left`, where both have names; `target_is_first` for what had this name before the loop."""
    content = slots.run.heap.get(cell, cell.initial)
    if isinstance(cell, DictCell | InstanceCell):
        own = name_of(slots.run, cell)
    else:
        own = cell.name if isinstance(cell, ListCell) else content.hint if isinstance(content, Value) else ""
    name = _hint(key)
    return f"{name}_is_{'first' if own == name else own}" if name and own.isidentifier() else ""


def _hint(key: Key) -> str:
    return str(key[1]) if len(key) == 2 and key[0] == "name" else ""


def _one_of(slots: Slots, one: Object, cells: Sequence[Object], flags: Sequence[Value]) -> Object:
    return one_of(one, cells, flags, one.initial)


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


@contextmanager
def opened(slots: Slots, cell: Cell, key: Key) -> Iterator[None]:
    """What an object holds is carried by value; one that holds itself must be followed."""
    if cell in slots.open:
        ways = [key[:length] for length in range(2, len(key))]
        follow_choices(slots.run, frozenset(site_of(slots, way) for way in ways))
        raise slots.run.refusal(
            slots.node,
            "GS130",
            "this loop replaces an object that holds itself, or another one that holds it",
            why="which object it is in each iteration is not followed here",
            fix="keep the objects in a list and let the loop change an index: `nodes[k]`",
        )
    slots.open.add(cell)
    try:
        yield
    finally:
        slots.open.discard(cell)


def held_before(slots: Slots, value: Object, absent: bool) -> object:
    """What an object holds before the loop.

    One that was chosen is read before all attempts, so that each finds the same objects in it. Of one that is not
    there before the loop, an earlier attempt has found the kinds: nothing is read from it.
    """
    if not absent and value.chosen is not None and not is_up_to_date(slots.run, value):
        slots.memory.read_first[value] = None
        raise Again
    with slots.run.block() if absent else nullcontext():
        read_again(slots.run, value, slots.node)
        return slots.run.heap.get(value, value.initial)


def held_after(slots: Slots, end: Object) -> object:
    """What an object holds at the end of an iteration, by which it is handed on to the next one."""
    read_again(slots.run, end, slots.node)
    content = slots.run.heap.get(end, end.initial)
    if isinstance(content, Tainted):
        raise stale(slots.run, slots.node, end, content)
    return content


def match_unbound(slots: Slots, shape: MaybeUnbound, end: Abstract, key: Key) -> None:
    """Note what an iteration leaves of a variable that has no value before the loop."""
    last = end.value if isinstance(end, MaybeUnbound) else end
    if may_choose(slots, last, key):
        learn_ways(slots, last, key, shape.value)
    slots.match(shape.value, last, key)
    slots._match_leaf(shape.defined, flag_at_end(end), (*key, "defined"))


def match_choice(slots: Slots, shape: Object, end: Abstract, key: Key) -> None:
    """Note which object it is at the end of an iteration.

    Where that is none from outside, nor a part of one, the next attempt carries what the variable holds.
    """
    assert shape.chosen is not None
    if end is shape:
        return
    known = {slots.parts.get(cell, cell): cell for cell in shape.chosen.cells}
    ends = _cells(end) if isinstance(end, Object) else ()
    ways = {cell: way_to(slots, cell) for cell in ends if type(cell) is type(shape)}
    if not isinstance(end, Object) or len(ways) < len(ends) or None in ways.values():
        follow_choices(slots.run, frozenset[object]().union(*(cell.sites for cell in ends)))
        slots.memory.alternatives[key] = None
        raise Again
    found = {cell: among(known, way) for cell, way in ways.items() if way is not None}
    if not known.keys() >= set(found.values()):
        now = merged([*known, *found.values()])
        slots.memory.alternatives[key] = tuple(now) if is_few(now) else None
        raise Again
    for way, param in zip(known, shape.chosen.flags, strict=False):
        flags = [_flag(slots, end, cell) for cell in ends if found[cell] == way]
        slots._note(slots.by_param[param], _any_of(slots, flags), key)
    for cell in known.values():
        if cell in slots.parts:
            note_bounds(slots, cell, end, found, key)


def learn_ways(slots: Slots, end: Abstract | None, key: Key, unchanged: Abstract | None = None) -> None:
    """Start again with an object followed as one of several, where it is from outside or part of such a one.

    Args:
        slots: of the loop.
        end: the object at the end of an iteration.
        key: of the variable.
        unchanged: what it is where the iteration left it as it was.
    """
    if key in slots.memory.alternatives or not isinstance(end, Object):
        return
    if not slots.run.learnt.follows and not may_choose(slots, end, key):
        return
    ways = [way_to(slots, cell) for cell in _cells(end) if cell is not unchanged]
    found = [way for way in ways if way is not None]
    if found and len(found) == len(ways):
        slots.memory.alternatives[key] = tuple(merged(found))
        raise Again


def _any_of(slots: Slots, flags: Sequence[Value]) -> Value:
    if not flags:
        return slots.run.constant(False, slots.node)
    return reduce(lambda one, two: slots.run.op(slots.node, "bool_or", one, two), flags)


def late_choice(
    slots: Slots, inside: Inside, end: Abstract, entry: Abstract | None, key: Key, hint: str
) -> Object | None:
    """What a loop only hands out, where that is one of several objects: outside of it, or parts of those.

    None where it is not, or not asked which of them it is.
    """
    if not isinstance(end, Object) or not (slots.run.learnt.follows or may_choose(slots, end, key)):
        return None
    if end.chosen is None and end.serial >= slots.mark:
        return None
    return late_alternatives(slots, inside, end, entry, key, hint)


def late_alternatives(
    slots: Slots, inside: Inside, end: Object, entry: Abstract | None, key: Key, hint: str
) -> Object | None:
    """What a loop only hands out, as one of what it may be at the end of an iteration, and before the first one.

    None where one of them cannot be followed.
    """
    if entry is not None and type(entry) is not type(end):
        return None
    start = len(slots.leaves)
    ends = [_after(slots, inside, cell, (*key, "way", k), hint) for k, cell in enumerate(_cells(end))]
    before = _cells(entry) if isinstance(entry, Object) else ()
    cells = [cell for cell in dict.fromkeys([*ends, *before]) if cell is not None]
    if None in ends or not is_few(cells):
        del slots.leaves[start:]
        return None
    flags = []
    for position, cell in enumerate(cells[:-1]):
        initial = _flag(slots, entry, cell) if isinstance(entry, Object) else None
        with inside():
            last = _cells(end)[ends.index(cell)] if cell in ends else cell
            result = _flag(slots, end, last)
        flags.append(slots.late((*key, "is", position), initial, result, _name(slots, cell, key)).param)
    shape = _one_of(slots, end, cells, flags)
    slots.choosing[shape] = key
    slots.made.add(shape)
    return shape


def _after(slots: Slots, inside: Inside, cell: Object, key: Key, hint: str) -> Object | None:
    """An object at the end of an iteration, as it is called after the loop."""
    if cell.serial < slots.mark:
        return cell
    if not isinstance(cell, ArrayCell):
        return None
    return late_part(slots, inside, cell, None, None, key, hint)  # type: ignore[return-value]


def choice_after(slots: Slots, shape: Object, outputs: Mapping[Value, Value]) -> Cell:
    """The object after the loop."""
    assert shape.chosen is not None
    flags = [outputs.get(flag, flag) for flag in shape.chosen.flags]
    cells = [slots.after(cell, outputs) for cell in shape.chosen.cells]
    return _one_of(slots, shape, cells, flags)  # type: ignore[arg-type]

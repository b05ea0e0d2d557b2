"""Parts of arrays that a loop carries by their bounds: `prev = table[0]`, then `prev = table[i]` each time.

Of such a variable the loop carries ints. What it holds is read from the array, and a write to it is one there.
Without bounds it is one object, before each iteration and after it: `last = state` each time.

In:  the slots of a loop.   Out: views with carried bounds, and objects that stay what they are.
Not here: entries of lists (standing.py), what is carried by value while arrays change (loop_sharing.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gradscribe.frontend.leaves import Again, Key
from gradscribe.frontend.paths import Bound, Path, end_of, path_of
from gradscribe.frontend.shrinking import counted_from_start, prolonged
from gradscribe.frontend.values import Abstract, ArrayCell, Cell, DictCell, InstanceCell, ListCell, Tainted
from gradscribe.ir.graph import Value

if TYPE_CHECKING:
    from gradscribe.frontend.late import Inside
    from gradscribe.frontend.loop_parts import Body, State
    from gradscribe.frontend.slots import Slots


def may_follow(slots: Slots, value: Abstract, key: Key) -> bool:
    """Attempts at the loop have shown that it is a part of one array, and which bounds change."""
    changing = slots.memory.followed.get(key)
    if changing is None or not isinstance(value, Cell):
        return False
    path = _way_to(slots, value, key)
    is_unknown = isinstance(slots.run.heap.get(path.root), Tainted)
    return max(changing, default=-1) < len(path.bounds) and not is_unknown


def _way_to(slots: Slots, value: Cell, key: Key) -> Path:
    path = path_of(value)
    smaller = counted_from_start(slots.run, slots.node, path) if key in slots.memory.shrinking else None
    return path if smaller is None else smaller


def follow_inside(slots: Slots, value: Cell, key: Key, hint: str, *, absent: bool = False) -> Cell:
    """The part as the body sees it: in each iteration its bounds may be other ones.

    Args:
        slots: of the loop.
        value: the part before the loop.
        key: of the variable.
        hint: its name.
        absent: there is none before the loop; the value only says of what it is a part.
    """
    path = _way_to(slots, value, key)
    changing = slots.memory.followed[key]
    assert changing is not None
    bounds: list[Bound] = list(path.bounds)
    for position in sorted(changing):
        entry = as_bound(slots, 0 if absent else bounds[position])
        bounds[position] = slots._leaf((*key, "bound", position), entry, index_name(hint), False).param
    cell = end_of(slots.run, slots.node, path, bounds, name=hint)
    slots.following[cell] = Path(path.root, path.steps, tuple(bounds))
    return cell


def is_followed(slots: Slots, shape: Cell, key: Key) -> bool:
    """This slot is a part with carried bounds.

    A whole array that one slot follows may be an entry of an object, too, which holds it in a slot of its own.
    """
    return shape in slots.following and slots.memory.followed.get(key) is not None


def match_followed(slots: Slots, shape: Cell, end: Abstract, key: Key) -> None:
    """Note the bounds at the end of an iteration.

    Where it is no such part then, the next attempt carries what it holds.
    """
    known = slots.following[shape]
    last = path_of(end) if isinstance(end, Cell) else None
    if last is not None and key in slots.memory.shrinking:
        last = counted_from_start(slots.run, slots.node, last, known.bounds)
    if last is None or not last.is_like(known):
        slots.memory.followed[key] = None
        raise Again
    changing = slots.memory.followed[key]
    assert changing is not None
    found = known.differences(last)
    if found - changing:
        slots.memory.followed[key] = changing | found
        raise Again
    for position in sorted(found):
        param = known.bounds[position]
        assert isinstance(param, Value)
        slots._note(slots.by_param[param], as_bound(slots, last.bounds[position]), key)


def follow_after(slots: Slots, shape: Cell, outputs: Mapping[Value, Value]) -> Cell:
    """The part after the loop."""
    path = slots.following[shape]
    bounds = [outputs.get(bound, bound) if isinstance(bound, Value) else bound for bound in path.bounds]
    value = slots.handed_out.get(shape)
    return end_of(slots.run, slots.node, path, bounds, outputs[value] if value is not None else None)


def as_bound(slots: Slots, bound: Bound) -> Value:
    """A bound as a value of the graph."""
    return bound if isinstance(bound, Value) else slots.run.constant(bound, slots.node)


def late_part(
    slots: Slots,
    inside: Inside,
    end: ArrayCell,
    entry: Abstract | None,
    value: Value | None,
    key: Key,
    hint: str,
) -> Cell | None:
    """What a loop only hands out, as a part of an array outside; None where it is none.

    Args:
        slots: of the loop.
        inside: a context for what belongs to the end of an iteration.
        end: the part there.
        entry: what the variable is before the loop, if it is something.
        value: what the part holds after the loop, if that is handed out too.
        key: of the slot.
        hint: its name.
    """
    last = path_of(end)
    first = path_of(entry) if isinstance(entry, Cell) else None
    if last.root.serial >= slots.mark or (entry is not None and (first is None or not first.is_like(last))):
        return None
    bounds = list(last.bounds)
    for position, bound in enumerate(bounds):
        before = first.bounds[position] if first is not None else bound
        if isinstance(before, int) and before == bound:
            continue
        with inside():
            result = as_bound(slots, bound)
        initial = as_bound(slots, before) if first is not None else None
        bounds[position] = slots.late((*key, "bound", position), initial, result, index_name(hint)).param
    cell = end_of(slots.run, slots.node, last, bounds)
    slots.following[cell] = Path(last.root, last.steps, tuple(bounds))
    if value is not None:
        slots.handed_out[cell] = value
    return cell


def index_name(hint: str) -> str:
    """What the bound of a part is called."""
    return f"{hint}_index" if hint else ""


def learn_followed(state: State, body: Body, can_peel: bool) -> bool:
    """Note the carried objects that are parts of one outside, where either is written.

    Where only the end of an iteration shows it, the first one may be lowered on its own, if it does not leave the
    loop. False if there are new ones.
    """
    memory = state.slots.memory
    found = {**_arrays(state, body), **_containers(state, body)}
    new = {key: way for key, way in found.items() if key not in memory.followed}
    for key, (first, last) in new.items():
        if first is None:
            continue
        if not first.is_like(last):
            run, node = state.slots.run, state.slots.node
            whole, rest = (counted_from_start(run, node, way) for way in (first, last))
            if whole is None or rest is None or not whole.is_like(rest):
                continue
            first, last = whole, rest
            memory.shrinking.add(key)
        memory.followed[key] = first.differences(last)
    stays = body.flow.breaks is False and body.flow.returns is False
    memory.may_peel = memory.may_peel or (can_peel and stays and bool(new))
    return not new.keys() & memory.followed.keys()


Ways = dict[Key, tuple[Path | None, Path]]
"""Of carried objects, the ways to them before the loop and after an iteration."""


def _arrays(state: State, body: Body) -> Ways:
    slots = state.slots
    entries = {item.inner: item.first for item in slots.carried.values() if item.first is not None}
    found: Ways = {}
    written: set[Cell] = set()
    for key, item in slots.carried.items():
        if item.last is None:
            continue
        first = path_of(item.first) if item.first is not None else None
        last = path_of(entries.get(item.last, item.last))
        if last.root in entries:
            last = prolonged(path_of(entries[last.root]), last)
        if first is not None and item.end & _alone(first.root):
            # A branch chose: whether it stays a part is seen where it is taken for one.
            last = first
        found[key] = first, last
        if item.inner in body.heap:
            written |= {last.root} if first is None else {first.root, last.root}
    return {
        key: (first, last)
        for key, (first, last) in found.items()
        if last.root.serial < slots.mark
        and (slots.run.learnt.follows or last.root in written or _is_changed(state, body, last.root))
    }


def _alone(cell: Cell) -> frozenset[Cell]:
    """What it may be, without the list in which it stands: another entry of that is another object."""
    return cell.place.alone if cell.place is not None else cell.roots


def _containers(state: State, body: Body) -> Ways:
    """Variables that are one list, dict or object outside, in each iteration."""
    found: Ways = {}
    for name, shape in state.shapes.items():
        end, entry = body.names.get(name), state.slots.run.frame.names.get(name)
        if not isinstance(shape, ListCell | DictCell | InstanceCell) or shape not in state.slots.made:
            continue
        if isinstance(end, type(shape)) and end.serial < state.slots.mark and end.place is None:
            if shape in body.heap or _is_changed(state, body, end):
                found["name", name] = path_of(entry) if isinstance(entry, Cell) else None, path_of(end)
    return found


def _is_changed(state: State, body: Body, cell: Cell) -> bool:
    before = state.contents.get(cell, state.slots.run.heap.get(cell))
    return body.heap.get(cell) is not before

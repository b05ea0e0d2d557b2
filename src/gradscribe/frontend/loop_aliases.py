"""Which objects may be the same around a loop.

A variable that is rebound in each iteration is, in the next one, the array that this iteration made. Writing
to it then also changes whatever else refers to that array: another carried variable, or a list that it was
appended to.

In:  the state at both ends of the body.   Out: outer cells whose content is unknown; an error for variables
that may be the same array while one of them is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeGuard

from gradscribe.frontend.alternatives import carried_site, follow_choices
from gradscribe.frontend.carried_aliases import refuse_changed_elsewhere
from gradscribe.frontend.leaves import Carried, Key
from gradscribe.frontend.loop_parts import Loop, active_loop
from gradscribe.frontend.operands import is_number
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Cell,
    DictCell,
    InstanceCell,
    ListCell,
    Tainted,
    bare,
)
from gradscribe.frontend.writing_out import write_out
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ScalarType, SequenceType


def check_aliases(
    run: Lowering,
    loop: Loop,
    shapes: Mapping[str, Abstract],
    arrays: Mapping[Key, Carried],
    contents: Mapping[Cell, object],
    names: Mapping[str, Abstract],
    heap: Mapping[Cell, object],
    first_inside: int,
) -> list[Cell]:
    """Outer cells that a write in one iteration changes by way of another.

    Args:
        run: the lowering, with the state before the loop.
        loop: the loop.
        shapes: carried variables as the body sees them.
        arrays: carried arrays, those that containers hold among them.
        contents: outer objects that the loop may change, as the body finds them.
        names: variables at the end of the body.
        heap: objects at the end of the body.
        first_inside: serial number of the first object of the body.
    """
    shapes = {name: bare(shape) for name, shape in shapes.items()}
    names = {name: bare(value) for name, value in names.items()}
    for name, shape in shapes.items():
        if (
            isinstance(shape, ListCell | DictCell | InstanceCell)
            and not _is_list_of_numbers(shape)
            and shape in heap
            and names.get(name) is not shape
        ):
            follow_choices(run, frozenset([carried_site(run, loop.node, ("name", name))]))
            write_out(run, (*run.loops, active_loop(run, loop)))
            raise run.refusal(
                loop.node,
                "GS130",
                f"`{name}` is changed in place and also replaced in this loop",
                why="whether the change is seen through another name depends on the iteration",
                fix="either change it in place or replace it",
            )
    refuse_changed_elsewhere(run, loop, shapes, contents, names, heap)
    slots = _Slots(run, shapes, arrays, names, first_inside)
    stale: dict[Cell, None] = {}
    for key, inner in slots.inner.items():
        if inner not in heap:
            continue
        _refuse_twins(run, loop, slots, key)
        for root in slots.outside(key):
            stale[root] = None
            stale.update(dict.fromkeys(run.sharers.get(root, ())))
        for root in slots.end[key]:
            holders = [cell for cell in run.sharers.get(root, ()) if cell.serial < first_inside]
            stale.update(dict.fromkeys(holders))
    for cell, content in contents.items():
        if isinstance(cell, ArrayCell) and heap.get(cell) is not content:
            stale.update(dict.fromkeys(run.sharers.get(cell, ())))
    return [cell for cell in stale if cell.serial < first_inside and not isinstance(heap.get(cell), Tainted)]


def _is_list_of_numbers(shape: Abstract) -> TypeGuard[ListCell]:
    """A list that holds no objects."""
    if not isinstance(shape, ListCell):
        return False
    if isinstance(shape.initial, Value):
        assert isinstance(shape.initial.type, SequenceType)
        return isinstance(shape.initial.type.element, ScalarType)
    return isinstance(shape.initial, tuple) and all(map(is_number, shape.initial))


class _Slots:
    """Carried arrays and lists of numbers: before the loop, inside, at the end of an iteration."""

    def __init__(
        self,
        run: Lowering,
        shapes: Mapping[str, Abstract],
        arrays: Mapping[Key, Carried],
        names: Mapping[str, Abstract],
        first_inside: int,
    ) -> None:
        self.first_inside = first_inside
        self.inner: dict[Key, ArrayCell | ListCell] = {key: item.inner for key, item in arrays.items()}
        self.entry: dict[Key, frozenset[Cell]] = {key: item.entry for key, item in arrays.items()}
        self.end: dict[Key, frozenset[Cell]] = {key: item.end for key, item in arrays.items()}
        self.staying: set[Key] = set()
        for name, shape in shapes.items():
            if not _is_list_of_numbers(shape):
                continue
            key = ("name", name)
            first, last = bare(run.frame.names.get(name)), names.get(name)
            self.inner[key] = shape
            self.entry[key] = first.roots if isinstance(first, ListCell) else frozenset()
            self.end[key] = last.roots if isinstance(last, ListCell) else frozenset()
            if last is shape:
                self.staying.add(key)
        self.by_cell: dict[Cell, Key] = {cell: key for key, cell in self.inner.items()}

    def outside(self, key: Key) -> set[Cell]:
        """Outer objects that it may be in some iteration."""
        found: set[Cell] = set()
        pending, seen = [key], {key}
        while pending:
            current = pending.pop()
            found |= self.entry[current]
            for root in self.end[current]:
                other = self.by_cell.get(root)
                if other is not None and other not in seen:
                    seen.add(other)
                    pending.append(other)
                elif other is None and root.serial < self.first_inside:
                    found.add(root)
        return found


def _refuse_twins(run: Lowering, loop: Loop, slots: _Slots, key: Key) -> None:
    """Two variables that may be one list, one of them written."""
    if isinstance(slots.inner[key], ArrayCell):
        return
    for other in slots.inner:
        is_array = isinstance(slots.inner[other], ArrayCell)
        if is_array or other == key or {key, other} <= slots.staying:
            continue
        if slots.entry[key] & slots.entry[other] or slots.end[key] & slots.end[other]:
            write_out(run, (*run.loops, active_loop(run, loop)))
            raise run.refusal(
                loop.node,
                "GS130",
                f"`{key[1]}` and `{other[1]}` may be the same array in this loop, and `{key[1]}` is written to",
                why="whether writing to one changes the other depends on the iteration",
                fix=f"keep a copy: `{other[1]} = {key[1]}.copy()`",
            )

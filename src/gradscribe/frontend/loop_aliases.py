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

from gradscribe.frontend.carried_aliases import refuse_changed_elsewhere
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
    contents: Mapping[Cell, object],
    names: Mapping[str, Abstract],
    heap: Mapping[Cell, object],
    first_inside: int,
) -> list[Cell]:
    """Outer cells that a write in one iteration changes by way of another."""
    shapes = {name: bare(shape) for name, shape in shapes.items()}
    names = {name: bare(value) for name, value in names.items()}
    for name, shape in shapes.items():
        if (
            isinstance(shape, ListCell | DictCell | InstanceCell)
            and not _is_list_of_numbers(shape)
            and shape in heap
            and names.get(name) is not shape
        ):
            write_out(run, (*run.loops, active_loop(run, loop)))
            raise run.refusal(
                loop.node,
                "GS130",
                f"`{name}` is changed in place and also replaced in this loop",
                why="whether the change is seen through another name depends on the iteration",
                fix="either change it in place or replace it",
            )
    refuse_changed_elsewhere(run, loop, shapes, contents, names, heap)
    slots = _Slots(run, shapes, names, first_inside)
    stale: dict[Cell, None] = {}
    for name, inner in slots.inner.items():
        if inner not in heap:
            continue
        _refuse_twins(run, loop, slots, name)
        for root in slots.outside(name):
            stale[root] = None
            stale.update(dict.fromkeys(run.sharers.get(root, ())))
        for root in slots.back_roots(name):
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
    return all(map(is_number, shape.initial))


class _Slots:
    """Carried arrays and lists of numbers: before the loop, inside, at the end of an iteration."""

    def __init__(
        self, run: Lowering, shapes: Mapping[str, Abstract], names: Mapping[str, Abstract], first_inside: int
    ) -> None:
        self.first_inside = first_inside
        self.inner = {
            name: shape
            for name, shape in shapes.items()
            if isinstance(shape, ArrayCell) or _is_list_of_numbers(shape)
        }
        self.before: dict[str, ArrayCell | ListCell] = {}
        self.end: dict[str, ArrayCell | ListCell] = {}
        for name in self.inner:
            entry, last = bare(run.frame.names.get(name)), names.get(name)
            if isinstance(entry, ArrayCell | ListCell):
                self.before[name] = entry
            if isinstance(last, ArrayCell | ListCell):
                self.end[name] = last
        self.by_cell: dict[Cell, str] = {cell: name for name, cell in self.inner.items()}

    def stays(self, name: str) -> bool:
        """Each iteration leaves the variable the list that it was."""
        return isinstance(self.inner[name], ListCell) and self.end.get(name) is self.inner[name]

    def entry_roots(self, name: str) -> frozenset[Cell]:
        """What the variable may be in the first iteration."""
        return self.before[name].roots if name in self.before else frozenset()

    def back_roots(self, name: str) -> frozenset[Cell]:
        """What it may be in the next one."""
        return self.end[name].roots if name in self.end else frozenset()

    def outside(self, name: str) -> set[Cell]:
        """Outer objects that it may be in some iteration."""
        found: set[Cell] = set()
        pending, seen = [name], {name}
        while pending:
            current = pending.pop()
            found |= self.entry_roots(current)
            for root in self.back_roots(current):
                other = self.by_cell.get(root)
                if other is not None and other not in seen:
                    seen.add(other)
                    pending.append(other)
                elif other is None and root.serial < self.first_inside:
                    found.add(root)
        return found


def _refuse_twins(run: Lowering, loop: Loop, slots: _Slots, name: str) -> None:
    """Two variables that may be one list, one of them written."""
    if isinstance(slots.inner[name], ArrayCell):
        return
    for other in slots.inner:
        if other == name or (slots.stays(name) and slots.stays(other)):
            continue
        same = slots.entry_roots(name) & slots.entry_roots(other) or slots.back_roots(
            name
        ) & slots.back_roots(other)
        if same:
            write_out(run, (*run.loops, active_loop(run, loop)))
            raise run.refusal(
                loop.node,
                "GS130",
                f"`{name}` and `{other}` may be the same array in this loop, and `{name}` is written to",
                why="whether writing to one changes the other depends on the iteration",
                fix=f"keep a copy: `{other} = {name}.copy()`",
            )

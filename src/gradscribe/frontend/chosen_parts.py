"""Parts of arrays among what iterations choose: `best = row`, and in some iterations `best = table[i]`.

Parts of one array that are indexed alike are one alternative, whose bounds the loop carries.

In:  the slots of a loop.   Out: alternatives as the body sees them; their bounds at the end of an iteration.
Not here: the flags that say which of them it is (carried_choices.py), variables that always are one part of one
array (followed.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gradscribe.frontend.alternatives import over_alternatives
from gradscribe.frontend.followed import as_bound
from gradscribe.frontend.leaves import Key
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.paths import Bound, Path, end_of, path_of
from gradscribe.frontend.values import ArrayCell, Cell, Number, Object
from gradscribe.ir.graph import Value

if TYPE_CHECKING:
    from gradscribe.frontend.slots import Slots


@dataclass(frozen=True)
class Way:
    """The way to parts of one array that are indexed alike.

    Attributes:
        root: the array.
        steps: index templates, as those of a path.
        bounds: those of each part; None where parts differ.
    """

    root: Cell
    steps: tuple[tuple[object, ...], ...] = field(hash=False)
    bounds: tuple[int | None, ...]

    @classmethod
    def of(cls, path: Path) -> Way:
        """The way to one part."""
        bounds = (bound if isinstance(bound, int) else None for bound in path.bounds)
        return cls(path.root, path.steps, tuple(bounds))

    def is_like(self, other: Way) -> bool:
        """Both lead to parts of one array, indexed alike."""
        return self.root is other.root and self.steps == other.steps

    def leads_to(self, other: Way) -> bool:
        """The other parts are among these."""
        pairs = zip(self.bounds, other.bounds, strict=True) if self.is_like(other) else [(0, 1)]
        return all(mine is None or mine == theirs for mine, theirs in pairs)

    def joined(self, other: Way) -> Way:
        """The way to both parts."""
        pairs = zip(self.bounds, other.bounds, strict=True)
        return replace(self, bounds=tuple(mine if mine == theirs else None for mine, theirs in pairs))


def among(known: Iterable[Object | Way], way: Object | Way) -> Object | Way:
    """The known alternative to which this one belongs; itself if there is none."""
    if not isinstance(way, Way):
        return way
    return next((other for other in known if isinstance(other, Way) and other.leads_to(way)), way)


def merged(found: Iterable[Object | Way]) -> list[Object | Way]:
    """The alternatives, with one for parts of one array that are indexed alike."""
    made: list[Object | Way] = []
    for way in found:
        for place, other in enumerate(made):
            if isinstance(way, Way) and isinstance(other, Way) and way.is_like(other):
                made[place] = other.joined(way)
                break
        else:
            made.append(way)
    return made


def way_to(slots: Slots, cell: Object) -> Object | Way | None:
    """What an object at the end of an iteration is outside of the loop; None where it is nothing there."""
    if cell in slots.parts:
        return slots.parts[cell]
    if cell.serial < slots.mark:
        return cell
    path = path_of(cell)
    return Way.of(path) if path.steps and path.root.serial < slots.mark else None


def part_inside(slots: Slots, way: Way, first: Object | None, key: Key, hint: str) -> Object:
    """A part as the body sees it, whose bounds differ between iterations.

    Args:
        slots: of the loop.
        way: to the part.
        first: what it is before the loop, if it is something.
        key: of its slots.
        hint: the name of the variable.
    """
    before = path_of(first).bounds if first is not None else (0,) * len(way.bounds)
    bounds: list[Bound] = []
    for position, (bound, entry) in enumerate(zip(way.bounds, before, strict=True)):
        given = as_bound(slots, entry)
        bounds.append(
            slots._leaf((*key, "bound", position), given, "", False).param if bound is None else bound
        )
    path = Path(way.root, way.steps, tuple(bounds))
    cell = end_of(slots.run, slots.node, path, bounds)
    assert isinstance(cell, ArrayCell)
    slots.following[cell] = path
    slots.parts[cell] = way
    return cell


def note_bounds(
    slots: Slots, part: Object, end: Object, ways: Mapping[Object, Object | Way], key: Key
) -> None:
    """Note the bounds of a part at the end of an iteration, where it may be another one then.

    Args:
        slots: of the loop.
        part: as the body sees it.
        end: what the variable is then.
        ways: what each of the objects that it may be is outside.
        key: of the variable.
    """
    way = slots.parts[part]
    if not any(other == way and cell is not part for cell, other in ways.items()):
        return
    for position, param in enumerate(slots.following[part].bounds):
        if not isinstance(param, Value):
            continue

        def bound_of(cell: Object, position: int = position, param: Value = param) -> Number:
            is_other = ways.get(cell) == way and cell is not part
            return Number(as_bound(slots, path_of(cell).bounds[position]) if is_other else param)

        found = as_value(slots.run, over_alternatives(slots.run, slots.node, end, bound_of), slots.node)
        slots._note(slots.by_param[param], found, key)

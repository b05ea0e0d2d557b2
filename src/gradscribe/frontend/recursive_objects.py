"""The objects that a recursive function is given and returns, and which of them may be one.

A graph is called with numbers and arrays and returns them; which objects they are is known to the front end alone.
What comes back as the very object that went in is that object again. What may be one of those that went in, or
part of it, shares what is written to it.

In:  what a call is given and what the body leaves.   Out: objects by place; what they may be.
Not here: what a graph changes (recursive_changes.py), making it (recursion.py).
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from gradscribe.frontend.entries import note_shared
from gradscribe.frontend.sharers import share
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_again
from gradscribe.frontend.values import ArrayCell, Cell, ListCell, TupleValue, bare
from gradscribe.ir.graph import Value
from gradscribe.ir.signature import Container as Held
from gradscribe.ir.signature import Fixed, Structure
from gradscribe.ir.types import ScalarType, SequenceType

Path = tuple[Hashable, ...]
"""The name of an argument, and what leads from it to an object that it holds."""

Owner = Cell | Path
"""An object: one from outside of the function, or where it stands among the arguments."""


@dataclass(frozen=True)
class Same:
    """In the structure of what a graph returns: the very object that is found there."""

    owner: Owner


@dataclass(frozen=True)
class Relation:
    """What one of the objects that a graph leaves may be, or be part of.

    Attributes:
        owners: objects that were there before.
        others: numbers of objects that it leaves, too.
    """

    owners: frozenset[Owner] = frozenset()
    others: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Owners:
    """The objects that were there before the body of a recursive function, as it sees them.

    Attributes:
        passed: the objects it is given.
        first_inside: objects with a smaller serial number come from outside.
    """

    passed: Mapping[Cell, Path]
    first_inside: int

    def __contains__(self, cell: object) -> bool:
        return isinstance(cell, Cell) and (cell in self.passed or cell.serial < self.first_inside)

    def of(self, cell: Cell) -> Owner:
        """What the caller finds the object by."""
        return self.passed.get(cell, cell)


def objects(
    run: Lowering,
    value: object,
    path: Path = (),
    known: Container[Cell] = (),
    around: tuple[Cell, ...] = (),
) -> Iterator[tuple[Path, Cell]]:
    """The objects in a value and where they stand, but for those that are known and what they hold.

    Those `around` hold the value; where one of them stands in it again, it was seen.
    """
    value = bare(value)
    items: Iterable[tuple[Hashable, object]] = ()
    if isinstance(value, TupleValue):
        items = enumerate(value.items)
    elif isinstance(value, Cell):
        if value in known or value in around:
            return
        yield path, value
        items, around = held_by(run, value), (*around, value)
    for key, item in items:
        yield from objects(run, item, (*path, key), known, around)


def held_by(run: Lowering, cell: Cell) -> Iterable[tuple[Hashable, object]]:
    """What a container holds, by place, where that is known now."""
    if isinstance(cell, ArrayCell):
        return ()
    if cell.chosen is not None:
        read_again(run, cell, None)
    content = run.heap.get(cell, cell.initial)  # type: ignore[attr-defined]
    if isinstance(content, Mapping):
        return content.items()
    return enumerate(content) if isinstance(content, tuple) else ()


def arguments_of(run: Lowering, bound: Mapping[str, object]) -> dict[Path, Cell]:
    """The objects among the arguments of a call."""
    return {path: cell for name, value in bound.items() for path, cell in objects(run, value, (name,))}


def may_share(run: Lowering, one: Cell, two: Cell) -> bool:
    """Whether a write to one of two objects may change the other."""
    return not _reaching(run, one).isdisjoint(_reaching(run, two))


def _reaching(run: Lowering, cell: Cell) -> set[Cell]:
    """The object, and those of which a change may change it."""
    seen = {cell, *cell.roots}
    pending = True
    while pending:
        found = {
            root
            for root, others in run.sharers.items()
            if root not in seen and any(other in seen for other in others)
        }
        seen |= found
        pending = bool(found)
    return seen


def relations_of(run: Lowering, left: Sequence[Cell], owners: Owners) -> list[Relation]:
    """What each of the objects that a body leaves may be."""
    reaching = [_reaching(run, cell) for cell in left]
    relations: list[Relation] = []
    for number, (cell, found) in enumerate(zip(left, reaching, strict=True)):
        before = frozenset(owners.of(other) for other in found if other in owners and other is not cell)
        others = [k for k in range(number) if any(other not in owners for other in reaching[k] & found)]
        relations.append(Relation(before, frozenset(others)))
    return relations


def relate(
    run: Lowering,
    node: cst.CSTNode,
    left: Sequence[Cell],
    relations: Sequence[Relation],
    find: Mapping[Path, Cell],
    known: Owners,
) -> None:
    """Record, after a call, what the objects that it left may be, or hold where they were known before."""
    for cell, relation in zip(left, relations, strict=True):
        before = [owner if isinstance(owner, Cell) else find[owner] for owner in relation.owners]
        before += [left[k] for k in sorted(relation.others)]
        if _holds_numbers(run, cell):
            before = [other for other in before if isinstance(other, ListCell)]
        if not before:
            continue
        roots = frozenset[Cell]().union(*(other.roots for other in before))
        if cell in known:
            for root in sorted(roots - cell.roots, key=lambda root: root.serial):
                run.sharers.setdefault(root, []).append(cell)
        else:
            cell.roots |= roots
            share(run, cell)
        if isinstance(cell, ListCell):
            note_shared(run, node)


def _holds_numbers(run: Lowering, cell: Cell) -> bool:
    content = run.heap.get(cell, cell.initial) if isinstance(cell, ListCell) else None
    return (
        isinstance(content, Value)
        and isinstance(content.type, SequenceType)
        and isinstance(content.type.element, ScalarType)
    )


def with_objects(structure: Structure, find: Mapping[Path, Cell]) -> Structure:
    """The structure of what a call returns, with the objects themselves where they are known."""
    match structure:
        case Fixed(value=Same(owner)):
            return Fixed(owner if isinstance(owner, Cell) else find[owner])
        case Held(children=children):
            return replace(structure, children=tuple(with_objects(child, find) for child in children))
    return structure

"""The graph of a recursive function: what is known of it while it is made, and what it says of itself.

In:  the values and the structure that a lowered body has.   Out: what calls go by; parts of a `Graph`.
Not here: lowering the body (recursion.py), what it changes (recursive_changes.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from inspect import Parameter as InspectParameter

from gradscribe.frontend.recursive_objects import Owner, Path, Relation, Same
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.surroundings import WHOLE, Found
from gradscribe.frontend.values import Cell
from gradscribe.ir.graph import Graph, Value
from gradscribe.ir.signature import (
    Container,
    ContainerKind,
    Fixed,
    Leaf,
    Parameter,
    Signature,
    Structure,
    leaves,
)
from gradscribe.ir.types import Type
from gradscribe.ops.build import OpBuilder


@dataclass(frozen=True)
class Part:
    """Something that a graph changes: all of an array or list, or one entry of another object."""

    owner: Owner
    key: Hashable = WHOLE


@dataclass
class Held:
    """What is found in a part from outside, at all calls.

    Attributes:
        structure: of what is there. types: bounds of the types of its leaves.
        mixed: numbers of leaves that are of one class or another, an int or a float.
    """

    structure: Structure
    types: list[Type]
    mixed: set[int] = field(default_factory=set)


@dataclass(eq=False)
class GraphInfo:
    """A recursive function while and after it is lowered.

    Attributes:
        name: of the graph.
        structure, types: of what it returns and changes; None while nothing is known. told: the parts in it.
        extras: outer values that its body reads, passed along as further arguments.
        blocks: those around the call that it was made for, the outermost first.
        parts: what it changes. held: what is found there, of those from outside.
        optional: entries that are None on some ways, with the type of the number they are on others.
        listed: entries that are lists, which grow.
        unknown: objects of which nothing is known after a call.
        relations: what the objects that it leaves may be.
        graph: once it is made.
        waits_for: names of what it calls that is still being made, of which not all was known yet.
        lacks: statements were left out, in it or in what it calls.
        refusals: of its statements that were left out, which go for every call.
        found: what it reads from outside, as it was when it was made.
        before: the heap at the start of the body that is being lowered; first_inside: the objects it has made have
            this serial number or a greater one.
    """

    name: str
    structure: Structure | None = None
    types: list[Type] = field(default_factory=list)
    told: list[Part] = field(default_factory=list)
    extras: list[Value] = field(default_factory=list)
    blocks: tuple[OpBuilder, ...] = ()
    mixed: set[int] = field(default_factory=set)
    parts: list[Part] = field(default_factory=list)
    held: dict[Part, Held] = field(default_factory=dict)
    optional: dict[Part, Type] = field(default_factory=dict)
    listed: set[Part] = field(default_factory=set)
    unknown: set[Owner] = field(default_factory=set)
    relations: list[Relation] = field(default_factory=list)
    graph: Graph | None = None
    waits_for: frozenset[str] = frozenset()
    lacks: bool = False
    refusals: dict[tuple[object, str], Refusal] = field(default_factory=dict)
    found: Found = field(default_factory=list)
    before: Mapping[Cell, object] = field(default_factory=dict)
    first_inside: int = 0

    @property
    def done(self) -> bool:
        """The graph exists."""
        return self.graph is not None

    def is_complete(self) -> bool:
        """What is known of its results is known of all that it changes."""
        return self.structure is not None and self.told == self.parts

    def knows_parts(self) -> bool:
        """What is changed around the function was known before its body was lowered."""
        return all(part in self.held for part, _ in self.outer_parts())

    def can_be_called_in(self, blocks: Sequence[OpBuilder]) -> bool:
        """What it reads from outside was not made in a block that is over, as views that are read there are."""
        over = [block for block in self.blocks if block not in blocks]
        made = {output for block in over for node in block.nodes for output in node.outputs}
        return made.isdisjoint(self.extras)

    def assumptions(self) -> tuple[object, ...]:
        """What a pass takes for granted, to compare it with what it finds."""
        held = {part: (list(known.types), set(known.mixed)) for part, known in self.held.items()}
        lists = list(self.types), list(self.extras), list(self.parts), list(self.relations)
        kinds = set(self.optional), set(self.listed), shape_of(self.structure)
        return (*lists, *kinds, set(self.mixed), held, set(self.unknown))

    def on_trial(self) -> GraphInfo:
        """A copy that may learn what another call would bring."""
        held = {
            part: replace(known, types=list(known.types), mixed=set(known.mixed))
            for part, known in self.held.items()
        }
        return replace(self, held=held, optional=dict(self.optional), listed=set(self.listed))

    def outer_parts(self) -> Iterator[tuple[Part, Cell]]:
        """The changed parts of objects that it finds around itself."""
        for part in self.parts:
            if isinstance(part.owner, Cell):
                yield part, part.owner


def shape_of(structure: Structure | None) -> object:
    """What two structures have in common that hold objects of one kind in the same places."""
    match structure:
        case Container(kind, type_, keys, children):
            return kind, type_, keys, tuple(map(shape_of, children))
        case Fixed(value=value):
            return value if isinstance(value, Same) else type(value)
    return type(structure)


def graph_signature(params: Sequence[Value], result: Structure) -> Signature:
    """The leaves as plain parameters, in order."""
    kind = InspectParameter.POSITIONAL_OR_KEYWORD
    taken: set[str] = set()
    parameters: list[Parameter] = []
    for position, value in enumerate(params):
        stem = value.hint or f"arg{position}"
        name, number = stem, 1
        while name in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name)
        parameters.append(Parameter(name, kind, Leaf(position)))
    return Signature(tuple(parameters), _flat(result))


def _flat(result: Structure) -> Structure:
    """Graphs return their leaves as a tuple; the caller knows the structure."""
    count = sum(1 for _ in leaves(result))
    if count == 1:
        return Leaf(0)
    return Container(ContainerKind.TUPLE, tuple, tuple(range(count)), tuple(map(Leaf, range(count))))


def changed_as_wholes(info: GraphInfo, find: Mapping[Path, Cell]) -> list[Cell]:
    """The objects, around the graph or in its arguments, that it changes as a whole: arrays and lists."""
    wholes = [part.owner for part in info.parts if part.key is WHOLE]
    return [owner if isinstance(owner, Cell) else find[owner] for owner in wholes]


def donated(info: GraphInfo, passed: Mapping[Cell, Path], params: Sequence[Value]) -> frozenset[int]:
    """The parameters that the graph may write to: arrays and lists of which it returns another content."""
    find = {path: cell for cell, path in passed.items()}
    contents = [info.before.get(cell, cell.initial) for cell in changed_as_wholes(info, find)]  # type: ignore[attr-defined]
    return frozenset(position for position, param in enumerate(params) if param in contents)

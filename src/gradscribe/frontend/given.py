"""The containers and objects that a function is given: as arguments, inside of them, or from outside.

Each is lowered as an object of its own. That is so as long as one object does not stand at two places, or the
function cannot tell: it changes neither, and does not ask whether they are one.

In:  containers as they are lowered, comparisons.   Out: those that must stand at one place only.
Not here: arrays that share memory (written_arguments.py), the check at each call (compiler/sharing.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gradscribe.frontend.activations import PASSED
from gradscribe.frontend.structure import containers_in
from gradscribe.frontend.values import ArrayCell, Cell
from gradscribe.ir.signature import Container, Hidden, Parameter


@dataclass(frozen=True, slots=True)
class Apart:
    """What must not be at the same time something else that the function is given.

    Attributes:
        containers: how the user would write such containers.
        leaves: arrays that must not share memory with others.
    """

    containers: tuple[str, ...] = ()
    leaves: tuple[int, ...] = ()


@dataclass
class Given:
    """What the function is given.

    Attributes:
        places: containers, with their structure and what they hold at first.
        compared: objects of which the function asks whether they are one.
    """

    places: dict[Cell, tuple[Container, object]] = field(default_factory=dict)
    compared: dict[Cell, None] = field(default_factory=dict)

    def note(self, structure: Container, contents: Iterable[tuple[Cell, object]]) -> None:
        """Remember a container: it, and what it is made of, with what these hold now.

        The containers inside of it have been noted before it.
        """
        for cell, content in contents:
            if not isinstance(cell, ArrayCell):
                self.places.setdefault(cell, (structure, content))

    def compare(self, left: Cell, right: Cell) -> None:
        """It matters whether these are one object."""
        ones, others = ([root for root in side.roots if self._has(root)] for side in (left, right))
        if ones and others:
            self.compared.update(dict.fromkeys((*ones, *others)))

    def _has(self, cell: Cell) -> bool:
        return cell in self.places or _leaf(cell) is not None

    def apart(self, heap: Mapping[Cell, object], values: Iterable[Parameter | Hidden]) -> Apart:
        """What must stand at one place only, when the function has come to its end with this heap."""
        changed = {
            id(structure)
            for cell, (structure, content) in self.places.items()
            if cell in self.compared or heap.get(cell, content) is not content
        }
        containers = [
            path
            for value in values
            for structure, path in containers_in(value.structure, value.name)
            if id(structure) in changed
        ]
        leaves = (_leaf(cell) for cell in self.compared)
        return Apart(tuple(containers), tuple(leaf for leaf in leaves if leaf is not None))


def _leaf(cell: Cell) -> int | None:
    return cell.argument if isinstance(cell, ArrayCell) and cell.argument != PASSED else None

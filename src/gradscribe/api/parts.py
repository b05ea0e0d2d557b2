"""Values taken apart into their numbers and arrays, and put together again from others.

In:  any value that has a structure.   Out: `Parts`.
Not here: what structures are (frontend/structure.py), seeds that users supply (trees.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradscribe.frontend.structure import StructureReader, part_of, part_path, rebuilt
from gradscribe.ir.signature import Container, Fixed, Leaf, Structure, is_held


@dataclass(frozen=True, slots=True)
class Parts:
    """The numbers and arrays of a value, in order, and the structure that holds them."""

    structure: Structure
    leaves: tuple[Any, ...]

    @staticmethod
    def of(value: object, path: str) -> Parts:
        """The parts of a value, which messages call `path`.

        Raises:
            GS302: a part is neither a number, an array, a container, nor a plain static object.
        """
        reader = StructureReader()
        structure = reader.read(value, path)
        return Parts(structure, tuple(reader.values))

    @property
    def floats(self) -> list[int]:
        """The positions of the leaves that have derivatives."""
        return [k for k, leaf in enumerate(self.leaves) if np.asarray(leaf).dtype.kind in "fc"]

    def holding(self, leaves: Sequence[object]) -> Any:
        """Other leaves in the same structure."""
        return _holding(self.structure, leaves)

    def at_leaves(self, value: object) -> list[Any]:
        """What another value of the same structure holds in place of the leaves."""
        return list(_at_leaves(self.structure, value))

    def counts(self, path: str) -> Iterator[tuple[str, str]]:
        """Where ints and bools stand outside of objects, and their kind; in objects they are no arguments."""
        yield from self._counts(self.structure, path, False)

    def _counts(self, structure: Structure, path: str, in_object: bool) -> Iterator[tuple[str, str]]:
        match structure:
            case Leaf(index) if index not in self.floats and not in_object:
                yield path, np.asarray(self.leaves[index]).dtype.name
            case Fixed(int(value)) if not in_object:
                yield path, type(value).__name__
            case Container(kind, _, keys, children):
                for key, child in zip(keys, children, strict=True):
                    yield from self._counts(child, part_path(kind, path, key), is_held(kind, in_object))

    def zero(self) -> Any:
        """The zero vector; None in place of leaves that have no derivative."""
        return self.holding(self._zeros())

    def units(self, leaf: int) -> Iterator[Any]:
        """The unit vectors of one leaf, in the structure of the value."""
        found = self._zeros()
        shape = np.shape(self.leaves[leaf])
        for row in np.eye(np.size(self.leaves[leaf]), dtype=np.asarray(self.leaves[leaf]).dtype):
            found[leaf] = row.reshape(shape)
            yield self.holding(found)

    def _zeros(self) -> list[Any]:
        floats = self.floats
        return [np.zeros_like(leaf) if k in floats else None for k, leaf in enumerate(self.leaves)]


def _holding(structure: Structure, leaves: Sequence[object]) -> Any:
    match structure:
        case Leaf(index):
            return leaves[index]
        case Fixed(value):
            return value
        case Container(children=children):
            return rebuilt(structure, [_holding(child, leaves) for child in children])


def _at_leaves(structure: Structure, value: object) -> Iterator[Any]:
    match structure:
        case Leaf():
            yield value
        case Container(kind, _, keys, children):
            for position, (key, child) in enumerate(zip(keys, children, strict=True)):
                yield from _at_leaves(child, part_of(kind, value, position, key))

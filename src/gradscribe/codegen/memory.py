"""Abstract memory: which pieces of memory a value may occupy.

A piece stands for the current content of an array or the entries of a list. Carrying out a write in place ends the
pieces it writes to (nobody may use them afterwards) and starts a new one, so that pieces are versions, too.

In:  nodes one after the other.   Out: `Memory`: pieces of each value, holders of each piece.
Not here: decisions (storage.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gradscribe.codegen.writes import WRITABLE_VIEWS, aliasing_of
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, ResidualsType, SequenceType, TupleType
from gradscribe.ops.spec import Aliasing


@dataclass(frozen=True, eq=False, slots=True)
class Piece:
    """A piece of memory.

    Attributes:
        depth: number of loops around the place where it comes into being.
        owned: this function may write to it.
    """

    depth: int
    owned: bool


Pieces = frozenset[Piece]
NOTHING: Pieces = frozenset()


@dataclass(frozen=True, slots=True)
class Region:
    """What a value occupies: an array its own pieces, a list its own and those of its entries."""

    own: Pieces = NOTHING
    entries: Pieces = NOTHING

    @property
    def all(self) -> Pieces:
        """Both."""
        return self.own | self.entries

    def __or__(self, other: Region) -> Region:
        return Region(self.own | other.own, self.entries | other.entries)


EMPTY = Region()


def fresh_region(value: Value, depth: int, *, owned: bool = True, inside: bool = False) -> Region:
    """New memory for a value that shares with nobody; `inside`: what a list holds is owned, too."""
    match value.type:
        case ArrayType():
            return Region(frozenset({Piece(depth, owned)}))
        case SequenceType():
            return Region(frozenset({Piece(depth, owned)}), frozenset({Piece(depth, owned=inside)}))
        case TupleType() | ResidualsType():
            return Region(NOTHING, frozenset({Piece(depth, owned=False)}))
        case _:
            return EMPTY


class Memory:
    """Regions of values, and the values that hold each piece."""

    def __init__(self) -> None:
        self.regions: dict[Value, Region] = {}
        self.holders: dict[Piece, list[Value]] = {}

    def set(self, value: Value, region: Region) -> None:
        """Place a value."""
        self.regions[value] = region
        for piece in region.all:
            self.holders.setdefault(piece, []).append(value)

    def of(self, value: Value) -> Region:
        """Region of a value; empty for scalars."""
        return self.regions.get(value, EMPTY)

    def element_of(self, container: Value, value: Value) -> Region:
        """Region of something taken out of a list or tuple."""
        entries = self.of(container).entries
        match value.type:
            case ArrayType():
                return Region(entries)
            case SequenceType() | TupleType() | ResidualsType():
                return Region(entries, entries)
            case _:
                return EMPTY

    def held(self, values: Iterable[Value], before: Pieces, depth: int) -> Pieces:
        """Pieces that a list holds once these values are in it.

        A list that is in there twice, or may be put in again by the next iteration, is not to be written to.
        """
        found = before
        for value in values:
            added = self.of(value).all
            again = added & found or any(piece.depth < depth or not piece.owned for piece in added)
            found |= added
            if again and isinstance(value.type, SequenceType):
                found |= {Piece(depth, owned=False)}
        return found

    def place_outputs(self, node: Node, depth: int) -> None:
        """Place the outputs of an ordinary node that does not write."""
        name = node.op.name
        if name in ("list_get", "unpack"):
            for output in node.outputs:
                self.set(output, self.element_of(node.inputs[0], output))
            return
        aliasing = aliasing_of(node)
        if aliasing is Aliasing.EACH:
            for value, output in zip(node.inputs, node.outputs, strict=False):
                shared = bool(self.of(value).own)
                self.set(output, self._view(value, depth) if shared else fresh_region(output, depth))
            return
        if aliasing is Aliasing.VIEW and name != "unstack_list":
            writable = name in WRITABLE_VIEWS
            for output in node.outputs:
                self._set_view(output, node.inputs[0], depth, writable=writable)
            return
        first, *rest = node.outputs or (None,)
        for output in rest:
            assert output is not None
            self.set(output, fresh_region(output, depth))
        if first is None:
            return
        if name in ("list_new", "pack", "unstack_list"):
            region = fresh_region(first, depth)
            self.set(first, Region(region.own, self.held(node.inputs, NOTHING, depth)))
        elif name == "copy" and isinstance(first.type, SequenceType):
            region = fresh_region(first, depth, inside=True)
            is_deep = node.attrs.get("nested")
            self.set(first, region if is_deep else Region(region.own, self.of(node.inputs[0]).entries))
        elif name == "zeros_like":
            self.set(first, fresh_region(first, depth, inside=True))
        elif aliasing is Aliasing.FRESH:
            self.set(first, fresh_region(first, depth))
        else:
            writable = aliasing is Aliasing.SAME or name in WRITABLE_VIEWS
            self._set_view(first, node.inputs[0], depth, writable=writable)

    def _set_view(self, output: Value, base: Value, depth: int, *, writable: bool) -> None:
        is_shared = isinstance(output.type, ArrayType | SequenceType)
        self.set(
            output, self._view(base, depth, writable=writable) if is_shared else fresh_region(output, depth)
        )

    def _view(self, base: Value, depth: int, *, writable: bool = False) -> Region:
        """The region of what shares memory with `base`; a view that may be read-only is owned by nobody."""
        region = self.of(base)
        return region if writable else Region(region.own | {Piece(depth, owned=False)}, region.entries)

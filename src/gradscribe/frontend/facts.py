"""What lowering asked of the arguments beyond their types. Facts become part of the guard.

In:  leaf numbers (arguments first, then hidden ones).   Out: facts, each of which can be tested on values.
Not here: asking (state.py), the guard (compiler/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Leaves = Mapping[int, str]
"""The expression of each leaf."""

MISSING = object()
"""What is found where there is nothing: the name of a builtin that its module does not bind."""


@dataclass(frozen=True, slots=True)
class StaticInt:
    """The leaf has this value: it was used as an axis, as the index of a heterogeneous list, or the like."""

    leaf: int
    value: int

    def condition(self, leaves: Leaves) -> str:
        """The fact as Python source."""
        return f"{leaves[self.leaf]} == {self.value}"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The int at the leaf is no less than this: as an exponent it makes an int of an int."""

    leaf: int
    bound: int

    def condition(self, leaves: Leaves) -> str:
        """The fact as Python source."""
        return f"{leaves[self.leaf]} >= {self.bound}"


@dataclass(frozen=True, slots=True)
class Contiguous:
    """The array at the leaf is C-contiguous, or is not: whether it is reshaped to a view depends on that."""

    leaf: int
    value: bool

    def condition(self, leaves: Leaves) -> str:
        """The fact as Python source."""
        return f"{'' if self.value else 'not '}{leaves[self.leaf]}.flags.c_contiguous"


@dataclass(frozen=True, slots=True)
class Packed:
    """The array at the leaf, which is written, has no gaps, or has some: a copy of it must have them, too."""

    leaf: int
    value: bool

    def condition(self, leaves: Leaves) -> str:
        """The fact as Python source."""
        return f"{'' if self.value else 'not '}{leaves[self.leaf]}.flags.forc"


@dataclass(frozen=True, slots=True)
class SameLength:
    """Two dimensions of arguments, each a leaf and an axis: `one` is longer than `other` by so many elements."""

    one: tuple[int, int]
    other: tuple[int, int]
    longer_by: int = 0

    def condition(self, leaves: Leaves) -> str:
        """The fact as Python source."""
        one, other = (f"{leaves[leaf]}.shape[{axis}]" for leaf, axis in (self.one, self.other))
        return f"{one} == {other} + {self.longer_by}" if self.longer_by else f"{one} == {other}"


@dataclass(frozen=True, slots=True)
class KnownLength:
    """The array at the leaf has so many elements along the axis: each became a variable of the generated code."""

    leaf: int
    axis: int
    value: int

    def condition(self, leaves: Leaves) -> str:
        """The fact as Python source."""
        return f"{leaves[self.leaf]}.shape[{self.axis}] == {self.value}"


Fact = StaticInt | AtLeast | Contiguous | Packed | SameLength | KnownLength


@dataclass(frozen=True, slots=True, eq=False)
class Callee:
    """A function that was lowered in place: another one under the same name means lowering again.

    Attributes:
        scope: the dictionary, cell or object it was found in.
        key: its name there, None for a cell.
        function: the function, or `MISSING`.
        code: its code object, which `function.__code__ = ...` replaces.
    """

    scope: object
    key: str | None
    function: object
    code: object

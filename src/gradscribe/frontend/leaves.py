"""The leaves of what a loop carries, and why an attempt at a loop is given up.

In:  nothing.   Out: `Leaf`, `Carried`, `Mismatch`, `Again`.
Not here: taking values apart into leaves (slots.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gradscribe.frontend.joins import join_types, same_class
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, ArrayCell, Cell, MaybeNone, MaybeUnbound, Number, Static
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ScalarType, SequenceType, Type, type_text

Key = tuple[object, ...]


@dataclass(eq=False)
class Leaf:
    """One carried graph value.

    Attributes:
        key: which part of which slot.
        pattern: bound of its type, lengths that vary marked.
        entry: the value before the loop; None where there is none.
        param: parameter of the body.
        result: the value at the end of an iteration.
        output: the value after the loop.
    """

    key: Key
    pattern: Type
    entry: Value | None
    param: Value
    result: Value | None = None
    output: Value | None = None


def is_mixed(run: Lowering, leaf: Leaf) -> bool:
    """Whether a carried number is of one class before the loop and of another one after an iteration."""
    known = [value for value in (leaf.entry, leaf.result) if value is not None]
    return any(value in run.mixed or not same_class(value.type, leaf.param.type) for value in known)


def note_result(run: Lowering, mixed: set[object], leaf: Leaf, value: Value, key: Key) -> None:
    """Note what an iteration leaves; `mixed` says of which slots that may be of another class than what it finds.

    Raises:
        Mismatch: of another kind.
        Again: it was not known to be of another class.
    """
    joined = join_types(leaf.pattern, value.type)
    if joined is None:
        raise Mismatch(key, type_text(leaf.param.type), type_text(value.type))
    leaf.result = value
    if joined == leaf.pattern and leaf.param not in run.mixed and is_mixed(run, leaf):
        mixed.add(leaf.key)
        raise Again


@dataclass
class Carried:
    """An array that a loop carries: as the body sees it, and which objects it may be when an iteration starts.

    `first` is what it is before the loop, if there is anything, `last` at the end of an iteration.
    """

    inner: ArrayCell
    first: ArrayCell | None
    end: frozenset[Cell] = frozenset()
    last: ArrayCell | None = None

    @property
    def entry(self) -> frozenset[Cell]:
        """What it may be before the loop."""
        return self.first.roots if self.first is not None else frozenset()


class Mismatch(Exception):
    """The end of an iteration has another structure than its start.

    `options` are both, where they are things known now, among which iterations may choose. `optional` is the
    value, where one of them is None.
    """

    def __init__(
        self,
        key: Key,
        before: str,
        after: str,
        options: dict[str, Abstract] | None = None,
        optional: MaybeNone | None = None,
    ) -> None:
        super().__init__(f"{before} / {after}")
        self.key = key
        self.before = before
        self.after = after
        self.options = options
        self.optional = optional

    def told(self, start: str, end: str) -> str:
        """What it is at two points, in words."""
        if self.before == self.after:
            return f"{self.before} {start}, and one of another structure {end}"
        return f"{self.before} {start} and {self.after} {end}"


class Again(Exception):
    """The loop must be lowered again with what was learnt."""


def varying(type_: Type) -> Type:
    """The type of something that changes: an int is not a fixed length, nor is a list of a fixed length."""
    if isinstance(type_, ScalarType) and type_.length is not None:
        return replace(type_, length=None)
    if isinstance(type_, SequenceType):
        return replace(type_, length=None)
    return type_


def flag_at_end(end: Abstract) -> Abstract:
    """Whether a name is bound at the end of an iteration."""
    return Number(end.defined) if isinstance(end, MaybeUnbound) else Static(True)

"""A value after one branch, and None after the other: what there is, and a flag that says whether it is there.

In:  what two sides leave.   Out: optional values.
Not here: other values (merging.py), what a condition tells of the flag (narrowing.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradscribe.frontend.labels import is_choosable
from gradscribe.frontend.narrowing import restored
from gradscribe.frontend.operands import is_number
from gradscribe.frontend.state import Condition
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Conflict,
    MaybeNone,
    Unknown,
    is_none,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ScalarType, Type

if TYPE_CHECKING:
    from gradscribe.frontend.merging import Merger


def is_optional(left: Abstract | None, right: Abstract | None) -> bool:
    """One of two ways leaves None, or may do so, where the other leaves a value.

    What can be chosen by a label, as functions are, has one for None.
    """
    if isinstance(left, MaybeNone) or isinstance(right, MaybeNone):
        return True
    if left is None or right is None or is_none(left) is is_none(right):
        return False
    return not is_choosable(right if is_none(left) else left)


def merge_optional(merger: Merger, left: Abstract | None, right: Abstract | None, hint: str) -> Abstract:
    """The joined value of two of which one is None, or may be."""
    if left is not None and right is not None:
        known = (merger.sides[0].narrowing, merger.sides[1].narrowing)
        before = restored(known, merger.optionals, left, right)
        if before is not None:
            return before
    apart = numbers_apart(left, right)
    (first, other_first, given_first), (last, other, given) = parts_of(left, apart), parts_of(right, apart)
    value = merger.merge(first, last, hint)
    otherwise = merger.merge(other_first, other, "")
    for joined in (value, otherwise):
        if isinstance(joined, Conflict | Unknown):
            return joined
        if isinstance(joined, MaybeNone):
            # Three kinds are too many.
            return merger.conflict(left, right, hint)
    return merger.run.optional(value, _given(merger, given_first, given, hint), otherwise)


def parts_of(part: Abstract | None, apart: bool) -> tuple[Abstract | None, Abstract | None, Condition]:
    """The value, what stands in its place where it is not there, and whether it is.

    Args:
        part: what one way leaves.
        apart: a number stands in the place of an array.
    """
    if isinstance(part, MaybeNone):
        return part.value, part.otherwise, part.given
    if part is None or is_none(part) or (apart and is_number(part)):
        return None, part, False
    return part, None, True


def numbers_apart(*parts: Abstract | None) -> bool:
    """Whether one of the ways leaves an array, where numbers and None are something else."""
    return any(isinstance(part.value if isinstance(part, MaybeNone) else part, ArrayCell) for part in parts)


def is_either(left: Abstract | None, right: Abstract | None) -> bool:
    """An array after one branch, a number after the other."""
    if left is None or right is None:
        return False
    return any(isinstance(a, ArrayCell) and is_number(b) for a, b in ((left, right), (right, left)))


def _given(merger: Merger, left: Condition, right: Condition, hint: str) -> Value:
    """Whether there is a value: where that is the condition itself, no other flag is needed."""
    if merger.chooses is not None and {left, right} == {True, False}:
        return merger.chooses if left is True else merger.run.negated(merger.node, merger.chooses)
    return merger.as_flag(merger.condition(left, right, f"has_{hint}" if hint.isidentifier() else ""))


def is_bool_type(type_: Type) -> bool:
    """That of a scalar bool."""
    return isinstance(type_, ScalarType) and type_.dtype.kind == "b"

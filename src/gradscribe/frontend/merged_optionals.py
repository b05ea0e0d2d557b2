"""A value after one branch, and None after the other: what there is, and a flag that says whether it is there.

In:  what two sides leave.   Out: optional values.
Not here: other values (merging.py), what a condition tells of the flag (narrowing.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradscribe.frontend.labels import is_choosable
from gradscribe.frontend.narrowing import restored
from gradscribe.frontend.state import Condition
from gradscribe.frontend.values import Abstract, Conflict, MaybeNone, Unknown, is_none
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
    parts: list[Abstract | None] = []
    flags: list[Condition] = []
    for part in (left, right):
        inner = part.value if isinstance(part, MaybeNone) else part
        parts.append(None if inner is None or is_none(inner) else inner)
        flags.append(part.given if isinstance(part, MaybeNone) else parts[-1] is not None)
    value = merger.merge(parts[0], parts[1], hint)
    if isinstance(value, Conflict | Unknown):
        return value
    return merger.run.optional(value, _given(merger, flags[0], flags[1], hint))


def _given(merger: Merger, left: Condition, right: Condition, hint: str) -> Value:
    """Whether there is a value: where that is the condition itself, no other flag is needed."""
    if merger.chooses is not None and {left, right} == {True, False}:
        return merger.chooses if left is True else merger.run.negated(merger.node, merger.chooses)
    return merger.as_flag(merger.condition(left, right, f"has_{hint}" if hint.isidentifier() else ""))


def is_bool_type(type_: Type) -> bool:
    """That of a scalar bool."""
    return isinstance(type_, ScalarType) and type_.dtype.kind == "b"

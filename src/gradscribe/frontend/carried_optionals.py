"""What a loop carries that is None in some iterations: the value, and a flag that says whether it is there.

In:  the slots of a loop.   Out: optional values inside; results at the end of an iteration.
Not here: other carried values (slots.py), such values after branches (merged_optionals.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradscribe.frontend.carried_choices import choice_inside, learn_ways, may_choose
from gradscribe.frontend.kept_contents import keep_content
from gradscribe.frontend.leaves import Again, Key, Mismatch
from gradscribe.frontend.merged_optionals import is_either, numbers_apart, parts_of
from gradscribe.frontend.merged_optionals import is_optional as merges_to_optional
from gradscribe.frontend.operands import describe
from gradscribe.frontend.state import Condition
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    MaybeNone,
    MaybeUnbound,
    Number,
    Object,
    Static,
    is_none,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ArrayType

if TYPE_CHECKING:
    from gradscribe.frontend.slots import Slots


def is_optional(shape: Abstract, end: Abstract) -> bool:
    """One of them is None, or may be, where the other is a value that has no label; or a number and an array."""
    if isinstance(shape, MaybeUnbound) or isinstance(end, MaybeUnbound):
        return False
    if merges_to_optional(shape, end):
        return True
    return is_either(shape, end) and not _is_scalar(shape if isinstance(shape, ArrayCell) else end)


def _is_scalar(value: Abstract) -> bool:
    """An array without dimensions, which joins with numbers."""
    return (
        isinstance(value, ArrayCell)
        and isinstance(value.initial.type, ArrayType)
        and not value.initial.type.ndim
    )


def optional_inside(
    slots: Slots, value: Abstract, known: MaybeNone | None, key: Key, hint: str, absent: bool
) -> MaybeNone:
    """The value as the body sees it. Of what kinds it may be, an earlier attempt has found."""
    like = known or (value if isinstance(value, MaybeNone) else None)
    assert like is not None
    inner, other, given = parts_of(value, numbers_apart(like))
    flag = slots._leaf((*key, "given"), as_flag(slots, given), f"has_{hint}" if hint else "", absent)
    inside = _value_inside(slots, inner or like.value, key, hint, absent=absent or inner is None)
    otherwise = slots._inside(
        other or like.otherwise, (*key, "otherwise"), "", absent=absent or other is None
    )
    return slots.run.optional(inside, flag.param, otherwise)


def _value_inside(slots: Slots, value: Abstract, key: Key, hint: str, *, absent: bool) -> Abstract:
    is_first = not absent and may_choose(slots, value, key)
    if isinstance(value, Object) and (is_first or slots.memory.alternatives.get(key)):
        return choice_inside(slots, value, key, absent=absent)
    return slots._inside(value, key, hint, absent=absent)


def as_flag(slots: Slots, given: Condition) -> Value:
    """Whether there is a value, in the current block."""
    return given if isinstance(given, Value) else slots.run.constant(given, slots.node)


def match_optional(slots: Slots, shape: Abstract, end: Abstract, key: Key) -> None:
    """Note what an iteration leaves. Where the body did not know of both kinds, the next attempt does."""
    apart = numbers_apart(shape, end)
    inner, other, given = parts_of(end, apart)
    if not isinstance(shape, MaybeNone):
        before, other_before, _ = parts_of(shape, apart)
        known = MaybeNone(inner or before, slots.run.constant(True), other or other_before)  # type: ignore[arg-type]
        if not isinstance(end, MaybeNone):
            raise Mismatch(key, describe(slots.run, shape), describe(slots.run, end), optional=known)
        keep_content(known, slots.run.heap, slots.mark)
        slots.memory.optional[key] = known
        learn_ways(slots, inner, key)
        raise Again
    learn_ways(slots, inner, key, shape.value)
    if other is not None and is_none(other) is not is_none(shape.otherwise):
        raise Mismatch(key, describe(slots.run, shape), describe(slots.run, end))
    slots._match_leaf(
        shape.given, Number(given) if isinstance(given, Value) else Static(given), (*key, "given")
    )
    if inner is not None:
        slots.match(shape.value, inner, key)
    if other is not None:
        slots.match(shape.otherwise, other, (*key, "otherwise"))

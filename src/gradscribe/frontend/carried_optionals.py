"""What a loop carries that is None in some iterations: the value, and a flag that says whether it is there.

In:  the slots of a loop.   Out: optional values inside; results at the end of an iteration.
Not here: other carried values (slots.py), such values after branches (merged_optionals.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradscribe.frontend.labels import is_choosable
from gradscribe.frontend.leaves import Again, Key, Mismatch
from gradscribe.frontend.operands import describe
from gradscribe.frontend.values import Abstract, MaybeNone, MaybeUnbound, Number, Static, is_none

if TYPE_CHECKING:
    from gradscribe.frontend.slots import Slots


def is_optional(shape: Abstract, end: Abstract) -> bool:
    """One of them is None, or may be, where the other one is a value that has no label."""
    if isinstance(shape, MaybeUnbound) or isinstance(end, MaybeUnbound):
        return False
    if isinstance(shape, MaybeNone) or isinstance(end, MaybeNone):
        return True
    return is_none(shape) is not is_none(end) and not (is_choosable(shape) and is_choosable(end))


def optional_inside(
    slots: Slots, value: Abstract, known: Abstract | None, key: Key, hint: str, absent: bool
) -> MaybeNone:
    """The value as the body sees it. Of what kind it is where there is None now, an earlier attempt has found."""
    none = is_none(value)
    given = value.given if isinstance(value, MaybeNone) else slots.run.constant(not none, slots.node)
    flag = slots._leaf((*key, "given"), given, f"has_{hint}" if hint else "", absent)
    inner = known if known is not None and none else value
    while isinstance(inner, MaybeNone):
        inner = inner.value
    return slots.run.optional(slots._inside(inner, key, hint, absent=absent or none), flag.param)


def match_optional(slots: Slots, shape: Abstract, end: Abstract, key: Key) -> None:
    """Note what an iteration leaves. Where the body did not know that there may be None, the next attempt does."""
    if not isinstance(shape, MaybeNone):
        if not isinstance(end, MaybeNone):
            words = describe(slots.run, shape), describe(slots.run, end)
            raise Mismatch(key, *words, optional=end if is_none(shape) else shape)
        slots.memory.optional[key] = end if is_none(shape) else shape
        raise Again
    given: Abstract = Number(end.given) if isinstance(end, MaybeNone) else Static(not is_none(end))
    slots._match_leaf(shape.given, given, (*key, "given"))
    if not is_none(end):
        slots.match(shape.value, end.value if isinstance(end, MaybeNone) else end, key)

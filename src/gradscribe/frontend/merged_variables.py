"""Variables after a branch that one side of it may leave unbound.

In:  what two sides leave.   Out: the joined variable, and where it is bound.
Not here: names that no nested function rebinds (branches.py), other values (merging.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gradscribe.frontend.state import Condition
from gradscribe.frontend.values import Abstract, MaybeUnbound

if TYPE_CHECKING:
    from gradscribe.frontend.merging import Merger

Found = Abstract | None


def merge_unbound(merger: Merger, left: Found, right: Found, hint: str) -> Abstract:
    """A value that is `left` after one branch and `right` after the other, either of which may be unbound."""
    return _merge(merger, (left, right), (_is_bound(left), _is_bound(right)), hint)


def merge_variable(
    merger: Merger, name: str, left: Mapping[str, Abstract] | None, right: Mapping[str, Abstract] | None
) -> Abstract:
    """A variable that nested functions rebind; None for a side that does not matter."""
    if left is None or right is None:
        values = [None if side is None else side[name] for side in (left, right)]
        return merger.merge(values[0], values[1], name)
    sides = left.get(name), right.get(name)
    if sides[0] is not None and sides[1] is not None:
        return merger.merge(sides[0], sides[1], name)
    first, second = (False if side is None else _is_bound(side) for side in sides)
    return _merge(merger, sides, (first, second), name)


def _is_bound(part: Found) -> Condition:
    return part.defined if isinstance(part, MaybeUnbound) else True


def _merge(
    merger: Merger, sides: tuple[Found, Found], bound: tuple[Condition, Condition], hint: str
) -> Abstract:
    left, right = (part.value if isinstance(part, MaybeUnbound) else part for part in sides)
    value, defined = merger.merge(left, right, hint), merger.condition(*bound)
    return value if defined is True else MaybeUnbound(value, merger.as_flag(defined))

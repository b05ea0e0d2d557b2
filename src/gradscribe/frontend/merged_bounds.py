"""A slice or range after one branch, and another one after the other: joined bound by bound.

In:  what two sides leave.   Out: a slice or range of joined bounds.
Not here: slices that are known now, of which a label tells which was chosen (labels.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradscribe.frontend.values import Abstract, Conflict, RangeValue, SliceValue, Static, Unknown

if TYPE_CHECKING:
    from gradscribe.frontend.merging import Merger

Bounds = tuple[Abstract | None, Abstract | None, Abstract | None]


def have_bounds(left: Abstract | None, right: Abstract | None) -> bool:
    """Two slices or two ranges, one of which has a bound of run time; None: not needed there."""
    for kind, known in ((SliceValue, slice), (RangeValue, range)):
        given = [part for part in (left, right) if part is not None]
        if any(isinstance(part, kind) for part in given):
            return all(
                isinstance(part, kind) or (isinstance(part, Static) and isinstance(part.value, known))
                for part in given
            )
    return False


def merge_bounds(merger: Merger, left: Abstract | None, right: Abstract | None, hint: str) -> Abstract:
    """The joined slice or range."""
    made = SliceValue if any(isinstance(part, SliceValue) for part in (left, right)) else RangeValue
    joined = [merger.merge(a, b, "") for a, b in zip(_bounds(left), _bounds(right), strict=True)]
    for bound in joined:
        if isinstance(bound, Conflict | Unknown):
            return merger.conflict(left, right, hint)
    return made(*joined)


def _bounds(part: Abstract | None) -> Bounds:
    match part:
        case SliceValue(start, stop, step) | RangeValue(start, stop, step):
            return start, stop, step
        case Static(value=slice() | range() as known):
            return Static(known.start), Static(known.stop), Static(known.step)
    return None, None, None

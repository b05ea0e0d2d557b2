"""Sorted lists of ranges of positions, ends included.

In:  pairs of positions.   Out: `overlap`, `merged`.
Not here: what positions mean (lifetimes.py).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

Range = tuple[int, int]


def overlap(left: Sequence[Range], right: Sequence[Range]) -> bool:
    """Whether two sorted lists of disjoint ranges have a position in common."""
    few, many = (left, right) if len(left) <= len(right) else (right, left)
    for start, end in few:
        place = bisect_left(many, (start, start))
        if place and many[place - 1][1] >= start:
            return True
        if place < len(many) and many[place][0] <= end:
            return True
    return False


def merged(left: Sequence[Range], right: Sequence[Range]) -> list[Range]:
    """Both lists as one; ranges that touch become one, so that long chains stay short."""
    joined: list[Range] = []
    for start, end in sorted((*left, *right)):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined

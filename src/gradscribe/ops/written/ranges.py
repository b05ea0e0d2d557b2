"""Slices of ranges and what is in them, in Python, lowered as user functions are.

In:  bounds of a range and of a slice, or a number.   Out: a range, or a bool.
Not here: ranges known before the function runs, which Python slices itself.
"""

from __future__ import annotations

from typing import Any


def part_of_range(items: Any, first: Any, by: Any, start: Any, stop: Any, step: Any) -> Any:
    """`items[start:stop:step]` of a range that starts at `first` and goes on by `by`."""
    count = len(items)
    step = 1 if step is None else step
    if step == 0:
        raise ValueError("slice step cannot be zero")
    if step > 0:
        low = 0 if start is None else _within(start, 0, count, count)
        high = count if stop is None else _within(stop, 0, count, count)
    else:
        low = count - 1 if start is None else _within(start, -1, count - 1, count)
        high = -1 if stop is None else _within(stop, -1, count - 1, count)
    return range(first + by * low, first + by * high, by * step)


def _within(bound: Any, least: Any, most: Any, count: Any) -> Any:
    """A bound as Python reads it: from the end where it is negative, and no farther than the ends."""
    return max(bound + count, least) if bound < 0 else min(bound, most)


def contains(items: Any, first: Any, by: Any, value: Any) -> Any:
    """`value in items` of such a range."""
    return (value - first) % by == 0 and 0 <= (value - first) // by < len(items)

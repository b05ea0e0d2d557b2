"""Numbered names handed out to variables with lifetimes, smallest number first.

Variables come in order of their start, so a name whose last variable has ended is free for all that follow: two
heaps find it without asking every name that is still in use. Names that were given to variables that came out of
order are checked range by range.

In:  wanted names and ranges of positions.   Out: names.
Not here: which values share a variable (variables.py).
References: Poletto & Sarkar, Linear scan register allocation, TOPLAS 21(5) 1999.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from gradscribe.codegen.ranges import Range, merged, overlap

# A variable may fit into a gap between the lives of another. Only the first few names are asked, so that the cost
# stays linear.
FIRST_NUMBERS = 6


@dataclass
class _Numbers:
    """The numbers of one wanted name: in use until a position, or free; and how many there are."""

    busy: list[tuple[int, int]] = field(default_factory=list)
    free: list[int] = field(default_factory=list)
    count: int = 0
    position: int = -1

    def advance(self, start: int) -> None:
        """Free what has ended before `start`; all of it when positions start over."""
        if start < self.position:
            self.free += [number for _, number in self.busy]
            self.busy = []
            heapify(self.free)
        self.position = start
        while self.busy and self.busy[0][0] <= start:
            heappush(self.free, heappop(self.busy)[1])


class NamePool:
    """Names in use, each with the ranges in which it is.

    Args:
        taken: names that must not be used.
    """

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = taken
        self._occupied: dict[str, list[Range]] = {}
        self._numbers: dict[str, _Numbers] = {}

    def reserve(self, name: str, ranges: Sequence[Range]) -> None:
        """Use this very name."""
        self._occupied[name] = merged(self._occupied.get(name, []), ranges)

    def assign(self, wanted: str, ranges: Sequence[Range]) -> str:
        """`wanted`, or `wanted_1`, `wanted_2` ... : the first that is free in all of `ranges`."""
        numbers = self._numbers.setdefault(wanted, _Numbers())
        numbers.advance(ranges[0][0])
        refused: list[int] = []
        candidates = iter(range(min(numbers.count, FIRST_NUMBERS)))
        while True:
            if (early := next(candidates, None)) is not None:
                number = early
            elif numbers.free:
                number = heappop(numbers.free)
            else:
                number, numbers.count = numbers.count, numbers.count + 1
            name = f"{wanted}_{number}" if number else wanted
            if name in self._taken:
                continue
            if not overlap(self._occupied.get(name, []), ranges):
                break
            if early is None:
                refused.append(number)
        for other in refused:
            heappush(numbers.free, other)
        heappush(numbers.busy, (ranges[-1][1], number))
        self.reserve(name, ranges)
        return name

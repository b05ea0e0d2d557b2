"""What loops go over: items of a known number, or a run-time count with an item for each index. Data only.

In:  nothing.   Out: `Items`, `Counted`.
Not here: how an abstract value is gone over (iteration.py).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from gradscribe.frontend.suspended import Suspended
from gradscribe.frontend.values import Abstract, Cell, ListCell, Static, known_int

At = Callable[[int], Abstract | None]
"""The item at a place as it is when it is asked for; None after the last. Places are asked for in their order."""


@dataclass(frozen=True)
class Over:
    """A container that is gone over.

    Attributes:
        cell: the container.
        may_change: a list may change its length meanwhile; a deque may not.
        may_replace: its items may be replaced, as each is looked up when Python does so.
    """

    cell: Cell
    may_change: bool = True
    may_replace: bool = True


def unreplaced(*parts: Items | Counted) -> tuple[Over, ...]:
    """What these are looked up in, where that is later than Python looks: no item may be replaced meanwhile."""
    return tuple(replace(one, may_replace=False) for part in parts for one in part.over)


@dataclass(eq=False)
class GoneOver:
    """A container that a loop around goes over.

    Attributes:
        cell: the container.
        block: where its length may be changed, since it is known there at each step; None for nowhere.
        may_replace: its items may be replaced.
        changed: its length was changed.
    """

    cell: Cell
    block: object
    may_replace: bool
    changed: bool = False


@dataclass(frozen=True)
class Items:
    """Items whose number is known.

    Attributes:
        content: what they are, or what says that of one after the other.
        source: iterators that ran to their end for them.
        over: containers that they are looked up in.
        owner: the list whose items they are, each at its place.
        computes: they are computed when they are asked for, which is to happen once.
    """

    content: tuple[Abstract, ...] | At
    source: tuple[Suspended, ...] = ()
    over: tuple[Over, ...] = ()
    owner: ListCell | None = None
    computes: bool = False

    def made(self, content: At) -> Items:
        """Other items, which are made of these."""
        return Items(content, self.source, self.over, computes=self.computes)

    def at(self, place: int) -> Abstract | None:
        """The item at a place, as it is now; None where there is none."""
        if callable(self.content):
            return self.content(place)
        return self.content[place] if place < len(self.content) else None

    def __iter__(self) -> Iterator[Abstract]:
        """One item after the other; each is as it is when it is asked for."""
        place = 0
        while (item := self.at(place)) is not None:
            yield item
            place += 1

    @property
    def items(self) -> tuple[Abstract, ...]:
        """All of them, as they are now."""
        return tuple(self)


@dataclass(frozen=True)
class Counted:
    """`range(start, stop, step)` at run time, and what the loop variable is for each index.

    Attributes:
        start, stop, step: bounds, static or numbers.
        item: the item for the value of the range.
        bare: the item is the index itself.
        source: iterators that ran to their end for the items.
        over: containers that they are looked up in.
    """

    start: Abstract
    stop: Abstract
    step: Abstract
    item: Callable[[Abstract], Abstract]
    bare: bool = False
    source: tuple[Suspended, ...] = ()
    over: tuple[Over, ...] = ()

    @property
    def bounds(self) -> tuple[Abstract, Abstract, Abstract]:
        """Start, stop and step."""
        return self.start, self.stop, self.step

    @property
    def static_range(self) -> range | None:
        """The range, where its bounds are known now."""
        start, stop, step = (known_int(bound) for bound in (self.start, self.stop, self.step))
        return range(start, stop, step) if start is not None and stop is not None and step else None

    @property
    def is_endless(self) -> bool:
        """It has no last item: what goes over it must leave it."""
        return self.stop is ENDLESS


Iterable = Items | Counted


@dataclass(frozen=True)
class Left:
    """What an iterator has not given yet, and what containers that it goes over held when it was asked."""

    rest: Iterable
    contents: Mapping[Over, object]


ZERO, ONE = Static(0), Static(1)
ENDLESS = Static(sys.maxsize)
"""The stop of an iterator without end."""

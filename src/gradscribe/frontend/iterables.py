"""What loops go over: items known now, or a run-time count with an item for each index. Data only.

In:  nothing.   Out: `Items`, `Counted`.
Not here: how an abstract value is gone over (iteration.py).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from gradscribe.frontend.suspended import Suspended
from gradscribe.frontend.values import Abstract, Static, known_int


@dataclass(frozen=True)
class Items:
    """A known number of items.

    Attributes:
        items: what they are.
        source: iterators that ran to their end for them.
    """

    items: tuple[Abstract, ...]
    source: tuple[Suspended, ...] = ()


@dataclass(frozen=True)
class Counted:
    """`range(start, stop, step)` at run time, and what the loop variable is for each index.

    Attributes:
        start, stop, step: bounds, static or numbers.
        item: the item for the value of the range.
        bare: the item is the index itself.
        source: iterators that ran to their end for the items.
    """

    start: Abstract
    stop: Abstract
    step: Abstract
    item: Callable[[Abstract], Abstract]
    bare: bool = False
    source: tuple[Suspended, ...] = ()

    @property
    def static_range(self) -> range | None:
        """The range, where its bounds are known now."""
        start, stop, step = (known_int(bound) for bound in (self.start, self.stop, self.step))
        return range(start, stop, step) if start is not None and stop is not None and step else None


Iterable = Items | Counted
ZERO, ONE = Static(0), Static(1)
ENDLESS = Static(sys.maxsize)
"""The stop of an iterator without end."""

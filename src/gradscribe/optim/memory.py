"""Memory of results that nobody holds any more, to be written again: fresh pages cost as much as a step of Adam.

In:  a layout.   Out: flat arrays to be filled.
Not here: what is written to them (sweep.py).
"""

from __future__ import annotations

from collections import deque
from sys import getrefcount
from typing import Any

import numpy as np

from gradscribe.optim.layout import Layout
from gradscribe.optim.vector import Buffers

# Smaller arrays, in bytes, come back from the C library without a fresh page.
LARGE = 1 << 16
# Results are replaced in one step and dropped before the next: their memory serves every second step.
GENERATIONS = 2
MAX_LAYOUTS = 4


class Memory:
    """Flat arrays for the results of a sweep, the same ones in turns where nobody can tell.

    An array is written again only if nothing refers to it: neither parameters nor a state nor a view of
    either, since each view refers to the array that owns its memory. What is handed out are views, so that no
    weak reference of a user is to the owner.

    Args:
        count: vectors that are asked for each time.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        # For each group of a layout one: threads that ask in turns find arrays of their size and dtype alone.
        self._owners: dict[Layout, tuple[deque[np.ndarray], ...]] = {}

    def empty(self, layout: Layout) -> list[Buffers]:
        """Vectors to be filled."""
        if layout.nbytes < LARGE:
            return [layout.empty() for _ in range(self.count)]
        owners = self._owners.get(layout)
        if owners is None:
            if len(self._owners) >= MAX_LAYOUTS:
                self._owners.clear()
            owners = self._owners[layout] = tuple(deque() for _ in layout.sizes)
        most = GENERATIONS * self.count
        groups = list(zip(owners, layout.sizes, layout.dtypes, strict=True))
        return [
            tuple(_unheld(group, most, size, dtype) for group, size, dtype in groups)
            for _ in range(self.count)
        ]


def _unheld(owners: deque[np.ndarray], most: int, size: int, dtype: np.dtype[Any]) -> np.ndarray:
    """The oldest array if nobody holds it, or else a new one."""
    owner, references = _taken(owners) if len(owners) >= most else (None, 0)
    if owner is None or references > UNHELD:
        owner = np.empty(size, dtype)
    owners.append(owner)
    return owner[:]


def _taken(owners: deque[np.ndarray]) -> tuple[np.ndarray | None, int]:
    """The oldest array and how often it is referred to; another thread does not find it any more."""
    try:
        owner = owners.popleft()
    except IndexError:
        return None, 0
    return owner, getrefcount(owner)


# Versions of Python count the references of a call differently: this is what the call above says.
UNHELD = _taken(deque([np.empty(1)]))[1]

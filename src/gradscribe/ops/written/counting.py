"""`itertools.count`, in Python, lowered as user classes are.

In:  where to start, and by how much to go on.   Out: one number after the other.
Not here: when it is made (frontend/counters.py).
"""

from __future__ import annotations

from typing import Any


class Counting:
    """An iterator without end."""

    def __init__(self, start: Any = 0, step: Any = 1) -> None:
        self.value = start
        self.step = step

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        value = self.value
        self.value = value + self.step
        return value

"""A list whose places hold None until something is put there, in Python, lowered as user classes are.

In:  the number of places.   Out: objects that behave as such lists do.
Not here: which lists are made so (frontend/partly_filled.py).
"""

from __future__ import annotations

from typing import Any

from gradscribe.ops.written.lists import at_run_time


class PartlyFilled:
    """A list: what was put into its places, and for each place where that stands, -1 for None."""

    def __init__(self, count: Any) -> None:
        self.places = [-1] * count
        self.held: list[Any] = []
        at_run_time(self.places)
        at_run_time(self.held)

    def __getitem__(self, key: Any) -> Any:
        place = self.places[key]
        return None if place < 0 else self.held[place]

    def __setitem__(self, key: Any, value: Any) -> None:
        if value is None:
            self.places[key] = -1
        else:
            self.fill(key, value)

    def append(self, value: Any) -> None:
        """Add a place."""
        if value is None:
            self.places.append(-1)
        else:
            self.places.append(len(self.held))
            self.held.append(value)

    def fill(self, key: Any, value: Any) -> None:
        """Put something into a place."""
        place = self.places[key]
        if place < 0:
            self.places[key] = len(self.held)
            self.held.append(value)
        else:
            self.held[place] = value

    def __len__(self) -> Any:
        return len(self.places)

    def items(self) -> Any:
        """All items, of which none is None, as NumPy makes an array of them."""
        if -1 in self.places:
            raise TypeError("a list that holds None is used as an array")
        return [self.held[place] for place in self.places]

"""What `itertools` makes of things whose number is known at run time only, in Python, lowered as users' code is.

In:  what users pass.   Out: lists of the items, in order.
Not here: when they are asked for, and what is known before the function runs (frontend/iterators.py).
"""

from __future__ import annotations

from typing import Any


def dropwhile(predicate: Any, iterable: Any) -> Any:
    """The items from the first on that the predicate does not accept."""
    found = []
    dropping = True
    for item in iterable:
        if dropping:
            dropping = bool(predicate(item))
        if not dropping:
            found.append(item)
    return found


def filterfalse(predicate: Any, iterable: Any) -> Any:
    """The items that the predicate does not accept; without one, those that are false."""
    if predicate is None:
        return [item for item in iterable if not item]
    return [item for item in iterable if not predicate(item)]


def compress(data: Any, selectors: Any) -> Any:
    """The items whose selector is true."""
    return [item for item, chosen in zip(data, selectors, strict=False) if chosen]


def groupby(iterable: Any, key: Any = None) -> Any:
    """Pairs of a key and the items that follow each other and have it."""
    items = list(iterable)
    marks = items if key is None else [key(item) for item in items]
    starts = [place for place in range(len(items)) if place == 0 or not marks[place] == marks[place - 1]]
    ends = starts[1:] + [len(items)]
    return [(marks[start], items[start:end]) for start, end in zip(starts, ends, strict=False)]


def columns(rows: Any) -> Any:
    """What `zip(*rows)` gives: the first items, the second items, as many as the shortest row has."""
    if len(rows) == 0:
        return []
    width = min([len(row) for row in rows])
    return [[row[place] for row in rows] for place in range(width)]

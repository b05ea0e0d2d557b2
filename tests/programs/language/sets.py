"""Sets from outside of the function, and pairs that only the run knows asked of sets that are known.

In:  nothing.   Out: `PROGRAMS`.
Not here: sets of items that only the run knows (cached_containers.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)

X = np.array([0.7, 1.3, 0.4, 0.9])
EDGES = {0, 3}
CORNERS = frozenset({(0, 0), (0, 3)})
# It had room for more: in a copy of it, 8 stands before 1.
LEFT = {8, 1, *range(100, 200)}
LEFT.difference_update(range(100, 200))
assert list(LEFT) != list(set(LEFT))


@at(X, 4)
def bounds_are_asked_of_a_set(x, n):
    total = 0.0
    for i in range(n):
        total += x[i] if i in EDGES else x[i] ** 2
    return total


@at(X, 0)
@at(X, 2)
def pairs_are_asked_of_a_set(x, i):
    return x[i] * 2.0 if (i, i * 3) in CORNERS else x[i] ** 3


@at(X, 5)
def pairs_are_asked_of_a_set_that_grows(x, n):
    seen, total = frozenset(), 0.0
    for k in range(n):
        place = (k % 2, k % 3)
        if place not in seen:
            total = np.sin(total) + x[k % 4]
        seen = seen | {place}
    return total


@at(X)
def items_come_in_the_order_of_the_very_set(x):
    y = x
    for k in LEFT:
        y = np.sin(y) * k
    return np.sum(y)


@at(X, {2, 0, 3})
@at(X, frozenset({1}))
@at(X, set())
def set_that_is_given(x, chosen):
    total = np.sum(x) * len(chosen)
    for k in sorted(chosen - EDGES):
        total = total * x[k]
    return total


@at(X, {"sin", "square"})
@at(X, {"sin"})
def names_in_a_set_that_is_given(x, applied):
    y = np.sin(x) if "sin" in applied else x
    return np.sum(y**2 if "square" in applied else y)

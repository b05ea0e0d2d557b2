"""Items that are one object are equal, whatever `==` says: `in`, `count`, `index`, `remove`, `==` of lists.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_language.py), `is` itself (identity.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([1.3, 0.7, 2.1])
NAN = float("nan")


class Unequal:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        return False

    __hash__ = None


@at(x3)
def nan_that_is_known(x):
    nan = float("nan")
    items = [x[0], nan, NAN, nan]
    s = x[0] if nan in items and NAN in items and float("nan") not in items else x[1]
    return s * x[2] * items.count(nan) * items.index(nan)


@at(x3)
def nan_that_is_computed(x):
    nan = float(x[0]) * float("nan")
    items = [x[1], nan]
    s = x[0] if nan in items and items == [x[1], nan] and (nan, 2.0) == (nan, 2.0) else x[1]
    return s * x[2] if (nan, 1.0) < (nan, 2.0) and float(x[0]) * float("nan") not in items else s


@at(x3)
def lists_that_are_one(x):
    nan = float(x[0]) * float("nan")
    row, items = [nan], [v * nan for v in x]
    return x[0] * x[1] if [row, 1.0] == [row, 1.0] and items == items and [nan] == [nan] else x[2]


@at(x3)
def objects_that_are_equal_to_nothing(x):
    a = Unequal(x[0])
    items = [Unequal(x[1]), a, Unequal(x[2]), a]
    s = x[0] * items.index(a) + x[1] * items.count(a) if a in items and [a] == [a] else x[1]
    items.remove(a)
    return s * items[1].v * len(items)


@at(x3)
def arrays_among_arrays(x):
    y = x * 2.0
    items = [y, x]
    s = x[0] if y in items and [y, 1.0] == [y, 1.0] else x[1]
    s = s * (1 + items.index(y))
    items.remove(y)
    return s * np.sum(items[0] * y) * len(items)

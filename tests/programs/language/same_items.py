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


class Place:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        return self.v == other.v

    __hash__ = None


def _grown(x):
    items = []
    for v in x:
        items.append(v)
    return items


@at(x3)
def numbers_of_a_list_of_run_time_length(x):
    items = _grown(x)
    v = items[len(items) - 1]
    s = x[0] * items.index(v) + x[1] * items.count(v)
    items.remove(v)
    return s * len(items) if v not in items and items == items.copy() else x[2]


@at(x3)
def objects_of_a_list_of_run_time_length(x):
    items = [Place(v) for v in _grown(x)]
    item = items[len(items) - 1]
    s = x[0] * items.index(item) + x[1] * items.count(item)
    items.remove(item)
    return s * len(items) if item not in items else x[2]


@at(x3)
def array_that_stands_in_a_list_of_run_time_length(x):
    y, items = x * 2.0, []
    for v in x:
        items.append(y)
        y = y if v > 5.0 else y
    return np.sum(items[items.index(y)] * x) * items.count(y) if y in items else x[2]


@at(x3)
def float_that_a_branch_chose_among_floats(x):
    a = x[0]
    b = a if x[1] > 0.0 else x[1]
    s = x[0] if b in [x[2], a] and (a, 1) < (b, 2) and [a] == [b] else x[1]
    return s * x[2]


# Which of several nan is meant.
UNKNOWN: list[Idiom] = []
unknown = collecting(UNKNOWN)
n3 = np.array([NAN, 0.7, NAN])


@unknown(n3)
def nan_in_a_list_of_run_time_length(x):
    return x[0] if x[0] in _grown(x) else x[1]


@unknown(n3)
def index_of_nan(x):
    items = _grown(x)
    return x[1] * items.index(items[len(items) - 1])


@unknown(n3)
def index_of_nan_in_a_try(x):
    items = _grown(x)
    try:
        return x[1] * items.index(items[len(items) - 1])
    except ValueError:
        return x[1]


@unknown(n3)
def count_of_nan(x):
    items = _grown(x)
    return x[1] * items.count(items[len(items) - 1])


@unknown(n3)
def nan_is_taken_out(x):
    items = _grown(x)
    items.remove(items[0])
    return x[1] * len(items)


@unknown(n3)
def lists_with_nan(x):
    items = _grown(x)
    return x[0] if items == items.copy() else x[1]


@unknown(n3)
def tuples_with_nan(x):
    a = x[0]
    b = a if x[1] > 0.0 else x[1]
    return x[0] if (a, 1) < (b, 2) else x[1]


@unknown(n3)
def nan_as_a_key(x):
    return x[1] if x[0] in {x[0]: 1.0} else x[2]


@unknown(n3)
def nan_is_sorted(x):
    return sorted(x)[0] * x[1]


@unknown(n3)
def nan_in_tuples_is_sorted(x):
    return x[1] * sorted([(x[0], 2), (x[1], 3), (x[2], 1)])[0][1]


@unknown(n3)
def nan_decides_the_order(x):
    return x[sorted(range(3), key=lambda k: x[k])[0]] * x[1]


class Dominated:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def __lt__(self, other):
        return self.a < other.a and self.b < other.b


@unknown(np.array([0.5, 0.7, 0.4]))
def objects_without_an_order(x):
    # The first one is less than the last, and neither of them than the second, nor that than they.
    items = sorted([Dominated(x[0], x[0]), Dominated(x[2], 1.0), Dominated(x[1], x[1])])
    return items[0].a * x[0]


@at(np.array([0.5, 0.7, 0.4]))
def objects_that_happen_to_have_an_order(x):
    items = sorted([Dominated(x[1], x[1]), Dominated(x[2], 0.2), Dominated(x[0], x[0])])
    return items[0].a * x[0] + items[2].b ** 2


@unknown(n3)
def objects_that_hold_nan(x):
    items = [Place(v) for v in _grown(x)]
    return x[1] * items.index(items[len(items) - 1])

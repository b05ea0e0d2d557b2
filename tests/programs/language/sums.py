"""`sum` of floats of Python, which is another number than adding them up since Python 3.12.

In:  nothing.   Out: `PROGRAMS`.
Not here: sums of arrays and of arrays' elements (iteration.py).
"""

from __future__ import annotations

import functools
import itertools
import math
import operator

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)

V = np.linspace(0.1, 0.9, 6)


@at(0.1, 10)
@at(0.37, 1)
@at(0.37, 0)
def of_a_generator(x, n):
    return sum(x * k + 0.1 for k in range(n)) + x


@at(0.37, 11)
@at(0.37, 0)
def with_a_start(x, n):
    return x * (1 + sum([x * k for k in range(n)], 0.25)) * sum((x * k for k in range(n)), 0.5)


@at(0.1)
def of_items_known_by_number(x):
    return sum([x, x * 1.1, 0.3, math.sin(x)]) * sum((0.1, 0.1, 0.1, x))


@at(0.1, 0.2, 0.3)
def of_ints_among_them(a, b, c):
    return sum((a, b, c)) * sum([a, b, 1, c, 2, c * c]) + sum([0.1, a], b)


@at(0.1, np.array([0.3, 0.4]))
def of_numbers_of_numpy_among_them(a, v):
    return sum([a, 0.1, a * 3, v[0], 0.7, v[1], a]) * sum([a, a, a, v])[0]


@at(0.37, 7)
def of_a_list_that_grows(x, n):
    found = []
    for k in range(n):
        found.append(math.sin(x * k))
        found.append(sum(found) * 0.3)
    return sum(found)


@at(0.1)
def of_values_of_a_dict(x):
    entries = {f"k{i}": x * (i + 1) for i in range(4)}
    return sum(entries.values()) * sum(w for w in entries.values() if w > 0.15)


@at(0.1, 9)
def of_what_a_function_yields(x, n):
    def grown():
        y = x
        for k in range(n):
            y = y * 1.3
            if k % 3:
                yield y

    pairs = zip([x, 0.2, 0.3], [0.1, x, x])
    return sum(grown()) + sum(map(math.sin, [x, 2 * x, 3 * x])) + sum(a * b for a, b in pairs)


@at(V)
def inside_each_other(v):
    return sum(sum(math.sin(a * b) for a in v) for b in v)


@at(V)
def of_elements_made_floats(v):
    return sum(v) + sum(v.tolist()) * sum(float(a) for a in v[::-1])


@at(0.1, 5)
def of_more_and_more(x, n):
    total = 0.0
    for i in range(n):
        total += sum(x**k for k in range(i))
    return total


@at(0.3, 6)
@at(0.3, 2)
@at(-0.3, 2)
def of_a_list_of_either_branch(x, n):
    found = [x * k for k in range(n)] if n > 3 else [x]
    return sum(found) if x > 0 else sum(found) * 2


@at(0.3, 6)
def of_ints_or_floats(x, n):
    return sum(1 if x * k > 0.5 else x for k in range(n)) * x


@at(0.3, 6)
def of_rows(x, n):
    rows = [[x * i * j for j in range(4)] for i in range(n)]
    return sum(sum(row) for row in rows) + sum(map(sum, rows)) * max(sum(row) for row in rows)


@at(0.3, 6)
def accumulated(x, n):
    sums = list(itertools.accumulate(x * k + 1.0 for k in range(n)))
    return sum(sums) * x + sum(reversed(sums))


@at(0.3, 5)
def in_a_recursive_function(x, n):
    def level(k):
        if k == 0:
            return x
        return sum([x, level(k - 1), 0.1 * k, x * x])

    return level(n)


@at(0.3, 5)
def that_decides(x, n):
    parts = []
    k = 0
    while sum(parts) < 2.0:
        parts.append(x * k)
        k += 1
    return sum(parts) * k


@at(V)
def of_lists_added_by_an_operator(v):
    pairs = [[a, 2 * a * a] for a in v]
    return sum(functools.reduce(operator.add, pairs)) + sum(operator.add([v[0]], [v[1], v[2]]))

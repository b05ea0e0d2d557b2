"""Ranges whose bounds are known at run time only, as values: their length, parts, truth, and what is in them.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_language.py), loops over ranges (iteration.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X7 = np.linspace(0.3, 1.9, 7)


@at(X7, -2)
@at(X7, 0)
@at(X7, 1)
@at(X7, 6)
def lengths_of_ranges_that_may_end_before_they_start(x, n):
    total = x[0] * len(range(n)) + x[1] * len(range(3, n)) + x[2] * len(range(n, 2, -1))
    total += x[3] * len(range(n, 9, 4)) + x[4] * len(range(n, -5, -2))
    weights = [0.5] * len(range(2, n))
    return total + sum(weights) * x[5] ** 2


@at(np.zeros(0))
@at(X7[:1])
@at(X7[:2])
@at(X7)
def lengths_of_ranges_to_less_than_a_length(x):
    few = x[:2]
    both = len(range(min(len(x) - 1, len(few) - 2)))
    total = np.sum(x**2) * (1.0 + len(range(len(x) - 1)) + len(range(x.size - 3, -1, -1)) + both)
    return total if range(1, len(x)) else 2.0 * total


@at(X7, 0)
@at(X7, 3)
def zipped_ranges_of_one_length(x, n):
    total = np.sum(x)
    for i, j in zip(range(2, n), range(1, n - 1), strict=True):
        total += x[i] * x[j]
    return total


@at(X7, 0, 2)
@at(X7, 1, -3)
@at(X7, 7, 2)
@at(X7, 7, -2)
@at(X7, 7, 9)
@at(X7, 7, -9)
def parts_of_ranges(x, n, k):
    total = 0.0
    for part in (
        range(n)[::-1],
        range(n)[k:],
        range(n)[:k],
        range(n)[k : k + 2],
        range(n)[k::-1],
        range(n)[:k:-2],
        range(1, n)[::2],
        range(n - 1, -1, -2)[1:],
        range(7)[k:],
    ):
        total = 0.7 * total + len(part)
        for i in part:
            total = total * 1.1 + x[i] ** 2
    return total


@at(X7, 0)
@at(X7, 3)
@at(X7, 7)
def numbers_in_ranges(x, n):
    total = 0.0
    for i in range(len(x)):
        if i in range(2, n):
            total += x[i] ** 2
        if i not in range(n, -1, -2):
            total += np.sin(x[i])
        if i + 0.5 in range(n) or i * 1.0 in range(1, n, 3):
            total *= 1.5
    return total + np.sum(x)

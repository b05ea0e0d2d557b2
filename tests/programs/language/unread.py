"""What may raise in a `try` though nobody reads its result: the handler decides what is computed.

In:  nothing.   Out: `PROGRAMS`.
Not here: which statement raised (where_it_raised.py).
"""

from __future__ import annotations

import contextlib
import math

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)

X = np.array([0.5, 0.8, 1.7])
ONE_NEGATIVE = np.array([0.5, -0.8, 1.7])


def checked_sum(x, i, total):
    if i == len(x):
        return total
    math.log(x[i])
    return checked_sum(x, i + 1, total + x[i] ** 2)


@at(X)
@at(ONE_NEGATIVE)
def a_check_in_a_recursion(x):
    try:
        return checked_sum(x, 0, 0.0)
    except ValueError:
        return 5.0 * x[0]


@at(X)
@at(ONE_NEGATIVE)
def a_recursion_that_checks_and_does_nothing_else(x):
    def check(i):
        if i < len(x):
            math.sqrt(x[i])
            check(i + 1)

    try:
        check(0)
        y = np.sum(x**2)
    except ValueError:
        y = 5.0 * x[0]
    return y


@at(X)
@at(ONE_NEGATIVE)
def a_second_result_that_nobody_reads(x):
    def sums(i):
        if i == len(x):
            return 0.0, 0.0
        total, logs = sums(i + 1)
        return total + x[i] ** 2, logs + math.log(x[i])

    with contextlib.suppress(ValueError):
        return sums(0)[0]
    return 5.0 * x[0]


@at(X, 6)
@at(X, 2)
def recursions_that_call_each_other(x, n):
    def even(k):
        1.0 / (k - 4)
        return x[0] if k == 0 else odd(k - 1) * x[1]

    def odd(k):
        return even(k - 1) + x[2]

    try:
        y = even(n)
    except ZeroDivisionError:
        y = x[0] * 7.0
    return y**2


class Tree:
    def __init__(self, value, children):
        self.value, self.children = value, children

    def total(self):
        math.log(self.value)
        return self.value + sum(child.total() for child in self.children)


@at(X)
@at(ONE_NEGATIVE)
def a_tree_of_a_depth_of_run_time(x):
    tree = Tree(x[0], [])
    for v in x[1:]:
        tree = Tree(v, [tree])
    try:
        return tree.total() ** 2
    except ValueError:
        return x[2] * 3.0


@at(1.5)
@at(float("nan"))
def nan_stored_in_ints(x):
    a, n = np.zeros(3, int), 0
    try:
        n = 1
        a[0] = x
        n = 2
    except ValueError:
        n += 10
    return float(n) if x != x else x * n


@at(np.array([1.4, 30.4]))
@at(np.array([1.4, 300.4]))
def numbers_too_large_for_bytes(x):
    a, factor = np.zeros(2, np.uint8), 2.0
    for v in x:
        try:
            a[0] = int(v)
        except OverflowError:
            factor = 3.0
    return np.sum(x) * factor


@at(1.5, 7)
@at(1.5, 10**400)
def ints_too_large_for_floats(x, large):
    a, factor = np.zeros(3), 1.0
    try:
        a[0] = large
    except OverflowError:
        factor = 5.0
    return x * factor


@at(np.array([1.4, 2.4]))
@at(np.array([1.4, np.inf]))
def counts_of_what_is_no_number(x):
    counts = np.zeros(2, dtype=int)
    for i, v in enumerate(x):
        try:
            counts[i] = v
        except (ValueError, OverflowError):
            counts[i] = -1
    return x[0] * counts.sum()

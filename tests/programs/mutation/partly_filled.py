"""Lists whose places hold None until something is put there: memos, trees, best values.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), memos that are dicts (keyed.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.3, 0.7, 1.1, 1.9])
PLACES = np.array([2, 1, 1, 2, 0, 2])


@at(x4, 30)
def recurrence_that_is_remembered(x, n):
    memo = [None] * (n + 1)
    memo[0], memo[1] = x[0], x[1]
    for i in range(2, n + 1):
        if memo[i] is None:
            memo[i] = memo[i - 1] * x[1] + 0.5 * memo[i - 2]
    return memo[n]


@at(x4, 20)
def recursion_that_remembers(x, n):
    memo = [None] * (n + 1)

    def value(k):
        if k == 0:
            return x[0]
        if memo[k] is None:
            memo[k] = value(k - 1) * x[1] + x[2]
        return memo[k]

    return value(n) + value(n - 1) ** 2


def remembered(n, x, memo):
    if n < 2:
        return x[n]
    if n in memo:
        return memo[n]
    found = remembered(n - 1, x, memo) * x[1] + remembered(n - 2, x, memo)
    memo[n] = found
    return found


@at(x4, PLACES)
def memo_passed_down(x, ks):
    return remembered(int(ks[0]) + 5, x, {})


@at(x4, PLACES)
def places_of_run_time(x, ks):
    memo = [None] * 5
    memo[0] = x[0]
    for k in ks:
        if memo[k] is None:
            memo[k] = x[k] ** 2
        else:
            memo[k] = memo[k] * x[k]
    s = 0.0
    for m in memo:
        if m is not None:
            s += m
    return s


@at(x4, PLACES)
def arrays_of_run_time(x, ks):
    memo = [None] * 6
    memo[0] = x * 1.0
    for k in ks:
        if memo[k] is None:
            memo[k] = memo[0] * x[k]
    return sum(np.sum(m) for m in memo if m is not None)


@at(x4, PLACES)
def under_two_names(x, ks):
    n = int(ks[0]) + 3
    m = [None] * n
    m[-1] = x[0]
    m[0] = x[1] * 2.0
    other = m
    other[1] = x[2]
    m[0] = None
    empty = 0
    for v in other:
        if v is None:
            empty += 1
    return m[-1] * m[1] + empty * x[3] + len(m)


def remember(memo, x, i):
    if memo[i] is None:
        memo[i] = np.sin(x[i])
    return memo[i]


@at(x4, PLACES)
def filled_by_a_function(x, ks):
    n = int(ks[0]) + 2
    memo = n * [None]
    s = 0.0
    for k in ks:
        s += remember(memo, x, k) * remember(memo, x, (k + 1) % n)
    return s


@at(x4, PLACES)
def way_back_through_parents(x, ks):
    n = int(ks[0]) + 2
    parent = [None] * n
    parent[0] = 0
    for i in range(1, n):
        parent[i] = (i - 1) // 2
    s, i = 0.0, n - 1
    while i != 0:
        s += x[i] ** 2
        i = parent[i]
    return s


@at(x4, PLACES)
def pairs_that_are_remembered(x, ks):
    n = int(ks[0]) + 2
    m = [None] * n
    m[0] = (x[0], 1)
    for i in range(1, n):
        if m[i] is None:
            v, c = m[i - 1]
            m[i] = (v * x[i], c + 1)
    v, c = m[n - 1]
    return v * c


@at(x4, PLACES)
def emptied_again(x, ks):
    n = int(ks[0]) + 2
    m = [None] * n
    for k in ks:
        if m[k] is not None and m[k] > 0.5:
            m[k] = None
        else:
            m[k] = x[k] * 0.6 if m[k] is None else m[k] + x[k]
    s = 0.0
    for i, v in enumerate(m):
        s += i * 1.0 if v is None else v**2
    return s


@at(x4, PLACES)
def least_of_each_kind(x, ks):
    best = [None] * (int(ks[0]) + 2)
    for k in ks:
        v = x[k] ** 2
        if best[k] is None or v < best[k]:
            best[k] = v
    return sum(b for b in best if b is not None)


@at(x4, PLACES)
def array_of_all_places(x, ks):
    n = int(ks[0]) + 2
    m = [None] * n
    for i in range(n):
        m[n - 1 - i] = x[i] * 2.0
    return np.sum(np.array(m) ** 2 * np.arange(n)) + sum(m)

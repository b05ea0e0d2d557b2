"""Lists that are searched and compared, `bisect`, `tolist`, tuples at a run-time index.

In:  nothing.   Out: `PROGRAMS`.
"""

from __future__ import annotations

import bisect
import heapq
from bisect import bisect_left

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.3, 1.2, -0.7, 2.1, 0.4])
K = np.array([2, 0, 2, 1, 0])
GRID = [0.0, 0.5, 1.0, 2.5]
WEIGHTS = (0.5, 1.5, 2.5)


@at(X)
def interpolated(x):
    values = (1.0, 3.0, 2.0, 5.0)
    s = 0.0
    for v in x:
        j = min(max(bisect.bisect(GRID, v) - 1, 0), 2)
        t = (v - GRID[j]) / (GRID[j + 1] - GRID[j])
        s += values[j] * (1 - t) + values[j + 1] * t
    return s


@at(X)
def running_median(x):
    window, s = [], 0.0
    for i, v in enumerate(x):
        bisect.insort(window, v)
        if len(window) > 3:
            window.pop(bisect_left(window, x[i - 3]))
        s = s * 1.1 + window[len(window) // 2] ** 2
    return s


@at(X, 5)
@at(X, 0)
def longest_increasing(x, n):
    tails = []
    for i in range(n):
        j = bisect_left(tails, x[i])
        if j == len(tails):
            tails.append(x[i])
        else:
            tails[j] = x[i]
    return sum(t * t for t in tails) + len(tails) * x[0]


@at(X)
def by_a_key(x):
    rows = [(v, i) for i, v in enumerate(sorted(x))]
    j = bisect_left(rows, 0.35, key=lambda row: row[0])
    return rows[j][0] ** 2 * j


@at(X, K)
def searched(x, k):
    found = [int(q) for q in k]
    s = x[found.index(1)] * found.count(2)
    if 1 in found:
        s *= x[1]
    if 7 not in found:
        s += x[0] ** 2
    return s


@at(X, K)
def compared(x, k):
    a, b = [v for v in x], list(x)
    s = x[0] * x[1] if a == b else x[0]
    b[k[0]] = x[3]
    return s * x[2] if a != b else s


@at(X, K)
def listed(x, k):
    s = 0.0
    for row in np.outer(x, x).tolist():
        s += max(row) ** 2
    return s + sum(v * i for v, i in zip(x.tolist(), k.tolist()))


@at(X, K)
def tuples(x, k):
    rows = x[:2], x[1:3] ** 2, np.sin(x[2:4])
    s = 0.0
    for i in range(len(x)):
        s += WEIGHTS[k[i]] * np.sum(rows[k[i]]) * x[i]
    return s + (x[0], x[1])[-1 - k[3]] ** 2


@at(X, 0)
@at(X, 3)
def merged_lists(x, n):
    first, second = [x[0] * k for k in range(n)], [x[3] * k - 1.0 for k in range(n)]
    s = 0.0
    for k, v in enumerate(heapq.merge(first, second, [x[2], x[1]])):
        s += (k + 1) * v
    return s


@at(X)
@at(-X)
def merged_backwards_and_by_a_key(x):
    s = 0.0
    for k, v in enumerate(heapq.merge([x[1], x[0]], [x[4]], reverse=True)):
        s += (k + 1) * v
    for k, (v, j) in enumerate(heapq.merge([(x[1], 2), (x[0], 1)], [(x[4], 3)], key=lambda pair: -pair[0])):
        s += (k + 2) * v**2 * j
    return s

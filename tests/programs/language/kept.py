"""Names that an iteration may leave as an earlier one left them: the last match, the best so far, a state.

In:  nothing.   Out: `PROGRAMS`.
Not here: other control flow (control.py).
"""

from __future__ import annotations

import math

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.1, 2.0, 0.7, 0.3])
W = np.array([[1.0, 1.7, 1.2], [1.9, 1.0, 1.1], [1.3, 1.6, 1.0]])


@at(X)
@at(X - 5.0)
def last_match(x):
    u = -1
    for v in range(len(x)):
        if x[v] > 0.5:
            u = v
    return x[u] ** 2


@at(X)
def best_so_far(x):
    u, best = -1, -9.0
    for v in range(len(x)):
        if x[v] > best:
            u, best = v, x[v]
    return x[u] * best


@at(X, 2)
def in_a_nested_loop(x, n):
    s = 0.0
    for k in range(n):
        last = 0.0
        for v in x:
            if v > 0.5:
                last = v * (k + 1)
        if last > 7:
            break
        s += last**2
    return s


@at(X)
def not_bound_before_the_loop(x):
    for v in x:
        if v > 0.5:
            found = v**2
    return found + 1.0


@at(X)
def by_continue(x):
    kept = x[0]
    for v in x:
        if v < 0.5:
            continue
        kept = v**3
    return kept


@at(X)
def by_break(x):
    kept = x[0]
    for v in x:
        if v < 0.5 and kept > 1.0:
            break
        kept = kept + v
        other = v
    return kept * other


@at(X + 0.4)
def bound_before_each_jump(x):
    for v in x:
        y = v * v
        if y > 3.0:
            break
        if y < 0.05:
            continue
        z = y
    return y + z


@at(X)
def in_while(x):
    i, kept = 0, 1.0
    while i < len(x):
        if x[i] > 0.5:
            kept = x[i] ** 2
        i += 1
    return kept


@at(X)
def array_kept(x):
    row = np.zeros(2)
    for i in range(len(x) - 1):
        if x[i] > x[i + 1]:
            row = x[i : i + 2] * 2.0
    return row @ row


@at(X)
def by_match(x):
    kept = 0.5
    for i in range(len(x)):
        match i % 3:
            case 0:
                kept = x[i]
            case 1:
                pass
    return kept**2


@at(np.array([4.0, -1.0, 9.0, -2.0]))
def by_exception(x):
    kept = 1.0
    for v in x:
        try:
            kept = math.sqrt(v)
        except ValueError:
            pass
    return kept**3


@at(X)
def by_one_of_two(x):
    up = down = 0.0
    for a, b in zip(x[:-1], x[1:]):
        if b > a:
            up = b - a
        else:
            down = a - b
    return up**2 + 3 * down


@at(W)
def dijkstra(w):
    n = len(w)
    distance = [math.inf] * n
    distance[0] = 0.0
    done = [False] * n
    for _ in range(n):
        u = -1
        best = math.inf
        for v in range(n):
            if not done[v] and distance[v] < best:
                u, best = v, distance[v]
        if u < 0:
            break
        done[u] = True
        for v in range(n):
            if distance[u] + w[u, v] < distance[v]:
                distance[v] = distance[u] + w[u, v]
    return sum(distance)


@at(X, 1)
@at(X, 2)
def handed_on_by_a_loop_that_may_not_run(x, n):
    c = 1.0
    for k in range(len(x)):
        c = x[k] ** 2
        if x[1] > 9.0:
            return 2.0
    for _ in range(n - 1):
        c = np.sum(x)
    return -0.7 * c


@at(X, 1)
@at(X, 3)
def handed_on_by_while_in_a_branch(x, n):
    c = np.prod(x)
    i = 0
    if x[0] > 0:
        while i < n - 1:
            c = np.sum(x)
            i += 1
    return c * x[1]


@at(X, 0)
@at(X, 2)
def handed_on_by_an_inner_loop(x, n):
    total = 0.0
    for v in x:
        c = v**2
        for k in range(n):
            c = x[k]
        total += c * v
    return total


@at(X)
@at(0.1 * X)
def constant_returned_from_a_loop(x):
    b = 0.5
    for v in x:
        if v < 0.2:
            return b * 2
    return b + x[1]


@at(X)
@at(X[::-1])
def skipped_by_continue_in_a_branch(x):
    b, c = 0.5, 1.0
    for k in range(len(x)):
        if x[k] > 0.2:
            if k % 2 == 0:
                if x[k] < 1.0:
                    continue
                b, c = x[0], x[k]
        b = c * x[k] ** 2
    return b

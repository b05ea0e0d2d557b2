"""Names that generator expressions bind by `:=`, and that are read outside of them.

How often they are bound is up to what consumes the generator: `any` and `all` stop at the item that decides.

In:  nothing.   Out: `PROGRAMS`.
Not here: generators that are functions (generators.py), what `any` asks for (asked_once.py).
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.programs.idioms import Idiom, collecting
from tests.programs.language.refused import refused

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.7, -1.2, 0.4, 1.9])
M = np.array([[0.3, 1.2, -0.5], [0.9, -0.7, 1.1], [0.2, 0.43, 1.5]])


@at(X, 0.5)
@at(X, 0.75)
@at(X, 7.0)
def witness(x, c):
    if any((w := v) > c for v in x):
        return w * x[0]
    return w**2


@at(X, 0.5)
@at(X, -2.0)
def counterexample(x, c):
    for r in range(2):
        if not all((w := v + r) > c for v in x):
            return w * x[0] + r
    return w + c


@at(0.7, 0.2)
@at(0.2, 0.1)
def counting_tests(x, y):
    n = 0
    found = any((n := n + 1) * v > 1.0 for v in (x, y, x + y, 3.0))
    return n * x + found


@at(X, 5)
@at(X, 1)
def in_the_condition_of_a_loop(x, n):
    k, s = 0, 0.0
    while any((w := v) > s for v in x) and k < n:
        s += w
        k += 1
    return s * w + k


@at(X, 0.5)
def within_another_comprehension(x, c):
    found = [w if any((w := v) > u for v in x) else -w for u in (c, x[2], x[1])]
    kept = [w * u for u in x if any((w := v) > u for v in (c, x[2], x[1]))]
    return sum(found) * w + sum(kept)


@at(X, 0.5)
@at(X, 5.0)
def inside_of_a_lambda(x, c):
    f = lambda u: any((w := v) > u for v in x) and w  # noqa: E731
    return f(c) * x[1] + f(x[0])


@at(X, 0.5)
def variable_of_an_outer_function(x, c):
    w = 1.0

    def reaches(u):
        nonlocal w
        return any((w := v * w) > u for v in x)

    return reaches(c) * x[1] + w * (2 if reaches(x[0]) else 3) + w


@at(X)
def first_item_alone(x):
    t = next((w := v) * 2 for v in (x[0], x[1], x[3]))
    return t * w


@at(X)
def zipped_with_fewer(x):
    w = 1.0
    for a, b in zip((1.0, 2.0), ((w := w * v) for v in x), strict=False):
        w += a * b
    return w * x[0]


@at(X)
def mapped_over_pairs(x):
    s = sum(map(lambda p: p[0] * p[1], zip((1.0, 2.0), ((w := v) for v in x), strict=False)))
    return w * s


@at(X)
def taken_while(x):
    taken = itertools.takewhile(lambda u: u > 0, ((w := v) * 2 for v in (x[0], x[3], x[1], x[2])))
    total = sum(taken)
    return w * total


@at(X, 0.4)
def changed_while_it_is_compared(x, c):
    total = 0.0
    sums = [total := total + v * c for v in x]
    grew = any(total > (total := total * v) for v in sums)
    return total * grew + sums[1] * total


@at(M)
def row_that_is_written_to(m):
    m = m.copy()
    if any((r := row)[0] > 0.5 for row in m):
        r[1] = 5.0
    return (m * m).sum() + r @ r


@at(X, 0.5)
def names_of_the_expression_alone(x, c):
    pairs = sum(1.0 for u in x if any((y := u * v) > c and y < 2 for v in x if v > 0))
    return pairs * x[0]


@refused("GS102", X)
def what_later_items_raise_is_caught(x):
    try:
        s = next(filter(lambda u: math.sqrt(u) > 0.5, x))
    except ValueError:
        s = x[2]
    return s * x[0]


@refused("GS102", X)
def search_that_ends_before_an_item_raises(x):
    try:
        s = x[3] if any(filter(lambda u: math.sqrt(u) > 0.1, x)) else x[2]
    except ValueError:
        s = x[2]
    return s * x[0]


@refused("GS110", X)
def sum_up_to_the_item_that_raises(x):
    s = 0.0
    try:
        for v in map(math.sqrt, (x[3], x[0], x[1])):
            s = s + v
    except ValueError:
        s = s * 3
    return s * x[0]


@refused("GS110", X)
def list_up_to_the_item_that_raises(x):
    log = []
    try:
        s = sum([log.append(v) or v * 2 for v in map(math.sqrt, (x[3], x[0], x[1]))])
    except ValueError:
        s = sum(log) + x[3]
    return s * x[0]


@at(X)
@at(np.array([0.7, 1.2, 0.4, 1.9]))
def first_item_alone_may_raise(x):
    try:
        s = next(map(math.sqrt, (x[0], x[1], x[3])))
    except ValueError:
        s = x[2]
    return s * x[0]


@at(X)
def zipped_with_fewer_in_a_try(x):
    s = x[1]
    try:
        for p, q in zip((1.0,), map(math.sqrt, (x[0], x[1], x[3])), strict=False):
            s = p * q
    except ValueError:
        s = x[2]
    return s * x[0]

"""What takes items until one is what it looks for: nothing happens for those behind it, and there may be no end.

In:  nothing.   Out: `PROGRAMS`.
Not here: names that `:=` binds on the way (handed_out.py), searching lists (searching.py).
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.7, -1.2, 0.4, 1.9])


@at(1.3, 20.0)
def first_number_without_end(x, bound):
    k = next(k for k in itertools.count(1) if k * x > bound)
    return x**2 * k + next(k for k in itertools.count(1) if k * k > 20)


def multiples(x, bound):
    for k in itertools.count(1):
        if k * x > bound:
            yield k * x


def powers(x):
    while True:
        yield x
        x = x * x


@at(1.3, 20.0)
def first_item_of_a_generator_without_end(x, bound):
    return next(multiples(x, bound)) * x + next(powers(x + bound))


@at(1.3, 5.0)
def some_of_what_has_no_end(x, bound):
    is_large = any(p > bound for p in powers(x))
    are_small = all(p < 2.0 * bound for p in powers(x + 0.1) if p > 1.4)
    return x * (2.0 if is_large else 3.0) + x**2 * (5.0 if are_small else 7.0)


@at(X)
def what_later_items_would_raise(x):
    s = next((u for u in x if math.sqrt(u) > 0.5), x[1])
    return s * (x[2] if any(math.sqrt(u) > 0.5 for u in x if u != 9.0) else x[3])


@at(X, 1.3)
@at(X, 9.0)
def product_of_a_pair(x, c):
    return next((u * v for u in x for v in x if u * v > c), x[1]) ** 2


@at(X, 1.0)
@at(X, 5.0)
def place_and_value(x, c):
    i, v = next(((i, v) for i, v in enumerate(x) if v > c), (0, x[0]))
    return v**2 * (i + 1) + x[next((i for i in range(len(x)) if x[i] > c), -1)]


@at(X)
def row_that_is_written_to(x):
    rows = np.outer(x, x)
    row = next(r for r in rows if r[0] < 0.0)
    row[0] = 5.0 * x[1]
    fresh = next(v * x for v in x if v < 0.0)
    fresh[1] = 3.0
    return np.sum(rows * rows) + np.sum(fresh * fresh)


class Place:
    def __init__(self, value):
        self.value = value


@at(X)
def objects_and_containers(x):
    places = [Place(v * v) for v in x]
    place = next(p for p in places if p.value > 1.0)
    place.value = place.value * x[0]
    pair = next([v, v * v] for v in x if v < 0.0)
    entries = next({"a": v, "b": v**3} for v in x if v < 0.0)
    made = next(Place(v * v) for v in x if v > 1.0)
    return sum(p.value for p in places) + pair[1] * entries["b"] + made.value


@at(X)
def one_search_in_another(x):
    s = 0.0
    for t in x:
        s += next((u for u in x if all(u > v for v in x if v < t)), 0.0) * t
    return s


@at(X)
def largest_by_comparison(x):
    best = x[0]
    for t in x:
        if all(t >= u for u in x if u > 0.0):
            best = t
    return best**2


@at(X, 1.0)
@at(X, 7.0)
def what_was_asked_is_noted(x, c):
    log = []
    s = next((v for v in x if log.append(v) is None and v > c), 1.0)
    is_there = any(log.append(2.0 * v) is None and v > c for v in x if v > 0.0)
    return s * sum(k * v for k, v in enumerate(log)) + is_there * x[0]


@at(X, 0.5)
def draws_until_one_is_large(x, c):
    rng = np.random.default_rng(0)
    u = next(u for u in (rng.random() for _ in itertools.count()) if u > c)
    v = next(v for v in x if v * rng.random() > 0.1)
    return u * v * rng.random() * x[0]


@at(X, 1.0)
def variables_of_the_same_name(x, v):
    u = 2.0
    found = next((u * v for u in x if u > v), 0.0)
    return found * u + next((v for v in x if v < u), 3.0) * v


@at(X, 4)
def in_a_loop_that_is_left(x, n):
    s = x[0]
    for k in range(n):
        if any(v > s for v in x if v > 0.5):
            s = s + 0.55
            continue
        s = s * next(v for v in x if v > 1.0)
        if k > 1:
            break
    return s


@at(X, 1.1)
@at(X, 0.1)
def appended_one_by_one(x, scale):
    a = [x[0]]
    a.extend(len(a) * x[1] for k in (1, 2, 3) if scale * k > 2.0)
    a += (a[-1] * len(a) for v in x if v * scale > 0.3)
    return sum(k * v for k, v in enumerate(a, 1))


@at(X, 0.5)
@at(X, 7.0)
def witness_among_some(x, c):
    if any((w := v) > c for v in x if v < 1.0):
        return w * x[0]
    return w**2


@at(X)
def counted_until_found(x):
    n = 0
    if any((n := n + 1) > 2 for u in x if u > 0.0):
        return x[0] * n
    return x[1] * n


@at(X, 0.3)
def a_parameter_that_counts(x, n):
    s = x[1]
    for t in range(4):
        if any((n := n + 1) > 5 for u in x if u > 0.0):
            s += x[t] * t
    return s + x[0]

"""Containers whose items are replaced while they are gone over: each item is what it is when it is asked for.

In:  nothing.   Out: `PROGRAMS`.
Not here: lists of run-time length (tests/programs/mutation/lists.py), what is refused (refused.py).
"""

from __future__ import annotations

import functools
import itertools
from collections import deque

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([1.3, 0.7, 2.1])
y3 = np.array([0.4, 1.9, -0.8])


@at(x3)
def items_of_a_list(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for v in items:
        items[2] = items[2] + v
        s = s + v * v
    return s


@at(x3)
def through_another_name(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    other = items
    for v in items:
        other[2] *= v
        s = s + v * v
    return s


@at(x3)
@at(y3)
def under_a_condition(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for v in items:
        if v > 0.5:
            items[2] = items[2] * v
        s = s + v * v
    return s


@at(x3)
@at(y3)
def left_by_break(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for v in items:
        if v > 1.5:
            break
        items[2] = items[2] * v + s
        s = s + v * v
    else:
        s = s + items[2]
    return s


@at(x3)
@at(y3)
def left_by_return(x):
    items = [x[0], x[1], x[2]]
    for v in items:
        items[2] = items[2] * v
        if v > 1.0:
            return v * x[1]
    return items[2] * x[0]


@at(x3)
def at_a_run_time_index(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for v in items:
        k = int(v * 0.0) + 2
        items[k] = items[k] * v
        s = s + v * v
    return s


@at(x3)
def by_a_loop_inside(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for v in items:
        for k in range(len(x)):
            items[k] = items[k] * v
        s = s + v * v
    return s


@at(x3)
def enumeration(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for i, v in enumerate(items):
        items[2] = items[2] * x[i] + v
        s = s + v * v
    return s


@at(x3)
def zip_of_itself_and_a_slice(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for a, b in zip(items, items[1:]):
        items[1] = items[1] + a * b
        s = s + a * b
    return s


@at(x3)
def zip_of_two(x):
    s, one, two = 0.0, [x[0], x[1], x[2]], [x[2], x[1], x[0]]
    for a, b in zip(one, two):
        one[1] = one[1] + a * b
        two[2] = a * two[2]
        s = s + a * b
    return s


@at(x3)
def zip_with_an_array(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for v, w in zip(items, x):
        items[2] = items[2] * w
        s = s + v * w
    return s


@at(x3)
def zip_of_functions_with_an_array(x):
    s, items = 0.0, [np.sin, np.cos, np.sin]
    for f, w in zip(items, x):
        items[2] = np.exp
        s = s + f(w)
    return s


@at(x3)
def backwards(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for v in reversed(items):
        items[0] = items[0] * v
        s = s + v * v
    return s


@at(x3)
def backwards_from_where_it_ended(x):
    items = [x[0], x[1], x[2]]
    turned = reversed(items)
    items.append(x[0] * x[1])
    s = 0.0
    for v in turned:
        s = s * x[0] + v
    return s


@at(x3)
def backwards_while_it_shrinks(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for v in reversed(items):
        s = s * x[0] + v * items.pop()
    return s + len(items)


@at(x3)
def neighbours(x):
    s, items = 0.0, [x[0], x[1], x[2], x[0] * x[1]]
    for a, b in itertools.pairwise(items):
        items[1] = items[1] * 5.0
        items[2] = items[2] + a
        s = s + a * b
    return s


@at(x3)
def one_list_after_another(x):
    s, one, two = 0.0, [x[0], x[1], x[2]], [x[1] * x[1], x[0]]
    for v in itertools.chain(one, two):
        one[2] = one[2] * v
        two[1] = two[1] + v
        s = s + v * v
    return s


@at(x3)
def part_of_a_list(x):
    s, items = 0.0, [x[0], x[1], x[2], x[0] * x[2]]
    for v in itertools.islice(items, 1, None, 2):
        items[3] = items[3] * v
        s = s + v * v
    return s


@at(x3)
def the_longest(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for a, b in itertools.zip_longest(items, [x[0]], fillvalue=2.0):
        items[2] = items[2] * a
        s = s + a * b
    return s


@at(x3)
def product_keeps_what_there_was(x):
    items = [x[0], x[1]]
    pairs = itertools.product(items, [x[2]])
    items[0] = x[2] * 5.0
    s = 0.0
    for a, b in pairs:
        items[1] = items[1] * a
        s = s + a * b
    return s * items[1]


@at(x3)
def combinations_keep_what_there_was(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for a, b in itertools.combinations(items, 2):
        items[1] = items[1] * a
        s = s + a * b
    return s * items[1]


@at(x3)
def items_of_a_dict(x):
    s, d = 0.0, {"a": x[0], "b": x[1], "c": x[2]}
    for v in d.values():
        d["c"] = d["c"] * v + 1.0
        s = s + v * v
    for k, v in d.items():
        d["c"] = d["c"] * v + d[k]
        s = s + v * v
    for k in d:
        d["b"] = d["b"] * d[k]
        s = s + d[k]
    return s


@at(x3)
def dict_comprehension(x):
    d = {"a": x[0], "b": x[1], "c": x[2]}

    def change(v):
        d["c"] = d["c"] * v
        return v * v

    e = {k: change(v) for k, v in d.items()}
    return e["a"] * e["b"] + e["c"]


@at(x3)
def comprehension_that_changes_it(x):
    items = [x[0], x[1], x[2]]

    def change(v):
        items[2] = items[2] + v
        return v * v

    return sum([change(v) for v in items if v > 0.0]) * sum(change(v) for v in items) * items[2]


@at(x3)
def comprehension_that_shortens_it(x):
    items = [x[0], x[1], x[2], x[0] * x[1]]
    return sum([items.pop() * v for v in items]) * sum(items)


@at(x3)
def unpacked_while_it_is_shortened(x):
    items = [x[0], x[1], x[2]]
    a, *rest = (items.pop() * v for v in items)
    return a * sum(rest) * len(rest)


@at(x3)
def grows_to_a_known_length(x):
    s, items = 0.0, [x[0], x[1]]
    for v in items:
        s = s * x[0] + v
        if len(items) < 5:
            items.append(v * x[2])
    return s


@at(x3)
def shrinks(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for v in items:
        s = s + v * items.pop()
    return s * len(items)


@at(x3)
def reordered_and_replaced(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for v in items:
        items.reverse()
        s = s * x[0] + v
        items[1:] = [v * 2.0, v * 3.0]
    return s


@at(x3)
def mapped(x):
    items = [x[0], x[1], x[2]]

    def change(v):
        items[2] = items[2] * v
        return v * v

    s = sum(map(change, items))
    for u in map(lambda v: v * x[0], items):
        items[1] = items[1] * u
        s = s + u
    return s


@at(x3)
def generator_expression(x):
    s, items = 0.0, [x[0], x[1], x[2]]
    for u in (v * v for v in items):
        items[2] = items[2] * u
        s = s + u
    return s


@at(x3)
def generator_function(x):
    items = [x[0], x[1], x[2]]

    def squares():
        for v in items:
            yield v * v

    s = 0.0
    for u in squares():
        items[2] = items[2] * u
        s = s + u
    return s


@at(x3)
def taken_one_by_one(x):
    items = [x[0], x[1], x[2]]
    it = iter(items)
    a = next(it)
    items[1] = items[1] * a
    b = next(it)
    items[2] = items[2] * b
    for c in it:
        a = a + c
    return a * b


@at(x3)
def generator_taken_one_by_one(x):
    items = [x[0], x[1], x[2]]
    it = (v * v for v in items)
    a = next(it)
    items[1] = items[1] * a
    b = next(it)
    items[2] = items[2] * b
    for c in it:
        a = a + c
    return a * b


@at(x3)
def map_taken_one_by_one(x):
    items = [x[0], x[1], x[2]]

    def change(v):
        items[1] = items[1] * v
        return v * x[2]

    it = map(change, items)
    return next(it) * next(it) * items[1]


@at(x3)
def default_of_next(x):
    items = [x[0]]
    it = iter(items)
    a = next(it, x[1]) * next(it, x[1])
    items.append(x[2])
    return a * next(it, x[1])


@at(x3)
def reduction(x):
    items = [x[0], x[1], x[2]]

    def change(a, b):
        items[2] = items[2] * a
        return a * b

    return functools.reduce(change, items)


@at(x3)
def largest_by_a_key_that_changes_it(x):
    items = [x[0], x[1], x[2]]

    def key(v):
        items[2] = items[2] + 10.0
        return v

    return max(items, key=key) * x[0]


@at(x3)
def deque_of_known_length(x):
    s, q = 0.0, deque([x[0], x[1], x[2]])
    for v in q:
        q[2] = q[2] * v
        s = s + v * v
    return s


class Box:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return iter(self.items)

    def change(self, v):
        self.items[2] = self.items[2] * v


@at(x3)
def items_of_an_object(x):
    s, box = 0.0, Box([x[0], x[1], x[2]])
    for v in box.items:
        box.change(v)
        s = s + v * v
    for v in box:
        box.change(v)
        s = s * v + x[0]
    return s


@at(x3)
def arrays_in_a_list(x):
    s, items = 0.0, [x * 1.0, x * 2.0, x * 3.0]
    for v in items:
        items[2] = items[2] * v
        v[0] = 5.0
        s = s + np.sum(v * v)
    return s


@at(x3)
def lists_in_a_list(x):
    s, rows = 0.0, [[x[0], x[1]], [x[1], x[2]]]
    for row in rows:
        for v in row:
            row[1] = row[1] * v
            rows[1] = [v, v * 2.0]
            s = s * x[0] + v
    return s


@at(x3)
@at(y3)
def one_of_two_lists(x):
    one, two = [x[0], x[1], x[2]], [x[2], x[1], x[0]]
    chosen, s = (one if x[0] > x[1] else two), 0.0
    for v in chosen:
        one[2] = one[2] * 3.0
        two[2] = two[2] + v
        s = s + v * v
    return s


@at(x3)
def any_asks_until_it_knows(x):
    items = [x[0], x[1], x[2]]

    def exceeds(v):
        items[2] = items[2] + v
        return v > 2.0

    return items[2] * x[0] if any([exceeds(v) for v in items]) else items[2]


@at(x3)
def longest_of_run_time_lists(x):
    s, one, two = 0.0, [v * 1.1 for v in x], [x[0], x[1]]
    for a, b in itertools.zip_longest(one, two, fillvalue=0.5 * x[0]):
        one[2] = one[2] * a
        two[1] = two[1] * a
        s = s * x[1] + a * b
    return s


@at(x3)
def pools_of_run_time_length(x):
    y, items, s = x * 1.0, [v * 1.1 for v in x], 0.0
    for a, b in itertools.product(y, items):
        y[2] = y[2] * 1.5
        items[1] = items[1] * a
        s = s * x[1] + a * b
    for a, b in itertools.product((v * v for v in items), [1.0, 2.0]):
        items[1] = items[1] * 0.5
        s = s * x[1] + a * b
    for a, b in itertools.combinations(items, 2):
        items[1] = items[1] * 0.5
        s = s * x[1] + a * b
    return s


@at(x3)
def neighbours_that_are_written(x):
    rows = [x * (1.0 + i) for i in range(len(x))]
    table = np.outer(x, x)
    for a, b in itertools.pairwise(rows):
        b += 0.5 * a
    for a, b in itertools.pairwise(table):
        b += 0.5 * a
    return sum(np.sum(row * row) for row in rows) + np.sum(table * table)


@at(x3)
def again_and_again_until_it_is_left(x):
    s = 0.0
    for k, v in enumerate(itertools.cycle([1.0, 2.0])):
        if k > 4:
            break
        s = s * x[1] + v * x[0]
    return s


@at(x3)
def lists_that_grow_in_a_list(x):
    rows = [[v] for v in x]
    for row in rows:
        row.append(row[0] * 2.0)
    for k, row in enumerate(rows):
        row.append(row[1] * k)
    return sum(row[0] * row[1] + row[2] * len(row) for row in rows)


class _Holding:
    def __init__(self, items):
        self.items = items

    def change(self, v):
        self.items[1] = 0.7 * self.items[1] + 0.2 * np.sin(v)


def _held(x):
    box = _Holding([x[0], x[1], x[2], x[0] * x[1]])
    for v in x:
        box.change(v)
    return box


@at(np.array([0.95, 0.18, -0.32]))
def items_of_an_object_from_their_end_where_a_branch_gives_it_a_slice(x):
    box = _held(x)
    total = 0.0
    for v in reversed(box.items):
        if v > -0.27:
            box.items[1:] = box.items[1:][::-1]
        total = 0.8 * total + v * v
    return total


@at(np.array([0.95, 0.18, -0.32]))
def items_of_an_object_from_their_end_where_a_branch_sorts_them(x):
    box = _held(x)
    total = 0.0
    for k, v in enumerate(reversed(box.items)):
        if v > -0.27:
            box.items.sort()
        total = 0.8 * total + v * v * (k + 1)
    return total


@at(np.array([0.95, 0.18, -0.32]))
def items_of_an_object_from_their_end_where_a_branch_moves_one(x):
    box = _held(x)
    total = 0.0
    for v in (u * u for u in reversed(box.items)):
        if v > 0.1:
            box.items.insert(1, box.items.pop())
        total = 0.8 * total + v
    return total


@at(x3)
@at(y3)
def sorted_while_they_are_gone_over(x):
    items, grown = [x[0], x[1], x[2], x[0] * x[1]], []
    for v in x:
        grown.append(v * 1.5)
    t = 0.0
    for k, v in enumerate(items):
        t = 0.8 * t + v * v * (k + 1)
        if v > 0.1:
            items.sort()
    for v in grown:
        t = 0.8 * t + v * v
        if t > 0.3:
            grown.sort(key=lambda u: -u)
    for a, b in zip(grown, reversed(grown), strict=True):
        t = 0.8 * t + a * a * b
        grown.sort(reverse=True)
    return t

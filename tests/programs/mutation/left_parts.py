"""Parts of arrays that a loop leaves in a variable, and that are written to afterwards, as their arrays are.

How often the loops run is known at run time only: the lengths of arguments say it.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), arrays that loops write (followed.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.7, 1.3, -0.4, 2.1])
y4 = np.array([0.3, -0.8, 1.9, 0.6])
X = np.arange(6.0).reshape(3, 2) + 0.5


@at(x4, y4)
def another_index_than_before_the_loop(x, y):
    table = np.outer(x, y)
    p = table[:, 0]
    for i in range(len(x)):
        p = table[i]
    table *= 0.9
    return np.sum(np.sin(p)) + np.sum(table)


@at(x4, y4)
def loop_that_does_not_run(x, y):
    table = np.outer(x, y)
    p = table[:, 0]
    for i in range(len(x) - 4):
        p = table[i]
    table *= 0.9
    p += 1.0
    return np.sum(np.sin(p)) + np.sum(table**2)


@at(x4, y4)
def another_array_than_before_the_loop(x, y):
    table = np.outer(x, y)
    p = x
    for i in range(len(x)):
        p = table[i]
    table *= 0.9
    return np.sum(np.sin(p)) + np.sum(table**2)


@at(x4, y4)
def one_of_several_before_the_loop(x, y):
    table = np.outer(x, y)
    p = table[0] if x[0] > 1.0 else table[:, 1]
    q = p
    for i in range(len(x) - 4):
        p = table[i]
    p *= 2.0
    return np.sum(table**2) + np.sum(q)


@at(x4, y4)
def best_row_so_far(x, y):
    table = np.outer(x, y)
    best = table[0]
    for i in range(len(x)):
        if table[i].sum() > best.sum():
            best = table[i]
    best *= 2.0
    return np.sum(np.sin(table))


@at(x4, y4)
def best_row_or_none(x, y):
    table = np.outer(x, y)
    best = None
    for row in table:
        if best is None or row.sum() > best.sum():
            best = row
    best *= 2.0
    return np.sum(np.sin(table))


@at(x4, y4)
def last_of_some_rows(x, y):
    table = np.outer(x, y)
    p = table[0]
    for i in range(len(x)):
        if x[i] > 1.0:
            p = table[i]
    table *= 0.9
    p[0] += 3.0
    return np.sum(np.sin(table)) + p[1] ** 2


@at(x4, y4)
def part_of_a_part(x, y):
    table = np.outer(x, y)
    for i in range(len(x)):
        p = table[i]
        q = p[1:]
    q *= p[0]
    p[0] = 3.0
    return np.sum(np.sin(table)) + np.sum(q)


@at(x4, y4)
def first_and_second(x, y):
    table = np.outer(x, y)
    p, q = table[0], table[1]
    for i in range(len(x)):
        if table[i, 0] > p[0]:
            q = p
            p = table[i]
    p *= 2.0
    q += 1.0
    return np.sum(np.sin(table) * table)


@at(x4)
def shrinking_vector(x):
    v = x * 1.0
    rest = v
    for _ in range(len(x)):
        rest[0] *= 2.0
        rest = rest[1:]
    return v @ v


@at(x4)
def shrinking_vector_written_afterwards(x):
    v = x * 1.0
    rest = v
    for _ in range(len(x) - 1):
        rest = rest[1:]
    v *= 2.0
    rest += 1.0
    return np.sum(v * v) + np.sum(np.sin(rest))


@at(x4, y4)
def shrinking_block(x, y):
    a = np.outer(x, y) + 4.0 * np.eye(len(x))
    block = a
    for _ in range(len(x) - 1):
        block[1:, 0] /= block[0, 0]
        block[1:, 1:] -= np.outer(block[1:, 0], block[0, 1:])
        block = block[1:, 1:]
    return np.sum(np.sin(a))


@at(x4, y4)
def shrinking_by_two_and_by_one(x, y):
    a = np.outer(x, y)
    tail, rows = a[1:], a
    for k in range(len(x) // 2):
        tail[0] *= 1.5
        rows[:, 0] += y * k
        tail, rows = tail[2:], rows[:, 1:]
    return np.sum(a**2)


@at(x4)
def found_by_a_function(x):
    def row_of(table):
        for row in table:
            if row[0] < 0.0:
                return row
        return table[0]

    table = np.outer(x, x + 1.0)
    row = row_of(table)
    row *= 3.0
    return np.sum(np.sin(table) * table)


@at(x4)
def view_that_gets_shorter(x, n=2):
    y = x * 1.0
    v = y
    for _ in range(n):
        v = v[1:]
        v *= x[0]
    return np.sum(y**2) + v[0]


class Box:
    def __init__(self, held):
        self.held = held


@at(X)
def row_put_in_an_object_from_outside(x, n=3):
    x = x * 1.0
    box, items = Box(x[0]), [x[0]]
    for i in range(n):
        box.held = items[0] = x[i]
    x *= 2.0
    return np.sum(box.held**2) + np.sum(items[0])


@at(x4, y4)
def array_or_a_part_of_another_one(x, y):
    table = np.outer(x, y)
    best = y * 1.0
    start = best
    for i in range(len(x)):
        if table[i].sum() > best.sum():
            best = table[i]
    best *= 2.0
    return np.sum(np.sin(table)) + np.sum(best * start)


@at(x4, y4)
def parts_of_two_arrays(x, y):
    table = np.outer(x, y)
    other = table * 2.0
    p = table[0]
    for i in range(len(x)):
        p = other[i] if y[i] > 0.5 else table[:, i]
    table *= 0.5
    other += 1.0
    return np.sum(np.sin(p)) + np.sum(table * other)


@at(x4, y4)
def part_chosen_in_an_inner_loop_of_what_changes(x, y):
    table = np.outer(x, y)
    p = table[0]
    for i in range(len(x)):
        for j in range(i):
            if table[j, i] > 0.0:
                p = table[j]
        table *= 0.99
        p[0] += 0.1 * x[i]
    p *= 2.0
    return np.sum(np.sin(table))


@at(x4, y4)
def array_and_two_kinds_of_parts_in_turn(x, y):
    table = np.outer(x, y)
    spare = y * x
    p = spare
    for i in range(len(x)):
        p[0] *= 1.5
        if i % 3 == 0:
            p = table[i]
        elif i % 3 == 1:
            p = table[:, i]
        else:
            p = spare
    p += x
    return np.sum(np.sin(table)) + np.sum(spare**2)


@at(x4, y4)
def row_found_or_none(x, y):
    table = np.outer(x, y)
    found = None
    for i in range(len(x)):
        if table[i, 0] > 0.1:
            found = table[i]
            break
    if found is not None:
        found += 1.0
    return np.sum(np.sin(table))


@at(x4, y4)
def part_found_in_an_inner_loop_or_none(x, y):
    table = np.outer(x, y)
    p = None
    for i in range(len(x)):
        for j in range(len(x)):
            if table[i, j] > 0.1:
                p = table[i, 1:]
    if p is not None:
        p += x[1:]
    return np.sum(np.sin(table))


@at(x4, y4)
def row_of_one_table_or_another_or_none(x, y):
    table = np.outer(x, y)
    other = table + 1.0
    p = None
    for i in range(len(x)):
        if p is not None:
            p *= 1.1
        if x[i] > 1.0:
            p = table[i]
        elif x[i] > 0.0:
            p = other[:, i]
    other *= 2.0
    if p is not None:
        p += 1.0
    return np.sum(np.sin(table) * other)


@at(x4, y4)
def nothing_found(x, y):
    table = np.outer(x, y)
    found = None
    for i in range(len(x)):
        if table[i, 0] > 100.0:
            found = table[i]
    if found is not None:
        found += 1.0
    return np.sum(np.sin(table))

"""What is taken out of a list stays what it is when the list changes; lists joined into arrays.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([1.5, 2.0, 0.7])


@at(x3, 3)
def entry_kept_while_the_list_grows(x, n):
    hist = [x]
    s = 0.0
    for i in range(n):
        previous = hist[-1]
        hist.append(np.sin(previous) * x[i])
        s += np.sum(previous * hist[-1])
    return s


@at(x3, 3)
def entry_kept_while_it_is_replaced(x, n):
    items = []
    for i in range(n):
        items.append(x * x[i])
    first = items[0]
    items[0] = x * 2.0
    first = first + 1.0
    items[1] = first
    return sum(np.sum(item**2) for item in items)


@at(x3, 3)
def popped_then_appended(x, n):
    items = []
    for i in range(n):
        items.append(x * x[i])
    same = items
    last = items.pop()
    items.append(x)
    return np.sum(same[-1] * last) + len(same)


@at(x3, 3)
def list_grows_from_its_own_entry(x, n):
    items = []
    for i in range(n):
        items.append(x * x[i])
    first, same = items[0], items
    for _ in range(n):
        same.append(first * 2.0)
    return sum(np.sum(item) for item in items) + np.sum(first)


@at(x3, 3)
def row_taken_out_and_grown_by_a_loop(x, n):
    rows = [[x[0]] for _ in range(n)]
    row = rows[0]
    same = row
    for i in range(n):
        same.append(x[i])
    return sum(row) * row[-1]


@at(x3, 3)
def joined_in_every_way(x, n):
    rows = []
    columns = []
    for i in range(n):
        rows.append(x * x[i])
        columns.append(x[:, None] * x[i])
    weights = np.arange(9.0).reshape(3, 3)
    flat = np.sum(np.vstack(rows) ** 2 * weights) + np.sum(np.hstack(rows) * np.arange(9.0))
    tall = np.sum(np.vstack(columns) ** 2) + np.sum(np.hstack(columns) * weights)
    return flat + tall + np.sum(np.column_stack(rows) ** 3 * weights)


@at(x3, 3)
def list_given_to_numpy(x, n):
    items = []
    for i in range(n):
        items.append(x[i] ** 2)
    return np.mean(items) + np.max(items) * np.dot(items, x)


@at(x3, 3)
def views_of_views_written(x, n):
    y = np.zeros((2, 3))
    t = y.T
    for i in range(n):
        t[i] = x[i]
        t[i, 1] *= x[i - 1]
        y[0] += x
    t[0], t[1] = t[1], t[0]
    z = x * 1.0
    z.reshape(3, 1)[1:] *= 2.0
    z.ravel()[0] = x[2]
    z[None].T[2] = x[0] * 3.0
    w = z.reshape(3, 1).reshape(-1)[::-1]
    w += z
    return np.sum(y**2 * np.arange(6.0).reshape(2, 3)) + np.sum(z**2 * np.arange(1.0, 4.0))


@at(x3, 3)
def outputs_that_overlap_operands(x, n):
    y = x * 1.0
    np.add(y, 1.0, out=y[::-1])
    np.multiply(y[1:], y[:-1], out=y[1:])
    np.cumsum(y, out=y)
    np.sin(y[1:], out=y[1:])
    total = np.zeros(1)
    np.sum(x[None], axis=1, out=total)
    wide = np.zeros((2, 3))
    np.add(x, 1.0, out=wide)
    return np.sum(y**2 * np.arange(1.0, n + 1.0)) + np.sum(wide**2) + total[0] ** 2

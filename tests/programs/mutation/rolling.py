"""Rows, columns, slices and buffers that take turns in loops that are too long to be written out.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), short loops with such names (followed.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([1.5, 2.0, 0.7])
x6 = np.array([0.5, -0.3, 1.2, 0.8, -1.1, 0.9])


class Box:
    def __init__(self, held):
        self.held = held


@at(x3, 50)
@at(x3, 1)
def row_before(x, n):
    table = np.zeros((n, 3))
    table[0] = x
    previous = table[0]
    for i in range(1, n):
        table[i] = previous * x * 0.5 + np.sin(x)
        previous = table[i]
        table[i, 1] += x[0]
    return (previous * x).sum() + (table**2).sum()


@at(x3, 40)
def column_written_by_its_name(x, n):
    table = np.ones((3, n))
    table[:, 0] = x
    previous = table[:, 0]
    for j in range(1, n):
        table[:, j] = np.sin(previous * x)
        previous = table[:, j]
        previous[0] = previous[1] * x[2]
    return (previous * previous).sum() + table.sum()


@at(x3, 35)
def row_written_by_its_name(x, n):
    table = np.ones((n, 3))
    table[0] = x
    previous = table[0, :]
    for i in range(1, n):
        previous[0] = previous[1] * x[0]
        previous[1:] *= 0.5
        table[i] += previous * x
        previous = table[i, :]
    previous[2] = 7.0 * x[1]
    return (table**2).sum()


@at(x3, 34)
def two_rows_in_turn(x, n):
    table = np.ones((n, 3))
    table[0], table[1] = x, np.sin(x)
    before, now = table[0], table[1]
    for i in range(2, n):
        table[i] = 0.5 * now + 0.1 * before * x
        now[0] *= 1.1
        before, now = now, table[i]
    return (table**2).sum() + before[0] * now[1]


@at(x6, 41)
@at(x6, 0)
def wave_in_one_buffer(u, n):
    buffer = np.zeros((2, 6))
    buffer[0] = buffer[1] = u
    before, now = buffer[0], buffer[1]
    for _ in range(n):
        before[1:-1] = 2 * now[1:-1] - before[1:-1] + 0.2 * (now[2:] - 2 * now[1:-1] + now[:-2])
        before, now = now, before
    return (now**2).sum() + buffer[0].sum()


@at(x6, 41)
def wave_in_two_buffers(u, n):
    before, now = u.copy(), u.copy()
    for _ in range(n):
        before[1:-1] = 2 * now[1:-1] - before[1:-1] + 0.2 * (now[2:] - 2 * now[1:-1] + now[:-2])
        before, now = now, before
    return (now**2).sum() + before[1]


@at(x6, 40)
def three_buffers(u, n):
    buffers = np.stack([u, 2.0 * u, u * u])
    a, b, c = buffers[0], buffers[1], buffers[2]
    for _ in range(n):
        c[1:] = 0.9 * a[:-1] + 0.1 * b[1:]
        a, b, c = b, c, a
        a[0] = 0.5 * c[1]
    return (buffers * buffers).sum() + a[0] + 2.0 * b[1]


@at(x3, 37)
def buffer_by_remainder(x, n):
    buffer = np.zeros((2, 3))
    buffer[0] = x
    now = buffer[0]
    for i in range(n):
        after = buffer[(i + 1) % 2]
        after[:] = np.sin(now) * x
        after[0] = now[2]
        now = after
    return (now**2).sum() + buffer[1].sum()


@at(x6, 4)
def slice_that_moves(x, n):
    y = x * 1.0
    window = y[0:3]
    for i in range(n):
        y[i] *= 1.5
        window[1] = window[0] * x[i]
        window = y[i : i + 3]
    window[0] = x[5]
    return (y**2).sum() + window.sum()


@at(x3, 45)
@at(x3, 0)
def row_that_is_none_at_first(x, n):
    row = np.zeros(3)
    table = np.zeros((n, 3))
    s = 0.0
    for i in range(n):
        s += (row * x).sum()
        table[i] = np.cos(x * i)
        row = table[i]
    return s + row.sum()


@at(x3, 50)
@at(x3, 0)
def whole_array_by_another_name(x, n):
    current = x * 3.0
    previous = x * 1.0
    s = 0.0
    for i in range(n):
        current[0] = 0.5 * current[0] + x[i % 3]
        s += (previous * x).sum()
        previous = current
    return s + previous[0]


@at(x3, 40)
def array_left_by_a_loop(x, n):
    current = x * 3.0
    for i in range(n):
        last = current
        current[0] = x[i % 3]
    current[1] = 7.0 * x[0]
    return (last * x).sum()


@at(x3, 40)
def row_left_by_a_loop(x, n):
    table = np.ones((n + 1, 3)) * x
    for i in range(n):
        row = table[i]
        table[i + 1] *= x * 0.5
    table[1] = 7.0 * x[0]
    table[n - 1, 2] = x[0]
    row[1] = x[2] ** 2
    return (row * x).sum() + (table**2).sum()


@at(x3, 40)
def best_row(x, n):
    table = np.ones((n, 3)) * x
    best = table[0]
    for i in range(n):
        table[i] *= 1 + 0.1 * np.sin(i)
        if table[i].sum() > best.sum():
            best = table[i]
        best[0] *= 0.99
    return (table**2).sum() + best[1]


@at(x3, 1)
@at(x3, 3)
def row_that_a_branch_chooses(x, n):
    table = np.ones((4, 3)) * x
    row = table[1] if x[0] > 0.7 * n else table[2]
    table[1] *= 2 * x
    row[0] = x[1]
    return (table**2).sum() + (row * x).sum()


@at(x3, 5.0)
@at(x3, -5.0)
def row_of_one_branch(x, c):
    table = np.ones((4, 3)) * x
    if c < 0:
        return (table * c).sum()
    else:
        row = table[2]
    table[2] *= x
    row[1] *= c
    return (row * row).sum() + table.sum()


@at(x3, 40)
def rows_in_a_while_loop(x, n):
    table = np.zeros((n, 3))
    table[0] = x
    previous = table[0]
    i = 1
    while i < n and previous[0] < 10:
        table[i] = previous * x * 0.5 + np.sin(x)
        previous = table[i]
        i += 1
    return (previous * x).sum() + (table**2).sum()


@at(x6, 3)
def rows_at_two_levels(x, n):
    table = np.zeros((4, 3, 2))
    table[0] = x.reshape(3, 2)
    previous = table[0]
    for k in range(1, 4):
        row = previous[0]
        for j in range(n):
            table[k, j] = np.sin(previous[j]) + row * x[j]
            row = table[k, j]
            row[0] += 1.0
        previous = table[k]
    return (previous**2).sum() + row[1] + table[1].sum()


@at(x3, 40)
def row_of_a_row(x, n):
    table = np.ones((n, 2, 3))
    table[0, 0] = x
    part = table[0][0]
    for i in range(1, n):
        table[i][1] = part * x * 0.3
        part = table[i - 1][1]
        table[i, 0] += part
    return (table**2).sum() + part.sum()


@at(x3, 60)
def row_in_an_attribute(x, n):
    box = Box(np.zeros((n, 3)))
    box.held[0] = x
    box.previous = box.held[0]
    for i in range(1, n):
        box.held[i] = np.sin(box.previous) * x
        box.previous = box.held[i]
        box.held[i, 0] = x[1]
    return (box.previous * x).sum()


@at(x3, 50)
def dict_by_another_name(x, n):
    current, previous = {"a": x * 3.0}, {"a": x * 1.0}
    s = 0.0
    for i in range(n):
        current["a"] = current["a"] * np.sin(x[i % 3])
        s += previous["a"].sum()
        previous = current
    return s


@at(x3, 50)
def arrays_that_are_one_in_turn(x, n):
    u = x * 1.0
    v = u
    for _ in range(n):
        u[0] = 0.5 * v[0]
        v = u
        u = np.sin(u * x)
        v[1] = x[2]
    return np.sum(u**2) + np.sum(v**3)


@at(np.array([0.3, -0.2, 0.9, 0.4], dtype=np.float32), 33)
def edit_distance(x, n):
    cost = np.zeros((n, 4), dtype=np.float32)
    cost[0] = np.cumsum(x)
    above = cost[0]
    for i in range(1, n):
        row = cost[i]
        row[0] = above[0] + x[0]
        for j in range(1, 4):
            row[j] = np.minimum(above[j], row[j - 1]) + x[j] * x[(i + j) % 4]
        above = row
    return above[3] + cost[2, 1]


@at(x3, 40)
def row_of_a_transpose(x, n):
    t = np.zeros((3, n))
    rows = t.T
    rows[0] = x
    previous = rows[0]
    for i in range(1, n):
        rows[i] = np.sin(previous) * x
        previous = rows[i]
        t[0, i] += x[1]
    return (previous * x).sum() + t.sum()


@at(x3, 1)
@at(x3, 3)
def row_of_a_transpose_that_a_branch_chooses(x, n):
    t = np.ones((3, 4)) * x[:, None]
    rows = t.T
    row = rows[1] if x[0] > 0.7 * n else rows[2]
    t[:, 1] *= 2 * x
    row[0] = x[1]
    return (t**2).sum() + (row * x).sum()


# Handed on in a branch, and read alone


class _Holder:
    def __init__(self, a):
        self.a = a


@at(x3, 4, 0.5)
@at(x3, 4, 9.0)
def object_handed_on_in_a_branch(x, n, bound):
    current, previous = _Holder(x[0] * 3.0), _Holder(x[0])
    s = 0.0
    for i in range(n):
        current.a = current.a * np.sin(x[i % 3])
        s += previous.a
        if x[i % 3] < bound:
            previous = current
    return s


@at(x3, 4, 0.5)
@at(x3, 4, 9.0)
def dict_handed_on_in_a_branch(x, n, bound):
    current, previous = {"a": x * 3.0}, {"a": x * 1.0}
    s = 0.0
    for i in range(n):
        if x[0] < bound:
            current["a"] = current["a"] * np.sin(x[i % 3])
        s += previous["a"].sum()
        previous = current if x[i % 3] < bound else previous
    return s


@at(x3, 4, 0.5)
@at(x3, 4, 9.0)
def list_handed_on_in_a_branch(x, n, bound):
    current, previous = [x[0] * 3.0], [x[0]]
    s = 0.0
    for i in range(n):
        if x[i % 3] < bound:
            current[0] = current[0] * np.sin(x[i % 3])
            s += previous[0]
            previous = current
    return s + previous[0]


@at(x3, 4, 0.5)
def held_object_handed_on_in_a_branch(x, n, bound):
    current, holder = _Holder(x[0] * 3.0), _Holder(_Holder(x[0]))
    s = 0.0
    for i in range(n):
        current.a = current.a * np.sin(x[i % 3])
        s += holder.a.a
        if x[i % 3] < bound:
            holder.a = current
    return s


@at(x3, 4, 0.5)
@at(x3, 4, 9.0)
def lists_of_one_way_handed_on(x, n, bound):
    if n > 2:
        current, previous = [x[0] * 3.0], [x[0]]
    s = 0.0
    for i in range(n):
        if x[i % 3] < bound:
            current[0] = current[0] * np.sin(x[i % 3])
            s += previous[0]
            previous = current
    return s + previous[0]


@at(x3, 4, 0.5)
@at(x3, 4, 9.0)
def chosen_dict_handed_on(x, n, bound):
    first, second = {"a": x * 3.0}, {"a": x * 2.0}
    current, previous = (first if x[0] < bound else second), {"a": x * 1.0}
    s = 0.0
    for i in range(n):
        current["a"] = current["a"] * np.sin(x[i % 3])
        s += previous["a"].sum()
        if x[i % 3] < bound:
            previous = current
    return s + previous["a"].sum() + first["a"].sum()

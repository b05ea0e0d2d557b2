"""Rows of tables that a condition chooses, that stand in a list later, or that loops carry by their place.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), rows under one other name (row_aliases.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.7, 1.3, -0.4, 2.1])


@at(x4)
def cond_row(x):
    n = len(x)
    g = [[0.0] * 2 for _ in range(n)]
    for i in range(n):
        row = g[i] if x[i] > 0 else g[0]
        row[0] += x[i] ** 2
    return sum(r[0] ** 2 for r in g)


@at(x4)
def branch_row(x):
    n = len(x)
    g = [[x[i], 1.0] for i in range(n)]
    for i in range(n):
        r = g[i]
        if r[0] > 1.0:
            r[1] = r[0] ** 2
        else:
            r[0] = -r[0] * 3
    return sum(a * b for a, b in g)


@at(x4)
def branch_row2(x):
    n = len(x)
    g = [[x[i], 1.0] for i in range(n)]
    r = g[2]
    if x[0] > 0:
        r[1] = r[0] ** 2
    return r[1] * g[2][1] * g[1][0]


@at(x4)
def adj(x):
    n = len(x)
    nb = [[] for _ in range(n)]
    for i in range(n):
        for j in range(n):
            if i != j:
                nb[i].append(j)
    s = 0.0
    for i in range(n):
        for j in nb[i]:
            s += x[i] * x[j] ** 2
    return s


@at(x4)
def list_of_arr_alias(x):
    n = len(x)
    vs = [np.array([x[i], 1.0]) for i in range(n)]
    for i in range(n):
        v = vs[i]
        v *= 2.0
        v[1] += x[i] ** 2
    return sum(np.prod(v) for v in vs)


@at(x4)
def func_on_row(x):
    def scale(row, k):
        for j in range(len(row)):
            row[j] = row[j] * k

    n = len(x)
    g = [[x[i], x[i] ** 2] for i in range(n)]
    for i in range(n):
        scale(g[i], x[0])
    return sum(a * b for a, b in g)


@at(x4)
def nested3(x):
    n = len(x)
    g = [[[0.0] * n for _ in range(n)] for _ in range(n)]
    for i in range(n):
        pl = g[i]
        for j in range(n):
            row = pl[j]
            for k in range(n):
                row[k] = x[i] * x[j] * x[k]
    s = 0.0
    for pl in g:
        for row in pl:
            row[0] *= 2
            s += row[0] + row[1] ** 2
    return s


@at(x4)
def while_row(x):
    n = len(x)
    g = [[x[i], 1.0] for i in range(n)]
    i = 0
    while i < n:
        r = g[i]
        r[1] += r[0]
        i += 1
    return sum(a * b for a, b in g)


@at(x4)
def neg_row(x):
    n = len(x)
    g = [[x[0], 1.0]]
    for i in range(1, n):
        last = g[-1]
        g.append([last[0] * x[i], last[1] + x[i]])
        g[-1][0] += 1.0
    return g[-1][0] * g[-2][1]


@at(x4)
def view_in_row(x):
    n = len(x)
    vs = [np.array([x[i], 1.0, 2.0]) for i in range(n)]
    for v in vs:
        w = v[1:]
        w[0] = v[0] ** 2
        w += 1.0
    return sum(np.sum(v**2) for v in vs)


@at(x4)
def shift_list(x):
    n = len(x)
    hist = [[0.0, 0.0] for _ in range(3)]
    for i in range(n):
        new = [x[i], x[i] ** 2]
        hist.pop(0)
        hist.append(new)
        new[1] += hist[0][1]
    return hist[-1][1] * hist[0][0]


@at(x4)
def store_named(x):
    n = len(x)
    g = [[0.0, 0.0] for _ in range(n)]
    for i in range(n):
        r = [x[i], 1.0]
        g[i] = r
        r[1] = x[i] ** 2
    return sum(a * b for a, b in g)


@at(x4)
def triangle(x):
    # pascal like
    n = len(x)
    tri = [[x[0]]]
    for i in range(1, n):
        prev = tri[-1]
        row = [x[i]]
        for j in range(1, i):
            row.append(prev[j - 1] * x[j] + prev[j])
        row.append(x[i] * x[0])
        tri.append(row)
    return sum(tri[-1])


@at(x4)
def break_row(x):
    n = len(x)
    g = [[x[i], 1.0] for i in range(n)]
    for i in range(n):
        r = g[i]
        if r[0] < 0:
            break
        r[1] = r[0] ** 2
    return sum(a * b for a, b in g)


@at(x4)
def cond_append(x):
    n = len(x)
    g = []
    for i in range(n):
        row = [x[i], x[i] ** 2]
        if x[i] > 0:
            g.append(row)
        row2 = row
        x = x + row2[0] * 0.1
    return sum(a * b for a, b in g) + x[0]


@at(x4)
def cond_append_w(x):
    n = len(x)
    g = []
    for i in range(n):
        row = [x[i], x[i] ** 2]
        if x[i] > 0:
            g.append(row)
            row[1] += 1.0
    return sum(a * b for a, b in g)


@at(x4)
def arr_cond(x):
    n = len(x)
    g = []
    for i in range(n):
        v = x * x[i]
        if x[i] > 0:
            g.append(v)
        x = x + 0.1 * v
    return np.sum(np.array(g) ** 2) + x[0]


@at(x4)
def row_appended_before_it_grows(x):
    rows = []
    for i in range(len(x)):
        row = []
        rows.append(row)
        row.append(x[i])
        row.append(x[0])
    return sum(rows[0]) + rows[1][0] * rows[-1][1]


@at(x4)
def previous_row(x):
    n = len(x)
    table = [[0.0] * n for _ in range(n)]
    for j in range(n):
        table[0][j] = x[j]
    previous = table[0]
    for i in range(1, n):
        row = table[i]
        for j in range(n):
            row[j] = previous[j] * 0.5 + x[i] * x[j]
        previous = row
    return table[n - 1][n - 1] * previous[0]


@at(x4)
def best_row_written(x):
    rows = [[v, v**2] for v in x]
    best = rows[0]
    for row in rows:
        if row[0] > best[0]:
            best = row
    best[1] = 10.0 * x[0]
    return sum(a * b for a, b in rows)


@at(x4)
def row_written_after_it_moved(x):
    rows = [[x[i], x[i]] for i in range(len(x))]
    row = rows[1]
    rows.insert(0, [5.0, 6.0])
    row[0] = x[0] * x[2]
    return rows[2][0]

"""Rows of tables under other names: read, stored into, appended, exchanged, in loops and branches.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), stores without another name (list_tables.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.7, 1.3, -0.4, 2.1])


@at(x4)
def row_alias(x):
    g = [[0.0] * 3 for _ in range(4)]
    for i in range(4):
        row = g[i]
        for j in range(3):
            row[j] = x[i] * (j + 1)
    return g[2][1] * g[3][0] ** 2


@at(x4)
def row_alias_rt(x):
    n = len(x)
    g = [[0.0] * n for _ in range(n)]
    for i in range(n):
        row = g[i]
        for j in range(n):
            row[j] = x[i] * x[j]
    s = 0.0
    for row in g:
        for v in row:
            s += v**2
    return s


@at(x4)
def row_iter_store(x):
    n = len(x)
    g = [[0.0] * n for _ in range(n)]
    for row in g:
        for j in range(n):
            row[j] = x[j] ** 2
    s = 0.0
    for i in range(n):
        s += g[i][n - 1 - i] * x[i]
    return s


@at(x4)
def Vt_append(x):
    n = len(x)
    V = [[] for _ in range(n)]
    for t in range(n):
        for k in range(t + 1):
            V[t].append(x[k] * x[t])
    s = 0.0
    for t in range(n):
        for k in range(t + 1):
            s += V[t][k] ** 2
    return s


@at(x4)
def swap_grid(x):
    n = len(x)
    g = [[x[i] * x[j] * x[j] for j in range(n)] for i in range(n)]
    for i in range(n):
        for j in range(i):
            g[i][j], g[j][i] = g[j][i], g[i][j]
    return g[0][2] + g[2][1] * 3


@at(x4)
def row_swap(x):
    n = len(x)
    A = [[x[i] + j * x[j] ** 2 for j in range(n)] for i in range(n)]
    for i in range(n - 1):
        A[i], A[i + 1] = A[i + 1], A[i]
    return A[0][1] * A[3][2]


@at(x4)
def gauss_lists(x):
    n = len(x)
    A = [
        [(1.0 / (1 + abs(i - j))) * (1 + 0.1 * x[i] * x[j]) + (2.0 if i == j else 0.0) for j in range(n)]
        for i in range(n)
    ]
    b = [x[i] for i in range(n)]
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(A[i][k]) > abs(A[p][k]):
                p = i
        if p != k:
            A[k], A[p] = A[p], A[k]
            b[k], b[p] = b[p], b[k]
        Ak = A[k]
        for i in range(k + 1, n):
            Ai = A[i]
            f = Ai[k] / Ak[k]
            for j in range(k, n):
                Ai[j] -= f * Ak[j]
            b[i] -= f * b[k]
    y = [0.0] * n
    for i in range(n - 1, -1, -1):
        s = b[i]
        for j in range(i + 1, n):
            s -= A[i][j] * y[j]
        y[i] = s / A[i][i]
    return sum(v * v for v in y)


@at(x4)
def enum_rows(x):
    n = len(x)
    g = [[0.0] * n for _ in range(n)]
    for i, row in enumerate(g):
        row[i] = x[i]
        row[0] += x[i] ** 2
    return sum(g[i][i] * g[i][0] for i in range(n))


@at(x4)
def two_rows(x):
    n = len(x)
    g = [[0.0] * n for _ in range(n)]
    for i in range(1, n):
        prev = g[i - 1]
        cur = g[i]
        for j in range(n):
            cur[j] = prev[j] * 0.5 + x[j] * x[i]
    return sum(g[n - 1])


@at(x4)
def rolling_rows(x):
    n = len(x)
    prev = [0.0] * (n + 1)
    for i in range(n):
        cur = [0.0] * (n + 1)
        for j in range(n):
            cur[j + 1] = prev[j] * 0.5 + x[j] * x[i] + cur[j]
        prev = cur
    return prev[n]


@at(x4)
def swap_rows_rolling(x):
    n = len(x)
    prev = [0.0] * (n + 1)
    cur = [0.0] * (n + 1)
    for i in range(n):
        for j in range(n):
            cur[j + 1] = prev[j] * 0.5 + x[j] * x[i] + cur[j]
        prev, cur = cur, prev
    return prev[n]


@at(x4)
def row_copy(x):
    n = len(x)
    g = [[x[i] * x[j] for j in range(n)] for i in range(n)]
    r = g[1][:]
    r[0] = 5.0 * x[3]
    q = g[2]
    q[0] = 7.0 * x[2]
    return r[0] * g[1][0] + g[2][0]


@at(x4)
def named_row(x):
    n = len(x)
    table = []
    for i in range(n):
        row = []
        for j in range(n):
            row.append(x[i] * x[j] * x[j])
        table.append(row)
    for i in range(n):
        for j in range(n):
            table[i][j] += x[j]
            table[i][j] *= table[j][i]
    return table[1][2] * table[3][0]


@at(x4)
def named_after(x):
    n = len(x)
    table = []
    for i in range(n):
        row = [x[i], x[i] ** 2]
        table.append(row)
        row[1] = row[0] * 3.0
    return sum(r[1] * r[0] for r in table)


@at(x4)
def named_arr(x):
    n = len(x)
    rows = []
    for i in range(n):
        r = np.zeros(3)
        rows.append(r)
        r[0] = x[i]
        r[1] = x[i] ** 2
    for r in rows:
        r[2] = r[0] * r[1]
    return rows[0][2] + rows[1][2] * rows[3][1]

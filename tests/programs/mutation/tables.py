"""Tables of dynamic programming as lists of lists, and what may go wrong with their rows.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x5 = np.array([0.3, 0.8, -0.4, 1.2, 0.5])


@at(x5, 5)
def row_read_before(x, n):
    g = [[0.0] * n for _ in range(n)]
    s = 0.0
    for i in range(1, n):
        r = g[i - 1][:]
        g[i - 1][0] = x[i] * x[i]
        s += r[0] * 3 + g[i - 1][0]
        g[i][0] = g[i - 1][0] * x[0]
    return s


@at(x5, 5)
def saved_rows(x, n):
    g = [[0.0] * n for _ in range(n)]
    hist = []
    for i in range(1, n):
        for j in range(n):
            g[i][j] = g[i - 1][j] * x[j] + x[i]
        hist.append(g[i].copy())
        g[i][0] = x[i] ** 2 * g[i][1]
    s = 0.0
    for h in hist:
        for v in h:
            s += v * v
    return s + g[n - 1][0]


@at(x5, 5)
def table_copied(x, n):
    g = [[x[0]] * n for _ in range(n)]
    h = [r[:] for r in g]
    for i in range(n):
        for j in range(n):
            g[i][j] = g[i][j] * x[i] + h[i][j]
    return sum(sum(r) for r in g) + sum(sum(r) for r in h)


@at(x5, 5)
def cond_store(x, n):
    g = [[1.0] * n for _ in range(n)]
    for i in range(1, n):
        for j in range(1, n):
            if x[j] > 0.4:
                g[i][j] = g[i - 1][j - 1] * x[j]
            elif x[i] > 0.0:
                g[i][j] = g[i][j - 1] * g[i - 1][j] + x[i]
                if j == 3:
                    break
            else:
                continue
            g[i][j] += 0.1 * g[i][j] ** 2
    return sum(sum(r) for r in g)


@at(x5, 4, 5)
def knapsack(v, W, n):
    w = [1, 2, 3, 2, 1]
    best = [[0.0] * (W + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        for c in range(W + 1):
            best[i][c] = best[i - 1][c]
            if c >= i % 3 + 1:
                best[i][c] = max(best[i][c], best[i - 1][c - (i % 3 + 1)] + v[i - 1])
    return best[n][W]


@at(x5, 5)
def edit_distance(x, n):
    D = [[0.0] * (n + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        D[i][0] = i * x[0]
        D[0][i] = i * x[1]
    for i in range(1, n + 1):
        for j in range(1, n + 1):
            D[i][j] = min(
                D[i - 1][j] + x[0], D[i][j - 1] + x[1], D[i - 1][j - 1] + (x[i - 1] - x[n - j]) ** 2
            )
    return D[n][n]


@at(x5, 5)
def table3(x, n):
    T = [[[0.0] * 2 for _ in range(n)] for _ in range(n)]
    for i in range(1, n):
        for j in range(1, n):
            for k in range(2):
                T[i][j][k] = T[i - 1][j][k] * 0.5 + T[i][j - 1][1 - k] * x[k] + x[i] * x[j]
    return T[n - 1][n - 1][0] * T[n - 1][n - 2][1]


@at(x5, 5)
def inner_pop(x, n):
    rows = [[x[0], x[1]] for _ in range(n)]
    for i in range(n):
        rows[i].append(x[i] ** 2)
        rows[i - 1].append(x[i] * rows[i][-1])
        v = rows[i].pop()
        rows[i].append(v * v)
        rows[i][0] = v
    return sum(sum(r) * r[0] for r in rows)


@at(x5, 5)
def helper_writes(x, n):
    def fill(t, i, j, v):
        t[i][j] = v

    g = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            fill(g, i, j, x[i] * x[j])
            if i > 0:
                fill(g, i - 1, j, g[i][j] * g[i - 1][j])
    return sum(sum(r) for r in g)


@at(x5, 5)
def while_table(x, n):
    g = [[1.0] * n for _ in range(2)]
    i = 0
    while g[0][0] < 20.0 and i < 12:
        for j in range(n):
            g[(i + 1) % 2][j] = g[i % 2][j] * 1.2 + x[j] ** 2
        i += 1
    return sum(g[0]) * g[1][0]


@at(x5, 5)
def rolling_rows(x, n):
    prev = [0.0] * (n + 1)
    for i in range(n):
        cur = [0.0] * (n + 1)
        for j in range(1, n + 1):
            cur[j] = prev[j - 1] * x[i] + x[j - 1] if x[j - 1] > 0 else max(prev[j], cur[j - 1])
        prev = cur
    return prev[n] * prev[1]


@at(x5, 5)
def table_in_loop(x, n):
    s = 0.0
    for k in range(3):
        g = [[x[k]] * n for _ in range(n)]
        for i in range(1, n):
            for j in range(1, n):
                g[i][j] = g[i - 1][j] * g[i][j - 1] + x[i] * s
        s += g[n - 1][n - 1]
    return s


@at(x5, 5)
def table_carried(x, n):
    g = [[x[i]] * n for i in range(n)]
    s = 0.0
    for k in range(3):
        for i in range(1, n):
            g[i][0] = g[i - 1][0] * 0.5 + g[i][1] * x[k]
            g[i][1] = g[i][0] ** 2
        s += g[n - 1][0]
        t = g[0]
        s += t[0] * t[1]
        g[0][1] = s
    return s

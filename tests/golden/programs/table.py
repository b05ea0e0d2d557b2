"""A table of lists: the alignment of two sequences, a store in it at a time."""

import numpy as np


def alignment(x, y, gap):
    n, m = len(x), len(y)
    table = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            match = table[i - 1][j - 1] + x[i - 1] * y[j - 1]
            table[i][j] = max(match, table[i - 1][j] - gap, table[i][j - 1] - gap, 0.0)
    return table[n][m]


def by_hand(x, y, gap):
    n, m = len(x), len(y)
    table = np.zeros((n + 1, m + 1))
    origin = {}
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            ways = {
                "match": table[i - 1, j - 1] + x[i - 1] * y[j - 1],
                "up": table[i - 1, j] - gap,
                "left": table[i, j - 1] - gap,
                "none": 0.0,
            }
            origin[i, j] = max(ways, key=ways.get)
            table[i, j] = ways[origin[i, j]]
    d_x, d_y, d_gap, i, j = np.zeros_like(x), np.zeros_like(y), 0.0, n, m
    while i and j and origin[i, j] != "none":
        if origin[i, j] == "match":
            d_x[i - 1] += y[j - 1]
            d_y[j - 1] += x[i - 1]
            i, j = i - 1, j - 1
        else:
            d_gap -= 1.0
            i, j = (i - 1, j) if origin[i, j] == "up" else (i, j - 1)
    return d_x, d_y, d_gap


def arguments(rng):
    return rng.uniform(0.5, 2.0, size=5), rng.uniform(0.5, 2.0, size=4), 0.3


PROGRAM, ARGNUMS = alignment, (0, 1, 2)

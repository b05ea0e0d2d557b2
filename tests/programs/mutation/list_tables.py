"""Lists of lists and of arrays, read and written at places that are known at run time only.

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
def list_of_run_time_length_as_a_table(x, n):
    table = [0.0] * (n + 1)
    for i in range(1, n + 1):
        table[i] = table[i - 1] * 0.5 + x[i - 1] ** 2
    return table[n] * table[-1] + len(table)


@at(x3, 3)
def table_of_lists(x, n):
    table = [[0.0] * (n + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        for j in range(1, n + 1):
            table[i][j] = table[i - 1][j] * 0.5 + table[i][j - 1] + x[i - 1] * x[j - 1]
    return table[n][n]


@at(x3, 3)
def buckets(x, n):
    rows = [[] for _ in range(n)]
    for i in range(n):
        for j in range(n):
            rows[j].append(x[i] * x[j])
    return sum(rows[0]) * rows[1][0]


@at(x3, 3)
def arrays_in_a_list_written(x, n):
    out = [np.zeros(3) for _ in range(n)]
    for i in range(n):
        out[i][0] = x[i]
        out[i] += x
        out[i - 1][1] *= 2.0
    return sum(np.sum(o**2) for o in out)


@at(x3, 3)
def grid_of_arrays(x, n):
    grid = [[np.zeros(3) for _ in range(n)] for _ in range(n)]
    for i in range(n):
        for j in range(n):
            grid[i][j][i] += x[j] * x[i]
            grid[j][i] += grid[i][j]
    return sum(np.sum(cell**2) for row in grid for cell in row)


@at(x3, 3)
def rows_of_a_list_written_by_a_loop(x, n):
    out = []
    for i in range(n):
        out.append(x * x[i])
    for row in out:
        row[0] = row[1] ** 2
    return sum(np.sum(o**2) for o in out)


@at(x3, 3)
def copies_appended_and_written(x, n):
    rows = []
    for i in range(n):
        r = x * x[i]
        rows.append(r.copy())
        r[0] = 1.0
        rows[-1][1] = x[0]
    return sum(np.sum(r**2) for r in rows)


@at(x3, 3)
def entries_of_other_lengths(x, n):
    out = []
    for i in range(n):
        out.append(x[: i + 1] * 2.0)
    for i in range(n):
        out[i] = out[i - 1][:1] * x
    return sum(np.sum(o**2) for o in out)


@at(x3, 3)
def short_entry_replaced_by_a_long_one(x, n):
    out = []
    for i in range(n):
        out.append(np.sum(x * x[i], keepdims=True))
    out[1] = out[1] * x
    return sum(np.sum(o**2) for o in out)


@at(x3, 3)
def rows_replaced(x, n):
    rows = [[x[0] * i] for i in range(n)]
    rows[1] = [x[1], x[2]]
    for i in range(n):
        rows[i] = [rows[i][0] * x[i], x[i], x[0]]
    return sum(sum(row) * row[0] for row in rows)


@at(x3, 3)
def rows_that_grow_and_shrink(x, n):
    rows = [[x[0] * i] for i in range(n)]
    for i in range(n):
        rows[i].extend([x[i], x[i] ** 2])
        rows[i].insert(0, x[0])
        if i > 0:
            rows[i].pop(0)
            rows[i - 1][0] = x[2] * x[1]
    return sum(sum(row) * row[0] for row in rows)


@at(x3, 3)
def inserted_and_popped_anywhere(x, n):
    out = []
    for i in range(n):
        out.append(x[i])
    same, kept = out, out[:]
    k = n - 1
    out.insert(-1, 5.0 * x[0])
    out.insert(100, x[1])
    out.insert(-100, x[2] * x[2])
    out.insert(k, x[0] ** 3)
    out.insert(-k, x[1] ** 2)
    v = out.pop(-2) * out.pop(k) + out.pop(-k)
    s = 0.0
    for q, w in enumerate(same):
        s += q * w
    return s * v + sum(kept)


@at(x3, 3)
def slices_with_steps(x, n):
    out = []
    for i in range(n):
        out.append(x[i])
    out.extend(out)
    out += out[1:-1]
    s = 0.0
    for q, w in enumerate(out[::-2]):
        s += q * w * w
    for q, w in enumerate(out[-2:0:-1] + out[n:]):
        s += q * w * w
    del out[1:3]
    del out[-2:]
    for q, w in enumerate(out):
        s += q * w * w
    return s


@at(x3, 3)
def keys_by_comprehension(x, n):
    d = {f"k{i}": x[i] for i in range(3)}
    for i in range(2):
        d[f"k{i:d}"] = d[f"k{i + 1}"] * 2.0
    return d["k0"] * d["k1"] * n


@at(x3, 3)
def sequences_are_joined_and_repeated(x, n):
    return ([x[0], x[1]] + [x[2]])[2] * len([1.0] * n) + (x.shape + (2,))[1] * x[0] + ((x[0],) * 2)[1] ** 2

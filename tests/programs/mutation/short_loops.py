"""Loops that must be written out: it depends on the iteration what is one array.

In:  nothing.   Out: `PROGRAMS`, each of which may be given the number of iterations.
Not here: running them (tests/programs/test_mutation.py), what is refused in any case (refused.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([1.5, 2.0, 0.7])
X = np.arange(6.0).reshape(3, 2) + 0.5


@at(X)
def rows_in_a_run_time_list(x, n=3):
    y = x * 1.0
    rows = []
    for i in range(n):
        rows.append(y[i])
    y[1] *= 3.0
    return np.sum(y**2) + np.sum(rows[1] ** 3)


@at(X)
def rows_in_a_run_time_list_written(x, n=3):
    y = x * 1.0
    rows = []
    for i in range(n):
        rows.append(y[i])
    for i in range(n):
        rows[i][0] = x[0, 1] * 2.0
    return np.sum(y**2)


@at(X)
def same_array_appended_again_and_again(x, n=3):
    y = x[0] * 1.0
    rows = []
    for i in range(n):
        y += x[i]
        rows.append(y)
    return sum(np.sum(row**2) for row in rows)


@at(X)
def same_array_as_every_entry(x, n=3):
    y = x[0] * 1.0
    rows = [y for _ in range(n)]
    rows[0][1] = x[1, 1]
    return sum(np.sum(row**2) for row in rows)


@at(x3)
def repeated_list_shares_rows(x, n=3):
    rows = [[0.0] * 2] * n
    rows[0][0] = x[0]
    return sum(row[0] ** 2 for row in rows)


@at(x3)
def array_at_the_start_of_a_list_written(x, n=3):
    y = x * 1.0
    rows = [y]
    for _ in range(n):
        rows.append(x * 2.0)
    y[0] = 5.0
    return np.sum(rows[0] ** 2)


@at(x3)
def array_at_the_start_of_a_list_written_as_entry(x, n=3):
    y = x * 1.0
    rows = [y]
    for _ in range(n):
        rows.append(x * 2.0)
    rows[0][0] = 5.0
    return np.sum(y**2)


@at(x3)
def entry_with_another_name_written(x, n=3):
    out = []
    previous = x * 1.0
    s = 0.0
    for i in range(n):
        t = x * x[i]
        if len(out) > 0:
            out[-1][0] = 5.0
        s += previous.sum()
        out.append(t)
        previous = t
    return s


@at(x3)
def array_written_after_it_went_into_a_pair(x, n=3):
    pairs = []
    row = x * 1.0
    for i in range(n):
        pairs.append((row, i))
    row[0] = 3.0
    return np.sum(pairs[0][0])


@at(x3)
def dict_changed_after_it_went_into_a_list(x, n=3):
    rows = []
    row = {"value": x[0]}
    for i in range(n):
        rows.append(row)
    row["value"] = x[1]
    return rows[0]["value"] * x[0]


@at(x3)
def view_that_is_another_in_each_iteration(x, n=3):
    y = x * 1.0
    v = y
    for _ in range(n):
        v = v[::-1]
        v[0] += 0.3 * y[-1]
    return np.sum(y * y * v)

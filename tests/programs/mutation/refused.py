"""Programs that cannot be followed exactly: each is refused, and says so where it matters.

In:  nothing.   Out: `REFUSED`.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

import collections
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Refused:
    """A program, its arguments and the code of the error."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    code: str


REFUSED: list[Refused] = []
x3 = np.array([1.5, 2.0, 0.7])
X = np.arange(6.0).reshape(3, 2)


def refused(code, *args):
    """Collect the program that follows."""

    def register(function):
        REFUSED.append(Refused(function, args, code))
        return function

    return register


@refused("GS130", X, 3)
def rows_in_a_run_time_list(x, n):
    y = x * 1.0
    rows = []
    for i in range(n):
        rows.append(y[i])
    y[1] *= 3.0
    return np.sum(y**2) + np.sum(rows[1] ** 3)


@refused("GS130", X, 3)
def rows_in_a_run_time_list_written(x, n):
    y = x * 1.0
    rows = []
    for i in range(n):
        rows.append(y[i])
    for i in range(n):
        rows[i][0] = x[0, 1] * 2.0
    return np.sum(y**2)


@refused("GS130", X, 3)
def same_array_appended_again_and_again(x, n):
    y = x[0] * 1.0
    rows = []
    for i in range(n):
        y += x[i]
        rows.append(y)
    return sum(np.sum(row**2) for row in rows)


@refused("GS130", X, 3)
def same_array_as_every_entry(x, n):
    y = x[0] * 1.0
    rows = [y for _ in range(n)]
    rows[0][1] = x[1, 1]
    return sum(np.sum(row**2) for row in rows)


@refused("GS130", x3, 3)
def row_appended_before_it_grows(x, n):
    rows = []
    for i in range(n):
        row = []
        rows.append(row)
        row.append(x[i])
        row.append(x[0])
    return sum(rows[0]) + rows[1][0] * rows[-1][1]


@refused("GS130", x3, 3)
def repeated_list_shares_rows(x, n):
    rows = [[0.0] * 2] * n
    rows[0][0] = x[0]
    return sum(row[0] ** 2 for row in rows)


@refused("GS127", x3, 3)
def loop_over_a_list_that_grows(x, n):
    todo = [x[0]]
    s = 0.0
    for v in todo:
        s += v**2
        if len(todo) < n:
            todo.append(v * 2.0)
    return s


@refused("GS127", x3, 3)
def loop_over_a_known_list_that_grows(x, n):
    todo = [x[0], x[1]]
    s = 0.0
    for v in todo:
        s += v**2
        if len(todo) < 4:
            todo.append(x[2])
    return s


@refused("GS130", x3, 3)
def pair_written_at_a_run_time_place(x, n):
    a = x * 1.0
    b = x * 2.0
    pair = [a, b]
    for i in range(n):
        pair[i % 2][0] = x[i]
    return np.sum(a * b)


@refused("GS130", x3, 3)
def array_at_the_start_of_a_list_written(x, n):
    y = x * 1.0
    rows = [y]
    for _ in range(n):
        rows.append(x * 2.0)
    y[0] = 5.0
    return np.sum(rows[0] ** 2)


@refused("GS130", x3, 3)
def array_at_the_start_of_a_list_written_as_entry(x, n):
    y = x * 1.0
    rows = [y]
    for _ in range(n):
        rows.append(x * 2.0)
    rows[0][0] = 5.0
    return np.sum(y**2)


@refused("GS130", x3, 3)
def entry_with_another_name_written(x, n):
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


@refused("GS130", x3, 3)
def appended_array_written_later(x, n):
    rows = []
    for i in range(n):
        r = x * x[i]
        rows.append(r)
        r[0] = 1.0
    return sum(np.sum(r**2) for r in rows)


@refused("GS130", x3)
def run_time_branch_chooses_the_array(x):
    a = x * 1.0
    b = x * 2.0
    if x[0] > 0:
        t = a
    else:
        t = b
    t[0] = x[1]
    return np.sum(a**2) + np.sum(b**3)


@refused("GS202", x3)
def list_times_a_float(x):
    return ([x[0], x[1]] * 2.0)[0]


@refused("GS202", x3)
def lists_compared(x):
    return x[0] if [x[0], x[1]] < [x[1], x[2]] else x[1]


@refused("GS127", x3, 3)
def list_of_dicts_returned(x, n):
    rows = []
    for i in range(n):
        rows.append({"value": x[i]})
    return rows


@refused("GS131", x3, 3)
def array_in_a_pair_in_a_list_written(x, n):
    pairs = []
    for i in range(n):
        pairs.append((x * x[i], i))
    pairs[0][0][1] = 5.0
    return np.sum(pairs[0][0])


@refused("GS130", x3, 3)
def array_written_after_it_went_into_a_pair(x, n):
    pairs = []
    row = x * 1.0
    for i in range(n):
        pairs.append((row, i))
    row[0] = 3.0
    return np.sum(pairs[0][0])


@refused("GS130", x3, 3)
def dict_changed_after_it_went_into_a_list(x, n):
    rows = []
    row = {"value": x[0]}
    for i in range(n):
        rows.append(row)
    row["value"] = x[1]
    return rows[0]["value"] * x[0]


@refused("GS127", x3)
def deque_returned(x):
    found = collections.deque(maxlen=2)
    found.append(x[0])
    return found

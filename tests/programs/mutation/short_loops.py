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
def pair_written_at_a_run_time_place(x, n=3):
    a = x * 1.0
    b = x * 2.0
    pair = [a, b]
    for i in range(n):
        pair[i % 2][0] = x[i]
    return np.sum(a * b)


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


@at(x3)
def view_that_gets_shorter(x, n=2):
    y = x * 1.0
    v = y
    for _ in range(n):
        v = v[1:]
        v *= x[0]
    return np.sum(y**2) + v[0]


@at(x3)
def variables_that_are_one_array_in_turn(x, n=2):
    u = x * 1.0
    v = u
    for _ in range(n):
        u[0] = 2.0 * v[0]
        v = u
        u = u * 1.5
        v[1] = x[2]
    return np.sum(u**2) + np.sum(v**3)


@at(x3)
def one_array_under_two_names_in_turn(x, n=3):
    a = x * 1.0
    b = a
    for _ in range(n):
        b[0] += a[1]
        a = b
        a[1] *= 1.1
        b = a
    return np.sum(a * b)


class Box:
    def __init__(self, held):
        self.held = held


@at(X)
def row_read_after_the_array_was_written(x, n=3):
    x = x * 1.0
    total = 0.0
    row = x[0]
    for i in range(n):
        x *= 1.5
        total += np.sum(row**2)
        row = x[i]
    return total


@at(X)
def row_in_a_tuple(x, n=3):
    x = x * 1.0
    total = 0.0
    pair = (x[0], 1)
    for i in range(n):
        x *= 1.5
        total += np.sum(pair[0] ** 2) * pair[1]
        pair = (x[i], i)
    return total


@at(X)
def row_in_a_dict(x, n=3):
    x = x * 1.0
    total = 0.0
    held = {"row": x[0]}
    for i in range(n):
        x *= 1.5
        total += np.sum(held["row"] ** 2)
        held = {"row": x[i]}
    return total


@at(X)
def row_in_an_object(x, n=3):
    x = x * 1.0
    total = 0.0
    box = Box(x[0])
    for i in range(n):
        x *= 1.5
        total += np.sum(box.held**2)
        box.held = x[i]
    return total


@at(X)
def row_of_the_last_iteration(x, n=3):
    x = x * 1.0
    for i in range(n):
        row = x[i]
    x *= 2.0
    return np.sum(row**2)


@at(X)
def rows_of_the_last_iteration_in_containers(x, n=3):
    x = x * 1.0
    for i in range(n):
        rows, box = [x[i], x[0]], Box((x[i], i))
    x *= 2.0
    return np.sum(rows[0] ** 2) * np.sum(rows[1]) + np.sum(box.held[0])


@at(X)
def row_put_in_an_object_from_outside(x, n=3):
    x = x * 1.0
    box, items = Box(x[0]), [x[0]]
    for i in range(n):
        box.held = items[0] = x[i]
    x *= 2.0
    return np.sum(box.held**2) + np.sum(items[0])


@at(X)
def last_row_written_after_the_loop(x, n=3):
    x = x * 1.0
    for i in range(n):
        row = x[i]
        row *= 0.5
    row += x[0]
    return np.sum(x**2)


@at(X)
def array_written_that_a_tuple_holds(x, n=3):
    total = 0.0
    u = x[0] * 2.0
    pair = (x[1] * 3.0, 1)
    for i in range(n):
        u *= 1.5
        total += np.sum(pair[0] ** 2)
        pair = (u, i)
    return total


@at(X)
def list_changed_by_another_name(x, n=3):
    current, previous = [x[0] * 3.0, x[1]], [x[2] * 1.0, x[1]]
    total = 0.0
    for i in range(n):
        current[0] = current[0] * x[i % 3]
        total += np.sum(previous[0] ** 2)
        previous = current
    return total


@at(X)
def list_grown_by_another_name(x, n=3):
    seen, other = [], [x[0, 0]]
    total = 0.0
    for i in range(n):
        seen.append(x[i % 3, 1])
        total += sum(other) ** 2
        other = seen
    return total


@at(X)
def dict_changed_by_another_name(x, n=3):
    current, previous = {"a": x[0] * 3.0}, {"a": x[1] * 1.0}
    total = 0.0
    for i in range(n):
        current["a"] = current["a"] * x[i % 3]
        total += np.sum(previous["a"] ** 2)
        previous = current
    return total


@at(X)
def object_changed_by_another_name(x, n=3):
    current, previous = Box(x[0] * 3.0), Box(x[1] * 1.0)
    total = 0.0
    for i in range(n):
        current.held = current.held * x[i % 3]
        total += np.sum(previous.held**2)
        previous = current
    return total

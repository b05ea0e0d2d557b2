"""Names that stand for a part of an array, or for one object, which changes from iteration to iteration.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), what only short loops allow (short_loops.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([1.5, 2.0, 0.7])
x6 = np.array([0.5, -0.3, 1.2, 0.8, -1.1, 0.9])
X = np.arange(6.0).reshape(3, 2) + 0.5


class Box:
    def __init__(self, held):
        self.held = held


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


# The array that a variable follows is an entry of a dict or list, too


@at(x3, 4)
@at(x3, 0)
def followed_array_is_an_entry_of_a_dict(x, n):
    state = x * 0.9
    record = {"state": state, "rate": 0.0}
    last, total = state, 0.0
    for i in range(n):
        state[i % 3] *= x[0]
        record["rate"] += x[1]
        total += np.sum(last) * record["rate"]
        last = state
    return total + np.sum(record["state"] ** 2)


@at(x3, 4)
def followed_array_is_an_entry_of_a_list(x, n):
    state = x * 0.9
    record = [state, 0.0]
    last, total = state, 0.0
    for i in range(n):
        last[i % 3] *= x[0]
        record[1] += x[1]
        total += np.sum(record[0]) * record[1]
        last = state
    return total + np.sum(record[0] ** 2)

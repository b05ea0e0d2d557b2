"""Variables that a loop hands on from one to another, so that later iterations may make them one array.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), such loops that are refused (refused.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([1.5, 2.0, 0.7])


@at(x3)
def named_by_the_loop(x, n=3):
    a, b = x * 1.0, np.sin(x)
    p = b
    for _ in range(n):
        a, b = b, b
    p[0] = 0.3
    return np.sum(a**2)


@at(x3)
def named_by_no_iteration(x, n=0):
    a, b = x * 1.0, np.sin(x)
    p = b
    for _ in range(n):
        a, b = b, b
    p[0] = 0.3
    return np.sum(a**2)


@at(x3)
def handed_on_twice(x, n=4):
    w, c, q, p = x * 1.0, x * 2.0, x * 3.0, np.sin(x)
    total = 0.0
    for _ in range(n):
        w[0] = 5.0 * x[1]
        total += np.sum(c**2)
        w, c, q = p, q, p
    return total


@at(x3, 40)
def bound_again_before_it_is_read(x, n):
    u = x * 1.0
    v = u
    for _ in range(n):
        u[0] = 0.6 * v[0]
        v = u
        u = 0.9 * u
        v[1] = 1.0
    return np.sum(u**2) + np.sum(v)


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


@at(x3)
def left_in_its_first_iteration(x, n=3):
    table = np.outer(x, np.sin(x))
    p, q = table[:, 0], table[0]
    for i in range(n):
        if i == 1:
            p[1:] = 0.7 * x[1:]
            break
        p, q = table[1], p
    return np.sum(p**2) + np.sum(q)


@at(x3)
def entry_that_takes_turns_with_a_variable(x, n=4):
    a, b = x * 1.5, np.sin(x)
    pair = {"u": b}
    for i in range(n):
        p = pair["u"]
        a, pair["u"] = pair["u"], a
        pair["u"][0] += 0.4 * np.sin(p[i % 2])
    return np.sum(np.sin(b)) + np.sum(a * pair["u"])


@at(x3)
def list_entry_that_takes_turns_with_a_variable(x, n=4):
    a, b = x * 1.5, np.sin(x)
    held = [b]
    for i in range(n):
        a, held[0] = held[0], a
        held[0][i % 2] *= a[0]
    return np.sum(np.sin(b)) + np.sum(a * held[0])


@at(x3)
def kept_in_a_list_before_it_is_replaced(x):
    y, history = np.sin(x), []
    first = y
    for v in x:
        history.append(y)
        y = np.cos(x) * v
    first[0] = x[1] ** 2
    return np.sum(history[0] ** 2) + np.sum(history[1] * y)


@at(x3)
def kept_in_a_list_and_replaced_at_times(x):
    y, history = np.sin(x), []
    first = y
    for v in x:
        history = [*history, y[1:]]
        y = y if v > 1.0 else x * v
    first[1] = x[1] ** 2
    return history[0][0] * x[0] + np.sum(history[1] * y[1:])


@at(x3)
def one_of_two_that_take_turns_is_kept_in_a_list(x):
    a, b = x * 2.0, np.sin(x)
    history = []
    for _ in x:
        history.append(a)
        a, b = b, a
    a[0] = x[1] ** 2
    return history[0][0] * x[0] + history[1][0] * x[2]


@at(x3)
def kept_in_a_list_and_compared(x):
    y, history = np.sin(x), []
    first = y
    for v in x:
        history.append(y)
        y = y if v > 1.0 else x * v
    return x[0] ** 2 if history[0] is first and first in history and y is not history[0] else x[1]

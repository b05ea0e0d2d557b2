"""Arrays that stand in a list while a loop rebinds their names and puts more into the list.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), what is taken out of lists (taken_out.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x2 = np.array([1.5, 0.7])


@at(x2, 40)
def states_of_a_while_loop(p, n):
    y = p * 1.0
    ys, t = [y], 0.0
    while t < n:
        y = y + 0.1 * p
        t += 1
        ys.append(y)
    return np.sum(np.stack(ys) ** 2)


@at(x2)
def states_until_they_are_small(p):
    x = p
    xs = [x]
    while np.sum(x**2) > 0.1:
        x = x * 0.5
        xs.append(x)
    return np.sum(xs[-1] ** 2) * len(xs)


@at(x2, 30)
def states_of_a_for_loop(p, n):
    y = p * 1.0
    ys = [y]
    for _ in range(n):
        y = y + 0.1 * p * np.sin(y)
        ys.append(y)
    return np.sum(ys[-1] ** 2) + np.sum(ys[n // 2] ** 3)


@at(x2, 10)
def stages_of_a_step(p, n):
    y, k = np.array([1.0, 0.0]), np.zeros((4, 2))
    ys = [y]
    for _ in range(n):
        for i in range(4):
            stage = y.copy()
            stage += 0.1 * k[i - 1]
            k[i] = stage * p
        y = y + 0.2 * k[0] + 0.1 * k[3]
        ys.append(y)
    return np.sum(np.stack(ys) ** 2)


@at(x2, 30)
def copies_in_the_list(p, n):
    y, t = p * 1.0, 0
    ys = [y.copy()]
    while t < n:
        y = y + 0.1 * p
        t += 1
        ys.append(y.copy())
    y *= 2.0
    return np.sum(ys[-1] ** 2) + np.sum(ys[0] * y)


@at(x2, 30)
def the_first_one_is_read_in_the_loop(p, n):
    first = p**2
    ys, t = [first], 0
    while t < n:
        ys.append(0.9 * ys[-1] + first * 0.01)
        t += 1
    return np.sum(ys[-1] * first)


@at(x2, 30)
def put_in_front(p, n):
    y, t = p * 1.0, 0
    ys = [y]
    while t < n:
        y = y * 0.95
        ys.insert(0, y)
        t += 1
    return np.sum(ys[0] * ys[-1]) + np.sum(y**2)


@at(x2, 30)
def replaced_in_the_list(p, n):
    y, t = p * 1.0, 0
    ys = [y, p * 2.0]
    while t < n:
        ys[0] = ys[0] + 0.1 * y
        t += 1
    return np.sum(ys[0] ** 2) + np.sum(y)


@at(x2, 3)
def a_list_that_a_known_branch_replaces(p, n):
    limit, y, other = 0.0, p * 1.0, p * 3.0
    held = [y]
    for _ in range(n):
        y = other
        held[0][1] *= 1.1
        if limit > 20.0:
            held = [other]
    return np.sum(held[-1] ** 2) + np.sum(y)


@at(x2, 3)
def a_dict_that_a_known_branch_replaces(p, n):
    limit, y, other = 0.0, p * 1.0, p * 3.0
    held = {"first": [y]}
    for _ in range(n):
        y = other
        held["first"][0][1] *= 1.1
        if limit > 20.0:
            held = {"first": [other]}
    return np.sum(held["first"][-1] ** 2) + np.sum(y)

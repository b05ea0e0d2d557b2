"""`is` in loops that rebind what it asks about.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_language.py), questions that cannot be answered (refused.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.7, 1.3, 0.4, 0.9])


class Holder:
    def __init__(self, v):
        self.v = v


@at(x4)
def first_array_of_a_loop(x, n=3):
    a = x * 1.0
    q, s = a, 0.0
    for i in range(n):
        if q is a:
            s += x[i]
        if q is not a:
            s += 2.0 * x[i] * a[0]
        a = a * 0.7
    return s + a[0]


@at(x4)
def argument_that_is_replaced(x, n=3):
    q, s = x, 0.0
    for i in range(n):
        if q is x:
            s += x[i]
        q = np.roll(q, 1)
    return s + q[0] * q[1]


@at(x4)
def attribute_that_is_replaced(x, n=3):
    d = x * 1.0
    o, e, s = Holder(d), {"p": d}, 0.0
    for i in range(n):
        if o.v is d:
            s += x[i]
        if e["p"] is d:
            s += x[i] ** 2
        o.v = o.v * 0.7
        if i == 1:
            e["p"] = e["p"] * 0.5
    return s + o.v[0] * e["p"][1]


@at(x4)
def name_of_the_last_iteration(x, n=4):
    a, s = x * 1.0, 0.0
    before = None
    for i in range(n):
        if before is a:
            s += x[i]
        before = a
        if i == 1:
            a = a * 0.5
    return s + a[0]


@at(x4)
def two_names_of_what_an_iteration_made(x, n=3):
    a, b, s = x * 1.0, x * 2.0, 0.0
    p, q = Holder(x[0]), Holder(x[1])
    u, v = [x[0], 1.0], [x[1], 2.0]
    for i in range(n):
        if b is a:
            s += x[i]
        if q is p:
            s += x[i] ** 2
        if u is v:
            s += x[i] ** 3
        b = a = a * 0.5
        q = p = Holder(x[i])
        u = v = [x[i], 2.0]
    return s + b[0] * q.v + u[0]


@at(x4)
def exchanged_arrays(x, n=3):
    a, b = x * 1.0, x * 2.0
    q, s = a, 0.0
    for i in range(n):
        if q is a:
            s += x[i] * a[0]
        a, b = b, a
    return s + a[0]


@at(x4, 40)
def exchanged_arrays_of_a_long_loop(x, n):
    a, b = x * 1.0, x * 2.0
    q, s = a, 0.0
    for i in range(n):
        if q is a:
            s += x[i % 4] * a[0]
        a, b = b, a
    return s + a[0]


@at(x4)
def rebound_in_an_inner_loop(x, n=3):
    a, s = x * 1.0, 0.0
    for _ in range(n):
        q = a
        for j in range(n):
            if q is a:
                s += x[j]
            a = a * 0.5
    return s


@at(x4, 40)
def new_in_each_iteration(x, n):
    a, s = x * 1.0, 0.0
    for _ in range(n):
        b = a * 0.9
        if b is not a:
            s += b[0] * x[1]
        a = b
    return s


@at(x4, 40)
def chosen_in_each_iteration(x, n):
    p, q, s = x * 1.0, x * 2.0, 0.0
    best = None
    for i in range(n):
        b = p if x[i % 4] > 0.5 else q
        if b is p:
            s += x[i % 4] * b[0]
        if best is None or b is not best:
            s += x[0] ** 2
        best = b
    return s


@at(np.array([0.7, -0.4, 1.3]), 0.5)
@at(np.array([0.7, -0.4, 1.3]), 0.9)
def items_of_a_list_that_a_branch_replaces(x, bound):
    y, history = np.sin(x), [x]
    if x[0] > bound:
        history = [x * 2.0]
    first = y
    for v in x:
        history.append(y)
        y = x * v
    return x[0] ** 2 if history[1] is first and history[2] is not first else x[1]


class Held:
    def __init__(self, v):
        self.v = v


@at(np.array([0.7, -0.4, 1.3]), 3)
def object_that_a_recursive_function_hands_on(x, n):
    a, b = Held(x * 1.0), Held(x * 2.0)
    current = a

    def go(m):
        nonlocal current
        if m <= 0:
            return np.sum(current.v**2)
        factor = 2.0 if current is b else x[1]
        current = b
        return factor * go(m - 1)

    return go(n)


@at(np.array([0.7, -0.4, 1.3]), 3)
def objects_that_a_recursive_function_exchanges(x, n):
    a, b = Held(x * 1.0), Held(x * 2.0)

    def go(m, one, other):
        if m <= 0:
            return np.sum(one.v**2)
        return (2.0 if one is b else x[1]) * go(m - 1, other, one)

    return go(n, a, b)

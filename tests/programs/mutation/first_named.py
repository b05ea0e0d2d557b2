"""Names that are bound for the first time inside of a loop, to what later iterations change or replace.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), names that have a value before the loop (handed_on.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.7, 1.3, 0.4, 0.9])


class Held:
    def __init__(self, v):
        self.v = v


@at(x4)
def array_whose_name_is_rebound(x, n=3):
    a = x * 1.0
    for i in range(n):
        a *= 0.5
        if i == 0:
            b = a
        if i == 1:
            a = a * 0.3
    return b[0] * x[1] + a[0]


@at(x4)
def view_of_an_array_whose_name_is_rebound(x, n=3):
    a = x * 1.0
    for i in range(n):
        a *= 0.5
        if i == 0:
            b = a[1:]
        if i == 1:
            a = a * 0.3
    return b[0] * x[1] + a[0]


@at(x4)
def pair_with_an_array_whose_name_is_rebound(x, n=3):
    a = x * 1.0
    for i in range(n):
        a *= 0.5
        if i == 0:
            b = (a, i)
        if i == 1:
            a = a * 0.3
    return b[0][0] * x[1] + a[0]


@at(x4)
def list_with_an_array_whose_name_is_rebound(x, n=3):
    a = x * 1.0
    for i in range(n):
        a *= 0.5
        if i == 0:
            b, c = [a], Held(a)
        if i == 1:
            a = a * 0.3
    return b[0][0] * x[1] + a[0] + c.v[1] * x[2]


@at(x4)
def read_and_written_by_later_iterations(x, n=4):
    a, s = x * 1.0, 0.0
    for i in range(n):
        a *= 0.5
        if i == 0:
            b = a
        s += b[0] * x[i]
        if i == 1:
            a = a * 0.3
        if i == 2:
            b[0] *= x[2]
    return s + a[0] + b[0]


@at(x4)
def bound_at_the_end_of_each_iteration(x, n=4):
    a, s = x * 1.0, 0.0
    for i in range(n):
        a *= 0.5
        if i > 0:
            s += b[0] * x[i]  # noqa: F821
        b = a
        if i == 1:
            a = a * 0.3
    return s + a[0]


@at(x4)
def attribute_that_is_replaced(x, n=3):
    o = Held(x * 1.0)
    for i in range(n):
        o.v *= 0.5
        if i == 0:
            b = o.v
        if i == 1:
            o.v = o.v * 0.3
    return b[0] * x[1] + o.v[0]


@at(x4)
def bound_under_a_condition_of_the_run(x, n=4):
    a = x * 1.0
    for i in range(n):
        a *= 0.5
        if x[i] > 0.5:
            b = a
        if x[i] > 1.0:
            a = a * 0.3
    return b[0] * x[1] + a[0]


@at(x4, 40)
def changed_in_place_by_a_long_loop(x, n):
    a = x * 1.0
    for i in range(n):
        if i == 0:
            b = a
        a *= 0.95
    return b[0] * x[1] + a[0]


@at(x4)
def read_by_a_function_made_in_the_loop(x, n=3):
    a = x * 1.0
    for i in range(n):
        a *= 0.5
        if i == 0:

            def first():
                return a[0]

            b = a
        if i == 1:
            a = a * 0.3
    return first() * b[0]

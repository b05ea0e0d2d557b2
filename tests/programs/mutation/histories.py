"""Objects that a loop changes and then puts into a list: every entry is that one object.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), such loops that are too long (refused.py).
"""

from __future__ import annotations

import copy
from collections import deque

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.7, 1.3, 0.4, 0.9])


class Body:
    def __init__(self, v):
        self.v = v

    def grow(self, by):
        self.v = self.v * by
        return self


@at(x4)
def changed_then_appended(x, n=3):
    b, h = Body(x[0] * 1.0), []
    for _ in range(n):
        b.v = b.v * x[1]
        h.append(b)
    return h[0].v * x[2] + h[1].v


@at(x4, 40)
def new_in_each_iteration(x, n):
    h = []
    for i in range(n):
        b = Body(x[i % 4] * x[0])
        b.v = b.v * x[1]
        h.append(b)
    return h[0].v * x[2] + h[-1].v


@at(x4, 40)
def copied_in_each_iteration(x, n):
    b, h = Body(x[0] * 1.0), []
    for _ in range(n):
        b.v = b.v * x[1] * 0.8
        h.append(copy.copy(b))
    return h[0].v * x[2] + h[1].v


@at(x4)
def a_list_changed_then_appended(x, n=3):
    b, h = [x[0], x[1]], []
    for _ in range(n):
        b[0] += b[1] * x[2]
        h.append(b)
    return h[0][0] * x[2] + h[1][1]


@at(x4)
def a_list_that_grows_then_appended(x, n=3):
    b, h = [], []
    for i in range(n):
        b.append(x[i])
        h.append(b)
    return h[0][0] * x[2] + len(h[0]) * h[1][1]


@at(x4)
def a_dict_changed_then_appended(x, n=3):
    b, h = {"a": x[0], "b": x[1]}, []
    for _ in range(n):
        b["a"] += b["b"] * x[2]
        h.append(b)
    return h[0]["a"] * x[2] + h[1]["b"]


@at(x4)
def appended_in_a_pair(x, n=3):
    b, h = Body(x[0] * 1.0), []
    for i in range(n):
        h.append((i, b.grow(x[1])))
    return h[0][1].v * x[2] + h[1][1].v


@at(x4)
def appended_in_an_object(x, n=3):
    b, h = [x[0], x[1]], []
    for _ in range(n):
        b[0] = b[0] * x[1]
        h.append(Body(b))
    return h[0].v[0] * x[2] + h[1].v[1]


@at(x4)
def appended_with_what_holds_it(x, n=3):
    inner = Body(x[0] * 1.0)
    outer, h = Body(inner), []
    for _ in range(n):
        inner.v = inner.v * x[1]
        h.append(outer)
    return h[0].v.v * x[2] + h[1].v.v


@at(x4)
def extended_inserted_and_added(x, n=3):
    b, h, front, both = Body(x[0] * 1.0), [], [], deque()
    for _ in range(n):
        b.v = b.v * x[1]
        h += [b]
        front.insert(0, b)
        both.extend([b, b])
    return h[0].v * x[2] + front[2].v * x[3] + both[1].v


@at(x4)
def stored_in_a_dict_by_number(x, n=3):
    b, h = Body(x[0] * 1.0), {}
    for i in range(n):
        b.v = b.v * x[1]
        h[i] = b
    return h[0].v * x[2] + h[2].v


@at(x4)
def stored_in_a_list(x, n=3):
    b = [x[0], x[1]]
    h = [[0.0, 0.0] for _ in range(n)]
    for i in range(n):
        b[0] = b[0] * x[1]
        h[i] = b
    return h[0][0] * x[2] + h[1][1]


@at(x4)
def appended_to_a_list_of_an_object(x, n=3):
    b, o = Body(x[0] * 1.0), Body([])
    for _ in range(n):
        b.v = b.v * x[1]
        o.v.append(b)
    return o.v[0].v * x[2] + o.v[1].v


@at(x4)
def yielded_after_a_change(x, n=3):
    def steps():
        b = Body(x[0] * 1.0)
        for _ in range(n):
            b.v = b.v * x[1]
            yield b

    h = list(steps())
    return h[0].v * x[2] + h[1].v


@at(x4)
def returned_into_a_comprehension(x, n=3):
    b, c = Body(x[0] * 1.0), [x[0], x[1]]

    def grown():
        c[0] = c[0] * x[1]
        return c

    h, g = [b.grow(x[1]) for _ in range(n)], [grown() for _ in range(n)]
    return h[0].v * x[2] + h[1].v + g[0][0] * x[3]


@at(x4)
def read_while_it_grows(x, n=3):
    b, h, s = Body(x[0] * 1.0), [], 0.0
    for _ in range(n):
        b.v = b.v * x[1]
        h.append(b)
        s += h[0].v * x[2]
    return s


@at(x4)
def new_for_an_inner_loop(x, n=3):
    h = []
    for i in range(n):
        b = Body(x[i] * 1.0)
        for _ in range(n):
            b.v = b.v * x[1]
            h.append(b)
    return h[0].v * x[2] + h[n].v


@at(x4)
def one_list_into_another(x, n=3):
    b, h, g = Body(x[0] * 1.0), [], []
    for _ in range(n):
        b.v = b.v * x[1]
        h.append(b)
        g.append(h)
    return g[0][0].v * x[2] + g[1][2].v


@at(x4)
def one_of_two_appended(x, n=3):
    b, c, h = Body(x[0] * 1.0), Body(x[1] * 1.0), []
    for i in range(n):
        b.v = b.v * x[1]
        c.v = c.v * b.v
        h.append(b if i % 2 == 0 else c)
    return h[0].v * x[2] + h[1].v


@at(x4)
def appended_to_buckets(x, n=3):
    b, t = Body(x[0] * 1.0), [[] for _ in range(n)]
    for i in range(n):
        b.v = b.v * x[1]
        t[i % 2].append(b)
    return t[0][0].v * x[2] + t[0][1].v


@at(x4, 40)
def taken_from_one_list_and_put_into_another(x, n):
    stack, out = [], []
    for i in range(n):
        stack.append(Body(x[i % 4] * x[0]))
    while len(stack) > 1:
        out.append(stack.pop())
    return out[0].v * x[2] + out[1].v


@at(x4)
def repeated_in_place_then_changed(x, n=3):
    b = Body(x[0] * 1.0)
    h = [b for _ in range(n)]
    h.reverse()
    b.v = b.v * x[1]
    return h[0].v * x[2]

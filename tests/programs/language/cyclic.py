"""Objects that hold themselves or one another: trees with parents, rings, lists in themselves.

In:  nothing.   Out: `PROGRAMS`.
"""

from __future__ import annotations

import copy

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([0.7, 1.3, 0.4])


class Looped:
    def __init__(self, v):
        self.v = v
        self.me = self
        self.links = []


class Linked:
    def __init__(self, v):
        self.v = v
        self.nxt = None
        self.prev = None

    def append(self, m):
        self.nxt = m
        m.prev = self
        return m


class Family:
    def __init__(self, v, parent=None):
        self.v = v
        self.parent = parent
        self.kids = []

    def add(self, k):
        k.parent = self
        self.kids.append(k)
        return k


def total(n):
    return n.v + sum(total(k) for k in n.kids)


def count(n, k):
    return n.v if k == 0 else n.me.v * count(n.me, k - 1)


def helper(n, k):
    return n.v * k


@at(x3)
def deepcopy_self(x):
    n = Looped(x[0])
    m = copy.deepcopy(n)
    m.v = m.v * x[1]
    return m.me.v + n.me.v * (m.me is m)


@at(x3)
def copy_self(x):
    n = Looped(x[0])
    m = copy.copy(n)
    m.v = m.v * x[1]
    return m.me.v + m.v


@at(x3)
def deepcopy_list_self(x):
    L = [x[0]]
    L.append(L)
    M = copy.deepcopy(L)
    M[0] = x[1]
    return M[1][0] * L[1][0]


@at(x3)
def deepcopy_cycle(x):
    a, b = Family(x[0]), Family(x[1])
    a.add(b)
    b.kids.append(a)
    c = copy.deepcopy(a)
    c.kids[0].v = x[2] * 3
    return c.kids[0].kids[0].v * c.kids[0].v + b.v


@at(x3)
def deepcopy_shared(x):
    a = Family(x * 1)
    d = {"a": a.v, "b": a, "c": [a, a.v]}
    e = copy.deepcopy(d)
    e["a"][0] = 7.0 * x[1]
    return np.sum(e["b"].v * x) + np.sum(a.v) + np.sum(e["c"][1])


@at(x3)
def parent_loop(x):
    r = Family(x[0])
    for k in range(3):
        r = r.add(Family(x[k]))
    s = 0.0
    while r is not None:
        s = s * 2 + r.v
        r = r.parent
    return s


@at(x3)
def parent_unrolled(x):
    r = Family(x[0])
    root = r
    for v in (x[0], x[1], x[2]):
        r = r.add(Family(v))
    s = 0.0
    while r is not None:
        s = s * 2 + r.v
        r = r.parent
    return s + root.kids[0].v


@at(x3)
def recursion_cyclic(x):
    r = Family(x[0])
    r.add(Family(x[1]))
    r.kids[0].add(Family(x[2]))
    return total(r) * x[0]


@at(x3)
def recursion_cyclic_rec(x):
    def depth(n):
        return 0 if n.parent is None else 1 + depth(n.parent)

    r = Family(x[0])
    a = r.add(Family(x[1]))
    b = a.add(Family(x[2]))
    return depth(b) * b.v * total(r)


@at(x3)
def recursion_self(x):
    return count(Looped(x[0]), 3) * x[1]


@at(x3)
def branch_merge(x):
    n = Looped(x[0])
    if x[1] > 1:
        n.me.v = x[2]
    return n.v * x[0]


@at(x3)
def branch_choose(x):
    a, b = Looped(x[0]), Looped(x[1])
    n = a if x[2] > 0.3 else b
    n.me.v = n.v * 3
    return a.v + 2 * b.v


@at(x3)
def loop_rt(x):
    n = Looped(x[0])
    k = 0.0
    while k < x[1] * 3:
        n.me.v = n.v * x[2] + k
        k += 1
    return n.v


@at(x3)
def loop_arr(x):
    n = Looped(x * 1)
    for i in range(len(x)):
        n.me.v[i] = n.me.v[0] * x[i]
    return np.sum(n.v * x)


@at(x3)
def linked(x):
    h = Linked(x[0])
    t = h
    for v in (x[1], x[2]):
        t = t.append(Linked(v))
    s = 0.0
    n = t
    while n is not None:
        s = s * 3 + n.v
        n = n.prev
    return s + h.nxt.nxt.prev.v


@at(x3)
def linked_ring(x):
    a, b, c = Linked(x[0]), Linked(x[1]), Linked(x[2])
    a.append(b).append(c).append(a)
    n, s = a, 0.0
    for _ in range(5):
        s = s * 2 + n.v
        n = n.nxt
    return s


@at(x3)
def among(x):
    n = Looped(x[0])
    n.links.append(n)
    return x[1] if n in n.links else x[2]


@at(x3)
def helper_in_loop(x):
    n = Looped(x[0])
    s = 0.0
    for i in range(len(x)):
        s = s + helper(n, x[i]) * n.me.v
    return s


@at(x3)
def comp(x):
    n = Looped(x[0])
    return sum([helper(n.me, v) for v in x])


@at(x3)
def list_self(x):
    L = [x[0], x[1]]
    L.append(L)
    L[2][2][0] = x[2]
    return L[0] * L[1]


@at(x3)
def dict_self(x):
    d = {"a": x[0]}
    d["me"] = d
    d["me"]["me"]["a"] += x[1]
    return d["a"] ** 2


@at(x3)
def list_self_loop(x):
    L = [x[0], x[1]]
    L.append(L)
    for i in range(len(x)):
        L[2][0] = L[0] * x[i]
    return L[0] * L[1]


@at(x3)
def objs_loop(x):
    ns = [Looped(v) for v in x]
    s = 0.0
    for n in ns:
        s += n.me.v**2
    return s


@at(x3)
def return_self(x):
    def f(v):
        n = Looped(v)
        return n.me

    return f(x[0]).me.v * x[1]


@at(x3)
def rec_build(x):
    def make(k, parent):
        n = Linked(x[k])
        n.prev = parent
        if k + 1 < 3:
            n.nxt = make(k + 1, n)
        return n

    r = make(0, None)
    return r.nxt.nxt.prev.v * r.v


@at(x3)
def mergesame(x):
    n = Looped(x[0])
    m = Looped(x[1])
    if x[2] > 0.3:
        n.links.append(m)
        m.links.append(n)
    else:
        n.links.append(n)
        m.links.append(m)
    return n.links[0].links[0].v * n.v


@at(x3)
def doubling(x):
    ms = [Linked(x[i]) for i in range(3)]
    for i in range(3):
        ms[i].nxt = ms[(i + 1) % 3]
        ms[i].prev = ms[i - 1]
    for m in ms:
        m.v = m.nxt.v + m.prev.v * x[0]
    return ms[0].v * ms[1].v * ms[2].v


@at(x3)
def nested_fn(x):
    n = Looped(x[0])

    def bump(k):
        n.me.v = n.v * k
        if k > 1:
            return n
        return n.me

    return bump(x[1]).v * bump(x[0]).v

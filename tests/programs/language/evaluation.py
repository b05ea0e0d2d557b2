"""The order in which Python evaluates: operators, calls, displays, stores, decorators.

In:  nothing.   Out: `PROGRAMS`.
Not here: `op=` (augmented.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([0.7, 1.3, 0.4])


class Box:
    def __init__(self, v):
        self.v = v


@at(x3)
def display(x):
    n = x[0]

    def g():
        nonlocal n
        n = n * x[1] + 1
        return x[2]

    r = [n, g(), n]
    return r[0] + 2 * r[1] * r[2]


@at(x3)
def dict_key_order(x):
    n = 0

    def k():
        nonlocal n
        n = n + 1
        return n

    def v():
        nonlocal n
        n = n * 10
        return x[0] * n

    r = {k(): v(), k(): v()}
    return sum(a * b for a, b in r.items()) * x[1]


@at(x3)
def call_args(x):
    n = x[0]

    def g():
        nonlocal n
        n = n * x[1] + 1
        return x[2]

    f = lambda a, b, c: a + 2 * b * c
    return f(n, g(), n)


@at(x3)
def call_kw(x):
    n = x[0]

    def g():
        nonlocal n
        n = n * x[1] + 1
        return x[2]

    f = lambda a, b, c: a + 2 * b * c
    return f(c=n, b=g(), a=n)


@at(x3)
def walrus(x):
    n = x[0]
    return n * (n := n + 1) * n


@at(x3)
def walrus_array(x):
    a = x * 1
    return np.sum(a * (a := a + 1) * a)


@at(x3)
def cmp_chain(x):
    n = x[0]
    c = 0

    def g():
        nonlocal n, c
        n = n - 2
        c += 1
        return n

    r = n > g() > g()
    return x[1] * c + (x[2] if r else 0.0) + n


@at(x3)
def cmp_chain_short(x):
    c = 0

    def g(v):
        nonlocal c
        c = c + 1
        return v

    r = g(x[0]) < g(-5.0) < g(x[1])
    return x[1] * c + (x[2] if r else 0.0)


@at(x3)
def ifexp(x):
    n = x[0]

    def g():
        nonlocal n
        n = n * 3
        return n

    return (n if g() > 1 else x[1]) + n


@at(x3)
def store_order(x):
    L = [x[0], x[1]]
    M = L

    def g():
        nonlocal L
        L = [x[2], x[2]]
        return x[1] * 3

    L[0] = g()
    return L[0] + 2 * L[1] + 3 * M[0]


@at(x3)
def store_index_order(x):
    L = [x[0], x[1]]
    i = 0

    def g():
        nonlocal i
        i = 1
        return x[1] * 3

    L[i] = g()
    return L[0] + 2 * L[1]


@at(x3)
def multi_target(x):
    log = []

    def t(a, v):
        log.append(a)
        return v

    L = [x[0], x[1], x[2]]
    t(1, L)[0] = t(2, L)[1] = t(3, x[2] * 2)
    return sum((k + 1) * v for k, v in enumerate(log)) * x[0] + L[0] * L[1]


@at(x3)
def multi_target_i(x):
    L = [x[0], x[1], x[2]]
    i = 0
    i = L[i] = 2
    return L[0] + L[1] * 3 + L[2] * 7


@at(x3)
def tuple_target(x):
    L = [x[0], x[1], x[2]]
    i = 0
    i, L[i] = 1, x[2] * 5
    return L[0] + L[1] * 3 + L[2] * 7


@at(x3)
def arr_elem_bin(x):
    a = x * 1

    def g():
        a[0] = x[1] * 9
        return x[2]

    return a[0] + g() * a[0]


@at(x3)
def sub_order(x):
    a = x * 1
    i = 0

    def g():
        nonlocal i
        i = 2
        return 1

    return a[i + g() + i - 2] * a[i]


@at(x3)
def method_load(x):
    b = Box(x[0])
    b.f = lambda v: v * 2

    def g():
        b.f = lambda v: v * 5
        return x[1]

    return b.f(g()) + b.f(x[2])


@at(x3)
def callee_load(x):
    f = lambda v: v * 2

    def g():
        nonlocal f
        f = lambda v: v * 5
        return x[1]

    return f(g()) + f(x[2])


@at(x3)
def starred_call(x):
    L = [x[0]]

    def g():
        L.append(x[1])
        return x[2]

    def f(*a):
        return sum((k + 1) * v for k, v in enumerate(a))

    return f(*L, g(), *L)


@at(x3)
def starred(x):
    L = [x[0]]

    def g():
        L.append(x[1])
        return x[2]

    M = [*L, g(), *L]
    return sum((k + 1) * v for k, v in enumerate(M))


@at(x3)
def starkw(x):
    log = []

    def f(v):
        log.append(v)
        return v

    def g(a, b):
        return a * b * b

    r = g(b=f(1.0), *[f(2.0)])
    return r * x[0] + log[0] * x[1] + log[1] * x[2]


@at(x3)
def starkw2(x):
    log = []

    def f(v):
        log.append(v)
        return v

    def g(*a, **k):
        return sum(a) + sum(k.values())

    r = g(f(1.0), b=f(2.0), *[f(3.0), f(4.0)], c=f(5.0), **{"d": f(6.0)})
    return r * x[0] + sum((k + 1) * v for k, v in enumerate(log)) * x[1]


@at(x3)
def starkw3(x):
    log = []

    def f(v):
        log.append(v)
        return v

    def g(*a, **k):
        return sum(a) + sum(k.values())

    r = g(b=f(2.0), *[f(3.0), f(4.0)], *[f(7.0)], c=f(5.0), **{"d": f(6.0)})
    return r * x[0] + sum((k + 1) * v for k, v in enumerate(log)) * x[1]


@at(x3)
def decorators(x):
    log = []

    def f(v):
        log.append(v)
        return v

    def d(k):
        log.append(k * 10)

        def deco(fn):
            log.append(k * 100)
            return lambda v: fn(v) + k * x[1]

        return deco

    @d(f(1.0))
    @d(f(2.0))
    def h(v, w=f(3.0)):
        return v * w

    return h(x[0]) + sum((k + 1) * v for k, v in enumerate(log)) * x[2]


@at(x3)
def default_order(x):
    log = []

    def f(v):
        log.append(v)
        return v

    def h(a, b=f(1.0), *, c=f(2.0), d=f(3.0)):
        return a * b * c * d

    return h(x[0]) + sum((k + 1) * v for k, v in enumerate(log)) * x[2]


# What happens only where it is needed


class Counted:
    def __init__(self, v):
        self.v, self.n = v, 0

    def __lt__(self, other):
        self.n += 1
        return self.v < other

    def __gt__(self, other):
        self.n += 2
        return self.v > other

    def __bool__(self):
        self.n += 4
        return True

    def __contains__(self, other):
        self.n += 8
        return self.v == other


@at(x3, 0)
@at(x3, 3)
def comparisons_of_objects_behind_and(x, n):
    c = Counted(x[0])
    ok = n > 1 and c < 2.0
    other = n > 2 or c > 0.1
    held = n > 1 and 1.0 in c
    truth = n > 1 and not c
    return x[1] * (c.n + 1) + ok + 2 * other + 4 * held + 8 * truth


@at(x3, 0)
@at(x3, 2)
@at(x3, 5)
def comparisons_of_objects_in_a_chain(x, n):
    c = Counted(3.0)
    ok = 1 < n < c
    return x[1] * (c.n + 1) + ok


@at(x3, 2)
def messages_that_are_never_seen(x, n):
    k, items, table = 1, [x[0], x[1]], {"a": x[2]}
    assert n >= 0, (k := 2)
    assert n >= 0, f"{items.pop()}"
    assert n >= 1, items.append(2.0 * x[0])
    assert n >= 1, table.setdefault("b", 1.0)
    return k * x[0] + sum(items) * len(items) + len(table) * table["a"]

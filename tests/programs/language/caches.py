"""Functions with a cache, and what they refuse; attributes that are found or missing; managers made inside.

In:  nothing.   Out: `PROGRAMS`; more of `REFUSED`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections import namedtuple

import numpy as np

from tests.programs.idioms import Idiom, collecting
from tests.programs.language.refused import refused

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([0.7, 1.3, 0.4])


@functools.lru_cache(maxsize=None)
def cn(v, k=1):
    return v * k


@functools.lru_cache(maxsize=0)
def zero(v):
    return [v]


@functools.cache
def ob(b):
    return b.v


class Bx:
    def __init__(self, v):
        self.v = v

    @functools.lru_cache(maxsize=None)
    def m(self, k):
        return self.v * k

    @functools.cached_property
    def c(self):
        return self.v * 2


@dataclasses.dataclass(frozen=True)
class Fr:
    v: float

    @functools.lru_cache(maxsize=None)
    def m(self, k):
        return self.v * k


class Perm:
    def __init__(self):
        self.v = 2.0

    def __getattr__(self, n):
        return 3.0


class PermCall:
    def __getattr__(self, n):
        return lambda *a: 3.0


class K:
    def __init__(self, v):
        self.v = v


class E1(Exception):
    def __init__(self, code):
        super().__init__("msg")
        self.code = code


PERM = Perm()
PERMC = PermCall()


@at(x3)
def cache_of_no_size(x):
    a, b = zero(1), zero(1)
    a.append(2)
    return len(b) * x[0]


@at(x3)
def local(x):
    n = 0

    @functools.lru_cache(maxsize=1)
    def f(k):
        nonlocal n
        n += 1
        return x[k]

    r = f(0) + f(1) * 2 + f(0) * 3
    return r * n


@at(x3)
def local_none(x):
    n = 0

    @functools.cache
    def f(k):
        nonlocal n
        n += 1
        return x[k]

    r = f(0) + f(1) * 2 + f(0) * 3
    return r * n


@at(x3)
def local_float(x):
    n = 0

    @functools.cache
    def f(k):
        nonlocal n
        n += 1
        return x[0] * k

    r = f(1) + f(1.0) + f(True)
    return r * n


@at(x3)
def fib(x):
    @functools.cache
    def fib(k):
        return x[k] if k < 2 else fib(k - 1) + fib(k - 2) * x[0]

    return fib(8)


@at(x3)
def obj(x):
    b = Bx(x[0])
    return ob(b) * ob(b)


@at(x3)
def meth(x):
    b = Bx(x[0])
    r = b.m(2)
    b.v = x[1]
    return r * b.m(2)


@at(x3)
def meth_two(x):
    a, b = Bx(x[0]), Bx(x[1])
    return a.m(2) * b.m(2) * a.m(3)


@at(x3)
def frozen(x):
    f = Fr(x[0])
    s = 0.0
    for i in range(len(x)):
        s += f.m(2) * x[i]
    return s


@at(x3)
def tuple_given(x):
    return cn((1.0, 2.0), 1)[0] * x[0]


@at(x3)
def cm(x):
    @contextlib.contextmanager
    def scaled(k):
        yield k * 2

    with scaled(x[0]) as s:
        return s * x[1]


@at(x3)
def perm(x):
    return PERM.w * x[0]


@at(x3)
def perm_v(x):
    return PERM.v * x[0]


@at(x3)
def permc(x):
    return PERMC.foo(1) * x[0]


@at(x3)
def noattr_try(x):
    k = K(x[0])
    try:
        return k.w
    except AttributeError:
        return k.v * 3


@refused("GS141", x3)
def arr(x):
    return np.sum(cn(x, 2.0))


@refused("GS141", x3)
def list_given(x):
    return sum(cn([x[0]], 2))


@refused("GS141", x3)
def local_arr(x):
    @functools.cache
    def f(v):
        return np.sum(v)

    return f(x)


@refused("GS127", x3)
def local_rt(x):
    n = 0

    @functools.cache
    def f(v):
        nonlocal n
        n += 1
        return v * v

    return (f(x[0]) + f(x[1]) + f(x[0])) * n


@refused("GS127", x3)
def meth_loop(x):
    b = Bx(x[0])
    s = 0.0
    for i in range(len(x)):
        s += b.m(2) * x[i]
    return s


@refused("GS110", x3)
def local_clear(x):
    n = 0

    @functools.cache
    def f(k):
        nonlocal n
        n += 1
        return x[k]

    r = f(0)
    f.cache_clear()
    r += f(0)
    return r * n


@refused("GS110", x3)
def info(x):
    cn.cache_clear()
    cn(2.0, 1)
    cn(2.0, 1)
    return cn.cache_info().hits * x[0]


@refused("GS110", x3)
def nt(x):
    Pt = namedtuple("Pt", "a b")
    p = Pt(x[0], x[1])
    return p.a * p.b


@refused("GS110", x3)
def mkdc(x):
    import dataclasses

    C = dataclasses.make_dataclass("C", ["a"])
    return C(x[0]).a


@refused("GS110", x3)
def type3(x):
    C = type("C", (), {"a": 1.0})
    return C().a * x[0]


@refused("GS205", x3)
def eargs(x):
    try:
        if x[0] > 0:
            raise ValueError("bad", 3)
    except ValueError as e:
        return x[0] * len(e.args)
    return x[1]


@refused("GS205", x3)
def eargs0(x):
    try:
        if x[0] > 0:
            raise ValueError(x[1])
    except ValueError as e:
        return x[0] * e.args[0]
    return x[1]


@refused("GS205", x3)
def ecode(x):
    try:
        if x[0] > 0:
            raise E1(3)
    except E1 as e:
        return x[0] * e.code
    return x[1]


@refused("GS205", x3)
def noattr_meth(x):
    return K(x[0]).run()


@functools.cache
def table(n):
    return np.ones(n)


@at(x3, 3, 3)
def results_that_are_only_read(x, n, m):
    a, b = table(n), table(m)
    c = a.copy()
    c[0] = x[0]
    return np.sum(a * x) * np.sum(b * c) + x[1]


@at(x3, 3)
def results_of_a_cache_that_is_made_inside(x, n):
    weights = np.cumsum(x)

    @functools.cache
    def scaled(k):
        return [weights[j] * k for j in range(3)]

    known = scaled(2)
    known.append(x[0])
    total = scaled(2)[3]
    for i in range(n):
        total = total + weights[i]
    return total * len(known)


@at(x3, 9)
def results_in_a_loop(x, n):
    weights = np.cumsum(x)

    @functools.cache
    def scaled(k):
        return sum([weights[j] * k for j in range(3)])

    total = 0.0
    for j in range(n):
        total = total + scaled(j % 2) * j
    return total


@refused("GS127", x3, 3, 3)
def result_of_a_cache_is_changed(x, n, m):
    a, b = table(n), table(m)
    a[0] = x[0]
    return b[0] * x[1]


@refused("GS127", x3, 3, 3)
def results_of_a_cache_are_compared(x, n, m):
    return x[0] if table(n) is table(m) else x[1]


@refused("GS127", x3, 3, 3)
def result_was_changed_before(x, n, m):
    @functools.cache
    def made(k):
        return np.zeros(k)

    a = made(n)
    a[0] = x[0]
    return made(m)[0] * x[1]


@refused("GS127", x3, 5)
def result_is_changed_in_a_loop(x, n):
    @functools.cache
    def made(k):
        return [1.0 * k]

    total = 0.0
    for i in range(n):
        row = made(i % 2)
        row[0] = row[0] + x[i % 3]
        total = total + row[0]
    return total


@refused("GS127", x3, 3, 3)
def cache_beside_a_list_that_changes(x, n, m):
    factor = [1.0]

    @functools.cache
    def scaled(k):
        return factor[0] * k

    a = scaled(n)
    factor[0] = x[0]
    return a + scaled(m) * x[1]


@refused("GS127", x3, 3)
def cache_beside_a_variable_that_a_loop_changes(x, n):
    factor = 1.0

    @functools.cache
    def scaled(k):
        return factor * k

    total = 0.0
    for i in range(n):
        total = total + scaled(i // 2)
        factor = factor + x[0]
    return total

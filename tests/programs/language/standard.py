"""Small functions of the standard library, `:=` in comprehensions, functions that loops make anew.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_language.py).
"""

from __future__ import annotations

import collections
import contextlib
import copy
import dataclasses
import functools
import math
import operator
import typing

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.7, 1.3, -0.4, 2.1])


@dataclasses.dataclass
class P:
    a: float
    b: float


def gen(x):
    for v in x:
        if v < -1:
            return
        yield v
        yield v * 2
    yield from (x[0], x[1] ** 2)


@at(x4)
def is_integer(x):
    half = len(x) / 2
    return x[0] ** 2 if half.is_integer() else x[1]


@at(x4)
def dist(x):
    return math.dist(x[:2], x[2:]) + math.dist((x[0], x[1]), [1.0, 2.0])


@at(x4)
def hypot(x):
    return math.hypot(x[0], x[1], x[2]) + math.hypot(*x)


@at(x4)
def attributes_of_an_object(x):
    p = P(x[0], x[1])
    return sum(v**2 for v in vars(p).values())


@at(x4)
def bit_length(x):
    n = len(x)
    return x[n.bit_length()] ** 2


@at(x4)
def ops(x):
    g = operator.itemgetter(0, 2)
    a, b = g(x)
    return operator.add(operator.mul(a, b), operator.truediv(a, 3)) + operator.pow(b, 2) - operator.neg(a)


@at(x4)
def methodcaller(x):
    f = operator.methodcaller("sum")
    g = operator.methodcaller("reshape", 2, 2)
    return f(x) ** 2 + g(x)[0, 1]


@at(x4)
def reduce(x):
    return (
        functools.reduce(operator.mul, x)
        + functools.reduce(operator.add, [x, x**2]).sum()
        + functools.reduce(lambda a, b: a * 0.5 + b, x, 1.0)
    )


@at(x4)
def nullcontext(x):
    with contextlib.nullcontext():
        y = x * 2
    with contextlib.nullcontext(x) as z:
        w = z**2
    return np.sum(y * w)


@at(x4)
def cast(x):
    y = typing.cast(np.ndarray, x * 2)
    return np.sum(y**2)


@at(x4)
def walrus_comp(x):
    return sum(y * y for v in x if (y := v * 2) > 0)


@at(x4)
def walrus_comp2(x):
    t = 0.0
    r = [t := t * 0.5 + v for v in x]
    return r[-1] * t


@at(x4)
def bound_outside(x):
    t = 0.0

    def add(v):
        nonlocal t
        t += v * v

    for v in x:
        add(v)
    return t


@at(x4)
def generated(x):
    return sum(v**2 for v in gen(x))


@at(x4)
def dd_rt(x):
    d = collections.defaultdict(float)
    for i, v in enumerate(x):
        d[i % 2] += v**2
    return d[0] * d[1]


@at(x4)
def dd_list(x):
    d = collections.defaultdict(list)
    for i, v in enumerate(x):
        d[i % 2].append(v)
    return sum(d[0]) * sum(d[1])


@at(x4)
def dict_comp(x):
    d = {i: v**2 for i, v in enumerate(x)}
    return d[0] * d[3]


@at(x4)
def closure_loop(x):
    fs = []
    for i in range(3):
        fs.append(lambda z: z * x[i])
    return sum(f(2.0) for f in fs)


@at(x4)
def closure_loop_default(x):
    fs = []
    for i in range(3):
        fs.append(lambda z, i=i: z * x[i])
    return sum(f(2.0) for f in fs)


@at(x4)
def def_in_loop(x):
    s = 0.0
    for v in x:

        def f(z):
            return z * v + v**2

        s += f(1.5)
    return s


@at(x4)
def def_in_loop_rt(x):
    s = 0.0
    n = len(x)
    for i in range(n):
        w = x[i]
        f = lambda z: np.sin(w * z)
        s += f(2.0) * f(x[0])
    return s


class Held:
    def __init__(self, w):
        self.w = w
        self.pair = [w, w]
        self.table = {"a": w}
        self.name = "held"


class Apart:
    def __init__(self):
        self.w, self.v, self.name = np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4), "apart"


OUTER = Apart()


@at(x4)
def copies_of_arrays(x):
    y, z = copy.copy(x), copy.deepcopy(x.T)
    y[0] = x[1] ** 2
    z *= y
    return np.sum(y * x) + np.sum(z)


@at(x4)
def copies_of_objects(x):
    one = Held(x.copy())
    other = copy.copy(one)
    other.w[0] = 5.0
    other.pair.append(x**3)
    other.w = x * 2.0
    whole = copy.deepcopy(one)
    whole.w[1] = x[0]
    whole.pair[0][2] = 7.0
    return np.sum(one.w * other.w) * len(one.pair) + np.sum(whole.table["a"] * one.table["a"] * x)


@at(x4)
def copies_of_what_is_outside(x):
    inner = copy.deepcopy(OUTER)
    inner.w[0] = x[0]
    inner.name = "inner"
    return np.sum((inner.w + inner.v) * x) * len(inner.name) + np.sum(OUTER.w * x)


@at(x4)
def copies_of_containers(x):
    pair = (x.copy(), [x[0]])
    deep, shallow = copy.deepcopy(pair), copy.copy(pair)
    deep[0][0] = 4.0
    deep[1].append(x[1])
    shallow[0][1] = x[2] ** 2
    history = []
    for k in range(3):
        history.append(x * k)
    again = copy.deepcopy(history)
    again[0] = x**2
    return np.sum(pair[0] * deep[0]) + sum(deep[1]) * len(pair[1]) + np.sum(history[0] + again[0] * again[2])


@at(x4)
@at(-x4)
def copies_of_what_may_be_none(x):
    found = x * 2.0 if x[0] > 0 else None
    one, other = copy.copy(found), copy.deepcopy([found])
    if one is not None:
        one[0] = 5.0
    total = 0.0 if found is None else np.sum(found * x)
    return total + (np.sum(x) if other[0] is None else np.sum(other[0] * x))


@at(x4)
def copies_in_loops(x):
    y = x
    for k in range(int(x[3]) + 2):
        before = copy.copy(y) if k % 2 else copy.deepcopy(y)
        y = y * x
        y[0] = before[1]
    return np.sum(y)


@at(x4)
def arrays_that_are_copied_or_not(x):
    y = x * 2.0
    same = np.array(y, dtype=np.float64, copy=False)
    same[0] = 5.0
    needed, always = np.array(y, copy=None), np.asarray(y, copy=True)
    needed[1] = x[0]
    always[2] = 7.0
    try:
        pair = np.array([x[0], x[1]], copy=False)
    except ValueError:
        pair = np.array([x[2], x[3]], copy=None)
    return np.sum(y * same) + np.sum(always * x) + pair[0] * pair[1]

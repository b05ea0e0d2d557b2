"""Further programs: what is lowered computes exactly what the function computes."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace

import numpy as np
import pytest

from tests.frontend.lowered import assert_same

rng = np.random.default_rng(1)


def nbody(pos, vel, mass, dt, steps):
    pos, vel = pos.copy(), vel.copy()
    n = len(mass)
    for _ in range(steps):
        acc = np.zeros_like(pos)
        for i in range(n):
            for j in range(n):
                if i != j:
                    d = pos[j] - pos[i]
                    acc[i] += mass[j] * d / (np.sum(d**2) + 0.01) ** 1.5
        vel += dt * acc
        pos += dt * vel
    return pos


def mask(x):
    y = x.copy()
    y[y < 0] = 0.0
    y[x > 1] *= 2.0
    y[..., -1] += 3.0
    return y[y > 0.5].sum() + np.where(x > 0, x, 0).sum()


def walrus_while(x):
    s = 0.0
    while (x := x * 0.5) > 0.1:
        s += x
    return s


def pops(x, n):
    st = [x]
    for i in range(n):
        st.append(st[-1] * 2.0)
    s = 0.0
    while len(st) > 0:
        s = s * 0.5 + st.pop()
    return s


@dataclass
class State:
    u: object
    t: float = 0.0

    def step(self, dt):
        return replace(self, u=self.u * (1 - dt), t=self.t + dt)


def dc(u, n):
    s = State(u)
    for _ in range(n):
        s = State(s.u * 0.9, s.t + 0.1)
    return s.u.sum() * s.t


def dcrep(u, n):
    s = State(u)
    for _ in range(n):
        s = s.step(0.1)
    return s.u.sum() * s.t


def zipr(x):
    s = 0.0
    for i, v in zip(range(10), x):
        s += i * v
    for a, b in zip(x[:-1], x[1:]):
        s += a * b
    return s


def strmode(x, mode="a", flag=True):
    if mode == "a" and flag:
        return np.sum(x)
    return np.prod(x)


def optional(x, w=None):
    if w is None:
        w = np.ones_like(x)
    return np.sum(x * w)


def prod(x):
    s = 0.0
    for i, j in itertools.product(range(2), range(3)):
        s += x[i, j] * i
    return s


def ndidx(x):
    s = 0.0
    for i, j in np.ndindex(2, 3):
        s += x[i, j] * i
    return s


def sp(x):
    a = [v for row in x for v in row if v > 0]
    return sum(a) + max(x[0])


def nested_def(x):
    def f(k):
        def g(y):
            return y * k + x

        return g

    return f(2.0)(x) + f(3.0)(1.0)


def inttypes(x, n):
    k = n // 2
    r = n % 2
    b = n > 1
    y = x**k
    return y * r + (k if b else 0)


def setattr_obj(x):
    class_ = Acc()
    for i in range(4):
        class_.add(x * i)
    return class_.total


class Acc:
    def __init__(self):
        self.total = 0.0
        self.items = []

    def add(self, v):
        self.total += v
        self.items.append(v)


def setattr_run(x, n):
    a = Acc()
    for i in range(n):
        a.add(x * i)
    return a.total + len(a.items) + sum(a.items)


def ragged(x, n):
    s = 0.0
    for i in range(n):
        s += np.sum(x[: i + 1]) * x[i:].mean()
    return s


def meshy(n, x):
    t = np.linspace(0.0, 1.0, n)
    g = np.arange(n)
    return np.sum(t * x) + g.sum()


def try_math(x):
    return math.sqrt(x) + math.pow(x, 2.0) + math.hypot(x, 1.0) + math.floor(x) + round(x)


def complexy(x):
    z = x + 1j * x
    return abs(z) ** 2 + (z * z.conjugate()).real


def swap_if(a, b):
    if a > b:
        a, b = b, a
    return a - 2 * b


def gram(xs):
    n = len(xs)
    g = np.empty((n, n))
    for i, a in enumerate(xs):
        for j, b in enumerate(xs):
            g[i, j] = np.exp(-np.sum((a - b) ** 2))
    return np.linalg.slogdet(g + np.eye(n))[1]


def hist(x, n):
    h = [x, x * 2]
    for i in range(n):
        h.append(h[-1] * 0.5 + h[-2] * 0.25)
    return h[-1] + h[0]


def early(x):
    for i in range(5):
        for j in range(5):
            if i * j > x:
                return i * x + j
        x += 1.0
    return x


def lam(x):
    return (lambda a, *b, c=2.0: a * c + sum(b))(x, x, 1.0)


def forelse(x, n):
    for i in range(n):
        if x[i] < 0:
            break
    else:
        return np.sum(x)
    return x[i]


def gen(x):
    return sum(v * v for v in x) + min(v for v in [x[0], x[1]]) + any(v > 0 for v in x)


def deln(x):
    y = x * 2
    z = y
    del y
    return z


def multi(x):
    a = b = np.zeros(2)
    a[0] = x
    return b.sum()


def addat(x, idx, n):
    out = np.zeros(n)
    for k in range(len(idx)):
        out[idx[k]] += x[k]
    return out


CASES = [
    (
        nbody,
        (
            rng.normal(size=(3, 2)),
            rng.normal(size=(3, 2)),
            np.ones(3),
            0.1,
            3,
        ),
    ),
    (mask, (rng.normal(size=(3, 4)),)),
    (walrus_while, (3.0,)),
    (
        pops,
        (
            1.5,
            3,
        ),
    ),
    (
        dc,
        (
            np.ones(3),
            3,
        ),
    ),
    (
        dcrep,
        (
            np.ones(3),
            3,
        ),
    ),
    (zipr, (rng.normal(size=4),)),
    (strmode, (np.ones(3),)),
    (
        strmode,
        (
            np.ones(3),
            "b",
        ),
    ),
    (optional, (np.ones(3),)),
    (
        optional,
        (
            np.ones(3),
            np.arange(3.0),
        ),
    ),
    (prod, (rng.normal(size=(2, 3)),)),
    (ndidx, (rng.normal(size=(2, 3)),)),
    (sp, (rng.normal(size=(2, 3)),)),
    (nested_def, (1.5,)),
    (
        inttypes,
        (
            1.5,
            5,
        ),
    ),
    (setattr_obj, (2.0,)),
    (
        setattr_run,
        (
            2.0,
            4,
        ),
    ),
    (
        ragged,
        (
            rng.normal(size=5),
            4,
        ),
    ),
    (
        meshy,
        (
            5,
            2.0,
        ),
    ),
    (try_math, (2.3,)),
    (complexy, (1.5,)),
    (
        swap_if,
        (
            3.0,
            1.0,
        ),
    ),
    (gram, (rng.normal(size=(3, 2)),)),
    (
        hist,
        (
            1.5,
            4,
        ),
    ),
    (early, (3.5,)),
    (early, (100.0,)),
    (lam, (1.5,)),
    (
        forelse,
        (
            np.array([1.0, 2.0]),
            2,
        ),
    ),
    (
        forelse,
        (
            np.array([1.0, -2.0]),
            2,
        ),
    ),
    (gen, (rng.normal(size=3),)),
    (deln, (1.0,)),
    (multi, (1.5,)),
    (
        addat,
        (
            rng.normal(size=4),
            np.array([0, 2, 0, 1]),
            3,
        ),
    ),
]


@pytest.mark.parametrize(
    ("function", "args"), CASES, ids=[f"{case[0].__name__}-{k}" for k, case in enumerate(CASES)]
)
def test_program_computes_what_the_function_computes(function, args):
    assert_same(function, *args)


def orbit(cx, cy):
    z, c = 0j, complex(cx, cy)
    for _ in range(6):
        z = z * z + c
        if abs(z) > 2.0:
            break
    return abs(z) + complex(z).real


def test_complex_numbers_of_their_parts():
    assert_same(orbit, 0.1, 0.5)
    assert_same(orbit, np.float64(0.1), 1)

"""Members of enums that are numbers or text, where those are wanted: indices, axes, subscripts, operands.

In:  nothing.   Out: `PROGRAMS`.
"""

from __future__ import annotations

import enum

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([0.7, 1.3, 0.4])


class E(enum.IntEnum):
    A = 0
    B = 1


class S(str, enum.Enum):
    T = "ij,j->i"
    D = "i,i->"
    SUM = "sum"


class F(float, enum.Enum):
    H = 0.5


class IE(int, enum.Enum):
    A = 0
    B = 1


class S2(str, enum.Enum):
    F = "float32"
    M = "same"


class IF(enum.IntFlag):
    X = 1
    Y = 2


@at(x3)
def index(x):
    return x[E.B] * x[0]


@at(x3)
def index2(x):
    return x[IE.B] * x[0]


@at(x3)
def axis(x):
    return np.sum(np.outer(x, x).sum(axis=E.A) * x)


@at(x3)
def axis2(x):
    return np.sum(np.sum(np.outer(x, x), axis=IE.B) * x)


@at(x3)
def roll(x):
    return np.sum(np.roll(x, E.B) * x)


@at(x3)
def einsum(x):
    return np.einsum(S.D, x, x)


@at(x3)
def einsum2(x):
    return np.sum(np.einsum(S.T, np.outer(x, x), x))


@at(x3)
def mul(x):
    return x[0] * E.B + x[1] * IE.B


@at(x3)
def float(x):
    return x[0] * F.H + np.sum(x**F.H)


@at(x3)
def slice(x):
    return np.sum(x[E.A : E.B]) * x[2]


@at(x3)
def slice2(x):
    return np.sum(x[E.B :]) * x[2]


@at(x3)
def store(x):
    a = x * 1
    a[E.B] = x[2]
    return np.sum(a * x)


@at(x3)
def zeros2(x):
    return np.sum(np.zeros((E.B, 3)) + x)


@at(x3)
def reshape(x):
    return np.sum(np.reshape(x, (E.B, 3)) * x)


@at(x3)
def list(x):
    L = [x[0], x[1]]
    return L[E.B] * L[IE.A]


@at(x3)
def call(x):
    return np.linalg.norm(x, ord=E.B)


@at(x3)
def stack(x):
    return np.sum(np.stack([x, x * x], axis=E.B)[:, E.B])


@at(x3)
def arg(x):
    return np.sum(np.array([x[0], E.B, x[1]]))


@at(x3)
def clip(x):
    return np.sum(np.clip(x, E.A, E.B))


@at(x3)
def where(x):
    return np.sum(np.where(x > E.B, x, E.A))


@at(x3)
def str(x):
    return x[0] if S.SUM == "sum" else x[1]


@at(x3)
def local(x):
    ax = E.B
    return np.sum(np.expand_dims(x, ax) * x)


@at(x3)
def convolve(x):
    return np.sum(np.convolve(x, x, S2.M))


@at(x3)
def flag(x):
    return x[0] * int(IF.X | IF.Y) if IF.X in (IF.X | IF.Y) else x[1]


@at(x3)
def flag_idx(x):
    return x[IF.Y] * x[0]

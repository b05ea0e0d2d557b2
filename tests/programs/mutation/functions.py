"""Functions and methods that write into an array they are given.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
rng = np.random.default_rng(12)


@at(rng.normal(size=4), rng.normal(size=3))
def add_at(x, y):
    z = x * 1.0
    np.add.at(z, [0, 0, 2], y)
    np.subtract.at(z, np.array([1, 1]), y[0])
    return np.sum(z**2)


@at(rng.normal(size=4) + 3.0, rng.normal(size=3) + 3.0)
def multiply_at(x, y):
    z = x * 1.0
    np.multiply.at(z, [0, 0, 2], y)
    np.divide.at(z, [1, 1], y[:2])
    return np.sum(z**2)


@at(rng.normal(size=4), rng.normal(size=3))
def maximum_at(x, y):
    z = x * 1.0
    np.maximum.at(z, [0, 0, 2], y)
    np.minimum.at(z, [1, 1, 3], y)
    return np.sum(z**2)


@at(rng.normal(size=(3, 3)), rng.normal(size=2))
def add_at_pairs(x, y):
    z = x * 1.0
    np.add.at(z, ([0, 0], [1, 1]), y)
    np.add.at(z, (slice(None), [0, 0]), 1.0)
    np.negative.at(z, [0, 0])
    return np.sum(z**2)


@at(rng.normal(size=4))
def out_of_ufuncs(x):
    y = np.zeros(4)
    np.multiply(x, x, out=y)
    np.add(y, x, out=y)
    np.sin(y, y)
    z = np.exp(x, out=np.empty(4))
    np.add(y[:-1], z[1:], out=y[1:])
    return np.sum(y * z)


@at(rng.normal(size=4))
def out_is_the_result(x):
    y = np.zeros(4)
    z = np.add(x, 1.0, out=y)
    z[0] = x[1] * 5.0
    w = np.multiply(y, 2.0, out=(y,))
    w[1] += 1.0
    return np.sum(y**2)


@at(rng.normal(size=4))
def out_into_a_view(x):
    y = np.zeros((2, 4))
    np.multiply(x, 2.0, out=y[0])
    np.subtract(x, y[0], out=y[1, ::-1])
    return np.sum(y**2 * np.arange(8.0).reshape(2, 4))


@at(rng.normal(size=(3, 3)), rng.normal(size=3))
def out_of_products(a, v):
    y = np.zeros(3)
    np.dot(a, v, out=y)
    z = np.empty((3, 3))
    np.matmul(a, a, out=z)
    w = np.zeros(3)
    np.matmul(z, y, out=w)
    return np.sum(w**2)


@at(rng.normal(size=(3, 4)))
def out_of_reductions(x):
    s = np.zeros(4)
    np.sum(x, axis=0, out=s)
    m = np.zeros(3)
    x.mean(axis=1, out=m)
    c = np.empty((3, 4))
    np.cumsum(x, axis=1, out=c)
    p = np.zeros(3)
    np.max(x, axis=1, out=p)
    return np.sum(s**2) + np.sum(m**3) + np.sum(c**2) + np.sum(p)


@at(rng.normal(size=6), rng.normal(size=6))
def out_of_clip_and_take(x, y):
    z = np.zeros(6)
    np.clip(x, -0.5, 0.5, out=z)
    x2 = x * 1.0
    x2.clip(-0.3, 0.3, out=x2)
    w = np.empty(2)
    np.take(y, [1, 3], out=w)
    return np.sum(z * x2) + np.sum(w**2)


@at(rng.normal(size=4))
def out_where(x):
    y = np.ones(4)
    np.log(np.abs(x), out=y, where=x > 0)
    np.divide(1.0, x, out=y, where=np.array([True, False, True, True]))
    return np.sum(y**2)


@at(rng.normal(size=4))
def augmented_functions(x):
    y = np.zeros((2, 2))
    np.outer(x[:2], x[2:], out=y)
    c = np.zeros((2, 2, 2))
    np.stack([y, y * 2.0], out=c)
    d = np.zeros(4)
    np.concatenate([x[:2], y[0]], out=d)
    return np.sum(c**2) + np.sum(d**3)


@at(rng.normal(size=(2, 3)), 0.5)
def fill(x, a):
    y = x * 1.0
    y[0].fill(a)
    z = np.empty(3)
    z.fill(x[1, 0])
    y[1, ::2].fill(2.0)
    return np.sum(y**2) + np.sum(z**3)


@at(rng.normal(size=(3, 4)))
def sort(x):
    y = x * 1.0
    y.sort()
    z = x * 1.0
    z.sort(axis=0)
    w = x[0] * 1.0
    v = w[::-1]
    w.sort()
    y[1].sort()
    z[:, 1][::-1].sort()
    return np.sum((y + z) ** 2 * np.arange(12.0).reshape(3, 4)) + np.sum(v**2 * np.arange(4.0))


@at(rng.normal(size=6), rng.normal(size=3))
def put(x, y):
    z = np.zeros((2, 3))
    z[...] = x.reshape(2, 3)
    np.put(z, [0, 4, 0], y)
    z.put([5, 1], y[0])
    np.put(z, [2, 3], [1.0, 2.0])
    return np.sum(z**2 * np.arange(6.0).reshape(2, 3))


@at(rng.normal(size=(2, 3)), rng.normal(size=(2, 1)), np.array([[0], [2]]))
def put_along_axis(x, y, index):
    z = x * 1.0
    np.put_along_axis(z, index, y, axis=1)
    return np.sum(z**2)


@at(rng.normal(size=(2, 3)), rng.normal(size=3))
def copyto(x, y):
    z = np.empty((2, 3))
    np.copyto(z, x)
    np.copyto(z[0], y)
    np.copyto(z, 2.0 * y, where=x > 0)
    return np.sum(z**2 * np.arange(6.0).reshape(2, 3))


@at(rng.normal(size=5), rng.normal(size=2))
def place(x, y):
    z = x * 1.0
    np.place(z, np.array([True, False, True, True, False]), y)
    np.place(z, z > 0.4, [1.0])
    return np.sum(z**2 * np.arange(5.0))


@at(rng.normal(size=5), rng.normal(size=5))
def putmask(x, y):
    z = x * 1.0
    np.putmask(z, x > 0, y)
    np.putmask(z, z < -0.5, 3.0)
    return np.sum(z**2)


@at(rng.normal(size=(3, 3)), rng.normal(size=3), 0.4)
def fill_diagonal(x, d, a):
    y = x * 1.0
    np.fill_diagonal(y, d)
    z = x * 2.0
    np.fill_diagonal(z, a)
    v = z[:2]
    np.fill_diagonal(v, d[:2])
    return np.sum(y**2) + np.sum(z**3)


X23 = np.arange(6.0).reshape(2, 3) * 0.3 + 0.2


@at(X23)
def functions_of_a_matrix_in_its_own_memory(x):
    b = x * 1.0 + np.sin(x)
    np.sin(b, out=b)
    b[0] *= 2.0
    np.power(b, 3.0, out=b)
    return np.sum(b**2)

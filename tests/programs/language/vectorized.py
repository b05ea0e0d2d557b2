"""`np.vectorize` of user functions, in each of its forms.

In:  nothing.   Out: `PROGRAMS`.
Not here: other functions of NumPy that call functions (tests/frontend/test_array_functions.py).
"""

from __future__ import annotations

import math

import numpy as np

from tests.programs.idioms import Idiom, collecting

rng = np.random.default_rng(13)
PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
V = rng.normal(size=5)


@np.vectorize
def huber(r, d=0.5, *, scale=1.0):
    if abs(r) <= d:
        return 0.5 * scale * r * r
    return d * (abs(r) - 0.5 * d)


@np.vectorize(otypes=[float])
def ramp(x):
    return x if x > 0 else 0


polynomial = np.vectorize(lambda x, c: c[0] + c[1] * x + c[2] * x**2, excluded={1})
power = np.vectorize(lambda x, n: n * x**n, excluded=["n"])


@at(V, 0.6)
def decorated(v, d):
    return np.sum(huber(v, d) * huber(v, scale=v * v))


@at(rng.normal(size=(3, 2)))
def with_otypes(w):
    return np.sum(ramp(w) * w)


@at(V, np.array([1.0, 2.0, 0.5]))
def with_excluded_arguments(v, c):
    return np.sum(polynomial(v, c)) + np.sum(power(v, n=3))


@at(V, 0.3)
def made_inside(v, k):
    scaled = np.vectorize(lambda x, y: k * x * y if x < y else x - y)
    return np.sum(scaled(v[:, None], v) ** 2)


@at(V)
def of_a_library_function(v):
    return np.sum(np.vectorize(math.sin)(v) * np.vectorize(math.exp, otypes="d")(v))


@at(0.7)
def of_a_number(x):
    found = huber(x)
    return found.ndim + found[()] * x


@at(V, 3)
def of_ints(v, n):
    weights = np.vectorize(lambda k: k * k + 1)(np.arange(n))
    return np.sum(weights * v[:n] ** 2)


@at(V.astype(np.float32))
def in_single_precision(v):
    return np.sum(np.vectorize(lambda x: x * x, otypes=[np.float32])(v) * v)

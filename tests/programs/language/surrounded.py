"""Recursive functions that read what is around them, which changes from call to call, or that are given functions.

In:  nothing.   Out: `PROGRAMS`.
Not here: other recursion (functions.py).
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([1.3, 0.2, 0.5])


@at(1.3, 5)
def variable_that_is_rebound(x, n):
    k = 1.0

    def go(v, m):
        return v if m <= 0 else go(k * math.sin(v), m - 1)

    first = go(x, n)
    k = 2.0
    second = go(x, n)
    k = x
    return first + 2.0 * second + 3.0 * go(x, n)


@at(X, 4)
def flag_that_the_first_call_would_not_rebind(x, n):
    is_first = True

    def go(m):
        nonlocal is_first
        if m <= 0:
            return x[0]
        if not is_first and m > 9:
            is_first = True
        return (x[1] if is_first else math.sin(x[2])) * go(m - 1)

    first = go(n)
    is_first = False
    return first + 2.0 * go(n)


@at(X, 4)
def text_that_the_first_call_would_not_rebind(x, n):
    mode = "sin"

    def go(m):
        nonlocal mode
        if m <= 0:
            return x[0]
        if mode == "other":
            mode = "sin"
        return (math.sin(x[1]) if mode == "sin" else math.cos(x[2])) * go(m - 1)

    first = go(n)
    mode = "cos"
    return first + 2.0 * go(n)


@at(X, 5)
def array_that_is_written(x, n):
    w = x.copy()
    view = w[1:]

    def go(v, m):
        return v if m <= 0 else go(w[0] * math.sin(v) + view[0], m - 1)

    first = go(x[0], n)
    w[0] = 3.0 * x[1]
    second = go(x[0], n)
    w[1] = x[2] ** 2
    return first + 2.0 * second + 3.0 * go(x[0], n)


class Settings:
    def __init__(self, gains):
        self.gains = gains


@at(X, 5)
def object_that_changes(x, n):
    settings = Settings({"k": [x[0], 1.0]})

    def go(v, m):
        return v if m <= 0 else go(settings.gains["k"][0] * math.sin(v), m - 1)

    first = go(x[0], n)
    settings.gains["k"][0] = x[1]
    second = go(x[0], n)
    settings.gains = {"k": [x[2]]}
    return first + 2.0 * second + go(x[1], n)


@at(X, 5)
def nonlocal_that_is_set(x, n):
    k = x[0]

    def choose(v):
        nonlocal k
        k = v

    def go(v, m):
        return v if m <= 0 else go(k * math.sin(v), m - 1)

    first = go(x[1], n)
    choose(x[2])
    return first + 2.0 * go(x[1], n)


@at(X, 5)
def variables_of_a_loop(x, n):
    total = 0.1
    for v in x:

        def go(u, m):
            return u if m <= 0 else go(v * math.sin(u) + total, m - 1)  # noqa: B023

        total = total + go(v, n)
    return total


@at(X, 5)
def array_that_a_loop_fills(x, n):
    w = np.ones(3)

    def go(v, m):
        return v if m <= 0 else go(w[1] * math.sin(v) * w[0], m - 1)

    for i in range(3):
        w[i] = go(x[i], n)
    return w @ w


@at(X, 5)
def two_that_call_each_other(x, n):
    k = x[0]

    def even(v, m):
        return v if m <= 0 else odd(k * math.sin(v), m - 1)

    def odd(v, m):
        return 2.0 * v if m <= 0 else even(k + v, m - 1)

    first = even(x[1], n)
    k = 2.0
    second = odd(x[1], n)
    k = x[2]
    return first + 2.0 * second + even(first, n)


def _repeated(function, v, m):
    return v if m <= 0 else _repeated(function, function(v), m - 1)


class Map:
    def __init__(self, w):
        self.w = w

    def __call__(self, v):
        return self.w * math.sin(v)

    def at(self, v):
        return self.w * math.cos(v)


@at(1.3, 5)
def function_as_argument(x, n):
    k = 1.0

    def step(v):
        return k * math.sin(v)

    first = _repeated(step, x, n)
    k = 2.0 * x
    return first + 2.0 * _repeated(step, x, n) + _repeated(lambda v: 0.5 * v, x, n)


@at(1.3, 5)
def partial_and_methods_as_arguments(x, n):
    def scaled(k, v):
        return k * math.sin(v)

    map_ = Map(x)
    first = (
        _repeated(partial(scaled, x), x, n) + _repeated(partial(scaled, 2.0), x, n) + _repeated(map_, x, n)
    )
    method = _repeated(map_.at, x, n)
    map_.w = 2.0 * x * x
    return first + method + 2.0 * _repeated(map_.at, x, n)


def _simpson(function, low, high, tolerance, depth):
    middle = 0.5 * (low + high)
    ends = function(low) + function(high)
    whole = (high - low) / 6.0 * (ends + 4.0 * function(middle))
    quarters = function(0.5 * (low + middle)) + function(0.5 * (middle + high))
    halves = (high - low) / 12.0 * (ends + 4.0 * quarters + 2.0 * function(middle))
    if depth == 0 or abs(halves - whole) < tolerance:
        return halves
    left = _simpson(function, low, middle, tolerance / 2.0, depth - 1)
    return left + _simpson(function, middle, high, tolerance / 2.0, depth - 1)


@at(1.3)
def adaptive_quadrature_of_a_function(k):
    return _simpson(lambda t: math.exp(-k * t) * math.sin(5.0 * t), 0.0, 2.0, 1e-6, 12)


def _folded(numbers, v, m):
    if m <= 0:
        return v
    for i in numbers:
        v = math.sin(v * i)
    return _folded(numbers, v, m - 1)


@at(1.3, 5)
def range_as_argument(x, n):
    return _folded(range(1, n), x, n) + _folded(range(2, n), x, n)

"""Questions of NumPy about what a value is; defaults that are shared; branches on the index of a comprehension.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_language.py).
"""

from __future__ import annotations

import functools

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.7, 1.3, -0.4])


class Sized:
    """Can be looped over by its items."""

    def __init__(self, values):
        self.values = values

    def __getitem__(self, index):
        return self.values[index]


class Plain:
    """Cannot be looped over."""


def weight(value):
    return 2.0 if np.isscalar(value) else 3.0


@at(X)
def scalars(x):
    numbers = (x[0], float(x[1]), 2, "text", True, np.float32(2.0), f"{x[0]}")
    others = (x, x[:1], np.asarray(x[0]), [x[0]], (1.0,), None, {"a": x}, Plain(), np.sum, range(3))
    return sum(weight(value) * x[1] for value in numbers) + sum(weight(value) * x[2] for value in others)


@at(X)
def iterables(x):
    things = (
        x,
        x[0],
        np.asarray(x[0]),
        [x[0]],
        (),
        {"a": 1.0},
        "text",
        2.0,
        None,
        range(2),
        Sized([x]),
        Plain(),
    )
    return sum((k + 1.0) * np.sum(x**2) for k, thing in enumerate(things) if np.iterable(thing))


def dimension_of(value):
    return np.sum(value) if np.iterable(value) else 2.0 * value


@at(X)
def by_iterability(x):
    return dimension_of(x) * dimension_of(x[0])


@at(X)
def real_and_complex(x):
    z = x + 1j * x[0]
    found = 0.0
    for k, value in enumerate((x, z, z.real, np.abs(z), x[0], z[0], 1j, 2.0, np.arange(3))):
        if np.iscomplexobj(value):
            found = found + (k + 1) * x[0] ** 2
        if np.isrealobj(value):
            found = found + (k + 1) * x[1] ** 3
    return found


@at(X)
def equal_arrays(x):
    if np.array_equal(x, x.astype(bool)) or np.array_equal(x, x[:2]):
        return np.sum(x)
    return np.sum(x**2) if np.array_equal(np.sort(x), np.sort(x[::-1])) else 0.0 * x[0]


def shifted(axis, x):
    if axis == 0:
        return np.roll(x, 1) - x
    elif axis == 1:
        return x * np.roll(x, 2)
    elif axis == 2:
        return np.sin(x)


@at(X)
def one_for_each_axis(x):
    for _ in range(2):
        a, b, c = [shifted(axis, x) for axis in range(3)]
        x = a * b + 0.5 * c
    return np.sum(x**2)


@at(X)
def one_for_each_of_an_argument(x, count=3):
    parts = [shifted(axis, x) for axis in range(count)]
    return np.sum(parts[0] * parts[1] * parts[2])


def scaled(x, factors=[2.0, 3.0], options={"power": 2}):  # noqa: B006 (they are only read)
    return factors[0] * x ** options["power"] + factors[1]


def newton(function, x, args=(), kwargs={}):  # noqa: B006
    for _ in range(3):
        x = x - function(x, *args, **kwargs) / 4.0
    return x


def square_less(x, of=2.0):
    return x * x - of


@at(1.3)
def defaults_that_are_read(x):
    return scaled(x) + scaled(x, [4.0, x]) + scaled(x, options={"power": 3})


@at(1.3)
def defaults_that_are_passed_on(x):
    return newton(square_less, x) * newton(square_less, x, (x,)) + newton(square_less, x, kwargs={"of": 3.0})


@at(1.3)
def defaults_that_are_replaced(x):
    return appended(x, [1.0, x])


def appended(x, seen=[]):  # noqa: B006
    seen.append(x)
    return sum(seen) * x


@at(1.3)
def defaults_of_a_nested_function(x):
    def summed(y, seen=[]):  # noqa: B006
        seen.append(y)
        return sum(seen)

    return summed(x) * summed(2.0 * x)


class _Factor:
    def __init__(self, k):
        self.k = k

    def __call__(self, y):
        return self.k * y


@at(np.array([2.0, 3.0, 4.0]))
def whether_objects_and_methods_are_callable(x):
    f = _Factor(x[0])
    total = f(x[1]) if callable(f) else x[2]
    for g in (x.sum, functools.partial(np.prod, x), f.__call__, np.sum):
        total += x[0] ** 2 if callable(g) else x[1] ** 3
    return total if callable(x) or callable(total) or callable([f]) else 2 * total

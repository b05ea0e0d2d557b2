"""Functions that are made in branches and loops, and hold what only the run knows.

In:  nothing.   Out: `PROGRAMS`.
Not here: functions known in advance, among which the run chooses (choices.py).
"""

from __future__ import annotations

import functools

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([3.0, 1.0, 2.0, 5.0, 4.0])


def scaling(a):
    return lambda v: v * a


def affine(a, b):
    shift = b * b

    def inner(v):
        return v * a

    def outer(v):
        return inner(v) + shift

    return outer


def counting(a):
    calls = 0

    def call(v):
        nonlocal calls
        calls += 1
        return a * v * calls

    return call


class Gain:
    def __init__(self, value):
        self.value = value

    def apply(self, v):
        return self.value * v


@at(X, 3)
@at(X, 0)
def last_of_a_loop(x, n):
    f = scaling(x[0])
    for i in range(n):
        f = scaling(x[i])
    return f(x[1])


@at(X, 3)
def with_functions_around_it(x, n):
    f = affine(x[0], x[1])
    for i in range(n):
        f = affine(x[i], f(x[i]))
    return f(x[2])


@at(X, 3)
@at(X, 0)
def partial_calls(x, n):
    f = functools.partial(np.multiply, x[0])
    for i in range(n):
        f = functools.partial(np.multiply, x[i])
    return f(x[1])


@at(X, 3)
def bound_methods(x, n):
    f = Gain(x[0]).apply
    for i in range(n):
        f = Gain(x[i]).apply
    return f(x[1])


@at(X, 3)
def called_to_make_the_next(x, n):
    f, k = scaling(x[0]), 0
    while k < n:
        f = scaling(f(x[k]))
        k += 1
    return f(x[1])


@at(X, 2.0)
@at(X, 4.0)
def made_in_both_branches(x, bound):
    if x[0] > bound:
        f = scaling(x[1])
    else:
        f = scaling(x[2] * x[3])
    return f(x[1])


@at(X, 2.0)
@at(X, 4.0)
def replaced_in_one_branch(x, bound):
    f = scaling(x[1])
    if x[0] > bound:
        f = scaling(x[2] * x[3])
    return f(x[1])


@at(X, 2.0)
@at(X, 4.0)
def of_two_kinds(x, bound):
    f = affine(x[1] * x[2], x[3]) if x[0] > bound else scaling(x[4] * x[4])
    return f(x[1])


@at(X, 2.0)
@at(X, 4.0)
def with_a_variable_that_it_rebinds(x, bound):
    f = counting(x[1])
    if x[0] > bound:
        f = counting(x[2] * x[3])
        f(1.0)
    return f(x[0]) + f(x[1])


@at(X, 3)
def chosen_and_called_in_a_loop(x, n):
    total = 0.0
    for i in range(n):
        f = scaling(x[i]) if x[i] > 1.5 else scaling(x[i] * 2.0)
        total += f(x[1])
    return total


@at(X, 2.0)
@at(X, 4.0)
def arrays_that_are_held(x, bound):
    y = x * x
    f = scaling(y)
    if x[0] > bound:
        f = scaling(y[::-1])
    return np.sum(f(x))


@at(1.3)
@at(0.3)
def function_or_none(x):
    f = None
    if x > 1.0:
        f = np.sin
    return f(x) if f is not None else x * x


@at(1.3)
@at(0.3)
def function_or_none_by_its_truth(x):
    f = None
    if x > 1.0:
        f = lambda v: v * v * x  # noqa: E731
    if f:
        return f(x)
    return x


@at(0.5)
def comprehension_binds_late(x):
    i = 7
    late = [lambda v: v * i * x for i in (1, 2, 3)]
    return late[0](x) + i


@at(np.array([0.7, -0.4, 1.3]))
def comprehensions_bind_late(x):
    table = [[lambda y: y * i + j * x[0] for j in range(2)] for i in range(3)]
    named = {k: (lambda y: y * k * v) for k, v in zip((1, 2, 3), x)}  # noqa: B035
    rows = [lambda y: y * v for v in x]
    bound = [lambda y, k=k: y * k for k in range(3)]
    chosen = [lambda y: bound[j](y) * x[j] for j in (0, 2, 1)]
    total = sum(f(x[0]) ** 2 for row in table for f in row)
    total += sum(named[k](x[k - 1]) for k in (1, 2, 3)) + rows[0](x[0]) ** 2
    return total + chosen[0](x[1]) * bound[2](x[2])


@at(np.array([0.7, -0.4, 1.3]), 0)
@at(np.array([0.7, -0.4, 1.3]), 3)
def each_iteration_has_its_comprehension(x, n):
    s, made = 0.0, lambda v: v
    for i in range(n):
        made = [lambda y: y * k * i for k in range(3)][0]  # noqa: B023
        s += made(x[0]) ** 2
    return s + x[1] ** 2


@at(np.array([0.7, -0.4, 1.3]))
def functions_of_generators_in_lists(x):
    listed = [np.sin]
    listed.extend((lambda y, k=k: y + k) for k in range(1, 4))
    listed.extend(map(lambda k: lambda y: y**k, range(1, 3)))  # noqa: C417
    return sum(f(v) ** 2 for f in listed for v in x)


@at(1.3)
def names_of_functions(x):
    def square(t):
        "Its square."
        return t * t

    table = {f.__name__: f(x) for f in (square, lambda t: t * x + 1.0, np.sin)}
    return table["square"] * table["<lambda>"] * table["sin"] * len(square.__doc__)


@at(1.3)
def list_of_a_generator_of_functions(x):
    functions = list((lambda t, i=i: t * i) for i in range(1, 4))
    return sum(f(x) ** k for k, f in enumerate(functions))


# Made in a branch, and perhaps not made


def _scaling(a):
    return lambda v: a * v


def _affine(a, b):
    return lambda v: a * v + b


KNOWN = np.array([1.7, 0.4, 1.2, 0.6, 0.3])


@at(KNOWN, 1.0)
@at(KNOWN, 2.0)
def one_of_two_in_a_branch(x, bound):
    if x[1] > 0.1:
        f = _affine(x[1] * x[2], x[3]) if x[0] > bound else _scaling(x[4] * x[4])
    return f(x[1])


@at(KNOWN, 4)
def one_of_two_in_a_branch_of_a_loop(x, n):
    total = 0.0
    for i in range(n):
        if x[1] > 0.1:
            f = _scaling(x[i]) if x[i] > 1.5 else _scaling(x[i] * 2.0)
        total += f(x[1])
    return total


@at(KNOWN, 5)
@at(KNOWN, 1)
def kept_from_an_iteration_before(x, n):
    total = 0.0
    for i in range(n):
        if x[i] > 1:
            f = _affine(x[i], x[0])
        if x[i] < 2 and i > 0:
            total += f(x[1])
    return total + f(x[2])

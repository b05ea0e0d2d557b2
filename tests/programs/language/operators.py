"""Operators of user classes that leave an operand to the other one, and operators of lists beside arrays.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_language.py), classes whose operators always answer (classes.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.3, 0.4, 0.5, 0.7])


class Vector:
    def __init__(self, v):
        self.v = v

    def __add__(self, other):
        if not isinstance(other, Vector):
            return NotImplemented
        return Vector(self.v + other.v)

    def __iadd__(self, other):
        if isinstance(other, Vector):
            return NotImplemented
        self.v = self.v + other
        return self

    def __eq__(self, other):
        if not isinstance(other, Vector):
            return NotImplemented
        return bool(self.v[0] == other.v[0])


class Right:
    def __init__(self, v):
        self.v = v

    def __radd__(self, other):
        return other.v * 3.0 + self.v if isinstance(other, Vector) else other + self.v


class Base:
    def __init__(self, v):
        self.v = v

    def __add__(self, other):
        return self.v * 2.0

    def __radd__(self, other):
        return self.v * 5.0


class Own(Base):
    def __radd__(self, other):
        return self.v * 7.0


class Heir(Base):
    pass


@at(X)
def left_to_the_right_operand(x):
    return np.sum((Vector(x) + Vector(x * 2.0)).v) + np.sum(Vector(x) + Right(x * 2.0)) + (5.0 + Right(x[0]))


@at(X)
def comparison_that_nobody_answers(x):
    a = Vector(x)
    first = 2.0 if a == None else 3.0  # noqa: E711
    second = 2.0 if a != 3 else 3.0
    third = 2.0 if a in [1, 2] else 3.0
    return x[0] * first + x[1] * second + x[2] * third + x[3] * (2.0 if a == Vector(x * 2.0) else 3.0)


@at(X)
def subclass_goes_first_with_its_own_method(x):
    return np.sum(Base(x) + Own(x * 2.0)) + 10.0 * np.sum(Base(x) + Heir(x * 2.0))


@at(X)
def in_place_left_to_the_sum(x):
    a = Vector(x)
    before = a
    a += Vector(x * 2.0)
    b = a
    b += 1.0
    return np.sum(a.v) * 10.0 + np.sum(before.v)


@at(X)
def list_that_becomes_an_array(x):
    a = [x[0], x[1]]
    b = a
    a += x[2:]
    c = [3.0, 4.0]
    c += x[:2]
    return np.sum(a) * len(a) + sum(b) + c[0] * x[1]

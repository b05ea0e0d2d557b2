"""Loops over objects of user classes: `__next__` until StopIteration, `__getitem__` until IndexError.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_language.py), iterators of the standard library (iterators.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([0.7, -0.4, 1.3])


class Growing:
    """Grows until it is too large."""

    def __init__(self, value):
        self.value = value

    def __iter__(self):
        return self

    def __next__(self):
        if self.value > 10.0:
            raise StopIteration
        self.value = self.value * 1.5
        return self.value


class Counting:
    """The items of a sequence."""

    def __init__(self, items):
        self.items = items
        self.position = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.position < len(self.items):
            self.position += 1
            return self.items[self.position - 1]
        raise StopIteration


class Halves:
    """Makes an iterator for each loop."""

    def __init__(self, x, tolerance):
        self.x = x
        self.tolerance = tolerance

    def __iter__(self):
        return HalvesIterator(self.x * 1.0, self.tolerance)


class HalvesIterator:
    def __init__(self, x, tolerance):
        self.x = x
        self.tolerance = tolerance
        self.count = 0

    def __next__(self):
        if np.sum(self.x**2) < self.tolerance:
            raise StopIteration
        self.count += 1
        self.x = self.x * 0.5
        return self.count, self.x


class Halving:
    """Changes the array that it gives."""

    def __init__(self, buffer):
        self.buffer = buffer
        self.count = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.count == 4:
            raise StopIteration
        self.count += 1
        self.buffer[0] *= 0.5
        return self.buffer


class Squares:
    """A sequence without `__iter__`."""

    def __init__(self, x):
        self.x = x

    def __len__(self):
        return len(self.x)

    def __getitem__(self, position):
        return self.x[position] ** 2


class FirstThree:
    def __init__(self, x):
        self.x = x

    def __getitem__(self, position):
        if position >= 3:
            raise IndexError(position)
        return self.x[position] * 2.0


@at(x3)
def until_it_is_too_large(x):
    s = 0.0
    for v in Growing(x[0]):
        s += v**2 * x[1]
    return s


@at(x3)
@at(np.full(3, 20.0))
def an_iterator_for_each_loop(x):
    halves = Halves(x, 1e-2)
    s = 0.0
    for k, v in halves:
        s += k * np.sum(v**2)
    for _, v in halves:
        s += v[0] ** 3
    return s


@at(x3)
@at(-x3)
def continue_and_the_last_item(x):
    s, last = 0.0, x[0]
    for v in Counting(x):
        if v < 0.0:
            continue
        s += v**2
        last = v
    return s * last + v


@at(x3, 0.5)
@at(x3, 3.0)
@at(x3, 100.0)
def else_and_break(x, stop):
    s = 0.0
    for v in Growing(x[0]):
        if v > stop:
            break
        s += v**2
    else:
        s *= 10.0
    return s + v


@at(x3)
def resumed(x):
    s = 0.0
    source = Counting(x)
    for v in source:
        s += v
        if s > 0.5:
            break
    for v in source:
        s += v**3
    return s


@at(x3)
def nested(x):
    s = 0.0
    for u in Counting(x):
        for v in Growing(x[0]):
            s += u * v
        for w in Squares(x):
            s *= w
    return s


@at(x3)
def returned_from_the_loop(x):
    for v in Growing(x[0]):
        if v > 3.0:
            return v**2
    return x[1]


@at(x3)
def gives_one_array_again_and_again(x):
    b = x * 1.0
    s = 0.0
    for v in Halving(b):
        v[1] += v[0]
        s += b[1] ** 2
    return s + np.sum(b)


@at(x3)
def entries_until_one_is_missing(x):
    s = 0.0
    for k, v in enumerate([*x]):
        s += k * v
    for v in Squares(x):
        s += v
    for v in Squares([x[0], x[1]]):
        s *= v
    return s


@at(x3, 0.5)
@at(x3, 100.0)
def entries_and_else(x, stop):
    s, b = 0.0, np.zeros(3)
    for v in FirstThree(x):
        b[0] += v
        if v > stop:
            break
        b = b * v
    else:
        s = x[2]
    return s + np.sum(b**2)


@at(x3)
def collected(x):
    items = []
    for v in Growing(x[0]):
        items.append(v)
    return sum(k * v for k, v in enumerate(items)) + len(items) * x[1]


class Empty:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration


@at(1.3)
def nothing_to_go_over(x):
    total = x
    for v in Empty():
        total += v
    return total * x

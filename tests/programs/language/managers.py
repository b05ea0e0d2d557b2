"""Context managers of the user's own: objects with `__enter__` and `__exit__`, decorated generator functions.

In:  nothing.   Out: `PROGRAMS`; `REFUSED`, those of refused.py among them.
Not here: `suppress` (suppressed.py).
"""

from __future__ import annotations

import contextlib

import numpy as np

from tests.programs.idioms import Idiom, collecting
from tests.programs.language.refused import REFUSED, refused

__all__ = ["PROGRAMS", "REFUSED"]

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([3.0, 1.0, 2.0, 0.5])


class Box:
    def __init__(self, value):
        self.value = value
        self.log = []

    def __enter__(self):
        self.log.append(self.value)
        return self

    def __exit__(self, kind, error, trace):
        self.value = self.value * 2.0

    @contextlib.contextmanager
    def scaled(self, factor):
        before = self.value
        self.value = self.value * factor
        try:
            yield self.value
        finally:
            self.value = before


@contextlib.contextmanager
def pushed(items, value):
    items.append(value)
    yield items[-1] * 2.0
    items.pop()


@contextlib.contextmanager
def masked(array, index):
    saved = array[index]
    array[index] = 0.0
    yield
    array[index] = saved


@contextlib.contextmanager
def halved_if_large(box):
    if box.value > 1.0:
        box.value = box.value / 2.0
    yield box
    box.log.append(box.value)


@at(1.3, 0.4)
def object_entered(x, y):
    with Box(x) as box:
        r = box.value * y
    return r + box.value * box.log[0]


@at(1.3, 0.4)
def object_without_a_name(x, y):
    box = Box(x)
    with box:
        box.value = box.value * y
    return box.value


@at(1.3, 0.4)
def list_pushed_and_popped(x, y):
    items = [x]
    with pushed(items, y) as value:
        r = value * sum(items)
    return r * len(items) * sum(items)


@at(1.3, 0.4)
def method_with_finally(x, y):
    box = Box(x)
    with box.scaled(y) as value:
        r = value * box.value
    return r * box.value


@at(X, 3)
@at(X, 0)
def array_masked_in_a_loop(x, n):
    y, total = x * 1.0, 0.0
    for i in range(n):
        with masked(y, i):
            total += np.sum(y**2) * x[i]
    return total + np.sum(y)


@at(X, 1.5)
@at(X, 8.5)
def left_by_return(x, bound):
    box = Box(x[0])

    def search():
        for i in range(len(x)):
            with box.scaled(x[i]) as value:
                if value > bound:
                    return value * i
        return x[3]

    return search() * box.value


@at(X, 1.5)
@at(X, 8.5)
def left_by_break_and_continue(x, bound):
    box, total = Box(x[0]), 0.0
    for v in x:
        with box:
            if v < 0.9:
                continue
            total += v * box.value
            if total > bound:
                break
    return total * box.value


@at(1.3, 0.4)
@at(0.3, 0.4)
def branch_before_the_yield(x, y):
    box = Box(x)
    with halved_if_large(box) as same:
        same.value = same.value * y
    return box.value * box.log[0]


@at(1.3, 0.4)
def two_at_once(x, y):
    items = [x]
    with Box(y) as box, pushed(items, box.value) as value:
        r = value * box.value * len(items)
    return r + box.value + len(items)


@at(1.3, 0.4)
def one_inside_of_another(x, y):
    box = Box(x)
    with box.scaled(y):
        with box.scaled(x) as inner:
            r = inner
        r = r * box.value
    return r * box.value


class Swallowing:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return kind is ValueError


@contextlib.contextmanager
def catching(box):
    try:
        yield box
    except ValueError:
        box.value = 0.0


@refused("GS110", 2.0)
def manager_that_swallows(x):
    with Swallowing():
        x = x * x
    return x


@refused("GS110", 2.0)
def generator_that_catches(x):
    with catching(Box(x)) as box:
        x = x * box.value
    return x


@refused("GS110", 2.0)
def manager_inside_of_try(x):
    box = Box(x)
    try:
        with box:
            x = x / (x - 2.0)
    except ZeroDivisionError:
        x = box.value
    return x

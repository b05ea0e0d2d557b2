"""Lists of run-time length that hold objects of several classes.

In:  nothing.   Out: `PROGRAMS`, `RAISING`.
Not here: objects of one class (rows.py).
"""

from __future__ import annotations

import copy

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
RAISING: list[Idiom] = []
at, raising = collecting(PROGRAMS), collecting(RAISING)
X = np.array([0.7, -0.4, 1.3, -0.2, 0.9, 1.6])
Y = np.array([-0.5, 2.0, 0.3, 0.83, -0.25, -1.1])


class _Circle:
    corners = 0

    def __init__(self, r):
        self.r = r

    def area(self):
        return 3.14 * self.r**2

    def grow(self, by):
        self.r = self.r * by


class _Box:
    corners = 4

    def __init__(self, a, b=1.0):
        self.a, self.b = a, b

    def area(self):
        return self.a**2 * self.b

    def grow(self, by):
        self.a *= by
        self.b += 1


def _shapes(x):
    shapes = []
    for v in x:
        if v > 0:
            shapes.append(_Circle(v))
        else:
            shapes.append(_Box(v))
    return shapes


@at(X)
def one_of_two_classes(x):
    return sum(s.area() for s in _shapes(x))


@at(Y)
def what_a_condition_makes(x):
    shapes = [_Circle(v) if v > 0 else _Box(v) for v in x]
    total = 0.0
    for s in shapes:
        if isinstance(s, _Circle):
            total += s.r * 2
        elif isinstance(s, _Box):
            total += s.a * s.b
        total += s.area() * (1 + s.corners)
    return total


@at(X)
def sorted_and_changed(x):
    shapes = _shapes(x)
    order = sorted(shapes, key=lambda s: s.area())
    for s in order[2:]:
        s.grow(x[0])
    largest = max(shapes, key=lambda s: s.area())
    total = sum(s.area() * (k + 1) for k, s in enumerate(shapes))
    return total + largest.area() * (3 if largest is order[-1] else 2)


@at(X)
def copies_of_several_classes(x):
    shapes = _shapes(x)
    others = [copy.copy(s) for s in shapes]
    for s in others:
        s.grow(2.0)
    areas = {}
    for s in shapes:
        areas[s] = s.area()
    return sum(areas[s] for s in shapes) * sum(s.area() for s in others)


@at(Y)
def the_last_of_any_class(x):
    last = None
    shapes = _shapes(x)
    for s in shapes:
        if s.area() > 0.5:
            last = s
    if last is not None:
        last.grow(x[1])
    return sum(s.area() for s in shapes)


class _Base:
    def __init__(self, v):
        self.v, self.count = v, 0

    def value(self):
        return self.v * self.factor()

    def bump(self):
        self.count += 1
        self.v = self.v * 1.5


class _Plain(_Base):
    def factor(self):
        return 2.0 + self.count


class _Weighted(_Base):
    def __init__(self, v, w):
        super().__init__(v)
        self.w = w

    def factor(self):
        return self.w * self.v


@at(X)
def classes_of_one_base(x):
    items = []
    for i, v in enumerate(x):
        items.append(_Plain(v) if i % 2 == 0 else _Weighted(v, x[0]))
    for item in [item for item in items if item.v > 0]:
        item.bump()
    total = 0.0
    for item in items:
        item.v = item.v + 1
        if isinstance(item, _Base) and hasattr(item, "v"):
            total += item.value() * item.count
    return total + sum(item.value() for item in items)


class _Arrival:
    def __init__(self, time, work):
        self.time, self.work = time, work

    def apply(self, state):
        state.queue += 1
        state.total += self.work * self.time


class _Departure:
    def __init__(self, time):
        self.time = time

    def apply(self, state):
        state.queue -= 1
        state.total -= self.time


class _State:
    def __init__(self):
        self.queue, self.total = 0, 0.0


@at(X)
def events_in_order_of_time(x):
    events = []
    for v in x:
        if v > 0:
            events.append(_Arrival(v, x[0]))
        else:
            events.append(_Departure(v + 2))
    events.sort(key=lambda e: e.time)
    state = _State()
    for e in events:
        e.apply(state)
    return state.total * state.queue


class _Leaf:
    def __init__(self, v):
        self.v = v

    def at(self, x):
        return self.v * x


class _Sum:
    def __init__(self, left, right):
        self.left, self.right = left, right

    def at(self, x):
        return self.left.at(x) + self.right.at(x)


class _Product:
    def __init__(self, left, right):
        self.left, self.right = left, right

    def at(self, x):
        return self.left.at(x) * self.right.at(x)


@at(X)
def expressions(x):
    e = _Leaf(x[0])
    for v in x[1:]:
        if v > 0:
            e = _Sum(e, _Leaf(v))
        else:
            e = _Product(e, _Leaf(v))
    first = e.at(x[1])
    e = _Sum(e, _Leaf(first))
    return first * e.at(x[1])


@raising(X)
def an_attribute_that_one_class_lacks(x):
    return sum(s.r for s in _shapes(x))


class _Linear:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def __call__(self, h):
        return np.tanh(self.w * h + self.b)


class _Leaky:
    def __init__(self):
        self.slope = 0.1

    def __call__(self, h):
        return np.maximum(h, self.slope * h)


@at(X)
def layers_that_are_called(x):
    layers = []
    for v in x:
        layers.append(_Linear(v, 0.5))
        if v > 0:
            layers.append(_Leaky())
    h = x
    for layer in layers:
        h = layer(h)
    return np.sum(h)

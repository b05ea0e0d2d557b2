"""What classes change of Python's ways: descriptors, attribute hooks, operators of tuples, derived comparisons.

In:  nothing.   Out: `PROGRAMS`.
Not here: ordinary objects (objects.py).
"""

from __future__ import annotations

import math
from dataclasses import InitVar, asdict, astuple, dataclass, field
from enum import Enum
from functools import partialmethod, total_ordering
from typing import NamedTuple

import numpy as np

from tests.programs.idioms import Idiom, collecting

rng = np.random.default_rng(12)
PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)


class Vec(NamedTuple):
    x: float
    y: float = 2.0

    def __add__(self, other):
        return Vec(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k)

    __rmul__ = __mul__

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __eq__(self, other):
        return self.x < other.x

    def norm(self):
        return math.hypot(self.x, self.y)


@at(0.3, 0.8)
def operators_of_a_named_tuple(a, b):
    total = Vec(a, b) + 3.0 * Vec(b) * 2.0
    total = -total if Vec(a, b) == Vec(b, b) else total
    x, y = total
    return total.norm() * x * y + sum(total)


@at(0.3, 0.8)
def other_makers_of_a_named_tuple(a, b):
    made = Vec._make([a, b])._replace(y=a * b)
    return made._asdict()["y"] * made[0] * len(made)


class Doubling:
    def __setattr__(self, name, value):
        object.__setattr__(self, name, 2.0 * value)

    def __init__(self, x):
        self.x = x


class Adding(Doubling):
    def __setattr__(self, name, value):
        super().__setattr__(name, value + 1.0)


@at(0.7)
def setattr_of_the_class(x):
    one, other = Doubling(x), Adding(x)
    one.y = other.x * x
    setattr(other, "z", one.y)
    return one.x * one.y * other.z


class Scaled:
    """A descriptor that keeps what it is given times three."""

    def __init__(self, scale):
        self.scale = scale

    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner=None):
        return getattr(instance, self.name)

    def __set__(self, instance, value):
        setattr(instance, self.name, value * self.scale)


class Once:
    """A descriptor without `__set__`."""

    def __get__(self, instance, owner=None):
        return instance.width**2


class Box:
    width = Scaled(3.0)
    area = Once()

    def __init__(self, width):
        self.width = width


@at(0.7)
def descriptors(x):
    box = Box(x)
    box.width = box.width * x
    box.width += 1.0
    return box.width * box.area


@dataclass(frozen=True)
class Line:
    slope: float

    def __post_init__(self):
        object.__setattr__(self, "half", self.slope / 2.0)


class Plain:
    def __init__(self, x):
        super().__init__()
        self.x = x

    def power(self, n, k):
        return k * self.x**n

    cube = partialmethod(power, 3, k=2.0)


@at(0.7)
def initialisers_and_partial_methods(x):
    return Line(x).half * Line(x).slope * Plain(x).cube()


class Curve(Enum):
    LINE = 1.0
    PARABOLA = 2.0

    def at(self, x):
        return x**self.value


@at(0.7)
def members_of_an_enum_by_name(x):
    return Curve["PARABOLA"].at(x) * Curve(1.0).at(x)


@total_ordering
class Price:
    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        return self.value == other.value

    def __lt__(self, other):
        return self.value < other.value

    def __radd__(self, other):
        return Price(self.value + other)

    def __add__(self, other):
        return Price(self.value + other.value)


@at(1.1, 2.0)
def derived_comparisons(a, b):
    best = max(Price(a), Price(b))
    worst = min([Price(a * b), Price(b), Price(3.0)])
    total = sum([Price(a), Price(b)]).value
    if Price(a) >= Price(b) or Price(a) != Price(b):
        total = total * best.value
    return total * worst.value


@dataclass(order=True)
class Candidate:
    cost: float
    value: float = field(compare=False)


@dataclass
class Grid:
    rows: int
    columns: int = 3
    scale: float = field(default=1.0, compare=False)


@at(0.3, 0.8)
def comparisons_of_dataclasses(a, b):
    best = min(Candidate(a, b), Candidate(b, a))
    same = Grid(2, scale=a) == Grid(2, 3, scale=b) and Grid(2) != Grid(3)
    return best.value * (b if same else a) + (a if best < Candidate(b, b) else b)


@dataclass
class Body:
    mass: float
    place: Vec
    history: list


@at(0.3, rng.normal(size=3))
def dataclasses_as_containers(a, v):
    body = Body(a, Vec(a, 3.0 * a), [v, v * a])
    entries, items = asdict(body), astuple(body)
    v[0] = 5.0
    return entries["mass"] * entries["place"].y * np.sum(items[2][0]) + np.sum(entries["history"][1] ** 2)


@at(2.0, rng.normal(size=3))
def classes_of_values(x, v):
    s = x if x.__class__ is float else 0.0
    return s * np.sum(v) if v.__class__ is np.ndarray and Plain(x).__class__ is Plain else x


@at(2.0)
def attributes_asked_for(x):
    found = getattr(Plain(x), "missing", x) * getattr(Plain(x), "x", 0.0)
    return found * x if hasattr(Vec(x), "y") and not hasattr(Plain(x), "y") else found


@at(np.array([0.3]), np.array([[1.2]]), 2.0)
def one_element_arrays_as_conditions(a, b, c):
    s = np.sum(a * b)
    if 0 < c < b and a > 0 and not b > 2:
        s = s * c
    while 0.0 < a < 1.0 or c < 0:
        a = a + 0.4
    return np.sum(a) * (s**2 if a == 7.0 or b else s)


@at(rng.normal(size=(3, 4)), 4)
def starred_unpacking_of_arrays_and_lists(w, n):
    s = 0.0
    for row in w:
        first, *middle, last = row
        s = s + first * sum(e**2 for e in middle) * last
    history = []
    for k in range(n):
        history.append(s * (k + 1.0))
    start, *rest = history
    rest.append(start)
    *most, end = sorted(w[0])
    return start * rest[-2] + most[1] * end * len(most)


class Interval:
    def __init__(self, low, high):
        self.low, self.high = low, high

    def __bool__(self):
        return self.high > self.low


@at(0.3, 0.8, 4)
def lists_and_objects_as_conditions(a, b, n):
    stack = []
    for k in range(n):
        stack.append(a + b * k)
    s = a
    while stack and stack[-1] > b:
        s = s * stack.pop()
    if stack and Interval(a, b) and s > 0.0:
        s = s * b
    return s if Interval(b, a) or not stack else s**2


def count_or_product(n, x):
    return 1 if n == 0 else x * count_or_product(n - 1, x)


@at(1.5, 4)
def a_recursive_result_of_either_class(x, n):
    found = count_or_product(n, x)
    return found * x if isinstance(found, int | float) else x


class _Interval:
    def __init__(self, low, high):
        self.low, self.high = low, high

    def __contains__(self, value):
        return self.low <= value <= self.high


class _Divisors:
    def __init__(self, n):
        self.n = n

    def __contains__(self, value):
        return 1 - self.n % value


@at(np.array([0.4, -0.2, 1.7]), 6)
def membership_in_objects(x, n):
    inside = _Interval(0.0, x[2])
    divisors = _Divisors(n)
    total = 0.0
    for i, v in enumerate(x):
        if v not in inside:
            total += v**2
        if v in inside:
            total += v**3
        if i + 2 not in divisors:
            total *= 1.0 + v
    return total


class Twice:
    """What is stored is kept twice as large, and counted."""

    def __init__(self, u):
        self.kept = [u, u * 2.0]
        self.stores = 0

    @property
    def u(self):
        return self.kept[0].copy()

    @u.setter
    def u(self, value):
        self[0] = value

    def __getitem__(self, place):
        return self.kept[place].copy()

    def __setitem__(self, place, value):
        self.stores += 1
        self.kept[place] = value * 2.0


@at(np.array([0.5, -1.5, 2.0]))
def stores_after_changes_in_place(x):
    both = Twice(x)
    both.u *= 3.0
    both[1] += x
    return np.sum(both.u * both[1]) * both.stores


@dataclass
class Stiff:
    modulus: float
    density: InitVar[float] = 1.0
    wave: float = field(init=False)

    def __post_init__(self, density):
        self.wave = self.modulus * density


@dataclass
class Layered(Stiff):
    count: InitVar[int] = field(default=3, kw_only=True)
    depth: float = 2.0

    def __post_init__(self, density, count):
        super().__post_init__(density)
        self.total = count * self.depth


@at(np.array([2.0, 3.0, 5.0]))
def what_a_dataclass_only_hands_on(x):
    one = Stiff(x[0], density=2.0).wave ** 2 + Stiff(x[0]).wave * Stiff(x[1], x[0]).wave
    m, n = Layered(x[0], x[1], depth=x[2]), Layered(x[0], count=5)
    return one + m.wave * m.total + n.total * n.wave + Layered(modulus=x[0], density=x[1], count=7).wave

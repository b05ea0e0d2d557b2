"""Objects: classes of the user, their methods, attributes, operators.

In:  nothing.   Out: `PROGRAMS`.
Not here: plain functions (functions.py).
"""

from __future__ import annotations

import abc
import enum
import functools
import math
from collections import namedtuple
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from tests.programs.idioms import Idiom, collecting

rng = np.random.default_rng(4)
PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)


class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k)

    __rmul__ = __mul__

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y

    def __iadd__(self, other):
        self.x = self.x + other.x
        self.y = self.y + other.y
        return self

    def __abs__(self):
        return math.sqrt(self @ self)

    def __getitem__(self, index):
        return self.x if index == 0 else self.y

    def __setitem__(self, index, value):
        if index == 0:
            self.x = value
        else:
            self.y = value

    def __len__(self):
        return 2

    def __iter__(self):
        yield self.x
        yield self.y

    def __bool__(self):
        return True

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __lt__(self, other):
        return abs(self) < abs(other)

    def __contains__(self, value):
        return value == self.x or value == self.y

    def __pow__(self, k):
        return Vector(self.x**k, self.y**k)

    def __float__(self):
        return float(self.x)

    def __repr__(self):
        return f"Vector({self.x}, {self.y})"

    __hash__ = None


@at(0.5, 1.5)
def operators(a, b):
    u, v = Vector(a, b), Vector(b, 2.0)
    w = 2.0 * (u + v) - u * b
    w = -w
    w += u
    return w @ v + abs(u) + w[0] * len(w) + (u**2)[1]


@at(0.5, 1.5)
def special_methods(a, b):
    u, v = Vector(a, b), Vector(b, 2.0)
    u[1] = a * a
    s = 1.0 if u < v else 2.0
    x, y = u
    if u:
        s *= x
    if u == v:
        s *= 100.0
    if a in u:
        s += y
    return s + sum(u) + float(v) * u[1] + max(*u)


class Momentum:
    rate = 0.1

    def __init__(self, w):
        self.w = w
        self.velocity = np.zeros_like(w)
        self.cache = []

    def step(self, gradient):
        self.velocity = 0.9 * self.velocity - self.rate * gradient
        self.w = self.w + self.velocity
        self.cache.append(self.w)

    @property
    def norm(self):
        return np.sum(self.w**2)

    @property
    def scaled(self):
        return self.w * self._scale

    @scaled.setter
    def scaled(self, value):
        self._scale = value

    @staticmethod
    def square(x):
        return x * x

    @classmethod
    def zeros(cls, n):
        return cls(np.zeros(n))

    @functools.cached_property
    def total(self):
        return self.w.sum()


@at(rng.normal(size=3), 4)
def attributes_written_in_a_loop(x, n):
    m = Momentum(x)
    for _ in range(n):
        m.step(2.0 * m.w)
    return m.norm + m.cache[1].sum() * len(m.cache)


@at(rng.normal(size=3))
def kinds_of_methods(x):
    m = Momentum.zeros(3)
    m.step(x)
    step = m.step
    step(x * x)
    m.scaled = 3.0
    return m.square(m.norm) + Momentum.square(x[0]) + m.scaled.sum() * type(m).rate + m.total


class Base(abc.ABC):
    factor = 2.0

    def __init__(self, k):
        self.k = k

    @abc.abstractmethod
    def value(self, x): ...

    def __call__(self, x):
        return self.value(x) * self.k * self.factor

    def describe(self):
        return 1.0


class Square(Base):
    def __init__(self, k, shift=0.0):
        super().__init__(k)
        self.shift = shift

    def value(self, x):
        return (x - self.shift) ** 2

    def describe(self):
        return super().describe() + 1.0


class Mixed(Square):
    factor = 3.0

    def value(self, x):
        return super(Mixed, self).value(x) + Base.describe(self)


@at(0.5, 1.5)
def inheritance(a, b):
    s = 0.0
    for f in (Square(a), Mixed(b, shift=a)):
        s += f(b) * f.describe()
        if isinstance(f, Mixed):
            s *= 1.5
    return s


@dataclass(frozen=True)
class Params:
    w: np.ndarray
    b: float
    name: str = "layer"
    more: tuple = ()
    power: float = field(default=2.0, kw_only=True)

    def apply(self, x):
        return (1.5 + np.tanh(x @ self.w + self.b)) ** self.power

    @property
    def size(self):
        return len(self.w)


@at(Params(rng.normal(size=3), 0.3), rng.normal(size=(4, 3)))
def frozen_dataclass(p, x):
    q = replace(p, b=p.b * 2.0)
    return np.sum(p.apply(x)) + np.sum(q.apply(x)) * q.size + Params(p.w, 1.0, power=3.0).apply(x)[0]


@dataclass
class Node:
    value: float
    children: list = field(default_factory=list)

    def __post_init__(self):
        self.square = self.value**2

    def total(self):
        return self.square + sum(child.total() for child in self.children)


@at(0.4, 0.7)
def tree_of_dataclasses(a, b):
    root = Node(a, [Node(b), Node(a * b, [Node(2.0 * b)])])
    root.children.append(Node(b * b))
    return root.total() * root.children[1].children[0].value


class State(NamedTuple):
    x: np.ndarray
    v: np.ndarray
    t: float = 0.0

    def energy(self):
        return 0.5 * np.sum(self.v**2) + np.sum(self.x**2)


Point = namedtuple("Point", "x y")


@at(State(rng.normal(size=2), rng.normal(size=2), 0.5), 5)
def named_tuples(s, n):
    p = Point(s.t, y=2.0)
    for _ in range(n):
        s = s._replace(v=s.v - 0.1 * s.x)
        s = State(s.x + 0.1 * s.v, s.v, s.t + 0.1)
    x, v, t = s
    return s.energy() + t * x[0] + p.x * p.y + s._asdict()["t"]


class Kind(enum.Enum):
    LINEAR = "linear"
    SQUARE = "square"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


@at(0.7)
def enums(x):
    s = 0.0
    for kind in Kind:
        s += x if kind is Kind.LINEAR else x * x
        s *= 2.0 if kind.value == "square" else 1.0
    if Kind("square") == Kind.SQUARE and Kind.LINEAR.name == "LINEAR":
        s *= x
    return s * Level.HIGH + Level.LOW


@dataclass
class Network:
    layers: list
    activation: object = np.tanh
    name: str = "network"

    def __call__(self, x):
        for layer in self.layers[:-1]:
            x = self.activation(layer["W"] @ x + layer["b"])
        last = self.layers[-1]
        return last["W"] @ x + last["b"]


@at(
    Network([{"W": rng.normal(size=(m, n)), "b": np.zeros(m)} for n, m in ((3, 4), (4, 2))]),
    rng.normal(size=3),
)
def arrays_of_an_object(net, x):
    return np.sum(net(x) ** 2)


@dataclass
class Filter:
    gain: float
    state: float = 0.0

    def update(self, v):
        self.state += self.gain * (v - self.state)
        return self.state


@at(Filter(0.3), rng.normal(size=5))
def argument_with_state(f, x):
    s = 0.0
    for v in x:
        s += f.update(v) ** 2
    return s


@at(0.3, rng.normal(size=5))
def two_objects_interact(gain, x):
    one, two = Filter(gain), Filter(gain * 2.0)
    other = one
    for v in x:
        two.update(other.update(v))
    return one.state * two.state


@at(0.3)
def simple_namespace(a):
    p = SimpleNamespace(x=a, y=2.0)
    p.x = p.x * p.y
    return p.x**2


class Scale:
    """A plain object outside of the function: its numbers are read at each call."""

    def __init__(self):
        self.by = np.array([1.0, 2.0, 3.0])
        self.shift = 0.5

    def apply(self, x):
        return x * self.by + self.shift


SCALE = Scale()


@at(rng.normal(size=3))
def object_outside(x):
    return np.sum(SCALE.apply(x) ** 2)


@at(rng.normal(size=3))
def bound_method_of_an_object_outside(x):
    apply = SCALE.apply
    return np.sum(apply(apply(x)))


class Switch:
    def __init__(self, on):
        self.on = on

    def __bool__(self):
        return self.on


class Row:
    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def __iter__(self):
        return iter(self.values)


@at(0.4)
def truth_of_objects(x):
    s = x if Switch(False) else x * x
    s += 10.0 * x if Row([]) else x**3
    t = s if not Switch(x > 0.0) else 2.0 * s
    return t * (x if range(int(x)) else 1.0) + sum(Row([x, t]))


class Lazy:
    def __init__(self, x):
        self.__hidden = x

    def __getattr__(self, name):
        if name == "double":
            return self.__hidden * 2.0
        raise AttributeError(name)

    def reveal(self):
        return self.__hidden


@at(0.4)
def private_names_and_getattr(x):
    obj = Lazy(x)
    return obj.reveal() * obj.double


@at(0.4)
def dynamic_attributes(x):
    obj = Filter(x)
    setattr(obj, "extra", x * x)
    s = getattr(obj, "extra") * getattr(obj, "missing", 2.0)
    return s + (obj.gain if hasattr(obj, "gain") else 0.0)


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a
        self.b = a * a


@at(0.4)
def slots(x):
    obj = Slotted(x)
    obj.a = obj.a * 3.0
    return obj.a * obj.b


class Shape:
    def __init__(self, name):
        self.name = name


class Settings:
    shape = "square"

    def shaped(self, factor, x, power=1):
        return factor * x**power if self.shape == "square" else x

    squared = functools.partialmethod(shaped, 3.0, power=2)
    weighted = functools.partialmethod(shaped, np.array([1.0, 2.0]))

    @property
    def kind(self):
        return Shape(self.shape)

    @property
    def function(self):
        return lambda x: np.sin(x) if self.shape == "square" else x

    @property
    def table(self):
        return {"scale": 2.0, "shape": self.shape}


SETTINGS = Settings()


@at(0.4)
def what_properties_of_outer_objects_make_anew(x):
    s = SETTINGS.function(x) * SETTINGS.table["scale"]
    if SETTINGS.kind.name == "square":
        s = s + SETTINGS.squared(x)
    return s + np.sum(SETTINGS.weighted(x, power=3))

"""`match` statements.

In:  nothing.   Out: `PROGRAMS`.
Not here: `if` (control.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.programs.idioms import Idiom, collecting

rng = np.random.default_rng(5)
PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)

LIMIT = 3


@dataclass
class Circle:
    radius: float


@dataclass
class Rectangle:
    width: float
    height: float


def _apply(command, x):
    match command:
        case "double":
            return 2.0 * x
        case "square" | "power":
            return x * x
        case ("scale", k):
            return k * x
        case ("shift", *ks) if len(ks) > 1:
            return x + sum(ks)
        case {"exp": rate, **rest}:
            return np.exp(rate * x) * (1 + len(rest))
        case None:
            return x
        case _:
            return -x


@at(0.4)
def commands(x):
    for command in (
        "double",
        "power",
        ("scale", 3.0),
        ("shift", 1.0, 2.0),
        ("shift", 1.0),
        {"exp": x, "k": 1},
    ):
        x = _apply(command, x)
    return _apply(None, x)


@at(0.4, 1.5)
def shapes(a, b):
    s = 0.0
    for shape in (Circle(a), Rectangle(b, height=a), Rectangle(1.0, b)):
        match shape:
            case Circle(radius=r):
                s += 3.0 * r**2
            case Rectangle(1.0, h):
                s += h**3
            case Rectangle(w, h) as whole:
                s += w * h * whole.width
    return s


@at(0.4, 2)
def run_time_subject(x, n):
    match n:
        case 0:
            y = x
        case 1 | 2:
            y = x * x
        case k if k > 5:
            y = x * k
        case _:
            y = -x
    return y * x


@at(rng.normal(size=4))
def run_time_subject_in_a_loop(x):
    s = 0.0
    for i in range(len(x)):
        match i % 3:
            case 0:
                s += x[i]
            case 1:
                s *= x[i]
            case other:
                s -= other * x[i] ** 2
    return s


@at(0.4)
def guards_on_data(x):
    match x:
        case v if v > 1.0:
            return v
        case float(v) if v > 0.0:
            return v * v * v
        case _:
            return -x


@at((0.3, (1.2, 0.8)))
def nested_patterns(p):
    match p:
        case (a, (b, c)) if a > 10.0:
            return a
        case [a, [b, c]]:
            return a * b + c * c
    return 0.0


@at({"kind": "linear", "slope": 0.7, "offset": 0.2}, 1.4)
def mapping_of_arguments(p, x):
    match p:
        case {"kind": "constant", "offset": c}:
            return c
        case {"kind": "linear", "slope": m, "offset": c}:
            return m * x * x + c
    return x


@at(0.4)
def no_case_matches(x):
    match "nothing":
        case "something":
            x = x * 100.0
    return x * x

"""Scalar programs, straight, branching and looping, that SymPy can differentiate by running them on symbols.

In:  nothing.   Out: `CASES`.
Not here: comparing (test_sympy.py).
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Scalar:
    """A scalar function and points to differentiate at; a branch is differentiated as it is taken there."""

    function: Callable[..., Any]
    points: tuple[tuple[float, ...], ...]

    @property
    def name(self) -> str:
        """Of the function."""
        return self.function.__name__

    @property
    def source(self) -> str:
        """Text of the function alone."""
        text = inspect.getsource(self.function)
        return text[text.index("def ") :]


CASES: list[Scalar] = []


def at(*points: tuple[float, ...]) -> Callable[[Any], Any]:
    """Add the decorated function with these points."""

    def add(function: Any) -> Any:
        CASES.append(Scalar(function, points))
        return function

    return add


@at((2.0,), (-0.5,))
def polynomial(x):
    return x**3 + 3.0 * x + 1.0


@at((0.7, -1.2))
def quotient(x, y):
    return (x - y) / (1.0 + x * x * y * y)


@at((0.8, 1.7))
def powers(x, y):
    return x**y + y**2.5 - x**-2


@at((0.4, 1.1))
def exponentials(x, y):
    return math.exp(-x * y) * np.log(x + y) + np.expm1(x) - math.log1p(y)


@at((0.6,))
def trigonometry(x):
    return (
        np.sin(x) * math.cos(2.0 * x)
        + np.tan(0.3 * x)
        + np.arctan(x)
        + math.asin(0.5 * x)
        - np.arccos(0.3 * x)
    )


@at((0.9,), (-0.3,))
def hyperbolic(x):
    return np.tanh(x) + math.sinh(0.5 * x) * np.cosh(x) + np.arcsinh(x)


@at((0.5, 1.5))
def roots(x, y):
    return math.sqrt(1.0 + x * x) + np.hypot(x, y) + np.abs(x - 4.0)


@at((0.3, -0.8))
def reuse(x, y):
    a = x * y
    b = a * a + np.sin(a)
    a = b - a
    b = a * b
    return a * b + x


@at((1.0, 0.5), (0.2, 0.5), (-2.0, 0.5))
def branch(x, y):
    if x > y:
        z = x * x * y
    elif x > -1.0:
        z = np.sin(x) * y
    else:
        z = x
    return z * z + y


@at((-0.5,), (3.0,), (0.8,))
def early_return(x):
    y = np.exp(x)
    if y < 1.0:
        return y * y
    if x > 2.0:
        return x / y
    return np.sin(y)


@at((0.5, 0.4), (0.5, -0.4))
def ternary(x, y):
    z = x * y if x > 0.0 and y > 0.0 else x - y
    return z**3


@at((0.7,))
def loop(x):
    y = x
    for k in range(4):
        y = y * np.sin(x + k) + 0.5 * y * y
    return y


@at((1.3,))
def zero_trips(x):
    y = x * x
    for k in range(0):
        y = y * x
    return y


@at((0.6,), (5.0,))
def data_dependent_loop(x):
    y, n = x, 0
    while y < 3.0 and n < 10:
        y = y * (1.2 + 0.1 * x)
        n += 1
    return y * n


@at((0.6, 0.9), (0.2, -0.4))
def nested(x, y):
    s = 0.0
    for i in range(3):
        t = x
        for j in range(i):
            t = t * y + s
            if t > 0.5:
                s = s + t * t
        s = s * 0.5 + t
    return s


@at((0.8,))
def downwards(x):
    s = 0.0
    for k in range(5, 0, -2):
        s = s * x + x / k
    return s


@at((0.6, 1.1))
def swap(x, y):
    for k in range(3):
        x, y = y, x * y + 0.3
    return x - y * y


@at((0.7, -0.6))
def inner_functions(x, y):
    def g(a, b=0.5):
        return a * a * b

    h = lambda t: g(t, y) + t
    return h(x) * g(y) + h(h(x))


@at((0.5,))
def last_value_of_a_loop_variable(x):
    y = x
    for k in range(3):
        z = y * k
        y = y + x * z
    return z * k + y


@at((1.1,))
def items_of_a_list(x):
    items = []
    for k in range(3):
        items.append(x ** (k + 1))
    return items[0] * items[1] + items[2]

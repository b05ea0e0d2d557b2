"""Scalar programs end to end against SymPy, and orders 1 to 4 against SymPy and 40-digit differences."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from tests import references
from tests.programs.generate import generate
from tests.programs.load import load_module

# name, body of f, points. Loops run on symbols; branches are taken as at the point.
PROGRAMS = {
    "polynomial": ("(x)", "return x ** 3 + 3.0 * x + 1.0", [(2.0,), (-0.5,)]),
    "quotient": ("(x, y)", "return (x - y) / (1.0 + x * x * y * y)", [(0.7, -1.2)]),
    "powers": ("(x, y)", "return x ** y + y ** 2.5 - x ** -2", [(0.8, 1.7)]),
    "exponentials": ("(x, y)", "return math.exp(-x * y) * np.log(x + y) + np.expm1(x) - math.log1p(y)", [(0.4, 1.1)]),
    "trigonometry": (
        "(x)",
        "return np.sin(x) * math.cos(2.0 * x) + np.tan(0.3 * x) + np.arctan(x) + math.asin(0.5 * x) - np.arccos(0.3 * x)",
        [(0.6,)],
    ),
    "hyperbolic": ("(x)", "return np.tanh(x) + math.sinh(0.5 * x) * np.cosh(x) + np.arcsinh(x)", [(0.9,), (-0.3,)]),
    "roots": ("(x, y)", "return math.sqrt(1.0 + x * x) + np.hypot(x, y) + np.abs(x - 4.0)", [(0.5, 1.5)]),
    "reuse": (
        "(x, y)",
        "a = x * y\n    b = a * a + np.sin(a)\n    a = b - a\n    b = a * b\n    return a * b + x",
        [(0.3, -0.8)],
    ),
    "branch": (
        "(x, y)",
        "if x > y:\n        z = x * x * y\n    elif x > -1.0:\n        z = np.sin(x) * y\n    else:\n        z = x\n    return z * z + y",
        [(1.0, 0.5), (0.2, 0.5), (-2.0, 0.5)],
    ),
    "early return": (
        "(x)",
        "y = np.exp(x)\n    if y < 1.0:\n        return y * y\n    if x > 2.0:\n        return x / y\n    return np.sin(y)",
        [(-0.5,), (3.0,), (0.8,)],
    ),
    "ternary": ("(x, y)", "z = x * y if x > 0.0 and y > 0.0 else x - y\n    return z ** 3", [(0.5, 0.4), (0.5, -0.4)]),
    "loop": ("(x)", "y = x\n    for k in range(4):\n        y = y * np.sin(x + k) + 0.5 * y * y\n    return y", [(0.7,)]),
    "zero trips": ("(x)", "y = x * x\n    for k in range(0):\n        y = y * x\n    return y", [(1.3,)]),
    "while": (
        "(x)",
        "y, n = x, 0\n    while y < 3.0 and n < 10:\n        y = y * (1.2 + 0.1 * x)\n        n += 1\n    return y * n",
        [(0.6,), (5.0,)],
    ),
    "nested": (
        "(x, y)",
        "s = 0.0\n    for i in range(3):\n        t = x\n        for j in range(i):\n            t = t * y + s\n"
        "            if t > 0.5:\n                s = s + t * t\n        s = s * 0.5 + t\n    return s",
        [(0.6, 0.9), (0.2, -0.4)],
    ),
    "downwards": ("(x)", "s = 0.0\n    for k in range(5, 0, -2):\n        s = s * x + x / k\n    return s", [(0.8,)]),
    "swap": (
        "(x, y)",
        "for k in range(3):\n        x, y = y, x * y + 0.3\n    return x - y * y",
        [(0.6, 1.1)],
    ),
    "helper": (
        "(x, y)",
        "def g(a, b=0.5):\n        return a * a * b\n    h = lambda t: g(t, y) + t\n    return h(x) * g(y) + h(h(x))",
        [(0.7, -0.6)],
    ),
    "last value of a loop variable": (
        "(x)",
        "y = x\n    for k in range(3):\n        z = y * k\n        y = y + x * z\n    return z * k + y",
        [(0.5,)],
    ),
    "list": (
        "(x)",
        "items = []\n    for k in range(3):\n        items.append(x ** (k + 1))\n    return items[0] * items[1] + items[2]",
        [(1.1,)],
    ),
}
CASES = [(name, point) for name, (_, _, points) in PROGRAMS.items() for point in points]


def source_of(name):
    parameters, body, _ = PROGRAMS[name]
    return f"import math\n\nimport numpy as np\n\n\ndef f{parameters}:\n    {body}\n"


@pytest.mark.parametrize(("name", "point"), CASES)
def test_gradient_is_that_of_sympy(name, point):
    source = source_of(name)
    module = load_module(source)
    value, gradient = gs.value_and_grad(module.f, argnums=tuple(range(len(point))))(*point)
    assert value == module.f(*point)
    expression, symbols = references.sympy_expression(source, "f", point)
    at = dict(zip(symbols, point))
    expected = [float(expression.diff(symbol).subs(at).evalf(20)) for symbol in symbols]
    assert list(gradient) == pytest.approx(expected, rel=1e-12, abs=1e-13)
    assert all(type(one) is float for one in gradient)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize(("name", "point"), CASES)
def test_orders_one_to_four_are_those_of_sympy(name, point, order):
    source = source_of(name)
    function = load_module(source).f
    for _ in range(order):
        function = gs.grad(function, create_graph=True)
    expression, symbols = references.sympy_expression(source, "f", point)
    expected = float(expression.diff(symbols[0], order).subs(dict(zip(symbols, point))).evalf(20))
    assert function(*point) == pytest.approx(expected, rel=1e-10, abs=1e-11)


@pytest.mark.parametrize("seed", range(2000, 2016))
def test_random_scalar_programs_to_order_four(seed):
    program = generate(seed, size=7, scalars=True)
    arguments = program.arguments()
    function = load_module(program.source).program
    for order in range(1, 5):
        function = gs.grad(function, create_graph=True)
        expected = references.mpmath_derivative(program.source, "program", arguments, 0, order)
        scale = max(1.0, abs(expected))
        assert function(*arguments) == pytest.approx(expected, rel=1e-9, abs=1e-9 * scale), order


def test_mixed_second_derivatives_are_symmetric():
    source = source_of("nested")
    f = load_module(source).f
    xy = gs.grad(gs.grad(f, 0, create_graph=True), 1)(0.6, 0.9)
    yx = gs.grad(gs.grad(f, 1, create_graph=True), 0)(0.6, 0.9)
    expression, (x, y) = references.sympy_expression(source, "f", (0.6, 0.9))
    expected = float(expression.diff(x, y).subs({x: 0.6, y: 0.9}).evalf(20))
    assert xy == pytest.approx(expected, rel=1e-12)
    assert yx == pytest.approx(expected, rel=1e-12)
    assert np.isfinite(xy)

"""The references are right: they agree with each other and with derivatives known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests import references
from tests.programs.generate import generate
from tests.programs.load import load_module

SOURCE = """
import math
import numpy as np

def cubic(x, y):
    out = np.zeros(3)
    for i in range(3):
        out[i] = x * y ** i
        if y > 0.5:
            out[i] += math.sin(x)
    return np.sum(out) + np.linalg.norm(out + 1.0) + abs(x - 3.0)

def scalar(x):
    s = 0.0
    for k in range(3):
        if s < 0.9:
            s = s + math.exp(-x) * np.sin(k * x)
        else:
            s = s * x
    return s
"""


def test_complex_step_is_the_difference_quotient():
    arguments = [0.7, 1.3]
    function = references.complex_function(SOURCE, "cubic")
    plain = load_module(SOURCE).cubic
    for direction in ([1.0, 0.0], [0.0, 1.0], [0.3, -0.6]):
        expected = references.real_directional(plain, arguments, direction)
        actual = references.directional(function, arguments, direction)
        assert actual == pytest.approx(float(expected), rel=1e-9)


def test_differences_are_of_sixth_order():
    assert float(references.difference(lambda t: math.exp(math.sin(1.0 + t)))) == pytest.approx(
        math.cos(1.0) * math.exp(math.sin(1.0)), rel=1e-11
    )


def test_hessian_in_a_direction_is_known_one():
    source = "import numpy as np\n\ndef f(x, a):\n    return np.sum(x ** 3) * a + a ** 4\n"
    x, a = np.array([1.0, -0.5]), 0.8
    function = references.complex_function(source, "f")
    v, w = np.array([0.3, 2.0]), -1.5
    first, second = references.hessian_vector(function, [x, a], [v, w])
    np.testing.assert_allclose(first, 6.0 * a * x * v + 3.0 * x**2 * w, rtol=1e-8)
    np.testing.assert_allclose(second, 3.0 * np.sum(x**2 * v) + 12.0 * a**2 * w, rtol=1e-8)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_mpmath_and_sympy_agree(order):
    point = 0.37
    expression, (x,) = references.sympy_expression(SOURCE, "scalar", [point])
    expected = float(expression.diff(x, order).subs(x, point).evalf(20))
    assert references.mpmath_derivative(SOURCE, "scalar", [point], 0, order) == pytest.approx(
        expected, rel=1e-12
    )


def test_random_programs_have_the_complex_step_of_their_differences():
    checked = 0
    for seed in range(40):
        program = generate(seed)
        if program.returns != "number" or program.dtype != "float64":
            continue
        arguments = program.arguments()
        direction = references.random_like(np.random.default_rng(seed), list(arguments))
        function = references.complex_function(program.source, "program")
        actual = references.dot(references.gradient(function, arguments), direction)
        plain = load_module(program.source).program
        assert actual == pytest.approx(
            float(references.real_directional(plain, arguments, direction)), rel=1e-6
        )
        checked += 1
    assert checked > 20

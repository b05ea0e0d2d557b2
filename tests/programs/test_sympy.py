"""Scalar programs end to end against SymPy, and orders 1 to 4 against SymPy and 40-digit differences."""

from __future__ import annotations

import pytest

import gradscribe as gs
from tests import references
from tests.programs.generate import generate
from tests.programs.load import load_module
from tests.programs.scalar import CASES, nested

POINTS = [pytest.param(case, point, id=case.name) for case in CASES for point in case.points]


@pytest.mark.parametrize(("case", "point"), POINTS)
def test_gradient_is_that_of_sympy(case, point):
    derivative = gs.value_and_grad(case.function, argnums=tuple(range(len(point))))
    value, gradient = derivative(*point)
    assert value == case.function(*point)
    expression, symbols = references.sympy_expression(case.source, case.name, point)
    at = dict(zip(symbols, point))
    expected = [float(expression.diff(symbol).subs(at).evalf(20)) for symbol in symbols]
    assert list(gradient) == pytest.approx(expected, rel=1e-12, abs=1e-13)
    assert all(type(one) is float for one in gradient)


@pytest.mark.parametrize("order", [2, 3, 4])
@pytest.mark.parametrize(("case", "point"), POINTS)
def test_orders_two_to_four_are_those_of_sympy(case, point, order):
    function = case.function
    for _ in range(order):
        function = gs.grad(function, create_graph=True)
    expression, symbols = references.sympy_expression(case.source, case.name, point)
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
    (case,) = [case for case in CASES if case.function is nested]
    xy = gs.grad(gs.grad(nested, 0, create_graph=True), 1)(0.6, 0.9)
    yx = gs.grad(gs.grad(nested, 1, create_graph=True), 0)(0.6, 0.9)
    expression, (x, y) = references.sympy_expression(case.source, case.name, (0.6, 0.9))
    expected = float(expression.diff(x, y).subs({x: 0.6, y: 0.9}).evalf(20))
    assert xy == pytest.approx(expected, rel=1e-12)
    assert yx == pytest.approx(expected, rel=1e-12)

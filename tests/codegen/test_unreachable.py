"""Generated source has nothing after a `raise`, and no `else` beside one."""

from __future__ import annotations

import ast

import numpy as np
import pytest

import gradscribe as gs


def checked_first(x, n):
    if n < 1:
        raise ValueError("no steps")
    s = x
    for _ in range(n):
        s = s * np.sin(s)
    return s


def checked_inside(x, n):
    s = x
    for i in range(n):
        if s > 10.0:
            raise ValueError(f"too large in step {i}")
        elif s > 1.0:
            t = s * s
        else:
            t = np.exp(s)
        s = s + 0.1 * t
    return s


def both_ways(x, n):
    if n > 2:
        if x > 5.0:
            raise ValueError("large")
        else:
            raise TypeError("many")
    return x * x


def caught(x, n):
    try:
        if n > 2:
            raise ValueError("many")
        y = x * x
    except ValueError:
        y = 3.0 * x
    return y


CASES = (checked_first, checked_inside, both_ways, caught)


def bodies(tree):
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            body = getattr(node, name, None)
            if isinstance(body, list):
                yield body


@pytest.mark.parametrize("function", CASES)
@pytest.mark.parametrize("order", [1, 2])
def test_nothing_follows_a_raise_and_no_else_stands_beside_one(function, order):
    inner = gs.grad(function, create_graph=True) if order == 2 else function
    derivative = gs.grad(inner).compile(0.7, 2)
    tree = ast.parse(derivative.source)
    for body in bodies(tree):
        assert not any(isinstance(statement, ast.Raise) for statement in body[:-1])
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise):
            assert not node.orelse


@pytest.mark.parametrize("function", CASES)
@pytest.mark.parametrize(("x", "n"), [(0.7, 2), (0.7, 0), (12.0, 3), (0.7, 3)])
def test_it_raises_where_the_function_does_and_is_right_elsewhere(function, x, n):
    derivative = gs.grad(function)
    try:
        function(x, n)
    except (ValueError, TypeError) as error:
        with pytest.raises(type(error), match=str(error)):
            derivative(x, n)
        return
    step = 1e-6
    expected = (function(x + step, n) - function(x - step, n)) / (2.0 * step)
    assert derivative(x, n) == pytest.approx(expected, rel=1e-7)

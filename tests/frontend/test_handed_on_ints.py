"""Int arguments that a function hands on to a derivative: known inside of that where they are asked for."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

import gradscribe as gs


def counted(x, n):
    counts = Counter()
    for i in range(n):
        counts[i % 2] += 1
    return np.sum(x**3) * counts[0] + counts[1]


def powers(x, n):
    terms = tuple(x**k for k in range(n))
    return np.sum(terms[-1]) + np.sum(terms[1])


def trajectory(x, n):
    y = x * 1.0
    rows = [y, y]
    for i in range(n):
        rows[i % 2] = rows[1 - i % 2] + x * y
    return np.sum(rows[0] * rows[1])


def along(function):
    def product(w, x, n):
        return np.sum(w * gs.grad(function, create_graph=True)(x, n))

    return product


def with_other_arguments(function):
    def product(w, *args):
        x, n = args
        return np.sum(w * gs.grad(function, create_graph=True)(x, n + 1))

    return product


@pytest.mark.parametrize("nested", [along, with_other_arguments])
@pytest.mark.parametrize("function", [counted, powers, trajectory])
def test_second_derivatives_with_ints_that_are_handed_on(function, nested):
    x, w, n, step = np.array([1.5, 0.7]), np.array([0.3, -0.8]), 4, 1e-5
    first = gs.grad(function)
    later = n + (nested is with_other_arguments)
    expected = (first(x + step * w, later) - first(x - step * w, later)) / (2 * step)
    derivative = gs.grad(nested(function), argnums=1)
    np.testing.assert_allclose(derivative(w, x, n), expected, rtol=1e-6)
    longer = (first(x + step * w, later + 1) - first(x - step * w, later + 1)) / (2 * step)
    np.testing.assert_allclose(derivative(w, x, n + 1), longer, rtol=1e-6)

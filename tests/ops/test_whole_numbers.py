"""Operands that are integers of few bits, or masks: what the derivative computes with them does not wrap."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special as sp

import gradscribe as gs
from gradscribe.errors import UnsupportedOperationError
from tests.programs.load import load_module

X = np.array([1.01, 0.4, 1.3])
GREYS = np.array([100, 200, 3], np.uint8)
LEVELS = np.array([-100, 10, 100], np.int8)
IMAGE = np.array([[100, 120, 3], [90, 128, 7], [1, 2, 250]], np.uint8)
EXPRESSIONS = (
    "np.sum(x ** n)",
    "np.sum(np.float_power(x, n) + np.float_power(x, p))",
    "np.sum(u ** x)",
    "np.sum(sp.xlogy(x, u) + sp.xlog1py(x, u))",
    "np.sum(np.arctan2(x, u) + np.hypot(u, x))",
    "np.sum(np.interp(x, [0, 1, 2], u))",
    "np.sum(np.interp(100 * x, n, u) * u)",
    "np.interp(100 * x[0], n, n)",
    "np.sum(np.gradient(x ** 2, u) + np.gradient(x, n, edge_order=2))",
    "np.sum(np.gradient(np.gradient(x, [3, 5, 6]), 2))",
    "np.linalg.multi_dot([u, m * x, 1.0 * n])",
    "np.sum(np.linalg.multi_dot([x, m.astype(int), u.astype(int)]))",
    "np.einsum('i,ij,j->', x, m, u)",
    "np.einsum('i,ij,j->', x, m.astype(int), u.astype(int), optimize=True)",
    "np.sum(np.einsum('i,ij->j', x, m, optimize=True) * u)",
)


def function_of(expression):
    text = (
        f"import numpy as np\nimport scipy.special as sp\n\ndef f(x, u, n, p, m):\n    return {expression}\n"
    )
    return load_module(text).f


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_derivatives_are_those_with_floats(expression):
    f, given = function_of(expression), (GREYS, np.array([-128, 3, 100], np.int8), X > 1.0, IMAGE)
    floats = tuple(value.astype(float) for value in given)
    slope = lambda x, k: (f(x + 1e-6 * k, *given) - f(x - 1e-6 * k, *given)) / 2e-6  # noqa: E731
    expected = gs.grad(f)(X, *floats)
    scale = np.max(np.abs(expected))
    np.testing.assert_allclose(expected, [slope(X, k) for k in np.eye(3)], rtol=1e-4, atol=1e-6 * scale)
    np.testing.assert_allclose(gs.grad(f)(X, *given), expected, rtol=1e-12, atol=1e-14 * scale)
    v = np.array([0.3, -1.1, 0.6])
    _, tangent = gs.jvp(lambda x: f(x, *given), (X,), (v,))
    np.testing.assert_allclose(tangent, expected @ v, rtol=1e-12)
    second, converted = (gs.hvp(lambda x, rest=rest: f(x, *rest), (X,), (v,)) for rest in (given, floats))
    np.testing.assert_allclose(second, converted, rtol=1e-12, atol=1e-14 * np.max(np.abs(converted)))


@pytest.mark.parametrize(
    "expression",
    [
        "np.sum(np.linalg.multi_dot([x, m, n]))",
        "np.sum(np.linalg.multi_dot([m, m > 3, x]))",
        "np.einsum('i,ij,j->', x, m, u, optimize=True)",
    ],
)
def test_products_of_which_numpy_chooses_the_order(expression):
    f, given = function_of(expression), (GREYS, LEVELS, X > 1.0, IMAGE)
    with pytest.raises(UnsupportedOperationError, match=r"GS20[23](.|\n)*astype\(float\)"):
        gs.grad(f)(X, *given)
    gs.grad(f)(X, *(value.astype(float) for value in given))


def test_the_reference_is_right_where_numpy_has_no_float_of_few_bits():
    assert np.log(GREYS).dtype == np.float16
    np.testing.assert_allclose(gs.grad(lambda x: np.sum(sp.xlogy(x, GREYS)))(X), np.log([100.0, 200.0, 3.0]))

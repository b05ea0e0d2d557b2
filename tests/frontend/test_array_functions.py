"""Functions of NumPy that take functions, and objects that are called by indexing them."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import GradscribeError

MATRIX = np.arange(6.0).reshape(2, 3) + 0.5
VECTOR = np.array([1.5, 2.5, -0.5])


def rows(x):
    return np.sum(np.apply_along_axis(lambda row: row * row.sum(), 1, x))


def columns_to_numbers(x):
    return np.sum(np.apply_along_axis(np.sum, 0, x) ** 2)


def columns_to_columns(x):
    return np.sum(np.apply_along_axis(lambda column: column[0] * column, 0, x) ** 2)


def layers(x):
    return np.sum(np.apply_along_axis(lambda row: row**2, -1, np.stack([x, 2.0 * x])))


def pieces(x):
    return np.sum(np.piecewise(x, [x < 1, x >= 3], [lambda v: v**2, lambda v: 3 * v, 7.0]))


def pieces_with_arguments(x):
    return np.sum(np.piecewise(x, [x < 1, x >= 1], [lambda v, a: a * v, lambda v, a: v / a], 2.0))


def joined(x):
    return np.sum(np.r_[x, 1.0, x[1:], 0:3] ** 2)


def columns(x):
    return np.sum(np.c_[x, x**2][:, 1] * np.arange(3.0))


def sliced(x):
    return np.sum(x[np.s_[1:, ::2]]) + np.sum(x[np.index_exp[0, 1:]] ** 2)


CASES = (
    *(
        (function, MATRIX)
        for function in (rows, columns_to_numbers, columns_to_columns, layers, pieces, sliced)
    ),
    *((function, VECTOR) for function in (pieces_with_arguments, joined, columns)),
)


@pytest.mark.parametrize(("function", "x"), CASES, ids=[function.__name__ for function, _ in CASES])
def test_value_and_derivative(function, x):
    value, _ = gs.value_and_grad(function)(x)
    assert value == function(x)
    gs.testing.check_grads(function, (x,))


def directive(x):
    return np.sum(np.r_["0,2", x, x])


def narrow(x):
    return np.sum(np.r_[x, 1.0])


def counted_by_an_imaginary_step(x):
    return np.sum(np.r_[x, 0:1:3j])


@pytest.mark.parametrize("function", [directive, narrow, counted_by_an_imaginary_step])
def test_what_has_another_meaning_is_refused(function):
    x = VECTOR.astype(np.float32) if function is narrow else VECTOR
    with pytest.raises(GradscribeError, match="not supported"):
        gs.grad(function)(x)

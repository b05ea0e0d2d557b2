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


def coordinates(x):
    h, w = x.shape
    ys, xs = np.mgrid[0:h, 1 : 2 * w : 2]
    return np.sum(x * np.sin(ys * x[0, 0] + xs))


def open_coordinates(x):
    ys, xs = np.ogrid[: x.shape[0], 0.5:1.5:0.25]
    return np.sum(ys * x[0, 0] + np.cos(xs * x[0, 1]))


def points_between(x):
    grid = np.mgrid[x[0] : x[1] : 5j, 0:2]
    return (
        np.sum(grid[0] ** 3 * (1 + grid[1]))
        + np.sum(np.mgrid[0 : x[2] : 4j] ** 2)
        + np.sum(np.ogrid[:3] * x[0])
    )


def line_by_an_imaginary_step(x):
    return np.sum(np.r_[x, 0:1:3j, x[0] : x[1] : 4j] ** 2)


CASES = (
    *(
        (function, MATRIX)
        for function in (
            rows,
            columns_to_numbers,
            columns_to_columns,
            layers,
            pieces,
            sliced,
            coordinates,
            open_coordinates,
        )
    ),
    *(
        (function, VECTOR)
        for function in (pieces_with_arguments, joined, columns, points_between, line_by_an_imaginary_step)
    ),
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


def points_at_float_steps(x):
    return np.sum(np.mgrid[0 : x[0] : 0.1, 0:2])


def grid_without_end(x):
    return np.sum(np.mgrid[:3, 1:] * x[0])


@pytest.mark.parametrize("function", [directive, narrow, points_at_float_steps, grid_without_end])
def test_what_has_another_meaning_is_refused(function):
    x = VECTOR.astype(np.float32) if function is narrow else VECTOR
    with pytest.raises(GradscribeError, match="GS204"):
        gs.grad(function)(x)

"""Sparse matrices as constants: products from either side, systems, in both modes."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg

import gradscribe as gs

DENSE = np.array([[4.0, 0.0, 1.0], [0.0, 3.0, 0.0], [0.5, 0.0, 2.0]])
WIDE = scipy.sparse.csr_array(DENSE[:2])
SQUARE = scipy.sparse.csc_matrix(DENSE)
X = np.array([0.3, -1.2, 0.7])


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.sum((WIDE @ x) ** 3),
        lambda x: np.sum((x[:2] @ WIDE) ** 3),
        lambda x: np.sum((SQUARE @ np.outer(x, x)) ** 2),
        lambda x: np.sum(scipy.sparse.linalg.spsolve(SQUARE, x * x) ** 2),
        lambda x: np.sum(scipy.sparse.linalg.spsolve(SQUARE.T, x * x) ** 2),
        lambda x: np.sum((WIDE.T @ x[:2]) ** 3),
        lambda x: np.sum((x @ WIDE.T) ** 3) * WIDE.T.shape[0],
        lambda x: np.sum((WIDE.transpose().T @ x) ** 3),
        lambda x: np.sum(WIDE.dot(x) ** 3 + SQUARE.T.dot(x)[:2]),
        lambda x: np.sum((SQUARE * x) ** 3 + (x * SQUARE) ** 2),
    ],
)
def test_both_modes_and_second_order(function):
    gs.testing.check_grads(function, (X,), order=2)
    value, _ = gs.value_and_grad(function)(X)
    assert value == function(X)


def test_the_transpose_is_written():
    gradient = gs.grad(lambda x: np.sum((WIDE @ x) ** 2))
    np.testing.assert_allclose(gradient(X), 2.0 * DENSE[:2].T @ (DENSE[:2] @ X), rtol=1e-14)
    assert ".T @ " in gradient.source


def test_entries_that_change_are_seen():
    matrix = scipy.sparse.csr_array(DENSE)
    gradient = gs.grad(lambda x: np.sum(matrix @ x))
    before = gradient(X)
    matrix.data *= 2.0
    np.testing.assert_array_equal(gradient(X), 2.0 * before)


def test_what_is_computed_of_a_matrix_belongs_outside():
    with pytest.raises(gs.errors.GradscribeError, match="tocsc"):
        gs.grad(lambda x: np.sum(scipy.sparse.linalg.spsolve(WIDE.tocsc(), x)))(X)
    with pytest.raises(gs.errors.GradscribeError, match="csr_array"):
        gs.grad(lambda x: np.sum(WIDE * x))(X)


def test_systems_in_single_precision():
    gradient = gs.grad(lambda x: np.sum(scipy.sparse.linalg.spsolve(SQUARE, x) ** 2))
    single = gradient(X.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, gradient(X), rtol=1e-5)

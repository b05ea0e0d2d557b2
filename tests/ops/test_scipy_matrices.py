"""Functions of scipy.linalg whose results depend on lengths, or have complex entries."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg

import gradscribe as gs

C, B = np.array([4.0, 1.0j, 0.2]), np.array([0.3 + 0.4j, -0.7 + 0.1j, 0.9 - 0.5j])


def test_circulant_systems_of_complex_numbers():
    def f(t):
        return np.sum(np.abs(scipy.linalg.solve_circulant(C * t, t**2 * B)) ** 2)

    def real_column(t):
        return np.sum(scipy.linalg.solve_circulant(C.real * t, B.real[:, None]) ** 2)

    gs.testing.check_grads(f, (0.7,), order=2)
    gs.testing.check_grads(real_column, (0.7,), order=2)


def left_over(a, b):
    return np.sum(scipy.linalg.lstsq(a, b)[1])


def test_least_squares_have_a_sum_of_squares_only_where_something_is_left_over():
    a, b = np.random.default_rng(0).normal(size=(2, 5, 3))
    gs.testing.check_grads(left_over, (a, b), order=2)
    gs.testing.check_grads(left_over, (a, b[:, 0]), order=2)
    np.testing.assert_array_equal(gs.grad(left_over)(a[:3], b[:3]), np.zeros((3, 3)))
    with pytest.raises(ValueError, match="not more rows than columns"):
        gs.grad(left_over)(a[:3], b[:3, 0])
    with pytest.raises(ValueError, match="not more rows than columns"):
        gs.jvp(left_over, (a[:3], b[:3, 0]), (a[:3], b[:3, 0]))


def test_vectors_of_real_eigenvalues_move_by_real_numbers():
    a = np.array([[2.0, 1.0], [0.5, 3.0]])
    values, vectors = gs.jvp(scipy.linalg.eig, (a,), (a,))[1]
    assert (values.dtype, vectors.dtype) == (np.complex128, np.float64)
    gs.testing.check_grads(lambda x: np.sum(np.abs(scipy.linalg.eig(x)[1]) ** 3), (a,), order=2)

"""Least squares without negative coefficients, against SciPy's exact method and the known derivative."""

from __future__ import annotations

import numpy as np
import scipy.optimize

import gradscribe as gs
from gradscribe import optim

RNG = np.random.default_rng(0)
A = RNG.normal(size=(12, 5))
B = A @ np.array([[1.0, 0.2], [-1.0, 1.0], [2.0, -0.5], [0.0, -1.0], [0.5, 3.0]]) + 0.1 * RNG.normal(
    size=(12, 2)
)


def test_solutions_are_those_of_scipy():
    found = optim.nnls(A, B, 3000)
    for k in range(2):
        np.testing.assert_allclose(found[:, k], scipy.optimize.nnls(A, B[:, k])[0], atol=1e-12)
        np.testing.assert_allclose(optim.nnls(A, B[:, k], 3000, L=100.0), found[:, k], atol=1e-12)
    np.testing.assert_array_equal(optim.nnls(np.zeros((3, 2)), np.ones(3), 5), np.zeros(2))
    assert optim.nnls(A.astype(np.float32), B.astype(np.float32), 10).dtype == np.float32


def test_steps_are_differentiated_and_converged_ones_are_the_derivative_of_the_solution():
    gs.testing.check_grads(lambda a, b: np.sum(np.sin(optim.nnls(a, b, 25))), (A, B))
    x = optim.nnls(A, B[:, 0], 3000)
    gradient = gs.grad(lambda b: np.sum(np.sin(optim.nnls(A, b, 3000))))(B[:, 0])
    np.testing.assert_allclose(gradient, np.linalg.pinv(A[:, x > 0]).T @ np.cos(x[x > 0]), rtol=1e-9)

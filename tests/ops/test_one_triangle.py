"""Factorisations of symmetric matrices read one triangle: their derivatives are by what is read."""

import numpy as np
import pytest
import scipy.linalg

import gradscribe as gs
from tests.references import difference

RNG = np.random.default_rng(0)
WEIGHTS = RNG.normal(size=(3, 3))
HALF = RNG.normal(size=(3, 3))
# The triangles differ, so that it shows which one is read.
MATRIX = HALF @ HALF.T + 3.0 * np.eye(3) + 0.3 * np.triu(RNG.normal(size=(3, 3)), k=1)

FUNCTIONS = {
    "cholesky": lambda a: np.sum(WEIGHTS * np.linalg.cholesky(a)),
    "cholesky, upper": lambda a: np.sum(WEIGHTS * np.linalg.cholesky(a, upper=True)),
    "eigh": lambda a: np.sum(np.linalg.eigh(a)[1] ** 2 * WEIGHTS) + np.linalg.eigh(a)[0][0] ** 2,
    "eigh, U": lambda a: np.sum(np.linalg.eigh(a, UPLO="U")[1] ** 2 * WEIGHTS),
    "eigvalsh": lambda a: np.linalg.eigvalsh(a)[1] ** 2,
    "eigvalsh, U": lambda a: np.linalg.eigvalsh(a, UPLO="U")[1] ** 2,
    "scipy cholesky": lambda a: np.sum(WEIGHTS * scipy.linalg.cholesky(a)),
    "scipy cholesky, lower": lambda a: np.sum(WEIGHTS * scipy.linalg.cholesky(a, lower=True)),
    "cho_factor": lambda a: np.sum(WEIGHTS * scipy.linalg.cho_factor(a)[0]),
    "cho_factor, lower": lambda a: np.sum(WEIGHTS * scipy.linalg.cho_factor(a, lower=True)[0]),
    "scipy eigh": lambda a: np.sum(scipy.linalg.eigh(a)[1] ** 2 * WEIGHTS),
}


def by_differences(function, a):
    """The derivative by each entry, along the last two axes."""
    units = [np.eye(9)[k].reshape(3, 3) for k in range(9)]
    found = [difference(lambda t, unit=unit: function(a + t * unit), 1e-3) for unit in units]
    return np.stack(found, axis=-1).reshape(*np.shape(found[0]), 3, 3)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives_are_by_what_is_read(name):
    function = FUNCTIONS[name]
    derived = gs.grad(function)
    expected = by_differences(function, MATRIX)
    assert np.allclose(derived(MATRIX), expected, rtol=1e-6, atol=1e-8)
    direction = RNG.normal(size=(3, 3))
    _, tangent = gs.jvp(function, (MATRIX,), (direction,))
    assert tangent == pytest.approx(np.vdot(expected, direction), rel=1e-6)
    assert np.allclose(gs.hessian(function)(MATRIX), by_differences(derived, MATRIX), rtol=1e-5, atol=1e-6)


def of_one_triangle(x):
    a = np.zeros((2, 2))
    a[0, 0] = 2.0
    a[1, 0] = x[0]
    a[1, 1] = x[1]
    return np.linalg.eigvalsh(a)[1] + np.linalg.cholesky(a)[1, 1]


def test_matrix_of_which_only_that_triangle_is_filled():
    x = np.array([0.3, 3.0])
    expected = [difference(lambda t, unit=unit: of_one_triangle(x + t * unit)) for unit in np.eye(2)]
    assert np.allclose(gs.grad(of_one_triangle)(x), expected, rtol=1e-8)

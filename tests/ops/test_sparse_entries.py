"""Sparse matrices made of active values: values are SciPy's, derivatives pass through the entries."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse import csr_matrix, diags
from scipy.sparse.linalg import spsolve

import gradscribe as gs
from tests.programs.checks import assert_same_bits

ROWS, COLS = np.array([0, 0, 1, 2, 2, 2]), np.array([0, 2, 1, 0, 2, 2])
N = 9
RNG = np.random.default_rng(2)
Y, K, D = RNG.normal(size=N), 1.0 + RNG.random(N + 1), 1.0 + RNG.random(6)
X = RNG.normal(size=(3, 2))


def product(d, x):
    """Two entries stand at one place."""
    matrix = csr_matrix((d, (ROWS, COLS)), shape=(3, 3))
    return np.sum((matrix @ x) ** 2) + np.sum(matrix.T @ x[:, 0])


def of_two_vectors(d, x):
    return np.sum(sparse.csc_array((d, (ROWS, COLS))).dot(x[:, 1]) ** 3)


def conductivity(k):
    """One dimension of diffusion, solved."""
    matrix = diags([k[:-1] + k[1:], -k[1:-1], -k[1:-1]], [0, 1, -1], format="csc")
    return np.sum(spsolve(matrix, Y) ** 2)


def sums(d, c, x):
    matrix = sparse.coo_matrix((d, (ROWS, COLS)))
    other = (c * matrix.tocsr() + 2.0 * sparse.identity(3, format="csr")) / 1.5 - matrix.tocsr() * 0.1
    return np.sum((other @ x) ** 2) + np.sum(other.toarray() ** 3) + np.sum((-other).transpose() @ x)


def implicit_steps(k, u):
    matrix = diags([k, 0.5 * k[1:]], [0, 1]).tocsc()
    for _ in range(3):
        u = spsolve(sparse.identity(N, format="csc") + 0.1 * matrix, u)
    return np.sum(u**2)


CASES = (
    (product, (D, X)),
    (of_two_vectors, (D, X)),
    (conductivity, (K,)),
    (sums, (D, 0.7, X)),
    (implicit_steps, (K[:N], Y)),
)


@pytest.mark.parametrize(("function", "args"), CASES, ids=lambda item: getattr(item, "__name__", ""))
def test_values_modes_and_orders(function, args):
    argnums = tuple(range(len(args)))
    value, _ = gs.value_and_grad(function, argnums)(*args)
    assert_same_bits(value, function(*args), "value")
    gs.testing.check_grads(function, args, order=2)
    gradient = gs.grad(function, argnums, create_graph=True)
    moves = tuple(np.ones_like(x)[()] if isinstance(x, np.ndarray) else 1.0 for x in args)

    def along(*given):
        return sum(np.sum(g) for g in gradient(*given))

    again = gs.grad(along, argnums)(*args)
    for one, other in zip(again, gs.jvp(gradient, args, moves)[1], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-10)


def test_what_is_not_known_of_a_matrix_is_refused():
    with pytest.raises(gs.errors.GradscribeError, match="eliminate_zeros"):
        gs.grad(lambda d: csr_matrix((d, (ROWS, COLS))).eliminate_zeros())(D)


PLACES = ([0, 1, 2], [1, 0, 2])
Z = np.array([0.3 + 0.4j, -0.7 + 0.1j, 0.9 - 0.5j])


def with_complex_entries(t):
    matrix = csr_matrix((Z * t, PLACES), shape=(3, 3))
    total = np.sum(np.abs(matrix @ Z) ** 4) + np.sum(np.abs(matrix.toarray()) ** 3)
    return total + np.sum(np.abs(matrix @ np.stack([Z, 2.0 * Z], 1)) ** 2)


def with_complex_vectors(t):
    matrix = csr_matrix((np.array([0.5, 2.0, 1.5]) * t, PLACES), shape=(3, 3))
    return np.sum(np.abs(matrix @ (Z * t)) ** 4)


@pytest.mark.parametrize("function", [with_complex_entries, with_complex_vectors])
def test_products_with_complex_numbers(function):
    gs.testing.check_grads(function, (0.7,), order=2)


def test_products_in_single_precision():
    x = np.array([0.3, -0.2, 0.7], np.float32)
    gradient = gs.grad(lambda x: np.sum(csr_matrix((x, PLACES), shape=(3, 3)) @ x))(x)
    assert gradient.dtype == np.float32

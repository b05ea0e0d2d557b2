"""One array as several operands of an operation: what reaches it by way of each of them is added once."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
import scipy.stats

import gradscribe as gs

X = np.array([4.0, 1.0, 0.5, 0.3])
M = np.array([[4.0, 1.0], [0.5, 3.0]])
WEIGHTS = np.array([0.3, -1.2, 0.7, 2.0])


def toeplitz_system(x):
    return WEIGHTS @ scipy.linalg.solve_toeplitz((x, x), x)


def circulant_system(x):
    return WEIGHTS @ scipy.linalg.solve_circulant(x, x * x) + WEIGHTS @ scipy.linalg.solve_circulant(x, x)


def tridiagonal(x):
    return np.sum(scipy.linalg.eigvalsh_tridiagonal(x, x[1:]) ** 3)


def products(m):
    return np.sum(np.sin(scipy.linalg.khatri_rao(m, m)))


def sylvester(m):
    return np.sum(np.sin(scipy.linalg.solve_sylvester(m, m, m)))


def least_squares(m):
    return np.sum(np.sin(scipy.linalg.lstsq(m, m[0])[0]))


def products_and_covariances(m):
    return np.sum(np.kron(m, m) ** 2) + np.sum(np.cov(m, m))


def correlated(x):
    return (
        np.sum(np.correlate(x, x, "full") ** 2) + np.sum(np.convolve(x, x) ** 2) + np.corrcoef(x, x**2)[0, 1]
    )


def density(x):
    return scipy.stats.norm.logpdf(x, x, x).sum() + scipy.stats.gamma.logpdf(x, x, scale=x).sum()


@pytest.mark.parametrize("function", [toeplitz_system, circulant_system, tridiagonal, correlated, density])
def test_gradient_with_respect_to_a_repeated_vector(function):
    gs.testing.check_grads(function, (X,), order=2)


@pytest.mark.parametrize("function", [products, sylvester, least_squares, products_and_covariances])
def test_gradient_with_respect_to_a_repeated_matrix(function):
    gs.testing.check_grads(function, (M,), order=2)

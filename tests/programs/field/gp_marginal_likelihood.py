"""Geostatistics: marginal likelihood of a Gaussian process with an ARD squared-exponential kernel."""

import numpy as np
from numpy.linalg import cholesky, solve


def rbf(X1, X2, lengthscales, variance):
    A = X1 / lengthscales
    B = X2 / lengthscales
    sq = np.sum(A**2, axis=1)[:, None] + np.sum(B**2, axis=1)[None, :] - 2 * A @ B.T
    return variance * np.exp(-0.5 * np.maximum(sq, 0.0))


def negative_log_marginal(log_params, X, y, mean=0.0):
    d = X.shape[1]
    lengthscales = np.exp(log_params[:d])
    variance, noise = np.exp(log_params[d]), np.exp(log_params[d + 1])
    n = len(y)
    K = rbf(X, X, lengthscales, variance)
    K[np.diag_indices(n)] += noise + 1e-8
    L = cholesky(K)
    alpha = solve(L.T, solve(L, y - mean))
    return 0.5 * (y - mean) @ alpha + np.log(np.diag(L)).sum() + 0.5 * n * np.log(2 * np.pi)


def arguments(rng, n):
    return np.array([0.1, -0.2, 0.3, -1.0]), rng.normal(size=(n, 2)), rng.normal(size=n)


PROGRAM = negative_log_marginal
SIZES = (5, 80)

"""Bayesian optimisation: a Gaussian process whose kernel matrix gets more jitter until it can be factorised."""

import numpy as np
from numpy.linalg import LinAlgError, cholesky, solve


def stable_cholesky(K, jitter=1e-4, tries=6):
    for _ in range(tries):
        try:
            return cholesky(K + jitter * np.eye(len(K)))
        except LinAlgError:
            jitter *= 10.0
    raise LinAlgError(f"not positive definite, even with {jitter}")


def expected_improvement(x, X, y, lengthscale):
    D = (X[:, None] - X[None, :]) / lengthscale
    K = np.exp(-0.5 * D**2) - 0.02 * np.eye(len(y))
    L = stable_cholesky(K)
    k = np.exp(-0.5 * ((x - X) / lengthscale) ** 2)
    mean = k @ solve(L.T, solve(L, y))
    v = solve(L, k)
    variance = 1.0 + 1e-2 - v @ v / len(y)
    z = (mean - np.max(y)) / np.sqrt(variance)
    return np.tanh(z) * np.sqrt(variance) + mean


def arguments(rng, n):
    return 1.3, np.sort(rng.uniform(0.0, 3.0, size=n)), rng.normal(size=n), 0.7


PROGRAM = expected_improvement
SIZES = (6, 60)

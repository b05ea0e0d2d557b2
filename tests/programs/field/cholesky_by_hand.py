"""Linear algebra: log-density of a Gaussian with a Cholesky factorisation and solves written out in loops."""

import numpy as np


def cholesky(A):
    n = A.shape[0]
    L = np.zeros_like(A)
    for i in range(n):
        for j in range(i + 1):
            s = A[i, j]
            for k in range(j):
                s -= L[i, k] * L[j, k]
            if i == j:
                L[i, i] = np.sqrt(s)
            else:
                L[i, j] = s / L[j, j]
    return L


def forward_substitution(L, b):
    x = np.zeros_like(b)
    for i in range(len(b)):
        x[i] = (b[i] - np.dot(L[i, :i], x[:i])) / L[i, i]
    return x


def gaussian_log_density(x, mu, sigma):
    L = cholesky(sigma)
    z = forward_substitution(L, x - mu)
    log_det = 0.0
    for i in range(len(mu)):
        log_det += 2.0 * np.log(L[i, i])
    return -0.5 * (z @ z + log_det + len(mu) * np.log(2.0 * np.pi))


def arguments(rng, n):
    B = rng.normal(size=(n, n))
    return rng.normal(size=n), rng.normal(size=n), B @ B.T + n * np.eye(n)


PROGRAM = gaussian_log_density
SIZES = (4, 14)

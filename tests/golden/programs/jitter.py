"""A covariance matrix that may need a larger diagonal: an exception decides what is computed."""

import numpy as np


def negative_log_likelihood(scale, C, y):
    K = scale * C
    try:
        L = np.linalg.cholesky(K)
    except np.linalg.LinAlgError:
        L = np.linalg.cholesky(K + 0.1 * np.eye(len(y)))
    a = np.linalg.solve(L, y)
    return 0.5 * a @ a + np.sum(np.log(np.diag(L)))


def arguments(rng):
    a = rng.normal(size=(4, 2))
    return (1.5, a @ a.T - 0.01 * np.eye(4), rng.normal(size=4))


PROGRAM = negative_log_likelihood

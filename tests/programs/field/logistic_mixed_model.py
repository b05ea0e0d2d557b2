"""Biostatistics: a logistic regression with random intercepts, integrated by Gauss-Hermite quadrature."""

import numpy as np

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(7)
LOG_WEIGHTS = np.log(WEIGHTS) - 0.5 * np.log(2 * np.pi)


def log_sigmoid(x):
    return -np.logaddexp(0.0, -x)


def negative_log_likelihood(beta, log_tau, X, y, groups, n_groups):
    eta = X @ beta
    tau = np.exp(log_tau)
    signs = 2.0 * y - 1.0
    total = 0.0
    for g in range(n_groups):
        members = groups == g
        linear = eta[members]
        terms = log_sigmoid(signs[members][:, None] * (linear[:, None] + tau * NODES[None, :]))
        joint = terms.sum(axis=0) + LOG_WEIGHTS
        peak = joint.max()
        total += peak + np.log(np.sum(np.exp(joint - peak)))
    return -total


def arguments(rng, n):
    y = (rng.uniform(size=n) > 0.5).astype(float)
    return rng.normal(size=2), -0.3, rng.normal(size=(n, 2)), y, rng.integers(0, 3, size=n), 3


PROGRAM = negative_log_likelihood
SIZES = (8, 300)

"""Control engineering: negative log-likelihood of a linear Gaussian state-space model by the Kalman filter."""

import numpy as np


def predict(m, P, A, Q):
    m = A @ m
    P = A @ P @ A.T + Q
    return m, P


def update(m, P, y, H, R):
    v = y - H @ m
    S = H @ P @ H.T + R
    K = np.linalg.solve(S, H @ P).T
    m = m + K @ v
    P = P - K @ S @ K.T
    log_lik = -0.5 * (v @ np.linalg.solve(S, v) + np.linalg.slogdet(2 * np.pi * S)[1])
    return m, P, log_lik


def negative_log_likelihood(A, log_q, H, log_r, ys):
    n = A.shape[0]
    Q = np.exp(log_q) * np.eye(n)
    R = np.diag(np.exp(log_r))
    m = np.zeros(n)
    P = np.eye(n)
    total = 0.0
    for y in ys:
        m, P = predict(m, P, A, Q)
        m, P, ll = update(m, P, y, H, R)
        total += ll
    return -total


def arguments(rng, steps):
    A = 0.9 * np.eye(3) + 0.05 * rng.normal(size=(3, 3))
    return A, -1.0, rng.normal(size=(2, 3)), np.array([-0.5, -1.0]), rng.normal(size=(steps, 2))


PROGRAM = negative_log_likelihood
SIZES = (4, 100)

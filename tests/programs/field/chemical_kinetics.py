"""Chemistry: stiff kinetics by backward Euler; each step solved by Newton's method with the analytic Jacobian."""

import numpy as np


def rates(c, k):
    A, B, C = c
    r1 = k[0] * A
    r2 = k[1] * B * C
    r3 = k[2] * B**2
    return np.array([-r1 + r2, r1 - r2 - r3, r3])


def jacobian(c, k):
    _, B, C = c
    J = np.zeros((3, 3))
    J[0, 0] = -k[0]
    J[0, 1] = k[1] * C
    J[0, 2] = k[1] * B
    J[1, 0] = k[0]
    J[1, 1] = -k[1] * C - 2 * k[2] * B
    J[1, 2] = -k[1] * B
    J[2, 1] = 2 * k[2] * B
    return J


def backward_euler(c, k, dt):
    new = c.copy()
    for _ in range(20):
        residual = new - c - dt * rates(new, k)
        update = np.linalg.solve(np.eye(3) - dt * jacobian(new, k), -residual)
        new += update
        if np.linalg.norm(update) < 1e-12:
            return new
    raise RuntimeError("Newton's method did not converge")


def yield_error(log_k, c0, measured, dt):
    k = np.exp(log_k)
    c = c0
    error = 0.0
    for row in measured:
        c = backward_euler(c, k, dt)
        error += np.sum((c - row) ** 2)
    return error


def arguments(rng, steps):
    return np.array([0.1, 0.5, 1.0]), np.array([1.0, 0.1, 0.2]), rng.uniform(0, 1, size=(steps, 3)), 0.3


PROGRAM = yield_error
SIZES = (3, 30)

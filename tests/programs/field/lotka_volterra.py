"""Ecology: predator and prey by RK4 with the history kept in an array; least squares in log space."""

import numpy as np


def derivative(z, alpha, beta, gamma, delta):
    prey, predator = z
    dz = np.empty(2)
    dz[0] = alpha * prey - beta * prey * predator
    dz[1] = delta * prey * predator - gamma * predator
    return dz


def simulate(params, z0, dt, steps):
    history = np.zeros((steps + 1, 2))
    history[0] = z0
    for k in range(steps):
        z = history[k]
        k1 = derivative(z, **params)
        k2 = derivative(z + 0.5 * dt * k1, **params)
        k3 = derivative(z + 0.5 * dt * k2, **params)
        k4 = derivative(z + dt * k3, **params)
        history[k + 1] = z + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return history


def loss(params, z0, observed, dt):
    history = simulate(params, z0, dt, len(observed) - 1)
    return np.sum((np.log(history) - np.log(observed)) ** 2)


def arguments(rng, steps):
    params = {"alpha": 1.1, "beta": 0.4, "gamma": 0.4, "delta": 0.1}
    return params, np.array([10.0, 5.0]), rng.uniform(1.0, 10.0, size=(steps, 2)), 0.1


PROGRAM = loss
SIZES = (5, 100)

"""Physics: conduction with variable diffusivity on a plate, explicit steps on slices; misfit of the sensors."""

import numpy as np


def step(u, k, dt):
    flux_x = 0.5 * (k[1:, :] + k[:-1, :]) * (u[1:, :] - u[:-1, :])
    flux_y = 0.5 * (k[:, 1:] + k[:, :-1]) * (u[:, 1:] - u[:, :-1])
    new = u.copy()
    new[1:-1, :] += dt * (flux_x[1:, :] - flux_x[:-1, :])
    new[:, 1:-1] += dt * (flux_y[:, 1:] - flux_y[:, :-1])
    new[0, :] = 0.0
    new[-1, :] = 1.0
    return new


def sensor_misfit(u0, log_k, dt, sensors, readings, steps):
    k = np.exp(log_k)
    u = u0
    misfit = 0.0
    for n in range(steps):
        u = step(u, k, dt)
        if n % 2 == 1:
            misfit += np.sum((u[sensors[:, 0], sensors[:, 1]] - readings[n // 2]) ** 2)
    return misfit


def arguments(rng, n):
    sensors = np.array([[1, 1], [2, 1], [1, 2], [2, 1]])
    return rng.normal(size=(n, n)), 0.1 * rng.normal(size=(n, n)), 0.1, sensors, rng.normal(size=(3, 4)), 6


PROGRAM = sensor_misfit
SIZES = (4, 64)

"""Celestial mechanics: radial velocities of a planet; Kepler's equation by Newton's method in a while loop."""

import numpy as np


def eccentric_anomaly(M, e):
    E = M if e < 0.8 else np.pi
    delta = 1.0
    iterations = 0
    while abs(delta) > 1e-12 and iterations < 50:
        delta = (E - e * np.sin(E) - M) / (1.0 - e * np.cos(E))
        E -= delta
        iterations += 1
    return E


def radial_velocity(t, period, e, omega, K, t0):
    M = (2 * np.pi * (t - t0) / period) % (2 * np.pi)
    E = eccentric_anomaly(M, e)
    nu = 2 * np.arctan2(np.sqrt(1 + e) * np.sin(E / 2), np.sqrt(1 - e) * np.cos(E / 2))
    return K * (np.cos(nu + omega) + e * np.cos(omega))


def chi_squared(period, e, omega, K, t0, offset, times, velocities, sigma):
    total = 0.0
    for t, v in zip(times, velocities):
        model = radial_velocity(t, period, e, omega, K, t0) + offset
        total += ((v - model) / sigma) ** 2
    return total


def arguments(rng, n):
    return 7.3, 0.3, 0.8, 50.0, 1.1, -3.0, np.sort(rng.uniform(0.0, 30.0, n)), 40.0 * rng.normal(size=n), 5.0


PROGRAM = chi_squared
SIZES = (4, 40)

"""Astronomy: gravitating bodies by kick-drift-kick leapfrog; how far the last configuration misses a target."""

import numpy as np

G = 1.0
SOFTENING = 0.3


def acceleration(pos, mass):
    dx = pos[None, :, :] - pos[:, None, :]
    r2 = (dx**2).sum(axis=-1) + SOFTENING**2
    inv_r3 = r2**-1.5
    np.fill_diagonal(inv_r3, 0.0)
    return G * (dx * inv_r3[:, :, None] * mass[None, :, None]).sum(axis=1)


def energy(pos, vel, mass):
    kinetic = 0.5 * np.sum(mass * np.sum(vel**2, axis=1))
    potential = 0.0
    n = len(mass)
    for i in range(n):
        for j in range(i + 1, n):
            r = np.sqrt(np.sum((pos[i] - pos[j]) ** 2) + SOFTENING**2)
            potential -= G * mass[i] * mass[j] / r
    return kinetic + potential


def mission(pos, vel, mass, target, dt, steps):
    pos = pos.copy()
    vel = vel.copy()
    acc = acceleration(pos, mass)
    for _ in range(steps):
        vel += 0.5 * dt * acc
        pos += dt * vel
        acc = acceleration(pos, mass)
        vel += 0.5 * dt * acc
    miss = np.sum((pos - target) ** 2)
    return miss + 0.1 * energy(pos, vel, mass)


def arguments(rng, n):
    return (
        rng.normal(size=(n, 3)),
        0.1 * rng.normal(size=(n, 3)),
        rng.uniform(0.5, 1.0, n),
        np.ones((n, 3)),
        0.05,
        5,
    )


PROGRAM = mission
SIZES = (3, 12)

"""Structural dynamics: masses joined by damped springs, forces scattered over edges, symplectic Euler."""

import numpy as np


def forces(x, v, edges, stiffness, rest, damping):
    F = np.zeros_like(x)
    F[:, 1] -= 9.81
    i, j = edges[:, 0], edges[:, 1]
    d = x[j] - x[i]
    length = np.linalg.norm(d, axis=1)
    direction = d / length[:, None]
    closing = np.sum((v[j] - v[i]) * direction, axis=1)
    tension = stiffness * (length - rest) + damping * closing
    pull = tension[:, None] * direction
    np.add.at(F, i, pull)
    np.add.at(F, j, -pull)
    return F


def final_shape(x, stiffness, rest, damping, mass, edges, target, dt, steps):
    v = np.zeros_like(x)
    anchor = x[0].copy()
    for _ in range(steps):
        F = forces(x, v, edges, stiffness, rest, damping)
        v = v + dt * F / mass[:, None]
        x = x + dt * v
        x[0] = anchor
        v[0] = 0.0
    return np.sum((x[-1] - target) ** 2)


def arguments(rng, n):
    x = np.stack([np.arange(n), 0.3 * rng.normal(size=n)], axis=1)
    edges = np.array([(k, k + 1) for k in range(n - 1)] + [(k, k + 2) for k in range(n - 2)])
    return (
        x,
        rng.uniform(20, 40, len(edges)),
        rng.uniform(0.8, 1.2, len(edges)),
        0.5,
        np.ones(n),
        edges,
        np.array([1.0, -1.0]),
        0.02,
        5,
    )


PROGRAM = final_shape
SIZES = (4, 100)

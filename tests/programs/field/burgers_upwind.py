"""Fluid dynamics: viscous Burgers equation with upwind differences and a CFL-limited step, periodic in space."""

import numpy as np


def rhs(u, nu, dx):
    back = (u - np.roll(u, 1)) / dx
    ahead = (np.roll(u, -1) - u) / dx
    advection = np.where(u > 0, u * back, u * ahead)
    diffusion = nu * (np.roll(u, -1) - 2 * u + np.roll(u, 1)) / dx**2
    return diffusion - advection


def dissipation(u, nu, length, t_end):
    n = u.size
    dx = length / n
    t = 0.0
    dissipated = 0.0
    while t < t_end:
        dt = 0.4 * min(dx / np.max(np.abs(u)), 0.5 * dx**2 / nu)
        if t + dt > t_end:
            dt = t_end - t
        stage = u + dt * rhs(u, nu, dx)
        u = 0.5 * (u + stage + dt * rhs(stage, nu, dx))
        dissipated += dt * nu * np.sum(((np.roll(u, -1) - u) / dx) ** 2) * dx
        t += dt
    return dissipated


def arguments(rng, n):
    return np.sin(2 * np.pi * np.arange(n) / n) + 0.3 * rng.normal(size=n), 0.05, 1.0, 0.05


PROGRAM = dissipation
SIZES = (8, 64)

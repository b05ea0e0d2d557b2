"""Bayesian computation: energy error of a Hamiltonian Monte Carlo trajectory, as a function of its tuning."""

import numpy as np


def potential(q):
    x, rest = q[0], q[1:]
    return x**2 / 18.0 + np.sum(0.5 * np.exp(-x) * rest**2 + 0.5 * x)


def grad_potential(q):
    x, rest = q[0], q[1:]
    g = np.empty_like(q)
    g[0] = x / 9.0 + np.sum(-0.5 * np.exp(-x) * rest**2 + 0.5)
    g[1:] = np.exp(-x) * rest
    return g


def hamiltonian(q, p, inverse_mass):
    return potential(q) + 0.5 * np.dot(p, inverse_mass * p)


def energy_error(q, p, log_step, inverse_mass, n_leapfrog):
    eps = np.exp(log_step)
    start = hamiltonian(q, p, inverse_mass)
    p = p - 0.5 * eps * grad_potential(q)
    for i in range(n_leapfrog):
        q = q + eps * inverse_mass * p
        if i < n_leapfrog - 1:
            p = p - eps * grad_potential(q)
    p = p - 0.5 * eps * grad_potential(q)
    return (hamiltonian(q, -p, inverse_mass) - start) ** 2


def arguments(rng, n):
    return 0.5 * rng.normal(size=n), rng.normal(size=n), -2.0, rng.uniform(0.5, 1.5, n), 6


PROGRAM = energy_error
SIZES = (4, 100)

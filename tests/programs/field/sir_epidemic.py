"""Epidemiology: SIR compartments by RK4, Poisson likelihood of the daily new cases."""

import numpy as np


def sir(state, beta, gamma):
    susceptible, infected, _ = state
    infection = beta * susceptible * infected
    recovery = gamma * infected
    return np.array([-infection, infection - recovery, recovery])


def rk4_step(f, state, dt, *params):
    k1 = f(state, *params)
    k2 = f(state + dt / 2 * k1, *params)
    k3 = f(state + dt / 2 * k2, *params)
    k4 = f(state + dt * k3, *params)
    return state + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def negative_log_likelihood(theta, cases, population):
    beta, gamma, i0 = np.exp(theta)
    state = np.array([1.0 - i0, i0, 0.0])
    expected = []
    for day in range(len(cases)):
        before = state[0]
        for _ in range(4):
            state = rk4_step(sir, state, 0.25, beta, gamma)
        expected.append(population * (before - state[0]))
    mu = np.array(expected)
    return np.sum(mu - cases * np.log(mu))


def arguments(rng, days):
    return np.log([0.8, 0.3, 0.01]), rng.integers(1, 30, size=days).astype(float), 1000.0


PROGRAM = negative_log_likelihood
SIZES = (4, 40)

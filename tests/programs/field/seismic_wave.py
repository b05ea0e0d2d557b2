"""Geophysics: the acoustic wave equation with an absorbing edge; full-waveform misfit at the receivers."""

import numpy as np


def waveform_misfit(velocity, wavelet, observed, dt, dx, receivers):
    n = len(velocity)
    c2 = (velocity * dt / dx) ** 2
    damping = np.ones(n)
    damping[-3:] = np.linspace(0.95, 0.6, 3)
    past = np.zeros(n)
    now = np.zeros(n)
    traces = np.zeros((len(wavelet), len(receivers)))
    for it in range(len(wavelet)):
        future = np.zeros(n)
        lap = now[2:] - 2 * now[1:-1] + now[:-2]
        future[1:-1] = 2 * now[1:-1] - past[1:-1] + c2[1:-1] * lap
        future[1] += dt**2 * wavelet[it]
        future *= damping
        past, now = now * damping, future
        traces[it, :] = now[receivers]
    return 0.5 * np.sum((traces - observed) ** 2)


def arguments(rng, n):
    steps = n + 2
    return (
        rng.uniform(1.0, 1.5, n),
        100 * rng.normal(size=steps),
        rng.normal(size=(steps, 2)),
        0.1,
        0.25,
        np.array([2, n - 3]),
    )


PROGRAM = waveform_misfit
SIZES = (7, 80)

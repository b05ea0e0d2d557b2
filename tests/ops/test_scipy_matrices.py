"""Matrices of scipy.linalg whose entries are complex."""

from __future__ import annotations

import numpy as np
import scipy.linalg

import gradscribe as gs

C, B = np.array([4.0, 1.0j, 0.2]), np.array([0.3 + 0.4j, -0.7 + 0.1j, 0.9 - 0.5j])


def test_circulant_systems_of_complex_numbers():
    def f(t):
        return np.sum(np.abs(scipy.linalg.solve_circulant(C * t, t**2 * B)) ** 2)

    def real_column(t):
        return np.sum(scipy.linalg.solve_circulant(C.real * t, B.real[:, None]) ** 2)

    gs.testing.check_grads(f, (0.7,), order=2)
    gs.testing.check_grads(real_column, (0.7,), order=2)

"""`gs.testing.check_grads` accepts what is right and finds what is wrong, of complex numbers too."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs

Z = np.array([0.3 + 0.5j, -1.2 + 0.1j, 0.8 - 0.7j])


@pytest.mark.parametrize(
    "function",
    [
        lambda z: np.sum(np.abs(z) ** 2),
        lambda z: np.sum(np.sin(z)).real,
        lambda z: np.exp(z) * z,
        lambda z: np.conj(z) * np.abs(z),
    ],
)
def test_right_derivatives_of_complex_numbers(function):
    gs.testing.check_grads(function, (Z,))


def test_a_wrong_rule_is_found():
    @gs.custom_vjp
    def square(z):
        return z * z

    square.defvjp(lambda z: (z * z, z), lambda z, ct: (2.0 * np.conj(z) * ct,))
    with pytest.raises(AssertionError, match="mode is wrong"):
        gs.testing.check_grads(lambda z: np.sum(np.abs(square(z)) ** 2 + square(z).imag), (Z,))

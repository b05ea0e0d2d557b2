"""Derivative statements on Python floats where NumPy gives inf: they run again as NumPy computes."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs


def saturated(x):
    tau = 1 - x / 2.0 if x < 2.0 else 0.0
    return tau**0.35 * x + x**2


@pytest.mark.parametrize("x", [3.0, np.float64(3.0)])
def test_number_of_python_in_one_branch_does_not_raise(x):
    with np.errstate(all="ignore"):
        assert 6.0 == gs.grad(saturated)(x)
        value, tangent = gs.jvp(saturated, (x,), (1.0,))
    assert 9.0 == value
    assert np.isnan(tangent) or 6.0 == tangent


def root_in_a_loop(x, n):
    total = 0.0
    for _ in range(n):
        total = total**0.5 + x
    return total


@pytest.mark.parametrize("x", [2.0, np.float64(2.0)])
def test_number_that_a_loop_begins_with_is_one_of_python(x):
    with np.errstate(all="ignore"):
        found = gs.value_and_grad(root_in_a_loop)(x, 1)
    assert 2.0 == found[0]
    assert 1.0 == found[1] or np.isnan(found[1])


def angle_of_what_is_bound_in_a_branch(x, y):
    if x > 0.1:
        z = x + 1j * y
    return np.angle(z) + abs(1 / z)


def test_complex_numbers_of_python_stay_complex():
    found = gs.grad(angle_of_what_is_bound_in_a_branch, argnums=(0, 1))(0.3, 0.4)
    size = (0.3**2 + 0.4**2) ** 1.5
    np.testing.assert_allclose(found, (-0.4 / 0.25 - 0.3 / size, 0.3 / 0.25 - 0.4 / size), rtol=1e-14)


def reciprocal_of_nothing(x):
    return 1.0 / (x - x)


def test_error_of_the_function_itself_is_raised():
    with pytest.raises(ZeroDivisionError):
        reciprocal_of_nothing(2.0)
    with pytest.raises(ZeroDivisionError):
        gs.grad(reciprocal_of_nothing)(2.0)

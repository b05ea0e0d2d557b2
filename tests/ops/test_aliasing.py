"""What shares memory according to the table does so in programs: a write through one name is seen by the other."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import GradscribeError


def method_of_a_real_array(x):
    work = x * 2.0
    same = work.conj()
    same += 1.0
    return np.sum(work * work)


def dtype_called_on_its_own_array(x):
    work = x * 2.0
    same = np.float64(work)
    same[0] = 5.0
    return np.sum(work * work)


def first_power_of_a_matrix(x):
    work = np.outer(x, x)
    same = np.linalg.matrix_power(work, 1)
    same[0, 0] = 5.0
    return np.sum(work * work)


def differences_of_order_zero(x):
    work = x * 2.0
    same = np.diff(work, n=0)
    same[1] = 0.0
    return np.sum(work * work)


def conjugate_made_by_the_function(x):
    work = x * 2.0
    other = np.conj(work)
    other += 1.0
    return np.sum(work * other)


def diagonal_read_before_a_write(x):
    work = np.outer(x, x)
    diagonal = np.diag(work)
    work[0, 0] = 5.0
    return np.sum(diagonal * diagonal)


def diagonal_by_einsum_read_before_a_write(x):
    work = np.outer(x, x)
    diagonal = np.einsum("ii->i", work)
    work[0, 0] = 5.0
    return np.sum(diagonal * diagonal)


PROGRAMS = (
    method_of_a_real_array,
    dtype_called_on_its_own_array,
    first_power_of_a_matrix,
    differences_of_order_zero,
    conjugate_made_by_the_function,
    diagonal_read_before_a_write,
    diagonal_by_einsum_read_before_a_write,
)


def differences(function, x, h=1e-4):
    found = np.zeros_like(x)
    for k in range(x.size):
        step = np.zeros_like(x)
        step[k] = h
        found[k] = (function(x + step) - function(x - step)) / (2 * h)
    return found


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_a_write_is_seen_under_every_name(program):
    x = np.array([0.5, -1.5, 2.0])
    value, derivative = gs.value_and_grad(program)(x)
    assert value == program(x)
    np.testing.assert_allclose(derivative, differences(program, x), rtol=1e-6, atol=1e-6)


def test_a_write_into_a_diagonal_is_an_error_as_in_numpy():
    def writes(x):
        diagonal = np.diag(np.outer(x, x))
        diagonal[0] = 1.0
        return np.sum(diagonal)

    with pytest.raises(ValueError):
        writes(np.ones(2))
    with pytest.raises(GradscribeError):
        gs.grad(writes)(np.ones(2))

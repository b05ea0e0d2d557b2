"""Elements as Python numbers, by position or index; arrays of at least so many axes."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs

A = np.arange(12.0).reshape(3, 4) + 0.5


def items(x):
    return x.item(5) * x.item(1, 2) + x.item((0, 1)) * x.T.item(-1) + x[0].item(2) + x[:1, :1].item()


def of_least_axes(x):
    total = np.sum(np.array(x[0], ndmin=3) ** 2) + np.sum(np.array([x[0], x[1]], ndmin=3) * 2.0)
    total = total + np.array(x[0, 0], ndmin=1)[0] ** 3 + np.sum(np.array(x, ndmin=1))
    return total * len(np.array(x, float, ndmin=3)) + np.sum(np.array([x[1]], dtype=float, ndmin=2))


@pytest.mark.parametrize("function", [items, of_least_axes])
def test_values_and_derivatives(function):
    value, _ = gs.value_and_grad(function)(A)
    assert value == function(A)
    gs.testing.check_grads(function, (A,), order=2)


def test_a_position_known_at_run_time():
    slope = gs.grad(lambda x, k: x.item(k) ** 2)
    for k in (0, 7, -1):
        expected = np.zeros(12)
        expected[k] = 2.0 * A.item(k)
        np.testing.assert_array_equal(slope(A, k).ravel(), expected)
    with pytest.raises(IndexError):
        slope(A, 12)

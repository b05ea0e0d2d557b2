"""Exponentials over their sum where there are no elements: the forms subtract the largest of none."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs


def shares(x):
    w = np.exp(x - 1.0)
    z = w / w.sum(axis=-1, keepdims=True)
    return np.sum(z * x)


def log_of_sum(x):
    return np.sum(np.log(np.sum(np.exp(2.0 * x), axis=1)))


def log_of_all(x):
    return np.log(np.sum(np.exp(x)))


def shares_of_the_mean(x):
    return np.sum(np.exp(x) / np.mean(np.exp(x), axis=0) * x)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("shape", [(1, 0), (0, 3), (0, 0), (2, 3)])
@pytest.mark.parametrize("function", [shares, log_of_sum, log_of_all, shares_of_the_mean])
def test_an_empty_array_has_an_empty_gradient(function, shape):
    x = np.linspace(-1.0, 2.0, 6)[: shape[0] * shape[1]].reshape(shape)
    value, gradient = gs.value_and_grad(function)(x)
    assert value == function(x) or np.isnan(value)
    assert gradient.shape == shape
    steps = np.eye(x.size).reshape(x.size, *shape) * 1e-6
    expected = [(function(x + step) - function(x - step)) / 2e-6 for step in steps]
    np.testing.assert_allclose(gradient.ravel(), expected, atol=1e-8)
    assert np.shape(gs.hvp(function, (x,), (x,))) == shape
    _, tangent = gs.jvp(function, (x,), (x,))
    if x.size:
        np.testing.assert_allclose(tangent, np.vdot(gradient, x), rtol=1e-12)

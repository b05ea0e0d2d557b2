"""Signs are not moved onto factors that have no negative: masks, and integers that wrap."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs

X = np.array([0.4, 1.3])
WEIGHTS = (
    np.array([True, False]),
    np.array([3, 5], np.uint8),
    np.array([-128, 7], np.int8),
    np.array([2, 9], np.uint64),
    np.array([2, -9]),
    np.array([0.5, -2.0]),
)


@pytest.mark.parametrize("weights", WEIGHTS, ids=lambda w: str(w.dtype))
def test_gradients_of_products_with_weights_of_any_dtype(weights):
    def loss(x, w):
        return np.sum(w * np.cos(x)) + np.sum((w / 3.0) * np.cos(x)) + np.sum(np.cos(x) * w * 2.0)

    expected = -(3.0 + 1.0 / 3.0) * weights.astype(float) * np.sin(X)
    np.testing.assert_allclose(gs.grad(loss)(X, weights), expected, rtol=1e-14)
    _, tangent = gs.jvp(lambda x: loss(x, weights), (X,), (X,))
    np.testing.assert_allclose(tangent, expected @ X, rtol=1e-14)
    second = gs.hvp(lambda x: loss(x, weights), (X,), (X,))
    np.testing.assert_allclose(second, expected / np.tan(X) * X, rtol=1e-13)


@pytest.mark.parametrize("weights", WEIGHTS[1:], ids=lambda w: str(w.dtype))
def test_negatives_that_wrap_stay_where_the_user_wrote_them(weights):
    def loss(x, w):
        return np.sum((x + -w) ** 2) + np.sum(x / -w) + np.sum((x - -w) * x)

    value, gradient = gs.value_and_grad(loss)(X, weights)
    negated = (-weights).astype(float)
    assert value == loss(X, weights)
    expected = 2.0 * (X + negated) + 1.0 / negated + 2.0 * X - negated
    np.testing.assert_allclose(gradient, expected, rtol=1e-13)

"""Differentially private gradients: what they are given, and what is refused. Their steps are in the table."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

import gradscribe as gs
from gradscribe import optim


class Layer(NamedTuple):
    w: object
    b: object


PARAMS = {"layers": [Layer(np.ones((2, 1)), 0.5)]}
X = np.random.default_rng(0).normal(size=(6, 2))


def loss(params, x):
    layer = params["layers"][0]
    return np.sum(np.tanh(x @ layer.w + layer.b) ** 2)


def rows():
    grads = [gs.grad(loss)(PARAMS, x) for x in X]
    return optim.tree.map(lambda *leaves: np.stack(leaves), *grads)


def test_gradients_of_examples_that_the_compiler_derives():
    opt = optim.differentially_private_aggregate(1e9, 0.0)
    found, _ = opt.update(rows(), opt.init(PARAMS), PARAMS)
    expected = gs.grad(lambda p: np.mean(np.stack([loss(p, x) for x in X])))(PARAMS)
    np.testing.assert_allclose(found["layers"][0].w, expected["layers"][0].w, rtol=1e-13)
    assert found["layers"][0].b == pytest.approx(expected["layers"][0].b)


def test_noise_has_the_stated_deviation():
    params = [np.zeros(100_000)]
    opt = optim.differentially_private_aggregate(2.0, 3.0, seed=1)
    found, _ = opt.update([np.zeros((4, 100_000))], opt.init(params), params)
    assert np.std(found[0]) == pytest.approx(2.0 * 3.0 / 4, rel=0.01)


def without_rows():
    return gs.grad(loss)(PARAMS, X[0])


REFUSED = {
    "no rows": (
        without_rows,
        "GS350: `grads['layers'][0].w` is float64[2, 1], but the parameter wants rows of shape",
    ),
    "other numbers": (
        lambda: {"layers": [rows()["layers"][0]._replace(b=np.ones(5))]},
        "GS350: `grads['layers'][0].b` has 5 rows, but `grads['layers'][0].w` has 6",
    ),
    "missing": (lambda: {"layers": []}, "GS350: `grads['layers']"),
    "whole numbers": (
        lambda: {"layers": [rows()["layers"][0]._replace(b=np.arange(6))]},
        "GS351: `grads['layers'][0].b` is int64, which is no gradient",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_not_a_row_for_each_example_is_named(name):
    make, text = REFUSED[name]
    opt = optim.dpsgd(0.1, 1.0, 0.0)
    with pytest.raises(gs.GradscribeError) as caught:
        opt.step(PARAMS, make(), opt.init(PARAMS))
    assert str(caught.value).startswith(text)


def test_it_is_first_in_a_chain_and_wants_the_parameters():
    opt = optim.chain(optim.clip(1.0), optim.dpsgd(0.1, 1.0, 0.0))
    with pytest.raises(gs.GradscribeError, match="GS350"):
        opt.step(PARAMS, rows(), opt.init(PARAMS))
    alone = optim.differentially_private_aggregate(1.0, 0.0)
    with pytest.raises(gs.GradscribeError, match="GS352"):
        alone.update(rows(), alone.init(PARAMS))

"""Functions of libraries are differentiated as functions that call them."""

import math
import pickle

import numpy as np
import pytest
import scipy.special
import scipy.stats

import gradscribe as gs

CASES = [
    (np.tanh, (0.3,), 1 - math.tanh(0.3) ** 2),
    (np.sum, (np.ones(3),), np.ones(3)),
    (np.linalg.det, (np.diag([2.0, 3.0]),), np.diag([3.0, 2.0])),
    (np.dot, (np.array([1.0, 2.0]), np.array([3.0, 4.0])), np.array([3.0, 4.0])),
    (math.exp, (1.0,), math.e),
    (scipy.special.gammaln, (2.0,), scipy.special.digamma(2.0)),
    (scipy.special.logsumexp, (np.zeros(2),), np.full(2, 0.5)),
    (scipy.stats.norm.logpdf, (0.3,), -0.3),
]


@pytest.mark.parametrize(("function", "args", "expected"), CASES)
def test_gradient(function, args, expected):
    assert np.allclose(gs.grad(function)(*args), expected, rtol=1e-14)


def test_higher_orders_and_other_transformations():
    assert gs.hessian(np.tanh)(0.0) == 0.0
    assert np.array_equal(gs.jacobian(np.square)(np.array([1.0, 2.0])), np.diag([2.0, 4.0]))
    assert gs.jvp(np.square, (3.0,), (1.0,)) == (9.0, 6.0)
    value, pullback = gs.vjp(np.square, 3.0)
    assert (value, pullback(1.0)) == (9.0, (6.0,))


def test_source_calls_the_function():
    gradient = gs.grad(np.tanh)
    gradient.compile(1.0)
    assert "def tanh_grad(x):" in gradient.source
    assert "np.tanh(x)" in gradient.source


def test_gradient_is_pickled():
    assert pickle.loads(pickle.dumps(gs.grad(np.tanh)))(0.0) == 1.0


@pytest.mark.parametrize("function", [len, print, np.vectorize(math.sin), np.einsum])
def test_what_has_no_entry_or_no_parameters_is_refused(function):
    with pytest.raises(gs.GradscribeError, match="GS317"):
        gs.grad(function)(np.ones(2))

"""Whole Jacobians and Hessians, Hessian-vector products, and the checks offered to users."""

from __future__ import annotations

import math

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import UsageError
from gradscribe.testing import assert_matches_sympy, check_grads


def rotate(x, k):
    return k * np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 2.0]]) @ x


@pytest.mark.parametrize("jacobian", [gs.jacfwd, gs.jacrev, gs.jacobian])
def test_jacobians_are_result_shape_by_argument_shape(jacobian):
    x = np.array([1.0, 2.0, 3.0])
    assert np.array_equal(jacobian(rotate)(x, 2.0), [[0.0, -2.0, 0.0], [2.0, 0.0, 4.0]])
    both = jacobian(rotate, argnums=(0, 1))(x, 2.0)
    assert both[0].shape == (2, 3)
    assert np.array_equal(both[1], [-2.0, 7.0])
    assert jacobian(lambda x: x[:, None] * x)(x).shape == (3, 3, 3)
    assert jacobian(lambda x: x * x)(3.0) == 6.0
    assert jacobian(lambda x: x * x)(np.zeros(0)).shape == (0, 0)


@pytest.mark.parametrize("jacobian", [gs.jacfwd, gs.jacrev])
def test_jacobians_of_structures_are_refused(jacobian):
    with pytest.raises(UsageError, match="a Jacobian is an array"):
        jacobian(lambda x: (x, x))(1.0)
    with pytest.raises(UsageError, match="GS312"):
        jacobian(lambda x: x * 1.0)(3)
    with pytest.raises(UsageError, match="GS303"):
        jacobian(lambda x: x, argnums=2)(3.0)


def test_hessian():
    x = np.array([1.0, 2.0])
    assert np.array_equal(gs.hessian(lambda x: np.sum(x) * x[0] * x[1])(x), [[4.0, 6.0], [6.0, 2.0]])


def test_products_with_the_hessian():
    def f(x, y):
        return np.sum(x**3 * y)

    x, y, v, w = np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.array([1.0, 0.5]), np.array([0.0, 2.0])
    np.testing.assert_allclose(gs.hvp(f, (x, y), (v, None))[0], 6 * x * y * v)
    got = gs.hvp(f, (x, y), (v, w))
    np.testing.assert_allclose(got[0], 6 * x * y * v + 3 * x**2 * w)
    np.testing.assert_allclose(got[1], 3 * x**2 * v)
    np.testing.assert_allclose(gs.hvp(lambda x: np.sum(x**3), (x,), (v,)), 6 * x * v)


def test_check_grads_accepts_what_is_right():
    check_grads(lambda x, y: np.sin(x) * y, (np.array([0.1, 0.2]), 3.0), order=2)
    check_grads(lambda p, n: {"r": np.tanh(p["a"]) * n}, ({"a": np.ones(2)}, 3))
    check_grads(lambda x: np.sum(np.exp(x)), (np.ones(3, np.float32),), modes=("reverse",))


def test_check_grads_refuses_what_is_wrong():
    def rounded(x):
        return np.floor(x * 1e6) / 1e6

    with pytest.raises(AssertionError, match="forward mode is wrong"):
        check_grads(rounded, (np.array([0.1234567, 0.2]),))


def test_sympy():
    assert_matches_sympy(lambda x, y: x**3 * math.sin(y), "x**3*sin(y)", [(1.5, 0.5), (0.1, 2.0)], order=3)
    with pytest.raises(AssertionError, match="SymPy says"):
        assert_matches_sympy(lambda x: x * x, "x**3", [(2.0,)])

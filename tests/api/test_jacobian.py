"""Whole Jacobians and Hessians, Hessian-vector products, and the checks offered to users."""

from __future__ import annotations

import functools
import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

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


class Point(NamedTuple):
    x: float
    y: np.ndarray


@dataclass
class Line:
    slope: float
    through: Point


class Counted:
    def __init__(self, weights):
        self.weights = weights
        self.count = 3
        self.label = "w"


def along(line, steps):
    """A dict of a matrix, a number and a count, with a name."""
    moved = line.through.y * np.sin(line.slope * steps)
    return {"moved": np.outer(moved, steps), "sum": (moved.sum(), 2), "name": "line"}


STEPS = np.array([0.5, 1.5])
LINE = Line(0.7, Point(2.0, np.array([1.0, -2.0])))


@pytest.mark.parametrize("jacobian", [gs.jacfwd, gs.jacrev])
def test_jacobians_of_containers_are_nested(jacobian):
    found = jacobian(along)(LINE, STEPS)
    assert list(found) == ["moved", "sum", "name"]
    assert found["name"] == "line"
    (of_sum, of_count) = found["sum"]
    assert type(of_sum) is Line
    assert type(of_sum.through) is Point
    cosines = STEPS * np.cos(0.7 * STEPS)
    np.testing.assert_allclose(of_sum.slope, [1.0, -2.0] @ cosines, rtol=1e-14)
    np.testing.assert_allclose(of_sum.through.y, np.sin(0.7 * STEPS), rtol=1e-14)
    assert (of_sum.through.x.shape, of_sum.through.x) == ((), 0.0)
    assert (of_count.slope, of_count.through.y.tolist()) == (0.0, [0.0, 0.0])
    moved = found["moved"]
    np.testing.assert_allclose(moved.slope, np.outer([1.0, -2.0] * cosines, STEPS), rtol=1e-14)
    expected = np.einsum("ik,j->ijk", np.diag(np.sin(0.7 * STEPS)), STEPS)
    np.testing.assert_allclose(moved.through.y, expected, rtol=1e-14)


@pytest.mark.parametrize("jacobian", [gs.jacfwd, gs.jacrev])
def test_several_arguments_stand_inside_the_result(jacobian):
    def function(p, k, q):
        return [p["a"] * q, k * q[1]]

    p, q = {"a": np.array([1.0, 2.0])}, (np.array([3.0, 4.0]), 5.0)[0]
    first, second = jacobian(function, argnums=(0, 2))(p, 2, q)
    np.testing.assert_array_equal(first[0]["a"], np.diag(q))
    np.testing.assert_array_equal(first[1], np.diag([1.0, 2.0]))
    np.testing.assert_array_equal(second[0]["a"], [0.0, 0.0])
    np.testing.assert_array_equal(second[1], [0.0, 2.0])


@pytest.mark.parametrize("jacobian", [gs.jacfwd, gs.jacrev])
def test_jacobian_by_an_object(jacobian):
    found = jacobian(lambda c: c.weights * c.count)(Counted(np.array([1.0, 2.0])))
    assert type(found) is Counted
    np.testing.assert_array_equal(found.weights, 3.0 * np.eye(2))
    assert (found.count, found.label) == (None, "w")


@pytest.mark.parametrize("jacobian", [gs.jacfwd, gs.jacrev])
def test_jacobian_keeps_single_precision_and_empty_parts(jacobian):
    p = {"a": np.ones(2, np.float32), "b": np.zeros((0, 3))}
    found = jacobian(lambda p: (p["a"] * 2, p["b"].sum(axis=0)))(p)
    assert (found[0]["a"].dtype, found[0]["b"].shape) == (np.float32, (2, 0, 3))
    assert (found[1]["a"].shape, found[1]["b"].shape) == ((3, 2), (3, 0, 3))


@pytest.mark.parametrize("jacobian", [gs.jacfwd, gs.jacrev])
def test_what_has_no_jacobian_is_refused(jacobian):
    with pytest.raises(UsageError, match="GS319: a Jacobian is made of arrays, but args.0. is of type Ord"):
        jacobian(lambda x: x["a"])(OrderedDict(a=1.0))
    with pytest.raises(UsageError, match="GS312: cannot .* `args.0..'k'.`, which is int64"):
        jacobian(lambda x: x["a"] * x["k"])({"a": 1.0, "k": 2})
    with pytest.raises(UsageError, match="GS312"):
        jacobian(lambda x: 1.0)({})
    with pytest.raises(UsageError, match="GS312"):
        jacobian(lambda x: x * 1.0)(3)
    with pytest.raises(UsageError, match="GS303"):
        jacobian(lambda x: x, argnums=2)(3.0)


def test_hessian():
    x = np.array([1.0, 2.0])
    assert np.array_equal(gs.hessian(lambda x: np.sum(x) * x[0] * x[1])(x), [[4.0, 6.0], [6.0, 2.0]])


def test_hessian_of_a_container_is_nested_twice():
    def energy(p):
        return np.sum(p["w"] ** 3) * p["scale"] + np.sum(p["layers"][0] * p["w"])

    w, c = np.array([1.0, 2.0]), np.array([0.5, -1.0])
    found = gs.hessian(energy)({"w": w, "scale": 3.0, "layers": [c]})
    np.testing.assert_allclose(found["w"]["w"], np.diag(18.0 * w))
    np.testing.assert_allclose(found["w"]["scale"], 3.0 * w**2)
    np.testing.assert_allclose(found["scale"]["w"], 3.0 * w**2)
    np.testing.assert_array_equal(found["w"]["layers"][0], np.eye(2))
    np.testing.assert_array_equal(found["layers"][0]["w"], np.eye(2))
    assert found["scale"]["scale"] == 0.0


def test_hessian_by_an_object_and_by_several_arguments():
    found = gs.hessian(lambda c: np.sum(c.weights**3) * c.count)(Counted(np.array([1.0, 2.0])))
    assert type(found) is type(found.weights) is Counted
    np.testing.assert_allclose(found.weights.weights, np.diag([18.0, 36.0]))
    blocks = gs.hessian(lambda x, y: np.sum(x * x * y), argnums=(0, 1))(
        np.array([1.0, 2.0]), np.array([3.0, 4.0])
    )
    np.testing.assert_allclose(np.block([list(row) for row in blocks]), [
        [6.0, 0.0, 2.0, 0.0], [0.0, 8.0, 0.0, 4.0], [2.0, 0.0, 0.0, 0.0], [0.0, 4.0, 0.0, 0.0],
    ])  # fmt: skip


def test_products_with_the_hessian_of_a_container():
    p = {"w": np.array([1.0, 2.0]), "scale": 3.0}
    v = {"w": np.array([0.5, -1.0]), "scale": 2.0}
    found = gs.hvp(lambda p: np.sum(p["w"] ** 3) * p["scale"], (p,), (v,))
    np.testing.assert_allclose(found["w"], 18.0 * p["w"] * v["w"] + 6.0 * p["w"] ** 2)
    np.testing.assert_allclose(found["scale"], np.sum(3.0 * p["w"] ** 2 * v["w"]))


def test_products_with_the_hessian():
    def f(x, y):
        return np.sum(x**3 * y)

    x, y, v, w = np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.array([1.0, 0.5]), np.array([0.0, 2.0])
    np.testing.assert_allclose(gs.hvp(f, (x, y), (v, None))[0], 6 * x * y * v)
    got = gs.hvp(f, (x, y), (v, w))
    np.testing.assert_allclose(got[0], 6 * x * y * v + 3 * x**2 * w)
    np.testing.assert_allclose(got[1], 3 * x**2 * v)
    np.testing.assert_allclose(gs.hvp(lambda x: np.sum(x**3), (x,), (v,)), 6 * x * v)


@pytest.mark.parametrize("first", [0, 1])
def test_products_with_the_hessian_are_a_tuple_where_there_are_several_arguments(first):
    def f(x, n=3.0):
        return np.sum(x**3) * n

    x, v = np.array([1.0, 2.0]), np.ones(2)
    bound = functools.partial(f, x)
    calls = [((x,), (v,)), ((x, 3.0), (v, None))]
    found = {number: gs.hvp(f, *calls[number]) for number in (first, 1 - first)}
    np.testing.assert_allclose(found[0], [18.0, 36.0])
    assert isinstance(found[1], tuple)
    np.testing.assert_allclose(found[1][0], [18.0, 36.0])
    assert gs.hvp(f, (x, 3.0), (None, 1.0)) == (0.0,)
    assert gs.hvp(bound, (3.0,), (1.0,)) == 0.0


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

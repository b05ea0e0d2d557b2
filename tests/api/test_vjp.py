"""`vjp` and `jvp`: values, cotangents and tangents, in structure; saved values; errors."""

from __future__ import annotations

import collections
import gc
import math
import weakref

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import UsageError

Point = collections.namedtuple("Point", "x y")


def test_a_scalar_value_needs_no_gradient():
    value, pullback = gs.vjp(lambda x, y: x * y, 2.0, 3.0)
    assert value == 6.0
    assert pullback() == (3.0, 2.0)


def test_the_gradient_scales():
    _, pullback = gs.vjp(lambda x: x * x, 3.0)
    assert pullback(gradient=10.0) == (60.0,)


def test_an_array_value_needs_a_gradient_of_its_shape():
    x = np.array([1.0, 2.0, 3.0])
    value, pullback = gs.vjp(lambda x: x**2, x)
    assert np.array_equal(value, [1.0, 4.0, 9.0])
    with pytest.raises(UsageError, match=r"value is float64\[") as caught:
        pullback()
    assert caught.value.code == "GS314"
    assert np.array_equal(pullback([1.0, 1.0, 1.0])[0], [2.0, 4.0, 6.0])


@pytest.mark.parametrize(
    "gradient", [np.ones(2), 1.0, np.ones((1, 3)), [1j, 1j, 1j], "abc", [[1.0], [1.0, 2.0]]]
)
def test_a_gradient_that_does_not_fit(gradient):
    _, pullback = gs.vjp(lambda x: x**2, np.ones(3))
    with pytest.raises(UsageError) as caught:
        pullback(gradient)
    assert caught.value.code == "GS316"


def test_saved_values_are_freed_by_the_first_call():
    _, pullback = gs.vjp(lambda x: x**3, 2.0)
    assert pullback(retain_graph=True) == (12.0,)
    assert pullback() == (12.0,)
    with pytest.raises(UsageError, match="retain_graph=True") as caught:
        pullback()
    assert caught.value.code == "GS315"


def test_changing_arrays_between_value_and_pullback_changes_nothing():
    x = np.array([1.0, 2.0])
    value, pullback = gs.vjp(lambda x: np.exp(x) * x, x)
    expected = np.exp([1.0, 2.0]) * [2.0, 3.0]
    x[:] = 7.0
    value[:] = 7.0
    np.testing.assert_allclose(pullback(np.ones(2), retain_graph=True)[0], expected)
    np.testing.assert_allclose(pullback(np.ones(2))[0], expected)


def test_one_cotangent_for_each_argument():
    def f(x, n, mode, params, *rest):
        return x * params["w"] * rest[1]

    cotangents = gs.vjp(f, 2.0, 3, "mode", {"w": 5.0, "n": 1}, 1, 7.0)[1]()
    assert cotangents == (35.0, None, None, {"w": 14.0, "n": None}, None, 10.0)


def test_structured_values():
    def f(x):
        return {"a": x * 2.0, "b": (np.sum(x), 3)}

    x = np.ones(2)
    value, pullback = gs.vjp(f, x)
    assert value["b"][1] == 3
    (ct,) = pullback({"a": np.array([1.0, 10.0]), "b": (100.0, None)})
    assert np.array_equal(ct, [102.0, 120.0])


def test_dtypes_are_those_of_the_arguments():
    x = np.ones(3, np.float32)
    (ct,) = gs.vjp(lambda x: x * 2.0, x)[1](np.ones(3))
    assert ct.dtype == np.float32


def test_the_pullback_does_not_change_the_gradient_it_is_given():
    def f(x):
        y = x.copy()
        for _ in range(3):
            y[1:] += y[:-1]
        return y

    seed = np.ones(4)
    _, pullback = gs.vjp(f, np.ones(4))
    first = pullback(seed, retain_graph=True)[0].copy()
    assert np.array_equal(seed, np.ones(4))
    assert np.array_equal(pullback(seed)[0], first)


@pytest.mark.parametrize("function", [lambda x: 3, lambda x: x > 0.0, lambda x: None, lambda x: (x, x)])
def test_only_scalar_floats_have_a_default_gradient(function):
    with pytest.raises(UsageError, match="needs a gradient, because the value is") as caught:
        gs.vjp(function, 1.0)[1]()
    assert caught.value.code == "GS314"


def test_nothing_that_is_returned_is_an_alias():
    x, seed = np.ones(2), np.ones(2)
    value, pullback = gs.vjp(lambda x: x, x)
    (ct,) = pullback(seed)
    assert not np.shares_memory(value, x)
    assert not np.shares_memory(ct, seed)


def test_functions_are_not_kept_alive():
    def make():
        big = np.ones(3)

        def f(x):
            return np.sum(x * big)

        gs.vjp(f, np.ones(3))
        gs.jvp(f, (np.ones(3),), (np.ones(3),))
        return weakref.ref(f)

    reference = make()
    gc.collect()
    assert reference() is None


def test_source_shows_both_halves():
    _, pullback = gs.vjp(lambda x: x**3, 2.0)
    assert "_forward" in pullback.source
    assert "_pullback" in pullback.source


@pytest.mark.filterwarnings("ignore:divide by zero")
def test_a_pullback_where_math_raises():
    assert gs.vjp(lambda x: math.sqrt(x), 0.0)[1]() == (math.inf,)


def test_vjp_compiles_once(monkeypatch):
    from gradscribe.compiler import pipeline

    calls = []
    original = pipeline.compile_function
    monkeypatch.setattr(pipeline, "compile_function", lambda *args: calls.append(args) or original(*args))

    def f(x):
        return np.sum(x * x)

    for n in (2, 3, 4):
        gs.vjp(f, np.ones(n))[1]()
        gs.jvp(f, (np.ones(n),), (np.ones(n),))
    assert len(calls) == 2


def test_the_vjp_of_a_gradient():
    df = gs.grad(lambda x: np.sum(x**3), create_graph=True)
    x = np.array([1.0, 2.0])
    value, pullback = gs.vjp(df, x)
    assert np.array_equal(value, 3 * x**2)
    assert np.array_equal(pullback(np.ones(2))[0], 6 * x)


def test_bound_methods():
    class Model:
        def __init__(self):
            self.k = 3.0

        def loss(self, x):
            return self.k * x * x

    model = Model()
    assert gs.vjp(model.loss, 2.0)[1]() == (12.0,)
    assert gs.jvp(model.loss, (2.0,), (1.0,)) == (12.0, 12.0)


class Scaled:
    def __init__(self, graph):
        self.graph = graph

    def __call__(self, x, *, self_weight=1.0):
        return self.graph * self_weight * x**3

    def called(self, x):
        return self(x)


@pytest.mark.parametrize("function", [Scaled(2.0), Scaled(2.0).called], ids=["object", "method"])
def test_derivatives_of_methods_and_of_objects_that_are_called_are_differentiated(function):
    slope = gs.grad(function, create_graph=True)
    assert gs.jvp(slope, (3.0,), (1.0,)) == (54.0, 36.0)
    assert gs.vjp(slope, 3.0)[1]() == (36.0,)
    assert gs.grad(slope)(3.0) == 36.0
    assert gs.hvp(function, (3.0,), (1.0,)) == 36.0
    assert gs.grad(lambda x: slope(x))(3.0) == 36.0


def graph_and_self(graph, self):
    return graph**2 * self


def test_arguments_may_be_called_like_ours():
    assert gs.jvp(graph_and_self, (3.0, 2.0), (1.0, 0.0)) == (18.0, 12.0)
    assert gs.vjp(graph_and_self, 3.0, 2.0)[1]() == (12.0, 9.0)


def test_jvp():
    assert gs.jvp(lambda x, y: x * y, (3.0, 4.0), (1.0, 0.0)) == (12.0, 4.0)
    assert gs.jvp(lambda x, y: x * y, (3.0, 4.0), (None, 1.0)) == (12.0, 3.0)


def test_jvp_of_structures_and_star_arguments():
    def f(p, *rest, scale=2.0):
        return [p.x * rest[0], p.y * scale]

    value, tangent = gs.jvp(f, (Point(2.0, np.ones(2)), 3.0), (Point(1.0, np.ones(2)), 0.5))
    assert (value[0], tangent[0]) == (6.0, 4.0)
    assert np.array_equal(tangent[1], [2.0, 2.0])


def test_jvp_of_parameters_named_like_tangents():
    assert gs.jvp(lambda x, x_dot: x * x_dot, (2.0, 3.0), (1.0, 1.0)) == (6.0, 5.0)


def test_jvp_of_arguments_without_derivative():
    assert gs.jvp(lambda x, n: x**n, (2.0, 3), (1.0, None)) == (8.0, 12.0)
    assert gs.jvp(lambda x, n: x**n, (2.0, 3), (1.0, 0)) == (8.0, 12.0)
    with pytest.raises(UsageError, match="pass None"):
        gs.jvp(lambda x, n: x**n, (2.0, 3), (1.0, 1))


@pytest.mark.parametrize(
    ("primals", "tangents", "message"),
    [
        (2.0, 1.0, "tuple or list"),
        ((2.0,), (1.0, 2.0), "1 primals, but 2 tangents"),
        ((np.ones(3),), (np.ones(2),), r"`tangents\[0\]` is float64\[2\], but the argument is float64\[3\]"),
        (([1.0],), ((1.0,),), r"is a tuple of 1, but the argument is a list of 1"),
        (({"a": 1.0},), ({"b": 1.0},), "dict"),
    ],
)
def test_tangents_that_do_not_fit(primals, tangents, message):
    with pytest.raises(UsageError, match=message) as caught:
        gs.jvp(lambda x: x, primals, tangents)
    assert caught.value.code == "GS316"


def test_forward_and_reverse_agree_on_a_loop():
    def rollout(theta, x, n):
        for _ in range(n):
            x = x + 0.1 * np.tanh(theta @ x)
        return x

    rng = np.random.default_rng(0)
    theta, x, d_theta, d_x, ct = (rng.normal(size=s) for s in ((3, 3), 3, (3, 3), 3, 3))
    value, tangent = gs.jvp(rollout, (theta, x, 5), (d_theta, d_x, None))
    again, pullback = gs.vjp(rollout, theta, x, 5)
    ct_theta, ct_x, nothing = pullback(ct)
    assert nothing is None
    assert np.array_equal(value, again)
    assert np.array_equal(value, rollout(theta, x, 5))
    assert ct @ tangent == pytest.approx(np.sum(ct_theta * d_theta) + ct_x @ d_x, rel=1e-12)

"""Functions with rules of their own: both modes from either rule, orders, control flow, source."""

from __future__ import annotations

import functools
import subprocess
import sys

import numpy as np
import pytest

import gradscribe as gs
from tests.references import difference

X = np.array([0.3, 1.2])


@gs.custom_vjp
def wave(x, y):
    """Its rules are those of its source."""
    return np.sin(x) * y


wave.defvjp(
    lambda x, y: (wave(x, y), (np.cos(x), np.sin(x), y)),
    lambda saved, ct: (ct * saved[0] * saved[2], ct * saved[1]),
)


@gs.custom_jvp
def power(x, n):
    """A float and an int."""
    return x**n


@power.defjvp
def power_jvp(primals, tangents):
    x, n = primals
    assert tangents[1] is None
    return power(x, n), n * x ** (n - 1) * tangents[0]


def uses_wave(x):
    return np.sum(wave(x, x * x) ** 2)


def plain_wave(x):
    return np.sum((np.sin(x) * (x * x)) ** 2)


def uses_power(x):
    return np.sum(power(x, 3) * x)


@pytest.mark.parametrize(
    ("function", "plain"), [(uses_wave, plain_wave), (uses_power, lambda x: np.sum(x**4))]
)
def test_rules_and_source_agree_in_both_modes_and_orders(function, plain):
    np.testing.assert_allclose(gs.grad(function)(X), gs.grad(plain)(X), rtol=1e-14)
    direction = np.array([0.7, -0.4])
    np.testing.assert_allclose(
        gs.jvp(function, (X,), (direction,)), gs.jvp(plain, (X,), (direction,)), rtol=1e-13
    )
    np.testing.assert_allclose(gs.hessian(function)(X), gs.hessian(plain)(X), rtol=1e-13)
    third = gs.grad(lambda x: np.sum(gs.grad(function, create_graph=True)(x) ** 2))
    expected = gs.grad(lambda x: np.sum(gs.grad(plain, create_graph=True)(x) ** 2))
    np.testing.assert_allclose(third(X), expected(X), rtol=1e-13)


def test_the_rule_is_used_and_not_the_source():
    @gs.custom_vjp
    def reversed_sign(x):
        return 1.0 * x

    reversed_sign.defvjp(lambda x: (1.0 * x, None), lambda _, ct: (-ct,))
    assert gs.grad(lambda x: reversed_sign(x) * x)(3.0) == 0.0
    assert gs.jvp(lambda x: reversed_sign(x), (3.0,), (1.0,))[1] == -1.0
    assert gs.grad(reversed_sign)(3.0) == -1.0
    assert reversed_sign(3.0) == 3.0


def test_what_the_rule_replaces_may_have_no_derivative():
    @gs.custom_jvp
    def rounded(x):
        return x[np.argsort(np.round(x))]

    @rounded.defjvp
    def rule(primals, tangents):
        return rounded(primals[0]), tangents[0]

    function = lambda x: np.sum(rounded(x) * np.array([1.0, 2.0]))  # noqa: E731
    np.testing.assert_array_equal(gs.grad(function)(X), [1.0, 2.0])
    assert gs.jvp(function, (X,), (np.ones(2),))[1] == 3.0


def test_rules_in_loops_and_branches():
    def function(x):
        total = 0.0
        for i in range(x.size):
            if x[i] > 0.5:
                total = total + np.sum(wave(x, x[i] * x))
            else:
                x = wave(x, x)
        return total

    def plain(x):
        total = 0.0
        for i in range(x.size):
            if x[i] > 0.5:
                total = total + np.sum(np.sin(x) * x[i] * x)
            else:
                x = np.sin(x) * x
        return total

    np.testing.assert_allclose(gs.grad(function)(X), gs.grad(plain)(X), rtol=1e-14)
    np.testing.assert_allclose(gs.jvp(function, (X,), (X,))[1], gs.jvp(plain, (X,), (X,))[1], rtol=1e-14)


@functools.partial(gs.custom_vjp, nondiff_argnums=(0,))
def solve(step, theta, x):
    """A fixed point of `step(theta, x)`."""
    for _ in range(80):
        x = step(theta, x)
    return x


def solve_forward(step, theta, x):
    x = solve(step, theta, x)
    return x, (theta, x)


def solve_backward(step, saved, ct):
    theta, x = saved
    w = ct
    for _ in range(80):
        w = ct + gs.grad(lambda x: step(theta, x) @ w, create_graph=True)(x)
    return gs.grad(lambda theta: step(theta, x) @ w, create_graph=True)(theta), None


solve.defvjp(solve_forward, solve_backward)


def contraction(theta, x):
    return np.tanh(theta @ x + 0.1)


def test_an_implicit_function_with_a_function_as_argument():
    theta = np.array([[0.1, 0.2], [0.3, 0.1]])
    function = lambda theta: np.sum(solve(contraction, theta, np.ones(2)) ** 2)  # noqa: E731
    gradient = gs.grad(function)
    found = gradient(theta)
    for i, j in np.ndindex(2, 2):
        moved = lambda t, i=i, j=j: np.sum(  # noqa: E731
            solve(contraction, theta + t * np.outer(np.eye(2)[i], np.eye(2)[j]), np.ones(2)) ** 2
        )
        assert np.isclose(found[i, j], difference(moved), rtol=1e-8)
    assert "saved" not in gradient.source


def test_containers_and_several_results():
    @gs.custom_vjp
    def both(pair, scale):
        return {"sum": (pair[0] + pair[1]) * scale, "first": pair[0] * scale}

    def backward(saved, ct):
        (a, b), scale = saved
        d_a = (ct["sum"] + ct["first"]) * scale
        return (d_a, ct["sum"] * scale), np.sum(ct["sum"] * (a + b) + ct["first"] * a)

    both.defvjp(lambda pair, scale: (both(pair, scale), (pair, scale)), backward)

    def function(pair, scale):
        found = both(pair, scale)
        return np.sum(found["sum"] ** 2 + found["first"] * 3.0)

    def plain(pair, scale):
        return np.sum(((pair[0] + pair[1]) * scale) ** 2 + pair[0] * scale * 3.0)

    got = gs.grad(function, argnums=(0, 1))((X, X + 1.0), 2.0)
    expected = gs.grad(plain, argnums=(0, 1))((X, X + 1.0), 2.0)
    np.testing.assert_allclose(got[0], expected[0], rtol=1e-14)
    assert np.isclose(got[1], expected[1], rtol=1e-14)


def test_globals_that_rules_read_are_read_afresh():
    global SLOPE
    SLOPE = 2.0

    @gs.custom_vjp
    def line(x):
        return x * 1.0

    line.defvjp(lambda x: (line(x), None), lambda _, ct: (SLOPE * ct,))
    gradient = gs.grad(lambda x: line(x))
    assert gradient(1.0) == 2.0
    SLOPE = 5.0
    assert gradient(1.0) == 5.0


def test_a_rule_stated_anew_is_seen():
    @gs.custom_vjp
    def line(x):
        return x * 1.0

    line.defvjp(lambda x: (line(x), None), lambda _, ct: (2.0 * ct,))
    gradient = gs.grad(lambda x: line(x))
    assert gradient(1.0) == 2.0
    line.defvjp(lambda x: (line(x), None), lambda _, ct: (7.0 * ct,))
    assert gradient(1.0) == 7.0


def test_the_saved_module_contains_the_rules(tmp_path):
    gradient = gs.grad(uses_wave)
    expected = gradient(X)
    gradient.save(tmp_path / "wave_grad.py")
    program = (
        "import sys, numpy as np, wave_grad\n"
        "print(repr(wave_grad.uses_wave_grad(np.array([0.3, 1.2])).tolist()), 'gradscribe' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert run.stdout.split("\n")[0] == f"{expected.tolist()} False"


def test_effects_happen_once_in_the_value(capsys):
    @gs.custom_vjp
    def checked(x):
        if x < 0.0:
            raise ValueError("negative")
        return x * x

    checked.defvjp(lambda x: (x * x, x), lambda x, ct: (2.0 * x * ct,))
    assert gs.grad(lambda x: checked(x))(3.0) == 6.0
    with pytest.raises(ValueError, match="negative"):
        gs.grad(lambda x: checked(x))(-3.0)


class Layer:
    """An object whose methods have rules of their own."""

    def __init__(self, w):
        self.w = w

    @gs.custom_vjp
    def activate(self, x):
        return np.tanh(x) * self.w

    activate.defvjp(
        lambda self, x: (np.tanh(x) * self.w, (self.w, np.tanh(x))),
        lambda saved, ct: (None, ct * saved[0] * (1.0 - saved[1] ** 2)),
    )


def test_methods_with_rules():
    layer = Layer(2.0)
    expected = 2.0 * (1.0 - np.tanh(X) ** 2)
    np.testing.assert_array_equal(layer.activate(X), np.tanh(X) * 2.0)
    np.testing.assert_allclose(gs.grad(lambda x: np.sum(layer.activate(x)))(X), expected)
    np.testing.assert_allclose(gs.grad(lambda x: np.sum(Layer(2.0).activate(x)))(X), expected)
    np.testing.assert_allclose(gs.grad(lambda x: np.sum(Layer.activate(layer, x)))(X), expected)


def test_cotangents_of_a_dict_in_any_order():
    function = gs.custom_vjp(lambda p: p["a"] * p["b"])
    function.defvjp(
        lambda p: (p["a"] * p["b"], p), lambda p, ct: ({"b": ct * p["a"], "a": 3.0 * ct * p["b"]},)
    )
    found = gs.grad(lambda a, b: np.sum(function({"a": a, "b": b})), (0, 1))(X, 2.0 * X)
    np.testing.assert_allclose(found, (6.0 * X, X))


def test_derivatives_of_the_function_itself():
    square = gs.custom_vjp(lambda x: x * x)
    square.defvjp(lambda x: (x * x, x), lambda x, ct: (2.0 * x * ct,))
    assert gs.grad(square)(1.5) == gs.grad(square)(x=1.5) == 3.0
    np.testing.assert_allclose(gs.jacobian(square)(X), np.diag(2.0 * X))
    np.testing.assert_allclose(gs.jvp(square, (X,), (X,))[1], 2.0 * X * X)


def test_constants_take_keywords():
    @gs.nondifferentiable
    def scaled(x, *more, k=1.0):
        return k * (x + sum(more))

    np.testing.assert_allclose(gs.grad(lambda x: np.sum(x * scaled(x, x, k=3.0)))(X), 6.0 * X)

"""Rules that are wrong, and uses of functions with rules that cannot be right: always an error, with the place."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import UnsupportedOperationError, UsageError

X = np.array([0.3, 1.2, -0.4])


def doubled(backward, forward=lambda x: (2.0 * x, None)):
    function = gs.custom_vjp(lambda x: 2.0 * x)
    function.defvjp(forward, backward)
    return lambda x: np.sum(function(x))


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (doubled(lambda _, ct: (ct, ct)), "returns a tuple of 2"),
        (doubled(lambda _, ct: 2.0 * ct), "returns an array"),
        (doubled(lambda _, ct: (ct.astype(np.float32),)), "is float32"),
        (doubled(lambda _, ct: (1j * ct,)), "is complex128"),
        (doubled(lambda _, ct: (ct[:, None],)), "argument 1"),
        (doubled(lambda _, ct: (3.0,)), "is float"),
        (doubled(lambda _, ct: (0,)), "is int"),
        (doubled(lambda ct: (ct,)), r"takes \(ct\)"),
        (doubled(lambda _, ct: (2.0 * ct,), lambda: (X, None)), r"takes \(\)"),
        (doubled(lambda _, ct: (np.zeros(2),), lambda x: (2.0 * x, None)), "of argument 1"),
        (doubled(lambda _, ct: (2.0 * ct,), lambda x: 2.0 * x), "first half"),
        (doubled(lambda _, ct: (2.0 * ct,), lambda x: (np.sum(x), None)), "the result"),
        (doubled(lambda _, ct: (2.0 * ct,), lambda x: ((x, x), None)), "other parts"),
    ],
)
def test_a_rule_that_returns_the_wrong_thing(function, words):
    with pytest.raises((UnsupportedOperationError, ValueError), match=words) as caught:
        gs.grad(function)(X)
    if isinstance(caught.value, UnsupportedOperationError):
        assert caught.value.code == "GS207"
        assert "function(x)" in str(caught.value)


@pytest.mark.parametrize(
    "rule",
    [
        lambda primals, tangents: primals[0],
        lambda x, x_dot, more: (2.0 * x[0], x_dot[0]),
        lambda primals, tangents: (2.0 * primals[0], tangents[0][:, None]),
        lambda primals, tangents: (2.0 * primals[0], (tangents[0], tangents[0])),
    ],
)
def test_a_pushforward_that_returns_the_wrong_thing(rule):
    function = gs.custom_jvp(lambda x: 2.0 * x)
    function.defjvp(rule)
    for derivative in (gs.grad(lambda x: np.sum(function(x))), lambda x: gs.jvp(function, (x,), (x,))):
        with pytest.raises(UnsupportedOperationError) as caught:
            derivative(X)
        assert caught.value.code == "GS207"


def test_lengths_are_checked_when_the_rule_runs():
    with pytest.raises(ValueError, match=r"argument 1 of `<lambda>` has shape \(2,\), but must have \(3,\)"):
        gs.grad(doubled(lambda _, ct: (ct[::2],)))(X)
    with pytest.raises(ValueError, match="the result of"):
        gs.grad(doubled(lambda _, ct: (2.0 * ct,), lambda x: (2.0 * x[::2], None)))(X)


def test_no_rule_at_all():
    function = gs.custom_vjp(lambda x: 2.0 * x)
    assert gs.value_and_grad(lambda x: function(3.0) * x)(1.0) == (6.0, 6.0)
    for derivative in (gs.grad(lambda x: function(x)), lambda x: gs.jvp(lambda x: function(x), (x,), (x,))):
        with pytest.raises(UnsupportedOperationError, match="has no derivative rule") as caught:
            derivative(1.0)
        assert caught.value.code == "GS203"


def test_a_rule_that_is_not_linear_serves_one_mode():
    clipped = doubled(lambda _, ct: (np.clip(ct, -0.5, 0.5),))
    np.testing.assert_array_equal(gs.grad(clipped)(X), np.full(3, 0.5))
    with pytest.raises(UnsupportedOperationError, match="is not linear") as caught:
        gs.jvp(clipped, (X,), (X,))
    assert caught.value.code == "GS208"
    squared = gs.custom_jvp(lambda x: 2.0 * x)
    squared.defjvp(lambda primals, tangents: (2.0 * primals[0], tangents[0] ** 2))
    with pytest.raises(UnsupportedOperationError) as caught:
        gs.grad(lambda x: np.sum(squared(x)))(X)
    assert caught.value.code == "GS208"


def test_what_is_differentiated_must_be_an_argument():
    def function(a, x):
        scaled = gs_call(lambda y: a * y, x)
        return np.sum(scaled)

    gs_call = gs.custom_vjp(lambda inner, x: inner(x), nondiff_argnums=(0,))
    gs_call.defvjp(lambda inner, x: (inner(x), None), lambda inner, saved, ct: (2.0 * ct,))
    np.testing.assert_array_equal(gs.grad(function, argnums=1)(3.0, X), np.full(3, 2.0))
    for derivative in (gs.grad(function), lambda a, x: gs.jvp(lambda a: function(a, x), (a,), (1.0,))):
        with pytest.raises(UnsupportedOperationError, match="reads `a`") as caught:
            derivative(3.0, X)
        assert caught.value.code == "GS209"


def test_arguments_must_stay_as_they_are():
    def changing(x):
        x[0] = 1.0
        return x * 2.0

    function = gs.custom_vjp(changing)
    function.defvjp(lambda x: (x * 2.0, None), lambda _, ct: (2.0 * ct,))

    def loss(x):
        y = x * 1.0
        return np.sum(function(y) + y)

    with pytest.raises(UnsupportedOperationError, match="changes an array") as caught:
        gs.grad(loss)(X)
    assert caught.value.code == "GS206"


def test_a_result_that_is_an_argument_is_not_written_silently():
    same = gs.custom_vjp(lambda x: x)
    same.defvjp(lambda x: (x, None), lambda _, ct: (-ct,))

    def loss(x):
        y = x * 1.0
        z = same(y)
        z += 1.0
        return np.sum(z * y)

    with pytest.raises(gs.GradscribeError) as caught:
        gs.grad(loss)(X)
    assert caught.value.code == "GS130"
    np.testing.assert_array_equal(gs.grad(lambda x: np.sum(same(x) * 2.0))(X), np.full(3, -2.0))


def test_rules_are_functions():
    function = gs.custom_vjp(lambda x: 2.0 * x)
    for state in (
        lambda: function.defvjp(np.sin, lambda _, ct: (ct,)),
        lambda: function.defjvp(np.sin),
        lambda: gs.custom_vjp(3.0),
        lambda: gs.primitive(np.sin, like=3.0),
    ):
        with pytest.raises(UsageError) as caught:
            state()
        assert caught.value.code == "GS322"


def test_an_unknown_function_is_named_with_a_way_to_state_its_rule():
    with pytest.raises(UnsupportedOperationError) as caught:
        gs.grad(lambda x: np.sum(np.unwrap_missing(x) if False else np.show_config(x)))(X)
    text = str(caught.value)
    assert "GS201" in text
    assert "np.show_config(x)" in text
    assert "op = gs.primitive(show_config)" in text


def changing_forward(x):
    result = x * x
    x[0] = 7.0
    return result, x


def changing_pushforward(primals, tangents):
    (x,) = primals
    x[0] = 7.0
    return x * x, 2.0 * x * tangents[0]


@pytest.mark.parametrize("mode", ["vjp", "jvp"])
def test_rules_leave_arguments_as_they_are(mode):
    function = gs.custom_vjp(lambda x: x * x)
    if mode == "vjp":
        function.defvjp(changing_forward, lambda x, ct: (2.0 * x * ct,))
    else:
        function.defjvp(changing_pushforward)

    def loss(x):
        y = x * 1.0
        return np.sum(function(y)) + np.sum(y)

    with pytest.raises(UnsupportedOperationError, match="a rule of `<lambda>` changes") as caught:
        gs.grad(loss)(X)
    assert caught.value.code == "GS206"


def test_a_rule_may_write_into_its_cotangent_and_residuals():
    function = gs.custom_vjp(lambda x: x * x)

    def backward(x, ct):
        ct *= 2.0
        ct *= x
        x[:] = 0.0
        return (ct,)

    function.defvjp(lambda x: (x * x, x), backward)

    def loss(x):
        y = x * 1.0
        return np.sum(function(y)) + np.sum(y * y)

    np.testing.assert_allclose(gs.grad(loss)(X), 4.0 * X, rtol=1e-14)


@pytest.mark.parametrize("given", [(-1,), (5,), ("x",), (True,)])
def test_positions_that_are_none(given):
    with pytest.raises(UsageError, match="nondiff_argnums") as caught:
        gs.custom_vjp(lambda x, n: x, nondiff_argnums=given)
    assert caught.value.code == "GS322"


def test_the_parts_that_are_missing_are_named():
    function = gs.custom_vjp(lambda p: p["a"] * p["b"])
    function.defvjp(lambda p: (p["a"] * p["b"], p), lambda p, ct: ({"a": ct * p["b"]},))
    with pytest.raises(UnsupportedOperationError, match="a dict of 'a', 'b'"):
        gs.grad(lambda x: np.sum(function({"a": x, "b": x})))(X)


@gs.nondifferentiable
def same(x):
    return x


@gs.nondifferentiable
def two_names(x):
    made = [2.0 * x, x[:1]]
    return made, made, made[0], made[0][1:]


def written_result(x):
    y = x * 1.0
    frozen = same(y)
    frozen[0] = 2.0
    return np.sum(frozen * y)


def written_argument(x):
    y = x * 1.0
    frozen = same({"rows": [y[1:]]})
    y[1] = 2.0
    return np.sum(frozen["rows"][0] * x[1:])


def written_list(x):
    held = [x[0], x[1]]
    frozen = same(held)
    frozen[0] = 5.0
    return held[0] * x[0]


def written_dict(x):
    held = {"a": x[0]}
    frozen = same(held)
    held["a"] = 5.0
    return frozen["a"] * x[0]


def written_under_one_of_two_names(x):
    one, other, _, _ = two_names(x)
    one[1] = x
    return np.sum(other[1] * x)


def written_through_a_view(x):
    _, _, whole, part = two_names(x)
    whole[1] = 9.0
    return np.sum(part * x[1:])


@pytest.mark.parametrize(
    "function",
    [
        written_result,
        written_argument,
        written_list,
        written_dict,
        written_under_one_of_two_names,
        written_through_a_view,
    ],
)
def test_what_is_returned_may_be_what_another_name_refers_to(function):
    with pytest.raises(gs.GradscribeError, match="may have been changed through") as caught:
        gs.grad(function)(X)
    assert caught.value.code == "GS130"


def test_a_result_that_nobody_else_knows_may_be_written():
    @gs.nondifferentiable
    def state(x):
        return {"moment": np.zeros_like(x), "steps": [0, x[0] * 0.0]}

    def loss(x):
        found = state(x)
        found["moment"] += x * x
        found["steps"][1] += x[0]
        found["moment"][0] *= x[1]
        return np.sum(found["moment"]) * found["steps"][1]

    total = X[0] ** 2 * X[1] + X[1] ** 2 + X[2] ** 2
    expected = X[0] * np.array([2.0 * X[0] * X[1], X[0] ** 2 + 2.0 * X[1], 2.0 * X[2]]) + [total, 0.0, 0.0]
    np.testing.assert_allclose(gs.grad(loss)(X), expected, rtol=1e-13)


def test_a_list_of_unknown_length_has_no_cotangents():
    total = gs.custom_vjp(lambda items: sum(items))
    total.defvjp(lambda items: (sum(items), len(items)), lambda n, ct: ([ct for _ in range(n)],))

    def loss(x):
        items = []
        for entry in x:
            items.append(entry * 2.0)
        return total(items)

    with pytest.raises(UnsupportedOperationError, match="a length known at run time") as caught:
        gs.grad(loss)(X)
    assert caught.value.code == "GS206"


def test_arguments_without_a_position_and_rules_stated_inside_are_named():
    scaled = gs.custom_vjp(lambda x, *, by=1.0: x * by)
    scaled.defvjp(lambda x: (x, None), lambda _, ct: (ct,))
    with pytest.raises(UnsupportedOperationError, match="`by` of `<lambda>` can only be given by name"):
        gs.grad(lambda x: np.sum(scaled(x, by=2.0)))(X)

    def loss(x):
        return np.sum(gs.custom_vjp(lambda y: y)(x))

    with pytest.raises(UnsupportedOperationError, match="state rules outside of the function"):
        gs.grad(loss)(X)

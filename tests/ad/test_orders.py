"""Reverse and forward mode against differences and against each other, to third order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from gradscribe.ad.transforms import gradient, pushforward, split_vjp
from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Program
from gradscribe.ir.verify import verify
from gradscribe.ops.execute import execute
from tests.ad.programs import CASES, Case, weighted

cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)


def run(program: Program, values: Sequence[object]) -> tuple[object, ...]:
    verify(program)
    return evaluate(program, values, execute)


def directions(values: Sequence[object], wrt: Sequence[int]) -> list[object]:
    rng = np.random.default_rng(0)
    return [
        rng.normal(size=np.shape(values[k])) if isinstance(values[k], np.ndarray) else float(rng.normal())
        for k in wrt
    ]


def difference(
    function: Callable[[list[object]], Sequence[object]],
    values: Sequence[object],
    wrt: Sequence[int],
    tangents: Sequence[object],
    h: float = 1e-5,
) -> list[np.ndarray]:
    """Central difference of every result in a direction."""
    up, down = list(values), list(values)
    for k, tangent in zip(wrt, tangents, strict=True):
        up[k] = values[k] + h * tangent  # type: ignore[operator]
        down[k] = values[k] - h * tangent  # type: ignore[operator]
    above, below = function(up), function(down)
    return [(np.asarray(a) - np.asarray(c)) / (2 * h) for a, c in zip(above, below, strict=True)]


def inner(left: Sequence[object], right: Sequence[object]) -> float:
    return float(sum(np.sum(np.asarray(a) * np.asarray(c)) for a, c in zip(left, right, strict=True)))


@cases
def test_gradient_in_a_direction_is_the_difference_quotient(case: Callable[[], Case]) -> None:
    program, values, wrt = case()
    tangents = directions(values, wrt)
    found = run(gradient(program, wrt, name="g"), values)
    (expected,) = difference(lambda point: run(program, point), values, wrt, tangents)
    assert inner(found, tangents) == pytest.approx(float(expected), rel=1e-7)


@cases
def test_forward_mode_is_the_transpose_of_reverse_mode(case: Callable[[], Case]) -> None:
    program, values, wrt = case()
    tangents = directions(values, wrt)
    gradients = run(gradient(program, wrt, name="g"), values)
    _, tangent = run(pushforward(program, wrt, name="p"), [*values, *tangents])
    assert float(tangent) == pytest.approx(inner(gradients, tangents), rel=1e-12)  # type: ignore[arg-type]


@cases
def test_second_order_agrees_by_both_modes_and_differences(case: Callable[[], Case]) -> None:
    program, values, wrt = case()
    tangents = directions(values, wrt)
    first = gradient(program, wrt, name="g")
    over = run(pushforward(first, wrt, name="hvp"), [*values, *tangents])[len(wrt) :]
    twice = run(gradient(weighted(first, tangents), wrt, name="gg"), [*values, *tangents])
    expected = difference(lambda point: run(first, point), values, wrt, tangents)
    for a, c, e in zip(over, twice, expected, strict=True):
        np.testing.assert_allclose(a, c, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(a, e, rtol=1e-5, atol=1e-7)


@cases
def test_third_order_agrees_with_differences(case: Callable[[], Case]) -> None:
    program, values, wrt = case()
    tangents = directions(values, wrt)
    second = gradient(weighted(gradient(program, wrt, name="g"), tangents), wrt, name="gg")
    third = run(pushforward(second, wrt, name="ggp"), [*values, *tangents, *tangents])[len(wrt) :]
    expected = difference(lambda point: run(second, [*point, *tangents]), values, wrt, tangents)
    for a, e in zip(third, expected, strict=True):
        np.testing.assert_allclose(a, e, rtol=1e-4, atol=1e-6)


@cases
def test_the_two_halves_of_a_vjp_compose_to_the_gradient(case: Callable[[], Case]) -> None:
    program, values, wrt = case()
    halves = split_vjp(program, wrt, name="f")
    value, *saved = run(halves, values)
    pullback = Program("f_pullback", halves.graphs)
    found = run(pullback, [*saved, 1.0])
    assert run(program, values) == (value,)
    for a, c in zip(found, run(gradient(program, wrt, name="g"), values), strict=True):
        np.testing.assert_array_equal(a, c)

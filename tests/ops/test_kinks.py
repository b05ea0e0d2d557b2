"""Conventions at kinks, and points where formulas that look right give nan."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.ops.table import lookup
from tests.rules.harness import Run
from tests.rules.samples import Run as Scalar
from tests.rules.samples import make_case


def gradient(name: str, *args, ct=1.0, **kwargs):
    """The cotangents of the operands, for a cotangent of ones."""
    case = make_case(lookup(name), args, kwargs)
    run = Run(case)
    cts = [np.full_like(result, ct) if np.ndim(result) else type(result)(ct) for result in run.results]
    return run.vjp(cts)


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("maximum", ([1.0, 2.0, 3.0], [1.0, 3.0, 2.0]), ([0.5, 0.0, 1.0], [0.5, 1.0, 0.0])),
        ("minimum", ([1.0, 2.0, 3.0], [1.0, 3.0, 2.0]), ([0.5, 1.0, 0.0], [0.5, 0.0, 1.0])),
        ("maximum", ([np.inf, -np.inf], [np.inf, -np.inf]), ([0.5, 0.5], [0.5, 0.5])),
        ("fmax", ([np.nan, 1.0, 1.0], [1.0, np.nan, 1.0]), ([0.0, 1.0, 0.5], [1.0, 0.0, 0.5])),
        ("hypot", ([0.0, 3.0], [0.0, 4.0]), ([0.0, 0.6], [0.0, 0.8])),
        ("arctan2", ([0.0], [0.0]), ([0.0], [0.0])),
        ("logaddexp", ([-np.inf, 0.0], [-np.inf, 0.0]), ([0.5, 0.5], [0.5, 0.5])),
        ("abs", ([0.0, -2.0],), ([0.0, -1.0],)),
        ("sinc", ([0.0],), ([0.0],)),
        ("max", ([1.0, 3.0, 3.0],), ([0.0, 0.5, 0.5],)),
        ("min", ([1.0, 1.0, 1.0, 3.0],), ([1 / 3, 1 / 3, 1 / 3, 0.0],)),
        ("prod", ([0.0, 2.0, 3.0],), ([6.0, 0.0, 0.0],)),
        ("prod", ([0.0, 0.0, 3.0],), ([0.0, 0.0, 0.0],)),
        ("cumprod", ([2.0, 0.0, 3.0],), ([1.0, 8.0, 0.0],)),
        ("norm", ([0.0, 0.0],), ([0.0, 0.0],)),
        ("std", ([2.0, 2.0, 2.0],), ([0.0, 0.0, 0.0],)),
        ("median", ([3.0, 1.0, 2.0],), ([0.0, 0.0, 1.0],)),
        ("median", ([4.0, 1.0, 2.0, 3.0],), ([0.0, 0.0, 0.5, 0.5],)),
        ("sort", ([3.0, 1.0, 2.0],), ([1.0, 1.0, 1.0],)),
        ("det", ([[1.0, 2.0], [2.0, 4.0]],), ([[4.0, -2.0], [-2.0, 1.0]],)),
        ("det", ([[0.0, 0.0], [0.0, 0.0]],), ([[0.0, 0.0], [0.0, 0.0]],)),
        ("clip", ([-1.0, -0.5, 0.0, 0.5, 1.0], Scalar(-0.5), Scalar(0.5)), ([0.0, 0.5, 1.0, 0.5, 0.0],)),
    ],
)
def test_kinks_and_degenerate_points(name, args, expected):
    arrays = [arg if isinstance(arg, Scalar) else np.array(arg) for arg in args]
    with np.errstate(invalid="ignore"):
        pulled = gradient(name, *arrays)
    for got, wanted in zip(pulled, expected, strict=False):
        assert np.allclose(got, wanted, atol=1e-12), (name, got)


def test_scalar_ties_share_equally():
    for name, args, expected in (
        ("maximum", (1.0, 1.0), (0.5, 0.5)),
        ("maximum", (2.0, 1.0), (1.0, 0.0)),
        ("abs", (0.0,), (0.0,)),
        ("hypot", (0.0, 0.0), (0.0, 0.0)),
    ):
        assert tuple(map(float, gradient(name, *map(Scalar, args)))) == expected


def test_power_at_zero():
    (of_x, _) = gradient("pow", np.array([0.0, 2.0]), 0)
    assert of_x is None
    (of_x, _) = gradient("pow", np.array([0.0, -2.0]), 2)
    assert np.array_equal(of_x, [0.0, -4.0])
    (of_x, of_y) = gradient("pow", np.array([0.0, 2.0]), np.array([2.0, 3.0]))
    assert np.allclose(of_y, [0.0, 8.0 * np.log(2.0)])


def test_where_selects_after_the_cotangent():
    condition = np.array([True, False])
    _, of_x, of_y = gradient("where", condition, np.array([1.0, 2.0]), np.array([3.0, 4.0]), ct=np.inf)
    assert np.array_equal(of_x, [np.inf, 0.0])
    assert np.array_equal(of_y, [0.0, np.inf])


def test_eigenvalues_of_a_multiple_of_the_identity():
    (pulled,) = gradient("eigvalsh", np.eye(3))
    assert np.allclose(pulled, np.eye(3))


def test_second_derivative_of_a_product_with_zeros_is_exact():
    """d/dx of (product of others) at one zero: the rule of the rule."""
    rng = np.random.default_rng(0)
    x = np.array([0.0, 2.0, 0.0, 3.0])
    run = Run(make_case(lookup("products_of_others"), (x,), {}))
    ct = rng.standard_normal(4)
    n = len(x)
    others = [[[j for j in range(n) if j not in (i, k)] for k in range(n)] for i in range(n)]
    hessian = np.array([[(i != k) * np.prod(x[others[i][k]]) for k in range(n)] for i in range(n)])
    assert np.allclose(run.vjp([ct])[0], hessian @ ct)


def test_a_cotangent_that_happens_to_be_zero_has_a_second_derivative():
    """A selection keeps infinite partials out; where the partial is finite, zero is a number like others."""
    import gradscribe as gs

    def selected(x, m):
        inside = x > 0
        safe = np.where(inside, x, 1.0)
        return np.sum(np.where(inside, 0.5 * (safe / m - 1.0) ** 2, 0.0))

    x = np.array([0.8, -1.0])
    gradient = gs.grad(selected, argnums=1, create_graph=True)
    assert gradient(x, 0.8) == 0.0
    np.testing.assert_allclose(gs.grad(gradient, argnums=1)(x, 0.8), 1.0 / 0.8**2, rtol=1e-15)


@pytest.mark.parametrize("choose", [max, min])
@pytest.mark.parametrize("x", [[1.0, np.nan], [np.nan, 1.0], [2.0, 1.0], [1.0, 2.0]])
def test_the_operand_that_max_and_min_keep_beside_a_nan_has_the_derivative(choose, x):
    def chosen(x):
        return choose(x[0], x[1])

    def both(x, direction):
        return gs.jvp(chosen, (x,), (direction,))

    x = np.array(x)
    kept = choose(x[0], x[1])
    place = [np.array_equal(kept, item, equal_nan=True) for item in x]
    value, gradient = gs.value_and_grad(chosen)(x)
    assert np.array_equal(value, kept, equal_nan=True)
    assert gradient.tolist() == [float(p) for p in place]
    assert [both(x, direction)[1] for direction in np.eye(2)] == gradient.tolist()


def test_a_choice_that_is_a_python_number_divides_as_numpy_does_in_derivatives():
    def relative(x):
        return x[1] / max(0.0, x[0])

    def root(x):
        return max(0.0, x[0]) ** 0.5

    with np.errstate(divide="ignore", invalid="ignore"):
        value, gradient = gs.value_and_grad(relative)(np.array([-2.0, 1.0]))
        assert value == np.inf and gradient[1] == np.inf
        assert gs.grad(root)(np.array([0.0, 1.0])).tolist() == [np.inf, 0.0]
        assert gs.jvp(root, (np.array([0.0, 1.0]),), (np.array([1.0, 0.0]),)) == (0.0, np.inf)
    assert gs.grad(root)(np.array([-2.0, 1.0])).tolist() == [0.0, 0.0]

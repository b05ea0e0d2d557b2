"""Sums and products with integers, masks, literals and floats of few bits: derivatives are computed in floats.

The programs multiply floats by integers one after another, so that NumPy computes them in floats. The reference is
the same text with every operand converted to float64 before, by complex step.
"""

from __future__ import annotations

import random

import numpy as np
import pytest

import gradscribe as gs
from tests.programs.load import load_module

X = np.array([0.7, -0.4, 1.3])
OPERANDS = {
    "u": np.array([100, 200, 3], np.uint8),
    "i": np.array([-128, 100, 7], np.int8),
    "n": np.array([2**40, -(2**41), 3]),
    "p": np.array([True, False, True]),
    "q": np.array([False, False, True]),
    "e": np.array([0.1, 0.3, -0.7], np.float32),
    "A": np.array([[0.1, 0.2, 3.0], [0.4, -5.0, 0.6], [0.7, 8.0, 0.9]]),
    "v": np.uint8(201),
    "w": np.int64(2**40),
    "g": np.float32(0.3),
    "m": -7,
    "k": 2**45,
    "c": True,
}
NAMES = ", ".join(OPERANDS)
FLOATS = {
    name: value.astype(float) if isinstance(value, np.ndarray) else float(value)
    for name, value in OPERANDS.items()
}


def function_of(body: str):
    """A function of x and the operands."""
    return load_module(f"import numpy as np\n\ndef f(x, {NAMES}):\n{body}\n").f


def assert_derivatives(body: str, rtol: float = 1e-10) -> None:
    """Gradient, jvp and second order of a function of x, with the operands as they are."""
    f = function_of(body)
    rest, floats = tuple(OPERANDS.values()), tuple(FLOATS.values())
    steps = [(X + 1e-30j * unit, *floats) for unit in np.eye(len(X))]
    expected = np.array([f(*arguments).imag for arguments in steps]) / 1e-30
    close = {"rtol": rtol, "atol": rtol * np.max(np.abs(expected))}
    gradient = gs.grad(f)
    np.testing.assert_allclose(gradient(X, *rest), expected, **close, err_msg=f"{body}\n{gradient.source}")
    tangents = (np.array([0.3, 1.1, -0.6]), *(np.zeros_like(value) for value in rest))
    direct = lambda x: f(x, *rest)  # noqa: E731
    _, tangent = gs.jvp(direct, (X,), tangents[:1])
    np.testing.assert_allclose(
        tangent, expected @ tangents[0], rtol=rtol, atol=3 * close["atol"], err_msg=body
    )
    second = gs.hvp(direct, (X,), tangents[:1])
    converted = gs.hvp(lambda x: f(x, *floats), (X,), tangents[:1])
    scale = rtol * np.max(np.abs(converted), initial=1e-300)
    np.testing.assert_allclose(second, converted, rtol=rtol, atol=scale, err_msg=body)


@pytest.mark.parametrize(
    "expression",
    [
        "np.sum(x * u * u - x)",
        "np.sum(x * n * n - x * 4)",
        "np.sum(x * u * u) - np.sum(x) * 4",
        "np.sum(np.exp(x) * u * u)",
        "np.sum(np.exp(x) * v * v)",
        "np.exp(x[0]) * v * v * w * w",
        "m * x[0] * v - x[0]",
        "x[0] * n[0] * n[1] - 4.0 * x[0]",
        "np.sum(x * p) - np.sum(x * q)",
        "np.sum(x * p * q) + np.sum(-x * p)",
        "np.mean(x * p - x * q) + np.sum(x * p - x * q)",
        "m * x[0] * v + x[0] * v * (-7 // 2)",
        "x[0] * c - x[1] * c - x[0] * c * c",
        "np.sum(A * x * e * e) - np.sum(x * e)",
        "np.sum(x * x * g * g * e)",
        "np.sum((x * u / 3.0 - x * i) * u * i)",
        "np.sum(x * u * u / x.size - x * i / 3)",
    ],
)
def test_products_and_sums(expression):
    assert_derivatives(f"    return {expression}")


def test_a_sum_over_the_pixels_of_an_image():
    assert_derivatives(
        "    s = 0.0\n    for j in range(3):\n        s += x[j] * u[j] * i[j] - x[j]\n    return s"
    )


@pytest.mark.parametrize("seed", range(24))
def test_random_sums_of_products(seed):
    rng = random.Random(seed)
    assert_derivatives(f"    return np.{rng.choice(['sum', 'mean'])}({random_sum(rng, 2)})")


def random_sum(rng: random.Random, depth: int) -> str:
    """A sum of random products of floats with the operands."""
    signs = ["", *rng.choices((" + ", " - "), k=rng.randint(0, 3))]
    return "".join(sign + _product(rng, depth) for sign in signs)


def _product(rng: random.Random, depth: int) -> str:
    first = rng.choice(["x", "x", "x[0]", "np.exp(x)", "-x", "x[1] * x"])
    text = f"({random_sum(rng, depth - 1)})" if depth and rng.random() < 0.4 else first
    for _ in range(rng.randint(0, 2)):
        if rng.random() < 0.5:
            text += rng.choice((" * ", " / ")) + rng.choice(("2", "3.0", "0.5", "-1.0", "4", "(-3)"))
        text += "".join(f" * {name}" for name in rng.choices("uinpqAvwmkc", k=rng.randint(0, 3)))
    return text


def test_differences_of_integers_stay_where_the_user_wrote_them():
    def loss(x, u, i):
        return np.sum(x * (x + (u - i)) + x * (x - (u + u)))

    u, i = np.array([3, 250], np.uint8), np.array([200, 10], np.uint8)
    x = np.array([0.4, 1.3])
    expected = 4.0 * x + (u - i).astype(float) - (u + u).astype(float)
    np.testing.assert_allclose(gs.grad(loss)(x, u, i), expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("expression", "slope", "curvature"),
    [
        ("x * 1e200 / 1e200 * 1e200 / 1e200", 1.0, 0.0),
        ("x / 1e200 * 1e200 / 1e200 * 1e200", 1.0, 0.0),
        ("x / 1e-160 * 1e-160 / 1e-160", 1e160, 0.0),
        ("x * 1e-200 / 1e-200 * 1e-200 / 1e-200", 1.0, 0.0),
        ("(x * 1e-170 / 1e-170) ** 2 * 1e-170 / 1e-170", 3.0, 2.0),
        ("x * 1e160 / 3.0 / 1e160 / 1e160 * 1e160", 1.0 / 3.0, 0.0),
        ("x * 1e200 / 1e200 * 1e200 / 1e200 - x * 1e-200 / 1e-200 * 1e200 / 1e200 * 3.0", -2.0, 0.0),
        ("(x * 1e200 / 1e200 * 1e100) * (1e-100 * x)", 3.0, 2.0),
    ],
)
def test_literals_are_gathered_where_they_leave_room(expression, slope, curvature):
    f = load_module(f"import numpy as np\n\ndef f(x):\n    return {expression}\n").f
    total = load_module(f"import numpy as np\n\ndef f(x):\n    return np.sum({expression})\n").f
    np.testing.assert_allclose(gs.grad(f)(1.5), slope, rtol=1e-13)
    np.testing.assert_allclose(gs.grad(total)(np.array([1.5, 1.5])), [slope, slope], rtol=1e-13)
    for function, x in ((f, 1.5), (total, np.array([1.5]))):
        _, tangent = gs.jvp(function, (x,), (0.5 * x,))
        np.testing.assert_allclose(tangent, 0.75 * slope, rtol=1e-13)
        second = gs.hvp(function, (x,), (x,))
        np.testing.assert_allclose(second, curvature * x, rtol=1e-13)


def test_literals_of_single_precision_leave_room_for_single_precision():
    def f(x):
        return np.sum(x * 1e30 / 1e30 * 1e30 / 1e30)

    x = np.array([1.5, 2.5], np.float32)
    np.testing.assert_allclose(gs.grad(f)(x), [1.0, 1.0], rtol=1e-6)
    np.testing.assert_allclose(gs.jvp(f, (x,), (x,))[1], 4.0, rtol=1e-6)


def chosen(x, u, flag):
    s = u[0] if flag else 0.5
    return np.sum(np.exp(x) * s * s) - np.sum(x * s)


def last_of_a_loop(x, u, flag):
    s = 0.5
    for pixel in u:
        if flag:
            s = pixel
    return np.exp(x[0]) * s * s - x[1] * s * u[0]


def padded(x, u, flag):
    total = 0.0
    for j in range(4):
        pixel = u[j] if j < 3 else 0.0
        total = total + np.exp(x[0]) * pixel * pixel - x[1] * pixel * flag
    return total


@pytest.mark.parametrize("flag", [False, True])
@pytest.mark.parametrize("function", [chosen, last_of_a_loop, padded])
def test_an_integer_of_one_branch_and_a_float_of_the_other(function, flag):
    pixels = np.array([201, 100, 200], np.uint8)
    expected = gs.grad(function)(X, pixels.astype(float), flag)
    np.testing.assert_allclose(gs.grad(function)(X, pixels, flag), expected, rtol=1e-13)
    _, tangent = gs.jvp(lambda x: function(x, pixels, flag), (X,), (X,))
    np.testing.assert_allclose(tangent, expected @ X, rtol=1e-12)
    second, converted = (
        gs.hvp(lambda x, u=u: function(x, u, flag), (X,), (X,)) for u in (pixels, pixels.astype(float))
    )
    np.testing.assert_allclose(second, converted, rtol=1e-12)


def test_what_is_subtracted_in_place():
    def f(x, u, p, q):
        bright = x[0] * u[1] * u[2] + x[1] * u[0] * u[1] * 1.0
        return (
            np.exp(x[0]) - bright + np.sum(x[:2] ** 2) - np.sum(x[1:] * p) - np.sum(x[1:] * q) - x[2] * u[0]
        )

    u, p, q = np.array([201, 100, 200], np.uint8), np.array([True, True]), np.array([True, False])
    expected = gs.grad(f)(X, *(value.astype(float) for value in (u, p, q)))
    np.testing.assert_allclose(gs.grad(f)(X, u, p, q), expected, rtol=1e-13)

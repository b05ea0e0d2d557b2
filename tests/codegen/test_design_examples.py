"""The three examples of the design reach the style it shows, and compute what they should."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradscribe.codegen.numpy_source import generate
from gradscribe.ir.graph import Program
from tests.codegen.by_hand import heat_grad, loss_grad, rollout_grad
from tests.codegen.running import run

LOSS = """\
def loss_grad(w, x, y):
    r = x @ w - y           # loss.py:2
    d_r = 2.0 * r / r.size  # loss.py:3
    return x.T @ d_r        # loss.py:2
"""

ROLLOUT = """\
import numpy as np


def rollout_grad(theta, x0, n):
    x_saved, h_saved = [], []                               # rollout.py:3
    x = x0                                                  # rollout.py:3
    for _ in range(n):                                      # rollout.py:3
        h = np.tanh(theta @ x)                              # rollout.py:4
        x_saved.append(x)                                   # rollout.py:4
        h_saved.append(h)                                   # rollout.py:4
        x = x + 0.01 * h                                    # rollout.py:5
    d_x = 2.0 * x                                           # rollout.py:6
    d_theta = np.zeros_like(theta)                          # rollout.py:4
    for x, h in zip(reversed(x_saved), reversed(h_saved)):  # rollout.py:4
        d_a = 0.01 * d_x * (1.0 - h * h)                    # rollout.py:4
        d_theta += np.outer(d_a, x)                         # rollout.py:4
        d_x += theta.T @ d_a                                # rollout.py:4
    return d_theta
"""

HEAT = """\
def heat_grad(u, k, steps):
    u = u.copy()                                         # heat.py:2
    for _ in range(steps):                               # heat.py:3
        u[1:-1] += k * (u[2:] - 2.0 * u[1:-1] + u[:-2])  # heat.py:4
    d_u = 2.0 * u                                        # heat.py:7
    for _ in range(steps):                               # heat.py:3
        d_lap = k * d_u[1:-1]                            # heat.py:4
        d_u[2:] += d_lap                                 # heat.py:4
        d_u[1:-1] -= 2.0 * d_lap                         # heat.py:4
        d_u[:-2] += d_lap                                # heat.py:4
    return d_u
"""


def loss(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    return float(np.mean((x @ w - y) ** 2))


def rollout(theta: np.ndarray, x0: np.ndarray, n: int) -> float:
    x = x0
    for _ in range(n):
        x = x + 0.01 * np.tanh(theta @ x)
    return float(np.sum(x**2))


def heat(u: np.ndarray, k: float, steps: int) -> float:
    u = u.copy()
    for _ in range(steps):
        u[1:-1] += k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return float(np.sum(u**2))


def difference(function: Callable[..., float], first: np.ndarray, *rest: Any) -> np.ndarray:
    """Central differences by the first argument."""
    gradient = np.zeros_like(first)
    for index in np.ndindex(first.shape):
        step = np.zeros_like(first)
        step[index] = 1e-6
        gradient[index] = (function(first + step, *rest) - function(first - step, *rest)) / 2e-6
    return gradient


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(len(shape)).normal(size=shape)


CASES = [
    (loss_grad, LOSS, loss, (random(5), random(7, 5), random(7))),
    (rollout_grad, ROLLOUT, rollout, (random(4, 4), random(4), 5)),
    (heat_grad, HEAT, heat, (random(6), 0.1, 4)),
]


@pytest.mark.parametrize(("make", "text"), [case[:2] for case in CASES])
def test_printed_style(make: Callable[[], Program], text: str) -> None:
    assert text == generate(make()).text


@pytest.mark.parametrize(("make", "function", "arguments"), [(c[0], c[2], c[3]) for c in CASES])
def test_value_is_the_gradient(
    make: Callable[[], Program], function: Callable[..., float], arguments: tuple[Any, ...]
) -> None:
    expected = difference(function, *arguments)
    np.testing.assert_allclose(run(make(), arguments), expected, rtol=1e-5, atol=1e-8)


def test_zero_trips() -> None:
    u = random(6)
    found = run(heat_grad(), (u, 0.1, 0))
    np.testing.assert_array_equal(2.0 * u, found)

"""Draws inside a function are made once, in order, and are constants of its derivative."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import GradscribeError

X = np.array([0.5, -1.0, 2.0])


def by_generator(x):
    rng = np.random.default_rng(0)
    noise = rng.normal(size=3)
    return np.sum((x + 0.1 * noise) ** 2 * rng.uniform(0.5, 1.5, size=3))


def by_one_expression(x):
    return np.sum(x * np.random.default_rng(0).standard_normal(3)) + np.random.default_rng(0).normal()


def by_the_old_interface(x):
    np.random.seed(3)
    return np.sum(x**2 * np.random.normal(size=x.shape)) + np.random.rand() * x[np.random.randint(3)]


def in_a_loop(x):
    rng = np.random.default_rng(1)
    total = 0.0
    for _ in range(4):
        total = total + np.sum(np.tanh(x * rng.normal(size=3))) * rng.random()
    return total


def reparameterised(x):
    rng = np.random.default_rng(2)
    mean, deviation = x[0], np.exp(x[1])
    return np.mean((mean + deviation * rng.normal(size=50)) ** 2) + x[2]


@pytest.mark.parametrize(
    "function", [by_generator, by_one_expression, by_the_old_interface, in_a_loop, reparameterised]
)
def test_the_value_is_numpys_and_the_derivative_that_of_fixed_draws(function):
    value, _ = gs.value_and_grad(function)(X)
    assert value == function(X)
    gs.testing.check_grads(function, (X,))


def test_two_generators_of_one_seed_are_two():
    def twice(x):
        return np.sum(x * np.random.default_rng(0).normal(size=3) * np.random.default_rng(0).normal(size=3))

    value, _ = gs.value_and_grad(twice)(X)
    assert value == twice(X)


def test_parameters_that_are_differentiated_are_refused():
    def shifted(x):
        return np.sum(np.random.default_rng(0).normal(x[0], 1.0, size=3))

    with pytest.raises(GradscribeError, match="loc \\+ scale"):
        gs.grad(shifted)(X)

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


GENERATOR = np.random.default_rng(7)
OLD = np.random.RandomState(7)


class Model:
    """Holds no array: only a generator."""

    def __init__(self, rng):
        self.rng = rng

    def loss(self, x):
        return np.sum((x + self.rng.normal(size=x.shape)) ** 2) + self.rng.standard_normal() * x[0]


def of_a_global(x):
    return np.sum(x * GENERATOR.normal(size=3)) + GENERATOR.random() * np.sum(x * GENERATOR.integers(5))


def of_an_old_global(x):
    noise = OLD.randn(4, 3) * np.exp(x) + OLD.rand(3)
    return np.mean(noise**2) * OLD.uniform(1.0, 2.0) + x[OLD.randint(3)] * OLD.random_sample()


def of_an_argument(x, rng):
    total = 0.0
    for _ in range(3):
        total = total + np.sum(np.tanh(x * rng.normal(size=3)))
    return total


def of_a_container(x, state):
    rng, scale = state["rng"], state["scale"]
    return np.sum(np.sin(x * scale) * rng.standard_normal(3))


def of_a_default(x, rng=np.random.RandomState(3)):  # noqa: B008
    return np.sum(x**2 * rng.randn(*x.shape))


def made_inside_as_of_old(x):
    rng = np.random.RandomState(5)
    return np.sum(x**2 * rng.randn(3)) + rng.normal(0.5, 2.0) * x[rng.randint(0, 3)]


def drawn_in_vain(x, rng):
    rng.normal(size=4)
    return np.sum(x * rng.normal(size=3))


def of_one_twice(x, first, second):
    return np.sum(x * first.normal(size=3) * second.normal(size=3))


def bound_method(x, rng):
    draw = rng.normal
    return np.sum(x * draw(size=3)) + x[0] * draw()


TAKING_A_GENERATOR = (of_an_argument, of_a_container, drawn_in_vain, of_one_twice, bound_method)


@pytest.mark.parametrize(
    ("function", "make"),
    [
        *((function, np.random.default_rng) for function in TAKING_A_GENERATOR),
        *((function, np.random.RandomState) for function in (*TAKING_A_GENERATOR, of_a_default)),
    ],
)
def test_a_generator_that_is_passed_advances_as_in_the_function(function, make):
    arguments = {
        of_a_container: lambda rng: ({"rng": rng, "scale": 0.5},),
        of_one_twice: lambda rng: (rng, rng),
    }.get(function, lambda rng: (rng,))
    ours, theirs = make(11), make(11)
    compiled = gs.value_and_grad(function)
    for _ in range(2):
        value, gradient = compiled(X, *arguments(ours))
        assert value == function(X, *arguments(theirs))
        assert ours.normal() == theirs.normal()
    step = 1e-6 * np.array([1.0, -2.0, 0.5])
    up, down = function(X + step, *arguments(make(3))), function(X - step, *arguments(make(3)))
    _, gradient = compiled(X, *arguments(make(3)))
    assert np.isclose(gradient @ step, (up - down) / 2, rtol=1e-6)
    rest = [None] * len(arguments(make(3)))
    _, tangent = gs.jvp(function, (X, *arguments(make(3))), (step, *rest))
    assert np.isclose(tangent, gradient @ step, rtol=1e-12)


@pytest.mark.parametrize(
    ("function", "rng"), [(of_a_global, GENERATOR), (of_an_old_global, OLD)], ids=["new", "old"]
)
def test_a_generator_outside_advances_as_in_the_function(function, rng):
    def state():
        return rng.bit_generator.state if rng is GENERATOR else rng.get_state()

    def reset(to):
        if rng is GENERATOR:
            rng.bit_generator.state = to
        else:
            rng.set_state(to)

    compiled, start = gs.value_and_grad(function), state()
    values = [compiled(X)[0] for _ in range(3)]
    reset(start)
    assert values == [function(X) for _ in range(3)]
    step = 1e-6 * np.array([1.0, -2.0, 0.5])

    def at(x):
        reset(start)
        return function(x)

    reset(start)
    _, gradient = compiled(X)
    assert np.isclose(gradient @ step, (at(X + step) - at(X - step)) / 2, rtol=1e-6)


def test_a_generator_of_an_object_is_read_at_each_call():
    model = Model(np.random.default_rng(1))
    compiled = gs.value_and_grad(model.loss)
    for seed in (1, 2):
        model.rng = np.random.default_rng(seed)
        assert compiled(X)[0] == Model(np.random.default_rng(seed)).loss(X)


def test_generators_of_both_kinds_are_two_compilations():
    compiled = gs.value_and_grad(bound_method)
    for make in (np.random.default_rng, np.random.RandomState):
        assert compiled(X, make(0))[0] == bound_method(X, make(0))


def test_generators_made_inside_as_of_old():
    value, _ = gs.value_and_grad(made_inside_as_of_old)(X)
    assert value == made_inside_as_of_old(X)
    gs.testing.check_grads(made_inside_as_of_old, (X,))


def test_a_draw_of_the_other_kind_is_refused():
    with pytest.raises(GradscribeError, match="RandomState"):
        gs.grad(of_a_default)(X, np.random.default_rng(0))
    with pytest.raises(GradscribeError, match="default_rng"):
        gs.grad(lambda x, rng: x[0] * rng.integers(3))(X, np.random.RandomState(0))


def test_a_generator_is_nothing_to_differentiate():
    with pytest.raises(GradscribeError, match="GS312"):
        gs.grad(of_an_argument, 1)(X, np.random.default_rng(0))


def test_a_saved_gradient_asks_for_its_generator(tmp_path):
    path = tmp_path / "saved.py"
    gradient = gs.grad(of_an_argument)
    expected = gradient(X, np.random.default_rng(4))
    gradient.save(path)
    names = {}
    exec(compile(path.read_text(), str(path), "exec"), names)
    saved = names["of_an_argument_grad"]
    assert np.array_equal(saved(X, np.random.default_rng(4)), expected)
    with pytest.raises(TypeError):
        saved(X, np.random.RandomState(4))


def shuffled(x, seed):
    rng = np.random.default_rng(seed)
    order, counts = rng.permutation(len(x)), rng.poisson(2.0, size=4)
    kept = rng.choice(4, size=3, p=np.full(4, 0.25))
    return np.sum(x[order] * x * counts) + np.sum(x[kept] ** 2) + rng.gamma(2.0) * x[0] * rng.binomial(5, 0.4)


def test_orders_counts_and_choices_are_those_of_numpy():
    x = np.array([0.3, -1.2, 0.7, 2.0])
    value, gradient = gs.value_and_grad(shuffled)(x, 3)
    assert value == shuffled(x, 3)
    for k, unit in enumerate(np.eye(4)):
        slope = (shuffled(x + 1e-4 * unit, 3) - shuffled(x - 1e-4 * unit, 3)) / 2e-4
        assert np.isclose(gradient[k], slope, rtol=1e-8, atol=1e-8)


def old_draws(x):
    np.random.seed(1)
    rates = np.random.poisson(gs.stop_gradient(np.exp(x)))
    return np.sum(rates * x) + x[np.random.choice(3)] * np.random.triangular(0.0, 1.0, 2.0)


def test_counts_with_an_array_of_rates():
    x = np.array([0.3, -1.2, 0.7])
    value, gradient = gs.value_and_grad(old_draws)(x)
    assert value == old_draws(x)
    np.testing.assert_allclose(np.sum(gradient * x), value, rtol=1e-12)


def test_draws_that_move_with_their_parameters_are_refused():
    def moved(x, rng):
        return rng.gamma(x) * x

    with pytest.raises(gs.GradscribeError, match="stop_gradient"):
        gs.grad(moved)(1.3, np.random.default_rng(0))
    with pytest.raises(gs.GradscribeError, match="permutation"):
        gs.grad(lambda x, rng: np.sum(rng.permutation(x) * x))(np.ones(3), np.random.default_rng(0))

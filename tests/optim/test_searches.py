"""Line searches as transformations: their conditions at every step, and the published backtracking."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from gradscribe import optim
from tests.optim.problems import PROBLEMS, joined, parts, start

EACH_PROBLEM = pytest.mark.parametrize("name", PROBLEMS)
SEARCHES = {
    "backtracking": optim.scale_by_backtracking_linesearch(40, store_grad=True),
    "zoom": optim.scale_by_zoom_linesearch(40),
}
DIRECTIONS = {"descent": optim.sgd(1.0), "adam": optim.adam(0.5)}


def along(problem):
    return lambda params: (problem.value(params), problem.grads(params))


def run(opt, problem, steps):
    """Parameters, updates and state of each step."""
    params = start(1)
    state = opt.init(params)
    for _ in range(steps):
        value, grads = problem.value(params), problem.grads(params)
        new, state = opt.step(params, grads, state, value=value, grad=grads, value_and_grad=along(problem))
        yield params, new, state
        params = new


@EACH_PROBLEM
def test_backtracking_is_armijos(name):
    problem = PROBLEMS[name]
    found = run(optim.chain(optim.sgd(2.0), SEARCHES["backtracking"]), problem, 30)
    rate, x = 1.0, joined(parts(start(1)))
    for _, params, state in found:
        u = -2.0 * problem.gradient(x)
        slope = problem.gradient(x) @ u
        rate = min(1.5 * rate, 1.0)
        while problem.loss(x + rate * u) > problem.loss(x) + 1e-4 * rate * slope:
            rate *= 0.8
        x = x + rate * u
        np.testing.assert_allclose(joined(parts(params)), x, rtol=1e-12, atol=1e-12)
        assert state[1].learning_rate == pytest.approx(rate)


@EACH_PROBLEM
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_zoom_meets_the_strong_wolfe_conditions(name, direction):
    problem = PROBLEMS[name]
    opt = optim.chain(DIRECTIONS[direction], SEARCHES["zoom"])
    for before, after, state in run(opt, problem, 12):
        x, y = joined(parts(before)), joined(parts(after))
        slope = problem.gradient(x) @ (y - x)
        rounding = 1e-12 * abs(problem.loss(x))
        assert problem.loss(y) <= problem.loss(x) + 1e-4 * slope + rounding
        assert abs(problem.gradient(y) @ (y - x)) <= 0.9 * abs(slope) + rounding
        assert state[1].value == pytest.approx(problem.loss(y), rel=1e-12)


@pytest.mark.parametrize("search", SEARCHES)
def test_value_and_gradient_come_from_the_state(search):
    problem = PROBLEMS["quadratic"]
    calls = []

    def counted(params):
        calls.append(1)
        return problem.value(params), problem.grads(params)

    known = optim.value_and_grad_from_state(counted)
    opt = optim.chain(optim.sgd(0.1), SEARCHES[search])
    params = start(1)
    state = opt.init(params)
    for _ in range(5):
        value, grads = known(params, state=state)
        assert value == pytest.approx(problem.value(params), rel=1e-12)
        np.testing.assert_allclose(joined(parts(grads)), problem.gradient(joined(parts(params))), atol=1e-12)
        params, state = opt.step(params, grads, state, value=value, grad=grads, value_and_grad=along(problem))
    assert len(calls) == 1


@pytest.mark.parametrize("search", SEARCHES)
def test_where_there_is_no_way_down_the_parameters_stay(search):
    problem = PROBLEMS["quadratic"]
    opt = optim.chain(optim.scale(1.0), SEARCHES[search])
    params = start(1)
    value, grads = problem.value(params), problem.grads(params)
    both = along(problem)

    def nothing(p):
        return (np.nan, both(p)[1])

    after = opt.step(params, grads, opt.init(params), value=value, grad=grads, value_and_grad=nothing)[0]
    assert np.array_equal(joined(parts(after)), joined(parts(params)))


def test_longest_step_and_first_guess_are_kept_to():
    problem = PROBLEMS["quadratic"]
    opt = optim.chain(optim.sgd(0.01), optim.scale_by_zoom_linesearch(20, max_learning_rate=3.0))
    rates = [state[1].learning_rate for _, _, state in run(opt, problem, 4)]
    assert rates == [3.0] * 4
    opt = optim.chain(optim.sgd(0.3), optim.scale_by_zoom_linesearch(20, initial_guess_strategy="one"))
    assert [state[1].learning_rate for _, _, state in run(opt, problem, 3)] == [1.0] * 3


def test_fit_and_float32_go_through_them():
    def loss(params, x):
        return np.mean((x @ params["w"] - 1.0) ** 2)

    x = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    for search in SEARCHES.values():
        opt = optim.chain(optim.sgd(1.0), search)
        result = optim.fit(loss, {"w": np.zeros(3, np.float32)}, [(x,)], opt, epochs=15)
        assert result.params["w"].dtype == np.float32
        best = np.linalg.lstsq(x, np.ones(20), rcond=None)[0]
        np.testing.assert_allclose(result.params["w"], best, atol=1e-2)


SEARCHING = {
    "zoom": optim.chain(optim.sgd(1.0), SEARCHES["zoom"]),
    "backtracking": optim.chain(optim.sgd(1.0), SEARCHES["backtracking"]),
    "lbfgs": optim.lbfgs(memory_size=5),
}


@pytest.mark.parametrize("search", SEARCHING)
def test_a_search_for_some_of_the_parameters_holds_the_others(search):
    opt = SEARCHING[search]

    def both(p):
        x, y = p["x"], p["y"]
        value = (x - 1.0) ** 2 + np.sum((y - 2.0) ** 4) + np.sum(x * y)
        return value, {"x": 2.0 * (x - 1.0) + np.sum(y), "y": 4.0 * (y - 2.0) ** 3 + x}

    def of_y(y):
        value, grads = both({"x": 0.5, "y": y})
        return value, grads["y"]

    y = np.array([1.0, 4.0])
    params, alone = {"x": 0.5, "y": y}, y
    some = optim.partition({"moved": opt, "held": optim.set_to_zero()}, {"x": "held", "y": "moved"})
    state, own = some.init(params), opt.init(alone)
    for _ in range(6):
        value, grads = both(params)
        further = {"value": value, "grad": grads, "value_and_grad": both, "value_fn": lambda p: both(p)[0]}
        params, state = some.step(params, grads, state, **further)
        value, d_y = of_y(alone)
        further = {"value": value, "grad": d_y, "value_and_grad": of_y, "value_fn": lambda p: of_y(p)[0]}
        alone, own = opt.step(alone, d_y, own, **further)
        assert params["x"] == 0.5
        np.testing.assert_allclose(params["y"], alone, rtol=1e-12)
    assert both(params)[0] < both({"x": 0.5, "y": y})[0]


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({}, "GS352: `scale_by_zoom_linesearch` needs `value_and_grad`"),
        ({"value": 1.0, "grad": {"v": 1.0}, "value_and_grad": lambda p: (1.0, p)}, "`grads['w']` is missing"),
    ],
)
def test_what_is_missing_is_named(keywords, message):
    opt = optim.scale_by_zoom_linesearch(5)
    with pytest.raises(gs.errors.UsageError) as caught:
        opt.step({"w": 1.0}, {"w": 1.0}, opt.init({"w": 1.0}), **keywords)
    assert message in str(caught.value)


def loss_of(params, x, y):
    return np.mean((np.tanh(x @ params["W"]) @ params["v"] - y) ** 2)


def examples(count):
    rng = np.random.default_rng(2)
    params = {"W": rng.normal(size=(3, 4)), "v": rng.normal(size=4)}
    return params, rng.normal(size=(count, 3)), rng.normal(size=count)


@pytest.mark.parametrize("size", [1, 3, 7, 20, 100])
def test_microbatches_add_up_to_the_batch(size):
    params, x, y = examples(20)
    whole = gs.value_and_grad(loss_of)
    value, grads = whole(params, x, y)
    in_parts = optim.microbatch(whole, (1, 2), size, "mean")(params, x, y)
    np.testing.assert_allclose(in_parts[0], value, rtol=1e-12)
    np.testing.assert_allclose(joined([*in_parts[1].values()]), joined([*grads.values()]), rtol=1e-10)


def test_microbatches_are_summed_and_joined_along_any_axis():
    def function(batch, scale):
        return np.sum(batch["x"]) * scale, (batch["x"] * scale).T

    batch = {"x": np.arange(15.0).reshape(3, 5)}
    total, each = optim.microbatch(function, 0, 2, ("sum", "concat"), in_axes=1)(batch, 2.0)
    assert total == 2.0 * batch["x"].sum()
    assert np.array_equal(each, 2.0 * batch["x"].T)
    assert optim.microbatch(function, 0, None) is function


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: optim.microbatch(f, 0, 0), "`microbatch_size` is 0"),
        (lambda f: optim.microbatch(f, 0, 2, "max"), "`accumulator` is 'max'"),
        (lambda f: optim.microbatch(f, (0, 1), 2, in_axes=(0,)), "1 axes for 2 arguments"),
        (
            lambda f: optim.microbatch(f, (0, 1), 2)(np.ones(4), np.ones(3)),
            "4 in argument 0, 3 in argument 1",
        ),
        (lambda f: optim.microbatch(f, 0, 2)(1.0, 2.0), "argument 0 holds a leaf without axis 0"),
        (lambda f: optim.microbatch(f, 0, 2)(np.ones(0), 1.0), "there are no examples"),
        (lambda f: optim.microbatch(f, 2, 2)(np.ones(3), 1.0), "there is no argument 2"),
    ],
)
def test_microbatches_that_mean_nothing_are_refused(call, message):
    with pytest.raises(gs.errors.UsageError) as caught:
        call(lambda x, y: x)
    assert message in str(caught.value)

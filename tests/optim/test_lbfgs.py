"""The line search meets its conditions; L-BFGS is the published recursion, and a step like any other."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.optimize
from numpy.testing import assert_allclose

import gradscribe as gs
from gradscribe import optim
from gradscribe.errors import UsageError
from gradscribe.optim.line_search import Trial, strong_wolfe

# Moré & Thuente, Line search algorithms with guaranteed sufficient decrease (1994), section 5, and walls of nan.
ALONG = {
    "parabola": (lambda t: (t - 3.0) ** 2, lambda t: 2.0 * (t - 3.0)),
    "more-thuente 1": (lambda t: -t / (t * t + 2.0), lambda t: (t * t - 2.0) / (t * t + 2.0) ** 2),
    "more-thuente 2": (
        lambda t: (t + 0.004) ** 5 - 2.0 * (t + 0.004) ** 4,
        lambda t: 5.0 * (t + 0.004) ** 4 - 8.0 * (t + 0.004) ** 3,
    ),
    "steep": (
        lambda t: math.exp(t) - 5.0 * t if t < 700.0 else math.inf,
        lambda t: math.exp(t) - 5.0 if t < 700.0 else math.inf,
    ),
    "wall": (
        lambda t: -math.log(1.0 - t) - 10.0 * t if t < 1.0 else math.nan,
        lambda t: 1.0 / (1.0 - t) - 10.0 if t < 1.0 else math.nan,
    ),
    "wavy": (
        lambda t: math.cos(3.0 * t) + 0.01 * t * t - t,
        lambda t: -3.0 * math.sin(3.0 * t) + 0.02 * t - 1.0,
    ),
}


@pytest.mark.parametrize("name", ALONG)
@pytest.mark.parametrize("c2", [0.9, 0.1, 1e-3])
@pytest.mark.parametrize("first", [1e-6, 1e-3, 0.1, 1.0, 10.0, 1e3])
def test_line_search_meets_the_strong_wolfe_conditions(name, c2, first):
    value, slope = ALONG[name]
    start = Trial(0.0, value(0.0), slope(0.0))
    found = strong_wolfe(lambda t: Trial(t, value(t), slope(t)), start, first, 1e-4, c2)
    assert found.value <= start.value + 1e-4 * found.length * start.slope
    assert abs(found.slope) <= -c2 * start.slope


def test_line_search_gives_up_where_nothing_descends():
    start = Trial(0.0, 0.0, -1.0)
    assert strong_wolfe(lambda t: Trial(t, 1.0, 1.0), start, 1.0) is None


def rosenbrock(p):
    x = p["x"]
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2) + (p["s"] - 3.0) ** 4


def test_direction_is_that_of_the_published_recursion():
    """The inverse Hessian by its definition, as a dense matrix: Nocedal & Wright, eq. (7.16) and (7.20)."""
    rng = np.random.default_rng(0)
    A = rng.normal(size=(6, 6))
    A = A @ A.T + np.eye(6)
    pairs, n, memory = [], 6, 3
    loss_and_grad = gs.value_and_grad(lambda x: 0.5 * x @ A @ x)
    opt = optim.lbfgs(memory_size=memory)
    x = rng.normal(size=n)
    state = opt.init(x)
    for _ in range(6):
        value, g = loss_and_grad(x)
        updates, state = opt.update(g, state, x, value=value, value_and_grad=loss_and_grad)
        H = np.eye(n)
        if pairs:
            s, y = pairs[-1]
            H = H * (s @ y) / (y @ y)
        for s, y in pairs[-memory:]:
            V = np.eye(n) - np.outer(y, s) / (s @ y)
            H = V.T @ H @ V + np.outer(s, s) / (s @ y)
        direction = -H @ g
        cosine = updates @ direction / np.linalg.norm(updates) / np.linalg.norm(direction)
        assert_allclose(cosine, 1.0, rtol=1e-9)
        pairs.append((updates, A @ updates))
        x = optim.apply_updates(x, updates)


def test_it_converges_like_scipys_and_counts_evaluations():
    loss_and_grad = gs.value_and_grad(rosenbrock)
    params = {"x": np.full(10, -1.0), "s": 0.0}
    opt = optim.lbfgs()
    state = opt.init(params)
    calls = 0

    def counted(p):
        nonlocal calls
        calls += 1
        return loss_and_grad(p)

    values = []
    for _ in range(200):
        value, grads = loss_and_grad(params)
        values.append(value)
        if max(np.max(np.abs(grads["x"])), abs(grads["s"])) < 1e-8:
            break
        params, state = opt.step(params, grads, state, value=value, value_and_grad=counted)
    assert state.evaluations == calls
    assert np.all(np.diff(values) <= 0.0)
    scipys = optim.minimize(rosenbrock, {"x": np.full(10, -1.0), "s": 0.0}, method="L-BFGS-B", tol=1e-14)
    assert_allclose(params["x"], 1.0, rtol=1e-7)
    assert calls < 2 * scipys.evaluations


def test_one_line_changes_the_optimizer():
    x = np.random.default_rng(0).normal(size=(50, 3))
    y = x @ np.array([1.0, -2.0, 0.5])
    loss_and_grad = gs.value_and_grad(lambda w, x, y: np.mean((x @ w - y) ** 2))
    for opt, steps in ((optim.sgd(0.3), 200), (optim.adam(0.1), 600), (optim.lbfgs(), 12)):
        w = np.zeros(3)
        state = opt.init(w)
        for _ in range(steps):
            value, d_w = loss_and_grad(w, x, y)
            evaluate = lambda w: loss_and_grad(w, x, y)
            w, state = opt.step(w, d_w, state, value=value, value_and_grad=evaluate)
        assert_allclose(w, [1.0, -2.0, 0.5], atol=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_keeps_dtypes_and_arguments(dtype):
    params = {"x": np.array([-1.0, 2.0, 0.5], dtype), "s": dtype(1.0)}
    loss_and_grad = gs.value_and_grad(rosenbrock)
    opt = optim.lbfgs()
    state = opt.init(params)
    params["x"].flags.writeable = False
    for _ in range(3):
        value, grads = loss_and_grad(params)
        before = [row.copy() for row in state.steps]
        new, after = opt.step(params, grads, state, value=value, value_and_grad=loss_and_grad)
        assert all(np.array_equal(was, row) for was, row in zip(before, state.steps, strict=True))
        params, state = new, after
    assert params["x"].dtype == dtype
    assert type(params["s"]) is dtype
    assert all(row.dtype == dtype for row in state.steps)


def on_rosenbrock(opt, steps):
    """The parameters, and how often the loss was asked for elsewhere."""
    loss_and_grad = gs.value_and_grad(rosenbrock)
    params, calls = {"x": np.array([-1.0, 0.5]), "s": 0.5}, 0
    state = opt.init(params)

    def counted(p):
        nonlocal calls
        calls += 1
        return loss_and_grad(p)

    for _ in range(steps):
        value, grads = loss_and_grad(params)
        params, state = opt.step(params, grads, state, value=value, grad=grads, value_and_grad=counted)
    return params, calls


def test_without_a_search_its_steps_are_of_the_learning_rate():
    plain, calls = on_rosenbrock(optim.lbfgs(0.02, 4, linesearch=None), 6)
    chained, _ = on_rosenbrock(optim.chain(optim.scale_by_lbfgs(4), optim.scale(-0.02)), 6)
    assert calls == 0
    assert_allclose(plain["x"], chained["x"], rtol=1e-14)


@pytest.mark.parametrize(
    "opt",
    [
        optim.lbfgs(linesearch=optim.scale_by_zoom_linesearch(20)),
        optim.lbfgs(0.5),
        optim.lbfgs(lambda count: 0.5 + 0.5 * count),
        optim.lbfgs(scale_init_precond=False),
    ],
    ids=["zoom", "rate", "schedule", "unscaled"],
)
def test_other_searches_and_first_trials_lead_there_too(opt):
    params, _ = on_rosenbrock(opt, 80)
    assert_allclose(params["x"], 1.0, rtol=1e-5)


def test_the_learning_rate_is_the_first_trial():
    tried = []
    A = np.diag([1.0, 4.0])

    def loss_and_grad(x):
        tried.append(x)
        return 0.5 * x @ A @ x, A @ x

    x, opt, pair = np.array([1.0, 1.0]), optim.lbfgs(0.25, c2=0.99), None
    state = opt.init(x)
    for _ in range(2):
        value, g = 0.5 * x @ A @ x, A @ x
        start, count = x, len(tried)
        x, state = opt.step(x, g, state, value=value, value_and_grad=loss_and_grad)
        moved = tried[count] - start
        far = np.linalg.norm(direction(pair, g)) if count else np.linalg.norm(g) / np.sum(np.abs(g))
        wanted = 0.25 * far / np.linalg.norm(g)
        assert_allclose(np.linalg.norm(moved) / np.linalg.norm(g), wanted, rtol=1e-12)
        pair = x - start, A @ (x - start)


def direction(pair, g):
    """H g for the one pair that is remembered."""
    s, y = pair
    V = np.eye(2) - np.outer(y, s) / (s @ y)
    return (V.T @ V * (s @ y) / (y @ y) + np.outer(s, s) / (s @ y)) @ g


def test_unknown_searches_are_refused():
    with pytest.raises(UsageError, match="GS356: `lbfgs`: `linesearch` is 'armijo'"):
        optim.lbfgs(linesearch="armijo")
    with pytest.raises(UsageError, match="GS356: `lbfgs`: `learning_rate` is -1"):
        optim.lbfgs(-1.0)
    with pytest.raises(UsageError, match="GS354: a int is not"):
        optim.lbfgs(linesearch=3)


def test_at_a_minimum_it_stays():
    loss_and_grad = gs.value_and_grad(lambda w: np.sum(w**2))
    opt, w = optim.lbfgs(), np.zeros(3)
    state = opt.init(w)
    value, d_w = loss_and_grad(w)
    w, state = opt.step(w, d_w, state, value=value, value_and_grad=loss_and_grad)
    assert np.array_equal(w, np.zeros(3))


def test_without_the_loss_it_cannot_step():
    opt = optim.lbfgs()
    with pytest.raises(UsageError, match="needs `value_and_grad`") as caught:
        opt.step(np.ones(2), np.ones(2), opt.init(np.ones(2)))
    assert caught.value.code == "GS352"


def test_it_composes_with_fit():
    x = np.random.default_rng(0).normal(size=(50, 3))
    y = x @ np.array([1.0, -2.0, 0.5])
    result = optim.fit(lambda w, x, y: np.mean((x @ w - y) ** 2), np.zeros(3), [(x, y)], optim.lbfgs(), 15)
    best = scipy.optimize.lsq_linear(x, y).x
    assert_allclose(result.params, best, atol=1e-7)

"""Measurements inside a chain, gradients of single examples, and gradients that are left out."""

from __future__ import annotations

from functools import partial

import numpy as np

import gradscribe as gs
from gradscribe import optim

PARAMS = {"w": np.array([1.0, 2.0]), "b": 0.5}
GRADS = [{"w": np.array([3.0, 4.0 * k]), "b": 1.0 * k} for k in range(1, 5)]


def test_measurements_are_those_of_the_updates_at_their_place():
    opt = optim.chain(
        optim.snapshot("before", optim.global_norm),
        optim.clip_by_global_norm(1.0),
        optim.monitor(
            {
                "after": optim.global_norm,
                "mean": optim.measure_with_ema(lambda u: u["w"] ** 2, 0.5),
                "raw": optim.measure_with_ema(optim.global_norm, 0.5, debias=False),
            }
        ),
    )
    state = opt.init(PARAMS)
    assert state[0].measurement == {"before": optim.global_norm(PARAMS)}
    clipped = []
    for grads in GRADS:
        _, state = opt.update(grads, state)
        norm = optim.global_norm(grads)
        clipped.append({"w": grads["w"] / norm, "b": grads["b"] / norm})
        assert state[0].measurement == {"before": norm}
    found = state[2].measurements
    weights = 0.5 ** np.arange(len(GRADS))[::-1]
    squares = np.array([one["w"] ** 2 for one in clipped])
    np.testing.assert_allclose(found["mean"], weights @ squares / weights.sum(), rtol=1e-14)
    np.testing.assert_allclose(found["after"], 1.0, rtol=1e-15)
    np.testing.assert_allclose(found["raw"], 1.0 - 0.5 ** len(GRADS), rtol=1e-15)


def test_states_of_measurements_are_saved_and_loaded(tmp_path):
    opt = optim.chain(optim.monitor({"mean": optim.measure_with_ema(optim.global_norm, 0.5)}), optim.sgd(0.1))
    _, state = opt.step(PARAMS, GRADS[0], opt.init(PARAMS))
    optim.save(tmp_path / "state.npz", state=state)
    assert optim.load(tmp_path / "state.npz", state=opt.init(PARAMS))["state"] == state


def test_stateless_sees_parameters():
    opt = optim.stateless(lambda updates, params: {"w": updates["w"] * params["w"], "b": params["b"]})
    updates, _ = opt.update(GRADS[1], opt.init(PARAMS), PARAMS)
    np.testing.assert_array_equal(updates["w"], [3.0, 16.0])
    assert updates["b"] == 0.5


def test_no_state_is_kept_of_parameters_that_stay():
    opt = optim.selective_transform(optim.adam(0.1), freeze_mask={"w": True, "b": False})
    state = opt.init(PARAMS)
    assert state.inner_states[False][0].mu[0].size == 1
    params, state = opt.step(PARAMS, GRADS[0], state)
    np.testing.assert_array_equal(params["w"], PARAMS["w"])
    np.testing.assert_allclose(params["b"], 0.4, rtol=1e-7)


def linear_loss(params, x, y):
    return (x @ params["w"] + params["b"] - y) ** 2


def test_gradients_of_examples_are_clipped_one_by_one():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(9, 2)), rng.normal(size=9)
    rows = [gs.grad(linear_loss)(PARAMS, x[k], y[k]) for k in range(9)]
    each = {name: np.stack([row[name] for row in rows]) for name in PARAMS}
    for bound in (0.0, 0.7, 3.0, np.inf):
        expected, clipped = np.zeros(3), 0
        layers, layers_clipped = np.zeros(3), [0, 0]
        for k in range(9):
            g = np.append(each["w"][k], each["b"][k])
            expected += g * min(1.0, bound / np.linalg.norm(g))
            clipped += np.linalg.norm(g) > bound
            for number, part in enumerate((slice(0, 2), slice(2, 3))):
                limit = bound * np.sqrt([2 / 3, 1 / 3][number])
                norm = np.linalg.norm(g[part])
                layers[part] += g[part] * min(1.0, limit / norm)
                layers_clipped[number] += norm > limit
        sums, count = optim.per_example_global_norm_clip(each, bound)
        np.testing.assert_allclose(np.append(sums["w"], sums["b"]), expected, rtol=1e-13)
        assert count == clipped
        sums, counts = optim.per_example_layer_norm_clip(each, bound, uniform=False)
        np.testing.assert_allclose(np.append(sums["w"], sums["b"]), layers, rtol=1e-13)
        assert [counts["w"], counts["b"]] == layers_clipped


def test_an_example_without_a_gradient_is_kept_as_it_is():
    sums, count = optim.per_example_global_norm_clip([np.zeros((2, 3), np.float32)], 1.0)
    assert count == 0
    assert sums[0].dtype == np.float32


def test_gradients_that_are_left_out_do_not_count():
    nan = {"w": np.array([np.nan, 1.0]), "b": 1.0}
    large = {"w": np.array([30.0, 1.0]), "b": 1.0}
    plain = optim.multi_steps(optim.sgd(0.1), 2)
    expected, expected_state = PARAMS, plain.init(PARAMS)
    for grads in GRADS:
        expected, expected_state = plain.step(expected, grads, expected_state)
    for skip, bad in (
        (optim.skip_not_finite, nan),
        (partial(optim.skip_large_updates, max_squared_norm=500.0), large),
        (partial(optim.skip_large_updates, max_squared_norm=500.0), nan),
    ):
        opt = optim.multi_steps(optim.sgd(0.1), 2, should_skip_update_fn=skip)
        params, state = PARAMS, opt.init(PARAMS)
        for grads in (bad, GRADS[0], bad, *GRADS[1:], bad):
            params, state = opt.step(params, grads, state)
        np.testing.assert_array_equal(params["w"], expected["w"])
        assert params["b"] == expected["b"]


def test_a_target_is_replaced_at_times():
    assert [optim.periodic_update("new", "old", n, 2) for n in range(4)] == ["new", "old", "new", "old"]

"""Transformations around others, of parts, and those that clean gradients."""

from __future__ import annotations

import numpy as np
import pytest

from gradscribe import optim
from gradscribe.errors import GradscribeError

PARAMS = {"net": [np.array([1.0, -2.0]), np.array([[3.0, 1.0], [0.0, 1.0]])], "scale": 0.5}
GRADS = {"net": [np.array([3.0, -4.0]), np.array([[1.0, 2.0], [2.0, 4.0]])], "scale": 2.0}


def updates_of(opt, grads=GRADS, params=PARAMS, **extra):
    return optim.flatten(opt.update(grads, opt.init(params), params, **extra)[0])[0]


def test_partition_by_the_top_of_a_tree_a_full_tree_and_a_function():
    rates = {"a": optim.sgd(1.0), "b": optim.sgd(10.0)}
    whole = {"net": ["a", "a"], "scale": "b"}
    for labels in ({"net": "a", "scale": "b"}, whole, lambda params: {"net": "a", "scale": "b"}):
        np.testing.assert_array_equal(
            updates_of(optim.partition(rates, labels)), [-3.0, 4.0, -1.0, -2.0, -2.0, -4.0, -20.0]
        )


def test_partition_keeps_the_states_apart():
    opt = optim.partition({"a": optim.adam(0.1), "b": optim.sgd(0.1, 0.9)}, {"net": "a", "scale": "b"})
    _, state = opt.step(PARAMS, GRADS, opt.init(PARAMS))
    assert state.inner_states["a"][0].mu[0].shape == (6,)
    assert state.inner_states["b"][0].trace[0].tolist() == [2.0]


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        ({"net": "a", "scale": "c"}, "GS355: `labels['scale']` is 'c', which is not one of 'a', 'b'"),
        ({"net": "a"}, "GS350: `labels['scale']` is missing"),
        ({"net": ["a"], "scale": "b"}, "GS350: `labels['net']` has 1 parts, but the parameter has 2"),
    ],
)
def test_labels_that_do_not_fit_are_named(labels, text):
    opt = optim.partition({"a": optim.sgd(1.0), "b": optim.sgd(1.0)}, labels)
    with pytest.raises(GradscribeError) as caught:
        opt.init(PARAMS)
    assert str(caught.value).splitlines()[0] == text


def test_masked_leaves_others_as_they_are_and_freeze_stops_them():
    np.testing.assert_array_equal(
        updates_of(optim.masked(optim.scale(-1.0), {"net": [True, False], "scale": False})),
        [-3.0, 4.0, 1.0, 2.0, 2.0, 4.0, 2.0],
    )
    frozen = optim.chain(optim.adam(0.1), optim.freeze({"net": True, "scale": False}))
    stepped, _ = frozen.step(PARAMS, GRADS, frozen.init(PARAMS))
    np.testing.assert_array_equal(stepped["net"][1], PARAMS["net"][1])
    assert stepped["scale"] == pytest.approx(0.4)


def test_weight_decay_by_a_mask():
    opt = optim.adamw(0.1, weight_decay=0.5, mask=lambda params: {"net": [False, True], "scale": False})
    plain, decayed = updates_of(optim.adam(0.1)), updates_of(opt)
    np.testing.assert_allclose(decayed - plain, [0, 0, -0.15, -0.05, 0.0, -0.05, 0.0], atol=1e-15)


def test_bad_steps_are_skipped_until_there_are_too_many():
    opt = optim.apply_if_finite(optim.sgd(0.1, 0.9), 2)
    bad = {"net": GRADS["net"], "scale": float("nan")}
    params, state = opt.step(PARAMS, GRADS, opt.init(PARAMS))
    kept = state.inner_state
    for count in (1, 2):
        after, state = opt.step(params, bad, state)
        assert after["scale"] == params["scale"] and state.inner_state is kept
        assert (state.notfinite_count, state.total_notfinite, state.last_finite) == (count, count, False)
    after, state = opt.step(params, bad, state)
    assert np.isnan(after["scale"])


def test_accumulated_micro_batches_are_the_full_batch():
    rng = np.random.default_rng(0)
    parts = [
        {"net": [rng.normal(size=2), rng.normal(size=(2, 2))], "scale": float(rng.normal())} for _ in range(4)
    ]
    mean = optim.unflatten(tuple(np.mean([optim.flatten(part)[0] for part in parts], axis=0)[None]), PARAMS)
    opt, whole = optim.multi_steps(optim.adam(0.1), 4), optim.adam(0.1)
    params, state = PARAMS, opt.init(PARAMS)
    for part in parts:
        params, state = opt.step(params, part, state)
    expected, _ = whole.step(PARAMS, mean, whole.init(PARAMS))
    np.testing.assert_allclose(optim.flatten(params)[0], optim.flatten(expected)[0], rtol=1e-13)
    growing = optim.multi_steps(optim.sgd(0.1), lambda step: step + 1)
    state, sizes = growing.init(PARAMS), []
    for part in parts[:3]:
        _, state = growing.step(PARAMS, part, state)
        sizes.append(state.gradient_step)
    assert sizes == [1, 1, 2]


def test_hyperparameters_are_state():
    opt = optim.inject_hyperparams(optim.adamw)(optim.linear_schedule(0.0, 1.0, 10), weight_decay=0.1)
    params, state = PARAMS, opt.init(PARAMS)
    assert state.hyperparams["learning_rate"] == 0.0 and state.hyperparams["weight_decay"] == 0.1
    plain = optim.adamw(optim.linear_schedule(0.0, 1.0, 10), weight_decay=0.1)
    expected, other = PARAMS, plain.init(PARAMS)
    for _ in range(3):
        params, state = opt.step(params, GRADS, state)
        expected, other = plain.step(expected, GRADS, other)
    np.testing.assert_allclose(optim.flatten(params)[0], optim.flatten(expected)[0], rtol=1e-14)
    assert state.hyperparams["learning_rate"] == pytest.approx(0.2)


def test_clipping_and_cleaning():
    np.testing.assert_array_equal(updates_of(optim.clip(2.5)), [2.5, -2.5, 1.0, 2.0, 2.0, 2.5, 2.0])
    flat = optim.flatten(GRADS)[0]
    clipped = updates_of(optim.clip_by_global_norm(0.5))
    np.testing.assert_allclose(clipped, flat * (0.5 / np.linalg.norm(flat)))
    np.testing.assert_allclose(updates_of(optim.clip_by_global_norm(1e9)), flat)
    np.testing.assert_allclose(
        np.linalg.norm(updates_of(optim.normalize_by_update_norm(3.0))), 3.0, rtol=1e-6
    )
    blocks = updates_of(optim.clip_by_block_rms(0.1))
    np.testing.assert_allclose(np.sqrt(np.mean(blocks[:2] ** 2)), 0.1)
    centred = updates_of(optim.centralize())
    np.testing.assert_array_equal(centred, [3.0, -4.0, -0.5, 0.5, -1.0, 1.0, 2.0])
    np.testing.assert_array_equal(updates_of(optim.set_to_zero()), np.zeros(7))
    np.testing.assert_array_equal(updates_of(optim.identity()), flat)


def test_adaptive_clipping_goes_by_the_inputs_of_each_unit():
    found = updates_of(optim.adaptive_grad_clip(0.1))
    W, g = PARAMS["net"][1], GRADS["net"][1]
    for unit in range(2):
        norm, longest = np.linalg.norm(g[:, unit]), 0.1 * np.linalg.norm(W[:, unit])
        np.testing.assert_allclose(found[2:6].reshape(2, 2)[:, unit], g[:, unit] * min(1.0, longest / norm))
    with pytest.raises(GradscribeError, match="GS357"):
        deep = np.ones((2,) * 6)
        updates_of(optim.adaptive_grad_clip(0.1), deep, deep)


def test_nans_are_zeroed_or_refused_by_name():
    bad = {"net": [GRADS["net"][0], np.array([[1.0, np.nan], [np.inf, 4.0]])], "scale": 1.0}
    cleaned, state = optim.zero_nans().update(bad, optim.zero_nans().init(PARAMS))
    np.testing.assert_array_equal(cleaned["net"][1], [[1.0, 0.0], [np.inf, 4.0]])
    assert state.found_nan == (False, True, False)
    with pytest.raises(GradscribeError) as caught:
        updates_of(optim.chain(optim.refuse_not_finite(), optim.adam(0.1)), bad)
    assert str(caught.value).splitlines()[0] == "GS358: `grads['net'][1]` is nan at [0, 1]"


def test_parameters_are_kept_nonnegative():
    opt = optim.chain(optim.sgd(1.0), optim.keep_params_nonnegative())
    stepped, _ = opt.step([1.0, 2.0], [5.0, 0.5], opt.init([1.0, 2.0]))
    assert stepped == [0.0, 1.5]


def test_block_scales():
    flat = optim.flatten(GRADS)[0]
    by_norm = updates_of(optim.scale_by_param_block_norm())
    np.testing.assert_allclose(by_norm[:2], flat[:2] * np.sqrt(5.0))
    by_rms = updates_of(optim.scale_by_param_block_rms())
    np.testing.assert_allclose(by_rms[:2], flat[:2] * np.sqrt(2.5))


def test_moving_average_of_parameters():
    average = optim.incremental_update({"w": np.ones(2)}, {"w": np.zeros(2)}, 0.1)
    np.testing.assert_allclose(average["w"], 0.1)


def test_what_is_needed_and_not_passed_is_asked_for():
    for opt, text in (
        (optim.add_decayed_weights(0.1), "`add_decayed_weights` needs the parameters"),
        (optim.lamb(0.1), "needs the parameters"),
        (optim.prodigy(), "`prodigy` needs the parameters"),
    ):
        with pytest.raises(GradscribeError, match=f"GS352: .*{text}"):
            opt.update(GRADS, opt.init(PARAMS))
    opt = optim.polyak_sgd()
    with pytest.raises(GradscribeError, match="GS352: `scale_by_polyak` needs `value`"):
        opt.step(PARAMS, GRADS, opt.init(PARAMS))
    opt = optim.sophia(0.1)
    with pytest.raises(GradscribeError, match="GS352: .* needs `obj_fn`, the loss"):
        opt.step(PARAMS, GRADS, opt.init(PARAMS))


def test_schedule_free_evaluates_with_the_average():
    opt = optim.schedule_free_sgd(0.1, b1=0.5)
    params, state = {"w": 1.0}, opt.init({"w": 1.0})
    z, mean = [], 1.0
    for t in range(1, 5):
        params, state = opt.step(params, {"w": 1.0}, state)
        z.append(1.0 - 0.1 * t)
        assert optim.schedule_free_eval_params(state, params)["w"] == pytest.approx(np.mean(z))
    with pytest.raises(GradscribeError, match="GS353"):
        optim.schedule_free_eval_params(optim.sgd(0.1).init(params), params)


def test_a_norm_neither_overflows_nor_underflows():
    assert optim.global_norm([np.full(4, 1e200)]) == pytest.approx(2e200)
    assert optim.global_norm([np.full(4, 1e-200)]) == pytest.approx(2e-200)
    assert optim.global_norm([np.full(4, 1e30, np.float32)]) == pytest.approx(2e30, rel=1e-6)
    assert optim.global_norm([np.zeros(3)]) == 0.0
    assert np.isnan(optim.global_norm([np.array([1.0, np.nan])]))
    assert optim.global_norm([np.array([1.0, np.inf])]) == np.inf

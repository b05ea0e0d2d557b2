"""The generated step of small parameters is the general one, bit for bit, and gives way to it where it must."""

from __future__ import annotations

import sys
import threading

import numpy as np
import pytest

from gradscribe import optim
from gradscribe.errors import GradscribeError
from gradscribe.optim.direct import direct_step
from gradscribe.optim.layout import layout_of
from tests.optim.problems import PROBLEMS, start
from tests.optim.table import ROWS, keywords

PARAMS = {"w": np.linspace(-1.0, 1.0, 6).reshape(2, 3), "deep": [(np.ones(2), 0.5)]}
GRADS = {"w": np.cos(np.arange(6.0)).reshape(2, 3), "deep": [(np.array([1.0, -2.0]), 3.0)]}

CHAINS = {
    "adam": optim.adam(0.1),
    "one rule": optim.scale_by_adam(),
    "nested": optim.chain(
        optim.scale(2.0), optim.chain(optim.adamw(0.1, weight_decay=0.1), optim.scale(0.5))
    ),
    "adan": optim.adan(0.1),
    "clipped first": optim.chain(optim.clip_by_global_norm(0.5), optim.sgd(0.1, 0.9)),
    "no bound": optim.chain(optim.clip(np.inf), optim.sgd(optim.exponential_decay(0.1, 2, 0.5))),
    "no eps": optim.chain(optim.scale(np.float32(0.5)), optim.adam(np.array(0.1), eps=0.0)),
    "schedule": optim.sgd(optim.exponential_decay(0.1, 2, 0.5)),
}


def general_step(opt, params, grads, state):
    updates, state = opt.update(grads, state, params)
    return optim.apply_updates(params, updates), state


@pytest.mark.parametrize("name", CHAINS)
def test_direct_step_is_the_general_one(name):
    opt = CHAINS[name]
    assert direct_step(opt.core, layout_of(PARAMS)) is not None
    params, state = PARAMS, opt.init(PARAMS)
    other, other_state = PARAMS, opt.init(PARAMS)
    for _ in range(4):
        params, state = opt.step(params, GRADS, state)
        other, other_state = general_step(opt, other, GRADS, other_state)
        np.testing.assert_array_equal(optim.flatten(params)[0], optim.flatten(other)[0])
        assert repr(state) == repr(other_state)


SMALL = start(1)
WITH_A_DIRECT_STEP = [name for name, row in ROWS.items() if direct_step(row.make.core, layout_of(SMALL))]


def test_most_elementwise_optimisers_have_a_direct_step():
    assert {"adam", "adamw", "nadam", "amsgrad", "adan", "lion", "rmsprop", "sgd_momentum"} <= set(
        WITH_A_DIRECT_STEP
    )


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", WITH_A_DIRECT_STEP)
def test_direct_steps_of_all_optimisers_are_general_ones(name, dtype):
    opt, problem = ROWS[name].make, PROBLEMS["rosenbrock"]
    params = other = start(1, dtype)
    state = other_state = opt.init(params)
    for _ in range(5):
        further = keywords(ROWS[name], problem, params)
        grads = problem.grads(params, dtype)
        params, state = opt.step(params, grads, state, **further)
        updates, other_state = opt.update(grads, other_state, other, **further)
        other = optim.apply_updates(other, updates)
        np.testing.assert_array_equal(optim.flatten(params)[0], optim.flatten(other)[0])
        assert repr(state) == repr(other_state)


def test_a_step_goes_on_from_any_state_and_from_what_was_changed_in_place():
    opt, plain = optim.adam(0.1), optim.adam(0.1)
    params, first = opt.step(PARAMS, GRADS, opt.init(PARAMS))
    second = opt.step(params, GRADS, first)[1]
    again = opt.step(params, GRADS, first)[1]
    assert repr(second) == repr(again)
    second[0].mu[0][:] = 0.0
    second[0].nu[0][2] = 9.0
    copied = (second[0]._replace(mu=(second[0].mu[0].copy(),), nu=(second[0].nu[0].copy(),)), second[1])
    for state in (second, again):
        found, after = opt.step(params, GRADS, state)
        expected, expected_after = general_step(plain, params, GRADS, copied if state is second else again)
        np.testing.assert_array_equal(optim.flatten(found)[0], optim.flatten(expected)[0])
        assert repr(after) == repr(expected_after)


def test_one_leaf_alone_needs_no_joining():
    for params, grads in (
        (np.ones((2, 2)), np.full((2, 2), 2.0)),
        (1.0, 2.0),
        (np.float32(1.0), np.float32(2.0)),
    ):
        opt = optim.adam(0.1)
        state = opt.init(params)
        for _ in range(3):
            before = params
            params, state = opt.step(params, grads, state)
        assert type(params) is type(before)
        np.testing.assert_allclose(params, 0.7, rtol=1e-6)


def test_large_mixed_and_partitioned_parameters_go_the_general_way():
    large, mixed = [np.ones(40_000)], [np.ones(2), np.ones(2, np.float32)]
    adam = optim.adam(0.1)
    assert direct_step(adam.core, layout_of(large)) is None
    assert direct_step(adam.core, layout_of(mixed)) is None
    assert direct_step(optim.lamb(0.1).core, layout_of(PARAMS)) is None
    assert direct_step(optim.named_chain(("a", optim.sgd(0.1))).core, layout_of(PARAMS)) is None


def test_structures_may_alternate():
    opt = optim.sgd(0.5)
    one, other = {"a": 1.0}, [np.ones(3)]
    states = opt.init(one), opt.init(other)
    for _ in range(3):
        assert opt.step(one, {"a": 1.0}, states[0])[0] == {"a": 0.5}
        np.testing.assert_array_equal(opt.step(other, other, states[1])[0][0], 0.5)


def test_errors_are_those_of_the_general_way():
    opt = optim.adam(0.1)
    state = opt.init(PARAMS)
    params, state = opt.step(PARAMS, GRADS, state)
    with pytest.raises(GradscribeError, match=r"GS350: `grads\['w'\]` is float64\[3, 2\]"):
        opt.step(params, GRADS | {"w": np.ones((3, 2))}, state)
    with pytest.raises(GradscribeError, match="GS353"):
        opt.step(params, GRADS, optim.sgd(0.1, 0.9).init(PARAMS))
    with pytest.raises(GradscribeError, match="GS353"):
        opt.step(params, GRADS, opt.init([1.0]))


def test_gradients_of_another_precision_are_converted():
    opt = optim.sgd(0.5)
    params = np.ones(3, np.float32)
    for _ in range(2):
        params, state = opt.step(params, np.ones(3), opt.init(params))
    assert params.dtype == np.float32 and params[0] == 0.0


@pytest.mark.parametrize("inner", [optim.adam, optim.rmsprop, optim.sgd, optim.lion, optim.adabelief])
def test_a_gradient_that_explodes_is_clipped_before_it_is_squared(inner):
    grads = np.array([3e25, -4e25], np.float32)
    clipped = np.array([0.6, -0.8], np.float32)
    opt, plain = optim.chain(optim.clip_by_global_norm(1.0), inner(0.1)), inner(0.1)
    params = np.ones(2, np.float32)
    found, expected = (params, opt.init(params)), (params, plain.init(params))
    for _ in range(3):
        found = opt.step(found[0], grads, found[1])
        expected = plain.step(expected[0], clipped, expected[1])
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-6)


def test_settings_of_numpy_do_not_decide_the_dtype():
    params, grads = [np.ones(3, np.float32)], [np.ones(3, np.float32)]
    one, other = (
        optim.adam(kind(0.5), *map(kind, (0.75, 0.875, 0.0625, 0.25))) for kind in (np.float64, float)
    )
    state, expected, expected_state = one.init(params), params, other.init(params)
    for _ in range(4):
        params, state = one.step(params, grads, state)
        expected, expected_state = other.step(expected, grads, expected_state)
        assert params[0].dtype == state[0].mu[0].dtype == np.float32
        np.testing.assert_array_equal(params[0], expected[0])
        assert repr(state) == repr(expected_state)


def run_of_steps(opt, seed, count):
    rng = np.random.default_rng(seed)
    params = [rng.normal(size=3), rng.normal(size=4)]
    state = opt.init(params)
    for _ in range(count):
        params, state = opt.step(params, [0.1 * leaf + 0.01 for leaf in params], state)
    return np.concatenate(params)


def test_threads_may_share_an_optimiser():
    """What a step remembers of the last one is known by identity: that of another thread is not taken for it."""
    opt = optim.adam(1e-2)
    found = {}
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [
            threading.Thread(target=lambda k=k: found.update({k: run_of_steps(opt, k, 400)}))
            for k in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    for k in range(3):
        np.testing.assert_array_equal(found[k], run_of_steps(optim.adam(1e-2), k, 400))


def test_parameters_that_were_changed_in_place_or_taken_back_are_what_they_are():
    opt = optim.adam(0.1)
    grads = [np.ones(3), np.full(2, -1.0)]
    history = [([np.ones(3), np.ones(2)], opt.init([np.ones(3), np.ones(2)]))]
    for _ in range(4):
        history.append(opt.step(history[-1][0], grads, history[-1][1]))
    again = history[2]
    for _ in range(2):
        again = opt.step(again[0], grads, again[1])
    assert repr(again) == repr(history[4])
    params, state = again
    params[0][1] = 7.0
    copies = [leaf.copy() for leaf in params]
    one, other = opt.step(params, grads, state), optim.adam(0.1).step(copies, grads, state)
    assert repr(one) == repr(other)
    params, state = one
    params[0] = np.full(3, 5.0)
    copies = [leaf.copy() for leaf in params]
    assert repr(opt.step(params, grads, state)) == repr(optim.adam(0.1).step(copies, grads, state))

"""Schedules against the values of Optax and PyTorch, in literal tables."""

from __future__ import annotations

import numpy as np
import pytest

from gradscribe import optim
from gradscribe.errors import GradscribeError
from gradscribe.optim import torch_schedules
from tests.optim.schedule_values import COUNTS, CYCLES, OBSERVED, OPTAX, PLATEAU, TORCH


@pytest.mark.parametrize("call", OPTAX)
def test_values_are_those_of_optax(call):
    schedule = eval(f"optim.{call}", {"optim": optim, "CYCLES": CYCLES})
    np.testing.assert_allclose([schedule(n) for n in COUNTS], OPTAX[call], rtol=1e-6, atol=1e-12)
    assert all(type(schedule(n)) is float for n in COUNTS)


@pytest.mark.parametrize("call", TORCH)
def test_values_are_those_of_pytorch(call):
    schedule = eval(f"torch_schedules.{call}", {"torch_schedules": torch_schedules})
    np.testing.assert_allclose([schedule(n) for n in COUNTS], TORCH[call], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("how", PLATEAU)
def test_a_plateau_lowers_the_rate_when_pytorch_does(how):
    mode, threshold_mode, cooldown = how
    state, observe = torch_schedules.reduce_lr_on_plateau(
        0.5, mode, 0.5, 2, 1e-3, threshold_mode, cooldown, min_lr=0.01
    )
    rates = []
    for value in OBSERVED:
        state = observe(state, value)
        rates.append(state.rate)
    np.testing.assert_allclose(rates, PLATEAU[how])


@pytest.mark.parametrize(
    "make",
    [
        lambda: optim.cosine_decay_schedule(1.0, 0),
        lambda: optim.piecewise_interpolate_schedule("cubic", 1.0),
        lambda: optim.piecewise_constant_schedule(1.0, {3: -1.0}),
        lambda: optim.linear_onecycle_schedule(0, 1.0),
        lambda: optim.join_schedules([optim.constant_schedule(1.0)], [3]),
        lambda: torch_schedules.cyclic_lr(0.1, 1.0, mode="square"),
        lambda: torch_schedules.one_cycle_lr(0.1, 10, anneal_strategy="cubic"),
        lambda: torch_schedules.reduce_lr_on_plateau(0.1, "least"),
        lambda: optim.polyak_sgd(variant="other"),
    ],
)
def test_settings_without_meaning_are_refused(make):
    with pytest.raises(GradscribeError, match="GS356"):
        make()


def test_a_schedule_counts_steps_from_zero():
    opt = optim.sgd(optim.piecewise_constant_schedule(1.0, {2: 0.5}))
    params, state, moved = 0.0, None, []
    state = opt.init(params)
    for _ in range(4):
        after, state = opt.step(params, -1.0, state)
        moved.append(after - params)
        params = after
    assert moved == [1.0, 1.0, 0.5, 0.5]

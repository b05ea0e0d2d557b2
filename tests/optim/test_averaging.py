"""Averages of parameters along the way, against sums and recursions written out."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from gradscribe import optim


def path(opt, steps):
    """The parameters after each step, and the last state."""
    params = {"w": np.array([1.0, -2.0]), "b": [3.0, np.ones((2, 1), np.float32)]}
    state = opt.init(params)
    found = []
    for _ in range(steps):
        params, state = opt.step(params, params, state)
        found.append(params)
    return found, state


@pytest.mark.parametrize(("start", "every"), [(0, 1), (3, 1), (2, 3)])
def test_without_decay_all_parameters_count_alike(start, every):
    found, state = path(optim.averaged(optim.adam(0.1), start=start, every=every), 9)
    chosen = found[start + every - 1 :: every]
    average = optim.averaged_params(state, found[-1])
    for name in ("w",):
        np.testing.assert_allclose(average[name], np.mean([p[name] for p in chosen], axis=0), rtol=1e-14)
    np.testing.assert_allclose(average["b"][0], np.mean([p["b"][0] for p in chosen]), rtol=1e-14)
    assert average["b"][1].dtype == np.float32


def test_with_decay_the_first_counts_as_it_is():
    found, state = path(optim.averaged(optim.adam(0.1), decay=0.8), 6)
    expected = found[0]["w"]
    for params in found[1:]:
        expected = 0.8 * expected + 0.2 * params["w"]
    np.testing.assert_allclose(optim.averaged_params(state, found[-1])["w"], expected, rtol=1e-14)


def test_the_steps_are_those_of_the_optimiser():
    plain, _ = path(optim.adam(0.1), 5)
    kept, _ = path(optim.averaged(optim.adam(0.1)), 5)
    np.testing.assert_allclose(kept[-1]["w"], plain[-1]["w"], rtol=1e-15)


def test_the_average_is_found_within_a_chain():
    opt = optim.chain(optim.clip(1.0), optim.averaged(optim.sgd(0.5)))
    params, state = opt.step([4.0], [1.0], opt.init([4.0]))
    assert optim.averaged_params(state, params) == [3.5]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: optim.averaged_params(optim.sgd(0.1).init([1.0]), [1.0]), "the state holds no averages"),
        (lambda: optim.averaged(optim.sgd(0.1), decay=1.0), "`decay` is 1.0"),
        (lambda: optim.averaged(optim.sgd(0.1), every=0), "`every` is 0"),
        (lambda: optim.averaged_params(optim.averaged(optim.sgd(0.1)).init([1.0]), [1.0, 2.0]), "GS353"),
    ],
)
def test_what_holds_no_average_is_refused(call, message):
    with pytest.raises(gs.errors.UsageError) as caught:
        call()
    assert message in str(caught.value)

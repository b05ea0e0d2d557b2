"""Settings that mean nothing are refused where they are given, by name."""

from __future__ import annotations

import numpy as np
import pytest

from gradscribe import optim
from gradscribe.errors import GradscribeError

X = np.random.default_rng(0).normal(size=(20, 3))
Y = X @ np.array([1.0, -2.0, 0.5])
START = np.zeros(3)
RATE = optim.sgd(0.1)


def loss(w, x, y):
    return np.mean((x @ w - y) ** 2)


def fitted(function=loss, batches=None, optimizer=RATE, epochs=1, **further):
    return optim.fit(
        function, START, batches or optim.minibatches(X, Y, size=5), optimizer, epochs, **further
    )


def step(opt):
    return opt.step([1.0], [1.0], opt.init([1.0]))


REFUSED = {
    "rate of text": (lambda: optim.adam("0.1"), "GS356: `scale_by_learning_rate`: `learning_rate` is '0.1'"),
    "parameters first": (lambda: optim.adam([START]), "GS356: .*`learning_rate` is a list\n.*pass a number"),
    "decay of 1": (lambda: optim.adam(0.1, b1=1.0), "GS356: `scale_by_adam`: `b1` is 1.0"),
    "negative decay": (lambda: optim.rmsprop(0.1, decay=-0.5), "GS356: `scale_by_rms`: `decay` is -0.5"),
    "decay by a schedule": (lambda: optim.adam(0.1, b2=lambda n: 0.9), "GS356: .*`b2` is a function\n.*inject"),
    "torch betas": (lambda: optim.torch_optimizers.adamw(betas=(0.9, 1.0)), "GS356: `adam`: `b2` is 1.0"),
    "negative norm": (lambda: optim.clip_by_global_norm(-1.0), "GS356: `clip_by_global_norm`: `max_norm` is -1"),
    "no steps at all": (lambda: optim.multi_steps(RATE, 0), "GS356: `multi_steps`: `every_k_schedule` is 0"),
    "nothing ever": (lambda: optim.apply_every(0), "GS356: `apply_every`: `k` is 0"),
    "a negative bound": (lambda: optim.per_example_global_norm_clip([X], -1.0), "GS356: .*`l2_norm_clip` is -1.0"),
    "no examples": (lambda: optim.per_example_global_norm_clip([X, 1.0], 1.0), "GS350: `grads.1.` has no axis"),
    "half a step": (lambda: optim.multi_steps(RATE, 2.5), "GS356: .*`every_k_schedule` is 2.5"),
    "no period": (lambda: optim.lookahead(RATE, 0, 0.5), "GS356: `lookahead`: `sync_period` is 0"),
    "an optimiser": (lambda: optim.inject_hyperparams(RATE), "GS356: .*given an optimiser\n.*\\(adam"),
    "average of nothing": (lambda: optim.schedule_free(RATE, 0.1, b1=0.0), "GS356: `schedule_free`: `b1` is 0"),
    "no rate": (lambda: optim.adam(float("nan")), "GS356: .*`learning_rate` is nan"),
    "a schedule of None": (lambda: step(optim.sgd(lambda n: None)), "GS356: .* returned None for step 0"),
    "steps of no size": (lambda: optim.torch_schedules.step_lr(0.1, 0), "GS356: `step_lr`: `step_size` is 0"),
    "epochs of text": (lambda: fitted(epochs="3"), "GS356: `fit`: `epochs` is '3'"),
    "one callback": (lambda: fitted(callbacks=print), "GS356: `fit`: `callbacks` is not a list"),
    "patience alone": (lambda: fitted(early_stopping=5), "GS356: .*`early_stopping` is a int"),
    "an array held out": (lambda: fitted(validation=X), "GS356: .*`validation` is a ndarray"),
    "a rate for an optimiser": (lambda: fitted(optimizer=0.1), "GS354: a float is not"),
    "no folder": (lambda: fitted(checkpoint="nowhere/run.npz"), "GS337: there is no folder .*nowhere'"),
    "arrays for batches": (lambda: fitted(batches=(X, Y)), "GS339: the loss takes `\\(w, x, y\\)`, but"),
    "a constraint of SciPy": (
        lambda: optim.minimize(loss, START, X, Y, constraints={"type": "eq", "fun": np.sum}),
        "GS335: a constraint is a dict",
    ),
    "a bare constraint": (
        lambda: optim.minimize(loss, START, X, Y, constraints=np.sum), "GS335: a constraint is a"
    ),
    "gradients for a state": (
        lambda: optim.gauss_newton(loss).step(START, START, X, Y), "GS353: the state passed to `step` is a ndarray"
    ),
    "a start that is no number": (
        lambda: optim.minimize(loss, np.array([0, np.nan, 0]), X, Y), "GS334: `params\\[1\\]` starts at nan\n"
    ),
    "value and gradients": (
        lambda: RATE.step([1.0], (1.0, [1.0]), RATE.init([1.0])), "GS350: `grads` is a tuple.*\n.*\n.*the order is"
    ),
    "a mask with a hole": (
        lambda: optim.masked(RATE, {"w": True}).init({"w": 1.0, "b": 1.0}), "GS350: `mask\\['b'\\]`.*\n.*\n.*True"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_means_nothing_is_refused(name):
    call, message = REFUSED[name]
    with pytest.raises(GradscribeError, match=message):
        call()


def test_settings_at_their_limits_are_taken():
    for opt in (
        optim.adam(np.float32(0.1), b1=0.0, b2=np.float64(0.5)),
        optim.adam(np.array(0.1)),
        optim.clip_by_global_norm(np.inf),
        optim.clip(0.0),
        optim.multi_steps(RATE, np.int64(1)),
        optim.multi_steps(RATE, lambda n: 2),
        optim.apply_if_finite(RATE, 0),
    ):
        assert np.isfinite(step(opt)[0][0])
    assert fitted(epochs=0).steps == 0


def test_multiplicative_rate_is_a_function_of_the_step():
    """It remembers the last product; steps may be asked for in any order."""
    rate = optim.torch_schedules.multiplicative_lr(0.5, lambda n: 1.0 - 1.0 / (n + 1))
    for n in (4, 0, 7, 3, 3, 8):
        assert np.isclose(rate(n), 0.5 / (n + 1))

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
    "rate of text": (lambda: optim.adam("0.1"), "GS356: `adam`: `learning_rate` is '0.1'"),
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
    "a seed of text": (lambda: fitted(seed="x"), "GS356: `fit`: `seed` is 'x'"),
    "no patience": (lambda: optim.EarlyStopping(0), "GS356: `EarlyStopping`: `patience` is 0"),
    "half the data held out": (
        lambda: fitted(validation=(X,)), "GS356: `fit`: `loss` takes `\\(w, x, y\\)`.*1 further"
    ),
    "a folder": (lambda: fitted(checkpoint="."), "GS337: '.' is a folder\n.*name a file"),
    "a place of bytes": (lambda: fitted(checkpoint=b"run.npz"), "GS356: .*`checkpoint` is a bytes"),
    "never": (lambda: fitted(checkpoint="run.npz", checkpoint_every=0), "GS356: .*`checkpoint_every` is 0"),
    "batches of a number": (lambda: optim.minibatches(3.0, size=2), "GS339: a float has no rows"),
    "half a row": (lambda: optim.minibatches(X, size=2.5), "GS339: batches of 2.5 rows"),
    "an unknown option": (
        lambda: optim.minimize(loss, START, X, Y, method="bfgs", options={"gtool": 1}),
        "GS356: `minimize`: BFGS has no option 'gtool'\n.*maxiter, gtol, norm",
    ),
    "an unknown option of trust-constr": (
        lambda: optim.minimize(loss, START, X, Y, method="trust-constr", options={"gtool": 1}),
        "GS356: `minimize`: trust-constr has no option 'gtool'",
    ),
    "an unknown option of root": (
        lambda: optim.root(lambda p: p - 1.0, START, options={"gtol": 1}),
        "GS356: `root`: hybr has no option 'gtol'\n.*maxfev, xtol",
    ),
    "an unknown option of least squares": (
        lambda: optim.least_squares(lambda p: p - 1.0, START, method="trf", options={"gtool": 1}),
        "GS356: `least_squares`: trf has no option 'gtool'",
    ),
    "an unknown robust loss": (
        lambda: optim.least_squares(lambda p: p - 1.0, START, method="trf", options={"loss": "soft"}),
        "GS356: `least_squares`: the option 'loss' is 'soft'\n.*soft_l1",
    ),
    "a list of options": (
        lambda: optim.minimize(loss, START, X, Y, options=[1]), "GS356: `minimize`: `options` is a list\n.*a dict"
    ),
    "a tolerance of text": (lambda: optim.minimize(loss, START, X, Y, tol="x"), "GS356: `minimize`: `tol` is 'x'"),
    "a negative tolerance": (lambda: optim.root(lambda p: p - 1.0, START, tol=-1.0), "GS356: `root`: `tol` is -1"),
    "a callback of text": (lambda: optim.minimize(loss, START, X, Y, callback="x"), "GS356: .*`callback` is 'x'"),
    "no data": (lambda: optim.minimize(loss, START), "GS356: `minimize`: `loss` takes `\\(w, x, y\\)`.*0 further"),
    "no function": (lambda: optim.root("x", START), "GS356: `root`: `function` is 'x'"),
    "a constraint of text": (
        lambda: optim.minimize(loss, START, X, Y, constraints=optim.Constraint("x", upper=1.0)),
        "GS356: `Constraint`: `function` is 'x'",
    ),
    "integer equations": (lambda: optim.root(lambda p: 3, 1.0), "GS351: `result` is int64\n.*\n.*return floats"),
    "no residuals": (lambda: optim.least_squares(lambda p: None, 1.0), "GS335: the residuals of the function"),
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


def test_options_that_only_the_documentation_of_scipy_knows_are_taken():
    """A newer SciPy may have options that our list does not have; `return_all` stands for them."""
    result = optim.minimize(loss, START, X, Y, method="BFGS", options={"return_all": False, "gtol": 1e-6})
    np.testing.assert_allclose(result.params, [1.0, -2.0, 0.5], atol=1e-5)


@pytest.mark.parametrize("method", ["L-BFGS-B", "COBYLA", "SLSQP", "Nelder-Mead"])
def test_parameters_that_bounds_fix_are_the_result(method):
    result = optim.minimize(loss, START, X, Y, method=method, lower=0.0, upper=0.0)
    np.testing.assert_array_equal(result.params, START)
    assert result.converged and result.reason == "every parameter is fixed by its bounds"
    assert result.value == loss(START, X, Y)


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

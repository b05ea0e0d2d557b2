"""Moments in a narrower dtype: what is kept is rounded, what is computed is not."""

from __future__ import annotations

import numpy as np
import pytest

from gradscribe import optim
from gradscribe.errors import GradscribeError

RNG = np.random.default_rng(7)
PARAMS = {"w": RNG.normal(size=(3, 4)), "b": RNG.normal(size=3)}
GRADS = [{"w": RNG.normal(size=(3, 4)), "b": RNG.normal(size=3)} for _ in range(6)]

# What is made with a dtype, and which fields of states are kept in it.
NARROWED = {
    "adam": (lambda dtype: optim.adam(0.1, mu_dtype=dtype), {"mu"}),
    "adamw": (lambda dtype: optim.adamw(0.1, mu_dtype=dtype), {"mu"}),
    "nadam": (lambda dtype: optim.nadam(0.1, mu_dtype=dtype), {"mu"}),
    "nadamw": (lambda dtype: optim.nadamw(0.1, mu_dtype=dtype), {"mu"}),
    "amsgrad": (lambda dtype: optim.amsgrad(0.1, mu_dtype=dtype), {"mu"}),
    "lion": (lambda dtype: optim.lion(0.1, mu_dtype=dtype), {"mu"}),
    "optimistic_adam": (lambda dtype: optim.optimistic_adam(0.1, mu_dtype=dtype), {"mu"}),
    "optimistic_adam_v2": (lambda dtype: optim.optimistic_adam_v2(0.1, mu_dtype=dtype), {"mu"}),
    "scale_by_novograd": (lambda dtype: optim.scale_by_novograd(mu_dtype=dtype), {"mu"}),
    "ademamix": (lambda dtype: optim.ademamix(0.1, mu_dtype=dtype), {"m1", "m2"}),
    "adopt": (lambda dtype: optim.adopt(0.1, mu_dtype=dtype), {"mu"}),
    "muon": (lambda dtype: optim.muon(0.1, mu_dtype=dtype), {"mu"}),
    "sgd": (lambda dtype: optim.sgd(0.1, 0.9, accumulator_dtype=dtype), {"trace"}),
    "signum": (lambda dtype: optim.signum(0.1, accumulator_dtype=dtype), {"ema"}),
    "adafactor": (
        lambda dtype: optim.adafactor(0.1, 2, momentum=0.9, dtype_momentum=dtype), {"ema"}
    ),
    "schedule_free_sgd": (lambda dtype: optim.schedule_free_sgd(0.1, state_dtype=dtype), {"z"}),
    "schedule_free_adamw": (lambda dtype: optim.schedule_free_adamw(0.1, state_dtype=dtype), {"z"}),
}  # fmt: skip


def dtypes(state, name=""):
    """The dtypes of arrays in a state, by the fields that they stand in."""
    if isinstance(state, np.ndarray):
        return {(name, state.dtype.name)}
    named = zip(getattr(state, "_fields", ()), state) if hasattr(state, "_fields") else None
    if named is not None:
        return {found for field, part in named for found in dtypes(part, field)}
    parts = state.values() if isinstance(state, dict) else state if isinstance(state, tuple | list) else ()
    return {found for part in parts for found in dtypes(part, name)}


@pytest.mark.parametrize("name", NARROWED)
def test_only_what_is_kept_is_rounded(name):
    make, fields = NARROWED[name]
    narrow, wide = make(np.float32), make(None)
    params, other = PARAMS, PARAMS
    state, other_state = narrow.init(params), wide.init(other)
    for number, grads in enumerate(GRADS):
        updates, _ = narrow.update(grads, state, params)
        params, state = narrow.step(params, grads, state)
        other, other_state = wide.step(other, grads, other_state)
        for leaf in PARAMS:
            assert updates[leaf].dtype == params[leaf].dtype == np.float64
            # Before anything was kept, nothing is rounded; the first step of parameters in z is.
            tolerance = 1e-13 if number == 0 and "z" not in fields else 3e-6
            np.testing.assert_allclose(params[leaf], other[leaf], rtol=tolerance, atol=tolerance)
    kept = dtypes(state)
    assert {field for field, dtype in kept if dtype == "float32"} == fields
    assert not fields & {field for field, dtype in kept if dtype == "float64"}


def test_a_sum_is_rounded_after_each_step():
    opt, params = optim.trace(0.5, accumulator_dtype=np.float16), np.zeros(1)
    state, kept = opt.init(params), np.float16(0.0)
    for grad in (1.0 + 2.0**-14, 1.0 / 3.0, -0.7):
        update, state = opt.update(np.array([grad]), state, params)
        whole = grad + 0.5 * float(kept)
        assert update[0] == whole
        kept = np.float16(whole)
        assert state.trace[0].dtype == np.float16 and state.trace[0][0] == kept


def test_a_narrow_state_is_stored_and_shown(tmp_path):
    opt = optim.adam(0.1, mu_dtype=np.float16)
    params, state = opt.step(PARAMS, GRADS[0], opt.init(PARAMS))
    optim.save(tmp_path / "run.npz", params=params, state=state)
    found = optim.load(tmp_path / "run.npz", params=PARAMS, state=opt.init(PARAMS))
    np.testing.assert_array_equal(found["state"][0].mu[0], state[0].mu[0])
    assert optim.unflatten(state[0].mu, params)["w"].dtype == np.float16


def test_narrow_moments_are_mapped():
    opt = optim.adam(0.1, mu_dtype=np.float32)
    params, state = opt.step(PARAMS, GRADS[0], opt.init(PARAMS))
    mapped = optim.tree.map_params(lambda moment: 2.0 * moment, state, params)
    np.testing.assert_array_equal(mapped[0].mu[0], 2.0 * state[0].mu[0])
    assert mapped[0].mu[0].dtype == np.float32 and mapped[0].nu[0].dtype == np.float64


REFUSED = {
    "wider than the parameters": (
        lambda: optim.adam(0.1, mu_dtype=np.float64).init({"w": np.ones(2, np.float32)}),
        "GS356: `scale_by_adam`: `mu_dtype` is float64, but `params.'w'.` is float32\n.*never wider",
    ),
    "integers": (lambda: optim.adam(0.1, mu_dtype=int), "GS356: `adam`: `mu_dtype` is int64\n.*np.float32"),
    "unknown": (lambda: optim.sgd(0.1, 0.9, accumulator_dtype="x"), "GS356: `sgd`: `accumulator_dtype` is 'x'"),
    "a state of others": (
        lambda: optim.adam(0.1, mu_dtype=np.float32).step(PARAMS, GRADS[0], optim.sgd(0.1, 0.9).init(PARAMS)),
        "GS353",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_means_nothing_is_refused(name):
    call, message = REFUSED[name]
    with pytest.raises(GradscribeError, match=message):
        call()


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("hard", [1.0, -1.0, 0.0]), ("smooth", np.tanh([0.6, -0.04, 0.0])), ("refined", [0.3, -0.02, 0.0])],
)
def test_modes_of_lion(mode, expected):
    opt = optim.scale_by_lion(mode=mode, smooth_beta=2.0)
    grads = np.array([3.0, -0.2, 0.0])
    np.testing.assert_allclose(opt.update(grads, opt.init(grads))[0], expected, rtol=1e-15)
    far = np.array([300.0, -20.0, 0.0])
    assert np.max(np.abs(opt.update(far, opt.init(far))[0])) <= 1.0
    with pytest.raises(GradscribeError, match="GS356: `scale_by_lion`: `mode` is 'x'"):
        optim.scale_by_lion(mode="x")

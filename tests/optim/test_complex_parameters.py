"""Complex parameters as pairs of real ones."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from gradscribe import optim

TARGET = {"z": np.array([[1.0 + 2.0j, -1.0j]]), "w": np.array([3.0]), "s": 0.5 + 0.25j}
START = {"z": np.zeros((1, 2), complex), "w": np.zeros(1), "s": 0.0j}


def loss(p):
    away = np.abs(p["s"] - TARGET["s"]) ** 2 + np.sum((p["w"] - TARGET["w"]) ** 2)
    return away + np.sum(np.abs(p["z"] - TARGET["z"]) ** 2)


def loss_of_pairs(p):
    z = p["z"].real + 1j * p["z"].imaginary
    return loss({"z": z, "w": p["w"], "s": p["s"].real + 1j * p["s"].imaginary})


def pairs(p):
    pair = optim.complex_parameters.SplitRealAndImaginaryArrays
    return {"z": pair(p["z"].real, p["z"].imag), "w": p["w"], "s": pair(p["s"].real, p["s"].imag)}


def test_steps_are_those_of_the_pairs():
    adam = optim.adam(0.1)
    opt = optim.split_real_and_imaginary(adam)
    params, other = START, pairs(START)
    state, other_state = opt.init(params), adam.init(other)
    for _ in range(20):
        grads = optim.tree.conj(gs.grad(loss)(params))
        updates, _ = opt.update(grads, state, params)
        params, state = opt.step(params, grads, state)
        other, other_state = adam.step(other, gs.grad(loss_of_pairs)(other), other_state)
        np.testing.assert_allclose(params["z"], other["z"].real + 1j * other["z"].imaginary, rtol=1e-13)
        np.testing.assert_allclose(params["w"], other["w"], rtol=1e-13)
        assert updates["z"].dtype == complex and updates["w"].dtype == float
    assert type(params["s"]) is complex and params["s"] == pytest.approx(complex(*other["s"]))


def test_it_goes_downhill_and_keeps_precision():
    opt = optim.split_real_and_imaginary(optim.chain(optim.clip_by_global_norm(10.0), optim.sgd(0.25)))
    narrow = {"z": START["z"].astype(np.complex64), "w": START["w"].astype(np.float32), "s": START["s"]}
    params, state = narrow, opt.init(narrow)
    for _ in range(60):
        params, state = opt.step(params, optim.tree.conj(gs.grad(loss)(params)), state)
    assert params["z"].dtype == np.complex64 and params["w"].dtype == np.float32
    np.testing.assert_allclose(params["z"], TARGET["z"], rtol=1e-6, atol=1e-6)
    assert params["s"] == pytest.approx(TARGET["s"])


def test_what_does_not_fit_is_named():
    opt = optim.split_real_and_imaginary(optim.sgd(0.1))
    with pytest.raises(gs.GradscribeError, match="GS350: `grads.'z'.*"):
        opt.step(START, START | {"z": np.zeros(3, complex)}, opt.init(START))
    with pytest.raises(gs.GradscribeError, match="GS353: .*`split_real_and_imaginary` is a tuple"):
        opt.step(START, START, ())
    with pytest.raises(gs.GradscribeError, match="GS351: `params.'z'.` is complex128"):
        optim.chain(opt, optim.scale(1.0)).init(START)

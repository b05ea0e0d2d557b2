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


SIGNAL = np.random.default_rng(3).normal(size=(40, 2)) @ np.array([[1.0, 1.0j], [0.5j, -1.0]])
MEASURED = SIGNAL @ np.array([1.0 + 2.0j, -0.5j]) + 0.3


def misfit(p, x, y):
    return np.mean(np.abs(x @ p["z"] + p["b"] - y) ** 2)


def fitted(optimizer, epochs, size=40, **further):
    start = {"z": np.zeros(2, complex), "b": 0.0}
    batches = optim.minibatches(SIGNAL, MEASURED, size=size)
    return optim.fit(misfit, start, batches, optimizer, epochs, **further)


FITTING = {
    "adam": (optim.adam(0.05), 200, 10),
    "adam, wrapped": (optim.split_real_and_imaginary(optim.adam(0.05)), 200, 10),
    "partition": (
        optim.partition({"fast": optim.adam(0.05), "slow": optim.sgd(0.1)}, {"z": "fast", "b": "slow"}), 200, 10
    ),
    "lbfgs": (optim.lbfgs(), 30, 40),
    "line search": (optim.chain(optim.scale(-1.0), optim.scale_by_zoom_linesearch(10)), 60, 40),
    "sharpness": (optim.sam(optim.sgd(0.2), optim.sgd(0.01)), 400, 40),
    "sophia": (optim.sophia(0.1, gamma=0.5, weight_decay=0.0), 400, 20),
}  # fmt: skip


@pytest.mark.parametrize("name", FITTING)
def test_fit_takes_complex_parameters(name):
    optimizer, epochs, size = FITTING[name]
    found = fitted(optimizer, epochs, size).params
    np.testing.assert_allclose(found["z"], [1.0 + 2.0j, -0.5j], atol=0.02)
    assert type(found["b"]) is float and found["b"] == pytest.approx(0.3, abs=0.02)


def test_fit_of_complex_parameters_goes_on_from_a_checkpoint(tmp_path):
    path = tmp_path / "run.npz"
    fitted(optim.adam(0.05), 2, 10, checkpoint=path)
    continued, whole = fitted(optim.adam(0.05), 5, 10, checkpoint=path), fitted(optim.adam(0.05), 5, 10)
    np.testing.assert_array_equal(continued.params["z"], whole.params["z"])


def test_a_gradient_that_is_not_finite_is_named_by_its_part():
    def root(p):
        return np.abs(p["z"][1]) ** 0.5

    with (
        np.errstate(all="ignore"),
        pytest.raises(gs.GradscribeError, match=r"GS332: .*grads\['z'\].real\[1\]` is nan"),
    ):
        optim.fit(root, {"z": np.zeros(2, complex)}, [()], optim.sgd(0.1))


def test_kinds_of_complex_leaves_are_kept():
    params = {
        "a": np.array(1.0 + 1.0j),
        "b": np.complex64(1.0),
        "c": 2.0j,
        "d": np.ones(1, np.complex64),
        "e": 1.0,
    }
    opt = optim.split_real_and_imaginary(optim.sgd(0.1))
    found, _ = opt.step(params, params, opt.init(params))
    for name, leaf in params.items():
        assert type(found[name]) is type(leaf)
        assert getattr(found[name], "dtype", None) == getattr(leaf, "dtype", None)


def test_what_does_not_fit_is_named():
    opt = optim.split_real_and_imaginary(optim.sgd(0.1))
    with pytest.raises(gs.GradscribeError, match="GS350: `grads.'z'.*"):
        opt.step(START, START | {"z": np.zeros(3, complex)}, opt.init(START))
    with pytest.raises(gs.GradscribeError, match="GS353: .*`split_real_and_imaginary` is a tuple"):
        opt.step(START, START, ())
    with pytest.raises(gs.GradscribeError, match="GS351: `params.'z'.` is complex128"):
        optim.chain(opt, optim.scale(1.0)).init(START)

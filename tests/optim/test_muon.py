"""Muon: what it makes of singular values, by decompositions, and which axes are those of matrices."""

from __future__ import annotations

import numpy as np
import pytest

from gradscribe import optim
from gradscribe.errors import GradscribeError
from gradscribe.optim import torch_optimizers

RNG = np.random.default_rng(11)
AXES = optim.MuonDimensionNumbers
PARAMS = {"a": RNG.normal(size=(3, 5)), "k": RNG.normal(size=(2, 3, 4)), "b": RNG.normal(size=4)}
GRADS = {name: RNG.normal(size=leaf.shape) for name, leaf in PARAMS.items()}
STANDARD = (3.4445, -4.7750, 2.0315)


def update(opt, params, grads):
    return opt.update(grads, opt.init(params), params)[0]


def polynomial(x, coefficients):
    for a, b, c in coefficients:
        x = a * x + b * x**3 + c * x**5
    return x


# Of singular values s, for which x xᵀ has s².
NORMS = {
    "frobenius": lambda s: np.sqrt(np.sum(s**2)),
    "spectral": np.max,
    "schatten": lambda s: np.sum(s**4) ** 0.25,
}


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 4), (1, 6)])
@pytest.mark.parametrize("name", NORMS)
def test_singular_values_go_through_the_polynomial(name, shape):
    g = RNG.normal(size=shape)
    u, s, v = np.linalg.svd(g, full_matrices=False)
    # Of one gradient the mean, corrected for its start, is the gradient.
    found = update(optim.scale_by_muon(nesterov=False, preconditioning=name, eps=0.0), g, g)
    np.testing.assert_allclose(
        found, (u * polynomial(s / NORMS[name](s), [STANDARD] * 5)) @ v, rtol=1e-9, atol=1e-9
    )


def test_rows_are_divided_by_the_sums_of_their_products():
    g = RNG.normal(size=(3, 5))
    x = g / np.sqrt(np.sum(np.abs(g @ g.T), axis=1, keepdims=True))
    u, s, v = np.linalg.svd(x, full_matrices=False)
    assert np.max(s) <= 1.0 + 1e-12
    found = update(optim.scale_by_muon(nesterov=False, preconditioning="aol"), g, g)
    np.testing.assert_allclose(found, (u * polynomial(s, [STANDARD] * 5)) @ v, rtol=1e-10, atol=1e-12)


def test_coefficients_may_differ_by_iteration():
    g = RNG.normal(size=(3, 5))
    u, s, v = np.linalg.svd(g, full_matrices=False)
    several = [(3.0, -3.2, 1.2), (2.5, -2.0, 0.6)]
    found = update(optim.scale_by_muon(several, nesterov=False), g, g)
    s = s / np.sqrt(np.sum(s**2))
    np.testing.assert_allclose(found, (u * polynomial(s, several)) @ v, rtol=1e-7, atol=1e-9)
    settled = np.linalg.svd(update(optim.scale_by_muon("dion"), g, g), compute_uv=False)
    np.testing.assert_allclose(settled, 1.0, atol=0.2)


def test_the_dual_norm_scales_the_step():
    g = RNG.normal(size=(3, 5))
    plain = update(optim.scale_by_muon(nesterov=False), g, g)
    found = update(optim.scale_by_muon(nesterov=False, adaptive=True), g, g)
    np.testing.assert_allclose(found, np.sum(g * plain) * plain, rtol=1e-12)


def test_axes_that_are_not_named_number_matrices():
    opt = optim.muon(0.1, muon_weight_dimension_numbers={"a": AXES(), "k": AXES(1, 2), "b": None})
    found = update(opt, PARAMS, GRADS)
    for number in range(2):
        alone = update(optim.muon(0.1), PARAMS["k"][number], GRADS["k"][number])
        np.testing.assert_allclose(found["k"][number], alone, rtol=1e-12)
    np.testing.assert_allclose(found["a"], update(optim.muon(0.1), PARAMS["a"], GRADS["a"]), rtol=1e-12)
    adam = optim.adamw(0.1, weight_decay=0.0, nesterov=True)
    np.testing.assert_allclose(found["b"], update(adam, PARAMS["b"], GRADS["b"]), rtol=1e-12)


@pytest.mark.parametrize("axes", [AXES((0, 2), 1), AXES((0, -1), -2)])
def test_several_axes_make_rows(axes):
    opt = optim.muon(0.1, muon_weight_dimension_numbers={"a": None, "k": axes, "b": None})
    found = update(opt, PARAMS, GRADS)

    def matrix(leaf):
        return np.transpose(leaf, (0, 2, 1)).reshape(8, 3)

    alone = update(optim.muon(0.1), matrix(PARAMS["k"]), matrix(GRADS["k"]))
    np.testing.assert_allclose(matrix(found["k"]), alone, rtol=1e-12)


def test_axes_may_come_from_a_function_or_stand_for_all():
    def axes_of(params):
        return {name: AXES(-2, -1) if leaf.ndim >= 2 else None for name, leaf in params.items()}

    by_function = update(optim.muon(0.1, muon_weight_dimension_numbers=axes_of), PARAMS, GRADS)
    for_all = update(optim.muon(0.1, muon_weight_dimension_numbers=AXES(-2, -1)), PARAMS, GRADS)
    for name in PARAMS:
        np.testing.assert_array_equal(by_function[name], for_all[name])


def test_steps_of_matrices_have_the_root_mean_square_asked_for():
    g = RNG.normal(size=(40, 60))
    found = update(optim.muon(1.0, ns_coeffs="dion", consistent_rms=0.2), g, g)
    np.testing.assert_allclose(np.sqrt(np.mean(found**2)), 0.2, rtol=0.15)


@pytest.mark.parametrize("name", [*NORMS, "aol"])
def test_float32_stays_float32(name):
    g = GRADS["a"].astype(np.float32)
    opt = optim.muon(0.1, preconditioning=name)
    params, state = opt.step(g, g, opt.init(g))
    assert params.dtype == np.float32 and np.isfinite(params).all()
    assert state.inner_states["muon"][0].mu[0].dtype == np.float32


def labelled(axes):
    return lambda: optim.muon(0.1, muon_weight_dimension_numbers={"a": axes, "k": None, "b": None}).init(
        PARAMS
    )


REFUSED = {
    "no matrix": (
        lambda: optim.scale_by_muon().init(PARAMS["b"]), "GS351: `params` has 1 axis.*\n.*\n.*use `muon`"
    ),
    "no matrix, either": (
        lambda: torch_optimizers.muon().init(PARAMS), "GS351: `params.'k'.` has 3 axes.*\n.*\n.*`optim.muon`"
    ),
    "a vector with axes": (
        lambda: optim.muon(0.1, muon_weight_dimension_numbers={"a": None, "k": None, "b": AXES()}).init(PARAMS),
        "GS351: `params.'b'.` has 1 axis.*\n.*\n.*None for this leaf",
    ),
    "one axis twice": (labelled(AXES(0, 0)), "GS356: `muon`: `params.'a'.` has 2 axes, and .* each once"),
    "no such axis": (labelled(AXES(0, 5)), "GS356: `muon`: `params.'a'.` has 2 axes"),
    "no axes": (labelled(3), "GS355: `muon_weight_dimension_numbers.'a'.` is 3"),
    "no preset": (lambda: optim.muon(0.1, ns_coeffs="x"), "GS356: .*`ns_coeffs` is 'x'\n.*'standard', 'dion'"),
    "pairs": (lambda: optim.muon(0.1, ns_coeffs=[(1.0, 2.0)]), "GS356: .*`ns_coeffs` is 1 x 2 numbers"),
    "one coefficient": (lambda: optim.muon(0.1, ns_coeffs=3.0), "GS356: .*`ns_coeffs` is one numbers"),
    "no norm": (lambda: optim.muon(0.1, preconditioning="x"), "GS356: .*`preconditioning` is 'x'\n.*'aol'"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_means_nothing_is_refused(name):
    call, message = REFUSED[name]
    with pytest.raises(GradscribeError, match=message):
        call()

"""Warnings that the user's function turns off stay off in what is generated from it."""

import warnings

import numpy as np
import pytest

import gradscribe as gs


def guarded_logarithm(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        r = np.where(x > 0, np.log(x), -1.0)
    return np.sum(r**2)


def everything(x):
    with np.errstate(all="ignore"):
        return np.sum(np.where(x > 0, np.sqrt(x) / x, 0.0))


def in_a_helper(x):
    return everything(x) * np.sum(x)


SCALE = np.array([2.0, 1.0])


def with_hidden_arguments(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(SCALE[0] * np.where(x > 0, np.log(np.abs(x)), 0.0))


def only_warns(x):
    with np.errstate(divide="warn"):
        return np.sum(np.where(x > 0, 1.0 / x, 0.0))


X = np.array([0.5, -1.0, 2.0, 0.0])


def differences(function):
    """At the positive elements; the others have no influence, but for the sum of `in_a_helper`."""
    return [gs.testing.differences(function, (X[[0, 2]],), (unit,), 1e-3)[0] for unit in np.eye(2)]


@pytest.mark.parametrize("function", [guarded_logarithm, everything, with_hidden_arguments])
def test_nothing_is_warned_of_and_derivatives_are_right(function):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, gradient = gs.value_and_grad(function)(X)
        assert value == function(X)
        assert np.allclose(gradient[[0, 2]], differences(function))
        assert not gradient[[1, 3]].any()
        tangent = gs.jvp(function, (X,), (np.ones(4),))[1]
        assert np.isclose(tangent, gradient.sum())
        hessian = gs.hessian(function)(X)
    assert np.isfinite(hessian).all()


def test_what_a_helper_ignores_is_ignored():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gs.grad(in_a_helper)(X)


def test_source_says_what_is_ignored_and_runs_on_its_own(tmp_path):
    grad = gs.grad(guarded_logarithm).compile(X)
    assert "@np.errstate(divide='ignore', invalid='ignore')\ndef guarded_logarithm_grad" in grad.source
    grad.save(tmp_path / "saved.py")
    scope = {}
    exec((tmp_path / "saved.py").read_text(), scope)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.array_equal(scope["guarded_logarithm_grad"](X), grad(X))


def test_what_warns_is_left_to_warn():
    grad = gs.grad(only_warns).compile(X)
    assert "np.errstate" not in grad.source
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        grad(X)

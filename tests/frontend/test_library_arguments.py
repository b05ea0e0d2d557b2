"""Calls mean what NumPy takes them to mean: arguments by place, by NumPy's own names, at their defaults."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

import gradscribe as gs

BY_PLACE = """
np.sum(x, 0, None, None, True)
np.sum(x, 0, np.float64)
np.prod(x, 0, None, None, True)
np.mean(x, 0, np.float64, None, True)
np.max(x, 0, None, True)
np.ptp(x, 0, None, True)
np.var(x, 0, None, None, 1)
np.std(x, 0, None, None, 1, True)
np.nansum(x, 0, np.float64)
np.cumsum(x, 1, np.float64)
np.median(x, 0, None, False, True)
np.percentile(x, 30, 0, None, False, "lower")
np.take(x, [0, 1], 1, None, "raise")
np.clip(x, 0.2, 0.5, None)
np.nan_to_num(x, True, 0.5)
np.cross(x[0].T, x[1].T, -1, -1, -1)
np.reshape(x, (3, 4), "C")
x.sum(0, None, None, True)
x.max(0, None, True)
x.std(0, None, None, 1)
"""
BY_NAME = """
np.sum(a=x, axis=0)
np.reshape(x, shape=(3, 4))
np.take(a=x, indices=[0, 2], axis=1)
np.clip(a=x, a_min=0.2, a_max=None)
np.clip(x, min=0.2)
x.clip(max=0.6)
np.var(x, correction=1)
np.concatenate([x, x], axis=1)
np.tile(A=x, reps=2)
np.moveaxis(a=x, source=0, destination=-1)
"""
DEFAULTS = """
np.add(x, 1.0, where=True, casting="same_kind", order="K", dtype=None, subok=True)
np.sin(x, out=None)
np.sin(x, dtype=np.float64)
np.matmul(x, x[0].T, casting="same_kind")
np.reshape(x, (3, 4), order="C", copy=None)
np.ravel(x, order="C")
np.array(x, copy=True, order="K")
np.copy(x, order="K")
np.nan_to_num(x, copy=True)
np.einsum("ijk->k", x, optimize=False)
np.cumsum(x, axis=0, dtype=np.float64)
x.astype(float, copy=True, casting="unsafe")
"""
X = np.random.default_rng(5).permutation(np.linspace(0.1, 0.9, 12)).reshape(2, 3, 2)


def written(tmp_path, expression):
    """The function `x -> expression`, from a file."""
    path = tmp_path / "calls.py"
    path.write_text(f"import numpy as np\n\n\ndef f(x):\n    return {expression}\n")
    spec = importlib.util.spec_from_file_location("calls", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.f


@pytest.mark.parametrize(
    "expression", [line for line in f"{BY_PLACE}{BY_NAME}{DEFAULTS}".splitlines() if line]
)
def test_arguments_are_bound_as_numpy_binds_them(tmp_path, expression):
    f = written(tmp_path, expression)
    value, pullback = gs.vjp(f, X)
    expected = f(X.copy())
    assert value.dtype == expected.dtype
    np.testing.assert_array_equal(value, expected, strict=True)
    rng = np.random.default_rng(6)
    ct, direction = rng.standard_normal(np.shape(value)), rng.standard_normal(X.shape)
    (gradient,) = pullback(ct if np.ndim(value) else float(ct))
    moved = [np.sum(ct * f(X + step * direction)) for step in (1e-6, -1e-6)]
    assert np.isclose(np.sum(gradient * direction), (moved[0] - moved[1]) / 2e-6, rtol=1e-6, atol=1e-8)


def test_an_unknown_keyword_is_named(tmp_path):
    f = written(tmp_path, "np.sum(x, axes=0)")
    with pytest.raises(
        gs.errors.GradscribeError, match="GS204: the keyword `axes` of `np.sum` is not supported"
    ):
        gs.vjp(f, X)


def test_joining_an_empty_part_gives_it_an_empty_cotangent(tmp_path):
    f = written(tmp_path, "np.sum(np.concatenate([x[:0] * 3.0, x]) ** 2)")
    np.testing.assert_allclose(gs.grad(f)(X), 2 * X)


@pytest.mark.parametrize(
    "dtype", ["[('pos', float), ('id', int)]", "np.dtype([('pos', float), ('v', float)])"]
)
def test_a_dtype_with_fields_is_refused(tmp_path, dtype):
    f = written(tmp_path, f"np.sum(np.zeros(3, dtype={dtype})['pos'] * x[:3])")
    with pytest.raises(gs.errors.GradscribeError, match="GS204: a dtype with fields is passed as `dtype`"):
        gs.vjp(f, X)


def test_what_is_no_dtype_is_named(tmp_path):
    f = written(tmp_path, "np.sum(np.zeros(3, dtype='number') * x[:3])")
    with pytest.raises(gs.errors.GradscribeError, match="GS141: 'number' is passed as `dtype` of `np.zeros`"):
        gs.vjp(f, X)


def test_what_to_use_in_place_of_a_keyword_is_the_fix(tmp_path):
    f = written(tmp_path, "np.quantile(x, 0.5, interpolation='lower')")
    with pytest.raises(gs.errors.GradscribeError, match=r"interpolation(.|\n)*fix: use method"):
        gs.vjp(f, X)

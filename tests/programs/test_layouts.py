"""Whether a reshaped array is a view depends on the layout of the argument: it is asked for, and guarded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import UnsupportedSyntaxError

POINT = np.random.default_rng(3).normal(size=(2, 3))


def in_c_order(values: np.ndarray) -> np.ndarray:
    return values.copy("C")


def in_fortran_order(values: np.ndarray) -> np.ndarray:
    return values.copy("F")


def strided(values: np.ndarray) -> np.ndarray:
    return np.repeat(values, 2, axis=1)[:, ::2]


LAYOUTS = (in_c_order, in_fortran_order, strided)


def raveled(x):
    r = x.ravel()
    r[1] = x[0, 0] ** 2
    return np.sum(r**2) + np.sum(x**3)


def reshaped(x):
    y = x.reshape(3, 2)
    y[1] = x[0, :2] ** 2
    return np.sum(y**2) + np.sum(x**3)


def read_only(x):
    return np.sum(x.reshape(-1) ** 2) + np.sum(x.ravel() ** 3)


def differences(function: Callable[..., Any], arranged: Callable[..., Any]) -> np.ndarray:
    found = np.zeros_like(POINT)
    for place in np.ndindex(POINT.shape):
        step = np.zeros_like(POINT)
        step[place] = 1e-6
        found[place] = (function(arranged(POINT + step)) - function(arranged(POINT - step))) / 2e-6
    return found


@pytest.mark.parametrize("arranged", LAYOUTS)
@pytest.mark.parametrize("function", [raveled, read_only])
def test_each_layout_has_its_own_derivative(function: Callable[..., Any], arranged: Any) -> None:
    derivative = gs.value_and_grad(function)
    for layout in (*LAYOUTS, arranged):
        argument = layout(POINT)
        value, gradient = derivative(argument)
        np.testing.assert_array_equal(argument, POINT)
        assert value == function(layout(POINT))
        np.testing.assert_allclose(gradient, differences(function, layout), rtol=1e-6, atol=1e-6)


def test_a_reshaped_argument_is_followed_where_it_is_contiguous_and_refused_where_it_may_be_a_copy() -> None:
    derivative = gs.value_and_grad(reshaped)
    value, gradient = derivative(POINT)
    assert value == reshaped(POINT.copy())
    np.testing.assert_allclose(gradient, differences(reshaped, in_c_order), rtol=1e-6, atol=1e-6)
    for layout in (in_fortran_order, strided):
        with pytest.raises(UnsupportedSyntaxError, match="GS130"):
            derivative(layout(POINT))


def test_layouts_are_not_asked_for_without_need() -> None:
    derivative = gs.grad(read_only)
    derivative(in_c_order(POINT))
    source = derivative.source
    derivative(in_fortran_order(POINT))
    assert derivative.source == source

"""Functions of SciPy without an entry: the error names them, and what to write instead."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
import scipy.integrate
import scipy.interpolate
import scipy.optimize

import gradscribe as gs
from gradscribe.frontend.instead import INSTEAD, instead
from gradscribe.ops.table import find_callable

T, Y = np.array([0.0, 0.6, 1.1, 2.0]), np.array([0.3, -0.4, 0.7, 0.1])


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda a: scipy.optimize.leastsq(lambda z: z**3 - a, 1.0)[0][0], "(?s)leastsq.*implicit function"),
        (lambda a: scipy.integrate.dblquad(lambda y, x: a * x, 0, 1, 0, 1)[0], "(?s)dblquad.*nest scipy"),
        (lambda a: scipy.interpolate.BarycentricInterpolator(T, a * Y)(0.3), "(?s)Barycentric.*Krogh"),
    ],
)
def test_the_error_says_what_to_write(function, said):
    with pytest.raises(gs.errors.GradscribeError, match=said):
        gs.grad(function)(2.0)


@pytest.mark.parametrize(("package", "name"), INSTEAD)
def test_every_function_exists_and_has_no_entry(package, name):
    target = getattr(importlib.import_module(package), name)
    assert instead(target) == INSTEAD[package, name]
    assert find_callable(target) is None


def test_functions_of_libraries_written_in_python_are_said_to_be_so():
    with pytest.raises(gs.errors.GradscribeError, match="belongs to scipy, whose own code is not read"):
        gs.grad(lambda x: scipy.optimize.approx_fprime(x, np.sum)[0])(T)

"""Roots and minima with the parts of the result that a compiled function knows, and roots of affine functions.

In:  functions and arrays.   Out: numbers and arrays.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class ScalarRoot(NamedTuple):
    """What is known of the result of `root_scalar` inside a function that is compiled."""

    root: Any
    converged: Any
    iterations: Any
    function_calls: Any


class VectorRoot(NamedTuple):
    """What is known of the result of `root`."""

    x: Any
    success: Any
    fun: Any


class Minimum(NamedTuple):
    """What is known of the result of `minimize` and `minimize_scalar`."""

    x: Any
    fun: Any
    success: Any


def root_scalar(f: Any, **options: Any) -> Any:
    """Root, convergence, iterations and calls of `scipy.optimize.root_scalar`."""
    from scipy.optimize import root_scalar

    found = root_scalar(f, **options)
    return found.root, found.converged, found.iterations, found.function_calls


def root(fun: Any, x0: Any, **options: Any) -> Any:
    """Root, success and residual of `scipy.optimize.root`."""
    from scipy.optimize import root

    found = root(fun, x0, **options)
    return found.x, found.success, found.fun


def minimize_scalar(fun: Any, **options: Any) -> Any:
    """Place, value and success of `scipy.optimize.minimize_scalar`."""
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(fun, **options)
    return found.x, found.fun, found.success


def minimize(fun: Any, x0: Any, **options: Any) -> Any:
    """Place, value and success of `scipy.optimize.minimize`."""
    from scipy.optimize import minimize

    found = minimize(fun, x0, **options)
    return found.x, found.fun, found.success


class LeastSquares(NamedTuple):
    """What is known of the result of `least_squares`."""

    x: Any
    cost: Any
    success: Any


def least_squares(fun: Any, x0: Any, **options: Any) -> Any:
    """Place, half the sum of squares and success of `scipy.optimize.least_squares`."""
    from scipy.optimize import least_squares

    found = least_squares(fun, x0, **options)
    return found.x, found.cost, found.success


def fitted_curve(fun: Any, x0: Any, *, args: Any = (), **options: Any) -> Any:
    """What `scipy.optimize.curve_fit` gives for residuals `fun(p, *args)`: parameters and their covariance."""
    from scipy.optimize import curve_fit

    zeros = np.zeros(np.shape(fun(x0, *args)))
    found: Any = curve_fit(lambda _, *p: fun(np.array(p), *args), zeros, zeros, x0, **options)
    return found[0], found[1]


def covariance_of_fit(popt: Any, pcov: Any) -> Any:
    """The covariance, which moves with the fit in a way that is not followed."""
    return pcov


def inside_bounds(curvature: Any, slope: Any, low: Any, high: Any) -> Any:
    """The curvature at a minimum, which must be where the slope is zero: at a bound there is no derivative."""
    if not abs(slope) <= 1e-4 * abs(curvature * (high - low)):
        raise ValueError(
            "minimize_scalar: the minimum is at a bound, where the derivative of its place is not that of a root "
            "of the slope: hold it there yourself, as in `x = bound if at_bound else ...`"
        )
    return curvature


def affine_root(fun: Any, like: Any, *, args: Any = ()) -> Any:
    """The vector v, as long as `like`, where the affine function `fun(v, *args)` is zero."""
    unit = np.zeros_like(like)
    offset = fun(unit, *args)
    matrix = np.empty((unit.size, unit.size), unit.dtype)
    for k in range(unit.size):
        unit[k] = 1.0
        matrix[:, k] = fun(unit, *args) - offset
        unit[k] = 0.0
    return np.linalg.solve(matrix, -offset)

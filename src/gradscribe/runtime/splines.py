"""Interpolation: coefficients of splines and their values.

In:  arrays.   Out: arrays.
References: de Boor, A Practical Guide to Splines, 2001, chapter IV.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def cubic_spline(t: Any, y: Any, bc_type: Any = "not-a-knot") -> Any:
    """The coefficients of `scipy.interpolate.CubicSpline(t, y, bc_type=bc_type)`, highest power first."""
    from scipy.interpolate import CubicSpline

    return CubicSpline(t, y, bc_type=bc_type).c


def pchip(t: Any, y: Any) -> Any:
    """The coefficients of `scipy.interpolate.PchipInterpolator(t, y)`, highest power first."""
    from scipy.interpolate import PchipInterpolator

    return PchipInterpolator(t, y).c


def evaluate_pieces(c: Any, t: Any, x: Any, nu: int = 0, extrapolate: Any = True) -> Any:
    """The value at `x`, or derivative of order `nu`, of a piecewise polynomial."""
    from scipy.interpolate import PPoly

    return PPoly.construct_fast(c, np.asarray(t, dtype=float), extrapolate)(x, nu)


def derived_pieces(c: Any, t: Any, x: Any, nu: int = 0, order: int = 1, extrapolate: Any = True) -> Any:
    """The value at `x`, or derivative of order `nu`, of the derivative of a piecewise polynomial."""
    from scipy.interpolate import PPoly

    return PPoly.construct_fast(c, np.asarray(t, dtype=float), extrapolate).derivative(order)(x, nu)


def integrate_pieces(c: Any, t: Any, a: Any, b: Any, extrapolate: Any = True) -> Any:
    """The integral of a piecewise polynomial between two places."""
    from scipy.interpolate import PPoly

    c, t = np.asarray(c, dtype=float), np.asarray(t, dtype=float)
    return PPoly.construct_fast(c, t, extrapolate).integrate(a, b)


def antiderived_pieces(c: Any, t: Any, x: Any, extrapolate: Any = True) -> Any:
    """The integral of a piecewise polynomial from its first knot on."""
    from scipy.interpolate import PPoly

    c, t = np.asarray(c, dtype=float), np.asarray(t, dtype=float)
    return PPoly.construct_fast(c, t, extrapolate).antiderivative()(x)


def enough_knots(t: Any, least: int) -> Any:
    """`t`, if there are so many."""
    if len(t) < least:
        raise ValueError(
            f"the derivative of this spline is known from {least} knots on, but there are {len(t)}"
        )
    return t


def grid_interpolation(
    values: Any,
    *points_and_places: Any,
    method: str = "linear",
    bounds_error: bool = True,
    fill_value: Any = np.nan,
) -> Any:
    """What `scipy.interpolate.RegularGridInterpolator` gives, at the places that come after the points."""
    from scipy.interpolate import RegularGridInterpolator

    *points, xi = points_and_places
    return RegularGridInterpolator(tuple(points), values, method, bounds_error, fill_value)(xi)

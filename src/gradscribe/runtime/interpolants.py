"""Interpolants of SciPy, made and evaluated in one call.

In:  arrays.   Out: arrays.
"""

from __future__ import annotations

from typing import Any


def interp1d(x: Any, y: Any, xi: Any, **options: Any) -> Any:
    """`scipy.interpolate.interp1d(x, y, **options)(xi)`."""
    from scipy.interpolate import interp1d

    return interp1d(x, y, **options)(xi)


def interp_spline(x: Any, y: Any, xi: Any, nu: int = 0, *, k: int = 3) -> Any:
    """`scipy.interpolate.make_interp_spline(x, y, k)(xi, nu)`."""
    from scipy.interpolate import make_interp_spline

    return make_interp_spline(x, y, k)(xi, nu)


def b_spline(t: Any, c: Any, k: int, xi: Any, nu: int = 0) -> Any:
    """`scipy.interpolate.BSpline(t, c, k)(xi, nu)`."""
    from scipy.interpolate import BSpline

    return BSpline(t, c, k)(xi, nu)


def akima(x: Any, y: Any, xi: Any, nu: int = 0) -> Any:
    """`scipy.interpolate.Akima1DInterpolator(x, y)(xi, nu)`."""
    from scipy.interpolate import Akima1DInterpolator

    return Akima1DInterpolator(x, y)(xi, nu)

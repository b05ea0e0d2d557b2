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


def hermite(x: Any, y: Any, dydx: Any, xi: Any, nu: int = 0) -> Any:
    """`scipy.interpolate.CubicHermiteSpline(x, y, dydx)(xi, nu)`."""
    from scipy.interpolate import CubicHermiteSpline

    return CubicHermiteSpline(x, y, dydx)(xi, nu)


def krogh(x: Any, y: Any, xi: Any) -> Any:
    """`scipy.interpolate.KroghInterpolator(x, y)(xi)`."""
    from scipy.interpolate import KroghInterpolator

    return KroghInterpolator(x, y)(xi)


def univariate(x: Any, y: Any, xi: Any, nu: int = 0, *, k: int = 3, s: float = 0) -> Any:
    """`scipy.interpolate.UnivariateSpline(x, y, k=k, s=s)(xi, nu)`."""
    from scipy.interpolate import UnivariateSpline

    return UnivariateSpline(x, y, k=k, s=s)(xi, nu)


def interpolated_univariate(x: Any, y: Any, xi: Any, nu: int = 0, *, k: int = 3) -> Any:
    """`scipy.interpolate.InterpolatedUnivariateSpline(x, y, k=k)(xi, nu)`."""
    from scipy.interpolate import InterpolatedUnivariateSpline

    return InterpolatedUnivariateSpline(x, y, k=k)(xi, nu)


def spline_representation(x: Any, y: Any, k: int = 3) -> Any:
    """The knots and coefficients of `scipy.interpolate.splrep(x, y, k=k, s=0)`."""
    from scipy.interpolate import splrep

    return splrep(x, y, k=k, s=0)[:2]


def spline_values(t: Any, c: Any, k: int, xi: Any, der: int = 0) -> Any:
    """`scipy.interpolate.splev(xi, (t, c, k), der)`."""
    from scipy.interpolate import splev

    return splev(xi, (t, c, k), der)


def kde(dataset: Any, points: Any, *, bw_method: Any = None, weights: Any = None) -> Any:
    """`scipy.stats.gaussian_kde(dataset, bw_method, weights)(points)`."""
    from scipy.stats import gaussian_kde

    return gaussian_kde(dataset, bw_method, weights)(points)


def kde_log(dataset: Any, points: Any, *, bw_method: Any = None, weights: Any = None) -> Any:
    """`scipy.stats.gaussian_kde(dataset, bw_method, weights).logpdf(points)`."""
    from scipy.stats import gaussian_kde

    return gaussian_kde(dataset, bw_method, weights).logpdf(points)

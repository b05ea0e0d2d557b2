"""Models of scipy.interpolate: straight lines, B-splines, cubics and polynomials through points; kernel densities.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/interpolants.py), cubic splines (ops/splines.py).
References: Piegl & Tiller, The NURBS Book, 1997, algorithm A2.2; Akima, A new method of interpolation and smooth
curve fitting based on local procedures, 1970.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.runtime import interpolants


def interp1d(
    x: Any, y: Any, xi: Any, kind: str = "linear", bounds_error: Any = None, fill_value: Any = None
) -> Any:
    """A polynomial of the degree that is asked for between neighbours, or the value of one of them."""
    places = np.ravel(xi)
    if kind in ("cubic", "quadratic", 2, 3):
        found = _spline(x, y, places, 0, 3 if kind in ("cubic", 3) else 2)
    elif kind in ("linear", "slinear", 1):
        left = np.clip(np.searchsorted(x, places, side="right") - 1, 0, x.shape[0] - 2)
        slope = (y[left + 1] - y[left]) / (x[left + 1] - x[left])
        found = y[left] + slope * (places - x[left])
    elif kind in ("nearest", "nearest-up"):
        side: Any = "left" if kind == "nearest" else "right"
        found = y[np.searchsorted((x[1:] + x[:-1]) / 2.0, places, side)]
    elif kind == "next":
        found = y[np.clip(np.searchsorted(x, places), 0, x.shape[0] - 1)]
        found = np.where(places > x[-1], np.nan, found)
    else:
        found = y[np.clip(np.searchsorted(x, places, side="right") - 1, 0, x.shape[0] - 1)]
        if kind == "previous":
            found = np.where(places < x[0], np.nan, found)
    if fill_value is None:
        found = np.where((places < x[0]) | (places > x[-1]), np.nan, found)
    elif not isinstance(fill_value, str):
        below, above = fill_value if isinstance(fill_value, tuple) else (fill_value, fill_value)
        found = np.where(places < x[0], below, np.where(places > x[-1], above, found))
    return np.reshape(found, np.shape(xi))


def interp_spline(x: Any, y: Any, xi: Any, nu: int = 0, k: int = 3) -> Any:
    """The spline of this degree through points, without knots at the points next to the ends."""
    return np.reshape(_spline(x, y, np.ravel(xi), nu, k), (*np.shape(xi), *y.shape[1:]))


def b_spline(t: Any, c: Any, k: int, xi: Any, nu: int = 0) -> Any:
    """The spline of these knots and coefficients."""
    return np.reshape(_evaluated(t, c, k, np.ravel(xi), nu), (*np.shape(xi), *c.shape[1:]))


def univariate(x: Any, y: Any, xi: Any, nu: int = 0, k: int = 3, s: Any = 0) -> Any:
    """The same spline, which smooths nothing."""
    return interp_spline(x, y, xi, nu, k)


def interpolated_univariate(x: Any, y: Any, xi: Any, nu: int = 0, k: int = 3) -> Any:
    """The same spline."""
    return interp_spline(x, y, xi, nu, k)


def spline_representation(x: Any, y: Any, k: int = 3) -> Any:
    """Knots and coefficients, with zeros after these."""
    t, c = _knots_and_coefficients(x, y, k)
    return t, np.concatenate((c, np.zeros(k + 1)))


def spline_values(t: Any, c: Any, k: int, xi: Any, der: int = 0) -> Any:
    """The spline of these knots and coefficients."""
    found = _evaluated(t, c[: t.shape[0] - k - 1], k, np.ravel(xi), der)
    return np.reshape(found, np.shape(xi))


def splrep(x: Any, y: Any, k: int = 3, s: Any = None) -> Any:
    """Knots, coefficients and degree, as SciPy returns them."""
    t, c = interpolants.spline_representation(x, y, k)
    return t, c, k


def splev(x: Any, tck: Any, der: int = 0, ext: int = 0) -> Any:
    """The value of a spline of knots, coefficients and degree."""
    t, c, k = tck
    return interpolants.spline_values(t, c, k, x, der)


def interpn(
    points: Any,
    values: Any,
    xi: Any,
    method: str = "linear",
    bounds_error: bool = True,
    fill_value: Any = np.nan,
) -> Any:
    """As SciPy has it, by the interpolator of a regular grid."""
    from scipy.interpolate import RegularGridInterpolator

    return RegularGridInterpolator(points, values, method, bounds_error, fill_value)(xi)


def pchip_interpolate(xi: Any, yi: Any, x: Any, der: int = 0) -> Any:
    """As SciPy has it, by the interpolator."""
    from scipy.interpolate import PchipInterpolator

    return PchipInterpolator(xi, yi)(x)


def krogh(x: Any, y: Any, xi: Any) -> Any:
    """The polynomial through points, by Newton's differences."""
    n = x.shape[0]
    c = np.array(y)
    for k in range(1, n):
        c[k:] = (c[k:] - c[k - 1 : -1]) / (x[k:] - x[: n - k])
    places = np.ravel(xi)
    found = c[-1] * np.ones_like(places)
    for k in range(1, n):
        found = c[n - 1 - k] + (places - x[n - 1 - k]) * found
    return np.reshape(found, np.shape(xi))


def hermite(x: Any, y: Any, dydx: Any, xi: Any, nu: int = 0) -> Any:
    """Cubics with these values and slopes at points."""
    return _cubics(x, y, dydx, np.diff(x), np.diff(y) / np.diff(x), xi, nu)


def kde(dataset: Any, points: Any, bw_method: Any = None, weights: Any = None) -> Any:
    """The mean of normal densities around the samples."""
    return np.exp(kde_log(dataset, points, bw_method, weights))


def kde_log(dataset: Any, points: Any, bw_method: Any = None, weights: Any = None) -> Any:
    """Its logarithm; how wide the normal densities are depends on the samples too."""
    from scipy.special import logsumexp

    data, places = np.atleast_2d(dataset), np.atleast_2d(points)
    d, n = data.shape[0], data.shape[1]
    if dataset.ndim == 2 and np.ndim(points) == 1:
        places = np.reshape(places, (d, -1))
    shares = np.ones(n) / n if weights is None else weights / np.sum(weights)
    squares = np.sum(shares**2)
    if bw_method is None or bw_method == "scott":
        factor = squares ** (1.0 / (d + 4))
    elif bw_method == "silverman":
        factor = ((d + 2.0) / 4.0 / squares) ** (-1.0 / (d + 4))
    else:
        factor = bw_method
    deviation = data - np.sum(shares * data, 1, keepdims=True)
    covariance = (shares * deviation) @ deviation.T / (1.0 - squares) * factor**2
    factored = np.linalg.cholesky(covariance)
    apart = np.reshape(places[:, None, :] - data[:, :, None], (d, -1))
    lengths = np.reshape(np.sum(np.linalg.solve(factored, apart) ** 2, 0), (n, -1))
    constant = np.sum(np.log(np.diag(factored))) + 0.5 * d * np.log(2.0 * np.pi)
    return logsumexp(np.log(shares)[:, None] - 0.5 * lengths, 0) - constant


def _spline(x: Any, y: Any, places: Any, nu: int, k: int) -> Any:
    t, c = _knots_and_coefficients(x, y, k)
    return _evaluated(t, c, k, places, nu)


def _knots_and_coefficients(x: Any, y: Any, k: int) -> Any:
    from scipy.linalg import solve_banded

    n = x.shape[0]
    inner = x[(k + 1) // 2 : n - (k + 1) // 2] if k % 2 else ((x[1:] + x[:-1]) / 2.0)[k // 2 : n - 1 - k // 2]
    t = np.concatenate((x[:1] * np.ones(k + 1), inner, x[-1:] * np.ones(k + 1)))
    values, first = _basis(t, k, x)
    row, bands = np.arange(n), np.zeros((2 * k + 1, n))
    for r in range(k + 1):
        bands[k + row - first - r, first + r] = values[r]
    return t, solve_banded((k, k), bands, y)


def _evaluated(t: Any, c: Any, k: int, places: Any, nu: int) -> Any:
    if nu > k:
        return np.zeros((places.shape[0], *c.shape[1:]))
    if nu > 0:
        spans = (t[k + 1 : -1] - t[1 : -k - 1]) / k
        slopes = (c[1:] - c[:-1]) / (spans if c.ndim == 1 else spans[:, None])
        return _evaluated(t[1:-1], slopes, k - 1, places, nu - 1)
    values, first = _basis(t, k, places)
    values = values if c.ndim == 1 else values[:, :, None]
    found = values[0] * c[first]
    for r in range(1, k + 1):
        found = found + values[r] * c[first + r]
    return found


def _basis(t: Any, k: int, places: Any) -> Any:
    """The B-splines that are not zero at each place, one row for each, and the number of the first of them."""
    span = np.clip(np.searchsorted(t, places, side="right") - 1, k, t.shape[0] - k - 2)
    values = np.zeros((k + 1, places.shape[0]))
    values[0] = 1.0
    for degree in range(1, k + 1):
        carried = np.zeros_like(places)
        for r in range(degree):
            right, left = t[span + r + 1], t[span + 1 + r - degree]
            part = values[r] / (right - left)
            values[r] = carried + (right - places) * part
            carried = (places - left) * part
        values[degree] = carried
    return values, span - k


def akima(x: Any, y: Any, xi: Any, nu: int = 0) -> Any:
    """Cubics whose slope at a point is a mean of those on either side, weighted by how little they change."""
    h = np.diff(x)
    s = np.diff(y) / h
    low, high = 2.0 * s[:1] - s[1:2], 2.0 * s[-1:] - s[-2:-1]
    m = np.concatenate((2.0 * low - s[:1], low, s, high, 2.0 * high - s[-1:]))
    change = np.abs(np.diff(m))
    after, before = change[2:], change[:-2]
    total = after + before
    moves = total > 1e-9 * np.max(total)
    mean = (after * m[1:-2] + before * m[2:-1]) / np.where(moves, total, 1.0)
    slope = np.where(moves, mean, 0.5 * (m[3:] + m[:-3]))
    return _cubics(x, y, slope, h, s, xi, nu)


def _cubics(x: Any, y: Any, slope: Any, h: Any, s: Any, xi: Any, nu: int) -> Any:
    """Between points, by their values, slopes, distances and differences."""
    places = np.ravel(xi)
    left = np.clip(np.searchsorted(x, places, side="right") - 1, 0, x.shape[0] - 2)
    d, h, s, low, high = places - x[left], h[left], s[left], slope[left], slope[left + 1]
    c, e = (3.0 * s - 2.0 * low - high) / h, (low + high - 2.0 * s) / h**2
    if nu == 0:
        found = y[left] + d * (low + d * (c + d * e))
    elif nu == 1:
        found = low + d * (2.0 * c + 3.0 * d * e)
    elif nu == 2:
        found = 2.0 * c + 6.0 * d * e
    else:
        found = 6.0 * e if nu == 3 else 0.0 * e
    return np.reshape(found, np.shape(xi))

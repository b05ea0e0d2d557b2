"""Methods of the cubic splines of scipy.interpolate.

In:  coefficients and knots.   Out: what SciPy returns, up to rounding; functions that stand for splines.
Not here: making and evaluating the splines (ops/splines.py), which methods there are (ops/piece_methods.py).
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from gradscribe.runtime import splines


def derivative(c: Any, t: Any, nu: int = 1, extrapolate: Any = True) -> Any:
    """The spline that is the derivative."""
    return functools.partial(splines.derived_pieces, c, t, order=nu, extrapolate=extrapolate)


def antiderivative(c: Any, t: Any, extrapolate: Any = True) -> Any:
    """The function that is the integral from the first knot on."""
    return functools.partial(splines.antiderived_pieces, c, t, extrapolate=extrapolate)


def integrate_pieces(c: Any, t: Any, a: Any, b: Any, extrapolate: Any = True) -> Any:
    """The integral between two places."""
    return np.asarray(_up_to(c, t, b) - _up_to(c, t, a))


def antiderived_pieces(c: Any, t: Any, x: Any, extrapolate: Any = True) -> Any:
    """The integral from the first knot to each place."""
    return np.asarray(_up_to(c, t, x))


def _up_to(c: Any, t: Any, x: Any) -> Any:
    """Whole pieces, and a part of the piece that a place is in."""
    powers = np.reshape(np.arange(4.0, 0.0, -1.0), (4,) + (1,) * (c.ndim - 1))
    parts, t, x = np.asarray(c, float) / powers, np.asarray(t, float), np.asarray(x, float)
    widths = np.reshape(np.diff(t), (-1,) + (1,) * (c.ndim - 2))
    pieces = widths * (parts[3] + widths * (parts[2] + widths * (parts[1] + widths * parts[0])))
    before = np.concatenate((np.zeros_like(pieces[:1]), np.cumsum(pieces, 0)))
    place = np.clip(np.searchsorted(t, x, side="right") - 1, 0, t.shape[0] - 2)
    z = np.reshape(x - t[place], np.shape(x) + (1,) * (c.ndim - 2))
    parts = parts[:, place]
    return before[place] + z * (parts[3] + z * (parts[2] + z * (parts[1] + z * parts[0])))

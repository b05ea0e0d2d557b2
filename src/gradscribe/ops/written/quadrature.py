"""Models of scipy.integrate: integrals of samples by parabolas and by extrapolation.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/quadrature.py), the trapezoidal rule (ops/calculus.py).
References: Cartwright, Simpson's rule cumulative integration with MS Excel and irregularly-spaced data, 2017.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.runtime.quadrature import romberg_weights, simpson_weights


def simpson(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """Parabolas through three samples each; the last interval of an even number belongs to one that overlaps."""
    y = np.moveaxis(y, axis, -1)
    n = y.shape[-1]
    if x is None:
        return dx * np.sum(simpson_weights(n) * y, -1)
    x = x.astype(float)
    h = np.diff(x) if x.ndim == 1 else np.diff(np.moveaxis(x, axis, -1))
    if n == 2:
        return np.sum(0.5 * h * (y[..., :1] + y[..., 1:]), -1)
    whole = n - 1 + n % 2
    total = np.sum(_first_of_two(y[..., :whole], h[..., : whole - 1])[..., ::2], -1)
    total = total + np.sum(_second_of_two(y[..., :whole], h[..., : whole - 1])[..., ::2], -1)
    if n % 2 == 0:
        total = total + _second_of_two(y[..., -3:], h[..., -2:])[..., 0]
    return total


def _first_of_two(y: Any, h: Any) -> Any:
    """The integral of the parabola through each three neighbours, over the first of the two intervals."""
    a, b = h[..., :-1], h[..., 1:]
    share, both = a / (a + b), a / b * (a / (a + b))
    return a / 6.0 * ((3.0 - share) * y[..., :-2] + (3.0 + both + share) * y[..., 1:-1] - both * y[..., 2:])


def _second_of_two(y: Any, h: Any) -> Any:
    """Over the second: the same, read backwards."""
    return _first_of_two(y[..., ::-1], h[..., ::-1])[..., ::-1]


def cumulative_simpson(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1, initial: Any = None) -> Any:
    """The parabola that begins with an interval, or that ends with it, in turn."""
    y = np.moveaxis(y, axis, -1)
    if x is None:
        h = dx * np.ones_like(y[..., 1:])
    else:
        h = np.diff(x) if x.ndim == 1 else np.diff(np.moveaxis(x, axis, -1))
        h = h * np.ones_like(y[..., 1:])
    n = y.shape[-1]
    if n < 3:
        parts = 0.5 * h * (y[..., 1:] + y[..., :-1])
    else:
        parts = np.concatenate((_first_of_two(y, h), _second_of_two(y, h)[..., -1:]), -1)
        parts[..., 1::2] = _second_of_two(y, h)[..., ::2]
    found = np.cumsum(parts, -1)
    if initial is not None:
        begin = initial * np.ones_like(y[..., :1])
        found = np.concatenate((begin, found + begin), -1)
    return np.moveaxis(found, -1, axis)


def romb(y: Any, dx: Any = 1.0, axis: int = -1) -> Any:
    """A sum with weights that depend on the number of samples alone."""
    y = np.moveaxis(y, axis, -1)
    return dx * np.sum(romberg_weights(y.shape[-1]) * y, -1)


def fixed_quad(func: Any, a: Any, b: Any, args: Any = (), n: int = 5) -> Any:
    """Values at the nodes of Gauss and Legendre, as SciPy sums them."""
    from scipy.special import roots_legendre

    x, w = roots_legendre(n)
    if np.isinf(a) or np.isinf(b):
        raise ValueError("Gaussian quadrature is only available for finite limits.")
    y = (b - a) * (x + 1) / 2.0 + a
    return (b - a) / 2.0 * np.sum(w * func(y, *args), axis=-1), None

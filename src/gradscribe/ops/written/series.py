"""Models of numpy.polynomial and np.polyfit: least squares, derivatives, integrals and products of factors.

In:  what users pass.   Out: what NumPy returns, up to rounding.
Not here: the entries that name these functions (ops/series.py), values of series (ops/bases.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.runtime.polynomials import basis_derivatives, basis_integrals


def polyfit(x: Any, y: Any, deg: Any, w: Any = None) -> Any:
    """The least squares solution, the highest power first."""
    powers = np.vander(x, deg + 1)
    if w is None:
        return np.linalg.lstsq(powers, y)[0]
    values = y * w if y.ndim == 1 else y * w[:, None]
    return np.linalg.lstsq(powers * w[:, None], values)[0]


def rising_polyfit(x: Any, y: Any, deg: Any, w: Any = None) -> Any:
    """The least squares solution, the lowest power first."""
    return np.flip(polyfit(x, y, deg, w), 0)


def derivative(basis: str, c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """Coefficients along the first axis."""
    for _ in range(m):
        n = c.shape[0]
        c = np.tensordot(basis_derivatives(basis, n).astype(c.dtype), c, 1)[: max(n - 1, 1)] * scl
    return c


def polyder(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """In powers."""
    return derivative("poly", c, m, scl)


def chebder(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """In Chebyshev polynomials."""
    return derivative("cheb", c, m, scl)


def legder(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """In Legendre polynomials."""
    return derivative("leg", c, m, scl)


def lagder(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """In Laguerre polynomials."""
    return derivative("lag", c, m, scl)


def hermder(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """In Hermite polynomials of the physicists."""
    return derivative("herm", c, m, scl)


def hermeder(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """In Hermite polynomials of the probabilists."""
    return derivative("herme", c, m, scl)


def integral(basis: str, c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """Coefficients along the first axis; 0 at 0."""
    for _ in range(m):
        c = np.tensordot(basis_integrals(basis, c.shape[0]).astype(c.dtype), c, 1) * scl
    return c


def polyint(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """In powers."""
    return integral("poly", c, m, scl)


def chebint(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """In Chebyshev polynomials."""
    return integral("cheb", c, m, scl)


def legint(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """In Legendre polynomials."""
    return integral("leg", c, m, scl)


def lagint(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """In Laguerre polynomials."""
    return integral("lag", c, m, scl)


def hermint(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """In Hermite polynomials of the physicists."""
    return integral("herm", c, m, scl)


def hermeint(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    """In Hermite polynomials of the probabilists."""
    return integral("herme", c, m, scl)


def polyfromroots(roots: Any) -> Any:
    """The product of x - root, the lowest power first."""
    product = np.ones(1)
    for root in roots:
        product = np.concatenate((np.zeros(1), product)) - root * np.concatenate((product, np.zeros(1)))
    return product

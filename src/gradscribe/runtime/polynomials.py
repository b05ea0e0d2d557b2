"""Matrices that belong to polynomials.

In:  sizes, zeros.   Out: arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def basis_derivatives(basis: str, n: int) -> Any:
    """The matrix whose column j expands the derivative of element j of a basis in its n elements."""
    derivatives = {
        "poly": np.polynomial.polynomial.polyder,
        "cheb": np.polynomial.chebyshev.chebder,
        "leg": np.polynomial.legendre.legder,
        "lag": np.polynomial.laguerre.lagder,
        "herm": np.polynomial.hermite.hermder,
        "herme": np.polynomial.hermite_e.hermeder,
    }
    result = np.zeros((n, n))
    if n > 1:
        result[:-1] = derivatives[basis](np.eye(n))
    return result


def band_positions(n: int, m: int) -> Any:
    """Entry (i, j) is i - j where that lies in 0 ... m - 1, and m elsewhere: positions in a padded column."""
    offset = np.arange(n)[:, None] - np.arange(n)
    return np.where((offset >= 0) & (offset < m), offset, m)


def products_of_factors(zeros: Any) -> Any:
    """Row k holds the coefficients of the product of all factors x - zeros[j] but that of zeros[k]."""
    return np.array([np.poly(np.delete(zeros, k)) for k in range(len(zeros))]).reshape(len(zeros), -1)

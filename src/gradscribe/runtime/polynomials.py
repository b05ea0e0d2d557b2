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


def basis_integrals(basis: str, n: int) -> Any:
    """The matrix whose column j expands the integral from 0 of element j of a basis in n + 1 elements."""
    integrals = {
        "poly": np.polynomial.polynomial.polyint,
        "cheb": np.polynomial.chebyshev.chebint,
        "leg": np.polynomial.legendre.legint,
        "lag": np.polynomial.laguerre.lagint,
        "herm": np.polynomial.hermite.hermint,
        "herme": np.polynomial.hermite_e.hermeint,
    }
    return integrals[basis](np.eye(n))


def basis_products(basis: str, n: int, m: int) -> Any:
    """At [:, i, j] the product of elements i and j of a basis, expanded in it: for series of n and m elements.

    Multiplication by x is a matrix, so element i of a matrix follows from the recurrence of the basis.
    """
    times_x = {
        "poly": np.polynomial.polynomial.polymulx,
        "cheb": np.polynomial.chebyshev.chebmulx,
        "leg": np.polynomial.legendre.legmulx,
        "lag": np.polynomial.laguerre.lagmulx,
        "herm": np.polynomial.hermite.hermmulx,
        "herme": np.polynomial.hermite_e.hermemulx,
    }[basis]
    # Of k, with P(k + 1) = (a x + b) P(k) - c P(k - 1).
    recurrence: Any = {
        "poly": lambda k: (1.0, 0.0, 0.0),
        "cheb": lambda k: (2.0 if k else 1.0, 0.0, 1.0),
        "leg": lambda k: ((2.0 * k + 1.0) / (k + 1.0), 0.0, k / (k + 1.0)),
        "lag": lambda k: (-1.0 / (k + 1.0), (2.0 * k + 1.0) / (k + 1.0), k / (k + 1.0)),
        "herm": lambda k: (2.0, 0.0, 2.0 * k),
        "herme": lambda k: (1.0, 0.0, float(k)),
    }[basis]
    size = n + m - 1
    shift = np.zeros((size, size))
    for j in range(size - 1):
        shift[: j + 2, j] = times_x(np.eye(j + 1)[j])
    found = np.zeros((size, n, m))
    found[:, 0] = np.eye(size, m)
    for k in range(n - 1):
        a, b, c = recurrence(k)
        found[:, k + 1] = a * (shift @ found[:, k]) + b * found[:, k]
        if k:
            found[:, k + 1] -= c * found[:, k - 1]
    return found


def band_positions(n: int, m: int) -> Any:
    """Entry (i, j) is i - j where that lies in 0 ... m - 1, and m elsewhere: positions in a padded column."""
    offset = np.arange(n)[:, None] - np.arange(n)
    return np.where((offset >= 0) & (offset < m), offset, m)


def products_of_factors(zeros: Any, left_out: int = 1) -> Any:
    """At [k, l] the coefficients of the product of all factors x - zeros[j] but those of zeros[k] and zeros[l].

    They are 0 where k = l. There are as many indices as factors are left out.
    """
    n = len(zeros)
    found = np.zeros((n,) * left_out + (max(n + 1 - left_out, 0),), dtype=zeros.dtype)
    for chosen in np.ndindex((n,) * left_out):
        if len(set(chosen)) == left_out:
            found[chosen] = np.poly(np.delete(zeros, chosen))
    return found


def significant(c: Any) -> int:
    """How many coefficients there are without the zeros at the end; one at least."""
    found = np.flatnonzero(c)
    return int(found[-1]) + 1 if found.size else 1

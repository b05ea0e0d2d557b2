"""Models of numpy.polynomial: products and powers of series, and series of given roots.

In:  what users pass.   Out: what NumPy returns, up to rounding.
Not here: the entries that name these functions (ops/series_products.py), derivatives and integrals (series.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.runtime.polynomials import basis_products, significant


def product(basis: str, c1: Any, c2: Any) -> Any:
    """Coefficients of a product, without zeros at the end."""
    a, b = np.atleast_1d(c1), np.atleast_1d(c2)
    a, b = a[: significant(a)], b[: significant(b)]
    table = basis_products(basis, a.shape[0], b.shape[0])
    found = np.tensordot(np.tensordot(table, b, 1), a, 1)
    return found[: significant(found)]


def power(basis: str, c: Any, n: Any) -> Any:
    """Coefficients of a power."""
    found = np.ones(1)
    for _ in range(n):
        found = product(basis, found, c)
    return found


def product_of_factors(basis: str, roots: Any) -> Any:
    """Coefficients of the product of x - root."""
    found = np.ones(1)
    x = {"lag": (1.0, -1.0), "herm": (0.0, 0.5)}.get(basis, (0.0, 1.0))
    for root in roots:
        table = basis_products(basis, 2, found.shape[0])
        raised = (x[0] * table[:, 0] + x[1] * table[:, 1]) @ found
        found = raised - root * np.concatenate((found, np.zeros(1)))
    return found


def polymulx(c: Any) -> Any:
    """In powers."""
    return product("poly", np.array([0.0, 1.0]), c)


def polypow(c: Any, pow: Any, maxpower: Any = None) -> Any:
    """In powers."""
    return power("poly", c, pow)


def chebmulx(c: Any) -> Any:
    """In Chebyshev polynomials."""
    return product("cheb", np.array([0.0, 1.0]), c)


def chebpow(c: Any, pow: Any, maxpower: Any = None) -> Any:
    """In Chebyshev polynomials."""
    return power("cheb", c, pow)


def chebfromroots(roots: Any) -> Any:
    """In Chebyshev polynomials."""
    return product_of_factors("cheb", roots)


def legmul(c1: Any, c2: Any) -> Any:
    """In Legendre polynomials."""
    return product("leg", c1, c2)


def legmulx(c: Any) -> Any:
    """In Legendre polynomials."""
    return product("leg", np.array([0.0, 1.0]), c)


def legpow(c: Any, pow: Any, maxpower: Any = None) -> Any:
    """In Legendre polynomials."""
    return power("leg", c, pow)


def legfromroots(roots: Any) -> Any:
    """In Legendre polynomials."""
    return product_of_factors("leg", roots)


def lagmul(c1: Any, c2: Any) -> Any:
    """In Laguerre polynomials."""
    return product("lag", c1, c2)


def lagmulx(c: Any) -> Any:
    """In Laguerre polynomials."""
    return product("lag", np.array([1.0, -1.0]), c)


def lagpow(c: Any, pow: Any, maxpower: Any = None) -> Any:
    """In Laguerre polynomials."""
    return power("lag", c, pow)


def lagfromroots(roots: Any) -> Any:
    """In Laguerre polynomials."""
    return product_of_factors("lag", roots)


def hermmul(c1: Any, c2: Any) -> Any:
    """In Hermite polynomials of the physicists."""
    return product("herm", c1, c2)


def hermmulx(c: Any) -> Any:
    """In Hermite polynomials of the physicists."""
    return product("herm", np.array([0.0, 0.5]), c)


def hermpow(c: Any, pow: Any, maxpower: Any = None) -> Any:
    """In Hermite polynomials of the physicists."""
    return power("herm", c, pow)


def hermfromroots(roots: Any) -> Any:
    """In Hermite polynomials of the physicists."""
    return product_of_factors("herm", roots)


def hermemul(c1: Any, c2: Any) -> Any:
    """In Hermite polynomials of the probabilists."""
    return product("herme", c1, c2)


def hermemulx(c: Any) -> Any:
    """In Hermite polynomials of the probabilists."""
    return product("herme", np.array([0.0, 1.0]), c)


def hermepow(c: Any, pow: Any, maxpower: Any = None) -> Any:
    """In Hermite polynomials of the probabilists."""
    return power("herme", c, pow)


def hermefromroots(roots: Any) -> Any:
    """In Hermite polynomials of the probabilists."""
    return product_of_factors("herme", roots)

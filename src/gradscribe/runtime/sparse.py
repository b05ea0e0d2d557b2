"""Sparse matrices of SciPy that are made of arrays inside a compiled function.

In:  matrices and arrays.   Out: matrices and arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def made(kind: str, entries: Any, shape: Any = None) -> Any:
    """`scipy.sparse.csr_matrix(entries, shape)`, or another kind."""
    import scipy.sparse

    return getattr(scipy.sparse, kind)(entries, shape=shape)


def diagonals(values: Any, offsets: Any, shape: Any = None, kind: Any = None) -> Any:
    """`scipy.sparse.diags(values, offsets, shape, kind)`."""
    import scipy.sparse

    return scipy.sparse.diags(values, offsets, shape, kind)


def identity(n: int, kind: Any = None) -> Any:
    """`scipy.sparse.identity(n, format=kind)`."""
    import scipy.sparse

    return scipy.sparse.identity(n, format=kind)


def converted(matrix: Any, kind: str) -> Any:
    """The matrix in another format."""
    return matrix.asformat(kind)


def transposed(matrix: Any) -> Any:
    """The transpose."""
    return matrix.T


def added(one: Any, other: Any) -> Any:
    """The sum of two matrices."""
    return one + other


def subtracted(one: Any, other: Any) -> Any:
    """The difference of two matrices."""
    return one - other


def scaled(matrix: Any, factor: Any) -> Any:
    """The matrix times a number."""
    return matrix * factor


def divided(matrix: Any, divisor: Any) -> Any:
    """The matrix over a number."""
    return matrix / divisor


def product(matrix: Any, x: Any, data: Any, row: Any, col: Any, rows: Any) -> Any:
    """`matrix @ x`; its derivative reads the entries, where they stand, and how many rows there are."""
    return matrix @ x


def dense(matrix: Any, data: Any, row: Any, col: Any, shape: Any) -> Any:
    """`matrix.toarray()`, likewise."""
    return matrix.toarray()


def solution(matrix: Any, b: Any, data: Any, row: Any, col: Any) -> Any:
    """`spsolve(matrix, b)`, likewise."""
    from scipy.sparse.linalg import spsolve

    return spsolve(matrix, b)


def scattered(values: Any, places: Any, like: Any) -> Any:
    """Values added up at places of a vector as long as `like`."""
    found = np.zeros(len(like))
    np.add.at(found, places, values)
    return found

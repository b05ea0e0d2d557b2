"""Matrix functions that NumPy lacks.

In:  arrays.   Out: arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def cofactors(a: Any) -> Any:
    """The matrix of cofactors, det(a) * inv(a).T, also where a is singular."""
    u, s, vh = np.linalg.svd(a)
    n = s.shape[-1]
    others = np.where(np.eye(n, dtype=bool), 1.0, s[..., None, :]).prod(axis=-1)
    sign = np.linalg.det(u) * np.linalg.det(vh)
    return sign[..., None, None] * np.matmul(u * others[..., None, :], vh)


def cofactor_variation(a: Any, direction: Any) -> Any:
    """How the cofactors move with the matrix, also where it is singular.

    In the basis of singular vectors, with E = Uᵀ D V and P[i, j] the product of all singular values but two, entry
    (i, i) is the sum of P[i, j] E[j, j] and entry (i, j) is -P[i, j] E[j, i].
    """
    u, s, vh = np.linalg.svd(a)
    n = s.shape[-1]
    left_out = np.eye(n, dtype=bool)[:, None] | np.eye(n, dtype=bool)[None]
    others = np.where(left_out, 1.0, s[..., None, None, :]).prod(axis=-1)
    others = np.where(np.eye(n, dtype=bool), 0.0, others)
    moved = np.matmul(np.matmul(np.swapaxes(u, -1, -2), direction), np.swapaxes(vh, -1, -2))
    inner = -others * np.swapaxes(moved, -1, -2)
    diagonal = np.matmul(others, np.diagonal(moved, axis1=-2, axis2=-1)[..., None])
    inner = inner + diagonal * np.eye(n)
    sign = np.linalg.det(u) * np.linalg.det(vh)
    return sign[..., None, None] * np.matmul(np.matmul(u, inner), vh)


def nonsingular(det: Any) -> Any:
    """The determinant; an error where it is 0."""
    if np.any(det == 0):
        raise np.linalg.LinAlgError(
            "the third derivative of a determinant at a singular matrix is not supported"
        )
    return det


def over_gaps(values: Any, inner: Any, what: str = "eigenvalues") -> Any:
    """Entry (i, j) divided by values[j] - values[i], and 0 on the diagonal: how vectors turn.

    Where two values are equal, their vectors are any basis of a plane, and what the derivative is cannot be told
    from the cotangents of values and vectors: an error, also where these are 0.
    """
    gaps = values[..., None, :] - values[..., :, None]
    if not np.iscomplexobj(inner):
        # Real vectors have real values, which SciPy writes as complex numbers.
        gaps = gaps.real
    diagonal = np.eye(values.shape[-1], dtype=bool)
    if np.any((gaps == 0) & ~diagonal):
        raise np.linalg.LinAlgError(
            f"the derivative of vectors does not exist: two {what} are equal; it exists for the values alone"
        )
    return np.where(diagonal, 0.0, inner / np.where(diagonal, 1.0, gaps))


def over_values(x: Any, values: Any) -> Any:
    """Columns divided by singular values; an error where one of these is 0.

    The columns stand outside the space of as many vectors: where the vectors span everything, there is nothing.
    """
    if x.shape[-2] == x.shape[-1]:
        return np.zeros_like(x)
    if np.any(values == 0):
        raise np.linalg.LinAlgError(
            "the derivative of singular vectors does not exist: a singular value is 0"
        )
    return x / values[..., None, :]


def of_more_rows(x: Any, a: Any) -> Any:
    """`x`, a sum of squares of what a matrix leaves over, if it has more rows than columns.

    SciPy gives an array without elements in place of a number if it has not.
    """
    if a.shape[0] <= a.shape[1]:
        raise ValueError(
            "`scipy.linalg.lstsq` gives no sum of squares here: the matrix has not more rows than columns"
        )
    return x


def as_complex(x: Any) -> Any:
    """`x` in a complex dtype."""
    return np.array(x, np.result_type(x, np.complex64))


def real_matrix(a: Any, function: str) -> Any:
    """`a`, the result of a matrix function, if it is real."""
    if np.iscomplexobj(a):
        raise ValueError(
            f"`{function}` of this matrix is complex: its derivative is supported where it is real"
        )
    return a

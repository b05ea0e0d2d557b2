"""Factorisations in forms that are made of others.

In:  what users pass.   Out: the very values that NumPy gives, by simpler calls.
Not here: the entries that name these functions (ops/).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """Of a symmetric matrix: its eigenvalues without their signs, largest first."""
    if not compute_uv:
        return np.sort(np.abs(np.linalg.eigvalsh(a)))[..., ::-1]
    values, vectors = np.linalg.eigh(a)
    signs, sizes = np.sign(values), np.abs(values)
    order = np.argsort(sizes)[..., ::-1]
    signs, sizes = np.take_along_axis(signs, order, -1), np.take_along_axis(sizes, order, -1)
    left = np.take_along_axis(vectors, order[..., None, :], -1)
    return left, sizes, np.swapaxes(left * signs[..., None, :], -2, -1)


def qr(a: Any, mode: str = "reduced") -> Any:
    """The triangular factor alone."""
    return np.linalg.qr(a)[1]


def matrix_power(a: Any, n: Any) -> Any:
    """The first power: the matrix itself."""
    if a.shape[-2] != a.shape[-1]:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")
    return a

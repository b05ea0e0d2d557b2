"""Sparse matrices that are made inside a function: the matrix of SciPy, and its entries and where they stand.

SciPy computes all values; derivatives pass through the entries.

In:  what users pass.   Out: `Matrix`, which stands in place of SciPy's; models of products.
Not here: the entries that name these functions (ops/sparse_entries.py), matrices from outside (ops/sparse.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.runtime import sparse


class Matrix:
    """A sparse matrix; an entry may stand in several parts, which are added."""

    def __init__(self, matrix: Any, data: Any, row: Any, col: Any, shape: Any) -> None:
        self.matrix = matrix
        self.data = data
        self.row = row
        self.col = col
        self.shape = shape

    @property
    def T(self) -> Any:
        """The transpose."""
        return Matrix(
            sparse.transposed(self.matrix), self.data, self.col, self.row, (self.shape[1], self.shape[0])
        )

    def transpose(self) -> Any:
        """The transpose."""
        return self.T

    def __matmul__(self, x: Any) -> Any:
        return sparse.product(self.matrix, x, self.data, self.row, self.col, self.shape[0])

    def dot(self, x: Any) -> Any:
        """The product."""
        return self @ x

    def __mul__(self, x: Any) -> Any:
        if np.ndim(x) > 0:
            return self @ x
        return Matrix(sparse.scaled(self.matrix, x), self.data * x, self.row, self.col, self.shape)

    def __rmul__(self, x: Any) -> Any:
        return Matrix(sparse.scaled(self.matrix, x), self.data * x, self.row, self.col, self.shape)

    def __truediv__(self, x: Any) -> Any:
        return Matrix(sparse.divided(self.matrix, x), self.data / x, self.row, self.col, self.shape)

    def __neg__(self) -> Any:
        return Matrix(sparse.scaled(self.matrix, -1.0), -self.data, self.row, self.col, self.shape)

    def __add__(self, other: Any) -> Any:
        return self._joined(sparse.added(self.matrix, other.matrix), other, other.data)

    def __sub__(self, other: Any) -> Any:
        return self._joined(sparse.subtracted(self.matrix, other.matrix), other, -other.data)

    def _joined(self, matrix: Any, other: Any, data: Any) -> Any:
        return Matrix(
            matrix,
            np.concatenate((self.data, data)),
            np.concatenate((self.row, other.row)),
            np.concatenate((self.col, other.col)),
            self.shape,
        )

    def asformat(self, format: str) -> Any:
        """In another format."""
        return Matrix(sparse.converted(self.matrix, format), self.data, self.row, self.col, self.shape)

    def tocsr(self) -> Any:
        """By rows."""
        return self.asformat("csr")

    def tocsc(self) -> Any:
        """By columns."""
        return self.asformat("csc")

    def toarray(self) -> Any:
        """All elements."""
        return sparse.dense(self.matrix, self.data, self.row, self.col, self.shape)


def by_rows(kind: str, arg1: Any, shape: Any = None) -> Any:
    """`csr_matrix` and its like, of entries with their rows and columns."""
    data, (row, col) = arg1
    data, row, col = np.asarray(data), np.asarray(row), np.asarray(col)
    if shape is None:
        shape = (np.max(row) + 1, np.max(col) + 1)
    return Matrix(sparse.made(kind, (data, (row, col)), shape), data, row, col, shape)


def diags(diagonals: Any, offsets: Any = 0, shape: Any = None, format: Any = None) -> Any:
    """Values along diagonals."""
    if not isinstance(offsets, list | tuple):
        diagonals, offsets = [diagonals], [offsets]
    values = [np.asarray(part) for part in diagonals]
    row = [_counted(part, -k) for part, k in zip(values, offsets, strict=True)]
    col = [_counted(part, k) for part, k in zip(values, offsets, strict=True)]
    if shape is None:
        n = values[0].shape[0] + abs(offsets[0]) if offsets[0] != 0 else values[0].shape[0]
        shape = (n, n)
    matrix = sparse.diagonals(values, offsets, shape, format)
    return Matrix(matrix, np.concatenate(values), np.concatenate(row), np.concatenate(col), shape)


def _counted(part: Any, first: int) -> Any:
    """0, 1, 2 ... as long as a diagonal, from `first` on where that is positive."""
    return np.arange(part.shape[0]) + first if first > 0 else np.arange(part.shape[0])


def identity(n: Any, format: Any = None) -> Any:
    """Ones along the diagonal."""
    return Matrix(sparse.identity(n, format), np.ones(n), np.arange(n), np.arange(n), (n, n))


def spsolve(A: Any, b: Any) -> Any:
    """The solution of a system."""
    return sparse.solution(A.matrix, b, A.data, A.row, A.col)


def product(matrix: Any, x: Any, data: Any, row: Any, col: Any, rows: Any) -> Any:
    """Each entry times the element that it meets, added up by rows."""
    dtype = np.result_type(data.dtype, x.dtype)
    if x.ndim == 1:
        found = np.zeros(rows, dtype)
        np.add.at(found, row, data * x[col])
        return found
    found = np.zeros((rows, x.shape[1]), dtype)
    np.add.at(found, row, data[:, None] * x[col])
    return found


def dense(matrix: Any, data: Any, row: Any, col: Any, shape: Any) -> Any:
    """The entries in their places."""
    found = np.zeros(shape, data.dtype)
    np.add.at(found, (row, col), data)
    return found

"""Models of scipy.linalg: Cholesky factors of matrices that are given by their diagonals.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/banded.py).
References: Golub & Van Loan, Matrix Computations, 4th ed., algorithm 4.3.5.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def cholesky_banded(ab: Any, lower: bool = False) -> Any:
    """One column of the factor after the other; the lower form holds a column in each of its columns."""
    found = np.array(ab if lower else _turned(ab))
    width, n = found.shape[0], found.shape[1]
    for j in range(n):
        reach = np.minimum(width, n - j)
        found[:reach, j] = found[:reach, j] / np.sqrt(found[0, j])
        for k in range(1, reach):
            found[: reach - k, j + k] -= found[k, j] * found[k:reach, j]
    return found if lower else _turned_back(found, ab)


def _turned(bands: Any) -> Any:
    """The lower form of the upper one: row k from the end, k places to the left."""
    width, n = bands.shape[0], bands.shape[1]
    rows, columns = np.arange(width)[:, None], np.arange(n)
    places = columns + rows
    return np.where(places < n, bands[width - 1 - rows, np.minimum(places, n - 1)], 0.0)


def _turned_back(lower: Any, upper: Any) -> Any:
    """The upper form; what is outside of the matrix stays."""
    width, n = lower.shape[0], lower.shape[1]
    rows, columns = np.arange(width)[:, None], np.arange(n)
    places = columns - (width - 1 - rows)
    return np.where(places >= 0, lower[width - 1 - rows, np.maximum(places, 0)], upper)


def cho_solve_banded(cb_and_lower: Any, b: Any) -> Any:
    """Forward with the factor, backward with its transpose."""
    factor = cb_and_lower[0] if cb_and_lower[1] else _turned(cb_and_lower[0])
    width, n = factor.shape[0], factor.shape[1]
    x = b + np.zeros(1, factor.dtype)
    for j in range(n):
        reach = np.minimum(width, n - j)
        x[j] = x[j] / factor[0, j]
        for k in range(1, reach):
            x[j + k] = x[j + k] - factor[k, j] * x[j]
    for i in range(n):
        j = n - 1 - i
        reach = np.minimum(width, n - j)
        for k in range(1, reach):
            x[j] = x[j] - factor[k, j] * x[j + k]
        x[j] = x[j] / factor[0, j]
    return x

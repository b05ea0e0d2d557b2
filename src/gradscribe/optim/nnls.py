"""Least squares without negative coefficients: a plain NumPy function, which the compiler differentiates.

In:  a matrix and targets.   Out: coefficients.
Not here: bounds on nested parameters (least_squares.py, minimize.py).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def nnls(A: Any, b: Any, iters: int, L: Any = None) -> Any:
    """The x ≥ 0 for which |A x - b|² is smallest, by `iters` accelerated projected gradient steps.

    The derivative is that of the steps; where they have converged, that of the solution. `scipy.optimize.nnls` is
    exact, and for one right-hand side.

    Args:
        A: (m, n).
        b: (m,), or (m, k) for k problems at once.
        iters: how many steps; the error falls at least as 1 / iters².
        L: a bound for the largest eigenvalue of Aᵀ A; its largest absolute column sum by default.

    Returns:
        (n,), or (n, k).

    References:
        Polyak 2015, Projected gradient method for non-negative least square.
        Beck & Teboulle 2009, A fast iterative shrinkage-thresholding algorithm, §4.

    Example:
        >>> A, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0])
        >>> print(np.round(nnls(A, b, 200), 6))
        [0.  1.7]
    """
    normal, target = A.T @ A, A.T @ b
    bound = np.max(np.sum(np.abs(normal), axis=0)) if L is None else L
    rate = 1.0 / bound if bound > 0.0 else 1.0
    x = np.zeros_like(target)
    ahead, weight = x, 1.0
    for _ in range(iters):
        after = np.maximum(ahead - rate * (normal @ ahead - target), 0.0)
        grown = 0.5 + math.sqrt(0.25 + weight * weight)
        ahead = after + (weight - 1.0) / grown * (after - x)
        x, weight = after, grown
    return x

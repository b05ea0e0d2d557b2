"""Models of scipy.optimize: Rosenbrock's function, its gradient and its Hessian.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/rosenbrock.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def rosen(x: Any) -> Any:
    """The sum of 100 (x[i + 1] - x[i]²)² + (1 - x[i])²."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2, 0)


def rosen_der(x: Any) -> Any:
    """The gradient."""
    off = x[1:] - x[:-1] ** 2
    end = np.zeros_like(x[:1])
    return np.concatenate((-400.0 * x[:-1] * off - 2.0 * (1.0 - x[:-1]), end)) + np.concatenate(
        (end, 200.0 * off)
    )


def rosen_hess(x: Any) -> Any:
    """The Hessian, which has three diagonals."""
    aside, end = -400.0 * x[:-1], np.zeros(1)
    middle = np.concatenate((1200.0 * x[:-1] ** 2 - 400.0 * x[1:] + 2.0, end))
    return (
        np.diag(aside, 1)
        + np.diag(aside, -1)
        + np.diag(middle + np.concatenate((end, 200.0 * np.ones_like(aside))))
    )


def rosen_hess_prod(x: Any, p: Any) -> Any:
    """The Hessian times a vector."""
    return rosen_hess(x) @ p

"""What scipy.optimize.curve_fit makes least: residuals of a curve, in units of their deviations.

In:  parameters, a curve and its data.   Out: residuals, as SciPy computes them.
Not here: the call (frontend/fits.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def residuals(p: Any, f: Any, n: int, xdata: Any, ydata: Any, sigma: Any) -> Any:
    """Of parameters in a vector, with which the curve is called one by one."""
    values = [p[k] for k in range(n)]
    if sigma is None:
        return f(xdata, *values) - ydata
    if np.ndim(sigma) < 2:
        return 1.0 / sigma * (f(xdata, *values) - ydata)
    from scipy.linalg import cholesky, solve_triangular

    return solve_triangular(cholesky(sigma, lower=True), f(xdata, *values) - ydata, lower=True)

"""Models of scipy.stats: distributions of vectors and matrices.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/multivariate.py).
References: Gupta & Nagar, Matrix Variate Distributions, 2000; Kotz & Nadarajah, Multivariate t Distributions,
2004.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def dirichlet_logpdf(x: Any, alpha: Any) -> Any:
    """Powers of shares that sum to 1; the last one may be left out."""
    from scipy.special import gammaln, xlogy

    if x.shape[0] != alpha.shape[0]:
        x = np.concatenate((x, 1.0 - np.sum(x, 0, keepdims=True)))
    powers = np.sum(xlogy(alpha - 1.0, x.T), -1)
    return _of_points(powers + gammaln(np.sum(alpha)) - np.sum(gammaln(alpha)))


def dirichlet_pdf(x: Any, alpha: Any) -> Any:
    """The exponential of the logarithm."""
    return np.exp(dirichlet_logpdf(x, alpha))


def multinomial_logpmf(x: Any, n: Any, p: Any) -> Any:
    """Counts of outcomes; the last probability is what the others leave."""
    from scipy.special import gammaln, xlogy

    shares = np.concatenate((p[:-1], 1.0 - np.sum(p[:-1], keepdims=True)))
    return gammaln(n + 1.0) + np.sum(xlogy(x, shares) - gammaln(x + 1.0), -1)


def multinomial_pmf(x: Any, n: Any, p: Any) -> Any:
    """The exponential of the logarithm."""
    return np.exp(multinomial_logpmf(x, n, p))


def multivariate_t_logpdf(x: Any, loc: Any, shape: Any, df: Any) -> Any:
    """Heavier tails than those of the normal distribution with this mean and shape."""
    from scipy.special import gammaln

    k = shape.shape[0]
    deviation = x - loc
    squared = np.sum(deviation * np.linalg.solve(shape, deviation.T).T, -1)
    constant = gammaln(0.5 * (df + k)) - gammaln(0.5 * df) - 0.5 * k * np.log(df * np.pi)
    return _of_points(constant - 0.5 * np.linalg.slogdet(shape)[1] - 0.5 * (df + k) * np.log1p(squared / df))


def multivariate_t_pdf(x: Any, loc: Any, shape: Any, df: Any) -> Any:
    """The exponential of the logarithm."""
    return np.exp(multivariate_t_logpdf(x, loc, shape, df))


def matrix_normal_logpdf(X: Any, mean: Any, rowcov: Any, colcov: Any) -> Any:
    """A normal matrix with covariances of its rows and of its columns."""
    n, m = X.shape[-2], X.shape[-1]
    deviation = np.asarray(X, float) - mean
    turned = np.swapaxes(np.linalg.solve(colcov, np.swapaxes(deviation, -1, -2)), -1, -2)
    squared = np.sum(deviation * np.linalg.solve(rowcov, turned), (-2, -1))
    volume = m * np.linalg.slogdet(rowcov)[1] + n * np.linalg.slogdet(colcov)[1]
    return _of_points(-0.5 * (n * m * math.log(2.0 * math.pi) + volume + squared))


def wishart_logpdf(x: Any, df: Any, scale: Any) -> Any:
    """Sums of squares of normal vectors with this covariance."""
    from scipy.special import multigammaln

    k = scale.shape[0]
    x = _in_front(x)
    volume = df * k * math.log(2.0) + df * np.linalg.slogdet(scale)[1]
    traces = np.trace(np.linalg.solve(scale, x), axis1=-2, axis2=-1)
    inside = (df - k - 1.0) * np.linalg.slogdet(x)[1] - traces
    return _of_points(0.5 * (inside - volume) - multigammaln(0.5 * df, k))


def invwishart_logpdf(x: Any, df: Any, scale: Any) -> Any:
    """The inverse of such a matrix."""
    from scipy.special import multigammaln

    k = scale.shape[0]
    x = _in_front(x)
    volume = df * np.linalg.slogdet(scale)[1] - df * k * math.log(2.0)
    traces = np.trace(np.linalg.solve(x, scale), axis1=-2, axis2=-1)
    inside = -(df + k + 1.0) * np.linalg.slogdet(x)[1] - traces
    return _of_points(0.5 * (inside + volume) - multigammaln(0.5 * df, k))


def _in_front(x: Any) -> Any:
    """Matrices that are stacked along the last axis, stacked along the first one."""
    return np.moveaxis(x, -1, 0) if x.ndim == 3 else x


def _of_points(found: Any) -> Any:
    """One point has a number, also where it stands in an array."""
    return np.squeeze(found)[()] if np.ndim(found) > 0 else found

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


def multivariate_normal_logpdf(x: Any, mean: Any = None, cov: Any = 1, allow_singular: Any = False) -> Any:
    """A normal vector; where its covariance may be singular, a normal vector of the space that it spans."""
    covariance = _covariance(mean, np.asarray(cov, dtype=np.float64))
    k = covariance.shape[0]
    center = np.zeros(k) if mean is None else np.asarray(mean, dtype=np.float64)
    deviation = _rows(np.asarray(x, dtype=np.float64), covariance) - center
    if not allow_singular:
        squared = np.sum(deviation * np.linalg.solve(covariance, deviation.T).T, -1)
        return _of_points(-0.5 * (k * math.log(2.0 * math.pi) + np.linalg.slogdet(covariance)[1] + squared))
    sizes = np.linalg.eigvalsh(covariance)
    least = 2.220446049250313e-10 * np.max(np.abs(sizes))
    counts = sizes > least
    scaled = deviation @ np.linalg.pinv(covariance, 2.220446049250313e-10)
    volume = np.sum(counts) * math.log(2.0 * math.pi) + np.sum(np.log(np.where(counts, sizes, 1.0)))
    outside = np.sum((deviation - scaled @ covariance) ** 2, -1) >= (1e3 * least) ** 2
    inside = -0.5 * (volume + np.sum(deviation * scaled, -1))
    return _of_points(np.where(outside * (np.sum(counts) < k), -math.inf, inside))


def multivariate_normal_pdf(x: Any, mean: Any = None, cov: Any = 1, allow_singular: Any = False) -> Any:
    """The exponential of the logarithm."""
    return np.exp(multivariate_normal_logpdf(x, mean, cov, allow_singular))


def _covariance(mean: Any, cov: Any) -> Any:
    """The covariance matrix that a number, variances, or the lower triangle of a matrix stand for."""
    if np.ndim(cov) == 2:
        return _by_lower(cov)
    if np.ndim(cov) == 1:
        return np.diag(cov)
    return cov * np.eye(1 if mean is None or np.ndim(mean) == 0 else mean.shape[0])


def _rows(x: Any, covariance: Any) -> Any:
    """Points as rows of a matrix: a vector is one of them, but where points are numbers."""
    if np.ndim(x) == 2:
        return x
    return np.reshape(x, (-1, 1)) if np.ndim(np.squeeze(covariance)) == 0 else np.expand_dims(x, 0)


def _by_lower(matrix: Any) -> Any:
    """The symmetric matrix whose lower triangle is read."""
    return np.tril(matrix) + np.swapaxes(np.tril(matrix, -1), -1, -2)


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
    deviation, shape = x - loc, _by_lower(shape)
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
    rowcov, colcov = _by_lower(rowcov), _by_lower(colcov)
    turned = np.swapaxes(np.linalg.solve(colcov, np.swapaxes(deviation, -1, -2)), -1, -2)
    squared = np.sum(deviation * np.linalg.solve(rowcov, turned), (-2, -1))
    volume = m * np.linalg.slogdet(rowcov)[1] + n * np.linalg.slogdet(colcov)[1]
    return _of_points(-0.5 * (n * m * math.log(2.0 * math.pi) + volume + squared))


def wishart_logpdf(x: Any, df: Any, scale: Any) -> Any:
    """Sums of squares of normal vectors with this covariance."""
    from scipy.special import multigammaln

    k = scale.shape[0]
    x, scale = _in_front(x), _by_lower(scale)
    volume = df * k * math.log(2.0) + df * np.linalg.slogdet(scale)[1]
    traces = np.trace(np.linalg.solve(scale, x), axis1=-2, axis2=-1)
    inside = (df - k - 1.0) * np.linalg.slogdet(_by_lower(x))[1] - traces
    return _of_points(0.5 * (inside - volume) - multigammaln(0.5 * df, k))


def invwishart_logpdf(x: Any, df: Any, scale: Any) -> Any:
    """The inverse of such a matrix."""
    from scipy.special import multigammaln

    k = scale.shape[0]
    x, scale = _by_lower(_in_front(x)), _by_lower(scale)
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

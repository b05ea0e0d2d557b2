"""Models of scipy.stats: what samples are summarised by.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/descriptive.py).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def zscore(a: Any, axis: Any = 0, ddof: int = 0) -> Any:
    """Deviations from the mean in units of the standard deviation."""
    return zmap(a, a, axis, ddof)


def zmap(scores: Any, compare: Any, axis: Any = 0, ddof: int = 0) -> Any:
    """Deviations from the mean of other samples, in units of their standard deviation."""
    mean = np.mean(compare, axis, keepdims=True)
    return (scores - mean) / np.std(compare, axis, ddof=ddof, keepdims=True)


def gzscore(a: Any, axis: Any = 0, ddof: int = 0) -> Any:
    """The z-score of the logarithms."""
    return zscore(np.log(a), axis, ddof)


def sem(a: Any, axis: Any = 0, ddof: int = 1, keepdims: bool = False) -> Any:
    """The standard deviation of the mean."""
    a = _samples(a)
    return np.std(a, axis, ddof=ddof, keepdims=keepdims) / np.sqrt(_count(a, axis))


def _samples(a: Any) -> Any:
    """A number is one sample."""
    return np.reshape(a, (1,)) if np.ndim(a) == 0 else a


def _count(a: Any, axis: Any) -> Any:
    if axis is None:
        return a.size
    axes = axis if isinstance(axis, tuple) else (axis,)
    return math.prod([a.shape[place] for place in axes])


def moment(a: Any, order: int = 1, axis: Any = 0, center: Any = None, keepdims: bool = False) -> Any:
    """The mean of a power of the deviations."""
    a = _samples(a)
    deviation = a - (np.mean(a, axis, keepdims=True) if center is None else center)
    return np.mean(deviation**order, axis, keepdims=keepdims)


def skew(a: Any, axis: Any = 0, bias: bool = True, keepdims: bool = False) -> Any:
    """The third moment in units of the standard deviation."""
    found = moment(a, 3, axis, keepdims=keepdims) / moment(a, 2, axis, keepdims=keepdims) ** 1.5
    if bias:
        return found
    n = _count(a, axis)
    return found * np.sqrt((n - 1.0) * n) / (n - 2.0)


def kurtosis(a: Any, axis: Any = 0, fisher: bool = True, bias: bool = True, keepdims: bool = False) -> Any:
    """The fourth moment in units of the variance, less what a normal distribution has."""
    found = moment(a, 4, axis, keepdims=keepdims) / moment(a, 2, axis, keepdims=keepdims) ** 2
    if not bias:
        n = _count(a, axis)
        found = ((n**2 - 1.0) * found - 3.0 * (n - 1.0) ** 2) / ((n - 2.0) * (n - 3.0)) + 3.0
    return found - 3.0 if fisher else found


def gmean(a: Any, axis: Any = 0, weights: Any = None, keepdims: bool = False) -> Any:
    """The mean of the logarithms, undone."""
    return np.exp(_mean(np.log(a), axis, weights, keepdims))


def hmean(a: Any, axis: Any = 0, weights: Any = None, keepdims: bool = False) -> Any:
    """The mean of the reciprocals, undone."""
    return 1.0 / _mean(1.0 / a, axis, weights, keepdims)


def pmean(a: Any, p: Any, axis: Any = 0, weights: Any = None, keepdims: bool = False) -> Any:
    """The mean of a power, undone; of the power 0, that of the logarithms."""
    if p == 0:
        return gmean(a, axis, weights, keepdims)
    return _mean(a**p, axis, weights, keepdims) ** (1.0 / p)


def _mean(a: Any, axis: Any, weights: Any, keepdims: bool) -> Any:
    a = _samples(a)
    if weights is None:
        return np.mean(a, axis, keepdims=keepdims)
    total = np.sum(weights * np.ones_like(a), axis, keepdims=keepdims)
    return np.sum(weights * a, axis, keepdims=keepdims) / total


def gstd(a: Any, axis: Any = 0, ddof: int = 1, keepdims: bool = False) -> Any:
    """The standard deviation of the logarithms, undone."""
    return np.exp(np.std(np.log(a), axis, ddof=ddof, keepdims=keepdims))


def variation(a: Any, axis: Any = 0, ddof: int = 0, keepdims: bool = False) -> Any:
    """The standard deviation in units of the mean."""
    a = _samples(a)
    return np.std(a, axis, ddof=ddof, keepdims=keepdims) / np.mean(a, axis, keepdims=keepdims)


def trim_mean(a: Any, proportiontocut: float, axis: Any = 0, keepdims: bool = False) -> Any:
    """The mean of what remains when the extremes are left out."""
    values = np.ravel(a) if axis is None else np.moveaxis(a, axis, -1)
    cut = int(proportiontocut * values.shape[-1])
    found = np.mean(np.sort(values)[..., cut : values.shape[-1] - cut], -1)
    if not keepdims:
        return found
    return np.reshape(found, (1,) * a.ndim) if axis is None else np.expand_dims(found, axis)


def iqr(x: Any, axis: Any = None, rng: Any = (25, 75), scale: Any = 1.0, keepdims: bool = False) -> Any:
    """The distance of two percentiles."""
    low, high = np.percentile(x, min(rng), axis), np.percentile(x, max(rng), axis)
    found = (high - low) / (1.3489795003921634 if scale == "normal" else scale)
    if not keepdims:
        return found
    return np.reshape(found, (1,) * x.ndim) if axis is None else np.expand_dims(found, axis)


def median_abs_deviation(x: Any, axis: Any = 0, scale: Any = 1.0, keepdims: bool = False) -> Any:
    """The median of the distances from the median."""
    if scale == "normal":
        scale = 0.6744897501960817
    distance = np.abs(x - np.median(x, axis, keepdims=True))
    return np.median(distance, axis, keepdims=keepdims) / scale


def entropy(pk: Any, qk: Any = None, base: Any = None, axis: Any = 0, keepdims: bool = False) -> Any:
    """Of weights that are made to sum to 1, and relative to other such weights."""
    pk = pk / np.sum(pk, axis, keepdims=True)
    ratio = pk if qk is None else pk / (qk / np.sum(qk, axis, keepdims=True))
    # Where a weight is 0, so is its part.
    logs = np.log(np.where(pk > 0, ratio, 1.0))
    found = np.sum(pk * logs, axis, keepdims=keepdims)
    found = -found if qk is None else found
    return found if base is None else found / math.log(base)


def pearsonr(x: Any, y: Any, axis: Any = 0) -> Any:
    """The cosine between the deviations, and how often chance gives more."""
    u, v = x - np.mean(x, axis, keepdims=True), y - np.mean(y, axis, keepdims=True)
    r = np.sum(u * v, axis) / (np.linalg.norm(u, axis=axis) * np.linalg.norm(v, axis=axis))
    half = _count(x, axis) / 2 - 1
    from scipy.special import betainc

    return r, 2.0 * betainc(half, half, (1.0 - np.abs(r)) / 2.0)


def linregress(x: Any, y: Any) -> Any:
    """Slope, intercept, correlation, p-value and standard error of the slope."""
    from scipy.special import stdtr

    n, x, y = x.shape[0], np.asarray(x, float), np.asarray(y, float)
    u, v = x - np.mean(x), y - np.mean(y)
    xx, xy, yy = u @ u, u @ v, v @ v
    slope, r = xy / xx, xy / np.sqrt(xx * yy)
    freedom = n - 2
    error = np.sqrt((1.0 - r**2) * yy / xx / freedom)
    t = r * np.sqrt(freedom / ((1.0 - r) * (1.0 + r)))
    return slope, np.mean(y) - slope * np.mean(x), r, 2.0 * stdtr(freedom, -np.abs(t)), error


def boxcox_llf(lmb: Any, data: Any, axis: Any = 0, keepdims: bool = False) -> Any:
    """The log-likelihood of the transformed data, which are taken for normal."""
    from scipy.special import boxcox

    logs = np.log(data)
    count = _count(data, axis)
    variance = np.var(boxcox(data, lmb), axis, keepdims=keepdims)
    return (lmb - 1.0) * np.sum(logs, axis, keepdims=keepdims) - count / 2.0 * np.log(variance)


def ttest_1samp(a: Any, popmean: Any, axis: Any = 0) -> Any:
    """The distance of a mean in units of its standard error, and how often chance gives more."""
    t = (np.mean(a, axis) - popmean) / sem(a, axis)
    return _two_sided(t, _count(a, axis) - 1.0)


def ttest_rel(a: Any, b: Any, axis: Any = 0) -> Any:
    """The test of one sample, of the differences."""
    return ttest_1samp(a - b, 0.0, axis)


def ttest_ind(a: Any, b: Any, axis: Any = 0, equal_var: bool = True) -> Any:
    """The distance of two means in units of its standard error, and how often chance gives more."""
    n, m = _count(a, axis), _count(b, axis)
    one, other = np.var(a, axis, ddof=1), np.var(b, axis, ddof=1)
    if equal_var:
        freedom = n + m - 2.0
        square = ((n - 1) * one + (m - 1) * other) / freedom * (1.0 / n + 1.0 / m)
    else:
        square = one / n + other / m
        freedom = square**2 / ((one / n) ** 2 / (n - 1) + (other / m) ** 2 / (m - 1))
    return _two_sided((np.mean(a, axis) - np.mean(b, axis)) / np.sqrt(square), freedom)


def _two_sided(t: Any, freedom: Any) -> Any:
    from scipy.special import stdtr

    return t, 2.0 * stdtr(freedom, -np.abs(t))


def wasserstein_distance(u_values: Any, v_values: Any) -> Any:
    """The area between the distribution functions of two samples."""
    u, v = np.sort(u_values), np.sort(v_values)
    both = np.sort(np.concatenate((u, v)))
    below_u = np.searchsorted(u, both[:-1], "right") / u.size
    below_v = np.searchsorted(v, both[:-1], "right") / v.size
    return np.sum(np.abs(below_u - below_v) * np.diff(both))


def circmean(samples: Any, high: Any = 2 * np.pi, low: Any = 0, axis: Any = None) -> Any:
    """The direction of the mean of points on a circle."""
    scale = (high - low) / (2 * np.pi)
    angle = (samples - low) / scale
    found = np.arctan2(np.mean(np.sin(angle), axis), np.mean(np.cos(angle), axis))
    return np.where(found < 0, found + 2 * np.pi, found)[()] * scale + low


def circvar(samples: Any, high: Any = 2 * np.pi, low: Any = 0, axis: Any = None) -> Any:
    """How far the mean of points on a circle is from it."""
    return 1.0 - _resultant(samples, high, low, axis)


def circstd(
    samples: Any, high: Any = 2 * np.pi, low: Any = 0, axis: Any = None, normalize: bool = False
) -> Any:
    """The deviation of the normal distribution that, wrapped around the circle, has the same mean."""
    squared = -2.0 * np.log(_resultant(samples, high, low, axis))
    # Samples that are all the same have the deviation 0, and no way to move it but away from there.
    found = np.where(squared > 0.0, np.sqrt(squared), 0.0)[()]
    return found if normalize else found * (high - low) / (2 * np.pi)


def _resultant(samples: Any, high: Any, low: Any, axis: Any) -> Any:
    angle = (samples - low) * (2 * np.pi / (high - low))
    return np.hypot(np.mean(np.sin(angle), axis), np.mean(np.cos(angle), axis))

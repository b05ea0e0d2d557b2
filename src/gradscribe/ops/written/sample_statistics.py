"""Models of the standard library's `statistics`, which computes with exact fractions.

In:  what users pass: lists of numbers, or arrays.   Out: what the library returns, up to rounding.
Not here: the entries that name these functions (ops/sample_statistics.py); functions that the library writes in
plain floats, such as `correlation`, are lowered from their own source.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def _like(found: Any, data: Any) -> Any:
    """A number of the kind of the samples."""
    return found if isinstance(data[0], np.generic) else float(found)


def mean(data: Any) -> Any:
    """The sum over the count."""
    return _like(np.mean(np.asarray(data)), data)


def fmean(data: Any, weights: Any = None) -> Any:
    """The sum over the count, or over the weights."""
    if weights is None:
        return float(np.mean(np.asarray(data)))
    weights = np.asarray(weights)
    return float(np.sum(weights * np.asarray(data)) / np.sum(weights))


def harmonic_mean(data: Any, weights: Any = None) -> Any:
    """The mean of the reciprocals, undone; 0 where a sample is."""
    samples = np.asarray(data)
    shares = np.ones_like(samples) if weights is None else np.asarray(weights)
    if np.any(samples == 0):
        return _like(np.sum(samples) * 0.0, data)
    return _like(np.sum(shares) / np.sum(shares / samples), data)


def variance(data: Any, xbar: Any = None) -> Any:
    """The sum of squares, over one less than the count."""
    return _like(_squares(data, xbar) / (len(data) - 1), data)


def pvariance(data: Any, mu: Any = None) -> Any:
    """The sum of squares over the count."""
    return _like(_squares(data, mu) / len(data), data)


def stdev(data: Any, xbar: Any = None) -> Any:
    """The root of the variance; of samples that are all the same it has the derivative 0, as every norm."""
    return float(np.linalg.norm(_deviation(data, xbar)) / math.sqrt(len(data) - 1))


def pstdev(data: Any, mu: Any = None) -> Any:
    """The root of the variance, likewise."""
    return float(np.linalg.norm(_deviation(data, mu)) / math.sqrt(len(data)))


def _squares(data: Any, centre: Any) -> Any:
    deviation = _deviation(data, centre)
    return np.sum(deviation * deviation)


def _deviation(data: Any, centre: Any) -> Any:
    samples = np.asarray(data)
    return samples - (np.mean(samples) if centre is None else centre)

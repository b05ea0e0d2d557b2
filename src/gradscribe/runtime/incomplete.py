"""Derivatives of the incomplete gamma and beta functions by their parameters, which have no closed form.

Both are integrals of exp(g(r)) up to some r; their derivatives by the parameters are integrals of exp(g(r)) times
powers of log t and log(1 - t), less their means. In these variables, r = log t and r = log(t / (1 - t)), the
integrand is analytic with one peak and exponential tails: Gauss's rule on panels, graded away from the peak, is
exact to rounding.

In:  parameters, limits and the values of (log) gamma functions.   Out: derivatives, to about 1e-14 absolutely.
References: NIST Digital Library of Mathematical Functions, 8.2 and 8.17.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def gammainc_moment(a: Any, x: Any, log_gamma: Any, digamma: Any, order: Any) -> Any:
    """The part below x of the moment of log t - digamma; the first is the derivative of gammainc(a, x) by a."""
    with np.errstate(divide="ignore", over="ignore", under="ignore"):
        reach = np.sqrt(80.0 / a)
        end = np.minimum(np.log(x), np.log(a) + reach)
        peak = np.minimum(end, np.log(a + 1.0))
        low = np.minimum(peak, np.log(a)) - 40.0 / a - reach
        width = 1.0 / (1.0 + np.sqrt(a) + np.maximum(a - x, 0.0))
        result = graded_integral(
            lambda r: np.exp(a * r - np.exp(r) - log_gamma) * (r - digamma) ** order, low, peak, end, width
        )
    return _like(result, a, x, log_gamma, digamma)


def betainc_moment(a: Any, b: Any, x: Any, log_beta: Any, digammas: Any, order: Any, other: Any) -> Any:
    """The part below x of the moment of log t - digammas, times a power of log(1 - t).

    With digammas = digamma(a) - digamma(a + b), that of order 1 and 0 is the derivative of betainc(a, b, x) by a.
    """

    def integrand(r: Any) -> Any:
        log_t, log_rest = -np.logaddexp(0.0, -r), -np.logaddexp(0.0, r)
        return np.exp(a * log_t + b * log_rest - log_beta) * (log_t - digammas) ** order * log_rest**other

    with np.errstate(divide="ignore", over="ignore", under="ignore"):
        top = np.log(a / b)
        end = np.minimum(np.log(x) - np.log1p(-x), np.maximum(top, 0.0) + 40.0 / b + 10.0)
        peak = np.minimum(end, np.log((a + 1.0) / (b + 1.0)))
        low = np.minimum(np.minimum(peak, top), 0.0) - 40.0 / a - 10.0
        width = 1.0 / (1.0 + np.sqrt(a * b / (a + b)) + np.maximum(a - (a + b) * x, 0.0))
        result = graded_integral(integrand, low, peak, end, width)
    return _like(result, a, b, x, log_beta, digammas)


def _like(result: Any, *operands: Any) -> Any:
    """The result in the precision of the operands."""
    made = np.asarray(result).astype(np.result_type(*operands))
    return made if made.ndim else made[()]


def graded_integral(f: Callable[[Any], Any], low: Any, peak: Any, high: Any, width: Any) -> Any:
    """The integral of `f` from `low` to `high`, by panels that grow like sinh away from `peak`.

    Args:
        f: analytic, with features as narrow as `width` at the peak only.
        low: lower limit.
        peak: between the limits.
        high: upper limit; where it is minus infinity, the integral is 0.
        width: positive.
    """
    nodes, weights = np.polynomial.legendre.leggauss(12)
    empty = np.isneginf(high)
    low, peak, high = (np.where(empty, 0.0, limit) for limit in (low, peak, high))
    start, stop = np.arcsinh((low - peak) / width), np.arcsinh((high - peak) / width)
    panels = 32
    half = (stop - start) / (2 * panels)
    total = 0.0 * half
    for k in range(panels):
        for node, weight in zip(nodes.tolist(), weights.tolist(), strict=True):
            u = start + half * (2 * k + 1 + node)
            total = total + weight * np.cosh(u) * f(peak + width * np.sinh(u))
    return np.where(empty, 0.0, total * half * width)

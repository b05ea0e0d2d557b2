"""Derivatives of the incomplete gamma and beta functions by their parameters, which have no closed form.

Both are integrals of exp(g(r)) up to some r; their derivatives by the parameters are integrals of exp(g(r)) times
powers of log t and log(1 - t), less their means. In these variables, r = log t and r = log(t / (1 - t)), the
integrand is analytic with one peak and exponential tails: Gauss's rule on panels, graded away from the peak, is
exact to rounding. A first moment about the mean is 0 in all, and its integrand changes sign once: from there on,
minus the rest is taken, so that nothing cancels.

In:  parameters, limits and the values of (log) gamma functions.   Out: derivatives, to about 1e-14.
References: NIST Digital Library of Mathematical Functions, 8.2 and 8.17.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def gammainc_moment(a: Any, x: Any, log_gamma: Any, digamma: Any, order: Any) -> Any:
    """The part below x of the moment of log t - digamma; the first is the derivative of gammainc(a, x) by a."""

    def integrand(r: Any) -> Any:
        return np.exp(a * r - np.exp(r) - log_gamma) * (r - digamma) ** order

    with np.errstate(divide="ignore", over="ignore", under="ignore"):
        limit, peak, reach = np.log(x), np.log(a + 1.0), np.sqrt(80.0 / a)
        end = np.minimum(limit, np.log(a) + reach)
        low = np.minimum(np.minimum(end, peak), np.log(a)) - 40.0 / a - reach
        steep = 1.0 + np.sqrt(a)
        below = (low, np.minimum(end, peak), end, 1.0 / (steep + np.maximum(a - x, 0.0)))
        high = np.log(np.maximum(x, a) + 50.0 + 15.0 * np.sqrt(a))
        above = (limit, np.maximum(limit, peak), high, 1.0 / (steep + np.maximum(x - a, 0.0)))
        result = nearer_side(integrand, below, above, (order == 1) & (limit > digamma))
    return _like(result, a, x, log_gamma, digamma)


def betainc_moment(
    a: Any, b: Any, log_odds: Any, log_beta: Any, digammas: Any, order: Any, other: Any
) -> Any:
    """The part below x of the moment of log t - digammas, times a power of log(1 - t).

    With digammas = digamma(a) - digamma(a + b), that of order 1 and 0 is the derivative of betainc(a, b, x) by a.
    The limit is given as log(x / (1 - x)), which keeps its digits where x is next to 0 or 1.
    """

    def integrand(r: Any) -> Any:
        log_t, log_rest = -np.logaddexp(0.0, -r), -np.logaddexp(0.0, r)
        return np.exp(a * log_t + b * log_rest - log_beta) * (log_t - digammas) ** order * log_rest**other

    with np.errstate(divide="ignore", over="ignore", under="ignore", invalid="ignore"):
        top, peak = np.log(a / b), np.log((a + 1.0) / (b + 1.0))
        reach = 40.0 / b + 10.0
        end = np.minimum(log_odds, np.maximum(top, 0.0) + reach)
        low = np.minimum(np.minimum(np.minimum(end, peak), top), 0.0) - 40.0 / a - 10.0
        steep, off = 1.0 + np.sqrt(a * b / (a + b)), a - (a + b) * np.exp(-np.logaddexp(0.0, -log_odds))
        below = (low, np.minimum(end, peak), end, 1.0 / (steep + np.maximum(off, 0.0)))
        high = np.maximum(np.maximum(log_odds, top), 0.0) + reach
        above = (log_odds, np.maximum(log_odds, peak), high, 1.0 / (steep + np.maximum(-off, 0.0)))
        turn = digammas - np.log(-np.expm1(digammas))
        result = nearer_side(integrand, below, above, (order == 1) & (other == 0) & (log_odds > turn))
    return _like(result, a, b, log_odds, log_beta, digammas)


def stdtr_by_df(df: Any, t: Any, log_beta: Any, digammas: Any) -> Any:
    """The derivative of stdtr(df, t) by df: of 1 - betainc(df / 2, 1 / 2, df / (df + t²)) / 2 for positive t.

    Args:
        df: degrees of freedom.
        t: upper limit.
        log_beta: logarithm of beta(df / 2, 1 / 2).
        digammas: digamma(df / 2) - digamma(df / 2 + 1 / 2).
    """
    log_odds = np.log(df) - 2.0 * np.log(np.where(t == 0.0, 1.0, np.abs(t)))
    density = np.exp(-0.5 * df * np.logaddexp(0.0, -log_odds) - 0.5 * np.logaddexp(0.0, log_odds) - log_beta)
    by_half = betainc_moment(0.5 * df, 0.5, log_odds, log_beta, digammas, 1, 0)
    return _like(-0.5 * np.sign(t) * (0.5 * by_half + density / df), df, t, log_beta, digammas)


def _like(result: Any, *operands: Any) -> Any:
    """The result in the precision of the operands."""
    made = np.asarray(result).astype(np.result_type(*operands))
    return made if made.ndim else made[()]


def nearer_side(f: Callable[[Any], Any], below: tuple[Any, ...], above: tuple[Any, ...], rest: Any) -> Any:
    """The integral of `f` over what is below, and where `rest` holds, minus the one over what is above.

    Args:
        f: the integrand.
        below: limits, peak and width as `graded_integral` takes them.
        above: the same for the other side.
        rest: which side is taken.
    """
    result = graded_integral(
        f, *(np.where(rest, right, left) for left, right in zip(below, above, strict=True))
    )
    return np.where(rest, -result, result)


def graded_integral(f: Callable[[Any], Any], low: Any, peak: Any, high: Any, width: Any) -> Any:
    """The integral of `f` from `low` to `high`, by panels that grow like sinh away from `peak`.

    Args:
        f: analytic, with features as narrow as `width` at the peak only.
        low: lower limit.
        peak: between the limits.
        high: upper limit.
        width: positive.

    Where a limit is not finite, the integral is 0: there is nothing on the other side of it.
    """
    nodes, weights = np.polynomial.legendre.leggauss(12)
    empty = ~(np.isfinite(low) & np.isfinite(high))
    low, peak, high = (np.where(empty, 0.0, limit) for limit in (low, peak, high))
    width = np.where(empty, 1.0, width)
    start, stop = np.arcsinh((low - peak) / width), np.arcsinh((high - peak) / width)
    panels = 32
    half = (stop - start) / (2 * panels)
    total = 0.0 * half
    for k in range(panels):
        for node, weight in zip(nodes.tolist(), weights.tolist(), strict=True):
            u = start + half * (2 * k + 1 + node)
            total = total + weight * np.cosh(u) * f(peak + width * np.sinh(u))
    return np.where(empty, 0.0, total * half * width)

"""Derivatives of quotients that are 0 / 0 at 0 and smooth there: sin(x) / x, x / expm1(x) and their like.

Near 0 the difference of the quotient rule cancels, and the Taylor series at 0 is summed. Elsewhere the Taylor
coefficients of the function at x are divided by those of the argument. Both come from the coefficients of a
function at any point, which follow from its differential equation.

In:  x, the order of the derivative.   Out: the derivative, in the precision of x.
References: Griewank & Walther, Evaluating Derivatives, 2nd ed., chapter 13 (Taylor arithmetic).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

# The point and the highest order n -> derivatives over factorials, up to n.
Coefficients = Callable[[Any, int], list[Any]]


def sin_quotient(x: Any, order: Any) -> Any:
    """The derivative of sin(x) / x."""
    return _over_argument(x, order, 2.0, _sine)


def sinh_quotient(x: Any, order: Any) -> Any:
    """The derivative of sinh(x) / x."""
    return _over_argument(x, order, 2.0, _hyperbolic_sine)


def expm1_quotient(x: Any, order: Any) -> Any:
    """The derivative of (exp(x) - 1) / x."""
    return _over_argument(x, order, 2.0, _expm1)


def tanh_quotient(x: Any, order: Any) -> Any:
    """The derivative of tanh(x) / x."""
    return _over_argument(x, order, 0.7, _tanh)


def erf_quotient(x: Any, order: Any) -> Any:
    """The derivative of erf(x) / x."""
    return _over_argument(x, order, 1.0, _erf)


def log1p_quotient(x: Any, order: Any) -> Any:
    """The derivative of log(1 + x) / x."""
    return _over_argument(x, order, 0.5, _log1p)


def arctan_quotient(x: Any, order: Any) -> Any:
    """The derivative of arctan(x) / x."""
    return _over_argument(x, order, 0.5, _arctan)


def arctanh_quotient(x: Any, order: Any) -> Any:
    """The derivative of arctanh(x) / x."""
    return _over_argument(x, order, 0.5, _arctanh)


def arcsin_quotient(x: Any, order: Any) -> Any:
    """The derivative of arcsin(x) / x."""
    return _over_argument(x, order, 0.5, _arcsin)


def arcsinh_quotient(x: Any, order: Any) -> Any:
    """The derivative of arcsinh(x) / x."""
    return _over_argument(x, order, 0.5, _arcsinh)


def versine_quotient(x: Any, order: Any) -> Any:
    """The derivative of (1 - cos(x)) / x."""
    return _over_argument(x, order, 2.0, _versine)


def versine_square_quotient(x: Any, order: Any) -> Any:
    """The derivative of (1 - cos(x)) / x²."""
    return _over_argument(x, order, 2.0, _versine, 2)


def expm1_reciprocal(x: Any, order: Any) -> Any:
    """The derivative of x / (exp(x) - 1)."""
    return _by_parts(x, order, 2.0, _bernoulli, 0, _over_expm1)


def tanh_reciprocal(x: Any, order: Any) -> Any:
    """The derivative of x / tanh(x)."""
    return _by_parts(x, order, 1.5, _tanh_reciprocal, 0, _over_tanh)


# Near 0, and elsewhere


def _over_argument(x: Any, order: Any, radius: float, function: Coefficients, power: int = 1) -> Any:
    """The derivative of f(x) / x ** power, for an f with the coefficients that `function` gives."""

    def far(x: Any, n: int) -> list[Any]:
        found = function(x, n)
        for _ in range(power):
            found = _divided(found, x)
        return found

    return _by_parts(x, order, radius, function, power, far)


def _by_parts(x: Any, order: Any, radius: float, series: Coefficients, power: int, far: Coefficients) -> Any:
    """The derivative of this order, from the coefficients at 0 within a radius and from those at x beyond it."""
    n = int(order)
    dtype = x.dtype if isinstance(x, np.ndarray | np.generic) and x.dtype.kind == "f" else np.dtype(float)
    at = np.asarray(x, float)
    near = np.abs(at) < radius
    with np.errstate(all="ignore"):
        if near.all():
            result = _near_zero(at[()], series, power, radius, n)
        elif not near.any():
            result = far(at[()], n)[n] * _rising(0, n)
        else:
            result = np.empty(at.shape)
            result[near] = _near_zero(at[near], series, power, radius, n)
            result[~near] = far(at[~near], n)[n] * _rising(0, n)
    return np.asarray(result, dtype)[()]


def _near_zero(x: Any, series: Coefficients, power: int, radius: float, n: int) -> Any:
    """The Taylor series at 0, by Horner's rule; a single number is summed without NumPy, which is much faster."""
    *before, total = _taylor(series, power, radius, n)
    x = float(x) if np.ndim(x) == 0 else x
    for coefficient in reversed(before):
        total = total * x + coefficient
    return total + 0.0 * x


def _taylor(
    series: Coefficients, power: int, radius: float, n: int,
    known: dict[tuple[Coefficients, int, float, int], list[float]] = {},  # noqa: B006 (it is a memory)
) -> list[float]:  # fmt: skip
    """The coefficients of the derivative at 0, without the last ones, which change no digit within the radius.

    They are kept in a default, because a saved module has the functions of this one and nothing else of it.
    """
    key = series, power, radius, n
    if key not in known:
        coefficients = series(0.0, 80 + n + power)[power + n :]
        found = [float(of) * _rising(k, n) for k, of in enumerate(coefficients)]
        sizes = [abs(of) * radius**k for k, of in enumerate(found)]
        least = 1e-19 * next(size for size in sizes if size)
        known[key] = found[: max(k for k, size in enumerate(sizes) if size > least) + 1]
    return known[key]


def _rising(k: int, n: int) -> float:
    """(k + 1) (k + 2) … (k + n)."""
    return float(np.prod(np.arange(k + 1.0, k + n + 1.0)))


def _divided(f: list[Any], x: Any) -> list[Any]:
    """The coefficients of f over the argument, at x; those that are infinite stay so."""
    found: list[Any] = []
    for k, coefficient in enumerate(f):
        before = found[k - 1] if k else 0.0
        found.append(np.where(np.isinf(coefficient), coefficient * np.sign(x), (coefficient - before) / x))
    return found


def _reciprocal(f: list[Any]) -> list[Any]:
    """The coefficients of 1 / f."""
    return _ratio([1.0] + [0.0] * (len(f) - 1), f)


def _ratio(a: list[Any], b: list[Any]) -> list[Any]:
    """The coefficients of a / b."""
    found: list[Any] = []
    for k in range(len(a)):
        found.append((a[k] - sum(b[i] * found[k - i] for i in range(1, k + 1))) / b[0])
    return found


# Coefficients of functions at x: derivatives over factorials, up to order n


def _cycle(values: list[Any], n: int) -> list[Any]:
    """Derivatives that repeat, over factorials."""
    found, factorial = [], 1.0
    for k in range(n + 1):
        factorial *= max(k, 1)
        found.append(values[k % len(values)] / factorial)
    return found


def _sine(x: Any, n: int) -> list[Any]:
    sine, cosine = np.sin(x), np.cos(x)
    return _cycle([sine, cosine, -sine, -cosine], n)


def _versine(x: Any, n: int) -> list[Any]:
    sine, cosine = np.sin(x), np.cos(x)
    return [2.0 * np.sin(0.5 * x) ** 2, *_cycle([-cosine, sine, cosine, -sine], n)[1:]]


def _hyperbolic_sine(x: Any, n: int) -> list[Any]:
    return _cycle([np.sinh(x), np.cosh(x)], n)


def _expm1(x: Any, n: int) -> list[Any]:
    return [np.expm1(x), *_cycle([np.exp(x)], n)[1:]]


def _tanh(x: Any, n: int) -> list[Any]:
    """From t' = 1 - t²."""
    t = [np.tanh(x)]
    for k in range(n):
        square = sum(t[i] * t[k - i] for i in range(k + 1)) if k else (t[0] - 1.0) * (t[0] + 1.0)
        t.append(-square / (k + 1.0))
    return t


def _erf(x: Any, n: int) -> list[Any]:
    """From g' = -2 x g for the derivative g."""
    from math import erf

    g = [1.1283791670955126 * np.exp(-x * x)]
    for k in range(n):
        g.append(-2.0 * (x * g[k] + (g[k - 1] if k else 0.0)) / (k + 1.0))
    return _integrated(np.vectorize(erf, otypes=[float])(x), g, n)


def _log1p(x: Any, n: int) -> list[Any]:
    return _integrated(np.log1p(x), _power(1.0 + x, 1.0, 0.0, -1.0, n), n)


def _arctan(x: Any, n: int) -> list[Any]:
    return _integrated(np.arctan(x), _power(1.0 + x * x, 2.0 * x, 1.0, -1.0, n), n)


def _arctanh(x: Any, n: int) -> list[Any]:
    return _integrated(np.arctanh(x), _power((1.0 - x) * (1.0 + x), -2.0 * x, -1.0, -1.0, n), n)


def _arcsin(x: Any, n: int) -> list[Any]:
    return _integrated(np.arcsin(x), _power((1.0 - x) * (1.0 + x), -2.0 * x, -1.0, -0.5, n), n)


def _arcsinh(x: Any, n: int) -> list[Any]:
    return _integrated(np.arcsinh(x), _power(1.0 + x * x, 2.0 * x, 1.0, -0.5, n), n)


def _integrated(value: Any, slope: list[Any], n: int) -> list[Any]:
    """The coefficients of a function with this value and this derivative."""
    return [value, *(slope[k] / (k + 1.0) for k in range(n))]


def _power(constant: Any, linear: Any, square: Any, exponent: float, n: int) -> list[Any]:
    """The coefficients of a power of the polynomial with these coefficients."""
    found = [constant**exponent]
    for k in range(1, n + 1):
        total = (exponent - k + 1.0) * linear * found[k - 1]
        if k > 1:
            total = total + (2.0 * exponent - k + 2.0) * square * found[k - 2]
        found.append(total / (k * constant))
    return found


# Quotients that are not over the argument


def _bernoulli(_: float, n: int) -> list[Any]:
    """x / expm1(x) at 0: Bernoulli's numbers over factorials; the odd ones are 0 but for the first."""
    found = _reciprocal(_expm1(0.0, n + 1)[1:])
    return [of if k < 2 or k % 2 == 0 else 0.0 for k, of in enumerate(found)]


def _tanh_reciprocal(_: float, n: int) -> list[Any]:
    """x / tanh(x) = x + 2 x / expm1(2 x) at 0."""
    return [0.0 if k == 1 else 2.0**k * of for k, of in enumerate(_bernoulli(0.0, n))]


def _over_expm1(x: Any, n: int) -> list[Any]:
    """x / expm1(x), where it is positive with both sides times exp(-x): nothing overflows."""
    e, falls = np.exp(-np.abs(x)), x > 0.0
    signs = np.where(falls, -1.0, 1.0)
    above, below = [np.where(falls, x * e, x)], [np.where(falls, -np.expm1(-x), np.expm1(x))]
    factorial = 1.0
    for k in range(1, n + 1):
        below.append(np.where(falls, -((-1.0) ** k), 1.0) * e / (factorial * k))
        shifted = e * signs**k * (x / (factorial * k) - 1.0 / factorial)
        above.append(np.where(falls, shifted, 1.0 if k == 1 else 0.0))
        factorial *= k
    return _ratio(above, below)


def _over_tanh(x: Any, n: int) -> list[Any]:
    """|x| + 2 |x| / expm1(2 |x|)."""
    sign, size = np.sign(x), np.abs(x)
    found = [(2.0 * sign) ** k * of for k, of in enumerate(_over_expm1(2.0 * size, n))]
    found[0] = found[0] + size
    if n:
        found[1] = found[1] + sign
    return found

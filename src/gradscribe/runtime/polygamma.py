"""Derivatives of the logarithm of the gamma function, which `math` does not have.

In:  an order and a float.   Out: a float.
References: NIST Digital Library of Mathematical Functions, 5.15.5 (recurrence) and 5.15.8 (asymptotic series).
"""

from __future__ import annotations

import numpy as np


def polygamma(order: int, x: float) -> float:
    """The derivative of this order of the digamma function: 0 is digamma, 1 trigamma."""
    bernoulli = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798)
    factorial = float(np.prod(np.arange(1.0, order + 1)))
    sign = -1.0 if order % 2 == 0 else 1.0
    steps = 0.0
    while x < 15.0 + order:
        steps += factorial / x ** (order + 1)
        x += 1.0
    tail = factorial / (2.0 * x ** (order + 1))
    tail += factorial / (order * x**order) if order else -float(np.log(x))
    for k, b in enumerate(bernoulli, 1):
        rising = float(np.prod(np.arange(2.0 * k + 1.0, 2.0 * k + order))) if order else 1.0 / (2.0 * k)
        tail += b * rising / x ** (2 * k + order)
    return sign * (steps + tail)

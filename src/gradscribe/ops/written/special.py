"""Models of scipy.special: what is made of other functions of it.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/special.py, ops/logsumexp.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.runtime.constants import stop_gradient


def voigt_profile(x: Any, sigma: Any, gamma: Any) -> Any:
    """The real part of the Faddeeva function."""
    from scipy.special import wofz

    found = np.real(wofz((x + 1j * gamma) / (sigma * np.sqrt(2.0))))
    return found / (sigma * np.sqrt(2.0 * np.pi))


def logsumexp(
    a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False
) -> Any:
    """The logarithm of the modulus of the sum, and its sign."""
    largest = stop_gradient(np.max(a, axis, keepdims=True))
    shift = np.where(np.isfinite(largest), largest, 0.0)
    terms = np.exp(a - shift) if b is None else b * np.exp(a - shift)
    total = np.sum(terms, axis, keepdims=True)
    found, sign = np.log(np.abs(total)) + shift, np.sign(total)
    if not keepdims:
        found, sign = np.sum(found, axis), np.sum(sign, axis)
    return (found, sign) if return_sign else found

"""Models of scipy.signal: convolutions of matrices continued beyond their edges, rational rates, responses.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/convolutions.py), convolutions of what ends (ops/signals.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def convolve2d(in1: Any, in2: Any, mode: str = "full", boundary: str = "fill", fillvalue: Any = 0) -> Any:
    """The valid part of the convolution of the matrix with its surroundings."""
    top, left = (in2.shape[0] - 1) // 2, (in2.shape[1] - 1) // 2
    return _convolved(in1, in2, mode, boundary, fillvalue, top, left)


def correlate2d(in1: Any, in2: Any, mode: str = "full", boundary: str = "fill", fillvalue: Any = 0) -> Any:
    """The convolution with the kernel turned round; an even one then stands one element further."""
    top, left = in2.shape[0] // 2, in2.shape[1] // 2
    return _convolved(in1, np.conj(in2)[::-1, ::-1], mode, boundary, fillvalue, top, left)


def _convolved(in1: Any, in2: Any, mode: str, boundary: str, fillvalue: Any, top: Any, left: Any) -> Any:
    from scipy.signal import convolve2d

    rows, columns = in2.shape[0] - 1, in2.shape[1] - 1
    found = convolve2d(_surrounded(in1, rows, columns, boundary, fillvalue), in2, "valid")
    if mode == "full":
        return found
    if mode == "same":
        return found[top : top + in1.shape[0], left : left + in1.shape[1]]
    return found[rows : in1.shape[0], columns : in1.shape[1]]


def _surrounded(x: Any, rows: Any, columns: Any, boundary: str, fillvalue: Any) -> Any:
    widths = ((rows, rows), (columns, columns))
    if boundary == "wrap":
        return np.pad(x, widths, "wrap")
    if boundary == "symm":
        return np.pad(x, widths, "symmetric")
    inside = np.pad(np.ones_like(x), widths)
    return np.pad(x, widths) + fillvalue * (1.0 - inside)


def freqz(b: Any, a: Any = 1, worN: Any = 512, whole: bool = False, fs: Any = 2 * np.pi) -> Any:
    """Polynomials of exp(-iw), one over the other."""
    w = _frequencies(worN, whole, fs)
    z = np.exp(-2j * np.pi * w / fs)
    numerator, denominator = np.atleast_1d(b), np.atleast_1d(a)
    return w, np.polyval(numerator[::-1], z) / np.polyval(denominator[::-1], z)


def _frequencies(worN: Any, whole: bool, fs: Any) -> Any:
    if np.ndim(worN) > 0:
        return worN
    return np.arange(worN) * ((fs if whole else fs / 2) / worN)


def upfirdn(h: Any, x: Any, up: Any = 1, down: Any = 1, axis: int = -1) -> Any:
    """Zeros are put between the samples, which are then filtered, and every so many of them are kept."""
    from scipy.signal import lfilter

    x = np.moveaxis(x, axis, -1)
    n = x.shape[-1]
    length = (n - 1) * up + h.shape[0]
    spread = np.zeros((*x.shape[:-1], length), x.dtype)
    spread[..., : (n - 1) * up + 1 : up] = x
    return np.moveaxis(lfilter(h, np.ones(1, h.dtype), spread)[..., ::down], -1, axis)

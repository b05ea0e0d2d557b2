"""Models of scipy.signal: filters, trends and other rates of samples.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/filters.py), filters that run once (ops/signals.py).
References: Gustafsson, Determining the initial states in forward-backward filtering, 1996; Savitzky & Golay,
Smoothing and differentiation of data by simplified least squares procedures, 1964.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def detrend(data: Any, axis: int = -1, type: str = "linear") -> Any:
    """The data less their mean or their line of least squares."""
    centred = data - np.mean(data, axis, keepdims=True)
    if type in ("constant", "c"):
        return centred
    centred = np.moveaxis(centred, axis, -1)
    t = np.arange(centred.shape[-1]) - (centred.shape[-1] - 1) / 2
    # One number has no trend.
    slope = np.sum(centred * t, -1, keepdims=True) / max(np.sum(t**2), 0.5)
    return np.moveaxis(centred - slope * t, -1, axis)


def hilbert(x: Any, N: Any = None, axis: int = -1) -> Any:
    """The analytic signal: no negative frequencies, the others twice."""
    n = x.shape[axis] if N is None else N
    spectrum = np.moveaxis(np.fft.fft(x, n, axis), axis, -1)
    index = np.arange(n)
    weights = np.where(2 * index < n, 2.0, np.where(2 * index == n, 1.0, 0.0))
    weights = np.where(index == 0, 1.0, weights)
    return np.moveaxis(np.fft.ifft(spectrum * weights), -1, axis)


def filtfilt(b: Any, a: Any, x: Any, axis: int = -1, padtype: Any = "odd", padlen: Any = None) -> Any:
    """The filter forwards and backwards, each time begun in the steady state of the first sample."""
    from scipy.signal import lfilter

    b, a = np.atleast_1d(b), np.atleast_1d(a)
    taps = max(b.shape[0], a.shape[0])
    edge = _edge(padtype, padlen, taps)
    gain = np.sum(b) / np.sum(a)
    y = extended(np.moveaxis(x, axis, -1), edge, padtype)
    for _ in ("forwards", "backwards"):
        first = y[..., :1]
        y = (gain * first + lfilter(b, a, y - first))[..., ::-1]
    return np.moveaxis(y[..., edge : y.shape[-1] - edge], -1, axis)


def sosfiltfilt(sos: Any, x: Any, axis: int = -1, padtype: Any = "odd", padlen: Any = None) -> Any:
    """The sections forwards and backwards, each time begun in the steady state of the first sample."""
    from scipy.signal import sosfilt

    unused = np.minimum(np.sum(sos[:, 2] == 0), np.sum(sos[:, 5] == 0))
    edge = _edge(padtype, padlen, 2 * sos.shape[0] + 1 - unused)
    gain = np.prod(np.sum(sos[:, :3], 1) / np.sum(sos[:, 3:], 1))
    y = extended(np.moveaxis(x, axis, -1), edge, padtype)
    for _ in ("forwards", "backwards"):
        first = y[..., :1]
        y = (gain * first + sosfilt(sos, y - first))[..., ::-1]
    return np.moveaxis(y[..., edge : y.shape[-1] - edge], -1, axis)


def _edge(padtype: Any, padlen: Any, taps: Any) -> Any:
    if padtype is None:
        return 0
    return 3 * taps if padlen is None else padlen


def extended(x: Any, edge: Any, kind: Any) -> Any:
    """Samples put before and after the others: turned about the ends, mirrored or repeated."""
    if kind is None:
        return x
    first, last = x[..., :1], x[..., -1:]
    before, after = x[..., edge:0:-1], x[..., -2 : -(edge + 2) : -1]
    if kind == "constant":
        before, after = first * np.ones_like(before), last * np.ones_like(after)
    elif kind == "odd":
        before, after = 2 * first - before, 2 * last - after
    return np.concatenate((before, x, after), -1)


def decimate(
    x: Any, q: int, n: Any = None, ftype: str = "iir", axis: int = -1, zero_phase: bool = True
) -> Any:
    """Every q-th sample of the filtered signal."""
    from scipy.signal import cheby1, sosfilt

    sos = cheby1(8 if n is None else n, 0.05, 0.8 / q, output="sos").astype(x.dtype)
    y = sosfiltfilt(sos, x, axis) if zero_phase else sosfilt(sos, x, axis)
    return np.moveaxis(np.moveaxis(y, axis, -1)[..., ::q], -1, axis)


def savgol_filter(
    x: Any,
    window_length: int,
    polyorder: int,
    deriv: int = 0,
    delta: float = 1.0,
    axis: int = -1,
    mode: str = "interp",
    cval: float = 0.0,
) -> Any:
    """Values of polynomials of least squares, or of their derivatives."""
    from scipy.signal import savgol_coeffs

    coefficients = savgol_coeffs(window_length, polyorder, deriv=deriv, delta=delta, use="dot")
    coefficients = coefficients.astype(x.dtype)
    x = np.moveaxis(x, axis, -1)
    half, before = window_length // 2, (window_length - 1) // 2
    if mode != "interp":
        return np.moveaxis(_smoothed(_with_margins(x, before, half, mode, cval), coefficients), -1, axis)
    # A window of an even length has one sample more after its middle than before.
    middle = _smoothed(x, coefficients)[..., half - before :]
    places = (np.arange(window_length) - half).astype(x.dtype)
    powers = np.vander(places, polyorder + 1, increasing=True)
    factor = np.ones(polyorder + 1)
    for order in range(polyorder + 1):
        for k in range(deriv):
            factor[order] *= order - k
    lowered = np.vander(places, polyorder + 1 - deriv, increasing=True) * factor[deriv:] / delta**deriv
    fit = lowered @ np.linalg.pinv(powers)[deriv:]
    ends = (x[..., :window_length] @ fit.T)[..., :half], (x[..., -window_length:] @ fit.T)[..., before + 1 :]
    return np.moveaxis(np.concatenate((ends[0], middle, ends[1]), -1), -1, axis)


def _smoothed(x: Any, coefficients: Any) -> Any:
    windows = np.lib.stride_tricks.sliding_window_view(x, coefficients.shape[0], axis=-1)
    return windows @ coefficients


def _with_margins(x: Any, before: int, after: int, mode: str, cval: float) -> Any:
    widths = [(0, 0)] * (x.ndim - 1) + [(before, after)]
    if mode == "constant":
        return np.pad(x, widths, constant_values=cval)
    named: Any = {"mirror": "reflect", "nearest": "edge", "wrap": "wrap"}
    return np.pad(x, widths, named[mode])


def resample(x: Any, num: Any, axis: int = 0) -> Any:
    """The samples at another rate of the signal that is as long and has the same spectrum."""
    x = np.moveaxis(x, axis, -1)
    n = x.shape[-1]
    kept = np.minimum(num, n)
    index = np.arange(kept // 2 + 1)
    single = 2.0 if num < n else 0.5
    weights = np.where((2 * index == kept) & (num != n), single, 1.0) * (num / n)
    spectrum = np.fft.rfft(x)[..., : kept // 2 + 1] * weights
    return np.moveaxis(np.fft.irfft(spectrum, num), -1, axis)


def lfilter_zi(b: Any, a: Any) -> Any:
    """The state of a filter that has been given 1 for ever."""
    b, a = np.atleast_1d(b), np.atleast_1d(a)
    n = max(b.shape[0], a.shape[0])
    b, a = b / a[0], a / a[0]
    b = np.concatenate((b, np.zeros(n - b.shape[0], b.dtype)))
    a = np.concatenate((a, np.zeros(n - a.shape[0], a.dtype)))
    gain = np.sum(b) / np.sum(a)
    # What is left in the delays: all that the taps still to come would add.
    return np.cumsum((b - a * gain)[::-1])[::-1][1:]

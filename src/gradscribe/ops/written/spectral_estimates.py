"""Models of scipy.signal: spectra of segments.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/spectral_estimates.py).
References: Welch, The use of fast Fourier transform for the estimation of power spectra, 1967; Allen, Short term
spectral analysis, synthesis, and modification by discrete Fourier transform, 1977.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.ops.written.filters import detrend as without_trend
from gradscribe.ops.written.filters import extended


def csd(
    x: Any,
    y: Any,
    fs: Any = 1.0,
    window: Any = "hann_periodic",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
    average: str = "mean",
) -> Any:
    """Products of spectra, averaged over segments."""
    x, y = np.moveaxis(x, axis, -1), np.moveaxis(y, axis, -1)
    taper, nperseg = _tapered(window, nperseg, 256, x.shape[-1])
    nfft = nperseg if nfft is None else nfft
    hop = nperseg - (nperseg // 2 if noverlap is None else noverlap)
    onesided = return_onesided and x.dtype.kind != "c"
    one, other = (_spectra(part, taper, hop, nfft, detrend, onesided) for part in (x, y))
    power = _scaled(np.conj(one) * other, taper, fs, scaling, nfft, onesided)
    if average == "median":
        found = _median(power)
    else:
        found = np.mean(power, -2)
    return _frequencies(nfft, fs, onesided), np.moveaxis(found, -1, axis)


def welch(
    x: Any,
    fs: Any = 1.0,
    window: Any = "hann_periodic",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
    average: str = "mean",
) -> Any:
    """Squares of spectra, averaged over segments."""
    f, power = csd(
        x, x, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis, average
    )
    return f, np.real(power)


def periodogram(
    x: Any,
    fs: Any = 1.0,
    window: Any = "boxcar",
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
) -> Any:
    """Squares of the spectrum."""
    n = x.shape[axis]
    if nfft is not None:
        n = np.minimum(n, nfft)
        x = np.take(x, np.arange(n), axis)
    return welch(x, fs, window, n, 0, nfft, detrend, return_onesided, scaling, axis)


def coherence(
    x: Any,
    y: Any,
    fs: Any = 1.0,
    window: Any = "hann_periodic",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    axis: int = -1,
) -> Any:
    """Squares of correlations, frequency by frequency."""
    f, one = welch(x, fs, window, nperseg, noverlap, nfft, detrend, axis=axis)
    _, other = welch(y, fs, window, nperseg, noverlap, nfft, detrend, axis=axis)
    _, both = csd(x, y, fs, window, nperseg, noverlap, nfft, detrend, axis=axis)
    return f, (np.real(both) ** 2 + np.imag(both) ** 2) / one / other


def spectrogram(
    x: Any,
    fs: Any = 1.0,
    window: Any = ("tukey_periodic", 0.25),
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
    mode: str = "psd",
) -> Any:
    """Squares of spectra, segment by segment."""
    x = np.moveaxis(x, axis, -1)
    taper, nperseg = _tapered(window, nperseg, 256, x.shape[-1])
    nfft = nperseg if nfft is None else nfft
    hop = nperseg - (nperseg // 8 if noverlap is None else noverlap)
    onesided = return_onesided and x.dtype.kind != "c"
    parts = _spectra(x, taper, hop, nfft, detrend, onesided)
    if mode == "psd":
        found = _scaled(np.real(parts) ** 2 + np.imag(parts) ** 2, taper, fs, scaling, nfft, onesided)
    else:
        found = parts * np.sqrt(_scale(taper, fs, scaling))
        found = np.abs(found) if mode == "magnitude" else found
    times = np.arange(nperseg / 2, x.shape[-1] - nperseg / 2 + 1, hop) / fs
    found = np.moveaxis(found, -1, axis - 1 if axis < 0 else axis)
    return _frequencies(nfft, fs, onesided), times, found


def stft(
    x: Any,
    fs: Any = 1.0,
    window: Any = "hann_periodic",
    nperseg: Any = 256,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = False,
    return_onesided: bool = True,
    boundary: Any = "zeros",
    padded: bool = True,
    axis: int = -1,
    scaling: str = "spectrum",
) -> Any:
    """Spectra, segment by segment."""
    x = np.moveaxis(x, axis, -1)
    taper, nperseg = _tapered(window, nperseg, 256, x.shape[-1])
    nfft = nperseg if nfft is None else nfft
    hop = nperseg - (nperseg // 2 if noverlap is None else noverlap)
    margin = nperseg // 2
    if boundary == "zeros":
        x = _with_zeros(x, margin, margin)
    elif boundary is not None:
        x = extended(x, margin, boundary)
    if padded:
        x = _with_zeros(x, 0, (-(x.shape[-1] - nperseg) % hop) % nperseg)
    onesided = return_onesided and x.dtype.kind != "c"
    parts = _spectra(x, taper, hop, nfft, detrend, onesided)
    found = parts * np.sqrt(_scale(taper, fs, "density" if scaling == "psd" else "spectrum"))
    times = np.arange(nperseg / 2, x.shape[-1] - nperseg / 2 + 1, hop) / fs
    if boundary is not None:
        times = times - nperseg / 2 / fs
    found = np.moveaxis(found, -1, axis - 1 if axis < 0 else axis)
    return _frequencies(nfft, fs, onesided), times, found


def istft(
    Zxx: Any,
    fs: Any = 1.0,
    window: Any = "hann_periodic",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    input_onesided: bool = True,
    boundary: Any = True,
    scaling: str = "spectrum",
) -> Any:
    """The signal of which these are the spectra, by overlapping and adding."""
    usual = 2 * (Zxx.shape[-2] - 1) if input_onesided else Zxx.shape[-2]
    nperseg = usual if nperseg is None else nperseg
    nfft = usual if nfft is None else nfft
    hop = nperseg - (nperseg // 2 if noverlap is None else noverlap)
    taper = _taper(window, nperseg)
    back = np.fft.irfft(Zxx, nfft, -2) if input_onesided else np.fft.ifft(Zxx, nfft, -2)
    segments = np.moveaxis(back[..., :nperseg, :], -1, -2)
    if scaling == "spectrum":
        segments = segments * np.sum(taper)
    else:
        segments = segments * np.sqrt(fs * np.sum(taper**2))
    count = Zxx.shape[-1]
    length = nperseg + (count - 1) * hop
    x = np.zeros((*Zxx.shape[:-2], length), segments.dtype)
    norm = np.zeros(length)
    for k in range(count):
        x[..., k * hop : k * hop + nperseg] += segments[..., k, :] * taper
        norm[k * hop : k * hop + nperseg] += taper**2
    if boundary:
        x, norm = x[..., nperseg // 2 : -(nperseg // 2)], norm[nperseg // 2 : -(nperseg // 2)]
    x = x / np.where(norm > 1e-10, norm, 1.0)
    return np.arange(x.shape[0]) / fs, x


def _tapered(window: Any, nperseg: Any, usual: int, length: Any) -> Any:
    """The window, and how long it is."""
    if not isinstance(window, str | tuple):
        return window, window.shape[0]
    longest = np.minimum(usual if nperseg is None else nperseg, length)
    return _taper(window, longest), longest


def _taper(window: Any, length: Any) -> Any:
    from scipy.signal import get_window

    return get_window(window, length) if isinstance(window, str | tuple) else window


def _spectra(x: Any, taper: Any, hop: Any, nfft: Any, detrend: Any, onesided: bool) -> Any:
    """The spectrum of each segment, along the last axis."""
    segments = np.lib.stride_tricks.sliding_window_view(x, taper.shape[0], axis=-1)[..., ::hop, :]
    if detrend:
        segments = without_trend(segments, -1, detrend)
    segments = segments * taper
    return np.fft.rfft(segments, nfft, -1) if onesided else np.fft.fft(segments, nfft, -1)


def _scale(taper: Any, fs: Any, scaling: str) -> Any:
    return 1.0 / (fs * np.sum(taper**2)) if scaling == "density" else 1.0 / np.sum(taper) ** 2


def _scaled(power: Any, taper: Any, fs: Any, scaling: str, nfft: Any, onesided: bool) -> Any:
    """The power per frequency; one side counts for both, but where there is only one."""
    power = power * _scale(taper, fs, scaling)
    if not onesided:
        return power
    index = np.arange(power.shape[-1])
    return power * np.where((index == 0) | (2 * index == nfft), 1.0, 2.0)


def _median(power: Any) -> Any:
    """The median, less its bias."""
    evens = 2.0 * np.arange(1, (power.shape[-2] - 1) // 2 + 1)
    bias = 1.0 + np.sum(1.0 / (evens + 1.0) - 1.0 / evens)
    if power.dtype.kind == "c":
        return (np.median(np.real(power), -2) + 1j * np.median(np.imag(power), -2)) / bias
    return np.median(power, -2) / bias


def _frequencies(nfft: Any, fs: Any, onesided: bool) -> Any:
    return np.fft.rfftfreq(nfft, 1 / fs) if onesided else np.fft.fftfreq(nfft, 1 / fs)


def _with_zeros(x: Any, before: Any, after: Any) -> Any:
    outer = x.shape[:-1]
    return np.concatenate((np.zeros((*outer, before)), x, np.zeros((*outer, after))), -1)

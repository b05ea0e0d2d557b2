"""Windows, filters, transforms, grids and series."""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

rng = np.random.default_rng(11)
PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)

V = rng.uniform(0.2, 1.5, 6)
W = rng.uniform(-1.0, 1.0, 7)


@at(W)
def windowed_energy(x):
    windows = np.lib.stride_tricks.sliding_window_view(x, 3)
    return np.sum(np.ptp(windows, axis=-1) * windows.mean(axis=-1))


@at(W)
def savitzky_golay(y):
    kernel = np.array([-3.0, 12.0, 17.0, 12.0, -3.0]) / 35.0
    smooth = np.convolve(y, kernel, mode="valid")
    return np.sum(np.diff(smooth, n=2) ** 2) + np.convolve(y, kernel[::-1], "same")[0]


@at(V)
def circulant_by_roll(c):
    matrix = np.stack([np.roll(c, k) for k in range(len(c))], axis=1)
    return np.linalg.slogdet(matrix)[1] + np.trace(matrix @ matrix)


@at(W)
def fft_low_pass(x):
    spectrum = np.fft.rfft(x)
    gain = 1.0 / (1.0 + np.arange(spectrum.size) ** 2)
    smooth = np.fft.irfft(gain * spectrum, n=x.size)
    return np.sum((x - smooth) ** 2) + np.sum(np.abs(spectrum) ** 2) / x.size


@at(V)
def unwrapped_phase(a):
    z = a * np.exp(1j * a * 3.0)
    phase = np.unwrap(np.angle(z))
    return np.sum(phase) + np.sum(np.abs(z.conj() * z[::-1]).real)


@at(W)
def analytic_energy(x):
    z = np.fft.ifft(np.fft.fft(x) * np.array([1.0, 2, 2, 2, 0, 0, 0]))
    return np.sum(np.abs(z)) + np.sum(z.imag * x)


@at(rng.uniform(-1, 1, (4, 4)))
def spectrum_2d(image):
    power = np.abs(np.fft.fftshift(np.fft.fft2(image, norm="ortho"))) ** 2
    return np.sum(np.log1p(power) * np.hanning(4)[:, None])


@at(rng.uniform(-1, 1, (5, 5)))
def laplacian_energy(u):
    padded = np.pad(u, 1, mode="edge")
    lap = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:] - 4.0 * u
    return np.sum(lap**2) + np.sum(np.pad(u, ((1, 0), (0, 2)), mode="reflect") ** 3)


@at(rng.uniform(-1, 1, (4, 5)))
def total_variation(image):
    gy, gx = np.gradient(image)
    return np.sum(np.hypot(gy, gx)) + np.sum(np.abs(np.diff(image, axis=0, prepend=0.0)))


@at(V)
def arc_length(y):
    x = np.linspace(0.0, 1.0, y.size)
    slope = np.gradient(y, x, edge_order=2)
    return np.trapezoid(np.sqrt(1.0 + slope**2), x)


@at(V, np.array([0.1, 0.9, 2.3, 3.6]))
def lookup_table(heights, where):
    grid = np.arange(heights.size) * 0.7
    return np.sum(np.interp(where, grid, heights, left=0.0) ** 2)


@at(V)
def chebyshev_series(c):
    x = np.cos(np.linspace(0.1, 3.0, 5))
    return np.sum(np.polynomial.chebyshev.chebval(x, c) ** 2) + np.polynomial.chebyshev.chebint(c)[1]


@at(V)
def polynomial_fit(y):
    x = np.linspace(-1.0, 1.0, y.size)
    design = np.vander(x, 3)
    coef, residual, rank, sv = np.linalg.lstsq(design, y, rcond=None)
    return np.sum(coef**2) + np.polyval(coef, 0.3)


@at(W)
def autocorrelation(x):
    c = x - x.mean()
    full = np.correlate(c, c, mode="full")
    lags = full[full.size // 2 :] / full[full.size // 2]
    return np.sum(lags[1:4] ** 2)


@at(V)
def logspace_weights(x):
    w = np.logspace(-1.0, x[0], 4) + np.geomspace(x[1], x[2], 4) + np.linspace(x[3], x[4], 4)
    return np.sum(np.log10(w)) + np.log2(w).max()


@at(V)
def angles(x):
    bearing = np.degrees(np.arctan2(x[:3] - 0.4, x[3:]))
    return (
        np.sum(np.sin(np.deg2rad(bearing)) ** 2)
        + np.arccos(np.clip(x[0] * 0.5, -1.0, 1.0))
        + np.sinc(x).sum()
    )


@at(V)
def float_remainders(x):
    return (
        np.sum(np.mod(x * 3.0, 0.7))
        + np.sum(np.fmod(-x, 0.4))
        + np.sum(np.modf(x * 2.0)[0] ** 2)
        + np.sum(np.floor_divide(x, 0.3) * x)
    )

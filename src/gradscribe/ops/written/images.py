"""Models of scipy.ndimage: filters along axes.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/image_filters.py), values between pixels (sampled_images.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

NAMES: Any = {
    "reflect": "symmetric",
    "grid-mirror": "symmetric",
    "mirror": "reflect",
    "nearest": "edge",
    "wrap": "wrap",
    "grid-wrap": "wrap",
    "constant": "constant",
    "grid-constant": "constant",
}
"""What `np.pad` calls the modes of SciPy."""


def padded(x: Any, widths: Any, mode: str, cval: Any) -> Any:
    """The image with its surroundings."""
    if NAMES[mode] != "constant":
        return np.pad(x, widths, NAMES[mode])
    inside = np.pad(np.ones_like(x), widths)
    return np.pad(x, widths) + cval * (1.0 - inside)


def correlate1d(
    input: Any, weights: Any, axis: int = -1, mode: str = "reflect", cval: Any = 0.0, origin: int = 0
) -> Any:
    """Windows along an axis, weighted."""
    x = np.moveaxis(input, axis, -1)
    n = weights.shape[0]
    before = n // 2 + origin
    widths = [(0, 0)] * (x.ndim - 1) + [(before, n - 1 - before)]
    windows = np.lib.stride_tricks.sliding_window_view(padded(x, widths, mode, cval), n, axis=-1)
    return np.moveaxis(windows @ weights, -1, axis).astype(input.dtype)


def convolve1d(
    input: Any, weights: Any, axis: int = -1, mode: str = "reflect", cval: Any = 0.0, origin: int = 0
) -> Any:
    """The correlation with the weights turned round; an even number of them then stands one further."""
    place = -origin - 1 + weights.shape[0] % 2
    return correlate1d(input, weights[::-1], axis, mode, cval, place)


def uniform_filter1d(
    input: Any, size: Any, axis: int = -1, mode: str = "reflect", cval: Any = 0.0, origin: int = 0
) -> Any:
    """The mean of a window."""
    return correlate1d(input, np.ones(size) / size, axis, mode, cval, origin)


def uniform_filter(input: Any, size: Any = 3, mode: str = "reflect", cval: Any = 0.0, origin: int = 0) -> Any:
    """Along one axis after the other."""
    for axis in range(input.ndim):
        along = size[axis] if isinstance(size, tuple | list) else size
        input = uniform_filter1d(input, along, axis, mode, cval, origin)
    return input


def sobel(input: Any, axis: int = -1, mode: str = "reflect", cval: Any = 0.0) -> Any:
    """A difference along one axis, smoothed along the others."""
    return _difference(input, np.array([1.0, 2.0, 1.0]), axis, mode, cval)


def prewitt(input: Any, axis: int = -1, mode: str = "reflect", cval: Any = 0.0) -> Any:
    """A difference along one axis, smoothed along the others."""
    return _difference(input, np.ones(3), axis, mode, cval)


def _difference(x: Any, smoothing: Any, axis: int, mode: str, cval: Any) -> Any:
    ndim = x.ndim
    x = correlate1d(x, np.array([-1.0, 0.0, 1.0]), axis, mode, cval)
    for other in range(ndim):
        if other != axis % ndim:
            x = correlate1d(x, smoothing, other, mode, cval)
    return x


def laplace(input: Any, mode: str = "reflect", cval: Any = 0.0) -> Any:
    """Second differences along all axes."""
    total = correlate1d(input, np.array([1.0, -2.0, 1.0]), 0, mode, cval)
    for axis in range(1, input.ndim):
        total = total + correlate1d(input, np.array([1.0, -2.0, 1.0]), axis, mode, cval)
    return total


def gaussian_filter1d(
    input: Any,
    sigma: Any,
    axis: int = -1,
    order: int = 0,
    mode: str = "reflect",
    cval: Any = 0.0,
    truncate: float = 4.0,
    radius: Any = None,
) -> Any:
    """The bell, or its derivative of some order, read at whole places."""
    reach = int(truncate * sigma + 0.5) if radius is None else radius
    x = np.arange(-reach, reach + 1)
    bell = np.exp(-0.5 / (sigma * sigma) * x**2)
    bell = bell / np.sum(bell)
    # Hermite's polynomials, by the product rule.
    factor, previous = np.ones_like(bell), np.zeros_like(bell)
    for k in range(order):
        factor, previous = -(x * factor + k * previous) / (sigma * sigma), factor
    return correlate1d(input, (factor * bell)[::-1], axis, mode, cval)


def gaussian_filter(
    input: Any,
    sigma: Any,
    order: Any = 0,
    mode: str = "reflect",
    cval: Any = 0.0,
    truncate: float = 4.0,
    radius: Any = None,
) -> Any:
    """Along one axis after the other."""
    for axis in range(input.ndim):
        width = sigma[axis] if np.ndim(sigma) > 0 else sigma
        degree = order[axis] if isinstance(order, tuple | list) else order
        reach = radius[axis] if isinstance(radius, tuple | list) else radius
        input = gaussian_filter1d(input, width, axis, degree, mode, cval, truncate, reach)
    return input


def gaussian_laplace(
    input: Any, sigma: Any, mode: str = "reflect", cval: Any = 0.0, truncate: float = 4.0
) -> Any:
    """Second derivatives along all axes."""
    ndim = input.ndim
    total = gaussian_filter(input, sigma, _unit(0, ndim, 2), mode, cval, truncate)
    for axis in range(1, ndim):
        total = total + gaussian_filter(input, sigma, _unit(axis, ndim, 2), mode, cval, truncate)
    return total


def gaussian_gradient_magnitude(
    input: Any, sigma: Any, mode: str = "reflect", cval: Any = 0.0, truncate: float = 4.0
) -> Any:
    """The length of the vector of first derivatives."""
    ndim = input.ndim
    parts = [
        gaussian_filter(input, sigma, _unit(axis, ndim, 1), mode, cval, truncate) for axis in range(ndim)
    ]
    return np.linalg.norm(np.stack(parts), axis=0)


def _unit(axis: int, ndim: int, order: int) -> Any:
    return tuple([order if k == axis else 0 for k in range(ndim)])

"""Models of scipy.ndimage: values of images between their pixels, and images that are moved.

Splines of the image with wide surroundings: at a distance of 32 pixels the ends of a cubic spline have no
influence on a double, so that one filter serves all modes.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/sampled_images.py).
References: Unser, Aldroubi & Eden, B-spline signal processing, part II, 1993.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.ops.written.images import padded


def map_coordinates(
    input: Any, coordinates: Any, order: int = 3, mode: str = "constant", cval: Any = 0.0
) -> Any:
    """Products of splines, one factor for each axis."""
    ndim = input.ndim
    surroundings = "mirror" if mode in ("constant", "wrap") else mode
    margin = 32
    c = padded(input, [(margin, margin)] * ndim, surroundings, cval)
    for axis in range(ndim):
        c = _coefficients(c, axis, order)
    terms: Any = [(c, 1.0)]
    inside = True
    for axis in range(ndim):
        n = input.shape[axis]
        place = _mapped(coordinates[axis], n, order, mode)
        if mode == "constant":
            inside = inside & (coordinates[axis] >= 0) & (coordinates[axis] <= n - 1)
        terms = _taps(terms, place, order, margin, first_axis=axis == 0)
    total: Any = 0.0
    for value, weight in terms:
        total = total + weight * value
    found = np.where(inside, total, cval) if mode == "constant" else total
    return found.astype(input.dtype)


def _coefficients(x: Any, axis: int, order: int) -> Any:
    """The B-spline coefficients along an axis."""
    if order < 2:
        return x
    from scipy.linalg import solve_banded

    x = np.moveaxis(x, axis, 0)
    n = x.shape[0]
    side, middle = (1.0 / 8.0, 3.0 / 4.0) if order == 2 else (1.0 / 6.0, 2.0 / 3.0)
    bands = np.array([[side], [middle], [side]]) * np.ones(n)
    found = solve_banded((1, 1), bands, np.reshape(x, (n, -1)))
    return np.moveaxis(np.reshape(found, x.shape), 0, axis)


def _mapped(place: Any, n: Any, order: int, mode: str) -> Any:
    """The place in the image, or near it, that stands for one outside."""
    if mode == "mirror":
        turned = np.mod(place, 2 * n - 2)
        return np.where(turned > n - 1, 2 * n - 2 - turned, turned)
    if mode in ("reflect", "grid-mirror"):
        turned = np.mod(place + 0.5, 2 * n)
        return np.where(turned > n, 2 * n - turned, turned) - 0.5
    if mode == "wrap":
        return np.where((place < 0) | (place > n - 1), np.mod(place, n - 1), place)
    if mode == "grid-wrap":
        return np.mod(place, n)
    # So far beyond the last pixel SciPy continues an image for splines.
    beyond = 12 if mode == "grid-constant" or (mode == "nearest" and order > 1) else 0
    return np.clip(place, -beyond, n - 1 + beyond)


def _taps(terms: Any, place: Any, order: int, margin: int, *, first_axis: bool) -> Any:
    """Each term, read at the pixels around a place along the next axis, with the weight of each."""
    first = np.floor(place + 0.5) if order % 2 == 0 else np.floor(place)
    first = first - order // 2
    found = []
    for value, weight in terms:
        for k in range(order + 1):
            index = (first + k + margin).astype(int)
            read = value[index] if first_axis else _read(value, index)
            found.append((read, weight * _spline(place - first - k, order)))
    return found


def _read(value: Any, index: Any) -> Any:
    """Entry i of each row i of pixels: the axes of the places come first."""
    ndim = index.ndim
    shape = index.shape
    rows = np.reshape(value, (index.size, *value.shape[ndim:]))
    read = rows[np.arange(index.size), np.ravel(index)]
    return np.reshape(read, (*shape, *value.shape[ndim + 1 :]))


def _spline(d: Any, order: int) -> Any:
    """The B-spline of this order at a distance."""
    if order == 0:
        return np.ones_like(d)
    if order == 1:
        # At a pixel, the slope is that of the cell that begins there.
        return np.where(d >= 0.0, 1.0 - d, 1.0 + d)
    far = np.abs(d)
    # Near its middle it is smooth: squares of the distance, not of its modulus.
    if order == 2:
        return np.where(far < 0.5, 0.75 - d * d, 0.5 * (1.5 - far) ** 2)
    return np.where(far < 1.0, 2.0 / 3.0 - d * d + 0.5 * d * d * far, (2.0 - far) ** 3 / 6.0)


def shift(input: Any, shift: Any, order: int = 3, mode: str = "constant", cval: Any = 0.0) -> Any:
    """The image read at places before."""
    ndim = input.ndim
    places = np.indices(input.shape)
    moved = [places[k] - (shift[k] if np.ndim(shift) > 0 else shift) for k in range(ndim)]
    return map_coordinates(input, np.stack(moved), order, mode, cval)


def affine_transform(
    input: Any, matrix: Any, offset: Any = 0.0, order: int = 3, mode: str = "constant", cval: Any = 0.0
) -> Any:
    """The image read at the places that a matrix and an offset give."""
    ndim = input.ndim
    places = np.reshape(np.indices(input.shape), (ndim, -1)) * 1.0
    moved = matrix @ places if np.ndim(matrix) == 2 else matrix[:, None] * places
    moved = moved + (offset[:, None] if np.ndim(offset) > 0 else offset)
    return map_coordinates(input, np.reshape(moved, (ndim, *input.shape)), order, mode, cval)


def zoom(input: Any, zoom: Any, order: int = 3, mode: str = "constant", cval: Any = 0.0) -> Any:
    """The image read at as many places as there are to be, from its first pixel to its last."""
    axes = []
    for k in range(input.ndim):
        n = input.shape[k]
        count = round(n * (zoom[k] if np.ndim(zoom) > 0 else zoom))
        axes.append(np.minimum(np.arange(count) * ((n - 1) / max(count - 1, 1)), n - 1.0))
    return map_coordinates(input, np.stack(np.meshgrid(*axes, indexing="ij")), order, mode, cval)


def rotate(
    input: Any, angle: Any, reshape: bool = True, order: int = 3, mode: str = "constant", cval: Any = 0.0
) -> Any:
    """The image turned around its middle; where it is reshaped, all of it is seen."""
    h, w = input.shape
    c, s = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    if reshape:
        rows, columns = int(abs(c * h) + abs(s * w) + 0.5), int(abs(s * h) + abs(c * w) + 0.5)
    else:
        rows, columns = h, w
    i, j = np.arange(rows)[:, None] - 0.5 * (rows - 1), np.arange(columns) - 0.5 * (columns - 1)
    y, x = c * i + s * j + 0.5 * (h - 1), c * j - s * i + 0.5 * (w - 1)
    return map_coordinates(input, np.stack((_snapped(y, h - 1), _snapped(x, w - 1))), order, mode, cval)


def _snapped(places: Any, last: Any) -> Any:
    """Places that only rounding puts beyond the first or last pixel: SciPy's cosine of 90 degrees is 0."""
    nearest = np.clip(places, 0.0, last)
    return np.where(np.abs(places - nearest) < 1e-9, nearest, places)

"""Calls of scipy.ndimage that the plain operations do not cover, by the general ones.

In:  what users pass.   Out: the very values that SciPy gives.
Not here: the plain operations (ops/images.py), the models of the general ones (images.py, sampled_images.py).
"""

from __future__ import annotations

from typing import Any

from gradscribe.runtime import images


def gaussian_filter(
    input: Any,
    sigma: Any,
    order: Any = 0,
    mode: str = "reflect",
    cval: Any = 0.0,
    truncate: float = 4.0,
    radius: Any = None,
) -> Any:
    """Of any order and width, also of one that is known at run time only."""
    return images.gaussian_filter(
        input, sigma, order=order, mode=mode, cval=cval, truncate=truncate, radius=radius
    )


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
    """Of any order and width, also of one that is known at run time only."""
    return images.gaussian_filter1d(
        input, sigma, axis=axis, order=order, mode=mode, cval=cval, truncate=truncate, radius=radius
    )


def map_coordinates(
    input: Any, coordinates: Any, order: int = 3, mode: str = "constant", cval: Any = 0.0
) -> Any:
    """By splines, and continued beyond the edges."""
    return images.map_coordinates(input, coordinates, order=order, mode=mode, cval=cval)

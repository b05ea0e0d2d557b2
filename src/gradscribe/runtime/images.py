"""Filters and values of images for which no simpler operation stands.

In:  arrays.   Out: arrays.
"""

from __future__ import annotations

from typing import Any


def gaussian_filter(input: Any, sigma: Any, **options: Any) -> Any:
    """`scipy.ndimage.gaussian_filter`."""
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(input, sigma, **options)


def gaussian_filter1d(input: Any, sigma: Any, **options: Any) -> Any:
    """`scipy.ndimage.gaussian_filter1d`."""
    from scipy.ndimage import gaussian_filter1d

    return gaussian_filter1d(input, sigma, **options)


def map_coordinates(input: Any, coordinates: Any, **options: Any) -> Any:
    """`scipy.ndimage.map_coordinates`."""
    from scipy.ndimage import map_coordinates

    return map_coordinates(input, coordinates, **options)

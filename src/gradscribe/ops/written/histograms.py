"""Histograms in several dimensions: a point is counted, with its weight, in one flat array of bins.

In:  what users pass.   Out: the very values that NumPy gives, by simpler calls.
Not here: np.histogram (ops/statistics.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def histogram2d(
    x: Any, y: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> Any:
    """The counts, and the edges of both axes."""
    bins = bins if isinstance(bins, list | tuple) and len(bins) == 2 else (bins, bins)
    counts, edges = _histogram((x, y), bins, range, density, weights)
    return counts, edges[0], edges[1]


def histogramdd(
    sample: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> Any:
    """The counts, and a list of edges."""
    columns = sample.T
    parts = [columns[axis] for axis, _ in enumerate(bins)]
    return _histogram(parts, bins, range, density, weights)


def _histogram(columns: Any, bins: Any, limits: Any, density: Any, weights: Any) -> Any:
    limits = [None for _ in bins] if limits is None else limits
    edges, lengths = [], []
    place: Any = 0
    for column, given, limit in zip(columns, bins, limits, strict=True):
        edge = np.histogram_bin_edges(column, given, limit) if isinstance(given, int) else given
        found = np.searchsorted(edge, column, side="right")
        found = np.where(column == edge[-1], found - 1, found)
        place = place * (len(edge) + 1) + found
        edges.append(edge)
        lengths.append(len(edge) + 1)
    total = 1
    for length in lengths:
        total = total * length
    counts = np.reshape(np.bincount(place, weights, total), tuple(lengths)) * 1.0
    counts = counts[(slice(1, -1),) * len(lengths)]
    if density:
        sum_of_counts = counts.sum()
        for axis, edge in enumerate(edges):
            shape = (1,) * axis + (-1,) + (1,) * (len(edges) - 1 - axis)
            counts = counts / np.reshape(np.diff(edge), shape)
        counts = counts / sum_of_counts
    return counts, edges

"""A sweep in machine code over all pieces of the parameters, in one call for each thread.

In:  compiled pieces (native.py), vectors, flat arrays.   Out: the last of the flat arrays, filled.
Not here: which sweeps are machine code (sweep.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradscribe.optim.layout import Layout
from gradscribe.optim.threads import in_threads
from gradscribe.optim.vector import Vector

# Bytes of each array below which another thread costs more than it saves.
SHARE = 1 << 20


def run_natively(
    function: Callable[..., None],
    layout: Layout,
    group: int,
    vectors: Sequence[Vector],
    flat: Sequence[np.ndarray],
    values: Sequence[float],
    threads: int,
) -> None:
    """Call `function` for all pieces of one flat array.

    Args:
        function: from `native_pieces`.
        layout: of the vectors.
        group: number of the flat array.
        vectors: that are read piece by piece.
        flat: flat arrays of the states, and those that are filled.
        values: numbers.
        threads: that may be used.
    """
    dtype, places = layout.dtypes[group], layout.places[group]
    cuts = [
        [_readable(vector.cut(piece), dtype, place) for vector in vectors]
        for piece, place in zip(layout.pieces[group], places, strict=True)
    ]
    bounds = layout.bounds[group]
    found = [[cut.__array_interface__["data"][0] for cut in row] for row in cuts]
    addresses = np.array(found, np.uint64).reshape(-1, len(vectors))
    arrays = [np.ascontiguousarray(one) for one in flat]
    count = min(threads, layout.sizes[group] * dtype.itemsize // SHARE)
    if count < 2:
        function(bounds, addresses, *arrays, *values)
        return
    ends = np.linspace(0, layout.sizes[group], count + 1)[1:-1]
    shares = np.searchsorted(bounds[:, 1], ends, side="left")
    in_threads(
        function,
        [
            (some, those, *arrays, *values)
            for some, those in zip(np.split(bounds, shares), np.split(addresses, shares), strict=True)
        ],
    )


def _readable(cut: np.ndarray, dtype: np.dtype[Any], place: slice) -> np.ndarray:
    """What machine code reads at its address; a copy of an array that is not as it expects."""
    # Machine code would read past the end of an array that is shorter.
    assert cut.size == place.stop - place.start
    if cut.dtype == dtype and cut.flags.c_contiguous and cut.flags.aligned:
        return cut
    return cut.astype(dtype, order="C", copy=True)

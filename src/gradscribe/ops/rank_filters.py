"""Filters of scipy.ndimage and scipy.signal that take one of the pixels in a window.

In:  nothing.   Out: `OPERATIONS`.
Not here: their models (written/rank_filters.py), filters that weight pixels (image_filters.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradscribe.ops.composite import modelled
from gradscribe.ops.image_filters import EDGES, MODES, NDIMAGE, REFUSED
from gradscribe.ops.spec import OpSpec
from gradscribe.ops.written import rank_filters as model

SHAPE = "size=None, footprint=None, *"
ROW = "size, axis=-1, *"
SHARED = "Equal pixels share equally."
ONE_OF = "Of equal pixels, one takes the derivative."
CROSS = "array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])"
SAMPLES = (
    "a(4, 5), 3",
    "a(4, 5), (3, 2), mode='nearest'",
    f"a(4, 5), footprint={CROSS}, mode='mirror', origin=(1, 0)",
    "a(6), 4, mode='constant', cval=0.3, origin=-1",
)


def _entry(function: Callable[..., Any], signature: str, doc: str, note: str, *samples: str) -> OpSpec:
    name = function.__name__
    return modelled(
        f"image_{name}",
        f"{NDIMAGE}{name}",
        f"input, {signature}, {EDGES}, origin=0",
        function,
        doc,
        why="that of the pixel that is taken",
        real_only=True,
        refused_keywords=REFUSED,
        options=MODES,
        note=note,
        samples=samples,
    )


OPERATIONS = (
    _entry(model.minimum_filter, SHAPE, "The least pixel of a window.", SHARED, *SAMPLES),
    _entry(model.maximum_filter, SHAPE, "The largest pixel of a window.", SHARED, *SAMPLES),
    _entry(model.minimum_filter1d, ROW, "The least pixel along an axis.", SHARED, "a(6), 3", "a(4, 5), 2, 0"),
    _entry(
        model.maximum_filter1d, ROW, "The largest pixel along an axis.", SHARED, "a(6), 3", "a(4, 5), 2, 0"
    ),
    _entry(model.median_filter, SHAPE, "The median of a window.", ONE_OF, *SAMPLES),
    _entry(
        model.rank_filter,
        f"rank, {SHAPE}",
        "The pixel of a window that has this place in their order.",
        ONE_OF,
        "a(4, 5), 2, 3",
        "a(4, 5), -2, (3, 2), mode='wrap'",
        f"a(4, 5), 1, footprint={CROSS}, mode='constant', cval=0.1",
    ),
    _entry(
        model.percentile_filter,
        f"percentile, {SHAPE}",
        "The pixel of a window below which a share of them lies.",
        ONE_OF,
        "a(4, 5), 30, 3",
        "a(4, 5), -20.0, (3, 2)",
        f"a(4, 5), 100, footprint={CROSS}",
    ),
    modelled(
        "signal_medfilt",
        "scipy.signal.medfilt",
        "volume, kernel_size=3",
        model.medfilt,
        "The median of a window, outside of which there are zeros.",
        why="that of the element that is taken",
        real_only=True,
        note=ONE_OF,
        samples=("a(6)", "a(4, 5), 3", "a(4, 5), (1, 3)"),
    ),
)

"""Axes: normalising them, and the shapes that reductions leave.

In:  axis attributes and shapes.   Out: sorted tuples of axes, shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gradscribe.ir.lengths import ONE, Length
from gradscribe.ops.spec import Unsupported


def one_axis(axis: object, ndim: int) -> int:
    """An axis counted from the front.

    Raises:
        Unsupported: it is no int known when the code is generated, or out of range.
    """
    if not isinstance(axis, int | np.integer) or isinstance(axis, bool):
        raise Unsupported("the axis is not known when the code is generated", "write the axis as a literal")
    if not -ndim <= axis < ndim:
        raise Unsupported(f"axis {axis} of an array of {ndim} dimensions", "check the number of dimensions")
    return int(axis) % ndim


def all_axes(axis: object, ndim: int) -> tuple[int, ...]:
    """The axes that an `axis` attribute names, sorted; None names all."""
    if axis is None:
        return tuple(range(ndim))
    axes = axis if isinstance(axis, tuple | list) else (axis,)
    return tuple(sorted(one_axis(item, ndim) for item in axes))


def reduced_shape(shape: tuple[Length, ...], axes: tuple[int, ...], keepdims: bool) -> tuple[Length, ...]:
    """The shape after reducing these axes."""
    if keepdims:
        return tuple(ONE if axis in axes else length for axis, length in enumerate(shape))
    return tuple(length for axis, length in enumerate(shape) if axis not in axes)


def reduction_of(attrs: Mapping[str, object], ndim: int) -> tuple[tuple[int, ...], bool]:
    """Axes and keepdims of a reduction node."""
    keepdims = attrs.get("keepdims", False)
    if not isinstance(keepdims, bool | np.bool_):
        raise Unsupported("keepdims is not known when the code is generated", "write True or False")
    return all_axes(attrs.get("axis"), ndim), bool(keepdims)


def reduction_options(axis: object, keepdims: bool) -> dict[str, Any]:
    """The attributes of a reduction, without those that say what goes without saying."""
    found: dict[str, Any] = {"axis": axis} if axis is not None else {}
    return {**found, "keepdims": True} if keepdims else found

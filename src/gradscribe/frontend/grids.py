"""`np.mgrid` and `np.ogrid`: the coordinates of a grid, by slices.

    np.mgrid[0:h, 0:1:5j]    np.stack(np.meshgrid(np.arange(h), np.arange(5) * 0.25, indexing="ij"))
    np.ogrid[0:h, 0:w]       (np.arange(h)[:, None], np.arange(w)[None, :])

In:  a slice, or a tuple of them.   Out: the calls that compute the same numbers.
Not here: the other objects that are indexed to be called (index_tricks.py).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import libcst as cst
import numpy as np

from gradscribe.frontend.operands import as_value, type_of
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, SliceValue, Static, TupleValue, is_none
from gradscribe.ir.types import ScalarType

OPERATIONS: Mapping[Callable[[Any, Any], object], str] = {
    operator.add: "add",
    operator.sub: "sub",
    operator.mul: "mul",
    operator.truediv: "div",
}


def open_grid(run: Lowering, node: cst.CSTNode, items: Sequence[Abstract], *, is_tuple: bool) -> Abstract:
    """`np.ogrid[...]`: each axis in a dimension of its own."""
    axes = _axes(run, node, items, "np.ogrid")
    if not is_tuple:
        return axes[0]
    ndim = len(axes)
    shapes = [Static(tuple(-1 if axis == place else 1 for axis in range(ndim))) for place in range(ndim)]
    return TupleValue(
        tuple(run.call(run, node, Static(np.reshape), pair, {}) for pair in zip(axes, shapes, strict=True))
    )


def full_grid(run: Lowering, node: cst.CSTNode, items: Sequence[Abstract], *, is_tuple: bool) -> Abstract:
    """`np.mgrid[...]`: an array of one array of coordinates for each axis."""
    axes = _axes(run, node, items, "np.mgrid")
    if not is_tuple:
        return axes[0]
    parts = run.call(run, node, Static(np.meshgrid), axes, {"indexing": Static("ij")})
    return run.call(run, node, Static(np.stack), (parts,), {})


def _axes(run: Lowering, node: cst.CSTNode, items: Sequence[Abstract], name: str) -> list[Abstract]:
    bounds = [_bounds(run, node, item, name) for item in items]
    axes = [_axis(run, node, *found, name) for found in bounds]
    if all(_is_int(run, part) for found in bounds for part in found):
        return axes
    # NumPy gives all axes the dtype of their bounds together.
    return [_float(run, node, axis) for axis in axes]


def _bounds(
    run: Lowering, node: cst.CSTNode, item: Abstract, name: str
) -> tuple[Abstract, Abstract, Abstract]:
    if isinstance(item, Static) and isinstance(item.value, slice):
        known = item.value
        item = SliceValue(Static(known.start), Static(known.stop), Static(known.step))
    if not isinstance(item, SliceValue) or is_none(item.stop):
        raise run.refusal(
            node,
            "GS204",
            f"an index of `{name}` is not a slice with an end",
            why="an axis of the grid runs from start to stop",
            fix=f"write `{name}[start:stop, ...]`",
        )
    start: Abstract = Static(0) if is_none(item.start) else item.start
    return start, item.stop, Static(1) if is_none(item.step) else item.step


def _axis(
    run: Lowering, node: cst.CSTNode, start: Abstract, stop: Abstract, step: Abstract, name: str
) -> Abstract:
    """Coordinates along one axis, computed as NumPy does: number * step + start."""
    if all(_is_int(run, part) for part in (start, stop, step)):
        return run.call(run, node, Static(np.arange), (start, stop, step), {})
    if isinstance(step, Static) and isinstance(step.value, complex):
        count = int(abs(step.value))
        width = _apply(run, node, operator.sub, stop, start)
        step = (
            _apply(run, node, operator.truediv, width, Static(float(count - 1))) if count != 1 else Static(1)
        )
    elif isinstance(start, Static) and isinstance(stop, Static) and isinstance(step, Static):
        count = math.ceil((stop.value - start.value) / step.value)  # type: ignore[operator]
    else:
        raise run.refusal(
            node,
            "GS204",
            f"the number of steps between run-time floats in `{name}`",
            why="it would depend on rounding",
            fix="give the number of points: `start:stop:100j`",
        )
    numbers = run.call(run, node, Static(np.arange), (Static(count),), {})
    return _apply(run, node, operator.add, _apply(run, node, operator.mul, numbers, step), start)


def _float(run: Lowering, node: cst.CSTNode, axis: Abstract) -> Abstract:
    return _apply(run, node, operator.mul, axis, Static(1.0))


def _apply(
    run: Lowering, node: cst.CSTNode, function: Callable[[Any, Any], object], left: Abstract, right: Abstract
) -> Abstract:
    if isinstance(left, Static) and isinstance(right, Static):
        return Static(function(left.value, right.value))
    operands = [as_value(run, operand, node) for operand in (left, right)]
    return run.wrap(run.op(node, OPERATIONS[function], *operands))


def _is_int(run: Lowering, part: Abstract) -> bool:
    type_ = type_of(run, part)
    return isinstance(type_, ScalarType) and type_.dtype.kind in "iu"

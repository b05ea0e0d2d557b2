"""scipy.interpolate: interpolation on a regular grid.

In:  nothing.   Out: `OPERATIONS`.
Not here: recognising the objects (frontend/splines.py), one dimension (interpolation.py, splines.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np

from gradscribe.ir.graph import Input, Value
from gradscribe.ir.lengths import ONE
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.promotion import numbers
from gradscribe.ops.slices import entry, length
from gradscribe.ops.spec import Domain, Spelling, Unsupported

Attrs = Mapping[str, object]
# Of two dimensions, SciPy's last bit depends on whether the values may be written to.
GRID = "a(3, 4, 2), array([0.0, 0.4, 1.0]), array([-1.0, -0.2, 0.3, 1.0]), array([0.0, 1.0])"
PLACES = "array([[0.3, 0.7, 0.2], [0.9, -0.7, 0.6], [0.45, 0.1, 0.9]])"


def _types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    values, *points, xi = numbers(types)
    if attrs.get("method", "linear") not in ("linear", "nearest"):
        raise Unsupported(f"the method {attrs['method']!r} on a grid", "use 'linear' or 'nearest'")
    if len(shape_of(values)) != len(points) or values.dtype != np.dtype(np.float64):
        raise Unsupported(
            "a grid of other than one double at each point", "interpolate each component by itself"
        )
    if not isinstance(attrs.get("fill_value", np.nan), float | int | None):
        raise Unsupported("a value to fill in that is known at run time only", "pass a literal")
    shape = shape_of(xi)
    if not shape:
        raise Unsupported("a single number as the place on a grid", "pass an array of places, one a row")
    if len(shape) == 1:
        return (ArrayType(values.dtype, shape if len(points) == 1 else (ONE,)),)
    return (ArrayType(values.dtype, shape[:-1]),)


def _interpolated(
    b: OpBuilder,
    /,
    values: Value,
    rest: Sequence[Value],
    method: str = "linear",
    bounds_error: bool = True,
    fill_value: float | None = np.nan,
) -> Value:
    """The values at the corners of a cell, weighted by the distances to the opposite ones."""
    *points, xi = rest
    if len(shape_of(xi.type)) == 1:
        xi = b.op("reshape", xi, shape=(-1, len(points)))
    places, weights, outside = [], [], []
    for axis, knots in enumerate(points):
        x = entry(b, xi, -1, axis)
        place = b.op("sub", b.op("searchsorted", knots, x, side="right"), 1)
        place = b.op("clip", place, 0, b.op("sub", length(b, knots, 0), 2))
        start, end = _read(b, knots, [place]), _read(b, knots, [b.op("add", place, 1)])
        places.append(place)
        weights.append(b.expression("(x - p) / (q - p)", {"x": x, "p": start, "q": end}))
        outside += [b.op("lt", x, entry(b, knots, 0, 0)), b.op("gt", x, entry(b, knots, 0, -1))]
    found = (
        _nearest(b, values, places, weights) if method == "nearest" else _linear(b, values, places, weights)
    )
    if fill_value is None or bounds_error:
        return found
    return b.op("where", reduce(lambda left, right: b.op("or_", left, right), outside), fill_value, found)


def _linear(b: OpBuilder, values: Value, places: Sequence[Value], weights: Sequence[Value]) -> Value:
    total: Value | None = None
    for corner in itertools.product((0, 1), repeat=len(places)):
        index = [b.op("add", place, 1) if end else place for place, end in zip(places, corner, strict=True)]
        term = _read(b, values, index)
        for weight, end in zip(weights, corner, strict=True):
            term = b.op("mul", term, weight if end else b.op("sub", 1.0, weight))
        total = term if total is None else b.op("add", total, term)
    assert total is not None
    return total


def _nearest(b: OpBuilder, values: Value, places: Sequence[Value], weights: Sequence[Value]) -> Value:
    pairs = zip(places, weights, strict=True)
    return _read(
        b,
        values,
        [b.op("where", b.op("le", weight, 0.5), place, b.op("add", place, 1)) for place, weight in pairs],
    )


def _read(b: OpBuilder, values: Value, index: Sequence[Value]) -> Value:
    template = tuple(Input(k + 1) for k in range(len(index)))
    return b.apply("get_item", (values, *index), {"index": template})[0]


OPERATIONS = (
    composite(
        "grid_interpolation",
        "gradscribe.runtime.splines.grid_interpolation",
        "values, *rest, method='linear', bounds_error=True, fill_value=float('nan')",
        _interpolated,
        "Interpolation on a regular grid, by points, values and places.",
        why="reads at the corners of a cell, weighted by distances",
        types=_types,
        operands=("values",),
        backend=Domain.OPAQUE,
        samples=(
            f"{GRID}, {PLACES}",
            f"{GRID}, {PLACES}, method='nearest'",
            f"{GRID}, array([[1.3, 0.7, 0.2], [0.9, -1.6, 0.7]]), bounds_error=False, fill_value=None",
            f"{GRID}, array([[1.3, 0.7, 0.2], [0.9, -0.7, 0.6]]), bounds_error=False, fill_value=0.5",
            "a(3), array([0.0, 0.4, 1.0]), array([[0.1], [0.7]])",
        ),
    ),
)

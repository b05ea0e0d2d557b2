"""Linear interpolation.

In:  nothing.   Out: `OPERATIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Value
from gradscribe.ir.types import Type, shape_of
from gradscribe.ops.build import Number, OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.picking import take
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.slices import entry, length
from gradscribe.ops.spec import Domain, Spelling, Unsupported
from gradscribe.ops.whole_numbers import with_differences
from gradscribe.ops.written import statistics as written

Attrs = Mapping[str, object]


def _types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    x, xp, fp = numbers(types[:3])
    if len(shape_of(xp)) != 1 or len(shape_of(fp)) != 1:
        raise Unsupported("interpolation between points that are not vectors", "pass vectors xp and fp")
    return (number_type(np.dtype(np.complex128 if fp.dtype.kind == "c" else np.float64), shape_of(x)),)


def _interp(
    b: OpBuilder,
    x: Value,
    xp: Value,
    fp: Value,
    left: Value | Number | None = None,
    right: Value | Number | None = None,
) -> Value:
    """Beyond the ends it is constant; at a point it has the slope of the interval that begins there."""
    xp, fp = with_differences(b, xp), with_differences(b, fp)
    last = b.op("sub", length(b, xp, 0), 1)
    place = b.op("sub", b.op("searchsorted", xp, x, side="right"), 1)
    place = b.op("clip", place, 0, b.op("maximum", b.op("sub", last, 1), 0))
    after = b.op("minimum", b.op("add", place, 1), last)
    names = {"x": x, "p": _at(b, xp, place), "f": _at(b, fp, place), "g": _at(b, fp, after)}
    names["q"] = _at(b, xp, after)
    inside = b.expression("f + (g - f) / or_one(q - p) * (x - p)", names)
    low = entry(b, fp, 0, 0) if left is None else left
    high = entry(b, fp, 0, -1) if right is None else right
    inside = b.op("where", b.op("gt", x, entry(b, xp, 0, -1)), high, inside)
    return b.op("where", b.op("lt", x, entry(b, xp, 0, 0)), low, inside)


def _at(b: OpBuilder, x: Value, place: Value) -> Value:
    return take(b, x, place)


OPERATIONS = (
    composite(
        "interp",
        "numpy.interp",
        "x, xp, fp, left=None, right=None",
        _interp,
        "Linear interpolation between points.",
        why="two reads, weighted by the distances",
        types=_types,
        operands=("x", "xp", "fp", "left", "right"),
        backend=Domain.OPAQUE,
        written=written.interp,
        note="At a point, the slope is that of the interval that begins there; beyond the ends it is 0.",
        samples=(
            "a(4), array([-0.9, -0.2, 0.3, 0.8]), a(4)",
            "s(), array([-0.9, -0.2, 0.3, 0.8]), a(4)",
            "a(2, 3), array([-0.5, 0.1, 0.5]), a(3), left=2.0, right=f()",
            "f(), array([-0.9, 0.8]), a(2)",
        ),
    ),
)

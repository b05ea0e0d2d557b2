"""Exponentials over their sum.

In:  sums of exponentials, and quotients by them.   Out: their reductions and forms.
Not here: sums of two or three exponentials that are written out (exponentials.py).
"""

from __future__ import annotations

import math

from gradscribe.ad.forms import Form, Part, Reduction, weighted
from gradscribe.ad.reader import Reader
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import is_inexact
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.reductions import reduce_like, restore_axes


def softmax_of(reader: Reader, over: Node) -> tuple[Value, Reduction] | None:
    """x and how log(sum(exp(x))) moves with it, if the node is a sum or mean of exponentials."""
    exponential = reader.maker(over.inputs[0], "exp")
    if exponential is None or _is_shifted(reader, exponential.inputs[0]):
        return None
    (x,) = exponential.inputs
    return x, weighted(over, lambda b: _softmax(b, over, x))


def quotient_by_sum(reader: Reader, node: Node) -> Form | None:
    """The form of exp(a) / sum(exp(x))."""
    above = reader.maker(node.inputs[0], "exp")
    over = reader.maker(node.inputs[1], "sum", "mean")
    found = None if over is None else softmax_of(reader, over)
    if above is None or over is None or found is None:
        return None
    x, reduction = found
    (a,) = above.inputs

    def share(b: OpBuilder) -> Value:
        largest = _largest(b, over, x)
        total = reduce_like(
            b, over, over.op.name, b.op("exp", b.op("sub", x, restore_axes(b, over, largest)))
        )
        return b.op("div", b.op("exp", b.op("sub", a, largest)), total)

    return Form((Part(a, "share", {"share": share}), Part(x, "-share", {"share": share}, reduction)))


def _is_shifted(reader: Reader, value: Value) -> bool:
    """The user has subtracted the largest element already."""
    difference = reader.maker(value, "sub")
    return (
        difference is not None
        and reader.maker(difference.inputs[1], "max", "max_where", "expand_dims") is not None
    )


def _largest(b: OpBuilder, over: Node, x: Value) -> Value:
    """The largest of the elements that are summed, if there are any."""
    if not is_inexact(x.type):
        return reduce_like(b, over, "max", x)
    attrs = {key: over.attrs[key] for key in ("axis", "keepdims") if key in over.attrs}
    return b.apply("max_where", (x, b.constant(-math.inf)), {**attrs, "where": True})[0]


def _softmax(b: OpBuilder, over: Node, x: Value) -> Value:
    shifted = b.op("exp", b.op("sub", x, restore_axes(b, over, _largest(b, over, x))))
    return b.op("div", shifted, restore_axes(b, over, reduce_like(b, over, "sum", shifted)))

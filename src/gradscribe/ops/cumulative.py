"""Running sums and differences.

In:  nothing.   Out: `OPERATIONS`.
Not here: running products (products.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import at_least_zero
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import linear
from gradscribe.ops.promotion import numbers
from gradscribe.ops.shapes import product_of, reshape_like
from gradscribe.ops.spec import Aliasing, Domain, Spelling, Unsupported
from gradscribe.ops.written import statistics as written

Attrs = Mapping[str, object]
RUNNING = {"out": "it writes into another array"}


def _cumsum_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    shape = shape_of(operand)
    if attrs.get("axis") is None:
        shape = (product_of(shape),)
    dtype = operand.dtype
    if dtype.kind in "biu" and dtype.itemsize < 8:
        dtype = np.dtype(np.uint64 if dtype.kind == "u" else np.int64)
    return (ArrayType(dtype, shape),)


def _cumsum_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    """Sums from the other end."""
    axis = node.attrs.get("axis")
    along: dict[str, Any] = {} if axis is None or len(shape_of(ct.type)) == 1 else {"axis": axis}
    found = b.op("flip", b.op("cumsum", b.op("flip", ct, **along), **along), **along)
    return reshape_like(b, found, node.inputs[0]) if axis is None else found


def _diff_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    n = attrs.get("n", 1)
    if not isinstance(n, int) or n < 0:
        raise Unsupported(
            "the order of a difference is not known when the code is generated", "write it as a literal"
        )
    if operand.dtype.kind == "b":
        raise Unsupported("differences of bools", "convert them with .astype(int)")
    shape = list(shape_of(operand))
    axis = one_axis(attrs.get("axis", -1), len(shape))
    for _ in range(n):
        shape[axis] = at_least_zero(shape[axis] - 1)
    return (ArrayType(operand.dtype, tuple(shape)),)


def _diff_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    """What was subtracted from the next entry, and what the previous one was subtracted from."""
    n = node.attrs.get("n", 1)
    assert isinstance(n, int)
    operand = node.inputs[0]
    axis = one_axis(node.attrs.get("axis", -1), len(shape_of(operand.type)))
    along: dict[str, Any] = {"axis": node.attrs["axis"]} if "axis" in node.attrs else {}
    for order in range(n - 1, -1, -1):
        orders: dict[str, Any] = {"n": order} if order > 1 else {}
        before = b.op("diff", operand, **along, **orders) if order else operand
        ct = _spread(b, b.op("zeros_like", before), ct, axis)
    return ct


def _spread(b: OpBuilder, zeros: Value, ct: Value, axis: int) -> Value:
    """`d[1:] += ct; d[:-1] -= ct` along an axis."""
    later, earlier = ((*(slice(None),) * axis, part) for part in (slice(1, None), slice(None, -1)))
    added = b.apply("accumulate_at", (zeros, ct), {"index": later, "repeats": False})[0]
    return b.apply("accumulate_at", (added, b.op("neg", ct)), {"index": earlier, "repeats": False})[0]


OPERATIONS = (
    linear(
        "cumsum",
        "numpy.cumsum .cumsum()",
        "x, axis=None",
        _cumsum_transpose,
        _cumsum_types,
        "Running sum.",
        operands=("x",),
        refused_keywords=RUNNING,
        written=written.cumsum,
        backend=Domain.OPAQUE,
        samples=("a(4)", "a(3, 4), axis=0", "a(3, 4), axis=-1", "a(4), axis=0", "a(0)", "a(2, 3)"),
    ),
    linear(
        "diff",
        "numpy.diff",
        "x, n=1, axis=-1",
        _diff_transpose,
        _diff_types,
        "Differences of neighbours.",
        aliasing=lambda types, attrs, spelling: Aliasing.FRESH if attrs.get("n", 1) else Aliasing.SAME,
        operands=("x",),
        backend=Domain.OPAQUE,
        written=written.diff,
        samples=("a(4)", "a(3, 4), axis=0", "a(3, 4)", "a(5), n=2", "a(1)", "a(0)"),
    ),
)

"""Tangents of linear and bilinear operations: the operation itself.

In:  a node and the tangents of its inputs.   Out: the tangent of its output.
Not here: other forms (forward.py), transposes (reverse.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import is_inexact
from gradscribe.ops.build import OpBuilder


def apply_linear(b: OpBuilder, node: Node, given: Sequence[Value | None]) -> Value:
    """The operation itself on the tangents; operands without one contribute zero."""
    inputs: list[Value] = []
    for value, tangent in zip(node.inputs, given, strict=True):
        if tangent is not None:
            inputs.append(tangent)
        else:
            inputs.append(b.op("zeros_like", value) if is_inexact(value.type) else value)
    outputs = b.apply(node.op.name, inputs, node.attrs)
    return outputs[0]


def apply_bilinear(b: OpBuilder, node: Node, given: Sequence[Value | None]) -> Value:
    """d(x * y) = dx * y + x * dy."""
    left, right, *rest = node.inputs
    total: Value | None = None
    if given[0] is not None:
        total = b.apply(node.op.name, (given[0], right, *rest), node.attrs)[0]
    if given[1] is not None:
        term = b.apply(node.op.name, (left, given[1], *rest), node.attrs)[0]
        total = term if total is None else b.op("add", total, term)
    assert total is not None
    return total

"""Elementwise operations: partials as text become factors of tangents and cotangents.

In:  a node, its cotangent or the tangents of its operands.   Out: contributions, or a tangent.
Not here: the partials (ops/), adding contributions (accumulate.py).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from gradscribe.ad.accumulate import select
from gradscribe.ad.broadcasting import reduce_to, whole
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import broadcast_shapes, same_shape, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.expression import parse
from gradscribe.ops.spec import Dense, Elementwise, Masked, OpSpec


def pull_back(
    b: OpBuilder, node: Node, ct: Dense | Masked, wanted: Sequence[bool], *, selected: bool
) -> Iterator[Dense | Masked | None]:
    """One contribution per input of the node (None where it is not wanted or the operand is constant).

    Args:
        b: builder of the reverse sweep.
        node: an elementwise node.
        ct: cotangent of its output.
        wanted: inputs that get a contribution.
        selected: the cotangent may be zero because of a selection, which an infinite partial must not undo.
    """
    for position, operand in enumerate(node.inputs):
        partial = partial_of(b, node, position) if wanted[position] else None
        if partial is None:
            yield None
            continue
        guard = selected and is_singular(node)
        yield contribution(b, node, operand, ct, partial, environment(node), guard=guard)


def contribution(
    b: OpBuilder,
    node: Node,
    operand: Value,
    ct: Dense | Masked,
    partial: str,
    names: dict[str, Value],
    *,
    guard: bool = False,
) -> Dense | Masked:
    """What a value gets of the cotangent of a node, of which `partial` is the derivative by that value."""
    if isinstance(ct, Masked) and _keeps_selection(node, operand, ct):
        value = whole(b, scale(b, ct.value, parse(partial), names), node.output)
        return Masked(value, ct.condition, ct.taken_if)
    plain = select(b, ct) if isinstance(ct, Masked) else ct.value
    value = scale(b, plain, parse(partial), names)
    if guard:
        # Only what an infinite partial made of zero: where the partial is finite, a cotangent that happens to be
        # zero has a derivative of its own, which the second order reads.
        undone = b.op("and_", b.op("eq", plain, 0.0), b.op("isnan", value))
        value = b.op("where", undone, 0.0, value)
    return Dense(reduce_to(b, whole(b, value, node.output), node.output, operand))


def is_singular(node: Node) -> bool:
    """A partial of this node is infinite or undefined at some finite operands."""
    spec = node.op
    return isinstance(spec, OpSpec) and isinstance(spec.form, Elementwise) and spec.form.singular


def _keeps_selection(node: Node, operand: Value, ct: Masked) -> bool:
    """A selection may wait while shapes stay: nothing was broadcast, and the condition is not wider."""
    wide = broadcast_shapes(shape_of(ct.condition.type), shape_of(operand.type))
    return same_shape(node.output.type, operand.type) and len(wide) == len(shape_of(operand.type))


def push_forward(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Value | None:
    """The tangent of the output: the sum of partials times tangents."""
    total: Value | None = None
    for position, tangent in enumerate(tangents):
        partial = partial_of(b, node, position) if tangent is not None else None
        if tangent is None or partial is None:
            continue
        term = scale(b, tangent, parse(partial), environment(node))
        total = term if total is None else b.op("add", total, term)
    return total


def partial_of(b: OpBuilder, node: Node, position: int) -> str | None:
    """The partial with respect to the input at this position, None where it is zero."""
    spec = node.op
    assert isinstance(spec, OpSpec) and isinstance(spec.form, Elementwise)
    return spec.form.partial(b, node, spec.operand_names(node)[position])


def environment(node: Node) -> dict[str, Value]:
    """What the names in a partial stand for."""
    spec = node.op
    assert isinstance(spec, OpSpec)
    return {**dict(zip(spec.operand_names(node), node.inputs, strict=True)), "out": node.output}


def scale(b: OpBuilder, factor: Value, partial: ast.expr, values: dict[str, Value]) -> Value:
    """factor * partial, written as a person would: `d / y`, not `d * (1 / y)`; `-d`, not `d * -1`."""
    match partial:
        case ast.Constant(value=1 | 1.0):
            return factor
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return b.op("neg", scale(b, factor, operand, values))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return b.op("div", scale(b, factor, left, values), b.expression(ast.unparse(right), values))
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return b.op("mul", scale(b, factor, left, values), b.expression(ast.unparse(right), values))
        case _:
            return b.op("mul", factor, b.expression(ast.unparse(partial), values))

"""Elementwise operations: partials as text become factors of tangents and cotangents.

In:  a node, its cotangent or the tangents of its operands.   Out: contributions, or a tangent.
Not here: the partials (ops/), adding contributions (accumulate.py).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence, Set

from gradscribe.ad.accumulate import select
from gradscribe.ad.broadcasting import reduce_to, whole
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import broadcast_shapes, same_shape, shape_of
from gradscribe.ops.build import OpBuilder, literals_of
from gradscribe.ops.expression import parse
from gradscribe.ops.spec import Dense, Elementwise, Masked, OpSpec

TAKING = frozenset({"maximum", "minimum", "fmax", "fmin", "clip"})
"""Operations that take one of their operands at each element."""

MOVING = frozenset({"neg", "add", "sub", "mul"})
"""Operations of which a number as one operand shifts or scales the other one."""

STEEP = frozenset({"sqrt", "cbrt", "float_power", "arcsin", "arccos", "arccosh", "xlogy", "entr", "rel_entr"})
"""Operations with a vertical tangent; for powers see `is_steep`."""


def pull_back(
    b: OpBuilder,
    node: Node,
    ct: Dense | Masked,
    wanted: Sequence[bool],
    *,
    selected: bool,
    unbounded: bool = False,
) -> Iterator[Dense | Masked | None]:
    """One contribution per input of the node (None where it is not wanted or the operand is constant).

    Args:
        b: builder of the reverse sweep.
        node: an elementwise node.
        ct: cotangent of its output.
        wanted: inputs that get a contribution.
        selected: the cotangent may be zero because of a selection, which an infinite partial must not undo.
        unbounded: the cotangent may be infinite, which must not undo that an operand was not taken.
    """
    if unbounded and node.op.name in TAKING:
        yield from _taken(b, node, ct, wanted)
        return
    for position, operand in enumerate(node.inputs):
        partial = partial_of(b, node, position) if wanted[position] else None
        if partial is None:
            yield None
            continue
        guard = selected and is_singular(node)
        yield contribution(b, node, operand, ct, partial, environment(node), guard=guard)


def _taken(
    b: OpBuilder, node: Node, ct: Dense | Masked, wanted: Sequence[bool]
) -> Iterator[Dense | Masked | None]:
    """What operands get of which each is taken at some elements: nothing at the others."""
    plain = select(b, ct) if isinstance(ct, Masked) else ct.value
    for position, operand in enumerate(node.inputs):
        partial = partial_of(b, node, position) if wanted[position] else None
        if partial is None:
            yield None
            continue
        share = b.expression(partial, environment(node))
        value = b.op("where", b.op("eq", share, 0.0), 0.0, b.op("mul", plain, share))
        yield Dense(reduce_to(b, whole(b, value, node.output), node.output, operand))


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
        value = _unless_zero(b, plain, value)
    return Dense(reduce_to(b, whole(b, value, node.output), node.output, operand))


def _unless_zero(b: OpBuilder, factor: Value, product: Value) -> Value:
    """The product of a factor and a partial, or zero where the factor is zero and the partial is infinite.

    Only what an infinite partial made of zero: where the partial is finite, a factor that happens to be zero has a
    derivative of its own, which the second order reads.
    """
    undone = b.op("and_", b.op("eq", factor, 0.0), b.op("isnan", product))
    return b.op("where", undone, 0.0, product)


def is_singular(node: Node) -> bool:
    """A partial of this node is infinite or undefined at some finite operands."""
    spec = node.op
    return isinstance(spec, OpSpec) and isinstance(spec.form, Elementwise) and spec.form.singular


def is_steep(b: OpBuilder, node: Node) -> bool:
    """A partial of this node may be infinite where its value is finite."""
    if node.op.name == "pow":
        exponent = b.literal(node.inputs[1])
        return exponent is None or (not isinstance(exponent, complex) and exponent < 1)
    return node.op.name in STEEP


def steep_results(nodes: Sequence[Node], readers: Set[str]) -> frozenset[Value]:
    """What steep nodes compute, also negated, shifted and scaled by literals.

    Args:
        nodes: of a block.
        readers: the operations that want to know it; where there are none of them, nothing is found.
    """
    if not any(node.op.name in readers for node in nodes):
        return frozenset()
    b = OpBuilder(literals=literals_of(nodes))
    found: set[Value] = set()
    for node in nodes:
        if len(node.outputs) != 1:
            continue
        moves = node.op.name in MOVING and any(value in found for value in node.inputs)
        if is_steep(b, node) or (moves and sum(b.literal(value) is None for value in node.inputs) == 1):
            found.add(node.output)
    return frozenset(found)


def _keeps_selection(node: Node, operand: Value, ct: Masked) -> bool:
    """A selection may wait while shapes stay: nothing was broadcast, and the condition is not wider."""
    wide = broadcast_shapes(shape_of(ct.condition.type), shape_of(operand.type))
    return same_shape(node.output.type, operand.type) and len(wide) == len(shape_of(operand.type))


def push_forward(
    b: OpBuilder,
    node: Node,
    tangents: Sequence[Value | None],
    selected: Sequence[bool],
    steep: frozenset[Value] = frozenset(),
) -> Value | None:
    """The tangent of the output: the sum of partials times tangents.

    Args:
        b: builder of the forward sweep.
        node: an elementwise node.
        tangents: of its operands.
        selected: those of them that may be zero because something else was taken: an infinite partial must not
            undo that.
        steep: values whose tangents may be infinite.
    """
    total: Value | None = None
    for position, tangent in enumerate(tangents):
        partial = partial_of(b, node, position) if tangent is not None else None
        if tangent is None or partial is None:
            continue
        term = scale(b, tangent, parse(partial), environment(node))
        if selected[position] and is_singular(node) and (node.op.name, position) != ("div", 0):
            term = _unless_zero(b, tangent, term)
        if node.op.name in TAKING and node.inputs[position] in steep:
            share = b.expression(partial, environment(node))
            term = b.op("where", b.op("eq", share, 0.0), 0.0, term)
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

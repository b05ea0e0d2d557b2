"""Shapes in derivative code: broadcasting, un-broadcasting and conversions that are not needed.

    before:  d_r = np.broadcast_to(d_y, r.shape).copy() * 2.0 * r         after:  d_r = d_y * 2.0 * r
             d_x = unbroadcast_like(d_r, x)      # x and r have one shape         d_x = d_r

In:  a derivative node.   Out: a value that can stand for its output, or None.
Not here: which contributions need a full shape in the first place (ad/broadcasting.py).
"""

from __future__ import annotations

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, ScalarType, is_number, same_shape
from gradscribe.ops.spec import Domain, OpSpec
from gradscribe.passes.rules import rule_for, rule_where
from gradscribe.passes.scope import Scope, builder, compatible

BROADCASTING = frozenset({"add", "sub", "mul", "div", "maximum", "minimum", "where"})
KEEPS_TYPE = frozenset({"astype", "convert", "broadcast_like", "unbroadcast_like", "copy"})


@rule_for(KEEPS_TYPE)
def drop_conversion(scope: Scope, node: Node) -> Value | None:
    """A conversion to the type that the value has already."""
    value = node.inputs[0]
    if node.op.name == "unbroadcast_like" and not same_shape(value.type, node.inputs[1].type):
        return None
    same = compatible(value.type, node.output.type) and is_number(value.type)
    return value if same and scope.is_certainly_float(value) else None


@rule_where(lambda op: bool(op.shape_only))
def take_shape_elsewhere(scope: Scope, node: Node) -> Value | None:
    """The shape of an operand in place of that of an elementwise result which nobody reads by name.

    `(r ** 2).size` is `r.size`: the power need not be computed for it.
    """
    (position,) = node.op.shape_only
    value = node.inputs[position]
    made = scope.definition(value)
    if made is None or not isinstance(made.op, OpSpec) or made.op.backend is not Domain.ELEMENTWISE:
        return None
    if value.hint and scope.has_other_readers(value, node):
        return None
    for source in made.inputs:
        same = same_shape(source.type, value.type) and type(source.type) is type(value.type)
        if same:
            inputs = [*node.inputs]
            inputs[position] = source
            # What something was computed from is there.
            attrs = {key: attr for key, attr in node.attrs.items() if key != "optional"}
            b = builder(node)
            return scope.accept(b, b.apply(node.op.name, inputs, attrs)[0], node)
    return None


@rule_for(BROADCASTING)
def drop_broadcast_operand(scope: Scope, node: Node) -> Value | None:
    """An operand that is broadcast to a shape which the other operands give the result anyway."""
    if not isinstance(node.output.type, ArrayType):
        return None
    for position, value in enumerate(node.inputs):
        repeated = scope.inner(value)
        if repeated is None or repeated.op.name != "broadcast_like":
            continue
        others = [other for k, other in enumerate(node.inputs) if k != position]
        if not any(same_shape(other.type, node.output.type) for other in others):
            continue
        inputs = [*node.inputs]
        inputs[position] = repeated.inputs[0]
        b = builder(node)
        result = scope.accept(b, b.apply(node.op.name, inputs, node.attrs)[0], node)
        if result is not None:
            return result
    return None


@rule_for(("add",))
def drop_zeros(scope: Scope, node: Node) -> Value | None:
    """Adding zeros of the same shape."""
    for zero, value in (node.inputs, node.inputs[::-1]):
        made = scope.inner(zero)
        if made is not None and made.op.name == "zeros_like" and compatible(value.type, node.output.type):
            return value
    return None


@rule_for(("sum",))
def sum_of_scalar(scope: Scope, node: Node) -> Value | None:
    """The sum of a number is the number."""
    if not isinstance(node.inputs[0].type, ScalarType):
        return None
    value, wanted = node.inputs[0], node.output.type
    if compatible(value.type, wanted) or not isinstance(wanted, ScalarType) or wanted.python:
        return value if compatible(value.type, wanted) else None
    # NumPy's sum of a Python number is one of NumPy's numbers; a number has no method `sum`.
    b = builder(node)
    return scope.accept(b, b.op("astype", value, dtype=wanted.dtype), node)

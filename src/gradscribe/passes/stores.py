"""Indexed updates in derivative code.

    before:  d_p = d_u[1:-1].copy(); d_u[1:-1] = 0.0; d_u[1:-1] += d_p        after:  nothing
             d_h[i] += a; d_h[j] += b; d_h[i] += c                            d_h[j] += b; d_h[i] += a + c
             d_u[i] = 0.0; d_u[j] += b; d_u[i] += c                           d_u[i] = c; d_u[j] += b
             d_x = np.zeros_like(x); d_x[1:] += a                             d_x = np.zeros_like(x); d_x[1:] = a

The first is what `u[1:-1] += ...` gives: the store ends the cotangent of the old slice, the read that it adds to
hands it on. Additions to one array may change places, so those to one part of it become one.

In:  a derivative node.   Out: a value that can stand for its output, or None.
Not here: which updates happen in place (codegen/).
"""

from __future__ import annotations

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.template import freeze, map_template
from gradscribe.ir.types import same_shape
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.indexes import selects_all
from gradscribe.passes.rules import rule_for
from gradscribe.passes.scope import Scope, builder, compatible

# How many additions to one array are looked through for one to the same part: the work stays linear.
LOOK_BACK = 16


@rule_for(("accumulate_at",))
def add_back_after_clearing(scope: Scope, node: Node) -> Value | None:
    """The array itself, where a part of it is cleared and then has its own content added."""
    if node.attrs["repeats"]:
        return None
    cleared, part = (scope.definition(value) for value in node.inputs[:2])
    if cleared is None or part is None or cleared.op.name != "set_item" or part.op.name != "get_item":
        return None
    array = cleared.inputs[0]
    same_part = _index(node) == _index(cleared) == _index(part)
    if part.inputs[0] is not array or not same_part or scope.literal(cleared.inputs[1]) != 0:
        return None
    return array if cleared.derivative and array.type == node.output.type else None


@rule_for(("accumulate_at",))
def merge_additions(scope: Scope, node: Node) -> Value | None:
    """One addition, or one store, in place of two updates of the same part of an array."""
    index = _index(node)
    between: list[Node] = []
    made = _update(scope, node.inputs[0])
    while made is not None and len(between) < LOOK_BACK:
        if _index(made) == index and _is_repeatable(made, node):
            return _merged(scope, node, made, between)
        if made.op.name != "accumulate_at":
            return None
        between.append(made)
        made = _update(scope, made.inputs[0])
    return None


def _update(scope: Scope, value: Value) -> Node | None:
    """The derivative node that updates an array, where only its one reader needs what it gives."""
    made = scope.definition(value)
    if made is None or not made.derivative or made.op.name not in ("accumulate_at", "set_item"):
        return None
    return made if scope.is_read_once(value) else None


def _is_repeatable(made: Node, node: Node) -> bool:
    """Adding the sum of both values is adding one after the other, also where elements are indexed twice."""
    first, second = made.inputs[1].type, node.inputs[1].type
    if node.attrs["repeats"]:
        return made.op.name == "accumulate_at" and same_shape(first, second)
    return True


def _merged(scope: Scope, node: Node, made: Node, between: list[Node]) -> Value | None:
    b = builder(node)
    total = (
        node.inputs[1] if scope.literal(made.inputs[1]) == 0 else b.op("add", made.inputs[1], node.inputs[1])
    )
    stores = made.op.name == "set_item"
    array = made.inputs[0]
    if stores:
        array = _updated(b, made, array, total)
    for update in reversed(between):
        with b.at(update.location):
            array = _updated(b, update, array, update.inputs[1])
    if not stores:
        array = _updated(b, node, array, total)
    return scope.accept(b, array, node)


def _updated(b: OpBuilder, update: Node, array: Value, value: Value) -> Value:
    return b.apply(update.op.name, (array, value, *update.inputs[2:]), update.attrs)[0]


@rule_for(("accumulate_at",))
def store_into_zeros(scope: Scope, node: Node) -> Value | None:
    """A store in place of the first addition to zeros; the value itself where it fills them."""
    if node.attrs["repeats"]:
        return None
    zeros, value = node.inputs[:2]
    if not _are_zeros(scope, zeros):
        return None
    if selects_all(node.attrs["index"]) and compatible(value.type, node.output.type):
        return value
    b = builder(node)
    attrs = {"index": node.attrs["index"]}
    return scope.accept(b, b.apply("set_item", (zeros, value, *node.inputs[2:]), attrs)[0], node)


def _are_zeros(scope: Scope, value: Value) -> bool:
    made = scope.definition(value)
    if made is None or not made.derivative:
        return False
    if made.op.name == "set_item":
        return selects_all(made.attrs["index"]) and scope.literal(made.inputs[1]) == 0
    return made.op.name == "zeros_like"


@rule_for(("get_item",))
def read_whole(scope: Scope, node: Node) -> Value | None:
    """The array itself in place of `x[...]`."""
    if not selects_all(node.attrs["index"]):
        return None
    return node.inputs[0] if compatible(node.inputs[0].type, node.output.type) else None


def _index(node: Node) -> object:
    """The index of a node over the values that it reads, to be compared with that of another node."""
    return freeze(map_template(node.attrs["index"], lambda item: node.inputs[item.position]))

"""Updates of list entries in derivative code.

    before:  t = d_c[i]; d_c[i] = 0.0; d_c[i] += t          after:  t = d_c[i]
             t = d_c[i]; d_c[i] = 0.0; d_c[i] += w * t              t = d_c[i]; d_c[i] = w * t

Both are what `c[i] = c[i] * w + ...` gives: the store ends the cotangent of the old entry, the read hands one on.
What is read of the cotangent of a list that was summed up, `[d_total] * n`, is `d_total`.

In:  a derivative node.   Out: a value that can stand for its output, or None.
Not here: parts of arrays (stores.py).
"""

from __future__ import annotations

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ScalarType
from gradscribe.passes.rules import rule_for
from gradscribe.passes.scope import Scope, builder


@rule_for(("list_accumulate",))
def add_after_clearing(scope: Scope, node: Node) -> Value | None:
    """The list itself where a number in it is cleared and added again; one store where another one is added."""
    if not isinstance(node.inputs[-1].type, ScalarType):
        return None
    cleared = scope.definition(node.inputs[0])
    if cleared is None or not cleared.derivative or cleared.op.name != "list_set":
        return None
    items, *path, zero = cleared.inputs
    value = node.inputs[-1]
    if list(node.inputs[1:-1]) != path or not _is_zero(scope, zero) or items.type != node.output.type:
        return None
    part = scope.definition(value)
    if part is not None and part.op.name == "list_get" and list(part.inputs) == [items, *path]:
        return items
    if value.type != zero.type or not scope.is_read_once(node.inputs[0]):
        return None
    b = builder(node)
    return scope.accept(b, b.apply("list_set", (items, *path, value), {})[0], node)


@rule_for(("list_get",))
def read_repeated(scope: Scope, node: Node) -> Value | None:
    """An item of a list of the same number throughout."""
    items, *path = node.inputs
    made = scope.definition(items)
    if made is None or not made.derivative or made.op.name != "repeat_item" or len(path) != 1:
        return None
    return scope.accept(builder(node), made.inputs[0], node)


def _is_zero(scope: Scope, value: Value) -> bool:
    made = scope.definition(value)
    return scope.literal(value) == 0 or (made is not None and made.op.name == "zeros_like")

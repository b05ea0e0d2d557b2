"""Indexed updates in derivative code.

    before:  d_p = d_u[1:-1].copy(); d_u[1:-1] = 0.0; d_u[1:-1] += d_p        after:  nothing

That is what `u[1:-1] += ...` gives: the store ends the cotangent of the old slice, the read that it adds to
hands it on.

In:  a derivative node.   Out: a value that can stand for its output, or None.
Not here: which updates happen in place (codegen/).
"""

from __future__ import annotations

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.template import freeze, map_template
from gradscribe.passes.scope import Scope


def add_back_after_clearing(scope: Scope, node: Node) -> Value | None:
    """The array itself, where a part of it is cleared and then has its own content added."""
    if node.op.name != "accumulate_at" or node.attrs["repeats"]:
        return None
    cleared, part = (scope.definition(value) for value in node.inputs[:2])
    if cleared is None or part is None or cleared.op.name != "set_item" or part.op.name != "get_item":
        return None
    array = cleared.inputs[0]
    same_part = _index(node) == _index(cleared) == _index(part)
    if part.inputs[0] is not array or not same_part or scope.literal(cleared.inputs[1]) != 0:
        return None
    return array if cleared.derivative and array.type == node.output.type else None


def _index(node: Node) -> object:
    """The index of a node over the values that it reads, to be compared with that of another node."""
    return freeze(map_template(node.attrs["index"], lambda item: node.inputs[item.position]))

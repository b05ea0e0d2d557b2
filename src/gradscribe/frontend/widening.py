"""What a wider type of a carried value would mean for a body that was lowered with a narrower one.

In:  nodes of a body, types of parameters.   Out: whether the nodes' outputs keep their types.
Not here: which types are wider (joins.py, varying.py), replacing parameters (slots.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.frontend.joins import join_types, with_own_lengths
from gradscribe.frontend.leaves import Leaf
from gradscribe.frontend.varying import Change
from gradscribe.ir.control import FOR, WHILE, ForView, WhileView
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ScalarType, Type
from gradscribe.ops.build import infer
from gradscribe.ops.spec import OpSpec, Unsupported


def _handed_numbers(leaves: Sequence[Leaf]) -> dict[Value, ScalarType]:
    """Parameters that are wider numbers than they were taken for.

    One may be so because another one is, which is handed to it at the end of an iteration.
    """
    wider: dict[Value, ScalarType] = {}
    pending = True
    while pending:
        pending = False
        for leaf in leaves:
            if leaf.result is None or leaf.result is leaf.param:
                continue
            known = wider.get(leaf.param, leaf.pattern)
            joined = join_types(known, wider.get(leaf.result, leaf.result.type))
            if (
                isinstance(joined, ScalarType)
                and isinstance(known, ScalarType)
                and not same_bound(joined, known)
            ):
                wider[leaf.param] = joined
                pending = True
    return wider


def changes_of(leaves: Sequence[Leaf], first_local: int) -> list[Change]:
    """How the types of leaves must change; symbols from `first_local` on are lengths of one iteration."""
    numbers = _handed_numbers(leaves)
    return [_change_of(leaf, numbers, first_local) for leaf in leaves]


def _change_of(leaf: Leaf, numbers: Mapping[Value, Type], first_local: int) -> Change:
    """How the type of a leaf must change, where parameters are wider numbers than they were taken for.

    An item that an iteration puts into a list has lengths of that iteration, which are not those of other items.
    """
    last = leaf.param if leaf.result is None else leaf.result
    result = numbers.get(last, last.type)
    wide = (
        leaf.pattern if leaf.result is None or leaf.result is leaf.param else join_types(leaf.pattern, result)
    )
    assert wide is not None
    wide = with_own_lengths(wide, first_local)
    return Change(leaf.pattern, wide, None if leaf.entry is None else leaf.entry.type, result)


def same_bound(left: Type, right: Type) -> bool:
    """Equal, lengths of ints included."""
    if isinstance(left, ScalarType) and isinstance(right, ScalarType):
        return left == right and left.length == right.length
    return left == right


def readers_of(nodes: Sequence[Node], params: Sequence[Value]) -> dict[Value, list[Node]]:
    """The nodes that read each parameter."""
    wanted = set(params)
    found: dict[Value, list[Node]] = {}
    for node in nodes:
        for value in node.inputs:
            if value in wanted:
                found.setdefault(value, []).append(node)
    return found


def minds_not(node: Node, param: Value, wider: Type) -> bool:
    """The node's outputs keep their types when one of its inputs is of a wider type."""
    if node.op is FOR or node.op is WHILE:
        return _absorbs(node, param, wider)
    if not isinstance(node.op, OpSpec):
        return False
    types = [wider if value is param else value.type for value in node.inputs]
    try:
        outputs = infer(node.op, types, node.attrs)
    except (Unsupported, TypeError, ValueError):
        return False
    return all(same_bound(a, value.type) for a, value in zip(outputs, node.outputs, strict=True))


def _absorbs(node: Node, param: Value, wider: Type) -> bool:
    """An inner loop carries the value on, and its own parameter is as wide."""
    view = ForView.of(node) if node.op is FOR else WhileView.of(node)
    if param in view.captured or (
        isinstance(view, ForView) and param in node.inputs[: 3 + len(view.sequences)]
    ):
        return False
    return all(
        (joined := join_types(inner.type, wider)) is not None and same_bound(joined, inner.type)
        for initial, inner in zip(view.initial, view.carried_params, strict=True)
        if initial is param
    )

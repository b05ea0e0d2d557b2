"""How values flow through the control nodes of an opened block, and which of them may be absent.

In:  opened blocks.   Out: `carried_params`, `moves_of`, `may_be_absent`.
Not here: absence in closed blocks (analysis/absence.py), where `None` is stored (absence.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from gradscribe.ir.control import FOR, IF, WHILE
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.walk import walk


def carried_params(node: Node) -> Sequence[Value]:
    """Parameters of the body of an opened loop that change from iteration to iteration."""
    body = node.blocks[-1]
    return body.params[len(body.params) - len(node.outputs) :] if node.outputs else ()


def may_be_absent(body: Block) -> frozenset[Value]:
    """Values of an opened block that may hold `None` at run time."""
    sources: dict[Value, list[Value]] = {}
    found: set[Value] = set()
    for node in walk(body):
        if node.op.name == "absent":
            found.update(node.outputs)
        elif node.op.name in ("identity", "unpack", "list_get", "list_pop", "list_delete"):
            # What a pack or list holds may be absent, too, unless it is read.
            found.update(node.outputs if node.op.name != "identity" else ())
            sources.setdefault(node.outputs[0], []).extend(node.inputs[:1])
        for output, source in moves_of(node):
            sources.setdefault(output, []).append(source)
    changed = bool(found)
    while changed:
        before = len(found)
        found.update(value for value, given in sources.items() if not found.isdisjoint(given))
        changed = len(found) > before
    return frozenset(found)


def moves_of(node: Node) -> list[tuple[Value, Value]]:
    """Which values a control node moves: (target, source)."""
    if node.op is IF:
        return [pair for block in node.blocks for pair in zip(node.outputs, block.results, strict=True)]
    if node.op in (FOR, WHILE):
        params = carried_params(node)
        initial = node.inputs[len(node.inputs) - len(params) :]
        return [
            *zip(params, initial, strict=True),
            *zip(params, node.blocks[-1].results, strict=False),
            *zip(node.outputs, params, strict=True),
        ]
    return []

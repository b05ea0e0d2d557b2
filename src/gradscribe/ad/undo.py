"""Undoing stores: the reverse sweep carries a storage backwards.

    forward:  x_old = x[i]                    reverse:  x[i] = x_old          x is what it was before the store
              x[i] = s                                  ... reads of x ...

In:  a store in a block whose later version has been restored.   Out: the version before, restored; what the
forward sweep must read before the store.
Not here: which storages are undone (analysis/overwriting.py), loops and branches (loops.py, branches.py), what
reads the restored versions (restored.py).
"""

from __future__ import annotations

from gradscribe.ad.state import Sweep
from gradscribe.analysis.overwriting import LIST_ENDS, LIST_STORES, STORES
from gradscribe.ir.build import name_value
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.template import shift
from gradscribe.ops.build import OpBuilder


def undo_store(sweep: Sweep, node: Node) -> list[Node]:
    """Restore what was there before a store; return what the forward sweep reads for it, before the store."""
    if node.op.name not in STORES | LIST_STORES | LIST_ENDS or node.outputs[0] not in sweep.restored:
        return []
    before, after = node.inputs[0], sweep.restored[node.outputs[0]]
    forward = OpBuilder(derivative=True, location=node.location)
    sweep.restored[before] = restored = _before(sweep.b, forward, node, after)
    name_value(restored, before.hint)
    return forward.nodes


def _before(b: OpBuilder, forward: OpBuilder, node: Node, after: Value) -> Value:
    before = node.inputs[0]
    hint = f"{before.hint}_old" if before.hint else ""
    if node.op.name == "list_append":
        return b.apply("list_pop", (after, *node.inputs[1:-1]))[0]
    if node.op.name == "list_pop":
        return b.op("list_append", after, *node.inputs[1:], node.outputs[1])
    if node.op.name in LIST_STORES:
        path = node.inputs[1:-1]
        old = forward.op("list_get", before, *path, hint=hint)
        return b.op("list_set", after, *path, old)
    index = node.attrs["index"]
    places = node.inputs[2:]
    (old,) = forward.apply("get_item", (before, *places), {"index": shift(index, -1)}, hint=hint)
    return b.apply("set_item", (after, old, *places), {"index": index})[0]

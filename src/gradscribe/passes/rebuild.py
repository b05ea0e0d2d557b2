"""Rebuilding blocks so that what did not change stays the same object.

In:  a block and its new parts.   Out: blocks and loop views.
Not here: going over nodes (ir/walk.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import is_

from gradscribe.ir.control import FOR, ForView, WhileView
from gradscribe.ir.graph import Block, Node, Value


def same_block(
    block: Block, params: Sequence[Value], nodes: Sequence[Node], results: Sequence[Value]
) -> Block:
    """A block of these parts; `block` itself when they are its own."""
    unchanged = (
        _identical(params, block.params)
        and _identical(nodes, block.nodes)
        and _identical(results, block.results)
    )
    return block if unchanged else Block(tuple(params), tuple(nodes), tuple(results))


def _identical(left: Sequence[object], right: Sequence[object]) -> bool:
    return len(left) == len(right) and all(map(is_, left, right))


def loop_view(node: Node) -> ForView | WhileView:
    """The view of a `for` or `while` node."""
    return ForView.of(node) if node.op is FOR else WhileView.of(node)

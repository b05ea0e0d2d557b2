"""Reads of an old version come before its write.

A derivative statement that reads what another one is about to overwrite is moved in front of it, with what it is
computed from, if nothing of that depends on the write. What cannot be moved is left to copies.

In:  an opened block.   Out: the same nodes in another order.
Not here: primal statements, which stay where the user wrote them.
"""

from __future__ import annotations

from gradscribe.codegen.writes import accumulates, stores
from gradscribe.ir.control import CALL
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.walk import with_blocks

# A longer chain of statements is not worth moving.
MAX_MOVED = 8


def reads_first(block: Block) -> Block:
    """The block, and the blocks inside, with reads in front of the writes that would disturb them."""
    nodes = [
        with_blocks(node, map(reads_first, node.blocks)) if node.blocks else node for node in block.nodes
    ]
    readers: dict[Value, list[int]] = {}
    for place, node in enumerate(nodes):
        for value in node.inputs:
            readers.setdefault(value, []).append(place)
    defined = {output: place for place, node in enumerate(nodes) for output in node.outputs}
    done: set[int] = set()
    ordered: list[Node] = []
    for place, node in enumerate(nodes):
        if place in done:
            continue
        positions = (0,) if stores(node) else accumulates(node)
        for position in positions:
            for reader in readers.get(node.inputs[position], ()):
                if reader > place and reader not in done:
                    moved = _movable(nodes, defined, done, place, reader)
                    ordered += [nodes[k] for k in moved]
                    done.update(moved)
        ordered.append(node)
        done.add(place)
    return Block(block.params, tuple(ordered), block.results)


def _movable(
    nodes: list[Node], defined: dict[Value, int], done: set[int], before: int, reader: int
) -> list[int]:
    """Places of the reader and of what it needs, in order; empty if it cannot stand before the write."""
    wanted: set[int] = set()
    open_ends = [reader]
    while open_ends:
        place = open_ends.pop()
        if place in wanted or place in done or place < before:
            continue
        node = nodes[place]
        if place == before or not _is_free(node) or len(wanted) >= MAX_MOVED:
            return []
        wanted.add(place)
        open_ends += [defined[value] for value in node.inputs if value in defined]
    return sorted(wanted)


def _is_free(node: Node) -> bool:
    """A derivative statement without consequences for others."""
    if node.op.shape_only:
        return node.derivative
    quiet = not node.blocks and not node.has_effect and node.op is not CALL
    return node.derivative and quiet and not stores(node)

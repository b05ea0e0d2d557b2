"""Where each value is last used, block by block.

In:  an opened block.   Out: `Uses`: for each block, the position of the last node (at that level) that uses a
value, directly or in a block inside; a block's results count as used at its end.
Not here: live ranges of variables (lifetimes.py), which know what is printed where.
"""

from __future__ import annotations

from gradscribe.codegen.reads import read_inputs
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import SequenceType

NEVER = -1


class Uses:
    """Last uses of values.

    Attributes:
        content: per block, value -> position of the last use of its elements.
        anything: the same, counting also uses of only its shape.
    """

    def __init__(self, block: Block) -> None:
        self.content: dict[Block, dict[Value, int]] = {}
        self.anything: dict[Block, dict[Value, int]] = {}
        self._scan(block)

    def _scan(self, block: Block) -> None:
        content: dict[Value, int] = {}
        anything: dict[Value, int] = {}
        for place, node in enumerate(block.nodes):
            for inner in node.blocks:
                self._scan(inner)
                content.update(dict.fromkeys(self.content[inner], place))
                anything.update(dict.fromkeys(self.anything[inner], place))
            anything.update(dict.fromkeys(read_inputs(node), place))
            content.update(dict.fromkeys(content_inputs(node), place))
        for value in block.results:
            content[value] = anything[value] = len(block.nodes)
        self.content[block], self.anything[block] = content, anything

    def inside(self, node: Node, value: Value) -> bool:
        """Whether a block of the node uses the value."""
        return any(value in self.anything[block] for block in node.blocks)


def content_inputs(node: Node) -> list[Value]:
    """Inputs whose elements are read or written; the shape of a list is its content."""
    if not node.op.shape_only:
        return list(read_inputs(node))
    return [
        value
        for position, value in enumerate(node.inputs)
        if position not in node.op.shape_only or isinstance(value.type, SequenceType)
    ]

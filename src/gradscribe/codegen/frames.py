"""Where the pass over storages stands: one frame for each block around the current node.

In:  blocks.   Out: `Frame`.
Not here: what is decided (storage.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from gradscribe.codegen.uses import Uses
from gradscribe.codegen.write_backs import WriteBack
from gradscribe.ir.control import Caught
from gradscribe.ir.graph import Block, Value
from gradscribe.ops.raising import may_raise


@dataclass
class Frame:
    """A block that is being gone through.

    Attributes:
        handler: of a `try`, what runs where the block raises one of `catches`.
        place: position of the current node.
    """

    block: Block
    is_loop: bool
    backs: dict[Value, WriteBack]
    handler: Block | None = None
    catches: Caught = ()
    place: int = 0

    def is_seen_by_handler(self, value: Value, uses: Uses) -> bool:
        """Whether a handler that may still be reached uses the value."""
        if self.handler is None or value not in uses.anything[self.handler]:
            return False
        # A loop or branch may raise after the write inside of it.
        first = self.place if self.block.nodes[self.place].blocks else self.place + 1
        return any(may_raise(node, self.catches) for node in self.block.nodes[first:])

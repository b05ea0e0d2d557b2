"""Absence: which values may not exist at run time.

`absent` stands for the slot of a branch that was not taken. A value that may be absent is only read under the
condition under which it exists; nothing may be computed from it, not even its shape, anywhere else.

In:  a block and flags of its parameters.   Out: the values of this level that may be absent. A list counts when
its entries may be absent.
Not here: whether a user's name may be unbound (frontend/).
"""

from __future__ import annotations

from collections.abc import Sequence

from gradscribe.ir.control import CALL, FOR, IF, WHILE, ForView, IfView, WhileView
from gradscribe.ir.evaluate import SHAPED
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ops.structural import absent_parts
from gradscribe.ops.table import lookup

HANDS_ON = frozenset({"pack", "identity", "list_append", "list_insert", "list_set", "list_new"})
"""Operations that pass on a value without reading it."""


def read_in(block: Block) -> set[Value]:
    """What the operations of this level read: it is there wherever the block runs to its end."""
    return {
        value
        for node in block.nodes
        if not node.blocks and node.op is not CALL and node.op.name not in (*HANDS_ON, "unpack")
        if not node.attrs.get("optional")
        for value in node.inputs
    }


class Absence:
    """Answers for the blocks of one program, each computed once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Block, tuple[bool, ...]], frozenset[Value]] = {}

    def of(self, block: Block, params: Sequence[bool]) -> frozenset[Value]:
        """Values of this level, parameters included, that may be absent."""
        key = (block, tuple(params))
        if key not in self._known:
            found = {value for value, flag in zip(block.params, params, strict=True) if flag}
            for node in block.nodes:
                flags = zip(node.outputs, self._outputs(node, found), strict=True)
                found.update(output for output, flag in flags if flag)
            self._known[key] = frozenset(found)
        return self._known[key]

    def in_loop(self, body: Block, before: int, carried: int, params: Sequence[bool]) -> list[bool]:
        """Which parameters of a loop's body may be absent in some iteration, given those of the first one.

        Args:
            body: of the loop.
            before: parameters before the carried ones.
            carried: how many of them there are.
            params: what may be absent in the first iteration.
        """
        flags = list(params)
        while True:
            results = self._results(body, flags)[:carried]
            now = [a or b for a, b in zip(flags[before : before + carried], results, strict=True)]
            if now == flags[before : before + carried]:
                return flags
            flags[before : before + carried] = now

    def _outputs(self, node: Node, found: set[Value]) -> Sequence[bool]:
        if node.op is lookup("absent"):
            return [True]
        if node.op is lookup("unpack"):
            parts = absent_parts(node)
            return parts or [False] * len(node.outputs)
        flags = [value in found for value in node.inputs]
        if node.attrs.get("optional"):
            # What takes the shape of its last operand is there where that is.
            return [flags[-1] if node.op.name in SHAPED else all(flags)]
        if node.op is IF:
            view = IfView.of(node)
            blocks = (view.then, view.otherwise)
            return [any(pair) for pair in zip(*(self._results(b, flags[1:]) for b in blocks), strict=True)]
        if node.op in (FOR, WHILE):
            loop: ForView | WhileView = ForView.of(node) if node.op is FOR else WhileView.of(node)
            before = 1 + len(loop.sequences) if isinstance(loop, ForView) else 0
            params = self.in_loop(
                loop.body, before, len(loop.initial), [False, *flags[3:]] if before else flags
            )
            results = self._results(loop.body, params)
            carried = params[before : before + len(loop.initial)]
            every = [*carried, *results[len(carried) :], *[False] * len(node.outputs)]
            return every[: len(node.outputs)]
        return [False] * len(node.outputs)

    def _results(self, block: Block, params: Sequence[bool]) -> list[bool]:
        inside = self.of(block, params)
        return [result in inside for result in block.results]

"""When each variable holds its value: live ranges on the printed program, numbered from top to bottom.

Reading stands on even, writing on odd positions, so that `x = x + 1` ends one range and starts another. A range
has holes: a value used in one branch only is not live in the other.

In:  a schedule and the inlined values.   Out: `Lifetimes.ranges(value)`.
Not here: names (variables.py).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from gradscribe.codegen.flow import carried_params
from gradscribe.codegen.inline import Inliner
from gradscribe.codegen.ranges import Range, merged
from gradscribe.codegen.reads import read_inputs
from gradscribe.ir.control import FOR, IF, WHILE, caught_by
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.walk import walk
from gradscribe.ops.raising import may_raise

LAST = sys.maxsize


@dataclass
class Extent:
    """Positions of a node or block.

    Attributes:
        read, write: where operands are read and (first) outputs written; for a loop, its entry.
        end_read, end_write: the end of a control node or block: reading what is handed on, writing it.
        flag: where the flag that ends a loop is read, after the end of the iteration.
    """

    read: int
    write: int
    end_read: int = 0
    end_write: int = 0
    flag: int = 0


@dataclass
class Lifetimes:
    """Live ranges."""

    body: Block
    inliner: Inliner
    nodes: dict[Node, Extent] = field(default_factory=dict)
    blocks: dict[Block, Extent] = field(default_factory=dict)
    last: dict[Block, dict[Value, int]] = field(default_factory=dict)
    definition: dict[Value, Node] = field(default_factory=dict)
    flags: set[Value] = field(default_factory=set)
    _position: int = 0
    _ranges: dict[Value, list[Range]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in walk(self.body):
            for output in node.outputs:
                self.definition[output] = node
            if node.op in (FOR, WHILE):
                self.flags.update(node.blocks[-1].results[len(node.outputs) :])
        self._scan(self.body)
        for param in self.body.params:
            self._ranges[param] = self.segments(param, self.body, self.blocks[self.body].read)
        self._place(self.body)

    def ranges(self, value: Value) -> list[Range]:
        """Live ranges of a value that has a variable, sorted and apart."""
        return merged(self._ranges[value], ())

    def leaves(self, value: Value) -> Iterator[Value]:
        """The variables that printing the value reads."""
        if value not in self.inliner.inlined:
            yield value
            return
        node = self.definition[value]
        for operand in read_inputs(node):
            yield from self.leaves(operand)
        for block in node.blocks:
            for result in block.results:
                yield from self.leaves(result)

    def is_printed(self, node: Node) -> bool:
        """Whether the node is a statement of its own."""
        return not node.outputs or any(output not in self.inliner.inlined for output in node.outputs)

    # Positions and last uses.

    def _next(self) -> Range:
        self._position += 2
        return self._position, self._position + 1

    def _scan(self, block: Block) -> None:
        extent = self.blocks[block] = Extent(*self._next())
        last: dict[Value, int] = {}
        for place, node in enumerate(block.nodes):
            if not self.is_printed(node):
                continue
            for operand in read_inputs(node):
                last.update(dict.fromkeys(self.leaves(operand), place))
            self.nodes[node] = Extent(*self._next())
            for inner in node.blocks:
                self._scan(inner)
                last.update(dict.fromkeys(self.last[inner], place))
            self.nodes[node].end_read, self.nodes[node].end_write = self._next()
        for result in block.results:
            last.update(dict.fromkeys(self.leaves(result), len(block.nodes)))
        extent.end_read, extent.end_write = self._next()
        extent.flag = self._next()[0]
        self.last[block] = last

    # Ranges.

    def segments(self, value: Value, block: Block, start: int) -> list[Range]:
        """From `start` in `block` to the last uses."""
        place = self.last[block].get(value)
        if place is None:
            return [(start, start)]
        if place == len(block.nodes):
            extent = self.blocks[block]
            return [(start, extent.flag if value in self.flags else extent.end_read)]
        node = block.nodes[place]
        extent = self.nodes[node]
        if node.op is IF and any(value in self.last[inner] for inner in node.blocks):
            found = [(start, extent.read)]
            for inner in node.blocks:
                if value in self.last[inner]:
                    found += self.segments(value, inner, self.blocks[inner].read)
            if caught_by(node) and value in self.last[node.blocks[1]]:
                found.append((extent.read, self._last_raising(node)))
            return found
        if node.blocks and any(value in self.last[inner] for inner in node.blocks):
            return [(start, extent.end_read)]
        if node.op is FOR and value in self._header(node):
            # The header stands below the statements that give the slots their first values.
            return [(start, self.blocks[node.blocks[-1]].read)]
        return [(start, extent.read)]

    def _last_raising(self, node: Node) -> int:
        """Where the last statement of a `try` that may lead to its handler has not yet written its result."""
        body, catches = node.blocks[0], caught_by(node)
        raising = [place for place, inner in enumerate(body.nodes) if may_raise(inner, catches)]
        # What is printed inside another statement runs there: in the next one of the primal.
        for inner in body.nodes[raising[-1] if raising else 0 :]:
            if self.is_printed(inner) and not inner.derivative:
                return self.nodes[inner].end_write if inner.blocks else self.nodes[inner].read
        return self.blocks[body].end_read

    def _header(self, node: Node) -> set[Value]:
        """The variables that the range and the lists of a loop read."""
        header = node.inputs[: len(node.inputs) - len(carried_params(node))]
        return {leaf for value in header for leaf in self.leaves(value)}

    def _place(self, block: Block) -> None:
        for node in block.nodes:
            if not self.is_printed(node):
                continue
            extent = self.nodes[node]
            for inner in node.blocks:
                self._place(inner)
            if node.op is IF:
                ends = [(self.blocks[b].end_write, self.blocks[b].end_write) for b in node.blocks]
                for output in node.outputs:
                    self._ranges[output] = [*ends, *self.segments(output, block, extent.end_write)]
            elif node.op in (FOR, WHILE):
                self._place_loop(node, block, extent)
            else:
                for output in node.outputs:
                    self._ranges[output] = self.segments(output, block, extent.write)
                if node.op.name == "caught":
                    # Python deletes the name of the exception when the handler ends: nothing else may have it.
                    self._ranges[node.output] = [(0, LAST)]

    def _place_loop(self, node: Node, block: Block, extent: Extent) -> None:
        body = node.blocks[-1]
        inside = self.blocks[body]
        params = carried_params(node)
        for param in body.params[: len(body.params) - len(params)]:
            self._ranges[param] = self.segments(param, body, inside.write)
        for param in params:
            found = [(extent.write, inside.read)]
            if param in self.last[body]:
                found += self.segments(param, body, inside.read)
            self._ranges[param] = [*found, (inside.end_write, extent.end_read)]
        for output in node.outputs:
            self._ranges[output] = self.segments(output, block, extent.end_write)

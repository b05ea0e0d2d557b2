"""Which values are printed inside the statement that uses them.

A value becomes an expression if it has no name, is used once, in its own block, and moving its computation to
its use changes nothing: no write in place disturbs what it reads, and primal operations still run in the user's
order.

In:  a schedule.   Out: the set of inlined values.
Not here: how an expression looks (expressions.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gradscribe.codegen.memory import NOTHING, Pieces
from gradscribe.codegen.reads import read_inputs
from gradscribe.codegen.schedule import Schedule
from gradscribe.codegen.writes import stores, writes_inside
from gradscribe.ir.control import CALL, FOR, IF, WHILE, caught_by
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ops.spec import OpSpec

# Depth at which an expression is cut even where the user wrote it so (Python's parser stops at about 200), and the
# number of operations a derivative statement may hold.
MAX_DEPTH = 40
MAX_DERIVATIVE_SIZE = 9
MAX_TERNARY_NODES = 12

LITERALS = frozenset({"constant", "absent"})
# Cannot raise and do not depend on the order in which anything else runs.
ORDERLESS = LITERALS | {"dimension", "size", "list_new", "zeros_like"}


def _size_of(block: Block) -> int:
    """The number of nodes of a block and of those inside."""
    return len(block.nodes) + sum(_size_of(inner) for node in block.nodes for inner in node.blocks)


@dataclass
class _Expression:
    """A value that may be printed at its use.

    Attributes:
        reads: memory that evaluating it reads.
        ordered: it contains a primal operation, whose place in the order matters.
    """

    value: Value
    reads: Pieces
    ordered: bool
    depth: int
    size: int


class Inliner:
    """Decides for a whole graph.

    Attributes:
        inlined: values without a variable.
        expressions: `while` conditions and branches that are one expression, by block.
        written: memory that each node changes.
    """

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.memory = schedule.memory
        self.inlined: set[Value] = set()
        self.expressions: set[Block] = set()
        self.targets = frozenset(schedule.in_place.values())
        self.written: dict[Node, Pieces] = {}
        self._uses: dict[Value, int] = {}
        self._direct: dict[Value, Block] = {}
        self._count(schedule.body)
        self._run(schedule.body, results=True)

    def _count(self, block: Block) -> None:
        for node in block.nodes:
            for value in read_inputs(node):
                self._uses[value] = self._uses.get(value, 0) + 1
                self._direct[value] = block
            for inner in node.blocks:
                self._count(inner)
        for value in block.results:
            self._uses[value] = self._uses.get(value, 0) + 1
            self._direct[value] = block

    def uses(self, value: Value) -> int:
        """How often printed code reads the value."""
        return self._uses.get(value, 0)

    def is_used(self, value: Value) -> bool:
        """Whether anything printed reads the value."""
        return self._uses.get(value, 0) > 0

    def _run(self, block: Block, *, results: bool) -> bool:
        """Decide for one block. True if nothing but expressions is left.

        Args:
            block: the block.
            results: its results may be expressions (they are printed where the block ends).
        """
        return _BlockRun(self, block, results).finish()

    def branches(self, node: Node) -> bool:
        """Decide inside an `if`. True if it can be a conditional expression."""
        plain = len(node.outputs) == 1 and not node.outputs[0].hint and not caught_by(node)
        # All that is inside counts: what is not one expression is gone over again.
        small = plain and sum(map(_size_of, node.blocks)) <= MAX_TERNARY_NODES
        if small and not node.has_effect:
            before = set(self.inlined)
            if all(self._run(block, results=True) for block in node.blocks):
                self.expressions.update(node.blocks)
                return True
            self.inlined = before
        for block in node.blocks:
            self._run(block, results=False)
        return False

    def loop(self, node: Node) -> None:
        """Decide inside a loop."""
        if node.op is WHILE and self._run(node.blocks[0], results=True):
            self.expressions.add(node.blocks[0])
        self._run(node.blocks[-1], results=False)


class _BlockRun:
    def __init__(self, inliner: Inliner, block: Block, results: bool) -> None:
        self.inliner = inliner
        self.block = block
        self.results = results
        self.open: dict[Value, _Expression] = {}
        self.order: list[_Expression] = []
        self.statements = 0
        self.place = 0
        for self.place, node in enumerate(block.nodes):
            self.node(node)

    def finish(self) -> bool:
        """Consume the results; the last expressions stay or become statements."""
        if self.results:
            self.consume([value for value in self.block.results], ordered=True)
        self.flush()
        self.statements += len(self.open)
        for value in list(self.open):
            self.to_statement(self.open[value])
        return self.statements == 0

    def node(self, node: Node) -> None:
        inliner = self.inliner
        if node.op.name in LITERALS:
            inliner.inlined.update(node.outputs)
            return
        ternary = False
        if node.op is IF:
            ternary = inliner.branches(node)
        elif node.blocks:
            inliner.loop(node)
        candidate = self.is_candidate(node, ternary)
        ordered = not node.derivative and node.op.name not in ORDERLESS
        parts = self.consume(_evaluation_order(node), ordered=ordered and not candidate)
        written = self.written(node)
        if written:
            self.disturb(written, parts)
        if not candidate:
            if ordered or node.has_effect:
                self.flush()
            self.statements += 1
            return
        self.push(node, parts, ordered, ternary)

    def is_candidate(self, node: Node, ternary: bool) -> bool:
        inliner = self.inliner
        if len(node.outputs) != 1 or node.has_effect or stores(node) or node.op is CALL:
            return False
        if not isinstance(node.op, OpSpec) and not ternary:
            return False
        value = node.outputs[0]
        if value in inliner.schedule.in_place or value in inliner.targets or inliner._uses.get(value, 0) != 1:
            return False
        if inliner._direct[value] is not self.block:
            return False
        in_result = value in self.block.results
        if in_result and not self.results:
            return False
        if not value.hint:
            return True
        is_answer = (
            in_result and len(self.block.results) == 1 and self.block.nodes[-1] is node and node.derivative
        )
        return is_answer or self.is_copied_under_same_name(node)

    def is_copied_under_same_name(self, node: Node) -> bool:
        value = node.outputs[0]
        following = self.block.nodes[self.place + 1 : self.place + 2]
        return any(
            after.op.name == "copy" and after.inputs == (value,) and after.output.hint == value.hint
            for after in following
        )

    def push(self, node: Node, parts: list[_Expression], ordered: bool, ternary: bool) -> None:
        value = node.outputs[0]
        depth = 1 + max((part.depth for part in parts), default=0)
        size = 1 + sum(part.size for part in parts)
        if depth > MAX_DEPTH:
            self.cut(parts, parts)
            depth, size = 1, 1
        while node.derivative and size > MAX_DERIVATIVE_SIZE and parts:
            largest = max(parts, key=lambda part: part.size)
            self.cut([part for part in parts if part.ordered] if largest.ordered else [largest], parts)
            size = 1 + sum(part.size for part in parts)
        reads = self.reads(node)
        for part in parts:
            reads |= part.reads
            ordered = ordered or part.ordered
        if ternary:
            reads |= self.reads_inside(node)
        made = _Expression(value, reads, ordered, depth, size)
        self.inliner.inlined.add(value)
        self.open[value] = made
        if ordered:
            self.order.append(made)

    def cut(self, chosen: list[_Expression], parts: list[_Expression]) -> None:
        """Print some operands as statements after all, with all primal expressions before them."""
        if any(part.ordered for part in chosen):
            self.flush()
        for part in list(chosen):
            self.to_statement(part)
            self.statements += 1
            parts.remove(part)

    def reads(self, node: Node) -> Pieces:
        found = NOTHING
        for position, value in enumerate(node.inputs):
            # After a write in place, the name of the array belongs to its new version.
            if position not in node.op.shape_only or value in self.inliner.targets:
                found |= self.inliner.memory.of(value).all
        return found

    def reads_inside(self, node: Node) -> Pieces:
        found = NOTHING
        for block in node.blocks:
            for inner in block.nodes:
                found |= self.reads(inner) | self.reads_inside(inner)
            for value in block.results:
                found |= self.inliner.memory.of(value).all
        return found

    def consume(self, values: Sequence[Value], *, ordered: bool) -> list[_Expression]:
        """Take the expressions among the operands, in the order in which Python evaluates them.

        Those with primal operations must be the last that are open, in this order; others become statements.
        """
        parts = [self.open.pop(value) for value in values if value in self.open]
        sequence = [part for part in parts if part.ordered]
        matched = 0
        while matched < len(sequence) and matched < len(self.order):
            if self.order[-1 - matched] is not sequence[-1 - matched]:
                break
            matched += 1
        early = sequence[: len(sequence) - matched]
        if early:
            last = max(self.order.index(part) for part in early)
            for part in self.order[: last + 1]:
                self.to_statement(part)
                self.open.pop(part.value, None)
                self.statements += 1
                if part in parts:
                    parts.remove(part)
            del self.order[: last + 1]
        self.order = [part for part in self.order if part not in parts]
        if ordered:
            self.flush()
        return parts

    def flush(self) -> None:
        """Primal expressions that are still open become statements: something primal runs next."""
        for part in self.order:
            self.to_statement(part)
            del self.open[part.value]
            self.statements += 1
        self.order = []

    def disturb(self, written: Pieces, parts: list[_Expression]) -> None:
        """Expressions that read memory which is now written become statements."""
        for part in list(self.open.values()):
            if part.reads & written:
                if part.ordered:
                    # Those before it would otherwise run after it.
                    last = self.order.index(part)
                    for earlier in self.order[: last + 1]:
                        self.to_statement(earlier)
                        self.open.pop(earlier.value, None)
                        self.statements += 1
                    del self.order[: last + 1]
                elif part.value in self.open:
                    self.to_statement(part)
                    del self.open[part.value]
                    self.statements += 1

    def to_statement(self, part: _Expression) -> None:
        self.inliner.inlined.discard(part.value)

    def written(self, node: Node) -> Pieces:
        """Memory that the node changes."""
        if node not in self.inliner.written:
            self.inliner.written[node] = self._written(node)
        return self.inliner.written[node]

    def _written(self, node: Node) -> Pieces:
        memory, in_place = self.inliner.memory, self.inliner.schedule.in_place
        found = NOTHING
        if node.outputs and node.outputs[0] in in_place:
            target = memory.of(in_place[node.outputs[0]])
            found |= target.all if writes_inside(node) else target.own
        if node.op in (FOR, WHILE, CALL):
            for value in node.inputs:
                found |= memory.of(value).own
        for block in node.blocks:
            for inner in block.nodes:
                found |= self.written(inner)
        return found


def _evaluation_order(node: Node) -> Sequence[Value]:
    """Inputs in the order in which Python evaluates them."""
    if node.op.name == "set_item":
        return [node.inputs[1], node.inputs[0], *node.inputs[2:]]
    if node.op.name == "list_set":
        return [node.inputs[-1], *node.inputs[:-1]]
    if node.op is FOR:
        read = list(read_inputs(node))
        n = node.attrs["carried"]
        assert isinstance(n, int)
        return [*read[len(read) - n :], *read[: len(read) - n]]
    return list(read_inputs(node))

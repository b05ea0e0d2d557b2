"""Which values of one loop are those of an earlier loop, in the iteration of the same number.

    for i in range(n):                    for i, c in zip(reversed(range(n)), reversed(c_saved)):
        c = x[i] > 0.0                        if c and i % 2 == 0:    # as in the loop before
        c_saved.append(c)                         ...

A list that the earlier loop collects has one entry for each of its iterations, and a loop over that list visits
each of them. So an entry is what was collected, equal indices are equal, and what is computed again from equal
operands is equal; of that, only what repeats to the bit counts.

In:  the body of a graph.   Out: `Origins`, where values come from and go to; `Correspondence`.
Not here: what is done with it (passes/sink_saves.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gradscribe.analysis.recomputation import cost_of_running
from gradscribe.ir.control import FOR, IF, WHILE, ForView, WhileView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.template import freeze


@dataclass(frozen=True, slots=True)
class Use:
    """A value is an input of a node, or a result of its block.

    Attributes:
        node: the reader, or the owner of the block; None for the body of the graph.
        position: among the inputs or the results.
        block: the block that yields the value; None where a node reads it.
    """

    node: Node | None
    position: int
    block: Block | None = None


@dataclass
class Origins:
    """Where the values of a graph come from, and who uses them.

    Attributes:
        defined: output -> its node.
        captured: parameter -> the value outside that it is.
        elements: parameter -> the loop and the list of which it is an entry.
        indices: parameter -> the loop whose index it is.
        uses: value -> its uses.
        loops: loop -> its view.
    """

    defined: dict[Value, Node] = field(default_factory=dict)
    captured: dict[Value, Value] = field(default_factory=dict)
    elements: dict[Value, tuple[Node, Value]] = field(default_factory=dict)
    indices: dict[Value, Node] = field(default_factory=dict)
    uses: dict[Value, list[Use]] = field(default_factory=lambda: defaultdict(list))
    loops: dict[Node, ForView | WhileView] = field(default_factory=dict)
    _known: dict[Value, Value] = field(default_factory=dict)

    @staticmethod
    def of(body: Block) -> Origins:
        """Of all values of a graph."""
        origins = Origins()
        origins._block(body, None)
        return origins

    def _block(self, block: Block, owner: Node | None) -> None:
        for node in block.nodes:
            self.defined.update(dict.fromkeys(node.outputs, node))
            for position, value in enumerate(node.inputs):
                self.uses[value].append(Use(node, position))
            self._params(node)
            for inner in node.blocks:
                self._block(inner, node)
        for position, value in enumerate(block.results):
            self.uses[value].append(Use(owner, position, block))

    def _params(self, node: Node) -> None:
        if node.op is IF:
            for inner in node.blocks:
                self.captured.update(zip(inner.params, node.inputs[1:], strict=True))
        elif node.op is FOR:
            loop = self.loops[node] = ForView.of(node)
            self.indices[loop.index] = node
            for element, sequence in zip(loop.elements, loop.sequences, strict=True):
                self.elements[element] = (node, sequence)
            self.captured.update(zip(loop.captured_params, loop.captured, strict=True))
        elif node.op is WHILE:
            repeat = self.loops[node] = WhileView.of(node)
            tested = repeat.condition.params[len(repeat.initial) :]
            for params in (tested, repeat.captured_params):
                self.captured.update(zip(params, repeat.captured, strict=True))

    def origin(self, value: Value) -> Value:
        """The value that this is, where it exists: outside of where it is captured, inside of the only branch."""
        passed: list[Value] = []
        while value not in self._known:
            passed.append(value)
            inner = self.captured.get(value) or self._only_result(value)
            if inner is None:
                break
            value = inner
        found = self._known.get(value, value)
        self._known.update(dict.fromkeys(passed, found))
        return found

    def _only_result(self, value: Value) -> Value | None:
        node = self.defined.get(value)
        if node is None or node.op is not IF:
            return None
        branch = self.only_branch(node, value)
        return None if branch is None else node.blocks[branch].results[node.outputs.index(value)]

    def only_branch(self, node: Node, output: Value) -> int | None:
        """The branch of an `if` that alone supplies an output, where the other one has nothing."""
        k = node.outputs.index(output)
        results = [block.results[k] for block in node.blocks]
        absent = [self.is_absent(result) for result in results]
        return absent.index(False) if absent.count(True) == 1 else None

    def is_absent(self, value: Value) -> bool:
        """Whether the value never exists."""
        node = self.defined.get(self.origin(value))
        return node is not None and node.op.name == "absent"


class Correspondence:
    """Loops that run in step: each later loop, by its earlier one."""

    def __init__(self, origins: Origins, pairs: Mapping[Node, Node]) -> None:
        self.origins = origins
        self.pairs = pairs
        self._known: dict[tuple[Value, Value], bool] = {}

    def are_same(self, later: Value, earlier: Value) -> bool:
        """Whether a value of a later loop is certainly that of the earlier one."""
        first, second = self.earlier(later), self.origins.origin(earlier)
        if first is second:
            return True
        key = (first, second)
        if key not in self._known:
            self._known[key] = self._are_computed_alike(first, second)
        return self._known[key]

    def _are_computed_alike(self, first: Value, second: Value) -> bool:
        left, right = self.origins.defined.get(first), self.origins.defined.get(second)
        if left is None or right is None or left.op is not right.op or left.derivative != right.derivative:
            return False
        if left.blocks or cost_of_running(left) is None or len(left.inputs) != len(right.inputs):
            return False
        same_output = left.outputs.index(first) == right.outputs.index(second)
        return (
            same_output
            and freeze(left.attrs) == freeze(right.attrs)
            and all(map(self.are_same, left.inputs, right.inputs))
        )

    def earlier(self, value: Value) -> Value:
        """What a value of a later loop is in the earlier one; itself where it is none of those."""
        value = self.origins.origin(value)
        if value in self.origins.elements:
            loop, sequence = self.origins.elements[value]
            found = self._entry(self.pairs[loop], self.earlier(sequence)) if loop in self.pairs else None
            return value if found is None else self.origins.origin(found)
        counting = self.origins.indices.get(value)
        if counting is not None and counting in self.pairs:
            return self._index(counting, self.pairs[counting]) or value
        return value

    def _index(self, later: Node, earlier: Node) -> Value | None:
        """The index of the earlier loop, where both count alike."""
        if earlier.op is not FOR:
            return None
        after, before = ForView.of(later), ForView.of(earlier)
        same = self.are_same(after.start, before.start) and self.are_same(after.step, before.step)
        return before.index if same else None

    def _entry(self, loop: Node, sequence: Value) -> Value | None:
        """What the earlier loop collects in a list, or its own entry of one that it goes through as well."""
        view = self.origins.loops[loop]
        found = _beside(view.collected, view.collected_results, sequence)
        if found is None and isinstance(view, ForView):
            found = _beside(map_origins(self.origins, view.sequences), view.elements, sequence)
        return found


def map_origins(origins: Origins, values: Sequence[Value]) -> list[Value]:
    """The origin of each."""
    return [origins.origin(value) for value in values]


def _beside(keys: Sequence[Value], values: Sequence[Value], wanted: Value) -> Value | None:
    return next((value for key, value in zip(keys, values, strict=True) if key is wanted), None)

"""Compute each expression of a derivative once.

    before:  s = np.sin(x)                            after:  s = np.sin(x)
             d_x = np.sin(x) * d_y + 2.0 * np.sin(x)          d_x = s * d_y + 2.0 * s

Primal nodes are left as the user wrote them: only derivative nodes, and the lists that are collected for
them, read the first of several equal values instead of their own. Equal means: same operation, spelling,
attributes and inputs. What is created to be written into (zeros, copies) is never shared, since the writes
would need a copy.

In:  a program.   Out: a program whose derivative nodes read fewer distinct values; the rest is left for
dead_code.
Not here: equal expressions in different blocks.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gradscribe.ir.control import CALL, FOR, IF, WHILE, ForView, IfView, types_of
from gradscribe.ir.graph import Block, Node, Program, Value
from gradscribe.ir.template import freeze
from gradscribe.ir.walk import map_graphs, substitute, with_blocks, with_body
from gradscribe.passes.rebuild import loop_view, same_block
from gradscribe.passes.settled import remembering_settled

STORAGES = frozenset(
    {
        *("zeros", "zeros_like", "ones", "ones_like", "full", "full_like", "empty", "empty_like"),
        *("copy", "broadcast_like", "set_item", "accumulate_at", "add_lists"),
        *("list_new", "list_append", "list_insert", "list_set", "list_accumulate"),
        *("list_pop", "list_delete", "unstack_list"),
    }
)
"""Operations whose result is written into, or whose writes happen in place."""


def merge_common_subexpressions(program: Program) -> Program:
    """Let derivative nodes read the first of several equal values."""
    return map_graphs(program, lambda graph: with_body(graph, _merged(graph.body, (), range(0))))


@remembering_settled
def _merged(block: Block, equal_params: tuple[tuple[Value, Value], ...], collected: Collection[int]) -> Block:
    return _Merger(_needed_as_they_are(block, collected)).block(block, dict(equal_params), collected)


def _needed_as_they_are(block: Block, collected: Collection[int]) -> frozenset[Value]:
    """What primal nodes read, and the results that not only derivatives read."""
    read = {value for node in block.nodes if not node.derivative for value in node.inputs}
    read.update(value for position, value in enumerate(block.results) if position not in collected)
    return frozenset(read)


@dataclass
class _Merger:
    """One block: the values it has computed so far.

    Attributes:
        needed: values that not only derivatives read.
        first: value -> the first value that is equal to it.
        known: what a value is -> the first value that is it.
        merged: outputs of control nodes that equal an earlier output of the same node.
    """

    needed: frozenset[Value]
    first: dict[Value, Value] = field(default_factory=dict)
    known: dict[Hashable, tuple[Value, ...]] = field(default_factory=dict)
    merged: set[Value] = field(default_factory=set)

    def block(self, block: Block, equal_params: Mapping[Value, Value], collected: Collection[int]) -> Block:
        """The block with duplicates merged.

        Args:
            block: the block.
            equal_params: parameters that are bound to the same value as an earlier one.
            collected: positions of results that only derivatives read.
        """
        self.first.update(equal_params)
        nodes = [self.node(node) for node in block.nodes]
        own = {output for node in nodes if node.derivative for output in node.outputs}
        own |= self.merged | set(equal_params)
        results = [
            self.first.get(value, value) if position in collected or value in own else value
            for position, value in enumerate(block.results)
        ]
        return same_block(block, block.params, nodes, results)

    def node(self, node: Node) -> Node:
        """The node reading first values. A duplicate stays, for dead_code to find that nobody reads it."""
        if node.blocks:
            node = with_blocks(node, self.inner(node))
        if node.derivative:
            node = substitute(node, self.first)
        self.merge_outputs(node)
        if is_mergeable(node):
            earlier = self.known.setdefault(self.key(node), node.outputs)
            if earlier is not node.outputs:
                self.first.update(zip(node.outputs, earlier, strict=True))
        return node

    def key(self, node: Node) -> Hashable:
        inputs = tuple([self.first.get(value, value) for value in node.inputs])
        # Without inputs, the type is all that tells what is absent.
        made = types_of(node.outputs) if node.op.name == "absent" else ()
        return (node.op, inputs, freeze(node.attrs), made)

    def inner(self, node: Node) -> Iterator[Block]:
        """The blocks of a control node, which may take some of their parameters for equal."""
        if node.op is IF:
            branch = IfView.of(node)
            saved = tuple(k for k, output in enumerate(node.outputs) if output not in self.needed)
            for block in node.blocks:
                yield _merged(block, self.equal(branch.captured, block.params), saved)
            return
        view = loop_view(node)
        start = len(view.initial)
        collected = range(start, start + len(view.collected))
        if isinstance(view, ForView):
            same = (
                *self.equal(view.captured, view.captured_params),
                *self.equal(view.sequences, view.elements),
            )
            yield _merged(view.body, same, collected)
        else:
            tested = view.condition.params[start:]
            yield _merged(view.condition, self.equal(view.captured, tested), range(0))
            yield _merged(view.body, self.equal(view.captured, view.captured_params), collected)

    def equal(self, given: Sequence[Value], params: Sequence[Value]) -> tuple[tuple[Value, Value], ...]:
        """Parameters that receive the same value as an earlier one, and the earlier ones."""
        seen: dict[Value, Value] = {}
        found: list[tuple[Value, Value]] = []
        for value, param in zip(given, params, strict=True):
            earlier = seen.setdefault(self.first.get(value, value), param)
            if earlier is not param:
                found.append((param, earlier))
        return tuple(found)

    def merge_outputs(self, node: Node) -> None:
        """Outputs that are the same value in every branch, and lists that collect the same value, are equal."""
        if node.op is IF:
            branch = IfView.of(node)
            pairs = zip(branch.then.results, branch.otherwise.results, strict=True)
            self.merge_equal(pairs, branch.outputs)
        elif node.op is FOR or node.op is WHILE:
            view = loop_view(node)
            self.merge_equal(view.collected_results, view.collected)

    def merge_equal(self, keys: Iterable[Hashable], values: Sequence[Value]) -> None:
        seen: dict[Hashable, Value] = {}
        for key, value in zip(keys, values, strict=True):
            earlier = seen.setdefault(key, value)
            if earlier is not value:
                self.first[value] = earlier
                self.merged.add(value)


def is_mergeable(node: Node) -> bool:
    """An ordinary operation without effect whose result nobody writes into."""
    return not (node.blocks or node.has_effect or node.op is CALL or node.op.name in STORAGES)

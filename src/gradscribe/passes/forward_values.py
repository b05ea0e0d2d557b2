"""Read a value directly where a control node only hands it on.

    before:  for i in range(n):                 after:  for i in range(n):
                 d_w, d_x = d_w, d_x * w                    d_x = d_x * w
             return d_w                                 return d_w      # the one from before the loop

An accumulator that a loop or branch passes through untouched, and an `if` whose branches yield the same outer
value, are the value itself: exact in primal code too, nothing is computed differently.

In:  a program.   Out: a program whose control nodes hand on less; what is unused then goes with dead_code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gradscribe.ir.control import FOR, IF, ForView, IfView, WhileView
from gradscribe.ir.graph import Block, Node, Program, Value
from gradscribe.ir.walk import map_graphs, substitute, with_blocks, with_body
from gradscribe.ops.custom_rules import RuledCall, is_ruled
from gradscribe.passes.rebuild import loop_view, same_block
from gradscribe.passes.settled import remembering_settled


def forward_values(program: Program) -> Program:
    """Replace values that control nodes only hand on by the values they are."""
    return map_graphs(program, lambda graph: with_body(graph, _forward(graph.body)))


@remembering_settled
def _forward(block: Block) -> Block:
    scope = _Scope()
    nodes = [scope.node(node) for node in block.nodes]
    results = [scope.same.get(value, value) for value in block.results]
    return same_block(block, block.params, nodes, results)


@dataclass
class _Scope:
    """Values of one block that are another value."""

    same: dict[Value, Value] = field(default_factory=dict)

    def node(self, node: Node) -> Node:
        node = substitute(node, self.same)
        if is_ruled(node):
            self.same.update(zip(node.outputs, RuledCall.of(node).results, strict=True))
        if not node.blocks:
            return node
        node = with_blocks(node, map(_forward, node.blocks))
        if node.op is IF:
            self.branches(IfView.of(node))
            return node
        return self.loop(node)

    def branches(self, view: IfView) -> None:
        """An output that every branch takes from the same captured value."""
        outer = [dict(zip(block.params, view.captured, strict=True)) for block in (view.then, view.otherwise)]
        for left, right, output in zip(view.then.results, view.otherwise.results, view.outputs, strict=True):
            source = outer[0].get(left)
            if source is not None and source is outer[1].get(right):
                self.same[output] = source

    def loop(self, node: Node) -> Node:
        """A carried value that every iteration hands on as it came is a captured one."""
        view = loop_view(node)
        untouched = [
            k
            for k, (param, after) in enumerate(zip(view.carried_params, view.carried_results, strict=True))
            if param is after
        ]
        if not untouched:
            return node
        for k in untouched:
            self.same[view.final[k]] = view.initial[k]
        return without_carried(node, untouched)


def without_carried(node: Node, positions: Sequence[int]) -> Node:
    """The loop with some carried values captured instead; their outputs are gone."""
    view = loop_view(node)
    gone = set(positions)
    kept = [k for k in range(len(view.initial)) if k not in gone]
    initial = [view.initial[k] for k in kept]
    captured = [*view.captured, *(view.initial[k] for k in positions)]
    outputs = [*(view.final[k] for k in kept), *view.outputs[len(view.initial) :]]
    results = [*(view.carried_results[k] for k in kept), *view.body.results[len(view.initial) :]]
    if isinstance(view, ForView):
        assert node.op is FOR
        params = [
            view.index,
            *view.elements,
            *_reordered(view.carried_params, view.captured_params, kept, positions),
        ]
        return ForView.make(
            (view.start, view.stop, view.step),
            Block(tuple(params), view.body.nodes, tuple(results)),
            sequences=view.sequences,
            initial=initial,
            captured=captured,
            outputs=outputs,
            backwards=view.backwards,
            leaves=view.leaves,
            location=node.location,
            derivative=node.derivative,
        )
    n = len(view.initial)
    tested = view.condition.params
    return WhileView.make(
        Block(
            tuple(_reordered(tested[:n], tested[n:], kept, positions)),
            view.condition.nodes,
            view.condition.results,
        ),
        Block(
            tuple(_reordered(view.carried_params, view.captured_params, kept, positions)),
            view.body.nodes,
            tuple(results),
        ),
        initial=initial,
        captured=captured,
        outputs=outputs,
        leaves=view.leaves,
        location=node.location,
        derivative=node.derivative,
    )


def _reordered(
    carried: Sequence[Value], captured: Sequence[Value], kept: Sequence[int], moved: Sequence[int]
) -> list[Value]:
    return [*(carried[k] for k in kept), *captured, *(carried[k] for k in moved)]

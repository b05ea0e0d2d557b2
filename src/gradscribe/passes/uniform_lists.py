"""Lists of one number throughout, of which a loop takes the last item in each iteration.

    before:  d_r = [d_total] * n                       after:  for v in reversed(x):
             for v in reversed(x):                                 d_x = d_total * np.cos(v)
                 d_x = d_r.pop() * np.cos(v)

Such is the cotangent of a list that was summed up.

In:  a program.   Out: a program whose loops read the number.
Not here: single items (list_updates.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from gradscribe.ir.control import FOR, ForView
from gradscribe.ir.graph import Block, Node, Program, Value
from gradscribe.ir.walk import map_graphs, substitute, use_counts, with_blocks, with_body
from gradscribe.passes.rebuild import same_block
from gradscribe.passes.settled import remembering_settled


def read_uniform_lists(program: Program) -> Program:
    """Let loops read the number of which a list is made, not the list."""
    return map_graphs(program, lambda graph: with_body(graph, _read(graph.body)))


@remembering_settled
def _read(block: Block) -> Block:
    repeated: dict[Value, Value] = {}
    uses = use_counts(block)
    nodes: list[Node] = []
    for node in block.nodes:
        if node.op.name == "repeat_item" and node.derivative:
            repeated[node.output] = node.inputs[0]
        made = with_blocks(node, map(_read, node.blocks)) if node.blocks else node
        if made.op is FOR:
            view = ForView.of(made)
            for position in reversed(range(len(view.initial))):
                if view.initial[position] in repeated and view.final[position] not in uses:
                    made = _without_list(made, position, repeated)
        nodes.append(made)
    return same_block(block, block.params, nodes, block.results)


def _without_list(node: Node, position: int, repeated: Mapping[Value, Value]) -> Node:
    """The loop without a list that it carries, if it does nothing but take the last item in each iteration."""
    view = ForView.of(node)
    body, items = view.body, view.carried_params[position]
    uses = use_counts(body)
    taking = next((inner for inner in body.nodes if items in inner.inputs), None)
    if taking is None or taking.op.name != "list_pop" or taking.inputs != (items,) or uses[items] != 1:
        return node
    rest, item = taking.outputs
    if view.carried_results[position] is not rest or uses[rest] != 1:
        return node
    number = repeated[view.initial[position]]
    inside = {item: Value(number.type)}
    carried = [k for k in range(len(view.initial)) if k != position]
    leave = [view.leave] if view.leave is not None else []
    results = [*(view.carried_results[k] for k in carried), *view.collected_results, *leave]
    params = [
        *(view.index, *view.elements, *(view.carried_params[k] for k in carried), *view.captured_params),
        inside[item],
    ]
    nodes = tuple(substitute(inner, inside) for inner in body.nodes if inner is not taking)
    trips = [view.trips] if view.trips is not None else []
    return ForView.make(
        (view.start, view.stop, view.step),
        Block(tuple(params), nodes, tuple(inside.get(result, result) for result in results)),
        sequences=view.sequences,
        initial=[view.initial[k] for k in carried],
        captured=[*view.captured, number],
        outputs=[*(view.final[k] for k in carried), *view.collected, *trips],
        backwards=view.backwards,
        leaves=view.leaves,
        location=node.location,
        derivative=node.derivative,
    )

"""Literals that a control node captures are written inside it, where the other passes see them.

    before:  if c: d_s = d * t           after:  if c: d_s = 1.0 * t
             # d is 1.0

In:  a program.   Out: a program whose blocks capture no numbers that are known.
Not here: folding them (fold_constants.py, simplify.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from gradscribe.ir.control import FOR, IF, WHILE, ForView, IfView, WhileView
from gradscribe.ir.graph import Block, Node, Program, Value
from gradscribe.ir.walk import map_graphs, substitute, with_body
from gradscribe.passes.rebuild import same_block
from gradscribe.passes.settled import remembering_settled


def sink_literals(program: Program) -> Program:
    """Put captured literals into the blocks that capture them."""
    return map_graphs(program, lambda graph: with_body(graph, _sink(graph.body)))


@remembering_settled
def _sink(block: Block) -> Block:
    literals: dict[Value, Node] = {}
    nodes: list[Node] = []
    for node in block.nodes:
        if node.op.name == "constant":
            literals[node.output] = node
        nodes.append(_sink_into(node, literals) if node.blocks else node)
    return same_block(block, block.params, nodes, block.results)


def _sink_into(node: Node, literals: Mapping[Value, Node]) -> Node:
    captured = _captured(node)
    known = {k: literals[value] for k, value in enumerate(captured) if value in literals}
    blocks = tuple(_sink(_with_literals(block, len(captured), known)) for block in node.blocks)
    first = len(node.inputs) - len(captured)
    inputs = (
        *node.inputs[:first],
        *(value for k, value in enumerate(captured) if k not in known),
    )
    if not known and all(new is old for new, old in zip(blocks, node.blocks, strict=True)):
        return node
    return Node(node.op, inputs, node.outputs, node.attrs, blocks, node.location, node.derivative)


def _captured(node: Node) -> tuple[Value, ...]:
    """Captured inputs: the last ones, and the last parameters of every block."""
    if node.op is IF:
        return IfView.of(node).captured
    if node.op is FOR:
        return ForView.of(node).captured
    if node.op is WHILE:
        return WhileView.of(node).captured
    return ()


def _with_literals(block: Block, n_captured: int, known: Mapping[int, Node]) -> Block:
    """The block without the parameters that are known, which it computes itself."""
    if not known:
        return block
    first = len(block.params) - n_captured
    mapping: dict[Value, Value] = {}
    made: list[Node] = []
    for k, literal in known.items():
        value = Value(literal.output.type)
        mapping[block.params[first + k]] = value
        made.append(
            Node(
                literal.op,
                (),
                (value,),
                literal.attrs,
                location=literal.location,
                derivative=literal.derivative,
            )
        )
    return Block(
        tuple(param for param in block.params if param not in mapping),
        (*made, *(substitute(node, mapping) for node in block.nodes)),
        tuple(mapping.get(value, value) for value in block.results),
    )

"""Going over graphs: substitution, cloning, free values.

In:  nodes and blocks.   Out: new nodes and blocks, sets of values.
Not here: passes that change what is computed (passes/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from operator import is_

from gradscribe.ir.graph import Block, Graph, Node, Program, Value


def walk(block: Block) -> Iterator[Node]:
    """All nodes of a block and of the blocks inside, each before what it owns."""
    # A stack, since a generator inside a generator hands each node up through all levels.
    waiting = [iter(block.nodes)]
    while waiting:
        for node in waiting[-1]:
            yield node
            if node.blocks:
                waiting += [iter(inner.nodes) for inner in reversed(node.blocks)]
                break
        else:
            waiting.pop()


def definitions(nodes: Iterable[Node]) -> dict[Value, Node]:
    """The node that defines each value (of this level only)."""
    return {output: node for node in nodes for output in node.outputs}


def free_values(nodes: Iterable[Node], results: Iterable[Value] = ()) -> list[Value]:
    """Values that are read but not defined by these nodes, in order of first reading."""
    defined: set[Value] = set()
    free: dict[Value, None] = {}
    for node in nodes:
        for value in node.inputs:
            if value not in defined:
                free.setdefault(value)
        defined.update(node.outputs)
    for value in results:
        if value not in defined:
            free.setdefault(value)
    return list(free)


def use_counts(block: Block) -> dict[Value, int]:
    """How often each value of this level is read, as input or as result of the block."""
    counts: dict[Value, int] = {}
    for node in block.nodes:
        for value in node.inputs:
            counts[value] = counts.get(value, 0) + 1
    for value in block.results:
        counts[value] = counts.get(value, 0) + 1
    return counts


def with_inputs(node: Node, inputs: Iterable[Value]) -> Node:
    """The node reading other inputs; itself when they are the same."""
    inputs = tuple(inputs)
    if all(map(is_, inputs, node.inputs)):
        return node
    return Node(node.op, inputs, node.outputs, node.attrs, node.blocks, node.location, node.derivative)


def with_blocks(node: Node, blocks: Iterable[Block]) -> Node:
    """The node owning other blocks; itself when they are the same."""
    blocks = tuple(blocks)
    if all(map(is_, blocks, node.blocks)):
        return node
    return Node(node.op, node.inputs, node.outputs, node.attrs, blocks, node.location, node.derivative)


def substitute(node: Node, mapping: Mapping[Value, Value]) -> Node:
    """The node with its inputs replaced (blocks are closed, so there is nothing to do inside)."""
    if mapping.keys().isdisjoint(node.inputs):
        return node
    return with_inputs(node, [mapping.get(value, value) for value in node.inputs])


def map_blocks(node: Node, function: Callable[[Block], Block]) -> Node:
    """The node with `function` applied to each of its blocks; itself when nothing changes."""
    return with_blocks(node, map(function, node.blocks)) if node.blocks else node


def clone_nodes(nodes: Iterable[Node], mapping: dict[Value, Value]) -> list[Node]:
    """Copies that define fresh values. `mapping` is read for inputs and extended by the outputs."""
    copies: list[Node] = []
    for node in nodes:
        inputs = tuple(mapping.get(value, value) for value in node.inputs)
        outputs = tuple(Value(value.type, value.hint) for value in node.outputs)
        mapping.update(zip(node.outputs, outputs, strict=True))
        blocks = tuple(clone_block(block) for block in node.blocks)
        copies.append(Node(node.op, inputs, outputs, node.attrs, blocks, node.location, node.derivative))
    return copies


def clone_block(block: Block) -> Block:
    """A copy that shares no value with the original."""
    mapping = {param: Value(param.type, param.hint) for param in block.params}
    nodes = clone_nodes(block.nodes, mapping)
    params = tuple(mapping[param] for param in block.params)
    return Block(params, tuple(nodes), tuple(mapping[value] for value in block.results))


def as_derivative(node: Node) -> Node:
    """The node, and those in its blocks, as parts of derivative statements."""
    blocks = tuple(
        Block(block.params, tuple(map(as_derivative, block.nodes)), block.results) for block in node.blocks
    )
    return Node(node.op, node.inputs, node.outputs, node.attrs, blocks, node.location, derivative=True)


def with_body(graph: Graph, body: Block) -> Graph:
    """The graph with another body; itself when it is the same."""
    if body is graph.body:
        return graph
    return Graph(graph.name, graph.signature, body, graph.location, graph.doc, graph.donated)


def map_graphs(program: Program, function: Callable[[Graph], Graph]) -> Program:
    """The program with `function` applied to each graph; itself when nothing changes."""
    graphs = {name: function(graph) for name, graph in program.graphs.items()}
    if all(graphs[name] is graph for name, graph in program.graphs.items()):
        return program
    return replace(program, graphs=graphs)

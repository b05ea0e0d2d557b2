"""Remove what nothing depends on.

    before:  for i in range(n):                        after:  for i in range(n):
                 a, b = a * a, b + 1.0                              a = a * a
                 saved.append(b)                                return a
             return a

Unused nodes, outputs of `if`, carried and collected values of loops, captured values, and parameters and
results of called graphs go. Effects stay. A dead operation that may raise goes too (DESIGN section 4,
effects).

In:  a program.   Out: a program that computes the same results with the same effects.
Not here: what is live (liveness.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gradscribe.ir.control import CALL, FOR, IF, WHILE, ForView, IfView, WhileView, make_call
from gradscribe.ir.graph import Block, Graph, Node, Program, Value
from gradscribe.ir.signature import Container, ContainerKind, Leaf, Signature
from gradscribe.ir.walk import map_graphs, with_blocks
from gradscribe.passes.effects import Calls
from gradscribe.passes.liveness import Dependences, Thing
from gradscribe.passes.rebuild import same_block


def eliminate_dead_code(program: Program) -> Program:
    """Remove what no result and no effect depends on."""
    calls = Calls.of(program)
    entries = calls.roots()
    kept = {*entries, *calls.handed_on}
    fixed = {name for name in program.graphs if name in kept or not _is_flat(program.graphs[name])}
    reached = calls.reached(entries)
    bodies = [program.graphs[name].body for name in program.graphs if name in fixed and name in reached]
    wanted = [value for body in bodies for value in (*body.params, *body.results)]
    live = Dependences(program, calls.effectful()).live(wanted)
    sweep = _Sweep(program, live, frozenset(fixed))
    swept = map_graphs(program, sweep.graph)
    if len(swept.graphs) == len(entries):
        return swept
    reached = Calls.of(swept).reached(entries)
    if len(reached) == len(swept.graphs):
        return swept
    return replace(swept, graphs={name: graph for name, graph in swept.graphs.items() if name in reached})


def _is_flat(graph: Graph) -> bool:
    """Every parameter is one leaf, and so is every result: positions can be taken out."""
    signature = graph.signature
    numbered = list(map(Leaf, range(len(graph.body.results))))
    match signature.result:
        case Container(ContainerKind.TUPLE, children=children):
            results = list(children)
        case result:
            results = [result]
    flat = all(isinstance(parameter.structure, Leaf) for parameter in signature.parameters)
    return flat and not signature.hidden and results == numbered


@dataclass(frozen=True)
class _Sweep:
    """Rebuilds blocks with only what is live.

    Attributes:
        fixed: graphs whose parameters and results are not ours to change.
    """

    program: Program
    live: set[Thing]
    fixed: frozenset[str]

    def graph(self, graph: Graph) -> Graph:
        if graph.name in self.fixed:
            params, results = graph.body.params, graph.body.results
        else:
            params, results = self.keep(graph.body.params), self.keep(graph.body.results)
        body = self.block(graph.body, params, results)
        if body is graph.body:
            return graph
        given = set(params)
        kept = [k for k, param in enumerate(graph.body.params) if param in given]
        donated = frozenset(new for new, old in enumerate(kept) if old in graph.donated)
        signature = graph.signature
        if graph.name not in self.fixed:
            signature = _shrink(signature, kept, len(results))
        return replace(graph, body=body, signature=signature, donated=donated)

    def block(self, block: Block, params: Sequence[Value], results: Sequence[Value]) -> Block:
        """The block with its live nodes and these parameters and results; itself when nothing changes."""
        nodes = tuple(self.node(node) for node in block.nodes if self.is_live(node))
        return same_block(block, params, nodes, results)

    def is_live(self, node: Node) -> bool:
        return not self.live.isdisjoint(node.outputs) or node in self.live

    def keep(self, values: Sequence[Value]) -> tuple[Value, ...]:
        return tuple(value for value in values if value in self.live)

    def node(self, node: Node) -> Node:
        if node.op is IF:
            return self.branch(node)
        if node.op is FOR:
            return self.counted_loop(node)
        if node.op is WHILE:
            return self.conditional_loop(node)
        if node.op is CALL and node.attrs["graph"] not in self.fixed:
            return self.call(node)
        return node

    def branch(self, node: Node) -> Node:
        view = IfView.of(node)
        used = [k for k in range(len(view.captured)) if any(b.params[k] in self.live for b in node.blocks)]
        kept = [k for k, output in enumerate(view.outputs) if output in self.live]
        blocks = [
            self.block(block, [block.params[k] for k in used], [block.results[k] for k in kept])
            for block in node.blocks
        ]
        if len(used) == len(view.captured) and len(kept) == len(view.outputs):
            return with_blocks(node, blocks)
        return IfView.make(
            view.condition,
            [view.captured[k] for k in used],
            blocks[0],
            blocks[1],
            [view.outputs[k] for k in kept],
            catches=view.catches,
            location=node.location,
            derivative=node.derivative,
        )

    def counted_loop(self, node: Node) -> Node:
        view = ForView.of(node)
        parts = _LoopParts.of(view, self.live)
        read = [k for k, element in enumerate(view.elements) if element in self.live]
        params = [view.index, *(view.elements[k] for k in read), *parts.params]
        body = self.block(view.body, params, parts.results)
        if len(params) == len(view.body.params) and len(parts.results) == len(view.body.results):
            return with_blocks(node, [body])
        trips = [view.trips] if view.trips is not None else []
        return ForView.make(
            (view.start, view.stop, view.step),
            body,
            sequences=[view.sequences[k] for k in read],
            initial=parts.initial,
            captured=parts.captured,
            outputs=[*parts.outputs, *trips],
            backwards=view.backwards,
            leaves=view.leaves,
            location=node.location,
            derivative=node.derivative,
        )

    def conditional_loop(self, node: Node) -> Node:
        view = WhileView.of(node)
        parts = _LoopParts.of(view, self.live)
        position = {param: k for k, param in enumerate(view.body.params)}
        tested = [view.condition.params[position[param]] for param in parts.params]
        condition = self.block(view.condition, tested, view.condition.results)
        body = self.block(view.body, parts.params, parts.results)
        if len(parts.params) == len(view.body.params) and len(parts.results) == len(view.body.results):
            return with_blocks(node, [condition, body])
        return WhileView.make(
            condition,
            body,
            initial=parts.initial,
            captured=parts.captured,
            outputs=[*parts.outputs, view.trips],
            leaves=view.leaves,
            location=node.location,
            derivative=node.derivative,
        )

    def call(self, node: Node) -> Node:
        body = self.program.graphs[str(node.attrs["graph"])].body
        inputs = [v for v, param in zip(node.inputs, body.params, strict=True) if param in self.live]
        outputs = [v for v, result in zip(node.outputs, body.results, strict=True) if result in self.live]
        if len(inputs) == len(node.inputs) and len(outputs) == len(node.outputs):
            return node
        name = str(node.attrs["graph"])
        return make_call(name, inputs, outputs, location=node.location, derivative=node.derivative)


@dataclass(frozen=True)
class _LoopParts:
    """The live carried, captured and collected values of a loop."""

    params: list[Value]
    results: list[Value]
    initial: list[Value]
    captured: list[Value]
    outputs: list[Value]

    @staticmethod
    def of(view: ForView | WhileView, live: set[Thing]) -> _LoopParts:
        carried = [k for k, param in enumerate(view.carried_params) if param in live]
        captured = [k for k, param in enumerate(view.captured_params) if param in live]
        collected = [k for k, output in enumerate(view.collected) if output in live]
        leave = [view.leave] if view.leave is not None else []
        return _LoopParts(
            [*(view.carried_params[k] for k in carried), *(view.captured_params[k] for k in captured)],
            [
                *(view.carried_results[k] for k in carried),
                *(view.collected_results[k] for k in collected),
                *leave,
            ],
            [view.initial[k] for k in carried],
            [view.captured[k] for k in captured],
            [*(view.final[k] for k in carried), *(view.collected[k] for k in collected)],
        )


def _shrink(signature: Signature, params: Sequence[int], results: int) -> Signature:
    """A flat signature with only these parameters and this many results."""
    kept = tuple(replace(signature.parameters[old], structure=Leaf(new)) for new, old in enumerate(params))
    if results == 1:
        return Signature(kept, Leaf(0))
    keys = tuple(range(results))
    return Signature(kept, Container(ContainerKind.TUPLE, tuple, keys, tuple(map(Leaf, keys))))

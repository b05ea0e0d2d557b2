"""Liveness: which values some result or effect of a program depends on.

All blocks of all graphs form one graph of dependences, in which a carried value depends on what the next
iteration makes of it, and a call on the body it calls. Marking it from the results and effects is one visit
per value, however deep loops are nested: there is no fixpoint to iterate.

In:  a program and the graphs called from outside.   Out: the set of live values (and control nodes).
Not here: removing the rest (dead_code.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gradscribe.ir.control import CALL, FOR, IF, WHILE, ForView, IfView, WhileView, graphs_called
from gradscribe.ir.graph import Block, Node, Program, Value
from gradscribe.ir.walk import walk
from gradscribe.ops.raising import may_raise

Thing = Value | Node


class Dependences:
    """What must be computed for a value, or for a control node to run at all.

    Attributes:
        needs: for each value or control node, what it depends on directly.
        effects: what runs whether or not somebody reads it.
    """

    def __init__(self, program: Program, effectful: frozenset[str]) -> None:
        # Tuples of nodes are theirs, lists are ours.
        self.needs: dict[Thing, tuple[Thing, ...] | list[Thing]] = {}
        self.effects: list[Thing] = []
        self._program = program
        self._effectful = effectful
        for graph in program.graphs.values():
            self._block(graph.body, ())

    def live(self, wanted: Iterable[Value]) -> set[Thing]:
        """Everything that the wanted values and all effects depend on."""
        needs, found = self.needs, set[Thing]()
        waiting: list[Thing] = [*wanted, *self.effects]
        while waiting:
            thing = waiting.pop()
            if thing not in found:
                found.add(thing)
                waiting += needs.get(thing, ())
        return found

    def _need(self, thing: Thing, others: Iterable[Thing]) -> None:
        known = self.needs.get(thing, ())
        if isinstance(known, tuple):
            self.needs[thing] = [*known, *others]
        else:
            known.extend(others)

    def _need_each(self, things: Sequence[Value], others: Sequence[Value]) -> None:
        for thing, other in zip(things, others, strict=True):
            self._need(thing, (other,))

    def _block(self, block: Block, owners: tuple[Node, ...]) -> None:
        for node in block.nodes:
            self.needs.update(dict.fromkeys(node.outputs, (node,)))
            if node.op is IF:
                self._if(IfView.of(node), node)
            elif node.op is FOR:
                self._for(ForView.of(node), node)
            elif node.op is WHILE:
                self._while(WhileView.of(node), node)
            elif node.op is CALL:
                self._call(node)
            else:
                self.needs[node] = node.inputs
            if node.op.has_effect or (
                self._effectful and not self._effectful.isdisjoint(graphs_called(node))
            ):
                self.effects += [node, *owners]
            for inner in node.blocks:
                self._block(inner, (*owners, node))

    def _if(self, view: IfView, node: Node) -> None:
        self._need(node, [view.condition])
        if view.catches:
            # What may raise decides what is computed, though nobody reads its result.
            self._need(node, (inner for inner in self._run_by(view.then) if may_raise(inner, view.catches)))
        for block in (view.then, view.otherwise):
            self._need_each(view.outputs, block.results)
            self._need_each(block.params, view.captured)

    def _run_by(self, block: Block) -> Iterator[Node]:
        """The nodes of a block, and of the graphs that are called from there."""
        waiting, seen = [block], set[str]()
        while waiting:
            for node in walk(waiting.pop()):
                yield node
                new = set(graphs_called(node)) - seen
                seen |= new
                waiting += [self._program.graphs[name].body for name in sorted(new)]

    def _for(self, view: ForView, node: Node) -> None:
        self._need(node, [view.start, view.stop, view.step])
        self._need_each(view.elements, view.sequences)
        self._loop(view, node)

    def _while(self, view: WhileView, node: Node) -> None:
        self._need(node, view.condition.results)
        self._need_each(view.condition.params, view.body.params)
        self._loop(view, node)

    def _loop(self, view: ForView | WhileView, node: Node) -> None:
        if view.leave is not None:
            self._need(node, [view.leave])
        # A carried value stays or goes as a whole: its parameter, its next value, its first and its last one.
        for final, param, first, after in zip(
            view.final, view.carried_params, view.initial, view.carried_results, strict=True
        ):
            self._need(final, [param])
            self._need(param, [first, after, node])
        self._need_each(view.captured_params, view.captured)
        self._need_each(view.collected, view.collected_results)

    def _call(self, node: Node) -> None:
        body = self._program.graphs[str(node.attrs["graph"])].body
        self._need_each(node.outputs, body.results)
        # Every call passes what some live call needs: the callee has one parameter list.
        self._need_each(body.params, node.inputs)

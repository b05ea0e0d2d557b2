"""The reference evaluator: what a program means, slow and obvious.

Emitted code, schedules and passes are checked against it. Ordinary nodes are executed by the caller, since
the operations live on a higher floor; control nodes and `absent` are given their meaning here.

In:  a program, values of its leaves, `execute(node, inputs) -> outputs`.   Out: the result leaves.
Not here: what an operation computes (ops/execute.py), what it costs (cost.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import index
from typing import Final, SupportsIndex

import numpy as np

from gradscribe.errors import Diagnostic, InternalError
from gradscribe.ir.control import (
    CALL,
    FOR,
    IF,
    WHILE,
    ForView,
    GraphReference,
    IfView,
    WhileView,
    graphs_called,
)
from gradscribe.ir.cost import Cost
from gradscribe.ir.graph import Block, Node, Program, Value


class _Absent:
    """The type of `ABSENT`."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = _Absent()
"""What stands for a value that does not exist at run time."""

HANDS_ON_ABSENT = frozenset({"pack", "unpack", "list_append"})
"""Ordinary operations that pass values on without reading them."""

ABSENT_STAYS_ABSENT = frozenset({"zeros_like"})
"""Operations that may meet an absent value, whose result is then absent too (a cotangent of nothing)."""

SHAPED = frozenset({"broadcast_like", "unbroadcast_like"})
"""Operations whose result has the shape of their last operand, and is absent where that is."""

Execute = Callable[[Node, Sequence[object]], tuple[object, ...]]


def evaluate(
    program: Program, values: Sequence[object], execute: Execute, *, cost: Cost | None = None
) -> tuple[object, ...]:
    """The leaves of the result for these leaves of the arguments (hidden ones last).

    Args:
        program: what to run; not verified here.
        values: one per parameter of the entry graph.
        execute: computes an ordinary node: gets it and the values of its inputs, returns those of its
            outputs. It must not change its inputs.
        cost: is told of every execution, to count elements touched and bytes kept.

    Raises:
        InternalError: GS920, an absent value is read; GS921, lists of a loop do not fit its trip count;
            GS922, the number of values does not fit.
    """
    return _Run(program, execute, cost).graph(program.main, values)


@dataclass(frozen=True)
class _Run:
    program: Program
    execute: Execute
    cost: Cost | None

    def graph(self, name: str, values: Sequence[object]) -> tuple[object, ...]:
        return self.block(self.program.graphs[name].body, values)

    def block(self, block: Block, values: Sequence[object]) -> tuple[object, ...]:
        if len(values) != len(block.params):
            raise _error("GS922", f"{len(block.params)} parameters, but {len(values)} values", None)
        environment = dict(zip(block.params, values, strict=True))
        for node in block.nodes:
            outputs = self.node(node, [environment[value] for value in node.inputs])
            if len(outputs) != len(node.outputs):
                raise _error("GS922", f"`{node.op}` gave {len(outputs)} of {len(node.outputs)} outputs", node)
            environment.update(zip(node.outputs, outputs, strict=True))
            if self.cost is not None:
                self.cost.keep(outputs)
        results = tuple(environment[value] for value in block.results)
        if self.cost is not None:
            self.cost.release(environment[value] for node in block.nodes for value in node.outputs)
        return results

    def node(self, node: Node, inputs: list[object]) -> tuple[object, ...]:
        if node.op is IF:
            return self.branch(IfView.of(node), inputs)
        if node.op is FOR:
            return self.counted_loop(node, ForView.of(node), inputs)
        if node.op is WHILE:
            return self.conditional_loop(WhileView.of(node), inputs)
        if node.op is CALL:
            return self.graph(str(node.attrs["graph"]), inputs)
        if node.op.name == "absent":
            return (ABSENT,)
        stays = node.op.name in ABSENT_STAYS_ABSENT or node.attrs.get("optional")
        if stays and any(value is ABSENT for value in inputs):
            if node.op.name in SHAPED and inputs[-1] is not ABSENT:
                return (np.zeros_like(inputs[-1]),)
            # Of a sum, what is there.
            present = inputs[-1:] if node.op.name in SHAPED else inputs
            return (next((value for value in present if value is not ABSENT), ABSENT),)
        if node.op.name not in HANDS_ON_ABSENT:
            _check_present(node, inputs)
        if node.op.name == "pack":
            # As in what is emitted: sums of such entries leave it out.
            inputs = [None if value is ABSENT else value for value in inputs]
        outputs = self.execute(self.with_functions(node), inputs)
        if node.op.name == "unpack":
            outputs = tuple(ABSENT if value is None else value for value in outputs)
        if self.cost is not None:
            self.cost.execute(node, inputs, outputs)
        return outputs

    def with_functions(self, node: Node) -> Node:
        """The node with functions in place of the graphs that it hands to a library."""
        if not graphs_called(node):
            return node

        def function(name: str) -> Callable[..., object]:
            def called(*values: object) -> object:
                results = self.graph(name, values)
                return results[0] if len(results) == 1 else results

            return called

        attrs = {
            key: function(item.name) if isinstance(item, GraphReference) else item
            for key, item in node.attrs.items()
        }
        return replace(node, attrs=attrs)

    def branch(self, view: IfView, inputs: list[object]) -> tuple[object, ...]:
        if not view.catches:
            return self.block(view.then if inputs[0] else view.otherwise, inputs[1:])
        try:
            return self.block(view.then, inputs[1:])
        except view.catches:
            # Inside the clause, where the exception is what `sys.exception()` gives.
            return self.block(view.otherwise, inputs[1:])

    def counted_loop(self, node: Node, view: ForView, inputs: list[object]) -> tuple[object, ...]:
        first, second = 3 + len(view.sequences), 3 + len(view.sequences) + len(view.initial)
        start, stop, step = map(_as_int, inputs[:3])
        numbers = range(start, stop, step)
        sequences, carried, captured = inputs[3:first], inputs[first:second], inputs[second:]
        for sequence in sequences:
            _check_length(node, sequence, len(numbers), at_least=view.leaves)
        collected: dict[int, Sequence[object]] = {}
        order = range(len(numbers))
        for k in reversed(order) if view.backwards else order:
            elements = [sequence[k] for sequence in sequences]  # type: ignore[index]
            self.keep(carried)
            results = self.block(view.body, [numbers[k], *elements, *carried, *captured])
            self.release(carried)
            n = len(carried)
            carried, collected[k] = list(results[:n]), results[n : n + len(view.collected)]
            self.keep(collected[k])
            if view.leaves and results[-1]:
                break
        trips = [len(collected)] if view.leaves else []
        return (*carried, *self.gather(collected, len(view.collected)), *trips)

    def conditional_loop(self, view: WhileView, inputs: list[object]) -> tuple[object, ...]:
        n = len(view.initial)
        carried, captured = inputs[:n], inputs[n:]
        collected: dict[int, Sequence[object]] = {}
        while self.block(view.condition, [*carried, *captured])[0]:
            self.keep(carried)
            results = self.block(view.body, [*carried, *captured])
            self.release(carried)
            carried, entries = list(results[:n]), results[n : n + len(view.collected)]
            collected[len(collected)] = entries
            self.keep(entries)
            if view.leaves and results[-1]:
                break
        return (*carried, *self.gather(collected, len(view.collected)), len(collected))

    def gather(self, collected: dict[int, Sequence[object]], width: int) -> list[list[object]]:
        """One list per collected value, by iteration number; the entries are now kept by the lists."""
        lists = [[collected[k][position] for k in sorted(collected)] for position in range(width)]
        for entries in collected.values():
            self.release(entries)
        return lists

    def keep(self, values: Sequence[object]) -> None:
        if self.cost is not None:
            self.cost.keep(values)

    def release(self, values: Sequence[object]) -> None:
        if self.cost is not None:
            self.cost.release(values)


def _check_present(node: Node, inputs: Sequence[object]) -> None:
    for value, given in zip(node.inputs, inputs, strict=True):
        if given is ABSENT:
            raise _error("GS920", f"`{node.op}` reads {_name(value)}, which is absent", node)


def _as_int(value: object) -> int:
    assert isinstance(value, SupportsIndex), value
    return index(value)


def _check_length(node: Node, sequence: object, trips: int, *, at_least: bool) -> None:
    assert isinstance(sequence, list), sequence
    if len(sequence) != trips and not (at_least and len(sequence) > trips):
        raise _error("GS921", f"a loop of {trips} iterations reads a list of {len(sequence)}", node)


def _name(value: Value) -> str:
    return f"`{value.hint}`" if value.hint else "a value"


def _error(code: str, title: str, node: Node | None) -> InternalError:
    location = node.location if node is not None else None
    return InternalError(Diagnostic(code, title, location, why="this is our bug, not yours"))

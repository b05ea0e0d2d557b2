"""Activity: which values a derivative passes through.

A value is *varied* when it depends differentiably on an active parameter, *useful* when an active result depends
differentiably on it. Both are solved once per (block, flags of its parameters or results) and memoised, so the
work does not depend on nesting depth; loops are fixpoints over their carried values.

In:  blocks and flags.   Out: sets of values, flags of parameters and results.
Not here: what is done with it (ad/).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradscribe.ir.control import CALL, FOR, IF, WHILE, ForView, WhileView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import is_inexact
from gradscribe.ops.custom_rules import RuledCall, is_ruled
from gradscribe.ops.spec import ConstantAlmostEverywhere, Elementwise, OpSpec
from gradscribe.ops.trajectories import TrajectoryParts

Flags = tuple[bool, ...]


def passes_derivative(node: Node) -> Flags:
    """For each input of an ordinary node: may a derivative flow from it to an output?"""
    spec = node.op
    assert isinstance(spec, OpSpec), spec
    if isinstance(spec.form, ConstantAlmostEverywhere):
        return (False,) * len(node.inputs)
    flags = [is_inexact(value.type) for value in node.inputs]
    if is_ruled(node):
        results = len(RuledCall.of(node).results)
        flags[:results] = [False] * results
    if isinstance(spec.form, Elementwise):
        names = spec.operand_names(node)
        for position, name in enumerate(names):
            flags[position] &= name in spec.form.partials
    return tuple(flags)


class Activity:
    """Answers for the blocks of one program, while one transformation runs."""

    def __init__(self) -> None:
        self._varied: dict[tuple[Block, Flags], frozenset[Value]] = {}
        self._useful: dict[tuple[Block, Flags], frozenset[Value]] = {}

    def varied(self, block: Block, params: Sequence[bool]) -> frozenset[Value]:
        """Values of this level, parameters included, that depend on the flagged parameters."""
        key = (block, tuple(params))
        if key not in self._varied:
            found = {value for value, flag in zip(block.params, params, strict=True) if flag}
            for node in block.nodes:
                found.update(self._varied_outputs(node, found))
            self._varied[key] = frozenset(found)
        return self._varied[key]

    def useful(self, block: Block, results: Sequence[bool]) -> frozenset[Value]:
        """Values of this level, parameters included, that the flagged results depend on."""
        key = (block, tuple(results))
        if key not in self._useful:
            found = {value for value, flag in zip(block.results, results, strict=True) if flag}
            for node in reversed(block.nodes):
                found.update(self._useful_inputs(node, found))
            self._useful[key] = frozenset(found)
        return self._useful[key]

    def loop_varied(self, body: Block, params: Sequence[bool], carried: range) -> Flags:
        """Fixpoint of a loop: flags of the body's parameters, those of carried values closed over iterations."""
        flags = list(params)
        while True:
            varied = self.varied(body, flags)
            grown = list(flags)
            for offset, position in enumerate(carried):
                grown[position] |= body.results[offset] in varied and is_inexact(body.params[position].type)
            if grown == flags:
                return tuple(flags)
            flags = grown

    def loop_useful(self, body: Block, results: Sequence[bool], carried: range) -> Flags:
        """Fixpoint of a loop: flags of the body's results, those of carried values closed over iterations."""
        flags = list(results)
        while True:
            useful = self.useful(body, flags)
            grown = list(flags)
            for offset, position in enumerate(carried):
                grown[offset] |= body.params[position] in useful
            if grown == flags:
                return tuple(flags)
            flags = grown

    def _varied_outputs(self, node: Node, varied: set[Value]) -> Iterator[Value]:
        flags = [value in varied for value in node.inputs]
        if not any(flags):
            return
        for value, flag in zip(node.outputs, self._output_flags(node, flags), strict=True):
            if flag and is_inexact(value.type):
                yield value

    def _output_flags(self, node: Node, flags: list[bool]) -> Sequence[bool]:
        if node.op is IF:
            branches = [
                [result in self.varied(block, flags[1:]) for result in block.results] for block in node.blocks
            ]
            return [any(pair) for pair in zip(*branches, strict=True)]
        if node.op is FOR:
            loop = ForView.of(node)
            first = 1 + len(loop.sequences)
            carried = range(first, first + len(loop.initial))
            return self._loop_outputs(node, loop.body, [False, *flags[3:]], carried)
        if node.op is WHILE:
            repeat = WhileView.of(node)
            return self._loop_outputs(node, repeat.body, flags, range(len(repeat.initial)))
        if node.op is CALL:
            return [True] * len(node.outputs)
        moving = [a and b for a, b in zip(flags, passes_derivative(node), strict=True)]
        passed = [any(moving)] * len(node.outputs)
        if node.op.name == "trajectory":
            # The solution is given at times that do not depend on it.
            passed[0] = any(moving[1 : 1 + len(TrajectoryParts.of(node).times)])
        return passed

    def _loop_outputs(self, node: Node, body: Block, params: list[bool], carried: range) -> Sequence[bool]:
        closed = self.loop_varied(body, params, carried)
        varied = self.varied(body, closed)
        flags = [closed[position] for position in carried]
        flags += [result in varied for result in body.results[len(carried) :]]
        return (flags + [False] * len(node.outputs))[: len(node.outputs)]

    def _useful_inputs(self, node: Node, useful: set[Value]) -> Iterator[Value]:
        flags = [value in useful for value in node.outputs]
        if not any(flags):
            return
        for value, flag in zip(node.inputs, self._input_flags(node, flags), strict=True):
            if flag and is_inexact(value.type):
                yield value

    def _input_flags(self, node: Node, flags: list[bool]) -> Sequence[bool]:
        if node.op is IF:
            branches = [
                [param in self.useful(block, flags) for param in block.params] for block in node.blocks
            ]
            return [False, *(any(pair) for pair in zip(*branches, strict=True))]
        if node.op is FOR:
            loop = ForView.of(node)
            first = 1 + len(loop.sequences)
            carried = range(first, first + len(loop.initial))
            return [False, False, False, *self._loop_params(loop.body, flags, carried)[1:]]
        if node.op is WHILE:
            repeat = WhileView.of(node)
            return self._loop_params(repeat.body, flags, range(len(repeat.initial)))
        if node.op is CALL:
            return [True] * len(node.inputs)
        return passes_derivative(node)

    def _loop_params(self, body: Block, outputs: list[bool], carried: range) -> list[bool]:
        results = (outputs + [False] * len(body.results))[: len(body.results)]
        closed = self.loop_useful(body, results, carried)
        useful = self.useful(body, closed)
        flags = [param in useful for param in body.params]
        for offset, position in enumerate(carried):
            # A loop that runs zero times hands its initial values on.
            flags[position] |= outputs[offset]
        return flags

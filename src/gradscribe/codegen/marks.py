"""Which values belong to memory that is written later on: a look ahead before decisions are made.

From each write, the memory is followed back through views, writes, branches and loops to where it comes from.

In:  an opened block.   Out: `Marks`.
Not here: whether a write may happen in place (storage.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from gradscribe.codegen.writes import accumulates, aliasing_of, stores, writes_inside
from gradscribe.ir.control import CALL, FOR, IF, WHILE
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.walk import walk
from gradscribe.ops.spec import Aliasing


class Donating(Protocol):
    """What is known of a called graph."""

    @property
    def donated(self) -> frozenset[int]:
        """Parameters that it overwrites."""


class Marks:
    """Values whose memory is written later, and values that are variables anyway."""

    def __init__(self, body: Block, summaries: Mapping[str, Donating]) -> None:
        self._sources: dict[Value, list[Value]] = {}
        self._accumulators: set[Value] = set(body.params)
        must: list[Value] = []
        inside: list[Value] = []
        may: list[Value] = []
        for node in walk(body):
            self._follow(node)
            if node.op is CALL:
                must += [node.inputs[k] for k in summaries[str(node.attrs["graph"])].donated]
            elif stores(node):
                must.append(node.inputs[0])
                inside += [node.inputs[0]] if writes_inside(node) else []
        for node in walk(body):
            may += [node.inputs[k] for k in accumulates(node) if self.is_accumulator(node.inputs[k])]
        self._must = self._back_from(must)
        self._may = self._back_from(may)
        self._inside = self._back_from(inside)
        self._writing_inside: set[Block] = set()
        self._find_writes_inside(body)

    def is_accumulator(self, value: Value) -> bool:
        """Something that has a variable anyway: a parameter, a result of control flow or of a write."""
        return value in self._accumulators

    def is_written(self, value: Value) -> bool:
        """Its memory may be written."""
        return value in self._must or value in self._may

    def must_be_written(self, value: Value) -> bool:
        """Its memory is written, if need be after a copy."""
        return value in self._must

    def is_written_inside(self, param: Value, body: Block) -> bool:
        """Lists that a parameter of a loop holds are written in it, if need be after a copy of all of them."""
        return param in self._inside and body in self._writing_inside

    def _find_writes_inside(self, block: Block) -> bool:
        found = False
        for node in block.nodes:
            found |= writes_inside(node)
            for inner in node.blocks:
                found |= self._find_writes_inside(inner)
        if found:
            self._writing_inside.add(block)
        return found

    def _follow(self, node: Node) -> None:
        if node.op is IF:
            then, otherwise = node.blocks
            for output, a, b in zip(node.outputs, then.results, otherwise.results, strict=True):
                self._sources[output] = [a, b]
        elif node.op in (FOR, WHILE):
            self._follow_loop(node)
        elif stores(node):
            self._sources[node.outputs[0]] = [node.inputs[0]]
        elif accumulates(node):
            self._sources[node.output] = [node.inputs[k] for k in accumulates(node)]
        elif node.op is not CALL and aliasing_of(node) is Aliasing.EACH:
            pairs = zip(node.inputs, node.outputs, strict=False)
            self._sources.update((output, [value]) for value, output in pairs)
        elif node.op is not CALL and aliasing_of(node) is not Aliasing.FRESH:
            self._sources.update((output, [node.inputs[0]]) for output in node.outputs)
        adds_up = any(self.is_accumulator(node.inputs[k]) for k in accumulates(node))
        if node.blocks or node.op is CALL or stores(node) or adds_up:
            self._accumulators.update(node.outputs)

    def _follow_loop(self, node: Node) -> None:
        body = node.blocks[-1]
        n = len(node.outputs)
        params = body.params[len(body.params) - n :] if n else ()
        initial = node.inputs[len(node.inputs) - n :] if n else ()
        self._accumulators.update(params)
        for param, start, result, output in zip(params, initial, body.results, node.outputs, strict=False):
            self._sources[param] = [start, result]
            self._sources[output] = [start, result]

    def _back_from(self, targets: Iterable[Value]) -> set[Value]:
        found: set[Value] = set()
        open_ends = list(targets)
        while open_ends:
            value = open_ends.pop()
            if value not in found:
                found.add(value)
                open_ends += self._sources.get(value, ())
        return found

"""Which values share a Python variable, and what it is called.

Writes in place share the variable of what they modify; loop slots and results of branches share one where
lifetimes allow it; beyond that, values of the same name share a variable when their lifetimes do not overlap, so
that the user's `x = x + 1` prints as such. Everything is decided in the order of the program: the same graph, the
same names.

In:  lifetimes.   Out: `Variables.name(value)`.
Not here: statements that move a value from one variable to another (blocks.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from gradscribe.codegen.flow import carried_params
from gradscribe.codegen.lifetimes import Lifetimes
from gradscribe.codegen.name_pool import NamePool
from gradscribe.codegen.ranges import Range, merged, overlap
from gradscribe.codegen.suggestions import TEMPORARY
from gradscribe.ir.control import FOR, IF, WHILE, ForView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.walk import walk
from gradscribe.naming import identifier

UNNAMED_INDEX = "i"


@dataclass
class _Variable:
    """Values that share a variable.

    Attributes:
        suggestion: what to call it when none of its values has a name.
        order: position of the first value, which decides who is named first.
        primal: it holds a value of the user's program, whose name goes first.
    """

    ranges: list[Range]
    hint: str
    suggestion: str
    order: int
    primal: bool
    fixed: str = ""


class Variables:
    """Variables of one function."""

    def __init__(
        self,
        body: Block,
        lifetimes: Lifetimes,
        in_place: Mapping[Value, Value],
        params: Mapping[Value, str],
        hints: Mapping[Value, str],
        taken: Collection[str],
    ) -> None:
        """Decide.

        Args:
            body: the block, opened.
            lifetimes: of its values.
            in_place: result of a write -> the value it takes over.
            params: names of the parameters that are numbers or arrays.
            hints: names for values that have none.
            taken: names that must not be used.
        """
        self.lifetimes = lifetimes
        self._leader: dict[Value, Value] = {}
        self._variables: dict[Value, _Variable] = {}
        self._names: dict[Value, str] = {}
        self._collect(body, params, hints)
        for result, target in in_place.items():
            if result in self._variables and self._find(target) in self._variables:
                self._merge(target, result, forced=True)
        for node in walk(body):
            self._coalesce(node)
        self._assign(taken)

    def name(self, value: Value) -> str:
        """The variable of a value that is not inlined."""
        return self._names[self._find(value)]

    def has_name(self, value: Value) -> bool:
        """Whether the value has a variable."""
        return self._find(value) in self._names

    def used_names(self) -> set[str]:
        """All names."""
        return set(self._names.values())

    def _collect(self, body: Block, params: Mapping[Value, str], hints: Mapping[Value, str]) -> None:
        for value, hint, primal in _variables_of(body):
            if value in self.lifetimes.inliner.inlined:
                continue
            ranges = self.lifetimes.ranges(value)
            variable = _Variable(
                ranges, hint, hints.get(value, ""), ranges[0][0], primal, params.get(value, "")
            )
            self._variables[value] = variable

    def _find(self, value: Value) -> Value:
        while value in self._leader:
            value = self._leader[value]
        return value

    def _merge(self, left: Value, right: Value, *, forced: bool = False) -> bool:
        """Let two values share a variable, if they can."""
        left, right = self._find(left), self._find(right)
        if left is right:
            return True
        if left not in self._variables or right not in self._variables:
            return False
        first, second = self._variables[left], self._variables[right]
        if first.fixed and second.fixed:
            return False
        if not forced and first.hint and second.hint and first.hint != second.hint:
            return False
        if overlap(first.ranges, second.ranges):
            return False
        if second.fixed:
            left, right, first, second = right, left, second, first
        first.ranges = merged(first.ranges, second.ranges)
        first.hint = first.hint or second.hint
        first.suggestion = first.suggestion or second.suggestion
        first.order = min(first.order, second.order)
        first.primal = first.primal or second.primal
        del self._variables[right]
        self._leader[right] = left
        return True

    def _coalesce(self, node: Node) -> None:
        if node.op is IF:
            for output, *given in zip(node.outputs, *(block.results for block in node.blocks), strict=True):
                # A cotangent that every branch hands on keeps its variable, whatever the result is called.
                handed_on = node.derivative and len({self._find(result) for result in given}) == 1
                if not (handed_on and self._merge(given[0], output, forced=True)):
                    for result in given:
                        self._merge(output, result)
        elif node.op in (FOR, WHILE):
            params = carried_params(node)
            initial = node.inputs[len(node.inputs) - len(params) :]
            results = node.blocks[-1].results
            for param, output, result, start in zip(params, node.outputs, results, initial, strict=False):
                self._merge(param, output)
                self._merge(param, result)
                self._merge(param, start)

    def _assign(self, taken: Collection[str]) -> None:
        pool = NamePool(taken)

        def key(item: tuple[Value, _Variable]) -> tuple[bool, bool, int]:
            return not item[1].fixed, not item[1].primal, item[1].order

        for value, variable in sorted(self._variables.items(), key=key):
            if variable.fixed:
                pool.reserve(variable.fixed, variable.ranges)
                self._names[value] = variable.fixed
            else:
                wanted = identifier(variable.hint or variable.suggestion, TEMPORARY)
                self._names[value] = pool.assign(wanted, variable.ranges)


def _variables_of(block: Block) -> Iterator[tuple[Value, str, bool]]:
    """All values with the name they would like, and whether they are the user's."""
    for param in block.params:
        yield param, param.hint, True
    for node in walk(block):
        for output in node.outputs:
            yield output, output.hint, not node.derivative and bool(output.hint)
        if node.op is FOR:
            view = ForView.of(node)
            yield view.index, view.index.hint or UNNAMED_INDEX, False
            for element in view.elements:
                yield element, element.hint, False
        if node.op in (FOR, WHILE):
            for param in carried_params(node):
                yield param, param.hint, not node.derivative and bool(param.hint)

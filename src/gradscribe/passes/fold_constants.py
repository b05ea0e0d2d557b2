"""Compute at compile time what is known then.

    before:  d_x = 3 * x ** (3 - 1)                 after:  d_x = 3 * x ** 2
             if True: a else: b                             a
             for i in range(0, 0, 1): ...                   the initial values
             while flag: if flag: a else: b                 while flag: a

Arithmetic of literals in derivative nodes (a quotient only where it is exact: a person writes `x / 3.0`),
`if` with a condition that is known, loops that never run.

In:  a program.   Out: a program without them.
Not here: algebra (simplify.py), which applies `fold_literals` as its first rule.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from gradscribe.ir.control import FOR, IF, WHILE, ForView, IfView, caught_by
from gradscribe.ir.graph import Block, Node, Program, Value
from gradscribe.ir.types import INT, ScalarType
from gradscribe.ir.walk import map_blocks, map_graphs, substitute, with_blocks, with_body
from gradscribe.ops.build import Number, OpBuilder
from gradscribe.ops.table import lookup
from gradscribe.passes.rebuild import same_block
from gradscribe.passes.rules import rule_for
from gradscribe.passes.scope import Scope, builder
from gradscribe.passes.settled import remembering_settled

ARITHMETIC: Mapping[str, Callable[..., Number]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "floordiv": operator.floordiv,
    "pow": operator.pow,
    "neg": operator.neg,
    "pos": operator.pos,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
    "bool_not": operator.not_,
}
LARGEST = 2**53


@rule_for(ARITHMETIC)
def fold_literals(scope: Scope, node: Node) -> Value | None:
    """The literal that a derivative node computes from literals."""
    literals = [scope.literal(value) for value in node.inputs]
    numbers = [number for number in literals if isinstance(number, int | float)]
    if len(numbers) < len(literals):
        return None
    result = _compute(node.op.name, numbers)
    if result is None:
        return None
    b = builder(node)
    if not isinstance(node.output.type, ScalarType):
        return scope.accept(b, b.constant(result), node)
    # Its type is an upper bound: what two literals give is a Python number, whatever stands in the declaration.
    literal = Value(node.output.type)
    b.append(
        Node(lookup("constant"), (), (literal,), {"value": result}, location=node.location, derivative=True)
    )
    return scope.accept(b, literal, node)


def _compute(name: str, numbers: list[int | float]) -> Number | None:
    try:
        result = ARITHMETIC[name](*numbers)
    except (ArithmeticError, ValueError):
        return None
    if not isinstance(result, int | float) or not math.isfinite(result):
        return None
    if isinstance(result, int) and abs(result) > LARGEST:
        return None
    if name == "div" and Fraction(numbers[0]) / Fraction(numbers[1]) != Fraction(result):
        return None
    return result


def fold_control(program: Program) -> Program:
    """Replace `if` with a known condition by its branch, and loops that never run by their initial values."""
    return map_graphs(program, lambda graph: with_body(graph, _fold_plain(graph.body)))


@remembering_settled
def _fold(block: Block, holds: tuple[Value, ...]) -> Block:
    folder = _Folder(_literals=dict.fromkeys(holds, True))
    for node in block.nodes:
        folder.add(substitute(node, folder.same))
    results = [folder.same.get(value, value) for value in block.results]
    return same_block(block, block.params, folder.nodes, results)


def _fold_plain(block: Block) -> Block:
    return _fold(block, ())


def _fold_while(node: Node) -> Node:
    """A loop in whose body the condition is known to hold, where that is a variable."""
    condition, body = node.blocks
    (test,) = condition.results
    holds = (body.params[condition.params.index(test)],) if test in condition.params else ()
    return with_blocks(node, [_fold_plain(condition), _fold(body, holds)])


@dataclass
class _Folder:
    """The new nodes of one block.

    Attributes:
        same: outputs of folded nodes and what they are now.
    """

    nodes: list[Node] = field(default_factory=list)
    same: dict[Value, Value] = field(default_factory=dict)
    _literals: dict[Value, object] = field(default_factory=dict)

    def add(self, node: Node) -> None:
        if node.op is IF and node.inputs[0] in self._literals and not caught_by(node):
            self.inline(IfView.of(node))
        elif node.op is FOR and self.never_runs(node):
            self.skip(ForView.of(node), node)
        else:
            if node.op.name == "constant":
                self._literals[node.output] = node.attrs["value"]
            self.nodes.append(_fold_while(node) if node.op is WHILE else map_blocks(node, _fold_plain))

    def inline(self, view: IfView) -> None:
        """The nodes of the branch that is taken."""
        taken = view.then if self._literals[view.condition] else view.otherwise
        inside = dict(zip(taken.params, view.captured, strict=True))
        for node in taken.nodes:
            self.add(substitute(substitute(node, inside), self.same))
        for output, result in zip(view.outputs, taken.results, strict=True):
            value = inside.get(result, result)
            self.same[output] = self.same.get(value, value)

    def never_runs(self, node: Node) -> bool:
        bounds = [self._literals.get(value) for value in node.inputs[:3]]
        numbers = [bound for bound in bounds if isinstance(bound, int)]
        return len(numbers) == 3 and numbers[2] != 0 and not range(*numbers)

    def skip(self, view: ForView, node: Node) -> None:
        """Initial values, empty lists and a count of zero."""
        self.same.update(zip(view.final, view.initial, strict=True))
        b = OpBuilder(derivative=node.derivative, location=node.location)
        for value in view.collected:
            b.append(
                Node(lookup("list_new"), (), (value,), location=node.location, derivative=node.derivative)
            )
        if view.trips is not None:
            self.same[view.trips] = b.constant(0)
            assert view.trips.type == INT
        self.nodes.extend(b.nodes)

"""Selections in forward mode: which tangents may be zero because something else was taken.

In `z = x if x > 0 else 0.0` and `np.where(x > 0, x, 0.0)` the tangent of what is taken may be an exact zero that
belongs to a constant. What an infinite partial makes of it, as that of `sqrt` at 0, is no derivative of anything.

In:  a block and what is known of its parameters.   Out: what is known of its values.
Not here: the same for cotangents, which reverse mode notes on its way (ad/accumulate.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum

from gradscribe.analysis.activity import passes_derivative
from gradscribe.ir.control import CALL, FOR, IF, WHILE, ForView, IfView, WhileView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import is_inexact
from gradscribe.ops.spec import OpSpec

TAKING = frozenset({"where", "maximum", "minimum", "fmax", "fmin", "clip", "nan_to_num", "choose", "select"})
"""Operations that take one of their operands at each place."""

ASSEMBLING = frozenset(
    {
        *("set_item", "accumulate_at", "concatenate", "stack", "array", "stack_list", "block", "append"),
        *("vstack", "hstack", "dstack", "column_stack", "insert", "list_new", "list_append", "list_insert"),
        *("list_set", "pack", "with_real", "with_imag"),
    }
)
"""Operations that put their operands side by side."""

SPREADING = frozenset({"pad", "diag", "diagflat", "triu", "tril", "block_diag", "kron"})
"""Operations that put zeros beside their operand."""


class Tangent(IntEnum):
    """What is known of a tangent: there is none, there is one, or one that is zero where others were taken."""

    NONE = 0
    FULL = 1
    SELECTED = 2


States = Mapping[Value, Tangent]


class Selections:
    """Answers for the blocks of one program, each computed once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Block, tuple[Tangent, ...]], States] = {}

    def of(self, block: Block, params: Sequence[Tangent]) -> States:
        """What is known of the values of this level, parameters included."""
        key = (block, tuple(params))
        if key not in self._known:
            found = dict(zip(block.params, params, strict=True))
            self.follow(block.nodes, found)
            self._known[key] = found
        return self._known[key]

    def follow(self, nodes: Sequence[Node], found: dict[Value, Tangent]) -> None:
        """Add what is known of the outputs of nodes."""
        for node in nodes:
            given = [found.get(value, Tangent.NONE) for value in node.inputs]
            if any(given):
                found.update(zip(node.outputs, self._outputs(node, given), strict=True))

    def in_loop(self, body: Block, before: int, carried: int, params: Sequence[Tangent]) -> list[Tangent]:
        """What is known of the parameters of a loop's body in any iteration, given those of the first one.

        Args:
            body: of the loop.
            before: parameters before the carried ones.
            carried: how many of them there are.
            params: what is known in the first iteration.
        """
        states = list(params)
        while True:
            known = self.of(body, states)
            results = [known.get(value, Tangent.NONE) for value in body.results[:carried]]
            own = slice(before, before + carried)
            now = [_either(a, b) for a, b in zip(states[own], results, strict=True)]
            if now == states[own]:
                return states
            states[own] = now

    def _outputs(self, node: Node, given: Sequence[Tangent]) -> Sequence[Tangent]:
        if node.op is IF:
            view = IfView.of(node)
            known = [self.of(block, given[1:]) for block in (view.then, view.otherwise)]
            sides = [
                [states.get(value, Tangent.NONE) for value in block.results]
                for states, block in zip(known, (view.then, view.otherwise), strict=True)
            ]
            return [_either(a, b) for a, b in zip(*sides, strict=True)]
        if node.op in (FOR, WHILE):
            return self._after_loop(node, given)
        if node.op is CALL:
            return [Tangent.SELECTED] * len(node.outputs)
        return [_after(node, given)] * len(node.outputs)

    def _after_loop(self, node: Node, given: Sequence[Tangent]) -> Sequence[Tangent]:
        loop: ForView | WhileView = ForView.of(node) if node.op is FOR else WhileView.of(node)
        before = 1 + len(loop.sequences) if isinstance(loop, ForView) else 0
        first = [Tangent.NONE, *given[3:]] if before else given
        params = self.in_loop(loop.body, before, len(loop.initial), first)
        known = self.of(loop.body, params)
        results = [known.get(value, Tangent.NONE) for value in loop.body.results]
        carried = params[before : before + len(loop.initial)]
        every = [*carried, *results[len(carried) :], *[Tangent.NONE] * len(node.outputs)]
        return every[: len(node.outputs)]


def _either(one: Tangent, two: Tangent) -> Tangent:
    """What is known of something that is one of two: of a constant the tangent is zero."""
    return one if one is two else Tangent.SELECTED


def _after(node: Node, given: Sequence[Tangent]) -> Tangent:
    """What an operation makes of its operands, some of which have tangents."""
    passes = passes_derivative(node) if isinstance(node.op, OpSpec) else (True,) * len(given)
    taken = [state for state, flag in zip(given, passes, strict=True) if flag and state]
    if not taken:
        return Tangent.NONE
    name = node.op.name
    mixes = name in ASSEMBLING and any(
        state is Tangent.NONE and is_inexact(value.type)
        for value, state in zip(node.inputs, given, strict=True)
    )
    is_selected = name in TAKING or name in SPREADING or mixes or Tangent.SELECTED in taken
    return Tangent.SELECTED if is_selected else Tangent.FULL

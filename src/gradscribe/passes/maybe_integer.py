"""Values of an inexact type that may be an int at run time.

The type of a joined value is an upper bound: after `s = 0` and `if c: s = 0.5` it is float, and nothing
converts it. `1.0 * s` is then not the same as `s`.

In:  a program.   Out: the values, of all its blocks, that may be ints.
Not here: removing the multiplication (products.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gradscribe.ir.control import CALL, FOR, IF, WHILE, ForView, GraphReference, IfView, WhileView
from gradscribe.ir.graph import Block, Node, Program, Value
from gradscribe.ir.types import ResidualsType, is_inexact, is_number
from gradscribe.ir.walk import walk

ALWAYS_INEXACT = frozenset({"div", "constant", "exp", "log", "sqrt", "sin", "cos", "tanh", "mean"})


def maybe_integer(program: Program) -> frozenset[Value]:
    """Inexact values that may be ints.

    Arguments of the entry have the very types they are declared with.
    """
    flow = _Flow(program)
    known = -1
    while known < len(flow.found):
        known = len(flow.found)
        for graph in program.graphs.values():
            flow.through(graph.body)
    return frozenset(value for value in flow.found if isinstance(value, Value))


class _Flow:
    """What is known so far; it only grows.

    Attributes:
        found: values that may be ints, and parts of residuals, by their graph and place.
    """

    def __init__(self, program: Program) -> None:
        self.graphs = program.graphs
        self.found: set[Value | tuple[str, int]] = set()
        # A library may call a function with ints.
        nodes = (node for graph in program.graphs.values() for node in walk(graph.body))
        handed = {x.name for node in nodes for x in node.attrs.values() if isinstance(x, GraphReference)}
        for name in handed & self.graphs.keys():
            self.found.update(param for param in self.graphs[name].body.params if is_inexact(param.type))

    def through(self, block: Block) -> None:
        """Go through the nodes of a block and of the blocks inside."""
        for node in block.nodes:
            self._node(node)

    def _node(self, node: Node) -> None:
        if node.op is IF:
            branch = IfView.of(node)
            for block in node.blocks:
                self._join(branch.captured, block.params)
                self.through(block)
                self._join(block.results, node.outputs)
        elif node.op is FOR:
            self._for(ForView.of(node))
        elif node.op is WHILE:
            self._while(WhileView.of(node))
        elif node.op is CALL:
            callee = self.graphs[str(node.attrs["graph"])].body
            self._join(node.inputs, callee.params)
            self._join(callee.results, node.outputs)
        else:
            self._operation(node)

    def _for(self, loop: ForView) -> None:
        self._join(loop.sequences, loop.elements)
        self._join(loop.initial, loop.carried_params)
        self._join(loop.captured, loop.captured_params)
        self.through(loop.body)
        self._join(loop.carried_results, loop.carried_params)
        self._join(loop.initial, loop.final)
        self._join(loop.carried_results, loop.final)
        self._join(loop.collected_results, loop.collected)

    def _while(self, loop: WhileView) -> None:
        self._join(loop.initial, loop.carried_params)
        self._join(loop.captured, loop.captured_params)
        self.through(loop.body)
        self._join(loop.carried_results, loop.carried_params)
        self._join(loop.carried_params, loop.final)
        self._join(loop.collected_results, loop.collected)
        self._join(loop.initial, loop.condition.params[: len(loop.initial)])
        self._join(loop.carried_params, loop.condition.params[: len(loop.initial)])
        self._join(loop.captured, loop.condition.params[len(loop.initial) :])
        self.through(loop.condition)

    def _operation(self, node: Node) -> None:
        if node.op.name == "pack" and isinstance(node.output.type, ResidualsType):
            parts = self._parts(node.output.type, node.inputs)
            self.found.update(part for part, value in parts if self._may_be(value))
        elif node.op.name == "unpack" and isinstance(node.inputs[0].type, ResidualsType):
            parts = self._parts(node.inputs[0].type, node.outputs)
            self.found.update(value for part, value in parts if part in self.found)
        elif node.op.name == "sum_list" and not is_inexact(node.inputs[2].type):
            # Of no items it is the int with which it starts.
            self.found.add(node.output)
        elif node.op.name not in ALWAYS_INEXACT and not self.found.isdisjoint(node.inputs):
            self.found.update(output for output in node.outputs if is_inexact(output.type))

    @staticmethod
    def _parts(type_: ResidualsType, values: Sequence[Value]) -> Iterable[tuple[tuple[str, int], Value]]:
        return (((type_.graph, k), value) for k, value in enumerate(values) if is_inexact(value.type))

    def _join(self, values: Sequence[Value], targets: Sequence[Value]) -> None:
        """What the one values are, the others may be."""
        for value, target in zip(values, targets, strict=True):
            if is_inexact(target.type) and self._may_be(value):
                self.found.add(target)

    def _may_be(self, value: Value) -> bool:
        return value in self.found or (is_number(value.type) and not is_inexact(value.type))

"""Which values a reverse block computes again, and which are saved for it: a minimum cut.

    forward:  a = u[1:] - u[:-1];  f = k * a           read by the reverse block: a, f
    saved:    u, once, instead of a and f              computed again: a, f

A value that is needed is saved, which costs its memory, or computed again, which costs its operation and makes
its operands needed. In a network with an edge for each of these costs, the cheapest choice is a minimum cut; of
several the one that computes least again is taken. Only little arithmetic and views are ever computed again.

In:  values that are read, the forward nodes, values that are there anyway.   Out: nodes to run again.
Not here: what is read (ad/residuals.py), flows (minimum_cut.py).
References: Moses et al., Reverse-mode automatic differentiation and optimization of GPU kernels via Enzyme,
SC 2021, section 4 (caching by minimum cut).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import prod

from gradscribe.analysis.minimum_cut import UNLIMITED, Network
from gradscribe.analysis.overwriting import STORES
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, ScalarType, Type
from gradscribe.ir.walk import definitions
from gradscribe.ops.references import ReferenceType
from gradscribe.ops.spec import Aliasing, Domain, OpSpec

FREE = frozenset({"constant", "dimension", "size", "absent", "row", "reference"})
ARITHMETIC = frozenset({"add", "sub", "mul", "neg", "pos"})
ON_SCALARS = frozenset(
    {"lt", "le", "gt", "ge", "eq", "ne", "bool_not", "bool_and", "bool_or", "mod", "floordiv"}
)

# In units of one operation on Python numbers. Writing an array to fresh memory and reading it back costs about as
# much as four elementwise operations on it.
SAVE_NUMBER = 8
SAVE_ELEMENT = 4
SAVE_OTHER = UNLIMITED >> 20
ARRAY_CALL = 8
UNKNOWN_LENGTH = 1000


def nodes_to_run_again(
    reads: Collection[Value], forward: Sequence[Node], given: Collection[Value]
) -> list[Node]:
    """The nodes that a reverse block runs again, in order.

    Args:
        reads: values of the forward block that the reverse block reads.
        forward: nodes of the forward block.
        given: values that the reverse block has without their being saved.
    """
    return _Choice(forward, given).made_for(reads)


class _Choice:
    """The network: a vertex where a value is to be computed, and one where it is there, for each value."""

    def __init__(self, forward: Sequence[Node], given: Collection[Value]) -> None:
        self.forward = forward
        self.given = given
        self.defined = definitions(forward)
        self.overwritten = {node.inputs[0] for node in forward if node.op.name in STORES}
        self.network = Network()
        self.source, self.sink = self.network.vertex(), self.network.vertex()
        self.computed: dict[Value, int] = {}
        self.there: dict[Value, int] = {}

    def made_for(self, reads: Collection[Value]) -> list[Node]:
        waiting = [value for value in reads if value not in self.given]
        for value in waiting:
            self.network.connect(self.available(value), self.sink, UNLIMITED)
        while waiting:
            waiting += self.explain(waiting.pop())
        side = self.network.sink_side(self.source, self.sink)
        again = {value for value, vertex in self.computed.items() if vertex in side}
        return [node for node in self.forward if not again.isdisjoint(node.outputs)]

    def available(self, value: Value) -> int:
        if value not in self.there:
            self.there[value] = self.network.vertex()
        return self.there[value]

    def explain(self, value: Value) -> list[Value]:
        """Add the ways to have a value; return the operands that this is about."""
        if value in self.computed:
            return []
        here = self.computed[value] = self.network.vertex()
        self.network.connect(here, self.available(value), self.saving(value))
        node = self.defined.get(value)
        cost = None if node is None else cost_of_running(node)
        if node is None or cost is None:
            self.network.connect(self.source, here, UNLIMITED)
            return []
        self.network.connect(self.source, here, cost)
        operands = [operand for operand in node.inputs if operand not in self.given]
        for operand in operands:
            self.network.connect(self.available(operand), here, UNLIMITED)
        return operands

    def saving(self, value: Value) -> int:
        if isinstance(value.type, ScalarType | ReferenceType):
            return SAVE_NUMBER
        if not isinstance(value.type, ArrayType):
            return SAVE_OTHER
        # What is overwritten later must be copied first.
        copy = elements(value.type) if value in self.overwritten else 0
        return SAVE_NUMBER + SAVE_ELEMENT * elements(value.type) + copy


def cost_of_running(node: Node) -> int | None:
    """What running a node again costs; None where that is never less than keeping its result."""
    spec = node.op
    if spec.name in FREE:
        return 0
    if not isinstance(spec, OpSpec):
        return None
    scalars = all(isinstance(value.type, ScalarType) for value in (*node.inputs[1:], *node.outputs))
    if spec.name == "get_item":
        return 1 if all(isinstance(value.type, ScalarType) for value in node.inputs[1:]) else None
    if spec.name == "list_get":
        return 1
    if spec.name in ON_SCALARS:
        return 1 if scalars and isinstance(node.inputs[0].type, ScalarType) else None
    if spec.sharing([value.type for value in node.inputs], node.attrs) is Aliasing.VIEW:
        return 1
    if spec.name not in ARITHMETIC or spec.backend is not Domain.ELEMENTWISE:
        return None
    return max(ARRAY_CALL, elements(node.output.type)) if isinstance(node.output.type, ArrayType) else 1


def elements(type_: Type) -> int:
    """How many elements an array has, where unknown lengths count as many."""
    assert isinstance(type_, ArrayType)
    lengths = (length.constant for length in type_.shape)
    return prod(UNKNOWN_LENGTH if length is None else length for length in lengths)

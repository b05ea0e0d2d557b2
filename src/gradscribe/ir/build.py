"""Making blocks: a `Builder` appends nodes in order and gives their outputs names.

In:  operations, inputs and output types.   Out: nodes, at last a `Block`.
Not here: types of results and simplification on the way (ops/build.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import Parameter as InspectParameter

from gradscribe.ir.graph import NO_ATTRS, Block, Node, Op, Value
from gradscribe.ir.signature import Container, ContainerKind, Leaf, Parameter, Signature
from gradscribe.ir.types import Type
from gradscribe.location import Location
from gradscribe.naming import Names


class Builder:
    """Collects the nodes of one block.

    Attributes:
        nodes: what was emitted so far, in order.
        location: given to nodes that are emitted next.
        derivative: whether the nodes belong to derivative statements.
    """

    def __init__(self, *, derivative: bool = False, location: Location | None = None) -> None:
        self.nodes: list[Node] = []
        self.location = location
        self.derivative = derivative

    @contextmanager
    def at(self, location: Location | None) -> Iterator[None]:
        """Nodes emitted inside belong to this place of the user's source."""
        before, self.location = self.location, location
        try:
            yield
        finally:
            self.location = before

    def emit(
        self,
        op: Op,
        inputs: Sequence[Value],
        types: Sequence[Type],
        attrs: Mapping[str, object] = NO_ATTRS,
        *,
        hint: str = "",
    ) -> tuple[Value, ...]:
        """Append a node without blocks and return its outputs."""
        outputs = tuple(Value(type_, hint) for type_ in types)
        node = Node(op, tuple(inputs), outputs, attrs, location=self.location, derivative=self.derivative)
        self.append(node)
        return outputs

    def append(self, node: Node) -> Node:
        """Append a node that was made elsewhere."""
        self.nodes.append(node)
        return node

    def finish(self, params: Sequence[Value], results: Sequence[Value]) -> Block:
        """The block of all nodes so far."""
        return Block(tuple(params), tuple(self.nodes), tuple(results))


def name_value(value: Value, hint: str) -> None:
    """Give an unnamed value the name that the user's program binds it to.

    The one exception to immutability: a hint is written once, while the block that defines the value is being
    built, because the name is known only after the expression. `_` is the name of what has none.
    """
    if hint.strip("_") and not value.hint:
        object.__setattr__(value, "hint", hint)


def leaf_signature(params: Sequence[Value], results: int) -> Signature:
    """A signature of plain positional leaves."""
    kind = InspectParameter.POSITIONAL_OR_KEYWORD
    names = Names()
    parameters = tuple(
        Parameter(names.fresh(value.hint or f"arg{position}"), kind, Leaf(position))
        for position, value in enumerate(params)
    )
    keys = tuple(range(results))
    result = Container(ContainerKind.TUPLE, tuple, keys, tuple(map(Leaf, keys)))
    return Signature(parameters, result if results != 1 else Leaf(0))

"""What a rewriting rule sees of the block it works in.

In:  a block.   Out: `Scope`: definitions, literals, what may be looked through; it collects the rewritten nodes.
Not here: rules (patterns.py, products.py, layout.py), the order in which they are tried (simplify.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import ScalarType, SequenceType, Type, is_number, same_shape
from gradscribe.ir.walk import use_counts
from gradscribe.ops.build import Number, OpBuilder
from gradscribe.ops.spec import Domain, OpSpec


class Scope:
    """One block while it is rewritten from its first node to its last.

    Attributes:
        nodes: the nodes of the new block, so far.
        same: rewritten values and what they are now.
        named: values that take over the name of what they stand for, and the values that replace them at the end.
        trees: what a rule has read of the definitions of values; forgotten when a rule changes something.
    """

    def __init__(self, block: Block, maybe_integer: frozenset[Value]) -> None:
        self.nodes: list[Node] = []
        self.same: dict[Value, Value] = {}
        self.named: dict[Value, Value] = {}
        self.trees: dict[Value, object] = {}
        self._maybe_integer = maybe_integer
        self._definitions: dict[Value, Node] = {}
        self._literals: dict[Value, Number] = {}
        self._uses = Counter(use_counts(block))
        self._readers: dict[Value, Node] = {value: node for node in block.nodes for value in node.inputs}

    def append(self, nodes: Iterable[Node]) -> None:
        """Add nodes to the new block."""
        for node in nodes:
            self.nodes.append(node)
            self._definitions.update(dict.fromkeys(node.outputs, node))
            if node.op.name == "constant":
                number = node.attrs["value"]
                if isinstance(number, int | float | complex):
                    self._literals[node.output] = number

    def definition(self, value: Value) -> Node | None:
        """The node of this block that defines a value."""
        return self._definitions.get(value)

    def literal(self, value: Value) -> Number | None:
        """The number that a value is, where it is a literal."""
        return self._literals.get(value)

    def inner(self, value: Value) -> Node | None:
        """The definition of a derivative value without a name: a rule may look into it."""
        node = self.definition(value)
        if node is None or not node.derivative or node.blocks or value.hint or value in self.named:
            return None
        return node

    def sole(self, value: Value) -> Node | None:
        """The definition, where looking into it leaves nobody else who needs the value.

        That may be an elementwise value of the primal, which then goes: its bits were only for this reader.
        """
        if self._uses[value] != 1:
            return None
        node = self.definition(value)
        if node is None or value.hint or value in self.named or not isinstance(node.op, OpSpec):
            return None
        return node if node.derivative or node.op.backend is Domain.ELEMENTWISE else None

    def is_inside(self, node: Node, operations: frozenset[str]) -> bool:
        """An operand that is looked at together with the product or sum it stands in."""
        reader = self._readers.get(node.output)
        is_sole = self._uses[node.output] == 1 and not node.output.hint
        return is_sole and reader is not None and reader.derivative and reader.op.name in operations

    def has_other_readers(self, value: Value, node: Node) -> bool:
        """Somebody else needs the value."""
        return self._uses[value] > node.inputs.count(value)

    def is_read_once(self, value: Value) -> bool:
        """The value has one reader in this block, and is no result of it."""
        return self._uses[value] == 1

    def is_certainly_float(self, value: Value) -> bool:
        """Not an int at run time, as a value of type float may be after a join with an int."""
        return value not in self._maybe_integer

    def accept(self, b: OpBuilder, result: Value, node: Node) -> Value | None:
        """The result of a rule that wrote into `b`, or None where it cannot stand for the node's output.

        A rule writes into a builder of its own, so that an attempt that fails leaves nothing behind.
        """
        if not compatible(result.type, node.output.type):
            return None
        if not b.nodes and not self.is_certainly_float(result):
            return None
        self.append(b.nodes)
        self.trees.clear()
        self._uses.update(value for made in b.nodes for value in made.inputs)
        return result

    def replace(self, node: Node, result: Value) -> None:
        """The result of a rule takes the place of the node, its readers and its name."""
        self.same[node.output] = result
        self.trees.clear()
        self._uses[result] += self._uses[node.output]
        self._uses.subtract(node.inputs)
        # The complete cotangent of x keeps its name `d_x` in its simpler form.
        if node.output.hint and self.inner(result) is not None and self.literal(result) is None:
            self.named[result] = Value(result.type, node.output.hint)


def builder(node: Node) -> OpBuilder:
    """A builder for what takes the place of a node."""
    return OpBuilder(derivative=True, location=node.location)


def compatible(new: Type, old: Type) -> bool:
    """Whether a value of the one type can stand for one of the other: same kind of number, dtype and shape."""
    if not is_number(new) or not is_number(old):
        return new == old or (isinstance(new, SequenceType) and isinstance(old, SequenceType))
    if type(new) is not type(old):
        return False
    if isinstance(new, ScalarType) and isinstance(old, ScalarType):
        return new == old
    return (
        is_number(new) and getattr(new, "dtype", None) == getattr(old, "dtype", None) and same_shape(new, old)
    )

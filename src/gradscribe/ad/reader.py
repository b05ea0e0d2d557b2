"""Looking from a value back at the expression that made it.

In:  a block.   Out: `Reader`.
Not here: what the expressions mean (exponentials.py, logarithms.py, stable.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.template import freeze
from gradscribe.ir.types import dtype_of, is_number
from gradscribe.ops.build import literals_of

# How far back an expression is followed: what a person writes in one formula; work stays linear in the block.
DEPTH = 8


class Reader:
    """The makers of the values of one block."""

    def __init__(self, block: Block) -> None:
        self.makers: Mapping[Value, Node] = {
            output: node for node in block.nodes if len(node.outputs) == 1 for output in node.outputs
        }
        self._literals = literals_of(block.nodes)

    def literal(self, value: Value) -> float | None:
        """The real number that a value is known to be."""
        found = self._literals.get(value)
        return None if found is None or isinstance(found, bool | complex) else float(found)

    def maker(self, value: Value, *names: str) -> Node | None:
        """The operation that made a value, if it is one of these."""
        found = self.makers.get(value)
        return found if found is not None and found.op.name in names else None

    def same(self, value: Value, depth: int = 4) -> Hashable:
        """Equal for values that are written alike: the two `2 * x` of `exp(2 * x) / (1 + exp(2 * x))`."""
        literal, node = self.literal(value), self.makers.get(value)
        if literal is not None:
            return literal
        if node is None or not depth or node.blocks or node.has_effect:
            return value
        attrs = {name: of for name, of in node.attrs.items() if name != "spelling"}
        return (node.op.name, freeze(attrs), *(self.same(operand, depth - 1) for operand in node.inputs))


def is_real(value: Value) -> bool:
    """A float, or an array of them."""
    return is_number(value.type) and dtype_of(value.type).kind == "f"


def squared(reader: Reader, value: Value) -> Value | None:
    """x, if the value is x ** 2, x * x or np.square(x)."""
    node = reader.maker(value, "square", "mul", "pow")
    if node is None:
        return None
    if node.op.name == "mul":
        return node.inputs[0] if reader.same(node.inputs[0]) == reader.same(node.inputs[1]) else None
    is_square = node.op.name == "square" or reader.literal(node.inputs[1]) == 2
    return node.inputs[0] if is_square else None


def scaled(reader: Reader, value: Value) -> tuple[float, Value]:
    """The number and the value whose product it is."""
    factor = 1.0
    for _ in range(DEPTH):
        node = reader.maker(value, "neg", "mul", "div")
        if node is None:
            break
        numbers = [reader.literal(operand) for operand in node.inputs]
        if node.op.name == "neg":
            factor, value = -factor, node.inputs[0]
        elif numbers[-1]:
            factor = factor * numbers[-1] if node.op.name == "mul" else factor / numbers[-1]
            value = node.inputs[0]
        elif node.op.name == "mul" and numbers[0]:
            factor, value = factor * numbers[0], node.inputs[1]
        else:
            break
    return factor, value

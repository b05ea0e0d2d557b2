"""Derivatives of forms whose parts overflow or divide by zero where the whole is smooth.

The parts of log(1 + exp(x)) at 1000 have the derivatives inf and 0; the whole has the derivative 1. Such a form is
differentiated in one step, from its result to x, past the parts. The value is computed as the user wrote it.

    log(1 + exp(x)), log1p(exp(x))   the logistic function of x
    1 / (1 + exp(x))                 out (out - 1)
    log(1 / (1 + exp(x)))            minus the logistic function of x
    log(sum(exp(x)))                 the softmax of x
    sqrt(sum(x ** 2))                x / out, and 0 at 0, as for every norm

In:  a block.   Out: for each node that ends such a form, how its tangents and cotangents pass.
Not here: ordinary rules (ops/), stable values (the user's own business).
References: Blanchard, Higham & Higham, Accurately computing the log-sum-exp and softmax functions, 2021.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import dtype_of, is_number
from gradscribe.ops.build import Number, OpBuilder, literals_of
from gradscribe.ops.reductions import reduce_like, restore_axes

LOGISTIC = "exp(x - logaddexp(0.0, x))"
ENDS = frozenset({"log", "log1p", "div", "reciprocal", "sqrt"})


@dataclass(frozen=True)
class Form:
    """What a node is of a value further up.

    Attributes:
        operand: the value.
        partial: derivative by the operand `x`, for an elementwise form; may use `out`.
        over: the reduction that stands inside, with the derivative by each element; None for an elementwise form.
    """

    operand: Value
    partial: str = ""
    over: Node | None = None
    weights: Callable[[OpBuilder, Node, Node, Value], Value] | None = None

    def pull(self, b: OpBuilder, node: Node, ct: Value) -> Value:
        """The cotangent of the operand of a form with a reduction."""
        assert self.over is not None and self.weights is not None
        return b.op("mul", restore_axes(b, self.over, ct), self.weights(b, node, self.over, self.operand))

    def push(self, b: OpBuilder, node: Node, tangent: Value) -> Value:
        """The tangent of the result."""
        if self.over is None or self.weights is None:
            names = {"x": self.operand, "out": node.output}
            return b.op("mul", tangent, b.expression(self.partial, names))
        weights = self.weights(b, node, self.over, self.operand)
        return reduce_like(b, self.over, "sum", b.op("mul", weights, tangent))


def stable_forms(block: Block) -> dict[Node, Form]:
    """The forms that nodes of this block end."""
    if not any(node.op.name in ENDS for node in block.nodes):
        return {}
    reader = _Reader(block)
    found = {node: reader.form(node) for node in block.nodes if node.op.name in ENDS}
    return {
        node: form
        for node, form in found.items()
        if form is not None and is_number(form.operand.type) and dtype_of(form.operand.type).kind == "f"
    }


class _Reader:
    """Looks from a node back at what made its operands."""

    def __init__(self, block: Block) -> None:
        self.makers: Mapping[Value, Node] = {
            output: node for node in block.nodes if len(node.outputs) == 1 for output in node.outputs
        }
        self.literals: Mapping[Value, Number] = literals_of(block.nodes)

    def form(self, node: Node) -> Form | None:
        """The form that this node ends, if any."""
        name = node.op.name
        if name == "sqrt":
            return self._norm(node)
        if name == "log1p":
            inside = self._of(node.inputs[0], "exp")
            return None if inside is None else Form(inside, LOGISTIC)
        if name == "log":
            return self._logarithm(node.inputs[0])
        inside = self._reciprocal(node)
        return None if inside is None else Form(inside, "out * (out - 1.0)")

    def _of(self, value: Value, name: str) -> Value | None:
        """x, if the value is `name(x)`."""
        maker = self.makers.get(value)
        return maker.inputs[0] if maker is not None and maker.op.name == name else None

    def _one_plus_exp(self, value: Value) -> Value | None:
        """x, if the value is 1 + exp(x)."""
        maker = self.makers.get(value)
        if maker is None or maker.op.name != "add":
            return None
        left, right = maker.inputs
        if self._is_one(left):
            return self._of(right, "exp")
        return self._of(left, "exp") if self._is_one(right) else None

    def _is_one(self, value: Value) -> bool:
        return self.literals.get(value) == 1

    def _reciprocal(self, node: Node) -> Value | None:
        """x, if the node is 1 / (1 + exp(x))."""
        if node.op.name == "reciprocal":
            return self._one_plus_exp(node.inputs[0])
        if node.op.name != "div" or not self._is_one(node.inputs[0]):
            return None
        return self._one_plus_exp(node.inputs[1])

    def _logarithm(self, value: Value) -> Form | None:
        inside = self._one_plus_exp(value)
        if inside is not None:
            return Form(inside, LOGISTIC)
        maker = self.makers.get(value)
        if maker is None:
            return None
        inside = self._reciprocal(maker)
        if inside is not None:
            return Form(inside, f"-{LOGISTIC}")
        if maker.op.name == "sum" and len(maker.inputs) == 1:
            inside = self._of(maker.inputs[0], "exp")
            if inside is not None and not self._is_shifted(inside):
                return Form(inside, over=maker, weights=_softmax)
        return None

    def _is_shifted(self, value: Value) -> bool:
        """The user has subtracted the largest element already."""
        maker = self.makers.get(value)
        shift = self.makers.get(maker.inputs[1]) if maker is not None and maker.op.name == "sub" else None
        return shift is not None and shift.op.name in ("max", "expand_dims")

    def _norm(self, node: Node) -> Form | None:
        maker = self.makers.get(node.inputs[0])
        if maker is None or maker.op.name != "sum" or len(maker.inputs) != 1:
            return None
        inside = self._squared(maker.inputs[0])
        return None if inside is None else Form(inside, over=maker, weights=_direction)

    def _squared(self, value: Value) -> Value | None:
        """x, if the value is x ** 2, x * x or np.square(x)."""
        maker = self.makers.get(value)
        if maker is None:
            return None
        if maker.op.name == "square":
            return maker.inputs[0]
        if maker.op.name == "mul" and maker.inputs[0] is maker.inputs[1]:
            return maker.inputs[0]
        is_square = maker.op.name == "pow" and self.literals.get(maker.inputs[1]) == 2
        return maker.inputs[0] if is_square else None


def _softmax(b: OpBuilder, node: Node, over: Node, x: Value) -> Value:
    shifted = b.op("exp", b.op("sub", x, restore_axes(b, over, reduce_like(b, over, "max", x))))
    return b.op("div", shifted, restore_axes(b, over, reduce_like(b, over, "sum", shifted)))


def _direction(b: OpBuilder, node: Node, over: Node, x: Value) -> Value:
    spread = b.expression("or_one(out)", {"out": node.output})
    return b.op("div", x, restore_axes(b, over, spread))

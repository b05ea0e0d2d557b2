"""Mathematics as text: expressions in the common subset of Python and SymPy become graph nodes.

`or_one(x)` is x, and 1 where x is 0: a denominator whose numerator is 0 there too, so that the quotient is 0.

In:  "cos(x) * y ** 2" and the values that its names stand for.   Out: nodes in a builder.
Not here: SymPy itself (tests, docs and the offline derivation of partials).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from gradscribe.ir.graph import Value

if TYPE_CHECKING:
    from gradscribe.ops.build import Number, OpBuilder

BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
}
COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
    ast.Eq: "eq",
    ast.NotEq: "ne",
}
CONSTANTS = {"pi": 3.141592653589793, "e": 2.718281828459045, "inf": float("inf")}


@cache
def parse(text: str) -> ast.expr:
    """The syntax tree of an expression."""
    return ast.parse(text, mode="eval").body


def build_expression(b: OpBuilder, text: str, operands: Mapping[str, Value]) -> Value:
    """Nodes for the expression; function names are operations of the table."""
    result = _build(b, parse(text), operands)
    return result if isinstance(result, Value) else b.constant(result)


def _build(b: OpBuilder, node: ast.expr, operands: Mapping[str, Value]) -> Value | Number:
    match node:
        case ast.Constant(value=int() | float() | complex() as number):
            return number
        case ast.Name(id=name):
            return operands[name] if name in operands else CONSTANTS[name]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() | complex() as number)):
            return -number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return b.op("neg", _build(b, operand, operands))
        case ast.BinOp(left=left, op=op, right=right):
            return b.op(BINARY[type(op)], _build(b, left, operands), _build(b, right, operands))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return b.op(COMPARE[type(op)], _build(b, left, operands), _build(b, right, operands))
        case ast.Call(func=ast.Name(id="or_one"), args=[argument]):
            value = _build(b, argument, operands)
            return b.op("where", b.op("eq", value, 0.0), 1.0, value)
        case ast.Call(func=ast.Name(id=name), args=args):
            return b.op(name, *(_build(b, argument, operands) for argument in args))
        case _:
            raise ValueError(f"not in the expression language: {ast.unparse(node)}")

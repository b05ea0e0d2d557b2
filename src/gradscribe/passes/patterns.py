"""Matching the identities of rewrites.py against a graph.

In:  an expression as text and a node.   Out: what its names stand for; nodes for the other side.
Not here: the identities.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache

from gradscribe.ir.graph import Node, Value
from gradscribe.ops.expression import BINARY, parse
from gradscribe.passes.rewrites import REWRITES, Kind, Rewrite
from gradscribe.passes.rules import rule_where
from gradscribe.passes.scope import Scope, builder


@cache
def rewrites_by_operation() -> dict[str, list[Rewrite]]:
    """The rewrites that are applied, by the operation they start from."""
    found: dict[str, list[Rewrite]] = defaultdict(list)
    for rewrite in REWRITES:
        if rewrite.kind is not Kind.NARROWING:
            found[_operation(parse(rewrite.before))[0]].append(rewrite)
    return dict(found)


@rule_where(lambda op: op.name in rewrites_by_operation())
def apply_identities(scope: Scope, node: Node) -> Value | None:
    """The value that the first fitting identity gives for a node, or None."""
    for rewrite in rewrites_by_operation()[node.op.name]:
        bindings: dict[str, Value] = {}
        if _match_node(scope, parse(rewrite.before), node, bindings):
            b = builder(node)
            result = scope.accept(b, b.expression(rewrite.after, bindings), node)
            if result is not None:
                return result
    return None


def _operation(pattern: ast.expr) -> tuple[str, list[ast.expr]]:
    """Name of the outermost operation, and its operands."""
    match pattern:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return "neg", [operand]
        case ast.BinOp(left=left, op=op, right=right):
            return BINARY[type(op)], [left, right]
        case ast.Call(func=ast.Name(id=name), args=args):
            return name, list(args)
        case _:
            raise ValueError(f"not a pattern: {ast.unparse(pattern)}")


def _match_node(scope: Scope, pattern: ast.expr, node: Node, bindings: dict[str, Value]) -> bool:
    name, operands = _operation(pattern)
    if node.op.name != name or len(operands) != len(node.inputs) or set(node.attrs) - {"spelling"}:
        return False
    return all(
        _match_value(scope, operand, value, bindings)
        for operand, value in zip(operands, node.inputs, strict=True)
    )


def _match_value(scope: Scope, pattern: ast.expr, value: Value, bindings: dict[str, Value]) -> bool:
    match pattern:
        case ast.Name(id=name):
            return bindings.setdefault(name, value) is value
        case ast.Constant(value=int() | float() as number):
            literal = scope.literal(value)
            return literal == number and not isinstance(literal, bool)
        case _:
            node = scope.inner(value)
            return node is not None and _match_node(scope, pattern, node, bindings)

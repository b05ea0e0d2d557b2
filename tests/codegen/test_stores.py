"""Statements that add to something say `-=` where that is simpler, and mean the same."""

from __future__ import annotations

import ast

import pytest

from gradscribe.codegen.stores import negated


@pytest.mark.parametrize(
    ("value", "opposite"),
    [
        ("-x", "x"),
        ("-1.0", "1.0"),
        ("-0.25 * x * y", "0.25 * x * y"),
        ("-x * y / z", "x * y / z"),
        ("-1.0 * x", "1.0 * x"),
        ("-1.0 / x", "1.0 / x"),
        ("-400.0 * t * x - 2.0 * (1.0 - x)", "400.0 * t * x + 2.0 * (1.0 - x)"),
        ("-x - y - z", "x + y + z"),
    ],
)
def test_opposite_of_what_begins_with_a_minus(value: str, opposite: str) -> None:
    found = negated(_parsed(value))
    assert found is not None
    assert ast.unparse(found) == opposite
    point = {"x": 0.7, "y": -1.3, "z": 2.9, "t": 0.3}
    assert eval(opposite, {}, point) == -eval(value, {}, point)


@pytest.mark.parametrize("value", ["x", "x - y", "2.0 * x", "x * -y", "-x + y", "f(-x)", "-x @ y"])
def test_other_values_are_added(value: str) -> None:
    assert negated(_parsed(value)) is None


def _parsed(text: str) -> ast.expr:
    """As the printer makes it: a negative number is one constant."""

    class Folded(ast.NodeTransformer):
        def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
            if isinstance(node.operand, ast.Constant):
                return ast.Constant(-node.operand.value)
            return node

    return Folded().visit(ast.parse(text, mode="eval").body)

"""Does the result of a program depend on every value it computes?

Each assignment of a float value in turn is executed with the value changed a little; the result must change. A
program that drops values cannot catch a cotangent that is lost.

In:  a program.   Out: assignments that ran and do not matter.
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from tests.programs.generate import NAME, Program
from tests.references import leaves


class _Nudge(ast.NodeTransformer):
    """`v = e` becomes `v = _nudge(k, e)` in the program itself; a helper may be called by a condition alone."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self.generic_visit(node) if node.name == NAME else node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.texts.append(ast.unparse(node))
        call = ast.Call(ast.Name("_nudge", ast.Load()), [ast.Constant(len(self.texts) - 1), node.value], [])
        return ast.Assign(node.targets, call)


def values_without_effect(program: Program) -> list[str]:
    """Statements that ran, whose value the result does not depend on; zeros may be overwritten."""
    nudge = _Nudge()
    code = compile(ast.fix_missing_locations(nudge.visit(ast.parse(program.source))), "<nudged>", "exec")
    base, ran = _run(code, program, -1)
    lost = [nudge.texts[k] for k in sorted(ran) if _same(_run(code, program, k)[0], base)]
    return [text for text in lost if "np.zeros" not in text and "np.empty" not in text]


def _run(code: Any, program: Program, active: int) -> tuple[Any, set[int]]:
    ran: set[int] = set()

    def changed(value: Any) -> Any:
        if type(value) is tuple:
            return tuple(map(changed, value))
        if isinstance(value, float | np.floating):
            return value + value.__class__(1e-3)
        if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size:
            return value + value.dtype.type(1e-3)
        return value

    def nudge(number: int, value: Any) -> Any:
        new = changed(value)
        if new is not value and not (isinstance(new, tuple) and all(map(_is, new, value))):
            ran.add(number)
        return new if number == active else value

    scope: dict[str, Any] = {"_nudge": nudge}
    exec(code, scope)
    return scope[NAME](*program.arguments()), ran


def _is(one: Any, other: Any) -> bool:
    return one is other


def _same(one: Any, other: Any) -> bool:
    pairs = list(zip(leaves(one), leaves(other)))
    return all(np.asarray(a).tobytes() == np.asarray(b).tobytes() for a, b in pairs)

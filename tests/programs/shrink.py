"""The smallest program that still fails: statements are dropped, bodies take the place of loops and branches.

In:  a failing program and a test for "fails in the same way".   Out: a smaller one.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

from tests.programs.generate import NAME, Program

MAX_TRIALS = 1500


def shrink(program: Program, still_fails: Callable[[Program], bool]) -> Program:
    """A program that fails too and that no single simplification makes smaller."""
    best, trials, progress = program, 0, True
    while progress and trials < MAX_TRIALS:
        progress = False
        for source in candidates(best.source):
            trials += 1
            if trials > MAX_TRIALS:
                break
            candidate = best.with_source(source)
            if len(source) < len(best.source) and _is_sound(candidate) and still_fails(candidate):
                best, progress = candidate, True
                break
    return best


def _is_sound(program: Program) -> bool:
    """The program itself runs."""
    scope: dict[str, object] = {}
    try:
        exec(compile(program.source, "<shrunk>", "exec"), scope)
        scope[NAME](*program.arguments())  # type: ignore[operator]
    except Exception:
        return False
    return True


def candidates(source: str) -> Iterator[str]:
    """Texts with one thing less, the largest parts first."""
    tree = ast.parse(source)
    bodies = [
        (node, field) for node in ast.walk(tree) for field in ("body", "orelse") if _is_body(node, field)
    ]
    for number, (node, field) in enumerate(bodies):
        for position in range(len(getattr(node, field))):
            yield from _without(tree, number, position)
    expressions = sum(1 for _ in _replaceable(tree))
    for number in range(expressions):
        yield from _simpler(tree, number)


def _is_body(node: ast.AST, field: str) -> bool:
    return isinstance(getattr(node, field, None), list) and bool(getattr(node, field))


def _without(tree: ast.Module, number: int, position: int) -> Iterator[str]:
    """One statement dropped, or replaced by its body."""
    for keep_body in (False, True):
        fresh = copy.deepcopy(tree)
        bodies = [
            (node, field) for node in ast.walk(fresh) for field in ("body", "orelse") if _is_body(node, field)
        ]
        node, field = bodies[number]
        statements = getattr(node, field)
        statement = statements[position]
        inner = getattr(statement, "body", None) if keep_body else []
        if keep_body and (not isinstance(inner, list) or isinstance(statement, ast.FunctionDef)):
            continue
        rest = [*statements[:position], *(inner or []), *statements[position + 1 :]]
        if not rest and field == "body":
            rest = [ast.Pass()]
        setattr(node, field, rest)
        yield ast.unparse(ast.fix_missing_locations(fresh))


def _replaceable(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.Call | ast.IfExp | ast.BoolOp | ast.UnaryOp):
            yield node


def _simpler(tree: ast.Module, number: int) -> Iterator[str]:
    """One expression replaced by one of its parts."""
    target = list(_replaceable(tree))[number]
    for position, part in enumerate(_parts(target)):
        fresh = copy.deepcopy(tree)
        victim = list(_replaceable(fresh))[number]
        replacement = _parts(victim)[position]

        class Replace(ast.NodeTransformer):
            def visit(self, node: ast.AST, victim: ast.AST = victim, new: ast.AST = replacement) -> ast.AST:
                return new if node is victim else super().generic_visit(node)

        yield ast.unparse(ast.fix_missing_locations(Replace().visit(fresh)))


def _parts(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.Call(args=args):
            return list(args)
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.BoolOp(values=values):
            return list(values)
        case ast.UnaryOp(operand=operand):
            return [operand]
    return []

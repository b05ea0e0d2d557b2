"""Comprehensions, where the user wrote one: a loop that does nothing but append to a new list, all on one line.

    before:  ys = []                             after:  ys = [np.sin(v) for v in x if v > 0.0]
             for v in x:
                 if v > 0.0:
                     ys.append(np.sin(v))

In:  the statements of a function.   Out: statements.
Not here: loops over items (item_loops.py).
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from gradscribe.codegen.item_loops import is_read, mentioned, mentioned_in
from gradscribe.codegen.statements import For, If, Simple, Statement, While

# What is appended, made before, and the append.
MAX_STATEMENTS = 2


def comprehended(statements: Sequence[Statement], after: Sequence[Statement] = ()) -> list[Statement]:
    """The statements, with comprehensions in place of such loops; `after` are those that run later."""
    result: list[Statement] = []
    for place, original in enumerate(statements):
        later = [*statements[place + 1 :], *after]
        statement = _inside(original, later)
        made = _comprehension(statement, later) if isinstance(statement, For) else None
        if made is None or not _drop_empty_list(result, made[0], statement):
            result.append(statement)
            continue
        name, value, derivative = made
        code = ast.Assign([ast.Name(name)], value)
        result.append(Simple(code, statement.location, derivative))
    return result


def _inside(statement: Statement, after: Sequence[Statement]) -> Statement:
    match statement:
        case For() | While():
            return replace(statement, body=tuple(comprehended(statement.body, [*statement.body, *after])))
        case If():
            body, otherwise = (
                tuple(comprehended(part, after)) for part in (statement.body, statement.otherwise)
            )
            return replace(statement, body=body, otherwise=otherwise)
        case _:
            return statement


def _comprehension(loop: For, after: Sequence[Statement]) -> tuple[str, ast.expr, bool] | None:
    """The list that a loop fills, what it fills it with, and whether that is for the derivative alone."""
    conditions: list[ast.expr] = []
    body = loop.body
    while len(body) == 1 and isinstance(body[0], If) and not body[0].otherwise:
        if body[0].location != loop.location:
            return None
        conditions.append(body[0].test)
        body = body[0].body
    if not 0 < len(body) <= MAX_STATEMENTS:
        return None
    name, appended = _appended(body[-1])
    if name is None or appended is None:
        return None
    element = appended if len(body) == 1 else _assigned_to(body[0], appended)
    if element is None:
        return None
    if any(part.location != loop.location for part in body):
        return None
    if name in mentioned_in(element, loop.target, loop.iterable, *conditions):
        return None
    own = mentioned_in(appended) if len(body) > 1 else set()
    inside = own & mentioned_in(element)
    if inside or any(is_read(variable, after) for variable in own | mentioned_in(loop.target)):
        return None
    made = ast.ListComp(element, [ast.comprehension(loop.target, loop.iterable, conditions, 0)])
    return name, made, all(part.derivative for part in body)


def _appended(statement: Statement) -> tuple[str | None, ast.expr | None]:
    """`name.append(element)`."""
    match statement:
        case Simple(ast.Expr(ast.Call(ast.Attribute(ast.Name(name), "append"), [element], []))):
            return name, element
    return None, None


def _assigned_to(statement: Statement, variable: ast.expr) -> ast.expr | None:
    """What a statement assigns to this variable."""
    match statement, variable:
        case Simple(ast.Assign([ast.Name(name)], value)), ast.Name(wanted) if name == wanted:
            return value
    return None


def _drop_empty_list(before: list[Statement], name: str, loop: Statement) -> bool:
    """Take out `name = []`, the last mention of the list before the loop; False if that is not what it is."""
    for place in range(len(before) - 1, -1, -1):
        statement = before[place]
        match statement:
            case Simple(ast.Assign([ast.Name(target)], ast.List([]))) if target == name:
                del before[place]
                return True
            case Simple(ast.Assign([ast.Tuple(targets)], ast.Tuple(values))) if _is_among(
                name, targets, values
            ):
                kept = [
                    target for target in targets if not (isinstance(target, ast.Name) and target.id == name)
                ]
                code = ast.Assign([ast.Tuple(kept)], ast.Tuple([ast.List([]) for _ in kept]))
                if len(kept) == 1:
                    code = ast.Assign([kept[0]], ast.List([]))
                before[place] = replace(statement, code=code)
                return True
        if name in mentioned([statement]):
            return False
    return False


def _is_among(name: str, targets: Sequence[ast.expr], values: Sequence[ast.expr]) -> bool:
    empty = all(isinstance(value, ast.List) and not value.elts for value in values)
    return empty and any(isinstance(target, ast.Name) and target.id == name for target in targets)

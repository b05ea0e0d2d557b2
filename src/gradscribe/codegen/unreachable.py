"""What follows a `raise` is not written, and what runs where it is not raised needs no `else`.

    before:  if n < 1:                            after:  if n < 1:
                 raise ValueError('empty')                    raise ValueError('empty')
                 s, t = None, None                        s = x * x
             else:                                        t = s + 1.0
                 s = x * x
                 t = s + 1.0

In a graph every branch yields values, also one that is left by an exception.

In:  the statements of a function.   Out: statements.
Not here: flags that become `break` (jumps.py).
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from gradscribe.codegen.statements import For, If, Simple, Statement, Try, While


def reachable(statements: Sequence[Statement]) -> list[Statement]:
    """The statements that may run."""
    kept: list[Statement] = []
    for statement in statements:
        made = _inside(statement)
        if isinstance(made, If) and made.otherwise and _raises(made.body):
            kept += [replace(made, otherwise=()), *made.otherwise]
        else:
            kept.append(made)
        if _raises(kept):
            break
    return kept


def _inside(statement: Statement) -> Statement:
    match statement:
        case For(body=body) | While(body=body):
            return replace(statement, body=tuple(reachable(body)))
        case If(body=body, otherwise=otherwise):
            return replace(statement, body=tuple(reachable(body)), otherwise=tuple(reachable(otherwise)))
        case Try(body=body, handlers=handlers, otherwise=otherwise):
            return replace(
                statement,
                body=tuple(reachable(body)),
                handlers=tuple(replace(handler, body=tuple(reachable(handler.body))) for handler in handlers),
                otherwise=tuple(reachable(otherwise)),
            )
    return statement


def _raises(statements: Sequence[Statement]) -> bool:
    """Whether nothing runs after the statements."""
    match statements[-1] if statements else None:
        case Simple(ast.Raise()):
            return True
        case If(body=body, otherwise=otherwise):
            return _raises(body) and _raises(otherwise)
    return False

"""Values moved from variable to variable at the ends of blocks, as if all at once.

In:  pairs (variable, expression).   Out: assignments in an order in which none destroys what another still reads.
Not here: which moves are needed (blocks.py).
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from gradscribe.codegen.stores import assign


@dataclass(frozen=True, slots=True)
class Move:
    """`target = source`, where the source reads some variables."""

    target: str
    source: ast.expr
    reads: frozenset[str]


def variables_in(expression: ast.expr) -> frozenset[str]:
    """Names that an expression reads."""
    return frozenset(node.id for node in ast.walk(expression) if isinstance(node, ast.Name))


def move(target: str, source: ast.expr) -> Move:
    """A move."""
    return Move(target, source, variables_in(source))


def in_order(moves: Sequence[Move]) -> list[ast.stmt]:
    """Assignments that carry out all moves at once; those in a ring are one tuple assignment."""
    waiting = [m for m in moves if not (isinstance(m.source, ast.Name) and m.source.id == m.target)]
    statements: list[ast.stmt] = []
    while waiting:
        free = [m for m in waiting if not any(m.target in other.reads for other in waiting if other is not m)]
        if not free:
            targets: list[ast.expr] = [ast.Name(m.target) for m in waiting]
            statements.append(assign(ast.Tuple(targets), ast.Tuple([m.source for m in waiting])))
            break
        statements.append(assign(ast.Name(free[0].target), free[0].source))
        waiting.remove(free[0])
    return statements

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
    """`target = source`, where the source reads some variables; `targets` if several get the same."""

    target: str
    source: ast.expr
    reads: frozenset[str]
    targets: tuple[str, ...] = ()

    def disturbs(self, other: Move) -> bool:
        """Whether the other must run first."""
        return not other.reads.isdisjoint(self.targets or (self.target,))


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
    empty = [m for m in waiting if isinstance(m.source, ast.Constant) and m.source.value is None]
    if len(empty) > 1:
        waiting = [m for m in waiting if m not in empty]
        waiting.append(Move(empty[0].target, ast.Constant(None), frozenset(), tuple(m.target for m in empty)))
    while waiting:
        free = [m for m in waiting if not any(m.disturbs(other) for other in waiting if other is not m)]
        if not free:
            ring = [(target, m.source) for m in waiting for target in m.targets or (m.target,)]
            left = ast.Tuple([ast.Name(target) for target, _ in ring])
            statements.append(assign(left, ast.Tuple([source for _, source in ring])))
            break
        names: list[ast.expr] = [ast.Name(target) for target in free[0].targets or (free[0].target,)]
        statements.append(ast.Assign(names, free[0].source, lineno=0))
        waiting.remove(free[0])
    return statements

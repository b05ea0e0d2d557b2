"""Values moved from variable to variable at the ends of blocks, as if all at once.

In:  pairs (variable, expression).   Out: assignments in an order in which none destroys what another still reads.
Not here: which moves are needed (blocks.py).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from gradscribe.codegen.stores import assign


@dataclass(frozen=True, slots=True)
class Move:
    """`target = source`, where the source reads some variables; `targets` if several get the same."""

    target: str
    source: ast.expr
    reads: frozenset[str]
    targets: tuple[str, ...] = ()

    @property
    def all_targets(self) -> tuple[str, ...]:
        """The variables that it assigns."""
        return self.targets or (self.target,)


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
    order = _Order(waiting)
    for found in order.run():
        names: list[ast.expr] = [ast.Name(target) for target in found.all_targets]
        statements.append(ast.Assign(names, found.source, lineno=0))
    ring = [(target, m.source) for m in order.left() for target in m.all_targets]
    if ring:
        left = ast.Tuple([ast.Name(target) for target, _ in ring])
        statements.append(assign(left, ast.Tuple([source for _, source in ring])))
    return statements


class _Order:
    """Moves by their numbers; one is free once no other that waits reads what it assigns."""

    def __init__(self, moves: Sequence[Move]) -> None:
        self.moves = moves
        self.readers: dict[str, set[int]] = {}
        self.writers: dict[str, list[int]] = {}
        for number, found in enumerate(moves):
            for name in found.reads:
                self.readers.setdefault(name, set()).add(number)
            for name in found.all_targets:
                self.writers.setdefault(name, []).append(number)
        self.waiting = dict.fromkeys(range(len(moves)))

    def run(self) -> Iterator[Move]:
        """The moves that can be made one after another, the first free one each time."""
        free = [number for number in self.waiting if self._is_free(number)]
        while free:
            number = heappop(free)
            if number not in self.waiting:
                continue
            del self.waiting[number]
            for name in self.moves[number].reads:
                self.readers[name].discard(number)
                for other in self.writers.get(name, ()):
                    if other in self.waiting and self._is_free(other):
                        heappush(free, other)
            yield self.moves[number]

    def left(self) -> list[Move]:
        """Those that wait for each other."""
        return [self.moves[number] for number in self.waiting]

    def _is_free(self, number: int) -> bool:
        return all(self.readers.get(name, set()) <= {number} for name in self.moves[number].all_targets)

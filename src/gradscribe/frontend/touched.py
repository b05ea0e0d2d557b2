"""Objects that a loop body surely changes, seen from its syntax.

What is missed here (a write inside a called function) is found by an attempt at the loop, and costs another
one.

In:  the statements of a body and the names before it.   Out: cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from gradscribe.frontend.alternatives import storages
from gradscribe.frontend.state import Frame, Lowering
from gradscribe.frontend.syntax import Statement, walk
from gradscribe.frontend.values import ArrayCell, Cell, DictCell, InstanceCell, ListCell

GROWING = frozenset({"append", "extend", "pop", "insert"})


def touched_objects(
    run: Lowering, statements: Sequence[Statement]
) -> tuple[tuple[Cell, ...], frozenset[Cell]]:
    """Cells that are written, and lists among them that are appended to."""
    written: dict[Cell, None] = {}
    grown: set[Cell] = set()
    for name, grows in _written_names(statements):
        for cell in _cells(run, name):
            if grows and not isinstance(cell, ListCell):
                continue
            written[cell] = None
            if grows:
                grown.add(cell)
    return tuple(written), frozenset(grown)


def _cells(run: Lowering, name: str) -> list[Cell]:
    frame: Frame | None = run.frame
    while frame is not None and name not in frame.names:
        frame = frame.parent
    value = frame.names[name] if frame is not None else None
    if not isinstance(value, ArrayCell | ListCell | DictCell | InstanceCell):
        return []
    return list(storages(value))


def _written_names(statements: Sequence[Statement]) -> Iterator[tuple[str, bool]]:
    for statement in statements:
        for node in walk(statement):
            match node:
                case cst.AssignTarget(target=target):
                    yield from _bases(target)
                case cst.AugAssign(target=target):
                    yield from _bases(target)
                    if isinstance(target, cst.Name):
                        yield target.value, False
                case cst.Call(func=cst.Attribute(value=cst.Name(value=name), attr=attr)) if (
                    attr.value in GROWING
                ):
                    yield name, True


def _bases(target: cst.BaseExpression) -> Iterator[tuple[str, bool]]:
    match target:
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            for element in elements:
                yield from _bases(element.value)
        case cst.Subscript(value=value) | cst.Attribute(value=value):
            while isinstance(value, cst.Subscript | cst.Attribute):
                value = value.value
            if isinstance(value, cst.Name):
                yield value.value, False

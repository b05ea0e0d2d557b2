"""What containers hold at the end of an attempt at a loop, for the next attempt to know their kind.

In:  an abstract value and a heap that is given up.   Out: the same value, its containers made with what they hold.
Not here: what is kept for the next attempt (absent.py, carried_optionals.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from gradscribe.frontend.values import (
    Cell,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    MaybeUnbound,
    TupleValue,
)
from gradscribe.ir.graph import Value


def keep_content(value: object, heap: Mapping[Cell, object], mark: int) -> None:
    """Containers that the body made start with what they hold now: the attempt, and its heap, are given up.

    Args:
        value: what the next attempt knows of.
        heap: at the end of the body.
        mark: serial number of the first object of the body.
    """
    _keep(value, heap, mark, set())


def _keep(value: object, heap: Mapping[Cell, object], mark: int, seen: set[Cell]) -> None:
    match value:
        case MaybeUnbound(value=inner) | MaybeNone(value=inner):
            _keep(inner, heap, mark, seen)
        case TupleValue(items=items):
            _keep(items, heap, mark, seen)
        case tuple():
            for item in value:
                _keep(item, heap, mark, seen)
        case Mapping():
            _keep(tuple(value.values()), heap, mark, seen)
        case ListCell(chosen=None) | DictCell(chosen=None) | InstanceCell(chosen=None) if (
            value.serial > mark and value not in seen
        ):
            seen.add(value)
            content = heap.get(value, value.initial)
            if isinstance(content, tuple | Mapping | Value):
                value.initial = content
                _keep(content, heap, mark, seen)

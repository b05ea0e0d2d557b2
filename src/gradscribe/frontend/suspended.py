"""Generators that a loop goes over: data only.

In:  nothing.   Out: `Suspended`.
Not here: lowering them (generators.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from gradscribe.frontend.values import Cell


@dataclass(frozen=True, eq=False)
class Suspended:
    """What a generator reads while it is suspended: objects, and variables of outer functions.

    `prints` says that it prints.
    """

    reads: set[Cell]
    names: frozenset[str]
    prints: bool = False

"""Iterators that are computed to their end before they are consumed: what that could be seen by. Data only.

In:  nothing.   Out: `Suspended`, `Yields`.
Not here: lowering them (generators.py), telling that it is seen (interleaving.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from gradscribe.frontend.flow import Flow
from gradscribe.frontend.values import Abstract, Cell, Iterated

if TYPE_CHECKING:
    from gradscribe.frontend.state import Frame

Yields = Callable[[cst.CSTNode, Abstract], Flow]
"""What is done with an item that a generator yields, and how control leaves that."""


@dataclass(eq=False)
class Suspended:
    """What Python would do between the items, and is done before the first one.

    Attributes:
        names: variables of outer functions that it reads; frame: that of the function around it.
        mark: objects with a smaller serial were there before.
        consumer: what the loop or call that consumes it goes over.
        reads: objects that it reads.
        writes: objects that were there before, or that it has yielded, and that it changes.
        yielded: objects that it has yielded.
        advances: iterators that were there before, and that it takes items of.
        speaks: it prints, or draws random numbers. makes: it yields functions.
        raises: it may raise what a `try` around it catches.
        copies: nothing is computed, items are only looked up.
        contents: what the objects held when it had come to its end; bindings: what the names meant.
    """

    names: frozenset[str]
    frame: Frame | None
    mark: int
    consumer: cst.CSTNode
    reads: set[Cell] = field(default_factory=set)
    writes: set[Cell] = field(default_factory=set)
    yielded: set[Cell] = field(default_factory=set)
    advances: set[Iterated] = field(default_factory=set)
    speaks: bool = False
    makes: bool = False
    raises: bool = False
    copies: bool = False
    contents: dict[Cell, object] = field(default_factory=dict)
    bindings: dict[str, Abstract | None] = field(default_factory=dict)

    def note_write(self, roots: Iterable[Cell]) -> None:
        """One of these objects is changed."""
        self.writes.update(root for root in roots if root.serial < self.mark or root in self.yielded)

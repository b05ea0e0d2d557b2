"""What a function with rules returns is the same object for Python, but another one for the derivative.

It gets new cells, because what it holds has another derivative. Where an array or container may be one of the
caller, or stands in the result twice, a write through one name would be missed under the other: it is refused.

In:  the result as it was lowered, and its new cells.   Out: the same cells, which know each other.
Not here: writes through other names (storage.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gradscribe.frontend.loop_sharing import parts_of_content
from gradscribe.frontend.operands import present
from gradscribe.frontend.sharers import share
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Cell


def note_other_names(run: Lowering, before: Abstract, after: Abstract, newest: int) -> Abstract:
    """`after`, the new cells of the result `before` of a call, whose own cells are newer than `newest`."""
    pairs = list(_cells(run, before, after))
    counts = Counter(root for old, _ in pairs for root in old.roots)
    for old, new in pairs:
        is_callers = old.serial < newest or old.argument is not None
        if is_callers or old.roots != frozenset([old]) or any(counts[root] > 1 for root in old.roots):
            new.roots = frozenset([new, *old.roots])
            share(run, new)
    return after


def _cells(run: Lowering, before: Abstract, after: Abstract) -> Iterator[tuple[Cell, Cell]]:
    """The arrays and containers of a value, each with that at the same place of another value."""
    before = present(run, before, None)
    if isinstance(before, Cell) and isinstance(after, Cell):
        yield before, after
    ones, others = parts_of_content(before, run.heap), parts_of_content(after, run.heap)
    for place, one in ones.items():
        if place in others:
            yield from _cells(run, one, others[place])

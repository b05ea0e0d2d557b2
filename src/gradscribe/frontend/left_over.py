"""What `next` has left of an iterator: what it reads must be what Python would read.

In:  iterators of which items were taken.   Out: the other items.
Not here: `next` itself (iterators.py).
"""

from __future__ import annotations

import libcst as cst

from gradscribe.frontend.counters import hold_the_count
from gradscribe.frontend.interleaving import CHANGED, changed_since, note_advance, seen
from gradscribe.frontend.iterables import Iterable, Left, Over
from gradscribe.frontend.live_items import changes_length
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Iterated
from gradscribe.ir.graph import Value


def leave(run: Lowering, iterator: Iterated, rest: Iterable) -> None:
    """These are the items that the iterator has not given yet."""
    contents = {one: _content(run, one) for one in rest.over}
    note_advance(run, None, iterator)
    run.remaining[iterator] = Left(rest, contents)


def what_is_left(run: Lowering, node: cst.CSTNode, iterator: Iterated) -> Iterable:
    """The items that an iterator has not given yet."""
    if is_outside(run, iterator):
        raise used_again(run, node, iterator)
    note_advance(run, node, iterator)
    left = run.remaining.pop(iterator)
    found = left.rest
    for generator in found.source:
        name = changed_since(run, generator)
        if name is not None:
            raise seen(run, node, generator, f"reads {name}", f"which has changed since; {CHANGED}")
    if any(_may_have_another_length(run, one, before) for one, before in left.contents.items()):
        raise changes_length(run, node)
    run.expanded.extend(found.source)
    return found


def _content(run: Lowering, over: Over) -> object:
    return run.heap.get(over.cell, getattr(over.cell, "initial", None))


def _may_have_another_length(run: Lowering, over: Over, before: object) -> bool:
    now = _content(run, over)
    if isinstance(before, tuple):
        is_as_long = isinstance(now, tuple) and (over.may_change or len(now) == len(before))
        return not is_as_long
    while isinstance(now, Value) and now is not before:
        maker = run.makers.get(now)
        if maker is None or maker.op.name != "list_set":
            return True
        now = maker.inputs[0]
    return False


def is_outside(run: Lowering, iterator: Iterated) -> bool:
    """It was made outside of a run-time loop around here."""
    return len(run.loops) != len(iterator.loops) or any(
        a is not b for a, b in zip(run.loops, iterator.loops, strict=True)
    )


def used_again(run: Lowering, node: cst.CSTNode, iterator: Iterated) -> Exception:
    """The refusal of an iterator of which it is not known how far it has come."""
    hold_the_count(run, iterator)
    return run.refusal(
        node,
        "GS127",
        f"the iterator that `{iterator.kind}` made is used again, or in a loop that it was made outside of",
        why="it gives its items once: the second time there are none left",
        fix="keep them: `items = list(...)`",
    )

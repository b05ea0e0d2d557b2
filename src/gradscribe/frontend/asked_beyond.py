"""Iterators that are asked for more items than are gone over: `zip` asks those before the shortest one once more.

    zip(map(f, xs), ys)             Python calls `f` of one item more than `ys` has, if there is one.

Items of a run-time number are computed in the loop that goes over them. Where computing them is seen elsewhere,
those must be all: the run checks it.

In:  items, and when Python would ask for others.   Out: the same items; refusals, checks for the run.
Not here: items that were computed before (generators.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import libcst as cst

from gradscribe.frontend.interleaving import ahead, unsteady
from gradscribe.frontend.iterables import Counted, Items, Iterable
from gradscribe.frontend.operands import raise_if
from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import Condition, Lowering
from gradscribe.frontend.values import Abstract

MORE = "is asked for more items than are gone over, and computing them does something"


def asked_beyond(
    run: Lowering, node: cst.CSTNode, part: Counted, place: int, asks_more: Callable[[], Condition]
) -> Counted:
    """The items of the part at this place; `asks_more` says whether Python would ask for others."""
    key = (id(node), place)
    if key in run.learnt.asked_beyond:
        more = asks_more()
        if more is True:
            raise unsteady(run, node, MORE, "only those that are gone over are computed")
        if not isinstance(more, bool):
            text = f"an iterator at {run.location(node).short} {MORE}: give it no more items than the others"
            raise_if(run, node, more, NotImplementedError, (text,), refuses=True)
        return part

    def item(index: Abstract) -> Abstract:
        expanded = run.expanded
        with ahead(run, node) as watched:
            found = part.item(index)
        run.expanded = expanded
        if watched.speaks or watched.writes or not watched.advances.isdisjoint(run.remaining):
            run.learnt.asked_beyond.add(key)
            raise Restart(None)
        return found

    return replace(part, item=item)


def refuse_computed(run: Lowering, node: cst.CSTNode, parts: Sequence[Iterable]) -> None:
    """Where lengths are needed first, no items may be computed when they are asked for."""
    if any(isinstance(part, Items) and part.computes for part in parts):
        raise unsteady(
            run,
            node,
            "goes beside others whose lengths are compared first",
            "its items would be computed before",
        )

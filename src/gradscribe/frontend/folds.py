"""Loops that no statement writes: `sum(...)`, `list(...)`, comprehensions over run-time ranges.

In:  something counted and what to do with each item.   Out: the folded value, or a run-time list.
"""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from gradscribe.frontend.iteration import Counted, Items, Iterable
from gradscribe.frontend.lists import append
from gradscribe.frontend.loop_parts import Loop
from gradscribe.frontend.loops import run_loop
from gradscribe.frontend.state import FALLS, Flow, Lowering
from gradscribe.frontend.values import Abstract, ListCell


def fold(
    run: Lowering,
    node: cst.CSTNode,
    found: Iterable,
    start: Abstract,
    combine: Callable[[Abstract, Abstract], Abstract],
) -> Abstract:
    """`combine` applied to what there is so far and each item in turn."""
    if isinstance(found, Items):
        result = start
        for item in found.items:
            result = combine(result, item)
        return result
    name = "<total>"

    def body(index: Abstract) -> Flow:
        assert isinstance(found, Counted)
        run.frame.names[name] = combine(run.frame.names[name], found.item(index))
        return FALLS

    before = run.frame.names.get(name)
    run.frame.names[name] = start
    names = frozenset([name])
    run_loop(run, Loop(node, body, found, assigned=names, head=names, exposed=names, after=names))
    result = run.frame.names.pop(name)
    if before is not None:
        run.frame.names[name] = before
    return result


def collect(
    run: Lowering, node: cst.CSTNode, found: Counted, function: Callable[[Abstract], Abstract]
) -> ListCell:
    """The run-time list of `function(item)` for each item."""
    collected = ListCell(())

    def body(index: Abstract) -> Flow:
        append(run, node, collected, function(found.item(index)))
        return FALLS

    loop = Loop(
        node,
        body,
        found,
        touched=(collected,),
        grown=frozenset([collected]),
        can_unroll=found.static_range is not None,
    )
    run_loop(run, loop)
    return collected

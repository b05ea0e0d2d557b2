"""Loops over things known while lowering: one copy of the body for each item.

In:  items, or a condition that is known each time.   Out: the nodes of all iterations, one after another.
Not here: run-time loops (loops.py).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import libcst as cst

from gradscribe.frontend.branches import branch
from gradscribe.frontend.conditions import inverse
from gradscribe.frontend.iterables import Items
from gradscribe.frontend.learnt import LoopMemory
from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import FALLS, Flow, Lowering
from gradscribe.frontend.values import Abstract, Static
from gradscribe.ir.graph import Value

MAX_COPIES = 1000


def unroll(
    run: Lowering, node: cst.CSTNode, items: Items | Sequence[Abstract], body: Callable[[Abstract], Flow]
) -> Flow:
    """Lower the body once for each item. `breaks` of the flow says whether the loop was left by `break`."""
    if not isinstance(items, Items):
        items = Items(tuple(items))
    if isinstance(items.content, tuple) and len(items.content) > MAX_COPIES:
        raise too_many(run, node, len(items.content))
    return _iterate(run, node, items, 0, body)


def numbered(run: Lowering, node: cst.CSTNode, numbers: range) -> Items:
    """The numbers of a range, which has no end where the loop is to be left by `break`."""
    if MAX_COPIES < len(numbers) < sys.maxsize // 2:
        raise too_many(run, node, len(numbers))
    return Items(lambda place: Static(numbers[place]) if place < len(numbers) else None)


def _iterate(
    run: Lowering, node: cst.CSTNode, items: Items, start: int, body: Callable[[Abstract], Flow]
) -> Flow:
    for position in range(start, MAX_COPIES + 1):
        with run.within(("iteration", position)):
            item = items.at(position)
            if item is None:
                return FALLS
            flow = body(item)
        if flow.breaks is False and flow.returns is False:
            if flow.falls is False and flow.continues is False:
                return flow
            continue
        if flow.breaks is True or flow.returns is True:
            return Flow(falls=False, breaks=flow.breaks, returns=flow.returns)
        return rest_of(run, node, flow, lambda: _iterate(run, node, items, position + 1, body))  # noqa: B023
    raise too_many(run, node, MAX_COPIES + 1)


def unroll_while(
    run: Lowering,
    node: cst.CSTNode,
    memory: LoopMemory,
    test: Callable[[], bool | Value],
    body: Callable[[Abstract], Flow],
    item: Abstract,
    first: int = 0,
) -> Flow:
    """Lower the body again as long as the condition, known each time, holds; `first` copies are there already.

    Raises:
        Restart: the condition is known at run time only, and the loop is to be one of the generated code.
    """
    for number in range(first, MAX_COPIES + 1):
        with run.within(("iteration", number)):
            condition = test()
            if not isinstance(condition, bool):
                _leave_it_a_loop(memory)
                raise run.refusal(
                    node,
                    "GS125",
                    "this `while` indexes something that must be known, but ends by a run-time condition",
                    why="it cannot be unrolled: the number of iterations is not known",
                    fix="loop over the container",
                )
            if not condition:
                return FALLS
            flow = body(item)
        if flow.breaks is not False or flow.returns is not False:
            if flow.breaks is True or flow.returns is True:
                return Flow(falls=False, breaks=flow.breaks, returns=flow.returns)

            def following(done: int = number + 1) -> Flow:
                # No `partial`: calls that go through C may be nested 1,500 deep only in Python 3.12.
                return unroll_while(run, node, memory, test, body, item, done)

            return rest_of(run, node, flow, following)
    _leave_it_a_loop(memory)
    raise too_many(run, node, MAX_COPIES + 1)


def _leave_it_a_loop(memory: LoopMemory) -> None:
    """Start again with this loop as it is; go on where that was tried."""
    if not memory.stays:
        memory.unroll, memory.stays = False, True
        raise Restart(None)


def rest_of(
    run: Lowering, node: cst.CSTNode, flow: Flow, following: Callable[[], Flow], gone: Flow | None = None
) -> Flow:
    """The remaining iterations, under the condition that this one neither broke nor returned.

    What control does where it did is `gone`; by default it has left so, and the loop is still to be ended.
    """
    ways = [way for way in (flow.breaks, flow.returns) if isinstance(way, Value)]
    left = ways[0] if len(ways) == 1 else run.op(node, "bool_or", *ways)
    stays = inverse(run, left, node)
    done = Flow(falls=False, breaks=flow.breaks, returns=flow.returns)
    return branch(run, node, stays, following, lambda: done if gone is None else gone, None)


def too_many(run: Lowering, node: cst.CSTNode, count: int) -> Exception:
    """The refusal to write that much code."""
    return run.refusal(
        node,
        "GS124",
        f"this loop would be written out {count} times",
        why=f"more than {MAX_COPIES} copies of its body are no readable code",
        fix="keep equal things stacked in one array and index it",
    )

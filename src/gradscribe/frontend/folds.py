"""Loops that no statement writes: `sum(...)`, `list(...)`, comprehensions over run-time ranges.

In:  something counted and what to do with each item.   Out: the folded value, or a run-time list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import libcst as cst

from gradscribe.frontend.branches import branch
from gradscribe.frontend.interleaving import held
from gradscribe.frontend.iteration import Counted, Items, Iterable
from gradscribe.frontend.lists import append
from gradscribe.frontend.loop_parts import Loop
from gradscribe.frontend.loops import run_loop, run_loop_or_copies
from gradscribe.frontend.peeling import after_the_first, refuse_at_run_time, runs_at_all
from gradscribe.frontend.refusal import UNRESOLVED, Unresolved
from gradscribe.frontend.state import FALLS, Condition, Flow, Lowering
from gradscribe.frontend.unrolling import unroll
from gradscribe.frontend.values import Abstract, ListCell, Static
from gradscribe.ir.graph import Node


def fold(
    run: Lowering,
    node: cst.CSTNode,
    found: Iterable,
    start: Abstract,
    combine: Callable[[Abstract, Abstract], Abstract],
    grown: tuple[ListCell, ...] = (),
) -> Abstract:
    """`combine` applied to what there is so far and each item in turn; it may append to `grown`."""
    with held(run, found):
        return _fold(run, node, found, start, combine, grown)


def _fold(
    run: Lowering,
    node: cst.CSTNode,
    found: Iterable,
    start: Abstract,
    combine: Callable[[Abstract, Abstract], Abstract],
    grown: tuple[ListCell, ...],
) -> Abstract:
    if isinstance(found, Items):
        result = start
        for item in found:
            result = combine(result, item)
        return result
    numbers = found.static_range
    if numbers is not None and not len(numbers):
        return start
    name = "<total>"

    def body(index: Abstract) -> Flow:
        assert isinstance(found, Counted)
        run.frame.names[name] = combine(run.frame.names[name], found.item(index))
        return FALLS

    before = run.frame.names.get(name)
    run.frame.names[name] = start
    names = frozenset([name])
    step = leaving_open(run, node, body)
    loop = Loop(node, step, found, assigned=names, head=names, exposed=names, after=names)
    loop = replace(loop, touched=grown, grown=frozenset(grown), can_unroll=numbers is not None)
    items = [Static(number) for number in numbers or ()]
    copies = None if numbers is None else lambda: unroll(run, node, items, body)
    if run_loop_or_copies(run, replace(loop, can_peel=not grown), copies) is None:
        _peeled(run, node, loop)
    result = run.frame.names.pop(name)
    if before is not None:
        run.frame.names[name] = before
    return result


def leaving_open(
    run: Lowering, node: cst.CSTNode, body: Callable[[Abstract], Flow]
) -> Callable[[Abstract], Flow]:
    """The body of a loop, which goes on without an item of which nothing is known yet.

    That is the result of a recursive call that is being typed. What there is where the loop does not run then says
    what the function returns.
    """

    def tried(item: Abstract) -> Flow:
        builder, frame, heap = run.builder, run.frame, run.heap
        try:
            return body(item)
        except Unresolved:
            run.builder, run.frame, run.heap = builder, frame, heap
            run.builder.append(Node(UNRESOLVED, (), (), location=run.location(node)))
            return FALLS

    return tried


def _peeled(run: Lowering, node: cst.CSTNode, loop: Loop) -> None:
    """`sum(rows[i] for i in range(n))` is the int 0 or an array: the first item is added on its own."""
    counted = loop.counted
    assert counted is not None

    def runs() -> Flow:
        loop.body(counted.start)
        others = after_the_first(run, node, counted)
        with run.within(("peeled", id(node))):
            run_loop(run, replace(loop, counted=others, can_unroll=False))
        return FALLS

    if counted.static_range is not None:
        runs()
    else:
        condition = runs_at_all(run, node, counted)
        branch(run, node, condition, runs, lambda: refuse_at_run_time(run, node), None)


def collect(
    run: Lowering, node: cst.CSTNode, found: Counted, function: Callable[[Abstract], Abstract]
) -> ListCell:
    """The run-time list of `function(item)` for each item."""
    collected = ListCell(())

    def body(item: Abstract) -> Flow:
        append(run, node, collected, function(item))
        return FALLS

    visit(run, node, found, body, collected)
    return collected


def visit(
    run: Lowering, node: cst.CSTNode, found: Iterable, body: Callable[[Abstract], Flow], grown: ListCell
) -> None:
    """Lower the body for each item; it appends to `grown`."""
    if isinstance(found, Items):
        unroll(run, node, found, body)
        return

    def counted(index: Abstract) -> Flow:
        return body(found.item(index))

    numbers = found.static_range
    loop = Loop(
        node,
        leaving_open(run, node, counted),
        found,
        touched=(grown,),
        grown=frozenset([grown]),
        can_unroll=numbers is not None,
    )
    memory = run.learnt.loops.get((run.context, id(node)))
    if numbers is not None and memory is not None and memory.must_unroll:
        unroll(run, node, [Static(number) for number in numbers], counted)
    else:
        run_loop(run, loop)


def search(
    run: Lowering, node: cst.CSTNode, found: Counted, holds: Callable[[Abstract], Condition], wanted: bool
) -> Abstract:
    """`wanted` if it is what holds of some item; the items after the first such one are not computed."""
    name = "<found>"
    before = run.frame.names.get(name)
    run.frame.names[name] = Static(not wanted)

    def leave() -> Flow:
        run.frame.names[name] = Static(wanted)
        return Flow(falls=False, breaks=True)

    def body(index: Abstract) -> Flow:
        return leaving_where(run, node, holds(found.item(index)), wanted, leave)

    names = frozenset([name])
    run_loop(run, Loop(node, body, found, assigned=names, head=names, exposed=names, after=names))
    result = run.frame.names.pop(name)
    if before is not None:
        run.frame.names[name] = before
    return result


def leaving_where(
    run: Lowering, node: cst.CSTNode, condition: Condition, wanted: bool, leave: Callable[[], Flow]
) -> Flow:
    """An iteration that leaves the loop where the condition is what is wanted, and else does nothing."""
    if isinstance(condition, bool):
        return leave() if condition is wanted else FALLS
    sides = (leave, lambda: FALLS) if wanted else (lambda: FALLS, leave)
    return branch(run, node, condition, *sides, None)

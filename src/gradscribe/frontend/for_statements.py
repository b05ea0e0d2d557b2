"""`for` and `while` statements: choosing between a run-time loop and unrolling; `else`.

In:  statements.   Out: the state after them.
Not here: run-time loops (loops.py), copies (unrolling.py), what is iterated over (iteration.py).
"""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from gradscribe.frontend.branches import branch
from gradscribe.frontend.conditions import inverse, truth
from gradscribe.frontend.iteration import Counted, Items, iterable
from gradscribe.frontend.liveness import bound_names, rebound_names
from gradscribe.frontend.loops import BROKE, Loop, run_loop
from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import FALLS, Flow, Lowering
from gradscribe.frontend.syntax import Statement, statements_of, target_names
from gradscribe.frontend.targets import assign
from gradscribe.frontend.touched import touched_objects
from gradscribe.frontend.unrolling import unroll, unroll_while
from gradscribe.frontend.values import NOTHING, Abstract, ArrayCell, ListCell, Number, Static
from gradscribe.ir.graph import Value


def execute_for(run: Lowering, node: cst.For) -> Flow:
    """`for target in items: body`."""
    found = iterable(run, node.iter, run.evaluate(run, node.iter))
    statements = statements_of(node.body)
    head = run.frame.liveness.head[id(node)]

    def body(item: Abstract) -> Flow:
        if isinstance(found, Counted):
            item = found.item(item)
        assign(run, node.target, item)
        return _execute_in(run, statements, head)

    if isinstance(found, Items):
        return _with_else(run, node, unroll(run, node, found.items, body))
    numbers = found.static_range
    if numbers is not None and not len(numbers):
        return _with_else(run, node, FALLS)

    def copies() -> Flow:
        assert numbers is not None
        return unroll(run, node, [Static(number) for number in numbers], body)

    targets = set(target_names(node.target))
    flow = _loop(run, node, statements, targets, body, found, None, copies if numbers is not None else None)
    return _with_else(run, node, flow)


def execute_while(run: Lowering, node: cst.While) -> Flow:
    """`while test: body`."""
    statements = statements_of(node.body)
    head = run.frame.liveness.head[id(node)]

    def body(item: Abstract) -> Flow:
        return _execute_in(run, statements, head)

    def test() -> bool | Value:
        return truth(run, run.evaluate(run, node.test), node.test)

    def copies() -> Flow:
        return unroll_while(run, node, test, body, NOTHING)

    return _with_else(run, node, _loop(run, node, statements, set(), body, None, test, copies))


def _execute_in(run: Lowering, statements: list[Statement], live: frozenset[str]) -> Flow:
    outer, run.live_out = run.live_out, live
    try:
        return run.execute(run, statements)
    finally:
        run.live_out = outer


def _loop(
    run: Lowering,
    node: cst.For | cst.While,
    statements: list[Statement],
    targets: set[str],
    body: Callable[[Abstract], Flow],
    found: Counted | None,
    test: Callable[[], bool | Value] | None,
    copies: Callable[[], Flow] | None,
) -> Flow:
    """A run-time loop, or its copies if its body turns out to need that."""
    key = (run.context, id(node))
    memory = run.learnt.loops.get(key)
    if memory is not None and memory.unroll and copies is not None:
        return copies()
    liveness = run.frame.liveness
    touched, grown = touched_objects(run, statements)
    loop = Loop(
        node,
        body,
        found,
        test,
        assigned=frozenset(_assigned(run, statements) | targets | _tested(node)),
        head=liveness.head[id(node)] | (liveness.shared & set(bound_names(statements))),
        exposed=liveness.exposed[id(node)] | liveness.shared,
        after=liveness.after[id(node)] | _needed_by_else(node, liveness.head[id(node)]),
        touched=touched,
        grown=grown,
        can_unroll=copies is not None,
        keeps_broke=node.orelse is not None,
    )
    state = dict(run.frame.names), dict(run.heap), len(run.builder.nodes), dict(run.refusals)
    try:
        return run_loop(run, loop)
    except Restart as restart:
        if restart.target != key or copies is None:
            raise
        run.frame.names, run.heap, run.refusals = state[0], state[1], state[3]
        del run.builder.nodes[state[2] :]
    return copies()


def _tested(node: cst.For | cst.While) -> set[str]:
    from gradscribe.frontend.syntax import walrus_names

    return set(walrus_names(node.test)) if isinstance(node, cst.While) else set()


def _needed_by_else(node: cst.For | cst.While, head: frozenset[str]) -> frozenset[str]:
    return head if node.orelse is not None else frozenset()


def _assigned(run: Lowering, statements: list[Statement]) -> set[str]:
    """Names that get another value; `x += y` of an array changes the array, not the name."""
    rebound = rebound_names(statements)
    changed = {
        name
        for name in bound_names(statements)
        if name in rebound or not isinstance(run.frame.names.get(name), ArrayCell | ListCell)
    }
    return changed


def _with_else(run: Lowering, node: cst.For | cst.While, flow: Flow) -> Flow:
    """The `else` of a loop runs if it was not left by `break`; the flow of the whole statement."""
    broke = run.frame.names.pop(BROKE, None)
    if node.orelse is None:
        return _after(run, node, flow)
    statements = statements_of(node.orelse.body)
    live = run.frame.liveness.after[id(node)]
    if flow.returns is not False:
        raise run.refusal(
            node, "GS110", "a loop with `else` that also returns is outside the supported subset",
            why="it is not lowered yet", fix="set a flag in the loop and test it afterwards",
        )  # fmt: skip
    stays = inverse(run, broke.value, node) if isinstance(broke, Number) else _not_broken(run, node, flow)
    if isinstance(stays, bool):
        return _execute_in(run, statements, live) if stays else FALLS
    return branch(run, node, stays, lambda: _execute_in(run, statements, live), lambda: FALLS, live)


def _not_broken(run: Lowering, node: cst.CSTNode, flow: Flow) -> bool | Value:
    if isinstance(flow.breaks, bool):
        return not flow.breaks
    return inverse(run, flow.breaks, node)


def _after(run: Lowering, node: cst.CSTNode, flow: Flow) -> Flow:
    """Control goes on after the loop unless the loop returned."""
    if flow.returns is False:
        return FALLS if flow.falls is not False or flow.breaks is not False else flow
    if flow.returns is True:
        return Flow(falls=False, returns=True)
    return Flow(falls=inverse(run, flow.returns, node), returns=flow.returns)

"""`for` and `while` statements: run-time loops, copies, or a first iteration of its own; `else`.

In:  statements.   Out: the state after them.
Not here: run-time loops (loops.py), copies (unrolling.py), what is iterated over (iteration.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from gradscribe.frontend.branches import branch, continue_under, execute_in
from gradscribe.frontend.conditions import inverse, tested
from gradscribe.frontend.generators import check_consumer
from gradscribe.frontend.interleaving import held
from gradscribe.frontend.iteration import Items, Iterable, iterable, over_containers
from gradscribe.frontend.learnt import LoopMemory
from gradscribe.frontend.liveness import bound_names, rebound_names
from gradscribe.frontend.loop_parts import Loop
from gradscribe.frontend.loop_results import BROKE
from gradscribe.frontend.loops import run_loop_or_copies
from gradscribe.frontend.mixed import is_array_or_number
from gradscribe.frontend.operands import as_value, present
from gradscribe.frontend.optional import any_either
from gradscribe.frontend.peeling import after_the_first, refuse_at_run_time, runs_at_all
from gradscribe.frontend.state import FALLS, RETURN, Flow, Lowering
from gradscribe.frontend.stepping import Stepped, goes_step_by_step
from gradscribe.frontend.syntax import Statement, statements_of, target_names, walrus_names
from gradscribe.frontend.targets import assign
from gradscribe.frontend.touched import touched_objects
from gradscribe.frontend.unrolling import numbered, rest_of, unroll, unroll_while
from gradscribe.frontend.user_iterators import EXHAUSTED, HIDDEN, POSITION, Steps, advanced, steps_of
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    ArrayCell,
    Conflict,
    ListCell,
    MaybeUnbound,
    Number,
    Static,
)
from gradscribe.ir.graph import Value

MAX_PEELED = 2
LEAVES = Flow(falls=False, breaks=True)
ENDED = "<ended>"
"""Variable of a loop that says that its condition did not hold any more."""
Body = Callable[[Abstract], Flow]


def execute_for(run: Lowering, node: cst.For, rest: Sequence[Statement]) -> tuple[Flow, bool]:
    """`for target in items: body`. The second result says that `rest` was lowered with it."""
    value = run.evaluate(run, node.iter)
    steps = steps_of(run, node.iter, present(run, value, node.iter))
    if isinstance(steps, Steps):
        return _over_object(run, node, steps), False
    if goes_step_by_step(run, node.iter, steps):
        return _step_by_step(run, node, steps), False
    found = over_containers(run, iterable(run, node.iter, steps), value)
    check_consumer(run, node.iter, found, statements_of(node.body))
    return _over(run, node, found, rest)


def _over(run: Lowering, node: cst.For, found: Iterable, rest: Sequence[Statement]) -> tuple[Flow, bool]:
    statements = statements_of(node.body)
    head = run.frame.liveness.head[id(node)]

    def body(item: Abstract) -> Flow:
        assign(run, node.target, item)
        return execute_in(run, statements, head)

    if isinstance(found, Items):
        with held(run, found):
            flow = unroll(run, node, found, body)
        return _with_else(run, node, flow), False
    counted = found

    def counted_body(index: Abstract) -> Flow:
        return body(counted.item(index))

    numbers = counted.static_range
    if numbers is not None and not len(numbers):
        return _with_else(run, node, FALLS), False

    def copies() -> Flow:
        assert numbers is not None
        return unroll(run, node, numbered(run, node, numbers), counted_body)

    loop = _loop_of(run, node, counted_body, set(target_names(node.target)))
    loop = replace(loop, counted=counted, can_unroll=numbers is not None, can_peel=_may_peel(run, node))
    with held(run, found):
        whole = run_loop_or_copies(run, loop, copies if numbers is not None else None)
    if whole is not None:
        return _with_else(run, node, whole), False
    return _peeled(run, node, _first_of(run, node, loop), rest)


def _step_by_step(run: Lowering, node: cst.For, value: Abstract) -> Flow:
    """A loop over a generator that sees what happens between its items, or leaves it half way."""
    statements = statements_of(node.body)
    head = run.frame.liveness.head[id(node)]

    def body(item: Abstract) -> Flow:
        assign(run, node.target, item)
        return execute_in(run, statements, head)

    flow, broke = Stepped(run, node, body).lower(value)
    return _with_else(run, node, replace(flow, breaks=broke))


def _over_object(run: Lowering, node: cst.For, steps: Steps) -> Flow:
    """A loop over an object that gives its items one after another, until it raises an exception."""
    statements = statements_of(node.body)
    head = run.frame.liveness.head[id(node)]
    hidden = {name: run.frame.names.get(name) for name in HIDDEN}
    run.frame.names.update({POSITION: Static(0), EXHAUSTED: Static(False)})
    loop = _loop_of(run, node, lambda item: FALLS, set(target_names(node.target)))
    # Where the object has no item left, what the iteration before has bound is what remains.
    kept = frozenset(HIDDEN) | (loop.assigned & loop.after)
    live = head | kept

    def use(item: Abstract) -> Flow:
        assign(run, node.target, item)
        return execute_in(run, statements, live)

    def body(item: Abstract) -> Flow:
        return advanced(run, node, steps, use, live)

    loop = _endless(loop, body, kept)
    flow = run_loop_or_copies(run, loop, None)
    assert flow is not None
    exhausted = run.frame.names.pop(EXHAUSTED)
    run.frame.names.pop(POSITION)
    run.frame.names.update({name: value for name, value in hidden.items() if value is not None})
    run.frame.names[BROKE] = Number(run.negated(node, as_value(run, exhausted, node)))
    return _with_else(run, node, flow)


def execute_while(run: Lowering, node: cst.While, rest: Sequence[Statement]) -> tuple[Flow, bool]:
    """`while test: body`."""
    flow = _while(run, node, can_peel=_may_peel(run, node))
    if flow is not None:
        return _with_else(run, node, flow), False
    statements = statements_of(node.body)
    head = run.frame.liveness.head[id(node)]

    def others() -> Flow:
        found = _while(run, node, can_peel=False)
        assert found is not None
        return found

    first = First(lambda: tested(run, node.test), lambda: execute_in(run, statements, head), others)
    return _peeled(run, node, first, rest)


def _while(run: Lowering, node: cst.While, *, can_peel: bool) -> Flow | None:
    """The loop without its `else`; None if it must be peeled."""
    statements = statements_of(node.body)
    head = run.frame.liveness.head[id(node)]

    def body(item: Abstract) -> Flow:
        return execute_in(run, statements, head)

    def test() -> bool | Value:
        return tested(run, node.test)

    def copies() -> Flow:
        return unroll_while(run, node, memory, test, body, NOTHING)

    memory = run.learnt.loops.setdefault((run.context, id(node)), LoopMemory())
    loop = _loop_of(run, node, body, set(walrus_names(node.test)))
    loop = replace(loop, test=test, can_unroll=not memory.stays, can_peel=can_peel)
    flow = None if memory.rotate else run_loop_or_copies(run, loop, copies)
    if flow is None and not (can_peel and memory.peel):
        flow = _rotated(run, node, loop, test, copies)
    return flow


def _rotated(
    run: Lowering, node: cst.While, loop: Loop, test: Callable[[], bool | Value], copies: Callable[[], Flow]
) -> Flow | None:
    """A loop whose condition changes variables: `while True`, and leave where it does not hold."""
    # For the `else`, that is not the same as to break. What the iteration before has bound is what remains.
    asks = node.orelse is not None
    kept = (loop.assigned & loop.after) | frozenset({ENDED} if asks else ())
    outer = run.frame.names.get(ENDED)

    def leaves() -> Flow:
        if asks:
            run.frame.names[ENDED] = Static(True)
        return LEAVES

    def body(item: Abstract) -> Flow:
        condition = test()
        if isinstance(condition, bool):
            return loop.body(item) if condition else leaves()
        return branch(run, node, condition, lambda: loop.body(item), leaves, loop.head | kept)

    def written_out() -> Flow:
        run.frame.names.pop(ENDED, None)
        return copies()

    if asks:
        run.frame.names[ENDED] = Static(False)
    rotated = _endless(loop, body, kept)
    flow = run_loop_or_copies(run, rotated, written_out)
    ended = run.frame.names.pop(ENDED, None)
    if outer is not None:
        run.frame.names[ENDED] = outer
    if flow is not None and ended is not None:
        run.frame.names[BROKE] = Number(run.negated(node, as_value(run, ended, node)))
    return flow


def _endless(loop: Loop, body: Body, kept: frozenset[str]) -> Loop:
    """`while True` with another body, which hands these variables on, too; one of them says how it was left."""
    return replace(
        loop,
        body=body,
        test=lambda: True,
        assigned=loop.assigned | kept,
        head=loop.head | kept,
        exposed=loop.exposed | kept,
        after=loop.after | kept,
        keeps_broke=False,
    )


def _loop_of(run: Lowering, node: cst.For | cst.While, body: Body, targets: set[str]) -> Loop:
    """The parts of a loop that its syntax says."""
    statements = statements_of(node.body)
    liveness = run.frame.liveness
    touched, grown = touched_objects(run, statements)
    head = liveness.head[id(node)]
    return Loop(
        node,
        body,
        assigned=frozenset(_assigned(run, statements) | targets) - liveness.rebound - liveness.outer,
        head=head | (liveness.shared & set(bound_names(statements))),
        exposed=liveness.exposed[id(node)] | liveness.shared,
        after=liveness.after[id(node)] | (head if node.orelse is not None else frozenset()),
        touched=touched,
        grown=grown,
        keeps_broke=node.orelse is not None,
    )


def _assigned(run: Lowering, statements: list[Statement]) -> set[str]:
    """Names that get another value; `x += y` of an array changes the array, not the name."""
    rebound = rebound_names(statements)
    return {
        name
        for name in bound_names(statements)
        if name in rebound or not _is_changed_in_place(run, run.frame.names.get(name))
    }


def _is_changed_in_place(run: Lowering, value: Abstract | None) -> bool:
    return isinstance(value, ArrayCell | ListCell) and not is_array_or_number(run, value)


# The first iteration on its own


@dataclass(frozen=True)
class First:
    """The first iteration of a loop, on its own.

    Attributes:
        runs: whether there is one, at run time perhaps.
        body: lowers it.
        others: lowers the loop of those that follow.
    """

    runs: Callable[[], bool | Value]
    body: Callable[[], Flow]
    others: Callable[[], Flow]


def _may_peel(run: Lowering, node: cst.For | cst.While) -> bool:
    peeled = [key for key in run.context if isinstance(key, tuple) and key[0] == "peeled"]
    return len(peeled) < MAX_PEELED and ("peeled", id(node)) not in peeled


def _first_of(run: Lowering, node: cst.For, loop: Loop) -> First:
    counted = loop.counted
    assert counted is not None
    others = after_the_first(run, node, counted)

    def remaining() -> Flow:
        numbers = others.static_range
        if numbers is not None and not len(numbers):
            return FALLS

        def copies() -> Flow:
            assert numbers is not None
            return unroll(run, node, numbered(run, node, numbers), loop.body)

        following = _loop_of(run, node, loop.body, set(target_names(node.target)))
        following = replace(following, counted=others, can_unroll=numbers is not None)
        with held(run, counted):
            flow = run_loop_or_copies(run, following, copies if numbers is not None else None)
        assert flow is not None
        return flow

    def runs() -> bool | Value:
        return counted.static_range is not None or runs_at_all(run, node, counted)

    def first() -> Flow:
        with held(run, counted):
            return loop.body(counted.start)

    return First(runs, first, remaining)


def _peeled(
    run: Lowering, node: cst.For | cst.While, first: First, rest: Sequence[Statement]
) -> tuple[Flow, bool]:
    """`if the loop runs at all: first iteration; the others`, and what follows in both branches.

    So `s = 0; for row in rows: s = s + row` has a number for s where there are no rows, and an array otherwise.
    """

    def runs() -> Flow:
        with run.within(("peeled", id(node))):
            flow = first.body()
            leaves = flow.breaks is not False or flow.returns is not False
            if flow.breaks is True or flow.returns is True:
                return _with_else(run, node, replace(flow, falls=False, continues=False))
            if not leaves:
                return _with_else(run, node, first.others())
            if node.orelse is None:
                return _after(run, node, rest_of(run, node, flow, first.others))
            # What breaks off the first iteration passes the `else` by.
            gone = Flow(falls=flow.breaks, returns=flow.returns)
            return rest_of(run, node, flow, lambda: _with_else(run, node, first.others()), gone)

    condition = first.runs()
    if condition is True:
        return runs(), False
    if condition is False:
        return _with_else(run, node, FALLS), False

    def first_branch() -> Flow:
        flow = runs()
        if isinstance(flow.falls, Value):
            return continue_under(run, node, flow, flow.falls, rest)
        return run.execute(run, rest) if flow.falls is True else flow

    def other_branch() -> Flow:
        with run.within(("peeled", -id(node))):
            return _without_iteration(run, node, rest)

    state = dict(run.frame.names), dict(run.heap), len(run.builder.nodes)
    flow = branch(run, node, condition, first_branch, other_branch, run.live_out)
    found = _returned(run)
    if isinstance(found, Conflict) or (found is not None and any_either((found,))):
        # No type holds for both results: not having run becomes an error, when it happens.
        run.frame.names, run.heap = state[0], state[1]
        del run.builder.nodes[state[2] :]
        flow = branch(run, node, condition, first_branch, lambda: refuse_at_run_time(run, node), run.live_out)
    return flow, True


def _returned(run: Lowering) -> Abstract | None:
    found = run.frame.names.get(RETURN)
    return found.value if isinstance(found, MaybeUnbound) else found


def _without_iteration(run: Lowering, node: cst.For | cst.While, rest: Sequence[Statement]) -> Flow:
    """What follows a loop that did not run. Where that cannot be lowered, it is an error when it happens."""
    refusals, names, heap = dict(run.refusals), dict(run.frame.names), dict(run.heap)
    nodes = len(run.builder.nodes)
    flow = FALLS
    if node.orelse is not None:
        flow = execute_in(run, statements_of(node.orelse.body), run.frame.liveness.after[id(node)])
    if isinstance(flow.falls, Value):
        flow = continue_under(run, node, flow, flow.falls, rest)
    elif flow.falls:
        flow = run.execute(run, rest)
    if run.refusals == refusals:
        return flow
    run.refusals, run.frame.names, run.heap = refusals, names, heap
    del run.builder.nodes[nodes:]
    return refuse_at_run_time(run, node)


# After the loop


def _with_else(run: Lowering, node: cst.For | cst.While, flow: Flow) -> Flow:
    """The `else` of a loop runs if it was not left by `break`; the flow of the whole statement."""
    broke = run.frame.names.pop(BROKE, None)
    if node.orelse is None:
        return _after(run, node, flow)
    if flow.returns is True:
        return Flow(falls=False, returns=True)
    if flow.returns is not False:
        return branch(
            run,
            node,
            flow.returns,
            lambda: Flow(falls=False, returns=True),
            lambda: _else_unless_broken(run, node, replace(flow, returns=False), broke),
            run.frame.liveness.after[id(node)],
        )
    return _else_unless_broken(run, node, flow, broke)


def _else_unless_broken(run: Lowering, node: cst.For | cst.While, flow: Flow, broke: Abstract | None) -> Flow:
    assert node.orelse is not None
    statements = statements_of(node.orelse.body)
    live = run.frame.liveness.after[id(node)]
    stays = inverse(run, broke.value, node) if isinstance(broke, Number) else _not_broken(run, node, flow)
    if isinstance(stays, bool):
        return execute_in(run, statements, live) if stays else FALLS
    return branch(run, node, stays, lambda: execute_in(run, statements, live), lambda: FALLS, live)


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

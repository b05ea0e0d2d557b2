"""`try`: a body, handlers that see what was done where it raised, `else` and `finally`.

    n = len(x)                      stands before the `try`: nothing that is caught is raised so far
    try:
        y = math.log(x[n - 1])      the body, from the first statement that may raise
    except ValueError:
        y = 0.0                     sees the variables and objects as they were then

A variable or object that is not the same at all places which may raise is not known after one of them did. Where
it is read there, each statement is tried alone, if that is enough to know it.

In:  statements.   Out: the state after them; `if` nodes that catch.
Not here: the body (attempts.py), `raise` (effects.py), joining (branches.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import libcst as cst

from gradscribe.frontend.attempts import Attempt, attempt, caught_around
from gradscribe.frontend.blocks import captured_by, close
from gradscribe.frontend.branches import Join, branch, emit_join, execute_in, join
from gradscribe.frontend.merging import Side
from gradscribe.frontend.state import FALLS, RAISES, Flow, Lowering
from gradscribe.frontend.syntax import Statement, names_read, statements_of
from gradscribe.frontend.values import Abstract, Number, Static, TupleValue
from gradscribe.ir.control import Caught, IfView
from gradscribe.ir.graph import Value
from gradscribe.ir.types import BOOL
from gradscribe.ir.walk import definitions, walk
from gradscribe.ops.custom_rules import is_ruled
from gradscribe.ops.effects import CAUGHT
from gradscribe.ops.table import lookup

MAX_PARTS = 20


def execute_try(run: Lowering, node: cst.Try) -> Flow:
    """The body, a handler or `else`, then `finally` on whatever way control leaves them.

    An exception that no handler catches leaves the derivative as it leaves the function. Where a `try` around may
    catch it, what `finally` does before that is seen.
    """
    live = run.frame.liveness.after[id(node)]
    if node.finalbody is None:
        return _body(run, node, live)

    def body() -> Flow:
        return _body(run, node, live)

    def last() -> None:
        assert node.finalbody is not None
        if not execute_in(run, statements_of(node.finalbody.body), live).is_plain:
            raise _refused(run, node, "a `finally` that leaves", "leave after the `try`")

    def failed() -> Flow:
        last()
        run.apply(node, "raise_", (), {"exception": None})
        return RAISES

    catches = caught_around(run)
    flow = attempted(run, node, catches, body, failed, None, live) if catches else body()
    last()
    return flow


def _body(run: Lowering, node: cst.Try, live: frozenset[str]) -> Flow:
    handled = [(_classes(run, handler), handler) for handler in node.handlers]
    catches = tuple(dict.fromkeys(one for classes, _ in handled for one in classes))
    orelse = node.orelse

    def following() -> Flow:
        assert orelse is not None
        return execute_in(run, statements_of(orelse.body), live)

    return _in_parts(
        run,
        node,
        catches,
        statements_of(node.body),
        lambda: _handler(run, handled, catches, live),
        following if orelse is not None else None,
        live,
    )


def _in_parts(
    run: Lowering,
    node: cst.Try | cst.With,
    catches: Caught,
    statements: Sequence[Statement],
    handle: Callable[[], Flow],
    following: Callable[[], Flow] | None,
    live: frozenset[str],
    depth: int | None = None,
) -> Flow:
    """Try some statements; one by one where it must be known which of them raised.

    Each stands in the block of what follows the one before, if that may raise; the first at `depth`.
    """
    depth = len(run.enclosing) if depth is None else depth
    rest: Sequence[Statement] = ()
    if id(node) in run.learnt.apart and len(run.enclosing) - depth < MAX_PARTS:
        statements, rest = statements[:1], statements[1:]
    if not rest:
        return attempted(
            run, node, catches, lambda: execute_in(run, statements, live), handle, following, live
        )
    needed = live.union(names_read(node))
    with run.within(len(rest)):
        return attempted(
            run,
            node,
            catches,
            lambda: execute_in(run, statements, needed),
            handle,
            lambda: _in_parts(run, node, catches, rest, handle, following, live, depth),
            live,
        )


def attempted(
    run: Lowering,
    node: cst.CSTNode,
    catches: Caught,
    lower: Callable[[], Flow],
    handle: Callable[[], Flow],
    following: Callable[[], Flow] | None,
    live: frozenset[str],
) -> Flow:
    """Try something.

    Args:
        run: the lowering.
        node: the syntax that tries it.
        catches: exceptions that are handled.
        lower: lowers what is tried.
        handle: lowers what is done where it raised such an exception.
        following: lowers what is done where it did not, outside of the attempt; None for nothing.
        live: names needed afterwards.

    Returns:
        How control leaves.
    """
    line = run.line
    tried = attempt(run, node, catches, lower)
    if not tried.builder.nodes:
        # Nothing that is caught can happen.
        run.frame.names, run.heap = tried.end.names, tried.end.heap
        return _continued(run, node, tried.flow, following or _nothing, live)
    completed, failed = _sides(run, node, tried, handle)
    before = dict(tried.start.names), dict(tried.start.heap)
    run.line = line
    if following is None or tried.flow.falls is False:
        joined = join(run, node, completed, failed, before, tried.start.serial, live)
        emit_join(run, node, joined, run.constant(True, node), catches)
        return joined.flow
    run.frame.names, run.heap = dict(completed.names), dict(completed.heap)
    with run.block() as builder:
        flow = _continued(run, node, tried.flow, following, live)
    ended = Side(builder, run.frame.names, run.heap, flow)
    run.line = line
    with run.block() as nothing:
        pass
    passed = Side(nothing, failed.names, failed.heap, failed.flow)
    joined = join(run, node, ended, passed, before, tried.start.serial, live)
    flag = _emit_apart(run, node, joined, (completed, failed), catches)
    emit_join(run, node, joined, flag)
    return joined.flow


def _nothing() -> Flow:
    return FALLS


def execute_suppressing(run: Lowering, node: cst.With, catches: Caught) -> Flow:
    """`with contextlib.suppress(...)`: where such an exception is raised, what follows the block goes on."""
    live = run.frame.liveness.after[id(node)]
    return _in_parts(run, node, catches, statements_of(node.body), _nothing, None, live)


def _sides(run: Lowering, node: cst.CSTNode, tried: Attempt, handle: Callable[[], Flow]) -> tuple[Side, Side]:
    """The body where it completed, and what is done where it raised."""
    _check_derivatives(run, node, tried)
    with run.block() as builder:
        flow = handle()
    failed = Side(builder, run.frame.names, run.heap, flow)
    return Side(tried.builder, tried.end.names, tried.end.heap, tried.flow), failed


def _continued(
    run: Lowering, node: cst.CSTNode, flow: Flow, following: Callable[[], Flow], live: frozenset[str]
) -> Flow:
    """What follows a body that leaves so."""
    if flow.falls is False:
        return flow
    if not isinstance(flow.falls, Value):
        return following()
    left = replace(flow, falls=False)
    return branch(run, node, flow.falls, following, lambda: left, live)


def _emit_apart(
    run: Lowering, node: cst.CSTNode, joined: Join, sides: tuple[Side, Side], catches: Caught
) -> Value:
    """The `try` alone; what its blocks compute for `else` and for what follows are its outputs, read by `joined`.

    Returns:
        Whether the body completed.
    """
    needed = captured_by(*((side.builder.nodes, results) for side, results in joined.parts()))
    inside = [definitions(side.builder.nodes) for side in sides]
    handed = [value for value in needed if any(value in defined for defined in inside)]
    outputs = [Value(value.type, value.hint) for value in handed]
    flag = Value(BOOL, "completed")
    results: list[list[Value]] = []
    for side, defined, completed in zip(sides, inside, (True, False), strict=True):
        run.builder, outer = side.builder, run.builder
        given = [value if value in defined else run.absent(value.type) for value in handed]
        results.append([*given, run.constant(completed, node)])
        run.builder = outer
    parts = [(side.builder.nodes, given) for side, given in zip(sides, results, strict=True)]
    captured = captured_by(*parts)
    then, otherwise = (close(nodes, given, (), captured) for nodes, given in parts)
    made = IfView.make(
        run.constant(True, node),
        captured,
        then,
        otherwise,
        [*outputs, flag],
        catches=catches,
        location=run.location(node),
    )
    run.builder.append(made)
    joined.rename(dict(zip(handed, outputs, strict=True)))
    return flag


def _handler(
    run: Lowering,
    handled: Sequence[tuple[Caught, cst.ExceptHandler]],
    catches: Caught,
    live: frozenset[str],
    error: Value | None = None,
) -> Flow:
    """The first of the handlers that catches what was raised; `error` is that, where it was asked for."""
    (classes, handler), *others = handled
    named = any(other.name is not None for _, other in handled)
    if error is None and (others or named):
        (error,) = run.builder.emit(lookup("caught"), (), (CAUGHT,), hint=_name(handled) or "error")

    def lower() -> Flow:
        name = _name([(classes, handler)])
        if name and error is not None:
            run.frame.names[name] = Number(error)
        flow = execute_in(run, statements_of(handler.body), live)
        run.frame.names.pop(name, None)
        return flow

    if not others:
        return lower()
    assert error is not None
    matches = run.apply(handler, "is_caught", (error,), {"classes": classes})[0]
    return branch(run, handler, matches, lower, lambda: _handler(run, others, catches, live, error), live)


def _name(handled: Sequence[tuple[Caught, cst.ExceptHandler]]) -> str:
    """The name that the first handler with one gives to the exception."""
    names = [handler.name.name for _, handler in handled if handler.name is not None]
    return next((name.value for name in names if isinstance(name, cst.Name)), "")


def _classes(run: Lowering, handler: cst.ExceptHandler) -> Caught:
    """What a handler catches."""
    if handler.type is None:
        return (BaseException,)
    found = run.evaluate(run, handler.type)
    listed: Sequence[Abstract] = [found]
    if isinstance(found, TupleValue):
        listed = found.items
    elif isinstance(found, Static) and isinstance(found.value, tuple):
        listed = [Static(value) for value in found.value]
    return exception_classes(run, handler, listed)


def exception_classes(run: Lowering, handler: cst.CSTNode, listed: Sequence[Abstract]) -> Caught:
    """The classes, all of which must be known."""
    classes = [one.value for one in listed if isinstance(one, Static)]
    exceptions = tuple(one for one in classes if isinstance(one, type) and issubclass(one, BaseException))
    if len(exceptions) < len(listed) or not exceptions:
        raise run.refusal(
            handler,
            "GS110",
            "something else than an exception class is caught",
            why="what is caught must be known before the function runs",
            fix="name the classes: `except (ValueError, ZeroDivisionError):`",
        )
    return exceptions


def _check_derivatives(run: Lowering, node: cst.CSTNode, tried: Attempt) -> None:
    """What a derivative raises is none of the user's, and the rules of theirs replace what is raised."""
    inside = [
        inner for made in tried.builder.nodes for inner in (made, *(n for b in made.blocks for n in walk(b)))
    ]
    if any(is_ruled(inner) or (inner.derivative and inner.inputs) for inner in inside):
        raise _refused(
            run,
            node,
            "a derivative, or a function with a rule of its own, in a `try`",
            "compute it before the `try`",
        )


def _refused(run: Lowering, node: cst.CSTNode, what: str, fix: str) -> Exception:
    return run.refusal(
        node,
        "GS110",
        f"{what} is outside the supported subset",
        why="which statement raises decides what is computed, and that is not differentiated",
        fix=fix,
    )

"""Statements.

In:  statements in order.   Out: changed state; how control leaves them.
Not here: expressions (expressions.py), assignment (targets.py), loops on run-time counts (loops.py).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from types import FunctionType

import libcst as cst
import numpy as np

from gradscribe.frontend.annotations import evaluate_annotations
from gradscribe.frontend.branches import branch, continue_under, execute_in, raise_when_reached
from gradscribe.frontend.conditions import tested
from gradscribe.frontend.effects import execute_assert, execute_raise
from gradscribe.frontend.entering import value_to_store
from gradscribe.frontend.expressions import arguments, closure
from gradscribe.frontend.for_statements import execute_for, execute_while
from gradscribe.frontend.imports import execute_import
from gradscribe.frontend.indexing import subscript_key
from gradscribe.frontend.liveness import bound_names
from gradscribe.frontend.managers import (
    generator_of,
    refuse_inside_of_try,
    within_generator,
    within_object,
)
from gradscribe.frontend.matching import execute_match
from gradscribe.frontend.operands import describe
from gradscribe.frontend.refusal import UNRESOLVED, Raised, Refusal, Unresolved
from gradscribe.frontend.scope import bind, forget, is_trusted, unbind
from gradscribe.frontend.state import FALLS, RAISES, RETURN, Flow, Lowering
from gradscribe.frontend.stepping import execute_yield
from gradscribe.frontend.subset import refuse
from gradscribe.frontend.syntax import (
    Statement,
    always_leaves,
    else_block,
    has_jump,
    statements_of,
    suppresses,
)
from gradscribe.frontend.targets import assign, augment, delete_item
from gradscribe.frontend.trying import exception_classes, execute_suppressing, execute_try
from gradscribe.frontend.values import (
    NOTHING,
    UNKNOWN,
    Abstract,
    BoundMethod,
    Closure,
    InstanceCell,
    Static,
    serial_mark,
)
from gradscribe.ir.control import Caught
from gradscribe.ir.graph import Node, Value

JUMPS = (cst.Return, cst.Raise, cst.Break, cst.Continue)


def execute(run: Lowering, statements: Sequence[Statement]) -> Flow:
    """Lower statements in order; an error in one does not keep the others from being checked."""
    for position, statement in enumerate(statements):
        rest = statements[position + 1 :]
        flow, done = _guarded(run, statement, rest)
        if done or flow.falls is False:
            return flow
        if isinstance(flow.falls, Value):
            return continue_under(run, statement, flow, flow.falls, rest)
    return FALLS


def _guarded(run: Lowering, statement: Statement, rest: Sequence[Statement]) -> tuple[Flow, bool]:
    """One statement. The second result says that `rest` was lowered with it."""
    captured = run.frame.captured
    run.line = captured.lines.get(id(statement), run.line)
    builder, frame, heap = run.builder, run.frame, run.heap
    outer_mark, run.statement_mark = run.statement_mark, serial_mark()
    outer_builder, run.statement_builder = run.statement_builder, builder
    try:
        return _execute(run, statement, rest)
    except Raised:
        return RAISES, False
    except Refusal as refusal:
        if refusal.raises is not None:
            return raise_when_reached(run, statement, refusal), False
        run.keep(refusal)
    except Unresolved:
        pass
    finally:
        run.statement_mark, run.statement_builder = outer_mark, outer_builder
    run.builder, run.frame, run.heap = builder, frame, heap
    run.builder.append(Node(UNRESOLVED, (), (), location=run.location(statement)))
    forget(run, list(bound_names([statement])))
    if isinstance(statement, cst.Return):
        run.frame.names[RETURN] = UNKNOWN
        return Flow(falls=False, returns=True), False
    return FALLS, False


def _execute(run: Lowering, statement: Statement, rest: Sequence[Statement]) -> tuple[Flow, bool]:
    if isinstance(statement, cst.If):
        return _if(run, statement, rest)
    if isinstance(statement, cst.For):
        return execute_for(run, statement, rest)
    if isinstance(statement, cst.While):
        return execute_while(run, statement, rest)
    if isinstance(statement, cst.Match):
        return execute_match(run, statement, rest)
    handler = HANDLERS.get(type(statement))
    if handler is None:
        raise refuse(run, statement)
    return handler(run, statement), False


def _if(run: Lowering, node: cst.If, rest: Sequence[Statement]) -> tuple[Flow, bool]:
    condition = tested(run, node.test)
    body, orelse = statements_of(node.body), else_block(node.orelse)
    live = run.frame.liveness.after[id(node)]
    if isinstance(condition, bool):
        return execute_in(run, body if condition else orelse, live), False
    first, second = always_leaves(body), always_leaves(orelse)
    if first != second and rest:
        # What follows belongs to the branch that reaches it.
        taken = body if first else [*body, *rest]
        other = [*orelse, *rest] if first else orelse
        outside = run.live_out
        return (
            branch(
                run,
                node,
                condition,
                lambda: _extended(run, body, taken, live),
                lambda: _extended(run, orelse, other, live),
                outside,
            ),
            True,
        )
    return (
        branch(
            run,
            node,
            condition,
            lambda: execute_in(run, body, live),
            lambda: execute_in(run, orelse, live),
            live,
        ),
        False,
    )


def _extended(
    run: Lowering, block: Sequence[Statement], all_: Sequence[Statement], live: frozenset[str]
) -> Flow:
    """A branch, with what follows the `if` where control goes on there."""
    if len(all_) == len(block):
        return execute_in(run, block, live)
    if not has_jump(list(block), JUMPS):
        execute_in(run, block, live)
        return execute(run, all_[len(block) :])
    return execute(run, all_)


def _assign(run: Lowering, node: cst.Assign) -> Flow:
    value = value_to_store(run, node)
    for target in node.targets:
        assign(run, target.target, value)
    return FALLS


def _annotated(run: Lowering, node: cst.AnnAssign) -> Flow:
    if node.value is not None:
        assign(run, node.target, run.evaluate(run, node.value))
    elif isinstance(node.target, cst.Attribute | cst.Subscript):
        # Without a value Python still asks what is annotated, and for the index, but never for the annotation.
        run.evaluate(run, node.target.value)
        if isinstance(node.target, cst.Subscript):
            subscript_key(run, node.target)
    return FALLS


def _augmented(run: Lowering, node: cst.AugAssign) -> Flow:
    augment(run, node)
    return FALLS


def _expression(run: Lowering, node: cst.Expr) -> Flow:
    if isinstance(node.value, cst.Yield):
        return execute_yield(run, node.value)
    if not isinstance(node.value, cst.SimpleString | cst.ConcatenatedString):
        run.evaluate(run, node.value)
    return FALLS


def _return(run: Lowering, node: cst.Return) -> Flow:
    value: Abstract = NOTHING
    if node.value is not None:
        value = run.evaluate(run, node.value)
    run.frame.names[RETURN] = value
    return Flow(falls=False, returns=True)


def _assert(run: Lowering, node: cst.Assert) -> Flow:
    return execute_assert(run, node) or FALLS


def _function(run: Lowering, node: cst.FunctionDef) -> Flow:
    if node.asynchronous is not None:
        raise refuse(run, cst.Await(expression=cst.Name(node.name.value)))
    # Python evaluates the decorators as they are written, then the defaults, then the annotations; it applies the
    # last decorator first.
    expressions = [decorator.decorator for decorator in node.decorators]
    decorators = [run.evaluate(run, expression) for expression in expressions]
    made: Abstract = closure(run, node.name.value, node)
    evaluate_annotations(run, node)
    for expression, decorator in zip(reversed(expressions), reversed(decorators), strict=True):
        made = run.call(run, expression, decorator, (made,), {})
    bind(run, node.name.value, made)
    return FALLS


def _nonlocal(run: Lowering, node: cst.Nonlocal) -> Flow:
    for item in node.names:
        if run.frame.boxed(item.name.value) is None:
            raise run.refusal(
                node,
                "GS110",
                f"`{item.name.value}` is a variable of a function that has returned, and is declared `nonlocal`",
                why="it keeps its value from call to call, and a derivative changes nothing outside of it",
                fix="pass the value as an argument and return the new one",
            )
    return FALLS


def _delete(run: Lowering, node: cst.Del) -> Flow:
    targets = (
        [element.value for element in node.target.elements]
        if isinstance(node.target, cst.Tuple)
        else [node.target]
    )
    for target in targets:
        if isinstance(target, cst.Subscript):
            delete_item(run, target, run.evaluate(run, target.value), subscript_key(run, target))
            continue
        if not isinstance(target, cst.Name):
            raise run.refusal(
                target,
                "GS110",
                "`del` of an attribute is outside the supported subset",
                why="only names and items are deleted",
                fix="set it to None",
            )
        unbind(run, target, target.value)
    return FALLS


FLOATING_POINT_ERRORS = frozenset(np.geterr())


def _check_modes(run: Lowering, call: cst.Call) -> None:
    """`np.errstate` that raises decides what is computed; one that ignores or warns only speaks.

    What is ignored in a part of the function is ignored by the whole of what is generated: the derivatives of that
    part may stand anywhere in it.
    """
    for arg in call.args:
        mode = run.evaluate(run, arg.value)
        if not isinstance(mode, Static) or mode.value not in ("ignore", "warn", None):
            raise run.refusal(
                arg,
                "GS110",
                "`np.errstate` that does more than ignore or warn is outside the supported subset",
                why="which operation raises decides what is computed, and that is not followed",
                fix="test the values: `np.isfinite(x).all()`",
            )
        if mode.value == "ignore" and arg.keyword is not None:
            kind = arg.keyword.value
            run.ignored |= FLOATING_POINT_ERRORS if kind == "all" else {kind} & FLOATING_POINT_ERRORS


def _with(run: Lowering, node: cst.With) -> Flow:
    return _within(run, node, node.items, ())


def _within(run: Lowering, node: cst.With, items: Sequence[cst.WithItem], suppressed: Caught) -> Flow:
    """The block of a `with`, inside of the managers that are left to enter."""
    if not items:
        if suppressed:
            return execute_suppressing(run, node, suppressed)
        return execute_in(run, statements_of(node.body), run.frame.liveness.after[id(node)])
    item, *others = items
    call = item.item
    manager = run.evaluate(run, call.func if isinstance(call, cst.Call) else call)
    value = manager.value if isinstance(manager, Static) else None
    if value is contextlib.nullcontext and isinstance(call, cst.Call):
        _enter_nothing(run, item)
    elif value is contextlib.suppress and isinstance(call, cst.Call) and suppresses(node):
        suppressed += exception_classes(run, call, arguments(run, call)[0])
    elif getattr(value, "__name__", "") == "errstate" and item.asname is None:
        if isinstance(call, cst.Call):
            _check_modes(run, call)
    else:
        return _within_own(run, node, item, manager, lambda: _within(run, node, others, suppressed))
    return _within(run, node, others, suppressed)


def _within_own(
    run: Lowering, node: cst.With, item: cst.WithItem, manager: Abstract, block: Callable[[], Flow]
) -> Flow:
    """The block inside of a context manager of the user's."""
    call = item.item
    generator = generator_of(manager)
    if isinstance(call, cst.Call) and generator is not None:
        refuse_inside_of_try(run, item)
        return within_generator(run, item, manager, generator, arguments(run, call), block)
    entered = manager
    if isinstance(call, cst.Call) and _makes_objects(manager):
        args, kwargs = arguments(run, call)
        entered = run.call(run, call, manager, args, kwargs)
    if isinstance(entered, InstanceCell):
        refuse_inside_of_try(run, item)
        return within_object(run, item, entered, block)
    is_suppress = isinstance(manager, Static) and manager.value is contextlib.suppress
    raise run.refusal(
        call,
        "GS110",
        f"a block inside of {describe(run, manager)} is outside the supported subset",
        why="it is not known what it does around a block",
        fix="call it `suppress`" if is_suppress else "do this outside, and pass what it gives as an argument",
    )


def _makes_objects(manager: Abstract) -> bool:
    """Calling it may give an object of a class of the user's."""
    if not isinstance(manager, Static):
        return isinstance(manager, Closure | BoundMethod)
    return isinstance(manager.value, type | FunctionType) and not is_trusted(manager.value.__module__)


def _enter_nothing(run: Lowering, item: cst.WithItem) -> None:
    """`with contextlib.nullcontext(value) as name`: the name is bound to the value."""
    assert isinstance(item.item, cst.Call)
    args, kwargs = arguments(run, item.item)
    if item.asname is not None and isinstance(item.asname.name, cst.BaseExpression):
        assign(run, item.asname.name, next(iter((*args, *kwargs.values())), NOTHING))


HANDLERS: dict[type[cst.CSTNode], Callable[..., Flow]] = {
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.Expr: _expression,
    cst.Return: _return,
    cst.Break: lambda run, node: Flow(falls=False, breaks=True),
    cst.Continue: lambda run, node: Flow(falls=False, continues=True),
    cst.Pass: lambda run, node: FALLS,
    cst.Nonlocal: _nonlocal,
    cst.Raise: execute_raise,
    cst.Assert: _assert,
    cst.FunctionDef: _function,
    cst.Del: _delete,
    cst.Import: execute_import,
    cst.ImportFrom: execute_import,
    cst.With: _with,
    cst.Try: execute_try,
}

"""`with` over the user's own context managers: objects with `__enter__` and `__exit__`, and generator functions.

    @contextlib.contextmanager
    def replaced(box, value):           `with replaced(box, 2.0):` is the statements before `yield`, the block, and
        before, box.value = box.value, value            those after it, on whatever way control leaves the block
        yield box
        box.value = before

An exception that leaves the block leaves the derivative, so that what is done then matters only inside of `try`.

In:  an item of a `with` statement and what stands inside.   Out: the state after it.
Not here: `np.errstate`, `suppress` and their like (statements.py).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from types import FunctionType

import libcst as cst

from gradscribe.frontend.attempts import WatchedBuilder
from gradscribe.frontend.capture import capture
from gradscribe.frontend.functions import UserFunction, bind_arguments, callable_of, in_frame
from gradscribe.frontend.instances import find_in_class
from gradscribe.frontend.operands import describe
from gradscribe.frontend.state import Flow, Lowering
from gradscribe.frontend.syntax import Statement, statements_of, walk
from gradscribe.frontend.targets import assign
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    BoundMethod,
    Closure,
    InstanceCell,
    PartialCall,
    Static,
)

DECORATED = contextlib.contextmanager(lambda: iter(())).__code__
"""The code of all that this decorator makes."""


def generator_of(manager: Abstract) -> FunctionType | Closure | None:
    """The generator function that `contextlib.contextmanager` has decorated."""
    match manager:
        case PartialCall(function=Static(value=decorator), args=[Closure() as made]):
            return made if decorator is contextlib.contextmanager else None
    if isinstance(manager, BoundMethod):
        manager = manager.function
    found = manager.value if isinstance(manager, Static) else None
    if isinstance(found, FunctionType) and found.__code__ is DECORATED:
        inner = getattr(found, "__wrapped__", None)
        return inner if isinstance(inner, FunctionType) else None
    return None


def within_generator(
    run: Lowering,
    item: cst.WithItem,
    manager: Abstract,
    function: FunctionType | Closure,
    given: tuple[Sequence[Abstract], dict[str, Abstract]],
    block: Callable[[], Flow],
) -> Flow:
    """`with manager(...) as name:`, where `manager` is a decorated generator function."""
    args, kwargs = given
    if isinstance(manager, BoundMethod):
        args = [manager.owner, *args]
    callee = callable_of(run, item.item, function)
    bound = bind_arguments(run, item.item, callee, args, kwargs)
    before, value, after = _around_yield(run, item, callee)
    with run.within(("manager", id(item))):

        def enter() -> tuple[Flow, Abstract, Callable[[], None]]:
            flow = run.execute(run, before)
            found = run.evaluate(run, value) if value is not None else NOTHING
            return flow, found, _resuming(run, after)

        flow, found, resume = in_frame(run, callee, bound, enter)
    if not flow.is_plain:
        raise _refused(run, item, "a context manager that leaves before its `yield`")
    _bind(run, item, found)
    flow = block()
    with run.within(("manager", id(item), "exit")):
        resume()
    return flow


def _resuming(run: Lowering, statements: Sequence[Statement]) -> Callable[[], None]:
    """Lowers these statements, later on, in the frame of now."""
    frame, line, live = run.frame, run.line, run.live_out

    def resume() -> None:
        outer = run.frame, run.line, run.live_out
        run.frame, run.line, run.live_out = frame, line, live
        try:
            run.execute(run, statements)
        finally:
            run.frame, run.line, run.live_out = outer

    return resume


def _around_yield(
    run: Lowering, item: cst.WithItem, callee: UserFunction
) -> tuple[list[Statement], cst.BaseExpression | None, list[Statement]]:
    """The statements before the one `yield` of a generator function, what it yields, and those after it."""
    found = _split(callee.body)
    yields = [node for node in walk(callee.function) if isinstance(node, cst.Yield)]
    if found is None or len(yields) != 1:
        raise _refused(run, item, "a context manager whose `yield` is not one statement of its body")
    return found


def _split(
    statements: Sequence[Statement],
) -> tuple[list[Statement], cst.BaseExpression | None, list[Statement]] | None:
    for position, statement in enumerate(statements):
        before, after = list(statements[:position]), list(statements[position + 1 :])
        if isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Yield):
            value = statement.value.value
            return None if isinstance(value, cst.From) else (before, value, after)
        if isinstance(statement, cst.Try) and not statement.handlers and statement.finalbody is not None:
            inner = _split(statements_of(statement.body))
            if inner is not None:
                last = statements_of(statement.finalbody.body)
                return [*before, *inner[0]], inner[1], [*inner[2], *last, *after]
    return None


def within_object(
    run: Lowering, item: cst.WithItem, manager: InstanceCell, block: Callable[[], Flow]
) -> Flow:
    """`with manager as name:`, where `manager` is an object with `__enter__` and `__exit__`."""
    enter, leave = (find_in_class(manager.cls, name) for name in ("__enter__", "__exit__"))
    if not isinstance(enter, FunctionType) or not isinstance(leave, FunctionType):
        raise _refused(run, item, f"a block inside of {describe(run, manager)}")
    returns = [node.value for node in walk(capture(leave).function) if isinstance(node, cst.Return)]
    if not all(value is None or _is_false(value) for value in returns):
        raise _refused(
            run,
            item,
            f"`{manager.cls.__name__}.__exit__`, which may swallow exceptions,",
            "write `try` and `except` in its place, or `with contextlib.suppress(...)`",
        )
    with run.within(("manager", id(item))):
        _bind(run, item, run.call(run, item.item, Static(enter), (manager,), {}))
    flow = block()
    with run.within(("manager", id(item), "exit")):
        run.call(run, item.item, Static(leave), (manager, NOTHING, NOTHING, NOTHING), {})
    return flow


def _is_false(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.Name) and value.value in ("None", "False")


def refuse_inside_of_try(run: Lowering, item: cst.WithItem) -> None:
    """A handler would see what leaving the block by an exception has done."""
    if isinstance(run.builder, WatchedBuilder):
        raise _refused(run, item, "a context manager of your own inside of `try`")


def _bind(run: Lowering, item: cst.WithItem, value: Abstract) -> None:
    if item.asname is not None and isinstance(item.asname.name, cst.BaseExpression):
        assign(run, item.asname.name, value)


def _refused(
    run: Lowering,
    item: cst.WithItem,
    what: str,
    fix: str = "write what it does before and after the block as statements",
) -> Exception:
    return run.refusal(
        item.item,
        "GS110",
        f"{what} is outside the supported subset",
        why="what it does around the block, on all ways that control may take, is not followed",
        fix=fix,
    )

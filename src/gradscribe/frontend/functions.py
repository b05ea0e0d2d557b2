"""Calls of user functions: lowered in place, from their own source.

In:  functions, closures and abstract arguments.   Out: what they return; nodes in the current block.
Not here: operations (table_calls.py), recursion on run-time values (recursion.py).
"""

from __future__ import annotations

import inspect
import os.path
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter
from types import FunctionType
from typing import TypeVar

import libcst as cst

from gradscribe.errors import GradscribeError
from gradscribe.frontend.capture import Captured, capture
from gradscribe.frontend.defaults import default_of
from gradscribe.frontend.generators import generator, yields_inside_of_try
from gradscribe.frontend.instances import bad_call
from gradscribe.frontend.interleaving import liveness_in
from gradscribe.frontend.labels import is_choosable, same_static
from gradscribe.frontend.last_items import last_items
from gradscribe.frontend.liveness import Liveness
from gradscribe.frontend.recursion import call_graph
from gradscribe.frontend.recursive_arguments import activate, learn_changed, make_run_time
from gradscribe.frontend.recursive_limits import (
    MAX_INLINE_DEPTH,
    is_deep,
    refuse_deep_caches,
    refuse_too_deep,
    refuse_too_often,
)
from gradscribe.frontend.recursive_numbers import (
    at_run_time,
    count_copies,
    known_numbers,
    learn_numbers,
    learn_outer_numbers,
)
from gradscribe.frontend.recursive_signatures import signature_of
from gradscribe.frontend.refusal import Raised, Refusal, Restart
from gradscribe.frontend.relied_on import rely_on_method
from gradscribe.frontend.state import RETURN, Flow, Frame, Lowering
from gradscribe.frontend.suspended import Yields
from gradscribe.frontend.syntax import (
    FunctionSyntax,
    Statement,
    body_of,
    is_generator,
    names_read,
    parameters_of,
)
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    Closure,
    DictCell,
    ListCell,
    MaybeNone,
    MaybeUnbound,
    Static,
    TupleValue,
    Unknown,
    is_none,
)
from gradscribe.ir.graph import Value
from gradscribe.location import Location
from gradscribe.ops import written

T = TypeVar("T")

WRITTEN = os.path.dirname(written.__file__)


@dataclass(frozen=True)
class UserFunction:
    """What is needed to lower a function in place.

    Attributes:
        defaults: those that are abstract values already; others stand in the signature.
        identity: equal for two calls of the same function with the same closure.
    """

    name: str
    captured: Captured
    function: FunctionSyntax
    body: tuple[Statement, ...]
    signature: inspect.Signature
    defaults: Mapping[str, Abstract]
    source: FunctionType
    parent: Frame | None
    identity: object


def call_user_function(
    run: Lowering,
    node: cst.CSTNode,
    target: FunctionType | Closure,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    """Lower a call of a user function in place."""
    callee = callable_of(run, node, target)
    if args and isinstance(target, FunctionType):
        rely_on_method(run, args[0], target)
    bound = bind_arguments(run, node, callee, args, kwargs)
    if is_generator(callee.function):
        return _suspended(run, node, callee, bound)
    memo = run.memos.get(target)
    if memo is not None and memo.is_straight(run):
        refuse_deep_caches(run, node, callee.name)
        return _inline(run, node, signature_of(run, callee.identity, bound), callee, bound)
    return _call_bound(run, node, callee, bound)


def _call_bound(
    run: Lowering, node: cst.CSTNode, callee: UserFunction, bound: Mapping[str, Abstract]
) -> Abstract:
    make_run_time(run, node, callee.function, bound)
    changing = run.learnt.branching.get(callee.function, frozenset())
    if is_deep(run):
        changing = changing.union(known_numbers(bound))
    learn_changed(run, callee.function, bound, surely=is_deep(run) or bool(changing))
    # Numbers that differ from level to level, without an end in sight, are run-time values.
    bound = {
        name: at_run_time(run, node, value) if name in changing else value for name, value in bound.items()
    }
    key = signature_of(run, callee.identity, bound)
    if key in run.learnt.recursive:
        return call_graph(run, node, key, callee, bound, enter)
    for activation in run.stack:
        if activation.key == key:
            learn_outer_numbers(run, callee.function, bound)
            run.learnt.recursive.add(key)
            raise Restart(key)
    refuse_too_deep(run, node, callee.function, callee.name)
    learn_numbers(run, callee.function, bound)
    count_copies(run, callee.function, bound)
    refuse_too_often(run, node, callee.function, callee.name)
    return _inline(run, node, key, callee, bound)


def _suspended(
    run: Lowering, node: cst.CSTNode, callee: UserFunction, bound: Mapping[str, Abstract]
) -> Abstract:
    """The iterator that a generator function returns; its body runs where it is consumed."""
    names = frozenset(names_read(callee.function)) if callee.parent is not None else frozenset[str]()

    def lower(yields: Yields, items: ListCell | None) -> Flow:
        depth = run.context.count(id(callee.function))
        if depth >= MAX_INLINE_DEPTH:
            # Refused at the first level then: there are several ways to go over it at each.
            run.learnt.endless.add(callee.function)
            raise Restart(None)
        if depth and callee.function in run.learnt.endless:
            raise run.refusal(
                node,
                "GS150",
                f"the generator `{callee.name}` goes over itself more than {MAX_INLINE_DEPTH} deep",
                why="generators are lowered in place, so that how deep they go must be known now",
                fix="make it a function that returns a list: `items = [...]; items.extend(...); return items`",
            )
        with run.within(id(callee.function)):
            return in_frame(run, callee, bound, lambda: run.execute(run, callee.body), yields)

    return generator(run, names, callee.parent, lower, can_step=not yields_inside_of_try(callee.body))


def _inline(
    run: Lowering, node: cst.CSTNode, key: object, callee: UserFunction, bound: Mapping[str, Abstract]
) -> Abstract:
    """Lower the body here; its graph is called if it calls itself on run-time values, or too often."""
    state = run.frame, dict(run.frame.names), dict(run.heap), len(run.builder.nodes), dict(run.refusals)
    builder, depth = run.builder, len(run.stack)
    run.stack.append(activate(run, key, callee.function, bound))
    asked, run.asked = run.asked, _asked(run, node, callee)
    try:
        with run.within(id(node)):
            return enter(run, callee, bound)
    except Restart as restart:
        if restart.target != key:
            raise
        run.frame, run.frame.names, run.heap, run.refusals = state[0], state[1], state[2], state[4]
        run.builder = builder
        del run.builder.nodes[state[3] :]
    finally:
        run.asked = asked
        del run.stack[depth:]
    return _call_bound(run, node, callee, bound)


def _asked(run: Lowering, node: cst.CSTNode, callee: UserFunction) -> Location | None:
    """The call that stands in the user's code, while a function of ours is lowered in its place."""
    return run.location(node) if callee.captured.file.startswith(WRITTEN) else None


def callable_of(run: Lowering, node: cst.CSTNode, target: FunctionType | Closure) -> UserFunction:
    """What is needed to lower a function in place."""
    if isinstance(target, Closure):
        function = target.function
        return UserFunction(
            target.name,
            target.captured,
            function,
            tuple(body_of(function)),
            signature_of_syntax(function),
            target.defaults,
            target.frame.function,
            _parent_of(run, node, target),
            (function, target.frame, *map(id, target.scopes)),
        )
    try:
        captured = capture(target)
    except GradscribeError as error:
        (diagnostic,) = error.diagnostics
        notes = (f"needed for the call at {run.location(node).short}", *diagnostic.notes)
        raise Refusal(
            type(error),
            type(diagnostic)(
                diagnostic.code,
                diagnostic.title,
                run.location(node),
                "",
                diagnostic.why,
                diagnostic.fix,
                notes,
            ),
        ) from None
    signature = inspect.signature(target, follow_wrapped=False)
    closure = tuple(id(cell) for cell in target.__closure__ or ())
    return UserFunction(
        target.__name__,
        captured,
        captured.function,
        captured.body,
        signature,
        {},
        target,
        None,
        # Code objects of one text are equal; in another module it reads other globals.
        (id(target.__code__), id(target.__globals__), closure),
    )


def _parent_of(run: Lowering, node: cst.CSTNode, target: Closure) -> Frame:
    """The frame that a function reads its outer variables from.

    Those of a comprehension that has come to its end are the last ones.
    """
    frame = target.frame
    own = {parameter.name.value for parameter in parameters_of(target.function)}
    for names in target.scopes:
        read = names & set(names_read(target.function.body)) - own
        if not read or any(names is active for active in run.comprehensions):
            continue
        last = last_items(run, names)
        if not read <= last.keys():
            raise run.refusal(
                node,
                "GS127",
                f"this function was made in a comprehension and reads its `{min(read)}`",
                why="it is called after the comprehension, when that is the last item for all of them",
                fix=f"bind it as a default: `lambda ..., {min(read)}={min(read)}: ...`",
            )
        inner = {name: last[name] for name in sorted(read)}
        frame = Frame(frame.captured, Liveness(), frame.function, frame, inner)
    return frame


def signature_of_syntax(function: FunctionSyntax) -> inspect.Signature:
    """The parameters of a nested function. Defaults are marked, their values come from the closure."""
    params = function.params
    found: list[Parameter] = []

    def add(param: cst.Param, kind: inspect._ParameterKind) -> None:
        default = Parameter.empty if param.default is None else NOTHING
        found.append(Parameter(param.name.value, kind, default=default))

    for param in params.posonly_params:
        add(param, Parameter.POSITIONAL_ONLY)
    for param in params.params:
        add(param, Parameter.POSITIONAL_OR_KEYWORD)
    if isinstance(params.star_arg, cst.Param):
        add(params.star_arg, Parameter.VAR_POSITIONAL)
    for param in params.kwonly_params:
        add(param, Parameter.KEYWORD_ONLY)
    if params.star_kwarg is not None:
        add(params.star_kwarg, Parameter.VAR_KEYWORD)
    return inspect.Signature(found)


def bind_arguments(
    run: Lowering,
    node: cst.CSTNode,
    callee: UserFunction,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> dict[str, Abstract]:
    """Arguments by parameter name, defaults filled in."""
    try:
        arguments = callee.signature.bind(*args, **kwargs).arguments
    except TypeError as error:
        raise bad_call(run, node, f"`{callee.name}` cannot be called so: {error}") from None
    found: dict[str, Abstract] = {}
    for name, parameter in callee.signature.parameters.items():
        if name in arguments:
            value = arguments[name]
            if parameter.kind is Parameter.VAR_POSITIONAL:
                value = TupleValue(tuple(value))
            elif parameter.kind is Parameter.VAR_KEYWORD:
                value = DictCell(dict(value))
            found[name] = value
        elif parameter.kind is Parameter.VAR_POSITIONAL:
            found[name] = TupleValue(())
        elif parameter.kind is Parameter.VAR_KEYWORD:
            found[name] = DictCell({})
        else:
            default = callee.defaults.get(name)
            if default is None:
                default = default_of(run, node, callee.source, name, parameter.default)
            found[name] = default
    return found


def enter(run: Lowering, callee: UserFunction, bound: Mapping[str, Abstract]) -> Abstract:
    """Lower the body of a function with these arguments; what it returns."""
    return in_frame(run, callee, bound, lambda: returned(run, callee, run.execute(run, callee.body)))


def in_frame(
    run: Lowering,
    callee: UserFunction,
    bound: Mapping[str, Abstract],
    lower: Callable[[], T],
    yields: Yields | None = None,
) -> T:
    """Lower something in a new activation of a function."""
    liveness = liveness_in(
        run, callee.captured, callee.function, callee.body, nested=callee.parent is not None
    )
    outer = run.frame, run.line, run.live_out
    run.frame = Frame(callee.captured, liveness, callee.source, callee.parent, dict(bound), yields=yields)
    run.live_out = liveness.shared
    inside = run.frame
    try:
        return lower()
    finally:
        inside.has_returned = True
        run.frame, run.line, run.live_out = outer


def returned(run: Lowering, callee: UserFunction, flow: Flow) -> Abstract:
    """What a function returns, given how control leaves its body."""
    value = run.frame.names.get(RETURN)
    if isinstance(value, MaybeUnbound):
        value = value.value
    if flow.returns is False:
        if flow.falls is False and value is None:
            # In a block of its own, such as one side of a conditional expression, it may not be reached.
            if run.builder is run.statement_builder:
                raise Raised
            if run.statement_builder is None and run.last_raise is not None:
                raise run.last_raise
        return NOTHING if flow.falls is not False or value is None else value
    assert value is not None
    if flow.falls is False or isinstance(value, Unknown):
        return value
    if isinstance(value, Static) and same_static(value, NOTHING):
        return NOTHING
    if isinstance(flow.returns, Value) and not is_choosable(value):
        # The end of the function is reached without `return` on some ways, which return None.
        given = flow.returns
        if isinstance(value, MaybeNone) and is_none(value.otherwise):
            return run.optional(value.value, run.op(callee.function, "bool_and", given, value.given))
        return run.optional(value, given)
    run.line = callee.captured.line
    raise run.refusal(
        callee.function,
        "GS122",
        f"`{callee.name}` returns a value on some ways and None on others",
        why="the end of the function is reached without `return`",
        fix="end the function with `return ...`",
    )

"""Calls: what is called decides who answers.

In:  a callable and abstract arguments.   Out: abstract results.
Not here: operations (table_calls.py), builtins (builtin_calls.py), user functions (functions.py), methods of
containers (container_methods.py), objects (instances.py), derivatives (derivatives.py).
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

import libcst as cst
import numpy as np

from gradscribe.extend import CustomFunction
from gradscribe.frontend import sparse
from gradscribe.frontend.attributes import attribute_of
from gradscribe.frontend.builtin_calls import BUILTINS
from gradscribe.frontend.choices import any_choice, as_key, called, over_choices
from gradscribe.frontend.container_methods import call_method
from gradscribe.frontend.custom_calls import call_custom
from gradscribe.frontend.defaults import given_before
from gradscribe.frontend.derivatives import call_derivative, is_derivative, make_derivative
from gradscribe.frontend.displays import displayed
from gradscribe.frontend.distributions import is_distribution
from gradscribe.frontend.effects import logging_method
from gradscribe.frontend.entry_choice import meant
from gradscribe.frontend.functions import call_user_function
from gradscribe.frontend.inheritance import initialise
from gradscribe.frontend.instances import construct, find_in_class
from gradscribe.frontend.instead import instead
from gradscribe.frontend.iteration import items_of
from gradscribe.frontend.jitted import is_elementwise, python_of
from gradscribe.frontend.library_arguments import in_words_of
from gradscribe.frontend.made_inside import making
from gradscribe.frontend.memo import Memo
from gradscribe.frontend.modelled import call_modelled
from gradscribe.frontend.numba_ufuncs import call_elementwise
from gradscribe.frontend.object_tables import entered
from gradscribe.frontend.operands import describe, present, resolved
from gradscribe.frontend.operators import static_result
from gradscribe.frontend.optional import any_optional, over_optional
from gradscribe.frontend.out_arguments import with_out
from gradscribe.frontend.references import class_referred_to
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.rows_of_several import call_method_of_row
from gradscribe.frontend.scipy_calls import completed
from gradscribe.frontend.scope import is_trusted, outside
from gradscribe.frontend.sets import call_method_of_set
from gradscribe.frontend.special_methods import SPECIAL, call_special
from gradscribe.frontend.splines import made_outside
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.table_calls import apply_operation
from gradscribe.frontend.taking_functions import TAKING_FUNCTIONS
from gradscribe.frontend.ufunc_at import ufunc_at
from gradscribe.frontend.ufunc_methods import ufunc_method
from gradscribe.frontend.values import (
    Abstract,
    BoundMethod,
    Closure,
    DictCell,
    InstanceCell,
    ListCell,
    Method,
    Number,
    PartialCall,
    Static,
    SuperValue,
)
from gradscribe.frontend.vectorized import vectorized_object
from gradscribe.frontend.written_out import CLASSES, WRITTEN_OUT
from gradscribe.ops.composite import is_modelled
from gradscribe.ops.table import find_callable

STORES = frozenset({"append", "insert", "get", "pop", "setdefault"})
"""Methods of lists and dicts that keep what they are given as it is."""


def call(
    run: Lowering,
    node: cst.CSTNode,
    function: Abstract,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    """The result of `function(*args, **kwargs)`."""
    function = called(run, node, present(run, function, node))
    args = [resolved(run, value, node) for value in args]
    kwargs = {name: resolved(run, value, node) for name, value in kwargs.items()}
    if isinstance(function, BoundMethod):
        args = [as_key(run, function.owner, value) for value in args]
    given = (*args, *kwargs.values())
    if any_optional(given) and _takes_no_optional(function):
        return _call_each(run, node, function, args, kwargs, over_optional)
    if any_choice((function, *given)):
        return _call_each(run, node, function, args, kwargs, over_choices)
    match function:
        case Closure():
            if function in run.memos:
                plain = function
                return run.memos[function].call(  # type: ignore[no-any-return]
                    run, node, args, kwargs, lambda: call_user_function(run, node, plain, args, kwargs)
                )
            return call_user_function(run, node, function, args, kwargs)
        case BoundMethod(function=inner, owner=owner):
            return call(run, node, inner, [owner, *args], kwargs)
        case Method():
            return call_method(run, node, function, args, kwargs)
        case SuperValue(initialises=True):
            return initialise(run, node, function, args, kwargs)
        case PartialCall(function=inner, args=bound, kwargs=named, last=last):
            together = [*args, *bound] if last else [*bound, *args]
            return call(run, node, inner, together, {**named, **kwargs})
        case InstanceCell(cls=cls):
            found = find_in_class(cls, "__call__")
            if isinstance(found, FunctionType):
                return call(run, node, Static(found), [function, *args], kwargs)
        case Number() if class_referred_to(function) is not None:
            return call_method_of_row(run, node, function, "__call__", args, kwargs)
        case Static(value=BuiltinMethodType(__self__=set()) as method):
            return call_method_of_set(run, node, method, args)
        case Static(value=target):
            return _call_static(run, node, function, python_of(target), args, kwargs)
    raise run.refusal(
        node, "GS140", f"{describe(run, function)} is called", why="it is not callable", fix="call a function"
    )


def _call_each(
    run: Lowering,
    node: cst.CSTNode,
    function: Abstract,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
    over: Callable[[Lowering, cst.CSTNode, Sequence[Abstract], Callable[..., Abstract]], Abstract],
) -> Abstract:
    """A call with things that run-time conditions choose, for each of them."""

    def use(known: Abstract, *given: Abstract) -> Abstract:
        named = dict(zip(kwargs, given[len(args) :], strict=True))
        return call(run, node, known, given[: len(args)], named)

    return over(run, node, (function, *args, *kwargs.values()), use)


def _takes_no_optional(function: Abstract) -> bool:
    """It is no function of the user, whose body says what becomes of None."""
    if isinstance(function, Method):
        return not (isinstance(function.owner, ListCell | DictCell) and function.name in STORES)
    return isinstance(function, Static) and not _is_read(function.value)


def _is_read(target: object) -> bool:
    target = python_of(getattr(target, "__func__", target))
    if isinstance(target, type):
        return not is_trusted(target.__module__) and target.__module__ != "builtins"
    return isinstance(target, FunctionType) and not is_trusted(target.__module__)


def _call_static(
    run: Lowering,
    node: cst.CSTNode,
    function: Static,
    target: object,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    asked = call_special(run, node, target, args) if _is_hashable(target) and target in SPECIAL else None
    if asked is not None:
        return asked
    special = BUILTINS.get(target) if _is_hashable(target) else None
    if special is None:
        special = logging_method(target) or displayed(target) or making(target)
    if special is not None:
        result = special(run, node, args, kwargs)
        if result is not None:
            return result
    if isinstance(target, CustomFunction):
        return call_custom(run, node, target, args, kwargs)
    if _is_hashable(target) and target in WRITTEN_OUT:
        return call_user_function(run, node, WRITTEN_OUT[target], args, kwargs)  # type: ignore[index]
    if is_derivative(target):
        return call_derivative(run, node, target, args, kwargs)
    maker = sparse.made_inside(target, args)
    if maker is not None:
        return call(run, node, maker, args, kwargs)
    operation = find_callable(target)
    if operation is not None:
        spec, spelling = operation
        args = [_as_list(run, node, value) for value in args]
        args, kwargs = in_words_of(run, spec, spelling, args, kwargs)
        if spec.name in TAKING_FUNCTIONS:
            return TAKING_FUNCTIONS[spec.name](run, node, spec, spelling, args, kwargs)
        chosen = meant(spec, args, kwargs)
        if is_modelled(chosen):
            return call_modelled(run, node, chosen, spelling, args, kwargs)

        def compute(args: Sequence[Abstract], kwargs: Mapping[str, Abstract]) -> Abstract:
            return apply_operation(run, node, spec, spelling, args, kwargs)

        stored = with_out(run, node, target, args, kwargs, compute)
        if stored is not None:
            return stored
        return completed(spec, compute(args, kwargs), args, kwargs)
    method = ufunc_method(run, node, target, args, kwargs)
    if method is not None:
        return method
    if isinstance(getattr(target, "__self__", None), np.ufunc) and getattr(target, "__name__", "") == "at":
        return ufunc_at(run, node, target.__self__, args)  # type: ignore[attr-defined]
    if isinstance(target, np.vectorize) or is_elementwise(target):
        return _call_for_each(run, node, target, args, kwargs)
    if is_single_dispatch(target):
        raise run.refusal(
            node,
            "GS140",
            f"`{_short(target)}` chooses among functions by the class of its argument",
            why="functions registered later would not be seen",
            fix="choose by `isinstance` in one function",
        )
    if isinstance(target, FunctionType) and hasattr(target, "__gradscribe_instead__"):
        name, instead_of_it = target.__gradscribe_instead__
        raise run.refusal(
            node,
            "GS201",
            f"`{name}` is called inside a function that is compiled",
            why="it takes trees apart by generated code, which is not followed",
            fix=instead_of_it,
        )
    if isinstance(target, FunctionType) and (not is_trusted(target.__module__) or is_derived_order(target)):
        return call_user_function(run, node, target, args, kwargs)
    if isinstance(target, MethodType) and isinstance(target.__func__, FunctionType | CustomFunction):
        owner = target.__self__
        if isinstance(owner, type) and issubclass(owner, tuple) and target.__name__ == "_make":
            return construct(run, node, owner, items_of(run, node, args[0]), {})
        bound = (
            Static(owner)
            if isinstance(owner, type)
            else outside(run, owner, target, "__self__", "self", node)
        )
        return call(run, node, Static(target.__func__), [bound, *args], kwargs)
    if isinstance(target, functools.partial):
        before = [given_before(run, node, f"arg{k}", value) for k, value in enumerate(target.args)]
        named = {name: given_before(run, node, name, value) for name, value in target.keywords.items()}
        return call(run, node, Static(target.func), [*before, *args], {**named, **kwargs})
    made = make_derivative(run, node, target, args, kwargs)
    if made is not None:
        return made
    if _is_hashable(target) and target in CLASSES:
        return construct(run, node, CLASSES[target], args, kwargs)  # type: ignore[index]
    if isinstance(target, type) and not is_trusted(target.__module__):
        made_object = construct(run, node, target, args, kwargs)
        return entered(run, node, made_object) if isinstance(made_object, InstanceCell) else made_object
    wrapped = getattr(target, "__wrapped__", None)
    if isinstance(wrapped, FunctionType) and isinstance(target, functools._lru_cache_wrapper):
        return _call_cached(run, node, target, wrapped, args, kwargs)
    return _call_object(run, node, function, target, args, kwargs)


def _call_for_each(
    run: Lowering,
    node: cst.CSTNode,
    target: object,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    """A function of one element, called for all."""
    if is_elementwise(target):
        return call_elementwise(run, node, target, args, bool(kwargs))
    assert isinstance(target, np.vectorize)
    return call(run, node, vectorized_object(run, node, target), args, kwargs)


def is_derived_order(target: FunctionType) -> bool:
    """A comparison that `functools.total_ordering` added to a class."""
    return target.__module__ == "functools" and "_from_" in target.__qualname__


def is_single_dispatch(target: object) -> bool:
    """A function that `functools.singledispatch` made."""
    return isinstance(target, FunctionType) and hasattr(target, "dispatch") and hasattr(target, "registry")


def _as_list(run: Lowering, node: cst.CSTNode, value: Abstract) -> Abstract:
    """The items of a deque, which NumPy goes through as it does through a list."""
    if isinstance(value, InstanceCell) and value.cls is CLASSES[deque]:
        return attribute_of(run, node, value, "items")
    return value


def _call_cached(
    run: Lowering,
    node: cst.CSTNode,
    target: functools._lru_cache_wrapper[Any],
    wrapped: FunctionType,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    """A call of a function with a cache that was made outside."""
    known = _cached_result(run, node, target, args, kwargs)
    if known is not None:
        return known
    options = target.cache_parameters()
    memo = run.memos.get(target)
    if memo is None:
        home = None if run.loops else run.builder
        memo = Memo(run, home, None, wrapped.__name__, options["maxsize"], options["typed"])
        run.memos[target] = memo
    found: Abstract = memo.call(
        run, node, args, kwargs, lambda: call_user_function(run, node, wrapped, args, kwargs)
    )
    return found


def _cached_result(
    run: Lowering,
    node: cst.CSTNode,
    target: Callable[..., object],
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract | None:
    """What a cached function of known arguments returns: it is one for all calls, so it is called now.

    Indices of loops become known by writing the loops out. None where arguments or the result are run-time data.
    """
    try:
        given = [_known_argument(run, node, value) for value in args]
        named = {name: _known_argument(run, node, value) for name, value in kwargs.items()}
    except Refusal:
        return None
    result = static_result(run, node, lambda: target(*given, **named))
    return result if _is_plain(result.value) else None


def _known_argument(run: Lowering, node: cst.CSTNode, value: Abstract) -> object:
    return value.value if isinstance(value, Static) else run.static_int(node, value, "an argument")


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return isinstance(value, bool | int | float | complex | str | None)


def _call_object(
    run: Lowering,
    node: cst.CSTNode,
    function: Static,
    target: object,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    if is_distribution(target):
        return PartialCall(Static(target), tuple(args), dict(kwargs))
    interpolator = made_outside(run, node, target)
    if interpolator is not None:
        return call(run, node, interpolator, args, kwargs)
    method = find_in_class(type(target), "__call__")
    if isinstance(method, FunctionType) and not is_trusted(type(target).__module__):
        return call(run, node, Static(method), [function, *args], kwargs)
    raise run.refusal(
        node,
        "GS201",
        f"{describe(run, function)} has no entry in the table of operations",
        why=f"`{_dotted(target)}` {_unread(target)}, and nobody has said what its derivative is",
        fix=instead(target)
        or f"use an operation that is supported, or state its derivative: `op = gs.primitive({_short(target)})` "
        "and `op.defvjp(forward, backward)`",
    )


def _unread(target: object) -> str:
    if isinstance(target, FunctionType):
        return f"belongs to {target.__module__.partition('.')[0]}, whose own code is not read"
    return "is not Python that could be read"


def _dotted(target: object) -> str:
    owner = getattr(target, "__self__", None)
    if isinstance(owner, np.ufunc):
        return f"numpy.{owner.__name__}.{target.__name__}"  # type: ignore[attr-defined]
    module = getattr(target, "__module__", None) or ""
    name = getattr(target, "__qualname__", None) or getattr(target, "__name__", None) or type(target).__name__
    return f"{module}.{name}".lstrip(".")


def _short(target: object) -> str:
    owner = getattr(target, "__self__", None)
    if isinstance(owner, np.ufunc):
        return f"np.{owner.__name__}.{target.__name__}"  # type: ignore[attr-defined]
    name = getattr(target, "__name__", "")
    return name if isinstance(name, str) and name.isidentifier() else "function"


def _is_hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True

"""What a compiled derivative relies on of classes and modules beside data: another one means lowering again.

In:  methods that are lowered in place, builtins that are read.   Out: guards.
Not here: functions that are found by name (scope.py), the checks (compiler/guard.py).
"""

from __future__ import annotations

from types import FunctionType

from gradscribe.frontend.facts import MISSING, Callee
from gradscribe.frontend.scope import is_trusted
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, InstanceCell, Static, TupleValue


def rely_on_method(run: Lowering, owner: Abstract, function: FunctionType) -> None:
    """A function that was found in the class of its first argument is to be found there at each call."""
    match owner:
        case InstanceCell(cls=type() as cls) | TupleValue(cls=type() as cls) | Static(value=type() as cls):
            if not is_trusted(cls.__module__) and (name := _name_in(cls, function)) is not None:
                rely_on_function(run, cls, name)


def _name_in(cls: type, function: FunctionType) -> str | None:
    """The name by which objects of a class have a function as their method or property."""
    names = (function.__name__, *(name for base in cls.__mro__ for name in vars(base)))
    return next((name for name in names if _function_of(_held(cls, name)) is function), None)


def _held(cls: type, name: str) -> object:
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)


def _function_of(held: object) -> object:
    match held:
        case property(fget=function) | staticmethod(__func__=function) | classmethod(__func__=function):
            return function
    return held


def rely_on_class(run: Lowering, cls: type, name: str, holder: type) -> None:
    """What a class attribute is follows from this base: none before it defines the attribute."""
    for base in cls.__mro__[: cls.__mro__.index(holder)]:
        run.guards.setdefault((id(base), name), Callee(vars(base), name, MISSING, None))


def rely_on_function(run: Lowering, cls: type, name: str) -> None:
    """A function that a class holds, called without an object."""
    found = getattr(cls, name)
    run.guards.setdefault((id(cls), name), Callee(cls, name, found, getattr(found, "__code__", None)))

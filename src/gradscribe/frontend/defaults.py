"""Default values of parameters, arguments of partials: constants, or objects that all calls share.

In:  a default.   Out: its abstract value; a refusal where the function changes what later calls would find.
Not here: which arguments of the function that is differentiated are its defaults (arguments.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import CellType, FunctionType

import libcst as cst
import numpy as np

from gradscribe.errors import Diagnostic
from gradscribe.frontend.scope import outside
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.structure import GENERATORS
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    Static,
    TupleValue,
)

CHANGEABLE = (np.ndarray, list, dict, set, *GENERATORS)


def default_of(run: Lowering, node: cst.CSTNode, target: FunctionType, name: str, value: object) -> Abstract:
    """A default value: known now, or read at each call, as what lies outside of functions, if it can change."""
    if _is_read(value):
        return _shared(run, node, target, name, value)
    if isinstance(value, tuple):
        return TupleValue(tuple(default_of(run, node, target, name, item) for item in value))
    return Static(value)


def _shared(run: Lowering, node: cst.CSTNode, target: FunctionType, name: str, value: object) -> Abstract:
    known = ("default", id(value))
    if known not in run.hidden_values:
        found = run.hidden_values[known] = outside(run, value, CellType(value), None, name, node)
        kept(found, target.__name__, name, value)
    return run.hidden_values[known]


def given_before(run: Lowering, node: cst.CSTNode, name: str, value: object) -> Abstract:
    """An argument that a `functools.partial` from outside holds: what can change is read at each call."""
    if _is_read(value):
        known = ("partial", id(value))
        if known not in run.hidden_values:
            run.hidden_values[known] = outside(run, value, CellType(value), None, name, node)
        return run.hidden_values[known]
    if isinstance(value, tuple):
        return TupleValue(tuple(given_before(run, node, name, item) for item in value))
    return Static(value)


def _is_read(value: object) -> bool:
    """What can change, or has parts with names, is read as what lies outside of functions is."""
    return isinstance(value, CHANGEABLE) or (isinstance(value, tuple) and hasattr(value, "_fields"))


def kept(found: Abstract, function: str, name: str, value: object) -> Abstract:
    """An argument of the function that is differentiated, which is its default: it must not change it."""
    for cell in _cells(found):
        cell.read_only = _changed(function, name, value)
    return found


def _changed(function: str, name: str, value: object) -> Diagnostic:
    return Diagnostic(
        "GS140",
        f"`{function}` changes the default of `{name}`, a {type(value).__name__}",
        why="all calls share it, so what it holds depends on earlier calls",
        fix=f"use `{name}=None` and make a new one inside",
    )


def _cells(value: Abstract) -> Iterator[ArrayCell | ListCell | DictCell | InstanceCell]:
    """The objects that a default is or holds."""
    match value:
        case TupleValue(items=items):
            parts: tuple[Abstract, ...] = tuple(items)
        case MaybeNone(value=held, otherwise=otherwise):
            parts = (held, otherwise)
        case ListCell(initial=tuple() as items):
            parts = items
        case DictCell(initial=Mapping() as entries) | InstanceCell(initial=Mapping() as entries):
            parts = tuple(entries.values())
        case _:
            parts = ()
    if isinstance(value, ArrayCell | ListCell | DictCell | InstanceCell):
        yield value
    for part in parts:
        yield from _cells(part)

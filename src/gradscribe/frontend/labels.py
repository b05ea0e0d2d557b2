"""Labels of things known now, by which the generated code says which of them was chosen.

In:  abstract values.   Out: labels; choices of one option.
Not here: what is done with a choice (choices.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import libcst as cst
import numpy as np

from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import (
    Abstract,
    BoundMethod,
    Choice,
    Closure,
    InstanceCell,
    Method,
    PartialCall,
    Static,
    is_literal,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import TEXT
from gradscribe.ops.table import lookup

MAX_OPTIONS = 16


def is_choosable(value: Abstract) -> bool:
    """Something known now that is no number: it is the same wherever it is used."""
    match value:
        case Choice():
            return True
        case Static(value=found):
            return not is_literal(value) and not isinstance(found, np.generic | np.ndarray)
        case Closure(defaults=defaults):
            return all(isinstance(default, Static) for default in defaults.values())
        case PartialCall(function=function, args=args, kwargs=kwargs):
            given = (*args, *kwargs.values())
            return is_choosable(function) and all(isinstance(part, Static) for part in given)
        case Method(owner=owner):
            return isinstance(owner, Static)
        case BoundMethod(owner=owner):
            return isinstance(owner, InstanceCell) and owner.argument is not None
    return False


def as_choice(run: Lowering, value: Abstract) -> Choice:
    """A choice of one option, whose label is a constant of the current block."""
    if isinstance(value, Choice):
        return value
    label = label_of(run, value)
    made = run.builder.emit(lookup("constant"), (), (TEXT,), {"value": label})[0]
    return Choice(made, {label: value})


def joined_options(*choices: Choice) -> dict[str, Abstract] | None:
    """The options of several choices; None if there are too many."""
    found = {label: option for choice in choices for label, option in choice.options.items()}
    return found if len(found) <= MAX_OPTIONS else None


def label_of(run: Lowering, value: Abstract) -> str:
    """The label of a thing: its name, and a number where another one has that."""
    for label, known in run.labels.items():
        if is_same(known, value):
            return label
    name = _name(value)
    label, number = name, 1
    while label in run.labels:
        number += 1
        label = f"{name} {number}"
    run.labels[label] = value
    return label


def is_same(left: Abstract, right: Abstract) -> bool:
    """One thing known now, under two names."""
    if isinstance(left, Static) and isinstance(right, Static):
        a, b = left.value, right.value
        return a is b or (type(a) is type(b) and isinstance(a, str | bytes) and a == b)
    if isinstance(left, Closure) and isinstance(right, Closure):
        return _is_same_closure(left, right)
    return left is right


def same_static(left: Static, right: Static) -> bool:
    """The same object, or equal literals of one type."""
    a, b = left.value, right.value
    if a is b:
        return True
    if type(a) is not type(b) or not isinstance(a, bool | int | float | complex | str | bytes | type(None)):
        return False
    return a == b and repr(a) == repr(b)


def _is_same_closure(left: Closure, right: Closure) -> bool:
    """One function made twice in one activation: it reads its variables when it is called."""
    made_alike = left.function is right.function and left.frame is right.frame
    if not made_alike or left.scopes or right.scopes:
        return left is right
    pairs = [(left.defaults[name], right.defaults[name]) for name in left.defaults]
    return all(a is b or is_same(a, b) for a, b in pairs)


def _name(value: Abstract) -> str:
    match value:
        case Static(value=str() as text):
            return text
        case Static(value=Enum() as member):
            return f"{type(member).__name__}.{member.name}"
        case Static(value=found):
            return str(
                getattr(found, "__name__", None) or type(found).__name__ if found is not None else None
            )
        case Closure(name=name) | Method(name=name):
            return name
        case BoundMethod(function=function) | PartialCall(function=function):
            return _name(function)
    return "option"


def label_value(run: Lowering, value: Abstract) -> Value:
    """The label of a thing or of what was chosen, in the current block."""
    return as_choice(run, value).label


def choice_at(run: Lowering, node: cst.CSTNode, items: Sequence[Abstract], index: Value) -> Choice:
    """One of several things known now, at an index that is known at run time only."""
    choices = [as_choice(run, item) for item in items]
    options = joined_options(*choices)
    if options is None:
        raise run.refusal(
            node,
            "GS125",
            f"one of {len(items)} things is chosen at run time",
            why="the code that uses it would be written out for each of them",
            fix="choose among fewer, or keep what differs in an array",
        )
    labels = run.apply(node, "list_new", [choice.label for choice in choices])[0]
    return Choice(run.apply(node, "list_get", (labels, index))[0], options)

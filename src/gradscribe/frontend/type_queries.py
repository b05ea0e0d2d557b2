"""Questions about kinds and attributes: `isinstance`, `type`, `callable`, `getattr`, `hasattr`.

In:  abstract arguments.   Out: static answers; attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import FunctionType

import libcst as cst
import numpy as np

from gradscribe.frontend.attributes import attribute_of
from gradscribe.frontend.conditions import is_function
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Closure,
    DictCell,
    InstanceCell,
    ListCell,
    Number,
    RangeValue,
    ShapeValue,
    SliceValue,
    Static,
    TupleValue,
)
from gradscribe.ir.types import ScalarType

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]


def is_instance(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`isinstance(value, classes)`."""
    value, classes = args
    wanted = tuple(classes_of(run, node, classes))
    return Static(is_of(run, node, value, wanted))


# What numbers of different classes may turn out to be; all of them are one or the other.
NUMBERS = (int, float, complex, np.number)


def is_of(run: Lowering, node: cst.CSTNode, value: Abstract, wanted: tuple[type, ...]) -> bool:
    """Whether the class of a value is one of these or a subclass."""
    if isinstance(value, Number) and value.value in run.mixed:
        asked = [cls for cls in wanted if issubclass(cls, NUMBERS) and cls is not bool]
        if asked and not all(issubclass(cls, wanted) for cls in (int, float, np.float64)):
            raise _mixed(run, node)
    return issubclass(class_of(run, value), wanted)


def _mixed(run: Lowering, node: cst.CSTNode) -> Exception:
    return run.refusal(
        node,
        "GS127",
        "whether this number is an int or a float is known at run time only",
        why="it is one before a loop or branch and the other after it",
        fix="start with a float: `s = 0.0`",
    )


def classes_of(run: Lowering, node: cst.CSTNode, value: Abstract) -> list[type]:
    """The classes that a class, a tuple of classes or a union means."""
    if isinstance(value, TupleValue):
        return [cls for item in value.items for cls in classes_of(run, node, item)]
    if isinstance(value, Static) and isinstance(value.value, type):
        return [value.value]
    if isinstance(value, Static) and hasattr(value.value, "__args__"):
        return list(value.value.__args__)
    raise run.refusal(
        node,
        "GS140",
        "what is compared with the class of a value is no class",
        why="it must be known now",
        fix="pass a class",
    )


def class_of(run: Lowering, value: Abstract) -> type:
    """The class of what the value is at run time."""
    match value:
        case Static(value=found):
            return type(found)
        case ArrayCell():
            return np.ndarray
        case Number(value=found) if isinstance(found.type, ScalarType):
            dtype = found.type.dtype
            plain = {"b": bool, "i": int, "f": float, "c": complex}
            return plain[dtype.kind] if found.type.python else dtype.type
        case TupleValue(cls=cls) | InstanceCell(cls=cls):
            return cls
        case ShapeValue():
            return tuple
        case ListCell():
            return list
        case DictCell():
            return dict
        case RangeValue():
            return range
        case Closure():
            return FunctionType
        case SliceValue():
            return slice
        case _:
            return object


def type_call(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`type(value)`."""
    if args and isinstance(args[0], Number) and args[0].value in run.mixed:
        raise _mixed(run, node)
    return Static(class_of(run, args[0])) if len(args) == 1 else None


def is_callable(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`callable(value)`."""
    return Static(is_function(args[0]))


def get_attribute(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`getattr(owner, name[, default])`."""
    owner, name, *default = args
    assert isinstance(name, Static)
    try:
        return attribute_of(run, node, owner, str(name.value))
    except Refusal:
        if default:
            return default[0]
        raise


def has_attribute(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`hasattr(owner, name)`."""
    owner, name = args
    assert isinstance(name, Static)
    try:
        attribute_of(run, node, owner, str(name.value))
    except Refusal:
        return Static(hasattr(class_of(run, owner), str(name.value)))
    return Static(True)

"""Questions about kinds and attributes: `isinstance`, `type`, `getattr`, `np.isscalar`.

In:  abstract arguments.   Out: static answers; attributes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from numbers import Number as AnyNumber
from types import FunctionType

import libcst as cst
import numpy as np

from gradscribe.frontend.attributes import attribute_of
from gradscribe.frontend.complex_powers import is_such_a_power
from gradscribe.frontend.instances import MISSING, find_in_class
from gradscribe.frontend.made_inside import refuse_class
from gradscribe.frontend.mixed import is_array, is_array_or_number
from gradscribe.frontend.operands import describe, resolved, type_of
from gradscribe.frontend.references import class_referred_to
from gradscribe.frontend.rows_of_several import has_attribute as has_attribute_of_row
from gradscribe.frontend.rows_of_several import is_of_several, is_one_of
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_instance
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    BoundMethod,
    Closure,
    DictCell,
    InstanceCell,
    ListCell,
    Method,
    Number,
    PartialCall,
    RangeValue,
    ShapeValue,
    SliceValue,
    Static,
    Text,
    TupleValue,
    is_text,
)
from gradscribe.frontend.written_out import STANDS_FOR
from gradscribe.ir.types import ArrayType, ScalarType, shape_of
from gradscribe.ops.effects import CAUGHT
from gradscribe.ops.references import ReferenceType

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
Query = Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract | None]


def is_instance(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`isinstance(value, classes)`."""
    value, classes = args
    wanted = tuple(classes_of(run, node, classes))
    for cls in wanted:
        _refuse_own_check(run, node, cls)
    if is_array_or_number(run, value) and wanted == (np.ndarray,):
        return Number(is_array(run, node, value))
    if isinstance(value, Number) and class_referred_to(value) is not None:
        return is_one_of(run, node, value, wanted)
    return Static(is_of(run, node, value, wanted))


OF_PYTHON = ("abc", "typing", "enum")


def _refuse_own_check(run: Lowering, node: cst.CSTNode, cls: type) -> None:
    """A metaclass may say what its classes' instances are."""
    found = find_in_class(type(cls), "__instancecheck__")
    if isinstance(found, FunctionType) and found.__module__ not in OF_PYTHON:
        raise run.refusal(
            node,
            "GS142",
            f"the metaclass of `{cls.__name__}` defines `__instancecheck__`",
            why="it is asked about the object itself, which does not exist while the function is compiled",
            fix="ask for an attribute of the object, or for its class: `type(value) is ...`",
        )


# What numbers of different classes may turn out to be; all of them are one or the other.
NUMBERS = (int, float, complex, np.number)


BOOLS = (bool, np.bool_)


def is_of(run: Lowering, node: cst.CSTNode, value: Abstract, wanted: tuple[type, ...]) -> bool:
    """Whether the class of a value is one of these or a subclass."""
    _refuse_caught(run, node, value)
    if is_of_several(value):
        raise _of_several(run, node)
    if is_array_or_number(run, value) and any(issubclass(cls, (np.ndarray, *NUMBERS)) for cls in wanted):
        raise _array_or_number(run, node)
    if is_mixed_class(run, value) and issubclass(class_of(run, value), BOOLS):
        if len({issubclass(cls, wanted) for cls in BOOLS}) > 1:
            raise _mixed(run, node)
    elif is_mixed_class(run, value):
        asked = [cls for cls in wanted if issubclass(cls, NUMBERS) and cls is not bool]
        if asked and not all(issubclass(cls, wanted) for cls in (int, float, np.float64)):
            raise _mixed(run, node)
    found = class_of(run, value)
    if found is float and issubclass(complex, wanted) is not issubclass(float, wanted):
        if isinstance(value, Number) and is_such_a_power(run, value.value):
            raise _mixed(run, node)
    return issubclass(found, wanted)


def is_mixed_class(run: Lowering, value: Abstract) -> bool:
    """A number that is an int on some ways and a float on others."""
    return isinstance(value, Number) and value.value in run.mixed


def _mixed(run: Lowering, node: cst.CSTNode) -> Exception:
    return run.refusal(
        node,
        "GS127",
        "of which class this number is, is known at run time only",
        why="it is an int or float of Python on some ways, and another one or one of NumPy on others",
        fix="make it one on every way: start with a float, `s = 0.0`, or write `float(...)`, `bool(...)`",
    )


def _of_several(run: Lowering, node: cst.CSTNode) -> Exception:
    return run.refusal(
        node,
        "GS127",
        "of which class this object is, is known at run time only",
        why="it comes from a list of objects of several classes",
        fix="ask for one class at a time: `isinstance(shape, Circle)`",
    )


def _refuse_caught(run: Lowering, node: cst.CSTNode, value: Abstract) -> None:
    if isinstance(value, Number) and value.value.type == CAUGHT:
        raise run.refusal(
            node,
            "GS127",
            "the class of a caught exception is known at run time only",
            why="one handler catches exceptions of several classes",
            fix="write a handler for each: `except KeyError: ...`, then `except ValueError: ...`",
        )


def _array_or_number(run: Lowering, node: cst.CSTNode) -> Exception:
    return run.refusal(
        node,
        "GS127",
        "whether this is an array or a number is known at run time only",
        why="it is an array without dimensions on some ways and a number on others",
        fix="make it an array on every way: `p = np.array(p)`",
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
        case Number(value=found) if isinstance(found.type, ReferenceType):
            return found.type.of
        case Number(value=found) if isinstance(found.type, ScalarType):
            dtype = found.type.dtype
            plain = {"b": bool, "i": int, "f": float, "c": complex}
            return plain[dtype.kind] if found.type.python else dtype.type
        case TupleValue(cls=cls) | InstanceCell(cls=cls):
            return STANDS_FOR.get(cls, cls)
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
        case Text() | Number() if is_text(value):
            return str
        case _:
            return object


def type_call(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`type(value)`."""
    if args:
        _refuse_caught(run, node, args[0])
    if args and is_array_or_number(run, args[0]):
        raise _array_or_number(run, node)
    if args and is_mixed_class(run, args[0]):
        raise _mixed(run, node)
    if args and is_of_several(args[0]):
        raise _of_several(run, node)
    return Static(class_of(run, args[0])) if len(args) == 1 else refuse_class(run, node, args, kwargs)


def is_callable(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`callable(value)`."""
    (value,) = args
    if isinstance(value, Static | PartialCall | BoundMethod | Method | Closure):
        return Static(not isinstance(value, Static) or callable(value.value))
    if is_of_several(value):
        return None
    return Static(find_in_class(class_of(run, value), "__call__") is not MISSING)


def is_scalar(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`np.isscalar(value)`."""
    (value,) = args
    if is_array_or_number(run, value):
        raise _array_or_number(run, node)
    if isinstance(value, Static):
        return Static(np.isscalar(value.value))
    return Static(is_text(value) or issubclass(class_of(run, value), (np.generic, AnyNumber)))


def is_iterable(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`np.iterable(value)`."""
    (value,) = args
    match value:
        case Static(value=found):
            return Static(np.iterable(found))
        case ArrayCell():
            return Static(bool(shape_of(type_of(run, value))))  # type: ignore[arg-type]
        case InstanceCell(cls=cls):
            found = [find_in_class(cls, name) for name in ("__iter__", "__getitem__")]
            return Static(any(method is not MISSING for method in found))
    return Static(is_text(value) or hasattr(class_of(run, value), "__iter__"))


def has_complex_dtype(wanted: bool) -> Query:
    """`np.iscomplexobj(value)`, or `np.isrealobj(value)`: what the dtype says."""

    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
        type_ = type_of(run, args[0])
        if not isinstance(type_, ArrayType | ScalarType):
            return None
        return Static((type_.dtype.kind == "c") is wanted)

    return handler


def get_attribute(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`getattr(owner, name[, default])`."""
    owner, name, *default = args
    assert isinstance(name, Static)
    if default and not _has_attribute(run, node, owner, str(name.value)):
        return default[0]
    return attribute_of(run, node, owner, str(name.value))


def has_attribute(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`hasattr(owner, name)`."""
    owner, name = args
    assert isinstance(name, Static)
    return Static(_has_attribute(run, node, owner, str(name.value)))


def _has_attribute(run: Lowering, node: cst.CSTNode, owner: Abstract, name: str) -> bool:
    known = has_attribute_of_row(run, node, owner, name)
    if known is not None:
        return known
    match owner:
        case Static(value=found):
            return hasattr(found, name)
        case InstanceCell(cls=cls):
            content = read_instance(run, owner)
            if name in content:
                resolved(run, content[name], node, name)
                return True
            found = find_in_class(cls, name)
            if inspect.ismemberdescriptor(found):
                return False
        case TupleValue(cls=cls, names=names):
            if name in names:
                return True
            found = find_in_class(cls, name)
        case PartialCall() | BoundMethod() | Method():
            raise _undecided(run, node, f"whether {describe(run, owner)} has attributes", "name what it has")
        case _:
            if (
                is_mixed_class(run, owner)
                and len({hasattr(cls, name) for cls in (int, float, np.float64)}) > 1
            ):
                raise _mixed(run, node)
            return hasattr(class_of(run, owner), name)
    if found is MISSING and find_in_class(cls, "__getattr__") is not MISSING:
        what = f"whether a `{cls.__name__}` has the attribute `{name}`"
        raise _undecided(run, node, what, "ask for what `__getattr__` looks at")
    if isinstance(found, property):
        raise _undecided(run, node, f"whether the property `{name}` raises AttributeError", f"read `.{name}`")
    return hasattr(cls, name)


def _undecided(run: Lowering, node: cst.CSTNode, what: str, fix: str) -> Exception:
    why = "which exceptions its code raises decides"
    return run.refusal(node, "GS127", f"{what} is not followed", why=why, fix=fix)

"""What Python requires of what special methods return: `__bool__`, `__len__`, `__iter__`, `__reversed__`.

In:  objects of user classes.   Out: what the method returns; a refusal of what makes Python raise.
Not here: operators (instances.py), other builtins that ask an object (special_methods.py).
"""

from __future__ import annotations

from types import FunctionType

import libcst as cst
import numpy as np

from gradscribe.frontend.instances import find_in_class
from gradscribe.frontend.operands import as_value, raise_if, type_of
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    DictCell,
    InstanceCell,
    ListCell,
    Number,
    Static,
    TupleValue,
)
from gradscribe.ir.types import ScalarType

NOT_NEGATIVE = frozenset({"dimension", "list_length", "size"})
"""Operations that give a length."""

NEGATIVE = "__len__() should return >= 0"


def truth_by_method(run: Lowering, node: cst.CSTNode, owner: InstanceCell) -> Abstract | None:
    """What `__bool__` returns, which must be a bool, or else `__len__`; None where the class has neither."""
    found = find_in_class(owner.cls, "__bool__")
    if not isinstance(found, FunctionType):
        return length_by_method(run, node, owner)
    result = run.call(run, node, Static(found), (owner,), {})
    name = _class_name(run, result)
    if name not in ("", "bool"):
        raise _raises(run, node, TypeError(f"__bool__ should return bool, returned {name}"))
    return result


def length_by_method(run: Lowering, node: cst.CSTNode, owner: InstanceCell) -> Abstract | None:
    """What `__len__` returns, which must be an int that is not negative; None where the class has none."""
    found = find_in_class(owner.cls, "__len__")
    if not isinstance(found, FunctionType):
        return None
    result = run.call(run, node, Static(found), (owner,), {})
    if isinstance(result, Static):
        if not hasattr(type(result.value), "__index__"):
            raise _no_index(run, node, type(result.value).__name__)
        if result.value < 0:  # type: ignore[operator]
            raise _raises(run, node, ValueError(NEGATIVE))
        return result
    if not _is_int(run, result):
        raise _no_index(run, node, _class_name(run, result) or "object")
    length = as_value(run, result, node)
    maker = run.makers.get(length)
    if maker is None or maker.op.name not in NOT_NEGATIVE:
        negative = run.op(node, "lt", length, run.constant(0, node))
        raise_if(run, node, negative, ValueError, (NEGATIVE,))
    return result


def iterator_by_method(run: Lowering, node: cst.CSTNode, owner: InstanceCell) -> Abstract | None:
    """What `__iter__` returns, which must be an iterator; None where the class has none."""
    found = find_in_class(owner.cls, "__iter__")
    if not isinstance(found, FunctionType):
        return None
    made = run.call(run, node, Static(found), (owner,), {})
    is_own = owner.cls.__module__.startswith("gradscribe.")
    if not is_own and isinstance(made, ListCell | DictCell | TupleValue | ArrayCell | Number):
        raise _raises(
            run, node, TypeError(f"iter() returned non-iterator of type '{_class_name(run, made)}'")
        )
    return made


def not_reversible(run: Lowering, node: cst.CSTNode, name: str) -> Exception:
    """What `reversed` of what has neither `__reversed__` nor items at places raises."""
    error = TypeError(f"'{name}' object is not reversible")
    return run.refusal(
        node,
        "GS141",
        f"this raises TypeError: {error}",
        why="`reversed` asks for `__reversed__`, or for `__len__` and `__getitem__`",
        fix="collect the items: `reversed(list(...))`",
        raises=error,
    )


def _is_int(run: Lowering, value: Abstract) -> bool:
    type_ = type_of(run, value)
    is_int = isinstance(type_, ScalarType) and type_.dtype.kind in "iu"
    return is_int or (isinstance(type_, ScalarType) and type_.python and type_.dtype.kind == "b")


def _class_name(run: Lowering, value: Abstract) -> str:
    """What Python calls the class of a value in errors; empty where it is not known."""
    match value:
        case Static(value=found):
            prefix = "numpy." if isinstance(found, np.generic | np.ndarray) else ""
            return prefix + type(found).__name__
        case Number(value=found) if isinstance(found.type, ScalarType) and found not in run.mixed:
            kinds = {"b": "bool", "i": "int", "f": "float", "c": "complex"}
            dtype = found.type.dtype
            return kinds[dtype.kind] if found.type.python else f"numpy.{dtype.type.__name__}"
        case ArrayCell():
            return "numpy.ndarray"
        case ListCell():
            return "list"
        case DictCell():
            return "dict"
        case TupleValue(cls=cls) | InstanceCell(cls=cls):
            return cls.__name__
    return ""


def _no_index(run: Lowering, node: cst.CSTNode, name: str) -> Exception:
    return _raises(run, node, TypeError(f"'{name}' object cannot be interpreted as an integer"))


def _raises(run: Lowering, node: cst.CSTNode, error: Exception) -> Exception:
    """The refusal of what surely raises."""
    return run.refusal(
        node,
        "GS141",
        f"this raises {type(error).__name__}: {error}",
        why="Python requires it of what the method returns",
        fix="correct the method",
        raises=error,
    )

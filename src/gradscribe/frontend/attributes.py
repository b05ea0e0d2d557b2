"""Attributes: of modules, arrays, objects.

In:  `owner.name`.   Out: abstract values.
Not here: calling methods (calls.py), storing attributes (targets.py).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from types import FunctionType, ModuleType

import libcst as cst
import numpy as np

from gradscribe.frontend import sparse
from gradscribe.frontend.choices import over_choices
from gradscribe.frontend.distributions import frozen_method, frozen_outside, is_distribution, is_frozen
from gradscribe.frontend.flat import flat_of
from gradscribe.frontend.inheritance import super_attribute
from gradscribe.frontend.instances import MISSING, class_attribute, find_in_class, instance_attribute
from gradscribe.frontend.lacking import no_attribute, require_attribute
from gradscribe.frontend.memo import refuse_methods
from gradscribe.frontend.operands import as_value, describe, present, type_of
from gradscribe.frontend.references import class_referred_to
from gradscribe.frontend.rows_of_several import attribute_of_row
from gradscribe.frontend.scope import is_of_scipy, is_trusted, outside
from gradscribe.frontend.splines import made_outside
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.table_calls import apply_operation
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    ArrayCell,
    Choice,
    Closure,
    DictCell,
    InstanceCell,
    Iterated,
    ListCell,
    Method,
    Number,
    PartialCall,
    RangeValue,
    ShapeValue,
    Static,
    SuperValue,
    Text,
    TupleValue,
    is_text,
)
from gradscribe.ir.types import ZEROS, ArrayType, ScalarType, shape_of
from gradscribe.ops.effects import CAUGHT
from gradscribe.ops.interpolants import METHODS
from gradscribe.ops.piece_methods import METHODS as OF_PIECES
from gradscribe.ops.sparse import is_constant_matrix
from gradscribe.ops.table import find_attribute, find_method

IN_PLACE_METHODS = frozenset({"itemset", "resize", "setflags", "byteswap"})
NUMBER_METHODS = ("tolist", "fill", "item", "sort", "put", "partition", "bit_length", "is_integer")
LEAVES_THE_ARRAY = frozenset({"data", "ctypes", "base", "flags", "strides", "__array_interface__"})

# What a guard compares by what it is or holds, not by identity.
COMPARED_BY_CONTENT = (bool, int, float, complex, str, bytes, list, dict, tuple, np.ndarray, np.generic)

# What is known of a function that is made inside, besides what it computes.
OF_FUNCTIONS = ("__name__", "__doc__")

PIECEWISE = frozenset(name for methods in OF_PIECES.values() for name in methods)


def attribute(run: Lowering, node: cst.Attribute) -> Abstract:
    """`owner.name`."""
    owner = run.evaluate(run, node.value)
    return attribute_of(run, node, owner, attribute_name(run, node.attr))


def attribute_name(run: Lowering, node: cst.Name) -> str:
    """The name of an attribute: `__x` inside a class is private to it."""
    name = node.value
    if not name.startswith("__") or name.endswith("__"):
        return name
    places = run.frame.function.__qualname__.split("<locals>.")
    classes = [place.rpartition(".")[0].rpartition(".")[2] for place in places if "." in place.rstrip(".")]
    return f"_{classes[-1].lstrip('_')}{name}" if classes else name


def rename_function(
    run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract:
    """The function, whose name is no longer that of its definition."""
    (made,) = args
    if isinstance(made, Closure):
        run.learnt.renamed.add(made.function)
    return made


def _named_so(run: Lowering, made: Closure, name: str) -> Abstract | None:
    """The name of a function made inside, or what is said of it; a decorator may have given it another one."""
    if made.function in run.learnt.renamed:
        return None
    if isinstance(made.function, cst.Lambda):
        return Static("<lambda>") if name == "__name__" else NOTHING
    if made.function.decorators:
        return None
    if name == "__name__":
        return Static(made.function.name.value)
    said = made.function.get_docstring(clean=False)
    # How far later lines are indented depends on the version of Python.
    return None if said is not None and "\n" in said else Static(said)


def attribute_of(run: Lowering, node: cst.CSTNode, owner: Abstract, name: str) -> Abstract:
    """An attribute of a value."""
    owner = present(run, owner, node, error=AttributeError)
    refuse_methods(run, node, owner, name)
    if name == "__class__" and not isinstance(owner, Static | SuperValue):
        return run.call(run, node, Static(type), (owner,), {})
    if name == "__dict__" and isinstance(owner, InstanceCell):
        return run.call(run, node, Static(vars), (owner,), {})
    if isinstance(owner, Choice):
        return over_choices(run, node, (owner,), lambda option: attribute_of(run, node, option, name))
    match owner:
        case Static(value=found):
            return _static_attribute(run, node, owner, found, name)
        case Text() | Number() if is_text(owner):
            return Method(owner, name)
        case Number() if class_referred_to(owner) is not None:
            return attribute_of_row(run, node, owner, name)
        case Number() | ArrayCell():
            return _number_attribute(run, node, owner, name)
        case PartialCall(function=Static(value=distribution)) if is_distribution(distribution):
            return frozen_method(run, node, owner, distribution, name)
        case PartialCall(function=Static(value=made)) if name in METHODS.get(made, {}):  # type: ignore[call-overload]
            return PartialCall(Static(METHODS[made][name]), owner.args, owner.kwargs)  # type: ignore[index]
        case InstanceCell():
            return instance_attribute(run, node, owner, name)
        case SuperValue():
            return super_attribute(run, node, owner, name)
        case TupleValue(items=items, names=names) if name in names:
            return items[names.index(name)]
        case TupleValue(cls=cls) if cls is not tuple and name not in (
            "_replace",
            "_asdict",
            "count",
            "index",
        ):
            return instance_attribute(run, node, owner, name)
        case TupleValue() | ListCell() | DictCell() | RangeValue() | ShapeValue() | Iterated():
            return Method(owner, name)
        case Closure() if name in OF_FUNCTIONS and (found := _named_so(run, owner, name)) is not None:
            return found
    if isinstance(owner, PartialCall) and name == "derivative":
        raise run.refusal(
            node,
            "GS205",
            f"`.{name}` of an interpolant or of a function",
            why="only that of CubicSpline and PchipInterpolator is another spline here",
            fix="call the interpolant with the order of the derivative: `spline(x, 1)`",
        )
    raise run.refusal(
        node,
        "GS205",
        f"{describe(run, owner)} has no attribute `{name}` here",
        why="attributes of this kind of value are not read",
        fix="keep the value in a variable",
    )


def _static_attribute(run: Lowering, node: cst.CSTNode, owner: Static, found: object, name: str) -> Abstract:
    if is_constant_matrix(found):
        return sparse.attribute(run, node, owner, name)
    if name in PIECEWISE and (spline := made_outside(run, node, found)) is not None:
        return attribute_of(run, node, spline, name)
    if is_frozen(found) and (method := frozen_outside(run, node, found, name)) is not None:
        return method
    try:
        value = getattr(found, name)
    except AttributeError:
        raise run.refusal(
            node,
            "GS205",
            f"{describe(run, owner)} has no attribute `{name}`",
            why="it does not exist",
            fix="check the name",
            raises=no_attribute(owner, name),
        ) from None
    fallback = _found_by(found, name)
    if fallback is not None and getattr(found, name) is not value:
        return run.call(run, node, Static(fallback), (owner, Static(name)), {})
    if _is_made_anew(found, name, value):
        return class_attribute(run, node, owner, type(found), find_in_class(type(found), name), name)
    if isinstance(found, bool | int | float | complex | str | bytes | np.generic | np.dtype | range | tuple):
        return Method(owner, name) if callable(value) else Static(value)
    if isinstance(found, np.ufunc) or (isinstance(found, ModuleType) and is_trusted(found.__name__)):
        return Static(value)
    if isinstance(found, type) and is_trusted(found.__module__):
        return Static(value)
    if is_of_scipy(found) and callable(value):
        return Static(value)
    if isinstance(found, FunctionType) and name.startswith("__"):
        return Static(value)
    return outside(run, value, found, name, name, node)


def _found_by(found: object, name: str) -> FunctionType | None:
    """The `__getattr__` that finds an attribute which neither the object nor its class has."""
    if name in getattr(found, "__dict__", ()) or find_in_class(type(found), name) is not MISSING:
        return None
    fallback = find_in_class(type(found), "__getattr__")
    return fallback if isinstance(fallback, FunctionType) and not is_trusted(type(found).__module__) else None


def _is_made_anew(found: object, name: str, value: object) -> bool:
    """A property gives another function or object at each access: what it is follows from its code alone."""
    if isinstance(value, COMPARED_BY_CONTENT) or is_trusted(type(found).__module__):
        return False
    maker = find_in_class(type(found), name)
    is_lowered = isinstance(maker, functools.partialmethod) or (
        isinstance(maker, property) and isinstance(maker.fget, FunctionType)
    )
    return is_lowered and getattr(found, name) is not value


def _number_attribute(run: Lowering, node: cst.CSTNode, owner: Number | ArrayCell, name: str) -> Abstract:
    type_ = type_of(run, owner)
    if type_ == CAUGHT:
        raise run.refusal(
            node,
            "GS205",
            f"`.{name}` of a caught exception is not supported",
            why="with what it was raised is known at run time only; it is shown, as in `str(error)`",
            fix="keep what the handler needs in a variable, before it is raised",
        )
    require_attribute(run, node, owner, name)
    is_python = isinstance(type_, ScalarType) and type_.python
    if isinstance(type_, ArrayType | ScalarType) and not is_python:
        if name == "shape":
            return ShapeValue(as_value(run, owner, node))
        if name == "ndim":
            return Static(len(shape_of(type_)))
        if name == "dtype":
            return Static(type_.dtype)
        if name in ("itemsize", "nbytes") and name == "itemsize":
            return Static(type_.dtype.itemsize)
    if isinstance(type_, ScalarType) and is_python and not hasattr(type(ZEROS[type_.dtype.kind]), name):
        raise run.refusal(
            node,
            "GS205",
            f"{describe(run, owner)} has no attribute `{name}`",
            why="this raises AttributeError: it is a number of Python, not of NumPy",
            fix="use a NumPy function instead, or make it an array: `np.asarray(x)`",
            raises=no_attribute(owner, name),
        )
    if name in IN_PLACE_METHODS and isinstance(owner, ArrayCell):
        raise run.refusal(
            node,
            "GS132",
            f"`.{name}` changes the array in place",
            why="what it leaves is not followed",
            fix="assign at an index: `x[...] = value`",
        )
    if name == "flat" and isinstance(owner, ArrayCell):
        return flat_of(run, node, owner)
    found = find_attribute(name)
    if found is not None:
        spec, spelling = found
        return apply_operation(run, node, spec, spelling, [owner], {})
    if find_method(name) is not None or name in NUMBER_METHODS:
        return Method(owner, name)
    known = hasattr(np.ndarray, name) or hasattr(np.float64, name)
    raise run.refusal(
        node,
        "GS205",
        f"{describe(run, owner)} has no attribute `{name}`" if not known else f"`.{name}` is not supported",
        why="it would leave the array by a way that is not followed"
        if name in LEAVES_THE_ARRAY
        else "there is no operation of this name in the table",
        fix="use a NumPy function instead",
        raises=None if known else no_attribute(owner, name),
    )

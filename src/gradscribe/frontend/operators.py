"""Arithmetic, comparison and bitwise operators.

In:  operator names as LibCST has them and abstract operands.   Out: abstract results.
Not here: `and`, `or`, `not`, chained comparison (conditions.py).
"""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import libcst as cst
import numpy as np

from gradscribe.frontend import sparse
from gradscribe.frontend.branches import choose
from gradscribe.frontend.choices import any_choice, over_choices
from gradscribe.frontend.equal_items import same_item
from gradscribe.frontend.identical import identical, surely_one
from gradscribe.frontend.indexing import shape_items
from gradscribe.frontend.instances import (
    MISSING,
    SPECIAL,
    defines_operator,
    find_in_class,
    is_generated,
    operator_method,
    own_operator,
)
from gradscribe.frontend.operands import as_operand, as_value, describe, present, type_of
from gradscribe.frontend.optional import any_either, over_optional
from gradscribe.frontend.references import class_referred_to, classes_of
from gradscribe.frontend.signs import natural_power
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict, read_instance, read_list
from gradscribe.frontend.text_operators import text_operator
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    DictCell,
    InstanceCell,
    ListCell,
    Number,
    ShapeValue,
    Static,
    TupleValue,
    known_int,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ArrayType, ScalarType
from gradscribe.ops.table import find_operator
from gradscribe.ops.written import searching

OWN_CLASSES = "gradscribe."
"""They stand for classes of others, which compare in ways of their own."""

BINARY: Mapping[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "Add": ("+", operator.add),
    "Subtract": ("-", operator.sub),
    "Multiply": ("*", operator.mul),
    "Divide": ("/", operator.truediv),
    "FloorDivide": ("//", operator.floordiv),
    "Modulo": ("%", operator.mod),
    "Power": ("**", operator.pow),
    "MatrixMultiply": ("@", operator.matmul),
    "BitAnd": ("&", operator.and_),
    "BitOr": ("|", operator.or_),
    "BitXor": ("^", operator.xor),
    "LeftShift": ("<<", operator.lshift),
    "RightShift": (">>", operator.rshift),
    "LessThan": ("<", operator.lt),
    "LessThanEqual": ("<=", operator.le),
    "GreaterThan": (">", operator.gt),
    "GreaterThanEqual": (">=", operator.ge),
    "Equal": ("==", operator.eq),
    "NotEqual": ("!=", operator.ne),
}
UNARY: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "Minus": ("-x", operator.neg),
    "Plus": ("+x", operator.pos),
    "BitInvert": ("~x", operator.invert),
}


def binary(run: Lowering, node: cst.CSTNode, name: str, left: Abstract, right: Abstract) -> Abstract:
    """`left <operator> right`."""
    if any_either((left, right)):
        return over_optional(run, node, (left, right), lambda a, b: binary(run, node, name, a, b))
    left, right = present(run, left, node), present(run, right, node)
    if any_choice((left, right)):
        return over_choices(run, node, (left, right), lambda a, b: binary(run, node, name, a, b))
    symbol, function = BINARY[name]
    left, right = (_as_tuple(run, node, operand) for operand in (left, right))
    if isinstance(left, Static) and isinstance(right, Static):
        return static_result(run, node, function, left.value, right.value)
    text = text_operator(run, node, symbol, left, right)
    if text is not None:
        return text
    compared = _of_fields(run, node, name, left, right)
    if compared is not None:
        return compared
    if symbol == "!=" and own_operator(left, "__ne__") is None and own_operator(left, "__eq__") is not None:
        return negated(run, node, binary(run, node, "Equal", left, right))
    if symbol in ("==", "!=") and _goes_by_identity(left) and _goes_by_identity(right):
        found = identical(run, node, left, right)
        return found if symbol == "==" else negated(run, node, found)
    if symbol in ("==", "!=") and _is_no_row(left, right):
        return Static(symbol == "!=")
    _refuse_element_by_element(run, node, symbol, left, right)
    if symbol in ORDERS and not defines_operator(symbol, left, right) and _has_no_order(left, right):
        return _refuse_order(run, node, symbol, left, right)
    is_object = isinstance(left, InstanceCell) or isinstance(right, InstanceCell)
    if is_object or defines_operator(symbol, left, right):
        return operator_method(run, node, symbol, left, right)
    structural = _of_sequences(run, node, symbol, left, right)
    if structural is not None:
        return structural
    _refuse_python_sequences(run, node, symbol, left, right)
    if sparse.is_product(symbol, left, right):
        return sparse.product(run, node, left, right)
    if symbol in ("==", "!=") and not _comparable(left, right):
        return Static(symbol == "!=")
    spec, spelling = find_operator(symbol)
    inputs = [as_operand(run, operand, node) for operand in (left, right)]
    known = natural_power(run, node, spec, inputs)
    return run.wrap(run.apply(node, spec, inputs, known, spelling)[0])


def _refuse_element_by_element(
    run: Lowering, node: cst.CSTNode, symbol: str, left: Abstract, right: Abstract
) -> None:
    """An array leaves an operator to an object whose class says so; of others NumPy asks for each element."""
    if not isinstance(left, ArrayCell | Number) or not isinstance(right, InstanceCell):
        return
    type_ = type_of(run, left)
    if right.cls.__module__.startswith(OWN_CLASSES) or (isinstance(type_, ScalarType) and type_.python):
        return
    asked = find_in_class(right.cls, "__array_ufunc__")
    if asked is None:
        return
    defines = [
        name for name in ("__array_ufunc__", "__array__") if find_in_class(right.cls, name) is not MISSING
    ]
    if not defines and (isinstance(left, Number) or _goes_first(right.cls)):
        return
    why = "NumPy asks the object for each element of the array, and makes an array of what it returns"
    if defines:
        why = f"its `{defines[0]}` decides what NumPy does, and is not followed"
    raise run.refusal(
        node,
        "GS202",
        f"the operator `{symbol}` of {describe(run, left)} and {describe(run, right)}",
        why=why,
        fix="write `__array_ufunc__ = None` in the class: NumPy then leaves the operator to it",
    )


def refuse_object_in_place(run: Lowering, node: cst.CSTNode, symbol: str, value: Abstract) -> None:
    """An array that `op=` changes leaves nothing to an object."""
    if isinstance(value, InstanceCell) and not value.cls.__module__.startswith(OWN_CLASSES):
        raise run.refusal(
            node,
            "GS202",
            f"`{symbol}=` of an array and {describe(run, value)}",
            why="the array is changed in place and keeps its dtype: NumPy raises TypeError",
            fix=f"write `x = x {symbol} y`",
        )


def _goes_first(cls: type) -> bool:
    """The class says that its objects go before arrays."""
    priority = find_in_class(cls, "__array_priority__")
    return isinstance(priority, int | float) and priority > 0


def _goes_by_identity(operand: Abstract) -> bool:
    """An object of a user's class without `__eq__`, which then is equal to itself alone."""
    if isinstance(operand, InstanceCell) and operand.cls.__module__.startswith(OWN_CLASSES):
        return False
    classes = (operand.cls,) if isinstance(operand, InstanceCell) else classes_of(operand)
    if not classes:
        return False
    return all(
        find_in_class(cls, name) is getattr(object, name) for cls in classes for name in ("__eq__", "__ne__")
    )


def _has_no_order(*operands: Abstract) -> bool:
    """Objects of the user, or dicts, of which Python does not say which is less."""
    return all(
        isinstance(one, DictCell)
        or class_referred_to(one) is not None
        or (isinstance(one, InstanceCell) and not one.cls.__module__.startswith(OWN_CLASSES))
        for one in operands
    )


def _refuse_order(run: Lowering, node: cst.CSTNode, symbol: str, left: Abstract, right: Abstract) -> Abstract:
    """What raises where it is reached, as where the first items of two tuples are equal."""
    names = [getattr(one, "cls", class_referred_to(one) or dict).__name__ for one in (left, right)]
    error = TypeError(f"'{symbol}' not supported between instances of '{names[0]}' and '{names[1]}'")
    if not run.enclosing:
        raise raises(run, node, error)
    run.apply(node, "raise_", (), {"exception": TypeError, "args": error.args})
    return Static(False)


def _is_no_row(left: Abstract, right: Abstract) -> bool:
    """One is an object whose class says nothing of what is equal, the other one something else."""
    for one, other in ((left, right), (right, left)):
        if class_referred_to(one) is not None and _goes_by_identity(one):
            return isinstance(other, Number | Static | TupleValue | ListCell | DictCell)
    return False


def negated(run: Lowering, node: cst.CSTNode, value: Abstract) -> Abstract:
    """The opposite of what `__eq__` says: `!=` of a class without `__ne__`."""
    known = run.call(run, node, Static(bool), (value,), {})
    if isinstance(known, Static):
        return Static(not known.value)
    return run.wrap(run.op(node, "bool_not", as_value(run, known, node)))


def _of_fields(
    run: Lowering, node: cst.CSTNode, name: str, left: Abstract, right: Abstract
) -> Abstract | None:
    """What a comparison does that the decorator of a dataclass wrote: the fields as tuples."""
    symbol, function = BINARY[name]
    method = own_operator(left, SPECIAL["==" if symbol == "!=" else symbol][0])
    if method is None or not is_generated(method):
        return None
    if class_referred_to(left) is not None or class_referred_to(right) is not None:
        raise _compares_fields(run, node, symbol, left)
    if not isinstance(left, InstanceCell):
        return None
    if not isinstance(right, InstanceCell) or right.cls is not left.cls:
        return static_result(run, node, function, object(), object())
    fields = [field.name for field in dataclasses.fields(left.cls) if field.compare]
    pairs = [(read_instance(run, left)[field], read_instance(run, right)[field]) for field in fields]
    if len(pairs) == 1 and symbol in ("<", ">"):
        return binary(run, node, name, *pairs[0])
    if all(isinstance(item, Static) or _is_int(run, item) for pair in pairs for item in pair):
        one, other = (TupleValue(items) for items in zip(*pairs, strict=True))
        return binary(run, node, name, one, other)
    raise _compares_fields(run, node, symbol, left)


def _compares_fields(run: Lowering, node: cst.CSTNode, symbol: str, left: Abstract) -> Exception:
    cls = class_referred_to(left) or left.cls  # type: ignore[union-attr]
    return run.refusal(
        node,
        "GS127",
        f"two objects of `{cls.__name__}` are compared by `{symbol}`",
        why="Python goes by which fields are one and the same object, which is not known",
        fix="compare the fields that matter",
    )


def _as_tuple(run: Lowering, node: cst.CSTNode, operand: Abstract) -> Abstract:
    """`x.shape` is a tuple: it is joined and repeated."""
    return TupleValue(tuple(shape_items(run, node, operand))) if isinstance(operand, ShapeValue) else operand


def _refuse_python_sequences(
    run: Lowering, node: cst.CSTNode, symbol: str, left: Abstract, right: Abstract
) -> None:
    """A list meets what is no array: Python joins, repeats or raises, and never goes element by element."""
    if not isinstance(left, TupleValue | ListCell) and not isinstance(right, TupleValue | ListCell):
        return
    for operand in (left, right):
        type_ = type_of(run, operand)
        if isinstance(type_, ArrayType) or (isinstance(type_, ScalarType) and not type_.python):
            return
        if isinstance(operand, Static) and isinstance(
            operand.value, np.ndarray | np.generic | type(None) | str
        ):
            return
    raise run.refusal(
        node,
        "GS202",
        f"`{symbol}` of {describe(run, left)} and {describe(run, right)}",
        why="Python does not go through the items: this joins or repeats lists, compares them, or raises",
        fix="make an array of it first: `np.array(...)`",
    )


def _comparable(left: Abstract, right: Abstract) -> bool:
    """Not a number compared with None or text: such values are never equal."""
    static = [operand.value for operand in (left, right) if isinstance(operand, Static)]
    return all(isinstance(value, bool | int | float | complex) or hasattr(value, "dtype") for value in static)


def unary(run: Lowering, node: cst.CSTNode, name: str, operand: Abstract) -> Abstract:
    """`<operator> operand`."""
    if any_either((operand,)):
        return over_optional(run, node, (operand,), lambda one: unary(run, node, name, one))
    operand = present(run, operand, node)
    symbol, function = UNARY[name]
    if isinstance(operand, Static):
        return static_result(run, node, function, operand.value)
    if isinstance(operand, InstanceCell) or defines_operator(symbol, operand):
        return operator_method(run, node, symbol, operand, None)
    spec, spelling = find_operator(symbol)
    return run.wrap(run.apply(node, spec, [as_value(run, operand, node)], spelling=spelling)[0])


def static_result(
    run: Lowering, node: cst.CSTNode, function: Callable[..., Any], *operands: object
) -> Static:
    """A result computed now, as Python computes it.

    What would raise when the function runs is an error now: it raises however it is called.
    """
    try:
        return Static(function(*operands))
    except (TypeError, ValueError, ArithmeticError) as error:
        raise raises(run, node, error) from None


def raises(run: Lowering, node: cst.CSTNode, error: Exception) -> Exception:
    """The refusal of an expression that can only raise."""
    return run.refusal(
        node,
        "GS141",
        f"this raises {type(error).__name__}: {error}",
        why="everything in it is known before the function runs",
        fix="correct the expression",
        raises=error,
    )


def _of_sequences(
    run: Lowering, node: cst.CSTNode, symbol: str, left: Abstract, right: Abstract
) -> Abstract | None:
    """`+` and `*` of tuples and lists of known length."""
    if symbol == "+" and isinstance(left, TupleValue) and isinstance(right, TupleValue):
        return TupleValue((*left.items, *right.items))
    if symbol == "+" and isinstance(left, ListCell) and isinstance(right, ListCell):
        contents = [read_list(run, operand, node) for operand in (left, right)]
        if any(isinstance(content, Value) for content in contents):
            return None
        return ListCell((*contents[0], *contents[1]))  # type: ignore[misc]
    for sequence, count in ((left, right), (right, left)):
        if symbol == "*" and isinstance(sequence, TupleValue | ListCell):
            _refuse_repetition(run, node, count)
        if symbol == "*" and isinstance(sequence, TupleValue | ListCell) and known_int(count) is not None:
            times = run.static_int(node, count, "the number of repetitions")
            if isinstance(sequence, TupleValue):
                return TupleValue(sequence.items * times)
            content = read_list(run, sequence, node)
            if isinstance(content, tuple):
                return ListCell(content * times)
    if symbol in ("==", "!=") and isinstance(left, ListCell) and isinstance(right, ListCell):
        equal = run.call(run, node, Static(searching.equal), (left, right), {})
        return equal if symbol == "==" else negated(run, node, equal)
    if symbol == "|" and isinstance(left, DictCell) and isinstance(right, DictCell):
        return DictCell({**read_dict(run, left), **read_dict(run, right)})
    if symbol in ("==", "!=") and isinstance(left, TupleValue) and isinstance(right, TupleValue):
        return _equal_tuples(run, node, symbol, left, right)
    if symbol in ORDERS and isinstance(left, TupleValue) and isinstance(right, TupleValue):
        return _ordered_tuples(run, node, ORDERS[symbol], left.items, right.items)
    return None


def _refuse_repetition(run: Lowering, node: cst.CSTNode, count: Abstract) -> None:
    """A sequence is not repeated 2.0 times."""
    type_ = type_of(run, count)
    if isinstance(type_, ScalarType) and type_.dtype.kind in "fc":
        name = str(type_).replace("np.", "numpy.")
        raise raises(run, node, TypeError(f"can't multiply sequence by non-int of type '{name}'"))


ORDERS = {"<": "LessThan", "<=": "LessThanEqual", ">": "GreaterThan", ">=": "GreaterThanEqual"}


def _ordered_tuples(
    run: Lowering, node: cst.CSTNode, order: str, left: Sequence[Abstract], right: Sequence[Abstract]
) -> Abstract:
    """The first items that differ decide, then the lengths."""
    if not left or not right:
        return Static(BINARY[order][1](len(left), len(right)))
    if run.enclosing and isinstance(left[0], DictCell) and isinstance(right[0], DictCell):
        # Equal ones are passed over, others raise TypeError. Where numbers before them differ, it is not reached.
        text = f"{run.location(node).short} compares two tuples that differ in dicts first, if at all"
        run.apply(node, "raise_", (), {"exception": NotImplementedError, "args": (text,)})
        return Static(False)
    is_one = same_item(run, node, left[0], right[0])
    equal = Static(True) if is_one else binary(run, node, "Equal", left[0], right[0])

    def by_first() -> Abstract:
        return binary(run, node, order, left[0], right[0])

    def by_others() -> Abstract:
        return _ordered_tuples(run, node, order, left[1:], right[1:])

    if isinstance(equal, Static):
        return by_others() if equal.value else by_first()
    return choose(run, node, as_value(run, equal, node), by_others, by_first)


def _equal_tuples(
    run: Lowering, node: cst.CSTNode, symbol: str, left: TupleValue, right: TupleValue
) -> Abstract | None:
    if len(left.items) != len(right.items):
        return Static(symbol == "!=")
    both = zip(left.items, right.items, strict=True)
    pairs = [(one, other) for one, other in both if not surely_one(one, other)]
    if all(isinstance(a, Static) and isinstance(b, Static) for a, b in pairs):
        equal = all(a.value == b.value for a, b in pairs)  # type: ignore[union-attr]
        return Static(equal == (symbol == "=="))
    if all(_is_int(run, item) for pair in pairs for item in pair):
        return _equal_ints(run, node, symbol, pairs)
    raise run.refusal(
        node,
        "GS127",
        f"{describe(run, left)} is compared with {describe(run, right)}",
        why="their items are known at run time only",
        fix="compare the items",
    )


def _is_int(run: Lowering, item: Abstract) -> bool:
    type_ = type_of(run, item)
    return isinstance(type_, ScalarType) and type_.dtype.kind in "biu"


def _equal_ints(
    run: Lowering, node: cst.CSTNode, symbol: str, pairs: Sequence[tuple[Abstract, Abstract]]
) -> Abstract:
    """Tuples of ints, such as `x.shape`, are equal if all their items are."""
    condition: Value | None = None
    for left, right in pairs:
        equal = binary(run, node, "Equal", left, right)
        if isinstance(equal, Static):
            if not equal.value:
                return Static(symbol == "!=")
            continue
        value = as_value(run, equal, node)
        condition = value if condition is None else run.op(node, "bool_and", condition, value)
    if condition is None:
        return Static(symbol == "==")
    return run.wrap(condition if symbol == "==" else run.op(node, "bool_not", condition))

"""What Python raises where a value has not what is asked of it, as in `try: n = len(x)`.

In:  a value, what it lacks.   Out: the exception, or None where another class may stand for the value; the check,
where the run decides of which class it is.
Not here: raising it (statements.py), the refusal where nothing catches it (state.py).
"""

from __future__ import annotations

import libcst as cst
import numpy as np

from gradscribe.frontend.operands import raise_if
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, ArrayCell, Number, Static, TupleValue, is_slice, known_int
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ZEROS, ArrayType, ScalarType, kind_of

PYTHON_NUMBERS = {"b": "bool", "i": "int", "f": "float", "c": "complex"}


def no_items(value: Abstract, key: Abstract) -> TypeError | IndexError | None:
    """`value[key]` of a number; one of NumPy is an array for keys that make a dimension."""
    name = _class_name(value)
    if name in PYTHON_NUMBERS.values():
        return TypeError(f"'{name}' object is not subscriptable")
    is_position = is_slice(key) or (known_int(key) is not None and not isinstance(known_int(key), bool))
    is_position = is_position or (isinstance(key, Number) and kind_of(key.value.type) in "iu")
    if isinstance(value, Number) and name and is_position:
        return IndexError("invalid index to scalar variable.")
    return None


def no_item_assignment(value: Abstract) -> TypeError | None:
    """`value[key] = item`."""
    name = _class_name(value)
    return TypeError(f"'{name}' object does not support item assignment") if name else None


def no_length(value: Abstract) -> TypeError | None:
    """`len(value)`."""
    name = _class_name(value) if isinstance(value, Number | Static) else ""
    return TypeError(f"object of type '{name}' has no len()") if name else None


def no_iterator(value: Abstract) -> TypeError | None:
    """`for item in value`."""
    name = _class_name(value) if isinstance(value, Number | Static) else ""
    return TypeError(f"'{name}' object is not iterable") if name else None


def require_attribute(run: Lowering, node: cst.CSTNode, owner: Number | ArrayCell, name: str) -> None:
    """Raise at run time where a number is one of Python, which is one of NumPy on other ways."""
    value = owner.value if isinstance(owner, Number) else run.heap.get(owner, owner.initial)
    if not isinstance(value, Value) or value not in run.mixed:
        return
    python = type(ZEROS[kind_of(value.type)])
    if hasattr(python, name) or not hasattr(np.ndarray, name):
        return
    lacks = run.negated(node, run.op(node, "is_array", value, or_number=True))
    text = f"a number of Python, such as '{python.__name__}', has no attribute '{name}'"
    raise_if(run, node, lacks, AttributeError, (text,))


def no_attribute(value: Abstract, attribute: str) -> AttributeError | None:
    """`value.attribute`."""
    name = _class_name(value)
    if isinstance(value, ArrayCell):
        name = "numpy.ndarray"
    return AttributeError(f"'{name}' object has no attribute '{attribute}'") if name else None


def _class_name(value: Abstract) -> str:
    match value:
        case Number(value=number) if isinstance(number.type, ScalarType) and number.type.python:
            return PYTHON_NUMBERS.get(number.type.dtype.kind, "")
        case Number(value=number) if isinstance(number.type, ScalarType | ArrayType):
            return f"numpy.{number.type.dtype.type.__name__}"
        case Static(value=bool() | int() | float() | complex() | str() | None as found):
            return type(found).__name__
        case Static(value=tuple() as found):
            return type(found).__name__
        case TupleValue(cls=cls):
            return cls.__name__
    return ""

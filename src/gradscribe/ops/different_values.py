"""The different values of an array: np.unique and its forms.

Values are read where they stand first. Where they stand, and how often, does not move with them.

In:  nothing.   Out: `OPERATIONS`.
Not here: sets of two arrays, and what else is read at positions (picking.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import Body, composite
from gradscribe.ops.declare import constant_almost_everywhere
from gradscribe.ops.picking import READ, flat, take
from gradscribe.ops.promotion import numbers
from gradscribe.ops.spec import Domain, OpSpec, Spelling, TypeRule

Attrs = Mapping[str, object]
INT = np.dtype(np.int64)
PARTS = ("return_index", "return_inverse", "return_counts")
# What the forms of np.unique return besides the values, as their named tuples have it.
FORMS = {"unique_counts": PARTS[2:], "unique_inverse": PARTS[1:2], "unique_all": PARTS}


def _types_of(ar: Type, axis: object, parts: Sequence[str]) -> tuple[Type, ...]:
    (operand,) = numbers([ar])
    shape, count = list(shape_of(operand)), fresh()
    inverse = tuple(shape)
    if axis is None:
        shape = [count]
    else:
        place = one_axis(axis, len(shape))
        inverse = (shape[place],)
        shape[place] = count
    lengths = {"return_index": (count,), "return_inverse": inverse, "return_counts": (count,)}
    values = ArrayType(operand.dtype, tuple(shape))
    return (values, *(ArrayType(INT, lengths[part]) for part in parts))


def _types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return _types_of(types[0], attrs.get("axis"), [part for part in PARTS if attrs.get(part)])


def _form_types(parts: Sequence[str]) -> TypeRule:
    return lambda types, attrs, spelling: _types_of(types[0], None, parts)


def _numbers(b: OpBuilder, values: Value, ar: Value, axis: object, parts: Sequence[str]) -> list[Value]:
    """Whole numbers in the shapes of what is returned: no derivative reads them."""
    found: list[Value] = []
    for part in parts:
        like = values
        if part == "return_inverse":
            like = ar
        if axis is not None or (part != "return_inverse" and len(shape_of(like.type)) > 1):
            place = 0 if axis is None else one_axis(axis, len(shape_of(like.type)))
            others = tuple(k for k in range(len(shape_of(like.type))) if k != place)
            like = b.op("sum", like, axis=others) if others else like
        found.append(b.op("astype", b.op("zeros_like", like), dtype=INT))
    return found


def _unique(
    b: OpBuilder,
    ar: Value,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: Any = None,
    equal_nan: bool = True,
) -> tuple[Value, ...]:
    """The values are read where they stand first."""
    if axis is None:
        values = take(b, flat(b, ar), b.op("unique_positions", ar, equal_nan=equal_nan))
    else:
        values = take(b, ar, b.op("unique_positions", ar, axis=axis, equal_nan=equal_nan), axis)
    given = dict(zip(PARTS, (return_index, return_inverse, return_counts), strict=True))
    return values, *_numbers(b, values, ar, axis, [part for part in PARTS if given[part]])


def _form(parts: Sequence[str]) -> Body:
    return lambda b, x: _unique(b, x, **dict.fromkeys(parts, True), equal_nan=False)


def _unique_values(b: OpBuilder, x: Value) -> Value:
    """Their order is NumPy's own affair."""
    own = b.op("unique_values", b.op("stop_gradient", x))
    return take(b, flat(b, x), b.op("positions_of_values", x, own))


def _positions_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(INT, (fresh(),)),)


def _positions(name: str, signature: str, operands: str, doc: str, *samples: str) -> OpSpec:
    return constant_almost_everywhere(
        name,
        f"gradscribe.runtime.picking.{name}",
        "its result is ints",
        doc,
        signature=signature,
        operands=tuple(operands.split()),
        types=_positions_types,
        backend=Domain.OPAQUE,
        samples=samples,
    )


OPERATIONS = (
    composite(
        "unique",
        "numpy.unique",
        "ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True",
        _unique,
        "The different values, in order; where they stand, and how often.",
        why=READ,
        types=_types,
        operands=("ar",),
        refused_keywords={"sorted": "the values are sorted"},
        samples=(
            "a(3)",
            "a(2, 3)",
            "a(3), return_counts=True",
            "a(2, 3), return_index=True, return_inverse=True",
            "a(2, 3), True, True, True, axis=1",
            "a(3), equal_nan=False, return_index=True",
        ),
    ),
    *(
        composite(
            name,
            f"numpy.{name}",
            "x",
            _form(parts),
            "The different values of np.unique, in order, as a named tuple; nan differs from itself.",
            why=READ,
            types=_form_types(parts),
            operands=("x",),
            result_class="numpy.lib._arraysetops_impl." + name.title().replace("_", "") + "Result",
            samples=("a(3)", "a(2, 3)"),
        )
        for name, parts in FORMS.items()
    ),
    composite(
        "unique_values",
        "numpy.unique_values",
        "x",
        _unique_values,
        "The different values, in any order.",
        why=READ,
        types=_form_types(()),
        operands=("x",),
        samples=("a(3)", "a(2, 3)"),
    ),
    _positions(
        "unique_positions",
        "ar, axis=None, equal_nan=True",
        "ar",
        "Where the different values stand first.",
        "a(4)",
        "array([[1.0, 2.0], [1.0, 2.0]]), axis=0",
    ),
    _positions(
        "positions_of_values",
        "ar, values",
        "ar values",
        "Where each of the different values stands first.",
        "array([0.5, 2.0, 0.5]), array([2.0, 0.5])",
    ),
)

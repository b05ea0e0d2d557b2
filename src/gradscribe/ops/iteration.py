"""Python's and math's own reductions over the entries of an array.

In:  nothing.   Out: `OPERATIONS`.
Not here: NumPy's reductions (reductions.py); loops over other iterables, which the front end lowers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import BOOL, FLOAT, ArrayType, Type, numpy_scalar
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import constant_almost_everywhere, custom, linear
from gradscribe.ops.products import products_of_others
from gradscribe.ops.promotion import number_type
from gradscribe.ops.reductions import EXTREME, extreme_jvp, extreme_vjp, weighted_jvp, weighted_vjp
from gradscribe.ops.spec import Domain, Spelling, TypeRule, Unsupported

Attrs = Mapping[str, object]


def _vector(types: Sequence[Type]) -> ArrayType:
    operand = types[0]
    if not isinstance(operand, ArrayType) or len(operand.shape) != 1:
        raise Unsupported(f"a {operand} where a vector is expected", "use NumPy's function with an axis")
    return operand


def _sum_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = types
    if not isinstance(operand, ArrayType) or not operand.shape:
        raise Unsupported(f"sum of a {operand}", "pass an array or a list")
    dtype = np.add.resolve_dtypes((int, operand.dtype, None))[2]
    return (number_type(dtype, operand.shape[1:]),)


def _entry_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (numpy_scalar(_vector(types).dtype),)


def _vector_types(result: Type) -> TypeRule:
    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        _vector(types)
        return (result,)

    return rule


def _prod_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (numpy_scalar(np.multiply.resolve_dtypes((int, _vector(types).dtype, None))[2]),)


def _same(b: OpBuilder, node: Node, ct: Value) -> Value:
    """Each entry along the first axis gets it."""
    return ct


VECTOR: dict[str, Any] = {"samples": ("a(3)", "a(1)"), "backend": Domain.REDUCTION}

OPERATIONS = (
    linear(
        "sum_items",
        "builtins.sum",
        "x",
        _same,
        _sum_types,
        "Sum of the entries of an array, one by one.",
        samples=("a(3)", "a(2, 3)"),
        backend=Domain.REDUCTION,
    ),
    linear("fsum", "math.fsum", "x", _same, _vector_types(FLOAT), "Sum without rounding errors.", **VECTOR),
    custom(
        "prod_items",
        "math.prod",
        "x",
        weighted_vjp(products_of_others),
        weighted_jvp(products_of_others),
        _prod_types,
        "Product of the entries of a vector.",
        why="the product of the other entries",
        **VECTOR,
    ),
    custom(
        "max_items",
        "builtins.max",
        "x",
        extreme_vjp,
        extreme_jvp,
        _entry_types,
        "Largest entry of a vector.",
        **{**EXTREME, **VECTOR},
    ),
    custom(
        "min_items",
        "builtins.min",
        "x",
        extreme_vjp,
        extreme_jvp,
        _entry_types,
        "Smallest entry of a vector.",
        **{**EXTREME, **VECTOR},
    ),
    *(
        constant_almost_everywhere(
            f"{name}_items",
            f"builtins.{name}",
            "its result is a bool",
            f"Whether {name} entry is true.",
            types=_vector_types(BOOL),
            **VECTOR,
        )
        for name in ("any", "all")
    ),
)

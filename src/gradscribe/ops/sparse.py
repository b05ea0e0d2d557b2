"""Sparse matrices of SciPy as constants: products and systems.

The matrix itself stands in the generated code; its transpose is `A.T`. It is not differentiated.

In:  nothing.   Out: `OPERATIONS`.
Not here: recognising `A @ x` (frontend/sparse.py), how it is written (codegen/special.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import as_length
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import linear
from gradscribe.ops.promotion import numbers
from gradscribe.ops.spec import Spelling, Unsupported

Attrs = Mapping[str, object]


def is_sparse(value: object) -> bool:
    """A matrix or array of scipy.sparse."""
    return type(value).__module__.startswith("scipy.sparse.") and hasattr(value, "tocsr")


@dataclass(frozen=True, eq=False)
class Transposed:
    """`A.T` of a sparse matrix, which is a new object each time: what is known is the matrix itself."""

    matrix: Any


def is_constant_matrix(value: object) -> bool:
    """A sparse matrix, or the transpose of one."""
    return is_sparse(value) or isinstance(value, Transposed)


def _given(attrs: Attrs) -> Any:
    """The matrix, or its transpose."""
    matrix: Any = attrs["matrix"]
    if isinstance(matrix, Transposed):
        matrix = matrix.matrix.T
    if not is_sparse(matrix) or np.dtype(matrix.dtype).kind not in "biuf":
        raise Unsupported(
            "a matrix that is no sparse matrix of real numbers", "use np.matmul or np.linalg.solve"
        )
    return matrix.T if attrs.get("transposed", False) else matrix


def _product_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    matrix = _given(attrs)
    (x,) = numbers(types)
    shape = shape_of(x)
    if len(shape) not in (1, 2) or not isinstance(x, ArrayType):
        raise Unsupported("a sparse matrix times other than a vector or matrix", "reshape the array")
    dtype = np.result_type(matrix.dtype, x.dtype)
    rows, columns = map(as_length, matrix.shape)
    if attrs.get("flipped", False):
        return (ArrayType(dtype, (*shape[:-1], columns)),)
    return (ArrayType(dtype, (rows, *shape[1:])),)


def _solve_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    matrix = _given(attrs)
    (x,) = numbers(types)
    if len(shape_of(x)) != 1 or x.dtype.kind != "f" or x.dtype.itemsize < 4:
        raise Unsupported("a sparse system with other than a vector of floats", "solve one vector at a time")
    dtype = np.result_type(matrix.dtype, x.dtype)
    return (ArrayType(dtype if np.dtype(matrix.dtype).kind == "f" else np.dtype(np.float64), shape_of(x)),)


def _transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    """The same with the matrix transposed."""
    attrs = {name: value for name, value in node.attrs.items() if name != "transposed"}
    if not node.attrs.get("transposed", False):
        attrs["transposed"] = True
    return b.apply(node.op.name, (ct,), attrs)[0]


def _multiply(inputs: Sequence[Any], attrs: Attrs) -> Any:
    return inputs[0] @ _given(attrs) if attrs.get("flipped", False) else _given(attrs) @ inputs[0]


def _solve(inputs: Sequence[Any], attrs: Attrs) -> Any:
    from scipy.sparse.linalg import spsolve

    return spsolve(_given(attrs), inputs[0])


OPERATIONS = (
    linear(
        "sparse_product",
        "sparse@",
        "x, matrix, transposed=False, flipped=False",
        _transpose,
        _product_types,
        "`A @ x` and `x @ A` with a sparse matrix, which is constant.",
        operands=("x",),
        evaluate=_multiply,
    ),
    linear(
        "sparse_solve",
        "scipy.sparse.linalg.spsolve",
        "matrix, x, transposed=False",
        _transpose,
        _solve_types,
        "The solution of a sparse system, whose matrix is constant.",
        operands=("x",),
        refused_keywords={
            **dict.fromkeys(("permc_spec", "use_umfpack"), "it changes only the speed"),
        },
        evaluate=_solve,
    ),
)

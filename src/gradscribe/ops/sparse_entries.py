"""Sparse matrices of SciPy that are made inside a function: making them, products and systems.

The matrix itself has no derivative; its entries do, which the product and the system are given, too.

In:  nothing.   Out: `OPERATIONS`.
Not here: the class in place of SciPy's (written/sparse.py), matrices from outside, which are constant (sparse.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.types import ArrayType, OpaqueType, Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import modelled
from gradscribe.ops.declare import constant_almost_everywhere, custom, linear
from gradscribe.ops.spec import Contributions, Domain, OpSpec, Spelling, Unsupported
from gradscribe.ops.written import sparse as model

Attrs = Mapping[str, object]
RUNTIME = "gradscribe.runtime.sparse."
MATRIX = OpaqueType("scipy.sparse matrix")
DOUBLE = np.dtype(np.float64)
WHY = "derivatives pass through the entries, which products and systems are given"


def _matrix(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (MATRIX,)


def _making(name: str, signature: str, doc: str) -> OpSpec:
    return constant_almost_everywhere(
        f"sparse_{name}",
        RUNTIME + name,
        WHY,
        doc,
        signature=signature,
        types=_matrix,
        operands=(),
        backend=Domain.OPAQUE,
    )


def _solution_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    b = types[1]
    if not isinstance(b, ArrayType) or b.ndim != 1 or b.dtype != DOUBLE:
        raise Unsupported("a sparse system with other than a vector of doubles", "solve one vector at a time")
    return (ArrayType(DOUBLE, shape_of(b)),)


def _solve(b: OpBuilder, node: Node, right: Value, *, transposed: bool = False) -> Value:
    """Another solution of the same matrix, or of its transpose."""
    matrix, _, data, row, col = node.inputs
    if not transposed:
        return b.op("sparse_solution", matrix, right, data, row, col)
    turned = b.apply("sparse_transposed", (matrix,), {"matrix": Input(0)})[0]
    return b.op("sparse_solution", turned, right, data, col, row)


def _at(b: OpBuilder, x: Value, places: Value) -> Value:
    return b.apply("get_item", (x, places), {"index": (Input(1),)})[0]


def _solution_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """With Aᵀ λ = x̄: b̄ = λ, and the entry at (i, j) has -λᵢ xⱼ."""
    (ct,) = cts
    if ct is None:
        return [None] * len(node.inputs)
    _, _, _, row, col = node.inputs
    multiplier = _solve(b, node, ct, transposed=True)
    of_data = b.op("neg", b.op("mul", _at(b, multiplier, row), _at(b, node.output, col)))
    return [None, multiplier, of_data, None, None]


def _solution_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    """A ẋ = ḃ - Ȧ x."""
    _, right, _, row, col = node.inputs
    moved, of_data = tangents[1], tangents[2]
    if of_data is not None:
        parts = b.op("mul", of_data, _at(b, node.output, col))
        total = b.op("scattered", parts, row, right)
        moved = b.op("neg", total) if moved is None else b.op("sub", moved, total)
    return [None if moved is None else _solve(b, node, moved)]


def _scattered_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(DOUBLE, shape_of(types[2])),)


OPERATIONS = (
    _making("made", "kind, entries, shape=None", "A sparse matrix of entries and where they stand."),
    _making("diagonals", "values, offsets, shape=None, kind=None", "A sparse matrix of diagonals."),
    _making("identity", "n, kind=None", "The sparse identity matrix."),
    _making("converted", "matrix, kind", "A sparse matrix in another format."),
    _making("transposed", "matrix", "The transpose of a sparse matrix."),
    _making("added", "one, other", "The sum of sparse matrices."),
    _making("subtracted", "one, other", "The difference of sparse matrices."),
    _making("scaled", "matrix, factor", "A sparse matrix times a number."),
    _making("divided", "matrix, divisor", "A sparse matrix over a number."),
    modelled(
        "sparse_multiplied",
        f"{RUNTIME}product",
        "matrix, x, data, row, col, rows",
        model.product,
        "A sparse matrix times a vector or matrix.",
        why="entries times elements",
    ),
    modelled(
        "sparse_dense",
        f"{RUNTIME}dense",
        "matrix, data, row, col, shape",
        model.dense,
        "The array of a sparse matrix.",
        why="entries in their places",
        nested=True,
    ),
    custom(
        "sparse_solution",
        f"{RUNTIME}solution",
        "matrix, b, data, row, col",
        _solution_vjp,
        _solution_jvp,
        _solution_types,
        "The solution of a sparse system.",
        why="systems of the same matrix and of its transpose",
        source="Giles, Collected matrix derivative results, 2008, section 2.3.1",
    ),
    linear(
        "scattered",
        f"{RUNTIME}scattered",
        "values, places, like",
        lambda b, node, ct: _at(b, ct, node.inputs[1]),
        _scattered_types,
        "Values added up at places of a vector as long as another.",
        operands=("values", "places", "like"),
        shape_only=frozenset({2}),
    ),
)

"""Singular values and vectors, and how vectors turn.

Where two singular values or eigenvalues are equal their vectors have no derivative; `over_gaps` is an error there.

In:  nothing.   Out: `OPERATIONS`.
Not here: eigenvalues (eigenvalues.py; of symmetric matrices, factorisations.py).
References: Townsend, Differentiating the singular value decomposition, 2016; Giles 2008 (linalg.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import smaller
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.contraction import transposed
from gradscribe.ops.declare import custom
from gradscribe.ops.factorisations import diagonal_of, real_dtype, scaled_columns
from gradscribe.ops.linalg import LINALG, RESULT, RUNTIME, matrix, product
from gradscribe.ops.spec import Contributions, NoRule, Spelling, Unsupported
from gradscribe.ops.written import linalg as written

Attrs = Mapping[str, object]


def _second(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (types[1],)


def _first(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (types[0],)


def _gap_differences(b: OpBuilder, values_dot: Value) -> Value:
    return b.op("sub", b.op("expand_dims", values_dot, axis=-2), b.op("expand_dims", values_dot, axis=-1))


def _over_gaps(b: OpBuilder, node: Node, inner: Value) -> Value:
    attrs = {"what": node.attrs["what"]} if "what" in node.attrs else {}
    return b.apply("over_gaps", (node.inputs[0], inner), attrs)[0]


def _over_gaps_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None, None]
    moved = _over_gaps(b, node, b.op("mul", ct, node.output))
    ct_values = b.op("sub", b.op("sum", moved, axis=-1), b.op("sum", moved, axis=-2))
    return [ct_values, _over_gaps(b, node, ct)]


def _over_gaps_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    values_dot, inner_dot = tangents
    total = None if inner_dot is None else _over_gaps(b, node, inner_dot)
    if values_dot is not None:
        turned = b.op("mul", node.output, _gap_differences(b, values_dot))
        term = b.op("neg", _over_gaps(b, node, turned))
        total = term if total is None else b.op("add", total, term)
    return [total]


def _over_values_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None, None]
    ct_x = b.op("over_values", ct, node.inputs[1])
    return [ct_x, b.op("neg", b.op("sum", b.op("mul", ct_x, node.output), axis=-2))]


def _over_values_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    x_dot, values_dot = tangents
    total = None if x_dot is None else b.op("over_values", x_dot, node.inputs[1])
    if values_dot is not None:
        moved = scaled_columns(b, node.output, values_dot)
        term = b.op("neg", b.op("over_values", moved, node.inputs[1]))
        total = term if total is None else b.op("add", total, term)
    return [total]


def _svd_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = matrix(types[0])
    dtype = real_dtype(operand)
    *batch, rows, columns = shape_of(operand)
    rank = smaller(rows, columns)
    values = ArrayType(dtype, (*batch, rank))
    if not attrs.get("compute_uv", True) or spelling.name.endswith("svdvals"):
        return (values,)
    whole = bool(attrs.get("full_matrices", True))
    left, right = (rows, columns) if whole else (rank, rank)
    return ArrayType(dtype, (*batch, rows, left)), values, ArrayType(dtype, (*batch, right, columns))


def _vectors(b: OpBuilder, node: Node) -> tuple[Value, Value]:
    """U and Vᵀ, as many of them as there are singular values."""
    if len(node.outputs) == 3 and not _has_arbitrary_vectors(node):
        return node.outputs[0], node.outputs[2]
    u, _, vh = b.apply("svd", node.inputs, {"full_matrices": False})
    return u, vh


ARBITRARY = (
    "with full_matrices=True some singular vectors are an arbitrary basis, without a derivative",
    "pass full_matrices=False",
)


def _has_arbitrary_vectors(node: Node) -> bool:
    rows, columns = shape_of(node.inputs[0].type)[-2:]
    return bool(node.attrs.get("full_matrices", True)) and rows != columns


def _turned(b: OpBuilder, squares: Value, vectors: Value, ct: Value) -> Value:
    """J + Jᵀ, where J is Uᵀ Ū over the gaps of the squared singular values."""
    inner = b.apply("matmul", (transposed(b, vectors), ct))[0]
    over = b.apply("over_gaps", (squares, inner), {"what": "singular values"})[0]
    return b.op("add", over, transposed(b, over))


def _outside(b: OpBuilder, vectors: Value, x: Value) -> Value | None:
    """The part of x outside the space of the vectors; None where they span everything."""
    rows, count = shape_of(vectors.type)[-2:]
    if rows == count:
        return None
    return b.op("sub", x, product(b, vectors, transposed(b, vectors), x))


def _svd_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """Ū and V̄ turn the vectors among each other, and into what they do not span; s̄ stretches."""
    ct_u, ct_s, ct_vh = cts if len(cts) == 3 else (None, cts[0], None)
    if ct_u is None and ct_vh is None:
        if ct_s is None:
            return [None]
        u, vh = _vectors(b, node)
        return [b.op("matmul", scaled_columns(b, u, ct_s), vh)]
    if _has_arbitrary_vectors(node):
        raise Unsupported(*ARBITRARY)
    u, s, vh = node.outputs
    v = transposed(b, vh)
    squares = b.op("square", s)
    terms: list[Value] = []
    inner: Value | None = None
    if ct_u is not None:
        inner = scaled_columns(b, _turned(b, squares, u, ct_u), s)
        outside = _outside(b, u, ct_u)
        if outside is not None:
            terms.append(b.op("matmul", b.op("over_values", outside, s), vh))
    if ct_vh is not None:
        ct_v = transposed(b, ct_vh)
        term = b.op("mul", b.op("expand_dims", s, axis=-1), _turned(b, squares, v, ct_v))
        inner = term if inner is None else b.op("add", inner, term)
        outside = _outside(b, v, ct_v)
        if outside is not None:
            terms.append(b.op("matmul", u, transposed(b, b.op("over_values", outside, s))))
    assert inner is not None
    total = product(b, u, inner, vh)
    if ct_s is not None:
        total = b.op("add", total, b.op("matmul", scaled_columns(b, u, ct_s), vh))
    for term in terms:
        total = b.op("add", total, term)
    return [total]


def _svd_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | NoRule | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None] * len(node.outputs)
    u, vh = _vectors(b, node)
    v = transposed(b, vh)
    moved = product(b, transposed(b, u), tangent, v)
    s_dot = diagonal_of(b, moved)
    if len(node.outputs) == 1:
        return [s_dot]
    if _has_arbitrary_vectors(node):
        return [NoRule(*ARBITRARY), s_dot, NoRule(*ARBITRARY)]
    s = node.outputs[1]
    squares = b.op("square", s)
    rows = b.op("expand_dims", s, axis=-1)
    flipped = transposed(b, moved)
    left = b.op("add", scaled_columns(b, moved, s), b.op("mul", rows, flipped))
    right = b.op("add", b.op("mul", rows, moved), scaled_columns(b, flipped, s))
    found = []
    for vectors, inner, image in (
        (u, left, product(b, tangent, v)),
        (v, right, product(b, transposed(b, tangent), u)),
    ):
        over = b.apply("over_gaps", (squares, inner), {"what": "singular values"})[0]
        turned = b.op("matmul", vectors, over)
        outside = _outside(b, vectors, image)
        found.append(turned if outside is None else b.op("add", turned, b.op("over_values", outside, s)))
    return [found[0], s_dot, transposed(b, found[1])]


SVD: dict[str, Any] = {"why": "first-order perturbation; an error where a vector has no derivative"}
OPERATIONS = (
    custom(
        "svd",
        LINALG + "svd",
        "a, full_matrices=True, compute_uv=True",
        _svd_vjp,
        _svd_jvp,
        _svd_types,
        "Singular values, and vectors.",
        operands=("a",),
        result_class=RESULT + "SVDResult",
        written=written.svd,
        written_if=lambda given: given.get("hermitian") is True,
        samples=(
            "a(3, 2), compute_uv=False",
            "a(2, 3), compute_uv=False",
            "a(3, 2), full_matrices=False",
            "a(2, 4), full_matrices=False",
            "w(3), full_matrices=False",
            "w(3)",
            "a(2, 3, 2), full_matrices=False",
        ),
        **SVD,
    ),
    custom(
        "svdvals",
        LINALG + "svdvals",
        "a",
        _svd_vjp,
        _svd_jvp,
        _svd_types,
        "Singular values.",
        samples=("a(3, 2)", "a(2, 3)", "a(2, 3, 3)"),
        **SVD,
    ),
    custom(
        "over_gaps",
        RUNTIME + "over_gaps",
        "values, inner, what='eigenvalues'",
        _over_gaps_vjp,
        _over_gaps_jvp,
        _second,
        "Entries divided by the difference of the values that belong to column and row.",
        why="linear in the entries",
        operands=("values", "inner"),
        samples=("a(3), a(3, 3)", "a(2, 3), a(2, 3, 3)"),
    ),
    custom(
        "over_values",
        RUNTIME + "over_values",
        "x, values",
        _over_values_vjp,
        _over_values_jvp,
        _first,
        "Columns divided by values.",
        why="linear in the columns",
        samples=("a(3, 2), a(2)", "a(2, 3, 2), a(2, 2)"),
    ),
)

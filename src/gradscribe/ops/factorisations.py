"""Factorisations of matrices.

Of a symmetric operand (cholesky, eigh) one triangle is read, and stands for both: the derivative is by what is
read, and 0 by the other triangle. So it is right where only one is filled; along symmetric directions it is the
same as that of a symmetric operand.
Where eigenvalues coincide, their vectors have no derivative: that is an error when the code runs.
Eigenvalues alone have one.

In:  nothing.   Out: `OPERATIONS`.
References: Giles 2008 (linalg.py); Murray, Differentiation of the Cholesky decomposition, arXiv 1602.07527;
Walter & Lehmann, Algorithmic differentiation of linear algebra functions, 2010 (QR).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import smaller
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.contraction import transposed
from gradscribe.ops.declare import custom
from gradscribe.ops.linalg import LINALG, RESULT, inexact_dtype, matrix, product, same_matrix
from gradscribe.ops.spec import Contributions, Spelling, Unsupported
from gradscribe.ops.written import linalg as written

Attrs = Mapping[str, object]


def real_dtype(*types: Type) -> np.dtype:
    """The dtype of a factorisation, which must be real."""
    dtype = inexact_dtype(*types)
    if dtype.kind == "c":
        raise Unsupported("a factorisation of a complex matrix", "factorise real matrices")
    return dtype


def _real_matrix(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    real_dtype(matrix(types[0]))
    return same_matrix(types, attrs, spelling)


def of_triangle(b: OpBuilder, value: Value, *, lower: bool) -> Value:
    """The cotangent of the triangle that is read, which stands for both: that of the other is added to it."""
    if lower:
        return b.op("add", b.op("tril", value), transposed(b, b.op("triu", value, k=1)))
    return b.op("add", b.op("triu", value), transposed(b, b.op("tril", value, k=-1)))


def both_triangles(b: OpBuilder, value: Value, *, lower: bool) -> Value:
    """The symmetric matrix that has this triangle."""
    if lower:
        return b.op("add", b.op("tril", value), transposed(b, b.op("tril", value, k=-1)))
    return b.op("add", b.op("triu", value), transposed(b, b.op("triu", value, k=1)))


def half_lower(b: OpBuilder, value: Value) -> Value:
    """The lower triangle with half the diagonal."""
    return b.op("mul", 0.5, b.op("add", b.op("tril", value), b.op("tril", value, k=-1)))


def pull_factor(b: OpBuilder, lower: Value, ct: Value, *, reads_lower: bool) -> Value:
    """L⁻ᵀ Φ(Lᵀ L̄) L⁻¹, in the triangle that is read."""
    upper = transposed(b, lower)
    inner = half_lower(b, b.op("matmul", upper, ct))
    # X L⁻¹ is the transpose of L⁻ᵀ Xᵀ.
    left = b.op("solve", upper, inner)
    found = transposed(b, b.op("solve", upper, transposed(b, left)))
    return of_triangle(b, found, lower=reads_lower)


def push_factor(b: OpBuilder, lower: Value, tangent: Value, *, reads_lower: bool) -> Value:
    """L Φ(L⁻¹ Ȧ L⁻ᵀ)."""
    half = b.op("solve", lower, both_triangles(b, tangent, lower=reads_lower))
    inner = b.op("solve", lower, transposed(b, half))
    return b.op("matmul", lower, half_lower(b, inner))


def _cholesky_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None]
    is_upper = bool(node.attrs.get("upper", False))
    lower, moved = (transposed(b, value) if is_upper else value for value in (node.output, ct))
    return [pull_factor(b, lower, moved, reads_lower=not is_upper)]


def _cholesky_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None]
    is_upper = bool(node.attrs.get("upper", False))
    lower = transposed(b, node.output) if is_upper else node.output
    found = push_factor(b, lower, tangent, reads_lower=not is_upper)
    return [transposed(b, found) if is_upper else found]


def _eigh_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = matrix(types[0])
    dtype = real_dtype(operand)
    return ArrayType(dtype, shape_of(operand)[:-1]), ArrayType(dtype, shape_of(operand))


def scaled_columns(b: OpBuilder, vectors: Value, factors: Value) -> Value:
    """vectors @ diag(factors)."""
    return b.op("mul", vectors, b.op("expand_dims", factors, axis=-2))


def _eigh_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """V (diag(w̄) + F ∘ Vᵀ V̄) Vᵀ."""
    ct_values, ct_vectors = cts
    values, vectors = node.outputs
    flipped = transposed(b, vectors)
    total: Value | None = None
    if ct_values is not None:
        total = b.op("matmul", scaled_columns(b, vectors, ct_values), flipped)
    if ct_vectors is not None:
        inner = b.op("over_gaps", values, b.op("matmul", flipped, ct_vectors))
        term = product(b, vectors, inner, flipped)
        total = term if total is None else b.op("add", total, term)
    return [None if total is None else of_triangle(b, total, lower=_reads_lower(node))]


def _eigh_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None, None]
    values, vectors = node.outputs
    moved = both_triangles(b, tangent, lower=_reads_lower(node))
    inner = product(b, transposed(b, vectors), moved, vectors)
    return [diagonal_of(b, inner), b.op("matmul", vectors, b.op("over_gaps", values, inner))]


def diagonal_of(b: OpBuilder, value: Value) -> Value:
    """The diagonal of the last two axes."""
    if len(shape_of(value.type)) == 2:
        return b.op("diagonal", value)
    return b.op("einsum", value, subscripts="...ii->...i")


def _reads_lower(node: Node) -> bool:
    return str(node.attrs.get("UPLO", "L")).upper() == "L"


def _triangle(node: Node) -> dict[str, object]:
    return {"UPLO": node.attrs["UPLO"]} if "UPLO" in node.attrs else {}


def _eigvalsh_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return _eigh_types(types, attrs, spelling)[:1]


def _eigvalsh_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None]
    _, vectors = b.apply("eigh", node.inputs, _triangle(node))
    found = b.op("matmul", scaled_columns(b, vectors, ct), transposed(b, vectors))
    return [of_triangle(b, found, lower=_reads_lower(node))]


def _eigvalsh_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None]
    _, vectors = b.apply("eigh", node.inputs, _triangle(node))
    moved = both_triangles(b, tangent, lower=_reads_lower(node))
    return [diagonal_of(b, product(b, transposed(b, vectors), moved, vectors))]


def _qr_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = matrix(types[0])
    dtype = real_dtype(operand)
    mode = attrs.get("mode", "reduced")
    if mode not in ("reduced", "complete"):
        raise Unsupported(f"a QR factorisation of mode {mode!r}", "use mode='reduced' or mode='r'")
    *stack, rows, columns = shape_of(operand)
    rank = rows if mode == "complete" else smaller(rows, columns)
    return ArrayType(dtype, (*stack, rows, rank)), ArrayType(dtype, (*stack, rank, columns))


def _needs_a_basis(node: Node) -> None:
    rows, columns = shape_of(node.inputs[0].type)[-2:]
    if node.attrs.get("mode") == "complete" and rows != columns:
        raise Unsupported(
            "with mode='complete' some columns of Q are an arbitrary basis, without a derivative",
            "use mode='reduced'",
        )


def _qr_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """(Q̄ + Q sym_low(R R̄ᵀ - Q̄ᵀ Q)) R⁻ᵀ, for matrices with at least as many rows as columns."""
    ct_q, ct_r = cts
    if ct_q is None and ct_r is None:
        return [None]
    _needs_a_basis(node)
    q, r = node.outputs
    inner: Value | None = None if ct_r is None else b.op("matmul", r, transposed(b, ct_r))
    if ct_q is not None:
        crossed = b.op("matmul", transposed(b, ct_q), q)
        inner = b.op("neg", crossed) if inner is None else b.op("sub", inner, crossed)
    assert inner is not None
    total = b.op("matmul", q, both_triangles(b, inner, lower=True))
    total = total if ct_q is None else b.op("add", ct_q, total)
    return [transposed(b, b.op("solve", r, transposed(b, total)))]


def _qr_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None, None]
    _needs_a_basis(node)
    q, r = node.outputs
    # dA R⁻¹
    scaled = transposed(b, b.op("solve", transposed(b, r), transposed(b, tangent)))
    inner = b.op("matmul", transposed(b, q), scaled)
    strict = b.op("tril", inner, k=-1)
    turn = b.op("sub", strict, transposed(b, strict))
    q_dot = b.op("add", b.op("sub", scaled, b.op("matmul", q, inner)), b.op("matmul", q, turn))
    return [q_dot, b.op("matmul", b.op("sub", inner, turn), r)]


def _pinv_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = matrix(types[0])
    *batch, rows, columns = shape_of(operand)
    return (ArrayType(real_dtype(operand), (*batch, columns, rows)),)


def _pinv_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """-Pᵀ C Pᵀ + (C' - A P C') P Pᵀ + Pᵀ P (C' - C' P A) with C' = Cᵀ, for matrices of constant rank."""
    (ct,) = cts
    if ct is None:
        return [None]
    a, p = node.inputs[0], node.output
    flipped, turned = transposed(b, p), transposed(b, ct)
    first = b.op("neg", product(b, flipped, ct, flipped))
    second = product(b, b.op("sub", turned, product(b, a, p, turned)), p, flipped)
    third = product(b, flipped, p, b.op("sub", turned, product(b, turned, p, a)))
    return [b.op("add", b.op("add", first, second), third)]


def _pinv_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None]
    a, p = node.inputs[0], node.output
    flipped, turned = transposed(b, p), transposed(b, tangent)
    first = b.op("neg", product(b, p, tangent, p))
    second = product(b, p, flipped, b.op("sub", turned, product(b, turned, a, p)))
    third = product(b, b.op("sub", turned, product(b, p, a, turned)), flipped, p)
    return [b.op("add", b.op("add", first, second), third)]


OPERATIONS = (
    custom(
        "cholesky",
        LINALG + "cholesky",
        "a, upper=False",
        _cholesky_vjp,
        _cholesky_jvp,
        _real_matrix,
        "Cholesky factor.",
        why="Murray 2016",
        operands=("a",),
        samples=("spd(3)", "spd(2)", "spd(3), upper=True"),
    ),
    custom(
        "eigh",
        LINALG + "eigh",
        "a, UPLO='L'",
        _eigh_vjp,
        _eigh_jvp,
        _eigh_types,
        "Eigenvalues and vectors.",
        why="first-order perturbation theory",
        result_class=RESULT + "EighResult",
        operands=("a",),
        samples=("spd(3)", "spd(2)", "spd(3), UPLO='U'"),
    ),
    custom(
        "eigvalsh",
        LINALG + "eigvalsh",
        "a, UPLO='L'",
        _eigvalsh_vjp,
        _eigvalsh_jvp,
        _eigvalsh_types,
        "Eigenvalues.",
        why="first-order perturbation theory",
        operands=("a",),
        samples=("spd(3)", "spd(2)", "spd(3), UPLO='U'"),
    ),
    custom(
        "qr",
        LINALG + "qr",
        "a, mode='reduced'",
        _qr_vjp,
        _qr_jvp,
        _qr_types,
        "QR factorisation.",
        why="Walter and Lehmann 2010",
        operands=("a",),
        result_class=RESULT + "QRResult",
        written=written.qr,
        written_if=lambda given: given.get("mode") == "r",
        samples=("a(3, 2)", "w(3)", "a(2, 3, 2)", "w(2, 3)", "w(3), mode='complete'"),
        note="For matrices with at least as many rows as columns.",
    ),
    custom(
        "pinv",
        LINALG + "pinv",
        "a, rcond=None, hermitian=False, rtol=None",
        _pinv_vjp,
        _pinv_jvp,
        _pinv_types,
        "Pseudo-inverse.",
        why="Golub and Pereyra 1973, for constant rank",
        operands=("a",),
        samples=("a(3, 2)", "a(2, 3)", "w(3)", "a(2, 3, 2)", "a(3, 2), rcond=1e-10"),
    ),
)

"""scipy.linalg: what NumPy has too, in SciPy's spelling; Cholesky factors of either side, LU.

In:  nothing.   Out: `OPERATIONS`.
Not here: functions of matrices (matrix_functions.py), systems with structure (structured_systems.py).
References: Murray, Differentiation of the Cholesky decomposition, arXiv 1602.07527; Walter & Lehmann 2010.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, Type, dtype_of, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.contraction import transposed
from gradscribe.ops.declare import custom
from gradscribe.ops.factorisations import OPERATIONS as FACTORISATIONS
from gradscribe.ops.factorisations import pull_factor, push_factor
from gradscribe.ops.linalg import OPERATIONS as LINEAR_SYSTEMS
from gradscribe.ops.linalg import inexact_dtype
from gradscribe.ops.matrix_functions import one_matrix
from gradscribe.ops.promotion import number_type
from gradscribe.ops.spec import Contributions, Custom, OpSpec, Spelling, Unsupported
from gradscribe.ops.spectral import OPERATIONS as SPECTRAL

Attrs = Mapping[str, object]
LINALG = "scipy.linalg."
NUMPY = {spec.name: spec for spec in (*LINEAR_SYSTEMS, *FACTORISATIONS, *SPECTRAL)}
OVERWRITES = {name: "it writes into the operand" for name in ("overwrite_a", "overwrite_b")}
ONE_TRIANGLE = "only one triangle is read; the derivative is of that one."


# Cholesky factors: lower, or upper as SciPy has it by default.


def _as_lower(b: OpBuilder, node: Node, value: Value) -> Value:
    return value if node.attrs.get("lower", False) else transposed(b, value)


def _factor_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None]
    moved = b.op("tril", _as_lower(b, node, ct))
    return [pull_factor(b, _factor(b, node), moved, reads_lower=bool(node.attrs.get("lower", False)))]


def _factor_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None]
    reads_lower = bool(node.attrs.get("lower", False))
    return [_as_lower(b, node, push_factor(b, _factor(b, node), tangent, reads_lower=reads_lower))]


def _factor(b: OpBuilder, node: Node) -> Value:
    """The lower factor; cho_factor may leave the other triangle as it finds it."""
    lower = _as_lower(b, node, node.outputs[0])
    return b.op("tril", lower) if node.op.name == "cho_factor" else lower


def _cho_factor_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """The triangle that is not written holds entries of the operand itself, or zeros: that depends on SciPy."""
    (ct,) = cts
    if ct is None:
        return [None]
    (inner,) = _factor_vjp(b, node, cts)
    assert isinstance(inner, Value)
    return [b.op("add", inner, _other_triangle(b, node, ct)) if _keeps_other_triangle() else inner]


def _cho_factor_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    (inner,) = _factor_jvp(b, node, tangents)
    if tangent is None or inner is None:
        return [None]
    return [b.op("add", inner, _other_triangle(b, node, tangent)) if _keeps_other_triangle() else inner]


@cache
def _keeps_other_triangle() -> bool:
    """What cho_factor of SciPy up to 1.17 does; later ones fill it with zeros."""
    from scipy.linalg import cho_factor

    return bool(cho_factor(np.array([[1.0, 0.0], [2.0, 1.0]]))[0][1, 0] == 2.0)


def _other_triangle(b: OpBuilder, node: Node, value: Value) -> Value:
    return b.op("triu", value, k=1) if node.attrs.get("lower", False) else b.op("tril", value, k=-1)


def _solve_factored_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """x = A⁻¹ b, with A = L Lᵀ: L̄ = -tril((b̄ xᵀ + x b̄ᵀ) L)."""
    (ct,) = cts
    if ct is None:
        return [None, None]
    lower = _given_factor(b, node)
    ct_b = b.apply("cho_solve", (ct, node.inputs[1]), node.attrs)[0]
    ct_a = _outer(b, ct_b, node.output)
    both = b.op("add", ct_a, transposed(b, ct_a))
    ct_lower = b.op("neg", b.op("tril", b.op("matmul", both, lower)))
    return [ct_b, ct_lower if _is_lower(node) else transposed(b, ct_lower)]


def _solve_factored_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    b_dot, c_dot = tangents
    right = b_dot
    if c_dot is not None:
        lower = _given_factor(b, node)
        lower_dot = b.op("tril", c_dot if _is_lower(node) else transposed(b, c_dot))
        half = b.op("matmul", lower_dot, transposed(b, lower))
        moved = b.op("matmul", b.op("add", half, transposed(b, half)), node.output)
        right = b.op("neg", moved) if right is None else b.op("sub", right, moved)
    return [None if right is None else b.apply("cho_solve", (right, node.inputs[1]), node.attrs)[0]]


def _is_lower(node: Node) -> bool:
    pair = node.attrs["c_and_lower"]
    assert isinstance(pair, tuple)
    return bool(pair[1])


def _given_factor(b: OpBuilder, node: Node) -> Value:
    factor = node.inputs[1]
    return b.op("tril", factor if _is_lower(node) else transposed(b, factor))


def _factored_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    pair = attrs["c_and_lower"]
    if len(types) != 2 or not isinstance(pair, tuple) or not isinstance(pair[1], bool):
        raise Unsupported("a factor that does not come from cho_factor", "pass the pair (c, lower)")
    return NUMPY["solve"].result_type((types[1], types[0]), {}, spelling)


def _outer(b: OpBuilder, left: Value, right: Value) -> Value:
    if len(shape_of(left.type)) == 1:
        return b.op("outer", left, right)
    return b.op("matmul", left, transposed(b, right))


# LU


def _lu_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = one_matrix(types, attrs, spelling)
    return (operand, operand, operand)


def _lu_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """P L⁻ᵀ (tril(Lᵀ L̄, -1) + triu(Ū Uᵀ)) U⁻ᵀ, for square matrices."""
    _, ct_lower, ct_upper = cts
    permutation, lower, upper = node.outputs
    inner: Value | None = None
    if ct_lower is not None:
        inner = b.op("tril", b.op("matmul", transposed(b, lower), ct_lower), k=-1)
    if ct_upper is not None:
        term = b.op("triu", b.op("matmul", ct_upper, transposed(b, upper)))
        inner = term if inner is None else b.op("add", inner, term)
    if inner is None:
        return [None]
    left = b.op("solve", transposed(b, lower), inner)
    both = transposed(b, b.op("solve", upper, transposed(b, left)))
    return [b.op("matmul", permutation, both)]


def _lu_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None, None, None]
    permutation, lower, upper = node.outputs
    left = b.op("solve", lower, b.op("matmul", transposed(b, permutation), tangent))
    inner = transposed(b, b.op("solve", transposed(b, upper), transposed(b, left)))
    lower_dot = b.op("matmul", lower, b.op("tril", inner, k=-1))
    return [None, lower_dot, b.op("matmul", b.op("triu", inner), upper)]


def _as_in_numpy(name: str, signature: str, *, rules: str = "", **fields: Any) -> OpSpec:
    """The entry of a function that NumPy has too: types and rules are those of NumPy's."""
    twin = NUMPY[rules or name]
    assert isinstance(twin.form, Custom)
    fields.setdefault("types", twin.result_type)
    operands = tuple(part for part in signature.split(", ") if "=" not in part)
    return custom(
        f"scipy_{name}",
        LINALG + name,
        f"{signature}, check_finite=True",
        twin.form.vjp,
        twin.form.jvp,
        fields.pop("types"),
        twin.doc,
        why="that of NumPy's",
        operands=operands,
        **fields,
    )


def _qr_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    rows, columns = shape_of(one_matrix(types, attrs, spelling)[0])
    if attrs.get("mode", "full") != "economic":
        raise Unsupported("a QR factorisation of this mode", "pass mode='economic'")
    dtype = inexact_dtype(types[0])
    return ArrayType(dtype, (rows, columns)), ArrayType(dtype, (columns, columns))


# What `assume_a` says of the matrix.
GENERAL = (None, "gen", "general")
SYMMETRIC = ("pos", "sym", "her", "positive definite", "symmetric", "hermitian")
TRIANGLES = ("upper triangular", "lower triangular")


def _solve_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    given = attrs.get("assume_a")
    if given not in (*GENERAL, *SYMMETRIC, *TRIANGLES):
        raise Unsupported(f"assume_a={given!r}", "leave it out, or use scipy.linalg.solve_banded")
    return NUMPY["solve"].result_type(types, attrs, spelling)


def _solve(
    b: OpBuilder, /, a: Value, lower: bool = False, check_finite: bool = True,
    assume_a: str | None = None, **others: Any,
) -> Value:  # fmt: skip
    """With the part of the matrix that is read: one triangle stands for the other in a symmetric one."""
    read = a
    if assume_a in TRIANGLES:
        read = b.op("triu" if assume_a == TRIANGLES[0] else "tril", a)
    elif assume_a in SYMMETRIC:
        name, k = ("tril", -1) if lower else ("triu", 1)
        strict = b.op(name, a, k=k)
        read = b.op("add", b.op(name, a), transposed(b, strict))
    read = transposed(b, read) if others.get("transposed", False) else read
    return b.op("solve", read, others["b"])


def _det_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """SciPy's determinant is in double precision whatever that of the matrix."""
    (found,) = NUMPY["det"].result_type(types, attrs, spelling)
    dtype = np.dtype(np.complex128 if dtype_of(found).kind == "c" else np.float64)
    return (number_type(dtype, shape_of(found)),)


OF_ONE_SYMMETRIC = {
    **dict.fromkeys(("b", "type"), "reduce the problem by a Cholesky factor of b"),
    **dict.fromkeys(("subset_by_index", "subset_by_value"), "take a slice of the result"),
    "lower": "the lower triangle is read: pass the transpose",
}

OPERATIONS = (
    composite(
        "scipy_solve",
        LINALG + "solve",
        "a, b, lower=False, check_finite=True, assume_a=None, transposed=False",
        _solve,
        "The solution of a @ x = b, where `assume_a` says which part of `a` is read.",
        why="the solution of the system with the part of `a` that is read",
        types=_solve_types,
        operands=("a", "b"),
        samples=(
            "w(3), a(3)",
            "w(3), a(3, 2)",
            "spd(3), a(3), assume_a='pos'",
            "spd(3), a(3, 2), assume_a='sym', lower=True",
            "w(3), a(3), assume_a='gen', transposed=True",
            "w(3), a(3), assume_a='upper triangular'",
        ),
        refused_keywords=OVERWRITES,
    ),
    _as_in_numpy(
        "inv",
        "a",
        samples=("w(3)",),
        refused_keywords={**OVERWRITES, **dict.fromkeys(("assume_a", "lower"), "the whole matrix is read")},
    ),
    _as_in_numpy("det", "a", samples=("w(3)",), types=_det_types, refused_keywords=OVERWRITES),
    _as_in_numpy(
        "eigh",
        "a",
        samples=("spd(2)",),
        note=ONE_TRIANGLE,
        refused_keywords={
            "eigvals_only": "use scipy.linalg.eigvalsh",
            **OF_ONE_SYMMETRIC,
        },
    ),
    _as_in_numpy("eigvalsh", "a", samples=("spd(3)",), note=ONE_TRIANGLE, refused_keywords=OF_ONE_SYMMETRIC),
    _as_in_numpy("svd", "a, full_matrices=True, compute_uv=True", samples=("a(3, 2), compute_uv=False",)),
    _as_in_numpy("svdvals", "a", samples=("a(3, 2)",)),
    _as_in_numpy(
        "qr",
        "a, mode='full'",
        types=_qr_types,
        refused_keywords={"pivoting": "the order of columns depends on the values"},
        samples=("a(3, 2), mode='economic'", "w(3), mode='economic'"),
        note="For matrices with at least as many rows as columns.",
    ),
    custom(
        "scipy_cholesky",
        LINALG + "cholesky",
        "a, lower=False, check_finite=True",
        _factor_vjp,
        _factor_jvp,
        one_matrix,
        "Cholesky factor.",
        why="Murray 2016",
        operands=("a",),
        refused_keywords=OVERWRITES,
        samples=("spd(3)", "spd(3), lower=True"),
        note=ONE_TRIANGLE,
    ),
    custom(
        "cho_factor",
        LINALG + "cho_factor",
        "a, lower=False, check_finite=True",
        _cho_factor_vjp,
        _cho_factor_jvp,
        one_matrix,
        "Cholesky factor, for cho_solve.",
        why="Murray 2016",
        operands=("a",),
        returns_tuple=True,
        refused_keywords=OVERWRITES,
        samples=("spd(3)", "spd(3), lower=True"),
        note=ONE_TRIANGLE,
    ),
    custom(
        "cho_solve",
        LINALG + "cho_solve",
        "c_and_lower, b, check_finite=True",
        _solve_factored_vjp,
        _solve_factored_jvp,
        _factored_types,
        "The solution of a system whose matrix cho_factor has factored.",
        why="implicit differentiation",
        operands=("b",),
        variadic="c_and_lower",
        refused_keywords=OVERWRITES,
        samples=("(w(3), True), a(3)", "(w(3), False), a(3, 2)"),
    ),
    custom(
        "lu",
        LINALG + "lu",
        "a, check_finite=True",
        _lu_vjp,
        _lu_jvp,
        _lu_types,
        "LU factorisation of a square matrix.",
        why="Walter and Lehmann 2010",
        operands=("a",),
        refused_keywords={
            "permute_l": "multiply by the permutation",
            "p_indices": "the permutation is a matrix",
        },
        samples=("w(3)",),
    ),
)

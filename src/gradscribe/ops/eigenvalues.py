"""Eigenvalues and vectors of matrices that are not symmetric: complex numbers, also where all of them are real.

With A V = V diag(w) and C = V⁻¹ dA V, the values move by the diagonal of C. The vectors turn by P = V G, where G
is C over the gaps of the eigenvalues, and stay normalised as LAPACK does it: of length 1, their largest component
real.

In:  nothing.   Out: `OPERATIONS`.
Not here: symmetric matrices (factorisations.py), equal eigenvalues (spectral.py).
References: Giles 2008 (linalg.py), section 3.1; Boeddeker et al., On complex-valued gradients, 2017.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, Type, dtype_of, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.contraction import transposed
from gradscribe.ops.declare import custom, linear
from gradscribe.ops.factorisations import diagonal_of
from gradscribe.ops.linalg import LINALG, RESULT, RUNTIME, inexact_dtype, matrix
from gradscribe.ops.slices import counted
from gradscribe.ops.spec import Contributions, Domain, Spelling

Attrs = Mapping[str, object]


def _types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = matrix(types[0])
    dtype = np.result_type(inexact_dtype(operand), np.complex64)
    values = ArrayType(dtype, shape_of(operand)[:-1])
    return (values,) if spelling.name.endswith("eigvals") else (values, ArrayType(dtype, shape_of(operand)))


def _complex_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    dtype = np.result_type(dtype_of(types[0]), np.complex64)
    return (ArrayType(dtype, shape_of(types[0])),)


def _vectors(b: OpBuilder, node: Node) -> Value:
    return node.outputs[1] if len(node.outputs) == 2 else b.apply("eig", node.inputs)[1]


def _largest(b: OpBuilder, vectors: Value) -> Value:
    """Which component of each vector is the largest: the one that is real."""
    place = b.op("argmax", b.op("abs", vectors), axis=-2, keepdims=True)
    return b.op("eq", b.op("expand_dims", counted(b, vectors, -2), axis=-1), place)


def _column_sums(b: OpBuilder, x: Value) -> Value:
    return b.op("sum", x, axis=-2, keepdims=True)


def _vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """V⁻ᵀ (diag(w̄) + C̄) Vᵀ."""
    if all(ct is None for ct in cts):
        return [None]
    vectors = _vectors(b, node)
    flipped = transposed(b, vectors)
    total: Value | None = None
    if cts[0] is not None:
        total = b.op("mul", b.op("expand_dims", cts[0], axis=-1), flipped)
    if len(cts) == 2 and cts[1] is not None:
        inner = b.op("matmul", flipped, _free_of_norm(b, vectors, cts[1]))
        term = b.op("matmul", b.op("over_gaps", node.outputs[0], inner), flipped)
        total = term if total is None else b.op("add", total, term)
    assert total is not None
    return [b.op("solve", flipped, total)]


def _turn(b: OpBuilder, z: Value) -> Value:
    """1j times the imaginary part, and real where z is."""
    return b.op("mul", 0.5, b.op("sub", z, b.op("conj", z)))


def _free_of_norm(b: OpBuilder, vectors: Value, ct: Value) -> Value:
    """The cotangent of P: what would change the length or the phase of a vector is taken away."""
    along = _column_sums(b, b.op("mul", ct, vectors))
    length = b.op("mul", b.op("real", along), b.op("conj", vectors))
    marked = _largest(b, vectors)
    phase = b.op("div", _turn(b, along), _column_sums(b, b.op("mul", marked, b.op("real", vectors))))
    # The term of the cotangent comes first: where that is complex and the vectors are real, so is the other.
    return b.op("sub", ct, b.op("add", b.op("mul", marked, phase), length))


def _jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None] * len(node.outputs)
    vectors = _vectors(b, node)
    inner = b.op("solve", vectors, b.op("matmul", tangent, vectors))
    moved = diagonal_of(b, inner)
    if node.op.name.startswith("scipy"):
        # SciPy makes the values complex, NumPy only where one of them is.
        moved = b.op("as_complex", moved)
    if len(node.outputs) == 1:
        return [moved]
    turned = b.op("matmul", vectors, b.op("over_gaps", node.outputs[0], inner))
    length = b.op("real", _column_sums(b, b.op("mul", b.op("conj", vectors), turned)))
    marked = _largest(b, vectors)
    component = _column_sums(b, b.op("mul", marked, b.op("real", vectors)))
    phase = b.op("div", _column_sums(b, b.op("mul", marked, _turn(b, turned))), component)
    change = b.op("add", phase, length)
    return [moved, b.op("sub", turned, b.op("mul", vectors, change))]


FIELDS: dict[str, Any] = {
    "why": "first-order perturbation; an error where a vector has no derivative",
    "note": "Complex numbers, also where all eigenvalues are real.",
    "samples": (
        "array([[0.2, 2.0], [-1.0, 0.3]])",
        "array([[0.2, 2.0, 0.1], [-1.0, 0.3, 0.1], [0.4, 0.1, 2.0]])",
        "array([[[0.2, 2.0], [-1.0, 0.3]], [[0.5, -2.0], [1.0, 0.1]]])",
    ),
}
SCIPY_FIELDS: dict[str, Any] = {
    **FIELDS,
    "samples": FIELDS["samples"][:2],
    "refused_keywords": {
        "b": "multiply by its inverse",
        "homogeneous_eigvals": "it belongs to two matrices",
        "overwrite_a": "the operand is kept",
        "left": "take the vectors of the transpose",
        "right": "leave it out",
    },
}

OPERATIONS = (
    linear(
        "as_complex",
        RUNTIME + "as_complex",
        "x",
        lambda b, node, ct: ct,
        _complex_types,
        "Numbers that are known to be complex, also where all of them are real.",
        backend=Domain.OPAQUE,
        samples=("c(3)", "a(3)"),
    ),
    custom("scipy_eigvals", "scipy.linalg.eigvals", "a", _vjp, _jvp, _types, "Eigenvalues.", **SCIPY_FIELDS),
    custom(
        "scipy_eig", "scipy.linalg.eig", "a", _vjp, _jvp, _types, "Eigenvalues and vectors.", **SCIPY_FIELDS
    ),
    custom("eigvals", LINALG + "eigvals", "a", _vjp, _jvp, _types, "Eigenvalues.", **FIELDS),
    custom(
        "eig",
        LINALG + "eig",
        "a",
        _vjp,
        _jvp,
        _types,
        "Eigenvalues and vectors.",
        result_class=RESULT + "EigResult",
        **FIELDS,
    ),
)

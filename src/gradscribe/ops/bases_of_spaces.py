"""scipy.linalg: bases of spaces, whose vectors may be turned among themselves.

What does not depend on the choice of a basis moves smoothly; the basis itself moves with how LAPACK chooses it.

In:  nothing.   Out: `OPERATIONS`.
Not here: eigenvectors, which are unique where eigenvalues are simple (spectral.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.declare import refused
from gradscribe.ops.linalg import inexact_dtype, matrix
from gradscribe.ops.spec import Domain, Spelling
from gradscribe.ops.structured_systems import OVERWRITES

Attrs = Mapping[str, object]
LINALG = "scipy.linalg."
TURNED = "its columns may be turned among themselves, and how they are is up to LAPACK"


def _range_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(inexact_dtype(*types), (shape_of(matrix(types[0]))[0], fresh())),)


def _null_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(inexact_dtype(*types), (shape_of(matrix(types[0]))[1], fresh())),)


def _schur_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = ArrayType(inexact_dtype(*types), shape_of(matrix(types[0])))
    return found, found


def _complex_schur_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = ArrayType(np.result_type(inexact_dtype(*types), np.complex64), shape_of(matrix(types[0])))
    return found, found


OPERATIONS = (
    refused(
        "orth",
        LINALG + "orth",
        "A, rcond=None",
        _range_types,
        "Orthonormal basis of the range of a matrix.",
        why=TURNED,
        fix="take the projection, A @ np.linalg.pinv(A), or np.linalg.qr(A)",
        operands=("A",),
        backend=Domain.OPAQUE,
        samples=("a(4, 2)",),
    ),
    refused(
        "null_space",
        LINALG + "null_space",
        "A, rcond=None",
        _null_types,
        "Orthonormal basis of the null space of a matrix.",
        why=TURNED,
        fix="take the projection, np.eye(A.shape[1]) - np.linalg.pinv(A) @ A",
        operands=("A",),
        backend=Domain.OPAQUE,
        refused_keywords={**OVERWRITES, "check_finite": "it is checked", "lapack_driver": "leave it out"},
        samples=("a(2, 4)",),
    ),
    refused(
        "rsf2csf",
        LINALG + "rsf2csf",
        "T, Z",
        _complex_schur_types,
        "Complex Schur form of a real one.",
        why="how the vectors are turned is up to LAPACK",
        fix="take np.linalg.eigvals or eigh, or solve_sylvester and its kin for equations",
        operands=("T", "Z"),
        backend=Domain.OPAQUE,
        refused_keywords={"check_finite": "it is checked"},
        samples=("array([[0.2, 2.0], [-1.0, 0.2]]), array([[1.0, 0.0], [0.0, 1.0]])",),
    ),
    refused(
        "schur",
        LINALG + "schur",
        "a",
        _schur_types,
        "Schur decomposition.",
        why="the order of the eigenvalues and the turns of their vectors are up to LAPACK",
        fix="take np.linalg.eigvals or eigh, or solve_sylvester and its kin for equations",
        operands=("a",),
        backend=Domain.OPAQUE,
        refused_keywords={
            **OVERWRITES,
            "output": "the real form is given",
            "lwork": "leave it out",
            "sort": "leave it out",
            "check_finite": "it is checked",
        },
        samples=("a(3, 3)",),
    ),
)

"""scipy.linalg: structured matrices, and systems and functions of matrices that are made of others.

In:  nothing.   Out: `OPERATIONS`.
Not here: their models (written/scipy_matrices.py), systems of structured matrices (structured_systems.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradscribe.ops.composite import modelled
from gradscribe.ops.spec import OpSpec
from gradscribe.ops.written import scipy_matrices as model

OVERWRITES = {name: "arguments are kept" for name in ("overwrite_a", "overwrite_b", "overwrite_ab")}
CHECKS = {**OVERWRITES, "check_finite": "it is checked"}


def _entry(
    function: Callable[..., Any],
    signature: str,
    doc: str,
    *samples: str,
    why: str = "what it is made of",
    **fields: Any,
) -> OpSpec:
    name = function.__name__
    fields.setdefault("refused_keywords", CHECKS)
    return modelled(
        f"scipy_{name}", f"scipy.linalg.{name}", signature, function, doc, why=why, samples=samples, **fields
    )


EXPONENTIALS = "exponentials of matrices"
OPERATIONS = (
    _entry(model.companion, "a", "Companion matrix of a polynomial.", "2.0 + a(4)", precise_as={0: "a"}),
    _entry(
        model.fiedler_companion,
        "a",
        "Companion matrix of five diagonals.",
        "2.0 + a(5)",
        "2.0 + a(6)",
        "2.0 + a(3)",
        "2.0 + a(2)",
    ),
    _entry(model.fiedler, "a", "Matrix of distances.", "a(4)"),
    _entry(model.leslie, "f, s", "Leslie matrix.", "a(4), a(3)", precise_as={0: "f s"}),
    _entry(
        model.convolution_matrix,
        "a, n, mode='full'",
        "Matrix of a convolution.",
        "a(3), 5",
        "a(3), 4, mode='same'",
        "a(3), 5, mode='valid'",
        "a(5), 3, mode='valid'",
        options={"mode": ("full", "same", "valid")},
    ),
    _entry(model.khatri_rao, "a, b", "Column-wise Kronecker product.", "a(2, 3), a(4, 3)"),
    _entry(model.lu_factor, "a", "Factors L and U in one matrix, and the pivots.", "w(3)"),
    _entry(
        model.lu_solve,
        "lu_and_piv, b, trans=0",
        "System of a factored matrix.",
        "(w(3), array([1, 1, 2])), a(3)",
        "(w(3), array([2, 2, 2])), a(3, 2), trans=1",
        options={"trans": (0, 1, 2)},
        nested=True,
    ),
    _entry(
        model.expm_frechet,
        "A, E",
        "Exponential and its derivative in a direction.",
        "a(3, 3), a(3, 3)",
        why=EXPONENTIALS,
        refused_keywords={
            **CHECKS,
            "method": "it has no influence on the result",
            "compute_expm": "it is computed",
        },
    ),
    _entry(
        model.polar,
        "a, side='right'",
        "Polar decomposition.",
        "w(3)",
        "w(3), side='left'",
        "a(4, 2)",
        "a(2, 4)",
        options={"side": ("right", "left")},
    ),
    _entry(
        model.orthogonal_procrustes,
        "A, B",
        "Nearest rotation of points.",
        "a(6, 3), a(6, 3)",
    ),
    _entry(
        model.pinv,
        "a",
        "Pseudoinverse.",
        "w(3)",
        "a(4, 2)",
        refused_keywords={
            **CHECKS,
            "return_rank": "an int has no derivative",
            "atol": "use np.linalg.pinv",
            "rtol": "use np.linalg.pinv",
        },
    ),
    _entry(
        model.pinvh,
        "a",
        "Pseudoinverse of a symmetric matrix.",
        "spd(3)",
        refused_keywords={
            **CHECKS,
            "return_rank": "an int has no derivative",
            "lower": "the lower triangle is read",
            "atol": "use np.linalg.pinv",
            "rtol": "use np.linalg.pinv",
        },
    ),
    _entry(
        model.norm,
        "a, ord=None, axis=None, keepdims=False",
        "Norm of a vector or matrix.",
        "a(4)",
        "a(3, 4)",
        "a(4), 1",
        "a(3, 4), ord=2, axis=1",
        "a(3, 3), ord='nuc'",
    ),
    _entry(
        model.lstsq,
        "a, b",
        "Least squares: solution, sums of squares, rank and singular values.",
        "a(5, 2), a(5)",
        "a(5, 2), a(5, 3)",
        note="The matrix must have full column rank and more rows than columns.",
        refused_keywords={
            **CHECKS,
            "cond": "the matrix must have full rank",
            "lapack_driver": "the usual one is taken",
        },
    ),
    _entry(
        model.solve_circulant,
        "c, b",
        "System of a circulant matrix.",
        "array([4.0, 0.0, 0.0, 0.0]) + a(4), a(4)",
        "array([4.0, 0.0, 0.0]) + a(3), a(3, 2)",
        refused_keywords={
            name: "vectors and columns are taken" for name in ("singular", "tol", "caxis", "baxis", "outaxis")
        },
    ),
    _entry(
        model.solve_toeplitz,
        "c_or_cr, b",
        "System of a Toeplitz matrix.",
        "array([4.0, 0.0, 0.0, 0.0]) + a(4), a(4)",
        "(array([4.0, 0.0, 0.0]) + a(3), a(3)), a(3)",
        "array([4.0, 0.0, 0.0]) + a(3), a(3, 2)",
        nested=True,
    ),
    *(
        _entry(
            function,
            "d, e",
            doc,
            "array([0.0, 2.0, 5.0]) + a(3), 1.5 + a(2)",
            refused_keywords={
                **CHECKS,
                **{
                    name: "all are computed"
                    for name in ("eigvals_only", "select", "select_range", "tol", "lapack_driver")
                },
            },
        )
        for function, doc in (
            (model.eigh_tridiagonal, "Eigenvalues and eigenvectors of a symmetric tridiagonal matrix."),
            (model.eigvalsh_tridiagonal, "Eigenvalues of a symmetric tridiagonal matrix."),
        )
    ),
    *(
        _entry(function, "A", f"{name} of a real matrix.", "0.5 * a(3, 3)", why=EXPONENTIALS)
        for function, name in (
            (model.cosm, "Cosine"),
            (model.sinm, "Sine"),
            (model.tanm, "Tangent"),
            (model.coshm, "Hyperbolic cosine"),
            (model.sinhm, "Hyperbolic sine"),
            (model.tanhm, "Hyperbolic tangent"),
        )
    ),
    _entry(
        model.fractional_matrix_power,
        "A, t",
        "Real power of a matrix.",
        "spd(3), 0.5",
        "spd(3), f()",
        why=EXPONENTIALS,
    ),
)

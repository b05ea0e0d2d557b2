"""Matrices with the singular vectors of others and singular values near 1, by Newton-Schulz iteration.

In:  a matrix, or a stack of them, and coefficients.   Out: the same, nearly orthogonal.
Not here: which parameters are matrices (matrices.py), the optimiser (muon.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradscribe.optim.settings import described, refused

Triple = tuple[float, float, float]

NEWTON_SCHULZ: Triple = (3.4445, -4.7750, 2.0315)
PRESETS: dict[str, tuple[Triple, ...] | Triple] = {
    "standard": NEWTON_SCHULZ,
    # Each iteration has its own: first those that raise small singular values, last those that settle.
    "dion": (
        (4.0848, -6.8946, 2.9270),
        (3.9505, -6.3029, 2.6377),
        (3.7418, -5.5913, 2.3037),
        (2.8769, -3.1427, 1.2046),
        (2.8366, -3.0525, 1.2012),
    ),
}


def coefficients_of(name: str, given: Any, steps: int) -> tuple[Triple, ...]:
    """The coefficients of each iteration: one triple for `steps` of them, several for one each, or a preset.

    Raises:
        GS356: they are none of these.
    """
    fix = f"pass three numbers, such triples for each iteration, or one of {', '.join(map(repr, PRESETS))}"
    if isinstance(given, str) and given not in PRESETS:
        raise refused(name, f"`ns_coeffs` is {given!r}", fix)
    try:
        found = np.asarray(PRESETS[given] if isinstance(given, str) else given, np.float64)
    except (TypeError, ValueError):
        raise refused(name, described("ns_coeffs", given), fix) from None
    if found.shape == (3,):
        found = np.tile(found, (steps, 1))
    if found.ndim != 2 or found.shape[1] != 3 or not np.isfinite(found).all():
        shape = " x ".join(map(str, found.shape)) or "one"
        raise refused(name, f"`ns_coeffs` is {shape} numbers, or one that is not finite", fix)
    return tuple((a, b, c) for a, b, c in found.tolist())


def orthogonalize(
    matrices: np.ndarray,
    coefficients: Sequence[Triple],
    preconditioning: str = "frobenius",
    eps: float = 1e-8,
) -> np.ndarray:
    """Matrices with the singular vectors of these and singular values near 1.

    x ← a x + (b x xᵀ + c (x xᵀ)²) x, after division by a norm. The coefficients raise small singular values fast;
    the values end between about 0.7 and 1.2 rather than at 1.

    Args:
        matrices: of shape (..., rows, columns).
        coefficients: a, b, c of each iteration.
        preconditioning: the norm that is divided by, one of `PRECONDITIONINGS`.
        eps: least norm that is divided by.

    References:
        Jordan et al. 2024, Muon: an optimizer for hidden layers in neural networks.
        https://kellerjordan.github.io/posts/muon/
    """
    tall = matrices.shape[-2] > matrices.shape[-1]
    x = np.swapaxes(matrices, -1, -2) if tall else matrices
    x, square = PRECONDITIONINGS[preconditioning](x, eps)
    for a, b, c in coefficients:
        square = x @ np.swapaxes(x, -1, -2) if square is None else square
        x = a * x + (b * square + c * (square @ square)) @ x
        square = None
    return np.swapaxes(x, -1, -2) if tall else x


# A matrix and ε to the matrix over a norm, and its square x xᵀ, if that is known by the way.
Conditioned = tuple[np.ndarray, np.ndarray | None]


def _over_frobenius(x: np.ndarray, eps: float) -> Conditioned:
    return x / (np.linalg.norm(x, axis=(-2, -1), keepdims=True) + eps), None


def _over_spectral(x: np.ndarray, eps: float) -> Conditioned:
    # Decompositions are of single or double precision.
    wide = x if x.dtype.itemsize > 2 else x.astype(np.float32)
    norm = np.linalg.norm(wide, 2, axis=(-2, -1), keepdims=True).astype(x.dtype)
    return x / (norm + eps), None


def _over_row_sums(x: np.ndarray, eps: float) -> Conditioned:
    square = x @ np.swapaxes(x, -1, -2)
    scale = 1.0 / np.sqrt(np.maximum(np.sum(np.abs(square), axis=-1, keepdims=True), eps))
    return x * scale, square * scale * np.swapaxes(scale, -1, -2)


def _over_schatten(x: np.ndarray, eps: float) -> Conditioned:
    square = x @ np.swapaxes(x, -1, -2)
    norm = np.maximum(np.linalg.norm(square, axis=(-2, -1), keepdims=True), eps)
    return x / np.sqrt(norm), square / norm


PRECONDITIONINGS: dict[str, Callable[[np.ndarray, float], Conditioned]] = {
    "frobenius": _over_frobenius,
    "spectral": _over_spectral,
    "aol": _over_row_sums,
    "schatten": _over_schatten,
}

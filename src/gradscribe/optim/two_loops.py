"""The two-loop recursion of L-BFGS: a vector times the inverse Hessian that the last few steps describe.

In:  steps, and what they did to the gradient.   Out: vectors.
Not here: which steps are remembered (lbfgs.py, quasi_newton.py).

References:
    Nocedal & Wright, Numerical Optimization, 2nd ed., algorithm 7.4.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradscribe.optim.vector import Buffers, Vector


def two_loops(
    g: Vector,
    newest_first: list[int],
    steps: Buffers,
    changes: Buffers,
    products: Sequence[float] | np.ndarray,
    scale: float,
) -> Vector:
    """H g, where H is `scale` times the identity, updated by the pairs in the rows `newest_first`."""
    q = [buffer.copy() for buffer in g.buffers]
    weights = {}
    for k in newest_first:
        weights[k] = _dot(steps, k, q) / products[k]
        _add(q, -weights[k], changes, k)
    for buffer in q:
        buffer *= scale
    for k in reversed(newest_first):
        beta = _dot(changes, k, q) / products[k]
        _add(q, weights[k] - beta, steps, k)
    return Vector(g.layout, buffers=tuple(q))


def _dot(rows: Buffers, k: int, q: list[np.ndarray]) -> float:
    return sum(float(row[k] @ buffer) for row, buffer in zip(rows, q, strict=True))


def _add(q: list[np.ndarray], weight: float, rows: Buffers, k: int) -> None:
    for buffer, row in zip(q, rows, strict=True):
        buffer += float(weight) * row[k]


def with_row(rows: Buffers, k: int, vector: Vector) -> Buffers:
    """Copies of the rows with another k-th one."""
    copies = tuple(row.copy() for row in rows)
    for copy, buffer in zip(copies, vector.buffers, strict=True):
        copy[k] = buffer
    return copies

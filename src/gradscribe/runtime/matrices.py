"""Matrix functions that NumPy lacks.

In:  arrays.   Out: arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def cofactors(a: Any) -> Any:
    """The matrix of cofactors, det(a) * inv(a).T, also where a is singular."""
    u, s, vh = np.linalg.svd(a)
    n = s.shape[-1]
    others = np.where(np.eye(n, dtype=bool), 1.0, s[..., None, :]).prod(axis=-1)
    sign = np.linalg.det(u) * np.linalg.det(vh)
    return sign[..., None, None] * np.matmul(u * others[..., None, :], vh)

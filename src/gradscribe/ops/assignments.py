"""Searches whose results are positions and whole numbers: constant almost everywhere.

In:  nothing.   Out: `OPERATIONS`.
Not here: roots and minima, which move with what they are found for (roots.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import INT, ArrayType, Type
from gradscribe.ops.declare import constant_almost_everywhere
from gradscribe.ops.promotion import always
from gradscribe.ops.spec import Domain, Spelling

WHOLE = np.dtype(np.int64)


def _pairs(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(WHOLE, (fresh(),)),) * 2


OPERATIONS = (
    constant_almost_everywhere(
        "linear_sum_assignment",
        "scipy.optimize.linear_sum_assignment",
        "which rows and columns belong together does not move with the costs",
        "Pairs of rows and columns that cost least together.",
        signature="cost_matrix, maximize=False",
        types=_pairs,
        operands=("cost_matrix",),
        backend=Domain.OPAQUE,
        samples=("a(3, 3)", "a(3, 4), maximize=True"),
    ),
    constant_almost_everywhere(
        "next_fast_len",
        "scipy.fft.next_fast_len",
        "it is a length",
        "A length for which the Fourier transform is fast.",
        signature="target, real=False",
        types=always(INT),
        operands=(),
        backend=Domain.OPAQUE,
        samples=("13", "n(17), True"),
    ),
)

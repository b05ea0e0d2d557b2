"""Questions about arrays whose answers are bools and ints: constant almost everywhere.

In:  nothing.   Out: `OPERATIONS`.
Not here: comparisons element by element (arithmetic.py), positions in sorted arrays (sorting.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.types import BOOL, ArrayType, Type, shape_of
from gradscribe.ops.declare import constant_almost_everywhere
from gradscribe.ops.promotion import always, number_type
from gradscribe.ops.spec import Domain, OpSpec, Spelling, TypeRule, Unsupported

Attrs = Mapping[str, object]
YES_OR_NO = "its result is a bool"


def _isin_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(np.dtype(np.bool_), shape_of(types[0])),)


def _digitize_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (number_type(np.dtype(np.int64), shape_of(types[0])),)


def _rank_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    shape = shape_of(types[0])
    if len(shape) < 2:
        raise Unsupported("the rank of anything but matrices", "compare the vector with 0")
    return (number_type(np.dtype(np.int64), shape[:-2]),)


def _decision(name: str, signature: str, types: TypeRule, doc: str, *samples: str, why: str) -> OpSpec:
    operands = tuple(part.strip() for part in signature.split(",") if part.strip().isidentifier())
    return constant_almost_everywhere(
        f"numpy_{name.rpartition('.')[2]}",
        f"numpy.{name}",
        why,
        doc,
        signature=signature,
        operands=operands,
        types=types,
        backend=Domain.OPAQUE,
        samples=samples,
    )


OPERATIONS = (
    _decision(
        "allclose",
        "a, b, rtol=1e-05, atol=1e-08, equal_nan=False",
        always(BOOL),
        "Whether all elements of two arrays are nearly equal.",
        "a(3), a(3)",
        "a(2, 3), a(3), rtol=0.1, atol=0.2, equal_nan=True",
        why=YES_OR_NO,
    ),
    _decision(
        "array_equal",
        "a1, a2, equal_nan=False",
        always(BOOL),
        "Whether two arrays have one shape and equal elements.",
        "a(3), a(3)",
        "i(2, 3), a(3), equal_nan=True",
        why=YES_OR_NO,
    ),
    _decision(
        "isin",
        "element, test_elements, assume_unique=False, invert=False, kind=None",
        _isin_types,
        "Whether each element is one of others.",
        "a(3), a(2)",
        "i(2, 3), array([1, 2]), assume_unique=True, invert=True, kind='sort'",
        why=YES_OR_NO,
    ),
    _decision(
        "digitize",
        "x, bins, right=False",
        _digitize_types,
        "The bin of each element.",
        "a(4), array([0.0, 0.5])",
        "a(2, 3), array([0.0, 0.5]), right=True",
        "s(), array([0.0, 0.5])",
        why="its result is ints",
    ),
    _decision(
        "linalg.matrix_rank",
        "A, tol=None, hermitian=False, rtol=None",
        _rank_types,
        "Rank of a matrix.",
        "a(3, 3)",
        "a(2, 3, 3), tol=0.1",
        "spd(3), hermitian=True",
        "a(3, 3), rtol=0.1",
        why="its result is an int",
    ),
)

"""scipy.spatial.distance: distances between all pairs of points.

In:  nothing.   Out: `OPERATIONS`.
Not here: norms (norms.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Input, Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import ArrayType, Type, dtype_of, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.declare import constant_almost_everywhere
from gradscribe.ops.promotion import numbers
from gradscribe.ops.scipy_types import double_types
from gradscribe.ops.spec import Domain, OpSpec, Spelling, Unsupported

Attrs = Mapping[str, object]
DISTANCE = "scipy.spatial.distance."


def _distance(b: OpBuilder, left: Value, right: Value, metric: object) -> Value:
    """The distance between rows; at equal points, that of norms."""
    difference = b.op("sub", left, right)
    if metric == "euclidean":
        return b.op("norm", difference, axis=-1)
    if metric == "sqeuclidean":
        return b.op("sum", b.op("mul", difference, difference), axis=-1)
    if metric == "cityblock":
        return b.op("sum", b.op("abs", difference), axis=-1)
    if metric == "chebyshev":
        return b.op("max", b.op("abs", difference), axis=-1)
    if metric == "cosine":
        inner = b.op("sum", b.op("mul", left, right), axis=-1)
        norms = b.op("mul", b.op("norm", left, axis=-1), b.op("norm", right, axis=-1))
        return b.op("sub", 1.0, b.op("div", inner, norms))
    raise Unsupported(
        f"the metric {metric!r}", "use 'euclidean', 'sqeuclidean', 'cityblock', 'chebyshev' or 'cosine'"
    )


def _cdist(b: OpBuilder, /, XA: Value, XB: Value, metric: str = "euclidean") -> Value:
    return _distance(b, b.op("expand_dims", XA, axis=1), b.op("expand_dims", XB, axis=0), metric)


def _pdist(b: OpBuilder, /, X: Value, metric: str = "euclidean") -> Value:
    rows = [
        b.apply("get_item", (X, places), {"index": (Input(1),)})[0]
        for places in b.apply("pair_indices", (X,))
    ]
    return _distance(b, rows[0], rows[1], metric)


def _points(types: Sequence[Type]) -> list[Type]:
    found: list[Type] = []
    for operand in numbers(types):
        if len(shape_of(operand)) != 2 or dtype_of(operand).kind != "f":
            raise Unsupported(
                "distances of other than rows of a matrix of floats", "pass points as x[:, None]"
            )
        found.append(operand)
    return found


def _cdist_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (double,) = double_types(_points(types)[:1], attrs, spelling)
    return (ArrayType(dtype_of(double), (shape_of(types[0])[0], shape_of(types[1])[0])),)


def _pdist_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (double,) = double_types(_points(types), attrs, spelling)
    return (ArrayType(dtype_of(double), (fresh(),)),)


def _pair_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    count = fresh()
    return (ArrayType(np.dtype(np.int64), (count,)),) * 2


METRICS = ("euclidean", "sqeuclidean", "cityblock", "chebyshev", "cosine")

OPERATIONS: tuple[OpSpec, ...] = (
    composite(
        "cdist",
        DISTANCE + "cdist",
        "XA, XB, metric='euclidean'",
        _cdist,
        "Distances between two sets of points.",
        why="norms of differences; 0 at equal points",
        types=_cdist_types,
        operands=("XA", "XB"),
        refused_keywords={"out": "it writes into another array"},
        samples=("a(3, 2), a(4, 2)", *(f"a(3, 2), a(4, 2), metric='{metric}'" for metric in METRICS[1:])),
    ),
    composite(
        "pdist",
        DISTANCE + "pdist",
        "X, metric='euclidean'",
        _pdist,
        "Distances between the points of a set.",
        why="norms of differences; 0 at equal points",
        types=_pdist_types,
        operands=("X",),
        refused_keywords={"out": "it writes into another array"},
        samples=("a(4, 2)", *(f"a(4, 2), metric='{metric}'" for metric in METRICS[1:])),
    ),
    constant_almost_everywhere(
        "pair_indices",
        "gradscribe.runtime.indexing.pair_indices",
        "its result does not depend on the values of the operand",
        "Places of the first and of the second of each pair of entries.",
        types=_pair_types,
        backend=Domain.OPAQUE,
        samples=("a(4, 2)",),
    ),
)

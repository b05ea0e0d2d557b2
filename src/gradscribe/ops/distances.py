"""Distances: between two points, and between all pairs of points.

In:  nothing.   Out: `OPERATIONS`.
Not here: their models (written/distances.py), norms (norms.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradscribe.ops.composite import modelled
from gradscribe.ops.spec import OpSpec
from gradscribe.ops.written import distances as model

DISTANCE = "scipy.spatial.distance."
WHY = "norms of differences; 0 at equal points"
OPTIONS = "metric='euclidean', *, p=2.0, V=None, VI=None, w=None"
REFUSED = {"out": "it writes into another array"}
PLAIN = ("sqeuclidean", "cityblock", "chebyshev", "cosine", "correlation", "braycurtis")
METRICS = ("euclidean", *PLAIN, "seuclidean", "mahalanobis", "minkowski", "canberra")
WEIGHTS = "w=array([0.3, 0.8, 1.2])"
CASES = (
    *(f"metric='{metric}'" for metric in (*PLAIN, "seuclidean")),
    *(f"metric='{metric}', {WEIGHTS}" for metric in ("euclidean", *PLAIN)),
    "metric='minkowski', p=3.0",
    f"metric='minkowski', p=1.5, {WEIGHTS}",
    "metric='minkowski', p=inf",
    "metric='chebyshev', w=constant([0.3, 0.0, 1.2])",
    "metric='seuclidean', V=array([0.3, 0.8, 1.2])",
    "metric='mahalanobis', VI=spd(3)",
)


def _of_two(
    function: Callable[..., Any], doc: str, signature: str, *samples: str, spelling: str = "", **fields: Any
) -> OpSpec:
    name = function.__name__
    return modelled(
        f"{name}_distance",
        spelling or DISTANCE + name,
        signature,
        function,
        doc,
        why=WHY,
        real_only=True,
        samples=samples,
        **fields,
    )


WEIGHTED = ("a(3), a(3)", f"a(3), a(3), {WEIGHTS}")
OPERATIONS: tuple[OpSpec, ...] = (
    *(
        _of_two(function, "Distance of two vectors.", "u, v, w=None", *WEIGHTED)
        for function in (
            *(model.euclidean, model.sqeuclidean, model.cityblock, model.chebyshev),
            *(model.canberra, model.braycurtis, model.cosine),
        )
    ),
    _of_two(
        model.correlation,
        "Distance of two vectors.",
        "u, v, w=None",
        *WEIGHTED,
        refused_keywords={"centered": "the vectors are centred"},
    ),
    _of_two(
        model.minkowski,
        "Distance of two vectors.",
        "u, v, p=2, w=None",
        "a(3), a(3)",
        "a(3), a(3), 3.0",
        f"a(3), a(3), 1.5, {WEIGHTS}",
    ),
    _of_two(model.seuclidean, "Distance of two vectors.", "u, v, V", "a(3), a(3), array([0.3, 0.8, 1.2])"),
    _of_two(model.mahalanobis, "Distance of two vectors.", "u, v, VI", "a(3), a(3), spd(3)"),
    _of_two(
        model.jensenshannon,
        "Distance of two distributions.",
        "p, q, base=None, *, axis=0, keepdims=False",
        "2.0 + a(3), 2.0 + a(3)",
        "2.0 + a(3, 2), 2.0 + a(3, 2), 2.0",
        "2.0 + a(2, 3), 2.0 + a(2, 3), axis=1, keepdims=True",
    ),
    _of_two(
        model.distance_matrix,
        "Distances between two sets of points.",
        "x, y, p=2",
        "a(3, 2), a(4, 2)",
        "a(3, 2), a(4, 2), p=1",
        "a(3, 2), a(4, 2), p=inf",
        spelling="scipy.spatial.distance_matrix",
        refused_keywords={"threshold": "it has no influence on the result"},
    ),
    modelled(
        "dist",
        "math.dist",
        "p, q",
        model.dist,
        "Distance of two points.",
        why=WHY,
        real_only=True,
        samples=("a(3), a(3)", "a(2), a(2)"),
    ),
    modelled(
        "cdist",
        DISTANCE + "cdist",
        f"XA, XB, {OPTIONS}",
        model.cdist,
        "Distances between two sets of points.",
        why=WHY,
        refused_keywords=REFUSED,
        samples=(
            "a(3, 2), a(4, 2)",
            *(f"a(2, 3), a(4, 3), {case}" for case in CASES),
            "2.0 + a(2, 3), 2.0 + a(4, 3), metric='canberra'",
            "a(4, 2), a(3, 2), metric='mahalanobis'",
        ),
        options={"metric": METRICS},
    ),
    modelled(
        "pdist",
        DISTANCE + "pdist",
        f"X, {OPTIONS}",
        model.pdist,
        "Distances between the points of a set.",
        why=WHY,
        refused_keywords=REFUSED,
        samples=(
            "a(4, 2)",
            *(f"a(4, 3), {case}" for case in CASES),
            "2.0 + a(4, 3), metric='canberra'",
            "a(5, 2), metric='mahalanobis'",
        ),
        options={"metric": METRICS},
    ),
    modelled(
        "squareform",
        DISTANCE + "squareform",
        "X",
        model.squareform,
        "The matrix of distances from those of pairs, and back.",
        why="elements in other places",
        samples=("a(6)", "a(3)"),
        refused_keywords={
            "force": "a vector makes a matrix, a matrix a vector",
            "checks": "the matrix is checked",
        },
    ),
)

"""Models of scipy.spatial.distance: distances between rows of matrices.

In:  what users pass.   Out: what SciPy returns, up to rounding.
Not here: the entries that name these functions (ops/distances.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def dist(p: Any, q: Any) -> Any:
    """math.dist."""
    return float(np.linalg.norm(np.asarray(p) - np.asarray(q)))


def cdist(
    XA: Any, XB: Any, metric: str = "euclidean", p: Any = 2.0, V: Any = None, VI: Any = None, w: Any = None
) -> Any:
    """Distances of all pairs of a row of one and a row of the other."""
    XA, XB = XA.astype(float), XB.astype(float)
    if metric == "seuclidean" and V is None:
        V = np.var(np.concatenate((XA, XB)), 0, ddof=1)
    if metric == "mahalanobis" and VI is None:
        VI = np.linalg.inv(np.cov(np.concatenate((XA, XB)).T)).T
    return distance(XA[:, None, :], XB[None, :, :], metric, p, V, VI, w)


def pdist(
    X: Any, metric: str = "euclidean", p: Any = 2.0, V: Any = None, VI: Any = None, w: Any = None
) -> Any:
    """Distances of all pairs of rows."""
    X = X.astype(float)
    if metric == "seuclidean" and V is None:
        V = np.var(X, 0, ddof=1) if X.shape[0] > 1 else np.ones(X.shape[1])
    if metric == "mahalanobis" and VI is None:
        VI = np.linalg.inv(np.cov(X.T)).T
    first, second = np.triu_indices(X.shape[0], 1)
    return distance(X[first], X[second], metric, p, V, VI, w)


def jensenshannon(p: Any, q: Any, base: Any = None, axis: int = 0, keepdims: bool = False) -> Any:
    """The root of the mean divergence of two distributions from their mean."""
    p, q = p / np.sum(p, axis, keepdims=True), q / np.sum(q, axis, keepdims=True)
    m = (p + q) / 2.0
    left, right = (np.sum(_divergence(part, m), axis, keepdims=keepdims) for part in (p, q))
    total = left + right
    if base is not None:
        # In place: sums in single precision stay so.
        total /= np.log(base)
    return _root(total / 2.0, 0.5)


def _root(total: Any, power: Any) -> Any:
    """The power of a sum that is 0 at equal points, where its derivative is 0, too."""
    return np.where(total > 0.0, np.where(total > 0.0, total, 1.0) ** power, 0.0)


def _divergence(p: Any, m: Any) -> Any:
    return p * np.log(np.where(p > 0.0, p, 1.0) / np.where(p > 0.0, m, 1.0))


def distance_matrix(x: Any, y: Any, p: Any = 2) -> Any:
    """Distances of all pairs of a row of one and a row of the other."""
    return cdist(x, y, "minkowski", p)


def euclidean(u: Any, v: Any, w: Any = None) -> Any:
    """Of two vectors."""
    return distance(u, v, "euclidean", 2.0, None, None, w)


def sqeuclidean(u: Any, v: Any, w: Any = None) -> Any:
    """Of two vectors."""
    return distance(u, v, "sqeuclidean", 2.0, None, None, w)


def cityblock(u: Any, v: Any, w: Any = None) -> Any:
    """Of two vectors."""
    return distance(u, v, "cityblock", 2.0, None, None, w)


def chebyshev(u: Any, v: Any, w: Any = None) -> Any:
    """Of two vectors."""
    return distance(u, v, "chebyshev", 2.0, None, None, w)


def canberra(u: Any, v: Any, w: Any = None) -> Any:
    """Of two vectors, in double precision."""
    return distance(u.astype(float), v.astype(float), "canberra", 2.0, None, None, w)


def braycurtis(u: Any, v: Any, w: Any = None) -> Any:
    """Of two vectors, in double precision."""
    return distance(u.astype(float), v.astype(float), "braycurtis", 2.0, None, None, w)


def cosine(u: Any, v: Any, w: Any = None) -> Any:
    """Of two vectors."""
    return distance(u, v, "cosine", 2.0, None, None, w)


def correlation(u: Any, v: Any, w: Any = None) -> Any:
    """Of two vectors."""
    return distance(u, v, "correlation", 2.0, None, None, w)


def minkowski(u: Any, v: Any, p: Any = 2, w: Any = None) -> Any:
    """Of two vectors."""
    return distance(u, v, "minkowski", p, None, None, w)


def seuclidean(u: Any, v: Any, V: Any) -> Any:
    """Of two vectors."""
    return distance(u, v, "seuclidean", 2.0, np.asarray(V, dtype=np.float64), None, None)


def mahalanobis(u: Any, v: Any, VI: Any) -> Any:
    """Of two vectors."""
    return distance(u, v, "mahalanobis", 2.0, None, VI, None)


def distance(u: Any, v: Any, metric: str, p: Any, V: Any, VI: Any, w: Any) -> Any:
    """The distance along the last axis; at equal points, that of norms."""
    difference = u - v
    weights = 1.0 if w is None else w
    if metric == "euclidean":
        return np.linalg.norm(difference if w is None else difference * np.sqrt(w), axis=-1)
    if metric == "sqeuclidean":
        return np.sum(weights * difference * difference, -1)
    if metric == "seuclidean":
        return np.linalg.norm(difference / np.sqrt(V), axis=-1)
    if metric == "mahalanobis":
        return _root(np.sum((difference @ VI) * difference, -1), 0.5)
    if metric == "cityblock":
        return np.sum(weights * np.abs(difference), -1)
    if metric == "chebyshev" or (metric == "minkowski" and p == np.inf):
        return np.max(np.abs(difference) if w is None else np.where(w > 0.0, np.abs(difference), 0.0), -1)
    if metric == "minkowski":
        return _root(np.sum(weights * np.abs(difference) ** p, -1), 1.0 / p)
    if metric == "canberra":
        total = np.abs(u) + np.abs(v)
        return np.sum(weights * np.abs(difference) / np.where(total > 0.0, total, 1.0), -1)
    if metric == "braycurtis":
        return np.sum(weights * np.abs(difference), -1) / np.sum(weights * np.abs(u + v), -1)
    return 1.0 - _cosine(u, v, w, centred=metric == "correlation")


def _cosine(u: Any, v: Any, w: Any, *, centred: bool) -> Any:
    """The cosine of the angle between vectors, or between their deviations from the mean."""
    if centred:
        u = u - np.expand_dims(np.average(u, -1, w), -1)
        v = v - np.expand_dims(np.average(v, -1, w), -1)
    if w is not None:
        u, v = u * np.sqrt(w), v * np.sqrt(w)
    return np.sum(u * v, -1) / (np.linalg.norm(u, axis=-1) * np.linalg.norm(v, axis=-1))


def squareform(X: Any) -> Any:
    """The matrix of all distances of the vector of those of pairs, or that vector of the matrix."""
    if X.ndim == 2:
        first, second = np.triu_indices(X.shape[0], 1)
        return X[first, second]
    n = max(1, int(np.ceil(np.sqrt(2 * X.shape[0]))))
    first, second = np.triu_indices(n, 1)
    matrix = np.zeros((n, n), X.dtype)
    matrix[first, second] = X
    matrix[second, first] = X
    return matrix

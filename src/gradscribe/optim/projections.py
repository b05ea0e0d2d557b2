"""Projections: the nearest point of a set, as plain NumPy functions that the compiler differentiates.

Apply one after a step (projected gradient descent), or inside a loss. All numbers of a tree are one vector: those
in containers are projected together.

In:  an array of floats, or a tree of them.   Out: the same with other numbers.
Not here: constraints of SciPy's engines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradscribe.optim import tree as trees
from gradscribe.optim.structure import names_of


def projection_non_negative(tree: Any) -> Any:
    """The nearest point without negative coordinates.

    >>> projection_non_negative(np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    return trees.map(lambda x: np.maximum(x, 0.0), tree)


def projection_box(tree: Any, lower: Any, upper: Any) -> Any:
    """The nearest point between two bounds: numbers or arrays for all leaves, or trees of them.

    >>> projection_box(np.array([-1.0, 0.5, 3.0]), 0.0, 1.0)
    array([0. , 0.5, 1. ])
    """
    if names_of(lower) is None:
        return _below(trees.map(lambda x: np.maximum(x, lower), tree), upper)
    return _below(trees.map(np.maximum, tree, lower), upper)


def _below(tree: Any, upper: Any) -> Any:
    if names_of(upper) is None:
        return trees.map(lambda x: np.minimum(x, upper), tree)
    return trees.map(np.minimum, tree, upper)


def projection_hypercube(tree: Any, scale: Any = 1.0) -> Any:
    """The nearest point of [0, scale]ⁿ.

    >>> projection_hypercube(np.array([-1.0, 0.5, 3.0]))
    array([0. , 0.5, 1. ])
    """
    return projection_box(tree, 0.0, scale)


def simplex_rows(x: Any, scale: Any = 1.0) -> Any:
    """The nearest point of the simplex for each row (the last axis)."""
    descending = -np.sort(-x, axis=-1)
    excess = np.cumsum(descending, axis=-1) - scale
    inside = descending * np.arange(1, x.shape[-1] + 1) > excess
    last = np.sum(inside, axis=-1, keepdims=True) - 1
    # Counted in the precision of x: an integer count would make float64 of float32.
    count = np.sum(np.where(inside, np.ones_like(x), 0.0), axis=-1, keepdims=True)
    threshold = np.take_along_axis(excess, last, axis=-1) / count
    return np.maximum(x - threshold, 0.0)


def projection_simplex(tree: Any, scale: Any = 1.0) -> Any:
    """The nearest point with no negative coordinate and sum `scale`, over all numbers.

    References:
        Held, Wolfe & Crowder 1974, Validation of subgradient optimization.
        Duchi et al. 2008, Efficient projections onto the l1-ball for learning in high dimensions.

    >>> projection_simplex(np.array([2.0, 1.5, 0.0]))
    array([0.75, 0.25, 0.  ])
    """
    return _as_vector(simplex_rows, tree, scale)


def _as_vector(project: Callable[[Any, Any], Any], tree: Any, scale: Any) -> Any:
    """The projection of all numbers of a tree together."""
    if isinstance(tree, np.ndarray):
        return np.reshape(project(np.reshape(tree, (-1,)), scale), tree.shape)
    vector, unravel = trees.ravel(tree)
    return unravel(project(vector, scale))


def projection_l1_sphere(tree: Any, scale: Any = 1.0) -> Any:
    """The nearest point whose coordinates have the absolute sum `scale`.

    >>> projection_l1_sphere(np.array([-2.0, 1.5]))
    array([-0.75,  0.25])
    """
    return _as_vector(_l1_sphere, tree, scale)


def _l1_sphere(x: Any, scale: Any) -> Any:
    return np.sign(x) * simplex_rows(np.abs(x), scale)


def projection_l1_ball(tree: Any, scale: Any = 1.0) -> Any:
    """The nearest point whose coordinates have at most the absolute sum `scale`.

    References:
        Duchi et al. 2008, Efficient projections onto the l1-ball for learning in high dimensions.

    >>> projection_l1_ball(np.array([0.25, -0.25]))
    array([ 0.25, -0.25])
    """
    return _as_vector(_l1_ball, tree, scale)


def _l1_ball(x: Any, scale: Any) -> Any:
    if np.sum(np.abs(x)) <= scale:
        return x + 0.0
    return _l1_sphere(x, scale)


def projection_l2_sphere(tree: Any, scale: Any = 1.0) -> Any:
    """The nearest point of Euclidean norm `scale`; undefined at 0.

    >>> projection_l2_sphere(np.array([3.0, 4.0]))
    array([0.6, 0.8])
    """
    return _as_vector(lambda x, length: x * (length / np.sqrt(np.sum(x**2))), tree, scale)


def projection_l2_ball(tree: Any, scale: Any = 1.0) -> Any:
    """The nearest point of Euclidean norm at most `scale`.

    >>> projection_l2_ball(np.array([0.3, 0.4]))
    array([0.3, 0.4])
    """
    return _as_vector(_l2_ball, tree, scale)


def _l2_ball(x: Any, scale: Any) -> Any:
    return x * (scale / np.sqrt(np.maximum(np.sum(x**2), scale**2)))


def projection_linf_ball(tree: Any, scale: Any = 1.0) -> Any:
    """The nearest point of [-scale, scale]ⁿ.

    >>> projection_linf_ball(np.array([-2.0, 0.5]))
    array([-1. ,  0.5])
    """
    return projection_box(tree, -scale, scale)


def projection_vector(x: Any, a: Any) -> Any:
    """The nearest multiple of `a`.

    >>> projection_vector(np.array([1.0, 1.0]), np.array([2.0, 0.0]))
    array([1., 0.])
    """
    return a * (np.sum(x * a) / np.sum(a * a))


def projection_hyperplane(x: Any, a: Any, b: Any) -> Any:
    """The nearest point with ⟨a, x⟩ = b.

    >>> projection_hyperplane(np.array([1.0, 1.0]), np.array([1.0, 1.0]), 1.0)
    array([0.5, 0.5])
    """
    return x + a * ((b - np.sum(x * a)) / np.sum(a * a))


def projection_halfspace(x: Any, a: Any, b: Any) -> Any:
    """The nearest point with ⟨a, x⟩ ≤ b.

    >>> projection_halfspace(np.array([0.0, 1.0]), np.array([1.0, 1.0]), 2.0)
    array([0., 1.])
    """
    return x + a * np.minimum((b - np.sum(x * a)) / np.sum(a * a), 0.0)

"""Projections: the nearest point of a set, as plain NumPy functions that the compiler differentiates.

Apply one after a step (projected gradient descent), or inside a loss.

In:  an array of floats.   Out: an array of the same shape.
Not here: constraints of SciPy's engines.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def projection_non_negative(x: Any) -> Any:
    """The nearest point without negative coordinates.

    >>> projection_non_negative(np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    return np.maximum(x, 0.0)


def projection_box(x: Any, lower: Any, upper: Any) -> Any:
    """The nearest point between two bounds, numbers or arrays.

    >>> projection_box(np.array([-1.0, 0.5, 3.0]), 0.0, 1.0)
    array([0. , 0.5, 1. ])
    """
    return np.minimum(np.maximum(x, lower), upper)


def projection_hypercube(x: Any, scale: Any = 1.0) -> Any:
    """The nearest point of [0, scale]ⁿ.

    >>> projection_hypercube(np.array([-1.0, 0.5, 3.0]))
    array([0. , 0.5, 1. ])
    """
    return projection_box(x, 0.0, scale)


def simplex_rows(x: Any, scale: Any = 1.0) -> Any:
    """The nearest point of the simplex for each row (the last axis)."""
    descending = -np.sort(-x, axis=-1)
    excess = np.cumsum(descending, axis=-1) - scale
    count = np.sum(descending * np.arange(1, x.shape[-1] + 1) > excess, axis=-1, keepdims=True)
    threshold = np.take_along_axis(excess, count - 1, axis=-1) / count
    return np.maximum(x - threshold, 0.0)


def projection_simplex(x: Any, scale: Any = 1.0) -> Any:
    """The nearest point with no negative coordinate and sum `scale`, over all numbers of the array.

    References:
        Held, Wolfe & Crowder 1974, Validation of subgradient optimization.
        Duchi et al. 2008, Efficient projections onto the l1-ball for learning in high dimensions.

    >>> projection_simplex(np.array([2.0, 1.5, 0.0]))
    array([0.75, 0.25, 0.  ])
    """
    return np.reshape(simplex_rows(np.reshape(x, (-1,)), scale), x.shape)


def projection_l1_sphere(x: Any, scale: Any = 1.0) -> Any:
    """The nearest point whose coordinates have the absolute sum `scale`.

    >>> projection_l1_sphere(np.array([-2.0, 1.5]))
    array([-0.75,  0.25])
    """
    return np.sign(x) * projection_simplex(np.abs(x), scale)


def projection_l1_ball(x: Any, scale: Any = 1.0) -> Any:
    """The nearest point whose coordinates have at most the absolute sum `scale`.

    References:
        Duchi et al. 2008, Efficient projections onto the l1-ball for learning in high dimensions.

    >>> projection_l1_ball(np.array([0.25, -0.25]))
    array([ 0.25, -0.25])
    """
    if np.sum(np.abs(x)) <= scale:
        return x + 0.0
    return projection_l1_sphere(x, scale)


def projection_l2_sphere(x: Any, scale: Any = 1.0) -> Any:
    """The nearest point of Euclidean norm `scale`; undefined at 0.

    >>> projection_l2_sphere(np.array([3.0, 4.0]))
    array([0.6, 0.8])
    """
    return x * (scale / np.sqrt(np.sum(x**2)))


def projection_l2_ball(x: Any, scale: Any = 1.0) -> Any:
    """The nearest point of Euclidean norm at most `scale`.

    >>> projection_l2_ball(np.array([0.3, 0.4]))
    array([0.3, 0.4])
    """
    return x * (scale / np.sqrt(np.maximum(np.sum(x**2), scale**2)))


def projection_linf_ball(x: Any, scale: Any = 1.0) -> Any:
    """The nearest point of [-scale, scale]ⁿ.

    >>> projection_linf_ball(np.array([-2.0, 0.5]))
    array([-1. ,  0.5])
    """
    return projection_box(x, -scale, scale)


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

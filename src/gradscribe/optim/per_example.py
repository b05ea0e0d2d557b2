"""Gradients of single examples, clipped and summed: what differentially private training adds noise to.

In:  trees whose leaves have a row for each example.   Out: sums of the rows.
Not here: clipping of one gradient (clipping.py), noise (adding.py).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.layout import Layout, layout_of
from gradscribe.optim.settings import check_not_negative


def per_example_global_norm_clip(grads: Any, l2_norm_clip: float) -> tuple[Any, int]:
    """The sum over examples of gradients that are scaled to a Euclidean norm of at most `l2_norm_clip`.

    Args:
        grads: a tree of arrays; the first axis of each is that of the examples.
        l2_norm_clip: bound for the norm of all numbers of an example together.

    Returns:
        The tree of sums, and how many examples were clipped.

    Raises:
        GS350: the leaves have no axis of examples, or not all the same number.
        GS356: the bound is negative.

    References:
        Abadi et al. 2016, Deep learning with differential privacy, Algorithm 1. https://arxiv.org/abs/1607.00133

    Example:
        >>> grads = [np.array([[0.0, 0.0], [3.0, 4.0]])]
        >>> per_example_global_norm_clip(grads, 1.0)
        ([array([0.6, 0.8])], 1)
    """
    check_not_negative("per_example_global_norm_clip", l2_norm_clip=l2_norm_clip)
    layout, leaves = _examples(grads)
    sums, clipped = clipped_sums(leaves, l2_norm_clip)
    return layout.nest(sums), clipped


def per_example_layer_norm_clip(
    grads: Any, global_l2_norm_clip: float, uniform: bool = True
) -> tuple[Any, Any]:
    """The same with a bound for each leaf, whose squares sum up to that of the whole.

    Args:
        grads: a tree of arrays; the first axis of each is that of the examples.
        global_l2_norm_clip: C, which bounds the norm of all numbers of an example together.
        uniform: a bound of C / √K for each of the K leaves; else C √(share of all numbers that are in the leaf).

    Returns:
        The tree of sums, and a tree of how many examples were clipped.

    Raises:
        GS350: the leaves have no axis of examples, or not all the same number.
        GS356: the bound is negative.

    References:
        McMahan et al. 2018, Learning differentially private recurrent language models.
        https://arxiv.org/abs/1710.06963

    Example:
        >>> grads = {"a": np.array([[3.0], [0.0]]), "b": np.array([[4.0], [0.5]])}
        >>> sums, clipped = per_example_layer_norm_clip(grads, 2.0**0.5)
        >>> sums, clipped
        ({'a': array([1.]), 'b': array([1.5])}, {'a': 1, 'b': 1})
    """
    check_not_negative("per_example_layer_norm_clip", global_l2_norm_clip=global_l2_norm_clip)
    layout, leaves = _examples(grads)
    sizes = [_rows(leaf).shape[1] for leaf in leaves]
    parts = [1.0 / len(leaves) if uniform else size / sum(sizes) for size in sizes]
    shares = [
        _shares(np.sqrt(_squares(leaf)), global_l2_norm_clip * math.sqrt(part))
        for leaf, part in zip(leaves, parts, strict=True)
    ]
    sums = [_sum(leaf, share) for leaf, share in zip(leaves, shares, strict=True)]
    return layout.nest(sums), layout.nest([int(np.sum(share < 1.0)) for share in shares])


def clipped_sums(leaves: list[np.ndarray], l2_norm_clip: float) -> tuple[list[np.ndarray], int]:
    """The sums over the examples, each scaled to at most this norm, and how many were."""
    squares = sum(_squares(leaf) for leaf in leaves)
    shares = _shares(np.sqrt(squares), l2_norm_clip)
    return [_sum(leaf, shares) for leaf in leaves], int(np.sum(shares < 1.0))


def _examples(grads: Any) -> tuple[Layout, list[np.ndarray]]:
    layout = layout_of(grads, "grads")
    found = layout.read(grads)
    assert found is not None
    leaves = [np.asarray(leaf) for leaf in found]
    check_examples([part.path.replace("params", "grads", 1) for part in layout.parts], leaves)
    return layout, leaves


def check_examples(paths: list[str], leaves: list[np.ndarray]) -> None:
    """Demand that each leaf has a row for each example.

    Raises:
        GS350: one has no axis of examples, or another number of them than the first.
    """
    for path, leaf in zip(paths, leaves, strict=True):
        if leaf.ndim == 0 or leaf.shape[0] != len(leaves[0]):
            rows = "no axis of examples" if leaf.ndim == 0 else f"{len(leaf)} rows"
            others = "" if leaf is leaves[0] else f", but `{paths[0]}` has {len(leaves[0])}"
            raise no_examples(path, f"has {rows}{others}")


def no_examples(path: str, what: str) -> UsageError:
    """The error of a leaf that has not a row for each example."""
    return UsageError(
        Diagnostic(
            "GS350",
            f"`{path}` {what}",
            why="clipping each example needs the gradient of each: the first axis of every leaf",
            fix="stack `gs.grad(loss)(params, x[i], y[i])` of all i: "
            "`optim.tree.map(lambda *rows: np.stack(rows), *grads)`",
        )
    )


def _rows(leaf: np.ndarray) -> np.ndarray:
    return leaf.reshape(leaf.shape[0], -1)


def _squares(leaf: np.ndarray) -> np.ndarray:
    """The sum of squares of each example, where those of narrower floats overflow."""
    squares: np.ndarray = np.sum(_rows(leaf).astype(np.promote_types(leaf.dtype, np.float64)) ** 2, axis=1)
    return squares


def _shares(norms: Any, bound: float) -> np.ndarray:
    """How much of each example is kept; all of one that is zero."""
    shares: np.ndarray = np.minimum(1.0, np.divide(bound, norms, out=np.ones_like(norms), where=norms > 0.0))
    return shares


def _sum(leaf: np.ndarray, shares: np.ndarray) -> np.ndarray:
    wide = np.promote_types(leaf.dtype, np.float32)
    total: np.ndarray = np.tensordot(shares.astype(wide), leaf.astype(wide, copy=False), axes=1)
    return total.astype(leaf.dtype, copy=False)

"""GaLore: an optimiser that sees the gradients of matrices in a subspace of low rank, where its state is small.

In:  rates, a rank, an optimiser of gradients alone.   Out: transformations.
Not here: optimisers whose state is small in other ways (factored.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from gradscribe.optim.adam import scale_by_adam
from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Core, Extra, foreign_state
from gradscribe.optim.kinds import checked
from gradscribe.optim.labels import labels_of
from gradscribe.optim.layout import Layout, layout_of
from gradscribe.optim.masking import Mask
from gradscribe.optim.matrices import Axes, Matrices
from gradscribe.optim.scaling import ScalarOrSchedule, scale_by_learning_rate
from gradscribe.optim.settings import check_counts
from gradscribe.optim.transformation import GradientTransformation, core_of
from gradscribe.optim.vector import Vector


class GaLoreDimensionNumbers(NamedTuple):
    """The axes of a leaf that are the rows of a matrix, and those that are its columns; together all axes."""

    reduction_axis: Axes = 0
    output_axis: Axes = 1


class GaLoreState(NamedTuple):
    """Steps done, the state of the optimiser in the subspaces, and their bases; None for leaves that have none."""

    count: int  # type: ignore[assignment]
    base_optimizer_state: Any
    projector: tuple[np.ndarray | None, ...]


@dataclass(frozen=True, eq=False)
class _GaLore(Core):
    """`known` are the matrices of each layout, None for leaves that are seen whole."""

    base: Core
    rank: int
    gap: int
    scale: float
    axes: Any
    name: str = "scale_by_galore"
    known: dict[Layout, list[Matrices | None]] = field(default_factory=dict)

    def init(self, params: Vector) -> GaLoreState:
        bases = []
        for matrix, leaf in zip(self._matrices(params), params.leaves, strict=True):
            size = None if matrix is None else max(matrix.rows, matrix.columns)
            bases.append(None if matrix is None else np.zeros((size or 0, self._rank(matrix)), leaf.dtype))
        return GaLoreState(0, self.base.init(self._projected(params, params, bases)), tuple(bases))

    def update(
        self, g: Vector, state: GaLoreState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, GaLoreState]:
        bases = self._bases(g, state)
        low, base = self.base.update(self._projected(g, g, bases), state.base_optimizer_state, None, extra)
        found = []
        for matrix, basis, part, leaf in zip(
            self._matrices(g), bases, g.layout.parts, low.leaves, strict=True
        ):
            if matrix is None or basis is None:
                found.append(leaf)
            else:
                back = basis @ leaf if matrix.rows >= matrix.columns else leaf @ basis.T
                found.append(self.scale * matrix.leaf(back, part.shape))
        return Vector(g.layout, buffers=g.layout.joined(found)), GaLoreState(state.count + 1, base, bases)

    def _bases(self, g: Vector, state: GaLoreState) -> tuple[np.ndarray | None, ...]:
        """The leading singular vectors of the gradients, at every so many steps."""
        matrices = self._matrices(g)
        if len(state.projector) != len(matrices):
            raise foreign_state(self.name, "was made for other parameters")
        if state.count % self.gap:
            return state.projector
        bases: list[np.ndarray | None] = []
        for matrix, leaf in zip(matrices, g.leaves, strict=True):
            bases.append(None if matrix is None else self._basis(matrix, leaf))
        return tuple(bases)

    def _basis(self, matrix: Matrices, leaf: np.ndarray) -> np.ndarray:
        seen, rank = matrix.seen(leaf)[0], self._rank(matrix)
        if not np.isfinite(seen).all():
            # As in any optimiser, what is no number makes updates that are none.
            return np.full((max(matrix.rows, matrix.columns), rank), np.nan, leaf.dtype)
        # Decompositions are of single or double precision.
        wide: np.ndarray = seen.astype(np.float32 if leaf.dtype.itemsize <= 4 else np.float64, copy=False)
        left, _, right = np.linalg.svd(wide, full_matrices=False)
        chosen = left if matrix.rows >= matrix.columns else right.T
        return np.ascontiguousarray(chosen[:, :rank], dtype=leaf.dtype)

    def _projected(self, vector: Vector, params: Vector, bases: Any) -> Vector:
        """Gradients in the subspaces, by the paths of their leaves."""
        found = {}
        matrices = self._matrices(params)
        for part, leaf, matrix, basis in zip(
            vector.layout.parts, vector.leaves, matrices, bases, strict=True
        ):
            if matrix is None:
                found[part.path] = leaf
            elif matrix.rows >= matrix.columns:
                found[part.path] = basis.T @ matrix.seen(leaf)[0]
            else:
                found[part.path] = matrix.seen(leaf)[0] @ basis
        return Vector(layout_of(found), leaves=list(found.values()))

    def _rank(self, matrix: Matrices) -> int:
        return min(self.rank, matrix.rows, matrix.columns)

    def _matrices(self, vector: Vector) -> list[Matrices | None]:
        layout = vector.layout
        if layout not in self.known:
            self.known[layout] = [
                None if axes is None else Matrices.of(part, "galore", axes, stacked=False)
                for part, axes in zip(layout.parts, self._axes(vector), strict=True)
            ]
        return self.known[layout]

    def _axes(self, vector: Vector) -> list[GaLoreDimensionNumbers | None]:
        parts, axes = vector.layout.parts, self.axes
        if axes is None:
            return [GaLoreDimensionNumbers() if len(part.shape) == 2 else None for part in parts]
        if isinstance(axes, GaLoreDimensionNumbers):
            return [axes if len(part.shape) >= 2 else None for part in parts]
        tree = axes(vector.tree()) if callable(axes) else axes
        return labels_of(vector.layout, tree, GaLoreDimensionNumbers, "galore")


@checked
def scale_by_galore(
    rank: int = 128,
    update_proj_gap: int = 200,
    scale: float = 1.0,
    base_optimizer: GradientTransformation | None = None,
    weight_dimension_numbers: Any | Callable[[Any], Any] = None,
) -> GradientTransformation:
    """An optimiser of gradients in a subspace: P u(Pᵀ g) for a matrix g, P its leading singular vectors.

    Args:
        rank: of the subspaces.
        update_proj_gap: after how many steps they are found anew.
        scale: multiplies the updates of matrices.
        base_optimizer: of gradients alone; `scale_by_adam()` by default.
        weight_dimension_numbers: which leaves are matrices: those of two axes by default; one
            `GaLoreDimensionNumbers` for all leaves of two axes or more; a tree of them, None for leaves that are
            seen whole; or a function from the parameters to such a tree.

    Raises:
        GS352: the optimiser needs the parameters, which are of another shape than the subspaces.
        GS355: a part of the tree is neither `GaLoreDimensionNumbers` nor None.
        GS356: they do not name each axis of a leaf once.

    References:
        Zhao et al. 2024, GaLore: memory-efficient LLM training by gradient low-rank projection, Algorithm 2.
        https://arxiv.org/abs/2403.03507

    Example:
        >>> opt, params = scale_by_galore(rank=1), np.ones((3, 2))
        >>> grads, state = np.outer([1.0, 2.0, 2.0], [3.0, 4.0]), opt.init(params)
        >>> [basis.shape for basis in state.projector], state.base_optimizer_state.mu[0].size
        ([(3, 1)], 2)
        >>> print(opt.update(grads, state, params)[0])
        [[0.33333333 0.33333333]
         [0.66666667 0.66666667]
         [0.66666667 0.66666667]]
    """
    check_counts("scale_by_galore", rank=rank, update_proj_gap=update_proj_gap)
    core = core_of(scale_by_adam() if base_optimizer is None else base_optimizer)
    return GradientTransformation.of(_GaLore(core, rank, update_proj_gap, scale, weight_dimension_numbers))


@checked
def galore(
    learning_rate: ScalarOrSchedule,
    rank: int = 128,
    update_proj_gap: int = 200,
    scale: float = 1.0,
    base_optimizer: GradientTransformation | None = None,
    weight_decay: float = 0.0,
    mask: Mask | None = None,
    weight_dimension_numbers: Any | Callable[[Any], Any] = None,
) -> GradientTransformation:
    """Adam, or another optimiser of gradients alone, whose moments of matrices are kept in a subspace of low rank.

    Args:
        learning_rate: η.
        rank: as in `scale_by_galore`.
        update_proj_gap: as in `scale_by_galore`.
        scale: as in `scale_by_galore`.
        base_optimizer: as in `scale_by_galore`.
        weight_decay: decoupled, of the whole parameters.
        mask: which parameters decay, as in `masked`.
        weight_dimension_numbers: as in `scale_by_galore`.

    References:
        Zhao et al. 2024, GaLore: memory-efficient LLM training by gradient low-rank projection, Algorithm 2.
        https://arxiv.org/abs/2403.03507

    Example:
        >>> opt, params = galore(0.3, rank=1), np.ones((3, 2))
        >>> grads = np.outer([1.0, 2.0, 2.0], [3.0, 4.0])
        >>> print(opt.step(params, grads, opt.init(params))[0])
        [[0.9 0.9]
         [0.8 0.8]
         [0.8 0.8]]
    """
    return chain(
        scale_by_galore(rank, update_proj_gap, scale, base_optimizer, weight_dimension_numbers),
        add_decayed_weights(weight_decay, mask),
        scale_by_learning_rate(learning_rate),
    )

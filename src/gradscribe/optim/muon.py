"""Muon: momentum whose matrices are orthogonalised.

In:  rates.   Out: transformations.
Not here: the orthogonalisation (newton_schulz.py), AdamW for everything that is no matrix (adam.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from gradscribe.optim.adam import adamw, lead_of
from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Core, Extra, Step, foreign_state
from gradscribe.optim.kinds import checked
from gradscribe.optim.labels import labels_of
from gradscribe.optim.layout import Layout, Part, layout_of
from gradscribe.optim.masking import Mask, partition
from gradscribe.optim.matrices import Axes, Matrices, no_matrix
from gradscribe.optim.narrowing import narrowed
from gradscribe.optim.newton_schulz import (
    NEWTON_SCHULZ,
    PRECONDITIONINGS,
    Triple,
    coefficients_of,
    orthogonalize,
)
from gradscribe.optim.scaling import EmptyState, ScalarOrSchedule, scale_by_learning_rate
from gradscribe.optim.settings import check_decays, refused
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.vector import Vector

Coefficients = Triple | Sequence[Triple] | str


class MuonDimensionNumbers(NamedTuple):
    """The axes of a leaf that are the rows of a matrix, and those that are its columns; others number matrices."""

    reduction_axis: Axes = 0
    output_axis: Axes = 1


class MuonState(NamedTuple):
    """Steps done, and the mean of gradients of each leaf."""

    count: int  # type: ignore[assignment]
    mu: tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class _OfMatrices(Core):
    """What is done to leaves as stacks of matrices.

    Attributes:
        axes: `MuonDimensionNumbers` for all leaves, a tree of them, or a function that makes it; None for leaves
            of two axes.
        name: what the user called.
        known: the matrices of each layout.
    """

    axes: Any
    name: str = "scale_by_muon"
    known: dict[Layout, list[Matrices]] = field(default_factory=dict)

    def matrices(self, vector: Vector) -> list[Matrices]:
        """Of each leaf."""
        layout = vector.layout
        if layout not in self.known:
            axes = self.axes(vector.tree()) if callable(self.axes) else self.axes
            if axes is None:
                found: list[Any] = [
                    MuonDimensionNumbers() if len(p.shape) == 2 else None for p in layout.parts
                ]
            else:
                found = labels_of(layout, axes, MuonDimensionNumbers, "scale_by_muon")
            self.known[layout] = [
                _seen(p, one, self.name) for p, one in zip(layout.parts, found, strict=True)
            ]
        return self.known[layout]


def _seen(part: Part, axes: MuonDimensionNumbers | None, name: str) -> Matrices:
    if axes is None or len(part.shape) < 2:
        fix = "use `muon`, which moves other leaves by AdamW, or name the axes: `weight_dimension_numbers`"
        raise no_matrix(part, name, "give None for this leaf: AdamW moves it" if name == "muon" else fix)
    return Matrices.of(part, name, axes, stacked=True)


@dataclass(frozen=True, eq=False)
class _Muon(_OfMatrices):
    """The orthogonalised mean of gradients."""

    coefficients: tuple[Triple, ...] = ()
    beta: float = 0.95
    eps: float = 1e-8
    nesterov: bool = True
    adaptive: bool = False
    preconditioning: str = "frobenius"

    def init(self, params: Vector) -> MuonState:
        self.matrices(params)
        return MuonState(0, tuple(map(np.zeros_like, params.leaves)))

    def update(
        self, g: Vector, state: MuonState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, MuonState]:
        count = state.count + 1
        ahead, now = lead_of(Step(count, g, params, extra, state), self.beta, self.nesterov)
        updates, means = [], []
        for matrices, leaf, mu in zip(self.matrices(g), g.leaves, state.mu, strict=True):
            if mu.shape != leaf.shape:
                raise foreign_state(self.name, "was made for other parameters")
            mean = np.asarray(self.beta * mu + (1.0 - self.beta) * leaf, dtype=leaf.dtype)
            updates.append(self._orthogonal(matrices, ahead * mean + now * leaf))
            means.append(mean)
        return Vector(g.layout, buffers=g.layout.joined(updates)), MuonState(count, tuple(means))

    def _orthogonal(self, matrices: Matrices, lead: np.ndarray) -> np.ndarray:
        if lead.size == 0:
            return lead
        turned = orthogonalize(matrices.seen(lead), self.coefficients, self.preconditioning, self.eps)
        found = matrices.leaf(turned, lead.shape)
        return np.sum(lead * found) * found if self.adaptive else found


@dataclass(frozen=True, eq=False)
class _ByShape(_OfMatrices):
    """Each leaf times a number that depends on the shape of its matrices."""

    consistent_rms: float | None = None

    def init(self, params: Vector) -> EmptyState:
        return EmptyState()

    def update(self, g: Vector, state: Any, params: Vector | None, extra: Extra) -> tuple[Vector, Any]:
        leaves = [self._factor(m) * leaf for m, leaf in zip(self.matrices(g), g.leaves, strict=True)]
        return Vector(g.layout, buffers=g.layout.joined(leaves)), state

    def _factor(self, matrices: Matrices) -> float:
        if matrices.rows == 0 or matrices.columns == 0:
            return 1.0
        if self.consistent_rms is not None:
            return math.sqrt(max(matrices.rows, matrices.columns)) * self.consistent_rms
        return math.sqrt(max(1.0, matrices.columns / matrices.rows))


@checked
def scale_by_muon(
    ns_coeffs: Coefficients = NEWTON_SCHULZ,
    ns_steps: int = 5,
    beta: float = 0.95,
    eps: float = 1e-8,
    mu_dtype: DTypeLike | None = None,
    *,
    nesterov: bool = True,
    adaptive: bool = False,
    preconditioning: str = "frobenius",
    weight_dimension_numbers: Any | Callable[[Any], Any] = None,
) -> GradientTransformation:
    """The orthogonalised mean of gradients; leaves are matrices (in, out).

    Args:
        ns_coeffs: of the Newton-Schulz iteration: three numbers; three for each iteration; or "standard" or
            "dion".
        ns_steps: how many iterations, unless the coefficients say so.
        beta: decay of the mean of gradients.
        eps: least norm that is divided by.
        mu_dtype: as in `adam`.
        nesterov: look one step ahead.
        adaptive: times the inner product of the mean and what it became, the dual norm of the mean.
        preconditioning: what the iteration starts with is divided by the Frobenius norm, "frobenius"; the largest
            singular value, "spectral"; sums over rows of x xᵀ, "aol"; or the Frobenius norm of x xᵀ under the
            root, "schatten". The last two save an iteration.
        weight_dimension_numbers: which axes of leaves are rows and columns: `MuonDimensionNumbers` for all, a tree
            of them, or a function from the parameters to such a tree. All leaves are matrices if None.

    Raises:
        GS351: a leaf is no matrix.
        GS356: coefficients, preconditioning or axes mean nothing.

    References:
        Jordan et al. 2024, Muon. https://kellerjordan.github.io/posts/muon/
        Bernstein & Newhouse 2024, Old optimizer, new norm: an anthology (`adaptive`). https://arxiv.org/abs/2409.20325
        Ahn et al. 2025, Dion: distributed orthonormalized updates ("dion"). https://arxiv.org/abs/2504.05295
        Boissin et al. 2025, Turbo-Muon ("aol"). https://arxiv.org/abs/2512.04632
        Grishina et al. 2025, Accelerating Newton-Schulz iteration for orthogonalization via Chebyshev-type
        polynomials ("schatten"). https://arxiv.org/abs/2506.10935

    Example:
        >>> opt = scale_by_muon()
        >>> params = np.ones((2, 2))
        >>> print(opt.update(np.array([[1.0, 2.0], [0.5, 0.0]]), opt.init(params), params)[0])
        [[ 0.25860064  0.67497741]
         [ 0.76040479 -0.31555224]]
    """
    name = "scale_by_muon"
    check_decays(name, beta=beta)
    if preconditioning not in PRECONDITIONINGS:
        fix = f"pass one of {', '.join(map(repr, PRECONDITIONINGS))}"
        raise refused(name, f"`preconditioning` is {preconditioning!r}", fix)
    core = _Muon(
        weight_dimension_numbers,
        coefficients=coefficients_of(name, ns_coeffs, ns_steps),
        beta=beta,
        eps=eps,
        nesterov=nesterov,
        adaptive=adaptive,
        preconditioning=preconditioning,
    )
    return narrowed(GradientTransformation.of(core), mu_dtype, "mu")


class _Chosen:
    """Which leaves Muon moves, and by which axes; asked for all parameters, and then for those that it moves."""

    def __init__(self, axes: Any) -> None:
        self.axes = axes
        self.known: dict[tuple[str, tuple[int, ...]], MuonDimensionNumbers] = {}

    def labels(self, params: Any) -> Any:
        """By leaf, "muon" or "adam"."""
        layout = layout_of(params)
        chosen = self._all(params, layout)
        for part, axes in zip(layout.parts, chosen, strict=True):
            if axes is not None:
                # Of the part that is moved, leaves have other paths.
                _seen(part, axes, "muon")
                self.known[part.path, part.shape] = axes
        return layout.nest(["adam" if axes is None else "muon" for axes in chosen])

    def _all(self, params: Any, layout: Layout) -> list[MuonDimensionNumbers | None]:
        axes = self.axes(params) if callable(self.axes) else self.axes
        if axes is None:
            return [MuonDimensionNumbers() if len(part.shape) == 2 else None for part in layout.parts]
        if isinstance(axes, MuonDimensionNumbers):
            return [axes if len(part.shape) >= 2 else None for part in layout.parts]
        return labels_of(layout, axes, MuonDimensionNumbers, "muon")

    def of_part(self, part: Any) -> Any:
        """By leaf of those that Muon moves, which are named by their paths."""
        return {path: self.known[path, np.shape(leaf)] for path, leaf in part.items()}


@checked
def muon(
    learning_rate: ScalarOrSchedule,
    ns_coeffs: Coefficients = NEWTON_SCHULZ,
    ns_steps: int = 5,
    beta: float = 0.95,
    eps: float = 1e-8,
    weight_decay: ScalarOrSchedule = 0.0,
    weight_decay_mask: Mask | None = None,
    mu_dtype: DTypeLike | None = None,
    *,
    nesterov: bool = True,
    adaptive: bool = False,
    preconditioning: str = "frobenius",
    adam_b1: float = 0.9,
    adam_b2: float = 0.999,
    adam_eps_root: float = 0.0,
    adam_weight_decay: ScalarOrSchedule = 0.0,
    adam_learning_rate: ScalarOrSchedule | None = None,
    muon_weight_dimension_numbers: Any | Callable[[Any], Any] = None,
    consistent_rms: float | None = None,
) -> GradientTransformation:
    """Matrices move along orthogonalised momentum, times √max(1, columns/rows); everything else by AdamW.

    Args:
        learning_rate: η; of AdamW too, unless it has its own.
        ns_coeffs: as in `scale_by_muon`.
        ns_steps: as in `scale_by_muon`.
        beta: as in `scale_by_muon`.
        eps: as in `scale_by_muon`.
        weight_decay: of matrices.
        weight_decay_mask: which matrices decay, by the paths of the leaves, or a function that makes it.
        mu_dtype: as in `adam`, of both.
        nesterov: as in `scale_by_muon`.
        adaptive: as in `scale_by_muon`.
        preconditioning: as in `scale_by_muon`.
        adam_b1: of AdamW.
        adam_b2: of AdamW.
        adam_eps_root: of AdamW.
        adam_weight_decay: of AdamW.
        adam_learning_rate: of AdamW.
        muon_weight_dimension_numbers: which leaves are matrices: those of two axes by default; one
            `MuonDimensionNumbers` for all leaves of two axes or more; a tree of them, None for leaves that AdamW
            moves; or a function from the parameters to such a tree. Axes that are not named number matrices, each
            of which is orthogonalised by itself.
        consistent_rms: if given, matrices move by this root mean square, as AdamW's steps do (about 0.2).

    Raises:
        GS355: a part of the tree is neither `MuonDimensionNumbers` nor None.
        GS356: coefficients, preconditioning or axes mean nothing.

    References:
        Jordan et al. 2024, Muon: an optimizer for hidden layers in neural networks.
        https://kellerjordan.github.io/posts/muon/
        Liu et al. 2025, Muon is scalable for LLM training (`consistent_rms`). https://arxiv.org/abs/2502.16982

    Example:
        >>> opt = muon(0.1)
        >>> params = np.ones((2, 2))
        >>> print(opt.step(params, np.array([[1.0, 2.0], [0.5, 0.0]]), opt.init(params))[0])
        [[0.97413994 0.93250226]
         [0.92395952 1.03155522]]
    """
    chosen = _Chosen(muon_weight_dimension_numbers)
    matrices = chain(
        scale_by_muon(
            ns_coeffs,
            ns_steps,
            beta,
            eps,
            mu_dtype,
            nesterov=nesterov,
            adaptive=adaptive,
            preconditioning=preconditioning,
            weight_dimension_numbers=chosen.of_part,
        ),
        GradientTransformation.of(_ByShape(chosen.of_part, "muon", consistent_rms=consistent_rms)),
        add_decayed_weights(weight_decay, weight_decay_mask),
        scale_by_learning_rate(learning_rate),
    )
    rest = adamw(
        learning_rate if adam_learning_rate is None else adam_learning_rate,
        adam_b1,
        adam_b2,
        eps,
        adam_eps_root,
        mu_dtype,
        adam_weight_decay,
        nesterov=nesterov,
    )
    return partition({"muon": matrices, "adam": rest}, chosen.labels)

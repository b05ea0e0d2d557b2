"""SOPHIA: steps over an estimate of the diagonal of the Hessian, from products that the compiler derives.

In:  rates.   Out: transformations; `step` needs `obj_fn=`, the loss as a function of the parameters alone.
Not here: Hessian-vector products (api/jacobian.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Core, Extra, needs_keyword, needs_params
from gradscribe.optim.masking import Mask
from gradscribe.optim.scaling import ScalarOrSchedule, scale_by_learning_rate
from gradscribe.optim.settings import check_decays
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.vector import Buffers, Vector, vector_of


class SophiaState(NamedTuple):
    """Steps done; the mean of gradients, and that of estimates of the Hessian's diagonal."""

    count: int  # type: ignore[assignment]
    mu: Buffers
    nu: Buffers


@dataclass(frozen=True)
class _Sophia(Core):
    b1: float
    b2: float
    eps: float
    gamma: float
    clip_threshold: float | None
    update_interval: int
    seed: int
    name = "scale_by_sophia"

    def init(self, params: Vector) -> SophiaState:
        return SophiaState(0, params.layout.zeros(), params.layout.zeros())

    def update(
        self, g: Vector, state: SophiaState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, SophiaState]:
        count = state.count + 1
        mean = g.each(lambda g, m: self.b1 * m + (1.0 - self.b1) * g, state.mu)
        correction = 1.0 / (1.0 - self.b1**count)

        def direction(m: np.ndarray, h: np.ndarray) -> np.ndarray:
            step = correction * m / np.maximum(self.gamma * h, self.eps)
            bound = self.clip_threshold
            return step if bound is None else np.clip(step, -bound, bound)

        found = mean.each(direction, state.nu)
        nu = state.nu
        if state.count % self.update_interval == 0:
            diagonal = self._diagonal(params, extra, state.count)
            nu = diagonal.each(lambda d, h: self.b2 * h + (1.0 - self.b2) * d, nu).buffers
        return found, SophiaState(count, mean.buffers, nu)

    def _diagonal(self, params: Vector | None, extra: Extra, count: int) -> Vector:
        """Hutchinson's estimate: z ⊙ H z for random signs z has the diagonal of H for its mean."""
        # The compiler, which no other optimiser needs, is loaded when the first Hessian is.
        from gradscribe.api.jacobian import hvp

        if params is None:
            raise needs_params(self.name)
        if "obj_fn" not in extra:
            raise needs_keyword(self.name, "obj_fn", "the loss as a function of the parameters alone")
        rng = np.random.Generator(np.random.Philox(key=self.seed, counter=[0, 0, 0, count]))
        signs = params.each(lambda p: (2.0 * rng.integers(0, 2, p.size) - 1.0).astype(p.dtype))
        product = hvp(extra["obj_fn"], (params.tree(),), (signs.tree(),))
        return signs.each(np.multiply, vector_of(params.layout, product, "obj_fn"))


def scale_by_sophia(
    b1: float = 0.965,
    b2: float = 0.99,
    eps: float = 1e-8,
    gamma: float = 0.01,
    clip_threshold: float | None = 1.0,
    update_interval: int = 10,
    seed: int = 0,
) -> GradientTransformation:
    """The mean of gradients over max(γ h, ε), clipped; h is the mean of estimates of the Hessian's diagonal.

    Raises:
        GS352: `update` was called without `obj_fn=`.

    References:
        Liu et al. 2023, Sophia, Algorithm 3. https://arxiv.org/abs/2305.14342
    """
    check_decays("scale_by_sophia", b1=b1, b2=b2)
    return GradientTransformation.of(_Sophia(b1, b2, eps, gamma, clip_threshold, update_interval, seed))


def sophia(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.965,
    b2: float = 0.99,
    eps: float = 1e-8,
    weight_decay: ScalarOrSchedule = 1e-4,
    weight_decay_mask: Mask | None = None,
    gamma: float = 0.01,
    clip_threshold: float | None = 1.0,
    update_interval: int = 10,
    seed: int = 0,
) -> GradientTransformation:
    """Second-order steps that are clipped where the curvature is small or negative.

    Args:
        learning_rate: η.
        b1: decay of the mean of gradients.
        b2: decay of the mean of Hessian estimates.
        eps: least curvature.
        weight_decay: decoupled.
        weight_decay_mask: which parameters decay, as in `masked`.
        gamma: γ; smaller clips more.
        clip_threshold: longest step of a number, in units of η; None does not clip.
        update_interval: the Hessian is estimated at every so many steps.
        seed: of the random signs.

    Raises:
        GS352: `step` was called without `obj_fn=`, the loss as a function of the parameters alone.

    References:
        Liu et al. 2023, Sophia: a scalable stochastic second-order optimizer for language model pre-training.
        https://arxiv.org/abs/2305.14342
    """
    return chain(
        scale_by_sophia(b1, b2, eps, gamma, clip_threshold, update_interval, seed),
        add_decayed_weights(weight_decay, weight_decay_mask),
        scale_by_learning_rate(learning_rate),
    )

"""SOPHIA: steps over an estimate of the diagonal of the Hessian.

In:  rates.   Out: transformations; `step` needs `obj_fn=`, the loss as a function of the parameters alone.
Not here: the estimate (curvature.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Core, Extra
from gradscribe.optim.curvature import hutchinson_estimator_diag_hessian
from gradscribe.optim.kinds import checked
from gradscribe.optim.masking import Mask
from gradscribe.optim.narrowing import narrowed
from gradscribe.optim.scaling import ScalarOrSchedule, scale_by_learning_rate
from gradscribe.optim.settings import check_counts, check_decays
from gradscribe.optim.transformation import GradientTransformation, core_of
from gradscribe.optim.vector import Buffers, Vector


class SophiaState(NamedTuple):
    """Steps done; the means of gradients and of estimates of the Hessian's diagonal; the estimator's state."""

    count: int  # type: ignore[assignment]
    mu: Buffers
    nu: Buffers
    hessian_fn_state: Any


@dataclass(frozen=True, eq=False)
class _Sophia(Core):
    b1: float
    b2: float
    eps: float
    gamma: float
    clip_threshold: float | None
    update_interval: int
    estimator: Core
    name = "scale_by_sophia"

    def init(self, params: Vector) -> SophiaState:
        return SophiaState(0, params.layout.zeros(), params.layout.zeros(), self.estimator.init(params))

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
        nu, estimate = state.nu, state.hessian_fn_state
        if state.count % self.update_interval == 0:
            diagonal, estimate = self.estimator.update(g, estimate, params, extra)
            nu = diagonal.each(lambda d, h: self.b2 * h + (1.0 - self.b2) * d, nu).buffers
        return found, SophiaState(count, mean.buffers, nu, estimate)


@checked
def scale_by_sophia(
    b1: float = 0.965,
    b2: float = 0.99,
    eps: float = 1e-8,
    gamma: float = 0.01,
    clip_threshold: float | None = 1.0,
    update_interval: int = 10,
    hessian_diagonal_fn: GradientTransformation | None = None,
    mu_dtype: DTypeLike | None = None,
) -> GradientTransformation:
    """The mean of gradients over max(γ h, ε), clipped; h is the mean of estimates of the Hessian's diagonal.

    Raises:
        GS352: `update` was called without `obj_fn=`.

    References:
        Liu et al. 2023, Sophia, Algorithm 3. https://arxiv.org/abs/2305.14342
    """
    check_decays("scale_by_sophia", b1=b1, b2=b2)
    check_counts("scale_by_sophia", update_interval=update_interval)
    if hessian_diagonal_fn is None:
        hessian_diagonal_fn = hutchinson_estimator_diag_hessian()
    estimator = core_of(hessian_diagonal_fn)
    core = _Sophia(b1, b2, eps, gamma, clip_threshold, update_interval, estimator)
    return narrowed(GradientTransformation.of(core), mu_dtype, "mu")


@checked
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
    hessian_diagonal_fn: GradientTransformation | None = None,
    mu_dtype: DTypeLike | None = None,
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
        hessian_diagonal_fn: estimates the diagonal in place of the updates; `hutchinson_estimator_diag_hessian()`
            by default.
        mu_dtype: as in `adam`.

    Raises:
        GS352: `step` was called without `obj_fn=`, the loss as a function of the parameters alone.

    References:
        Liu et al. 2023, Sophia: a scalable stochastic second-order optimizer for language model pre-training.
        https://arxiv.org/abs/2305.14342
    """
    return chain(
        scale_by_sophia(b1, b2, eps, gamma, clip_threshold, update_interval, hessian_diagonal_fn, mu_dtype),
        add_decayed_weights(weight_decay, weight_decay_mask),
        scale_by_learning_rate(learning_rate),
    )

"""MoMo: momentum whose step is as long as a model of the loss allows, from averages of losses and gradients.

In:  the longest rate and a lower bound of the loss.   Out: transformations that want `value=`.
Not here: Polyak's step without momentum (sgd.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gradscribe.optim.core import Core, Extra, needs_keyword, needs_params
from gradscribe.optim.kinds import checked
from gradscribe.optim.scaling import ScalarOrSchedule, rate_at
from gradscribe.optim.settings import check_decays, check_rate
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.vector import Buffers, Vector

TINY = float(np.finfo(float).eps)


class MomoState(NamedTuple):
    """Steps done; means of gradients, of losses, and of ⟨g, x⟩; the lower bound of the loss."""

    count: int  # type: ignore[assignment]
    exp_avg: Buffers
    barf: float
    gamma: float
    lb: float


class MomoAdamState(NamedTuple):
    """As `MomoState`, with the mean of squared gradients."""

    count: int  # type: ignore[assignment]
    exp_avg: Buffers
    exp_avg_sq: Buffers
    barf: float
    gamma: float
    lb: float


@dataclass(frozen=True)
class _Model:
    """The averaged linear model of the loss, max(f̄ + ⟨d, x - x̄⟩, lower bound), at the parameters.

    Attributes:
        value: f̄ - ⟨d, x̄⟩, without the bound.
        inner: ⟨d, x⟩.
        square: of the norm of d, in the metric of the step.
        decay: 1 + η λ, of the weight decay.
        correction: what the averages lack for having started at zero.
    """

    value: float
    inner: float
    square: float
    decay: float
    correction: float

    def bound(self, bound: float, least: float, *, adapts: bool) -> float:
        """The lower bound; lowered where the model lies below it."""
        top = self.decay * self.value + self.inner
        if adapts and top < self.decay * self.correction * bound:
            return max(top / (2.0 * self.decay * self.correction), least)
        return bound

    def length(self, bound: float, longest: float) -> float:
        """How far along -d the model stays above the bound, up to the longest step."""
        if self.square <= TINY:
            return 0.0
        height = self.decay * (self.value - self.correction * bound) + self.inner
        return min(longest, max(height, 0.0) / self.square)

    def bound_after(self, bound: float, length: float, least: float, *, adapts: bool) -> float:
        """What the model says of the smallest loss."""
        if not adapts:
            return bound
        return max((self.value + self.inner - 0.5 * length * self.square) / self.correction, least)


@dataclass(frozen=True, eq=False)
class _Momo(Core):
    learning_rate: ScalarOrSchedule
    beta: float
    lower_bound: float
    weight_decay: float
    adapts: bool
    name = "momo"

    def init(self, params: Vector) -> MomoState:
        return MomoState(0, params.layout.zeros(), 0.0, 0.0, self.lower_bound)

    def update(
        self, g: Vector, state: MomoState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, MomoState]:
        params, loss = _given(self.name, params, extra)
        beta = self.beta if state.count else 0.0
        mean = g.each(lambda g, d: beta * d + (1.0 - beta) * g, state.exp_avg)
        losses = beta * state.barf + (1.0 - beta) * loss
        gamma = beta * state.gamma + (1.0 - beta) * g.dot(params)
        rate = rate_at(self.learning_rate, state.count)
        decay = 1.0 + rate * self.weight_decay
        model = _Model(losses - gamma, mean.dot(params), mean.dot(mean), decay, 1.0)
        bound = model.bound(state.lb, self.lower_bound, adapts=self.adapts)
        length = model.length(bound, rate)
        shrink = (decay - 1.0) / decay
        found = params.each(lambda p, d: -shrink * p - length * d, mean)
        after = model.bound_after(state.lb, length, self.lower_bound, adapts=self.adapts)
        return found, MomoState(state.count + 1, mean.buffers, losses, gamma, after)


@checked
def momo(
    learning_rate: ScalarOrSchedule = 1.0,
    beta: float = 0.9,
    lower_bound: float = 0.0,
    weight_decay: float = 0.0,
    adapt_lower_bound: bool = False,
) -> GradientTransformation:
    """Momentum with an adaptive rate: u = -min(η, (f̄ + ⟨d, x⟩ - ⟨g, x⟩‾ - f*)₊ / |d|²) d; `step` takes `value=`.

    Args:
        learning_rate: η, the largest rate.
        beta: decay of the averages.
        lower_bound: f*, which the loss does not go below.
        weight_decay: as a proximal step.
        adapt_lower_bound: estimate f* along the way, from `lower_bound` on.

    Raises:
        GS352: `value`, the loss, is missing.

    References:
        Schaipp et al. 2024, MoMo: momentum models for adaptive learning rates, Algorithm 1.
        https://arxiv.org/abs/2305.07583

    Example:
        >>> opt, params = momo(), np.array([1.0, 2.0])
        >>> params, state = opt.step(params, np.array([2.0, 4.0]), opt.init(params), value=5.0)
        >>> params
        array([0.5, 1. ])
    """
    check_decays("momo", beta=beta)
    check_rate("momo", learning_rate)
    return GradientTransformation.of(_Momo(learning_rate, beta, lower_bound, weight_decay, adapt_lower_bound))


@dataclass(frozen=True, eq=False)
class _MomoAdam(Core):
    learning_rate: ScalarOrSchedule
    b1: float
    b2: float
    eps: float
    lower_bound: float
    weight_decay: float
    adapts: bool
    name = "momo_adam"

    def init(self, params: Vector) -> MomoAdamState:
        zeros = params.layout.zeros
        return MomoAdamState(0, zeros(), zeros(), 0.0, 0.0, self.lower_bound)

    def update(
        self, g: Vector, state: MomoAdamState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, MomoAdamState]:
        params, loss = _given(self.name, params, extra)
        b1, b2, count = self.b1, self.b2, state.count + 1
        mean = g.each(lambda g, d: b1 * d + (1.0 - b1) * g, state.exp_avg)
        square = g.each(lambda g, v: b2 * v + (1.0 - b2) * g**2, state.exp_avg_sq)
        root = math.sqrt(1.0 - b2**count)
        direction = mean.each(lambda d, v: d / (self.eps + np.sqrt(v) / root), square)
        losses = b1 * state.barf + (1.0 - b1) * loss
        gamma = b1 * state.gamma + (1.0 - b1) * g.dot(params)
        rate = rate_at(self.learning_rate, state.count)
        decay, c1 = 1.0 + rate * self.weight_decay, 1.0 - b1**count
        model = _Model(losses - gamma, mean.dot(params), mean.dot(direction), decay, c1)
        bound = model.bound(state.lb, self.lower_bound, adapts=self.adapts)
        length = model.length(bound, rate / c1)
        shrink = (decay - 1.0) / decay
        found = params.each(lambda p, d: -shrink * p - length * d, direction)
        after = model.bound_after(state.lb, length, self.lower_bound, adapts=self.adapts)
        return found, MomoAdamState(count, mean.buffers, square.buffers, losses, gamma, after)


@checked
def momo_adam(
    learning_rate: ScalarOrSchedule = 1e-2,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    lower_bound: float = 0.0,
    weight_decay: float = 0.0,
    adapt_lower_bound: bool = False,
) -> GradientTransformation:
    """Adam with an adaptive rate, as `momo` is momentum with one; `step` takes `value=`.

    Args:
        learning_rate: the largest rate.
        b1: as in `adam`; decay of the average loss, too.
        b2: as in `adam`.
        eps: as in `adam`.
        lower_bound: as in `momo`.
        weight_decay: as in `momo`.
        adapt_lower_bound: as in `momo`.

    Raises:
        GS352: `value`, the loss, is missing.

    References:
        Schaipp et al. 2024, MoMo: momentum models for adaptive learning rates, Algorithm 2.
        https://arxiv.org/abs/2305.07583

    Example:
        >>> opt, params = momo_adam(0.1), np.array([1.0, 2.0])
        >>> params, state = opt.step(params, np.array([2.0, 4.0]), opt.init(params), value=5.0)
        >>> print(params)
        [0.9 1.9]
    """
    check_decays("momo_adam", b1=b1, b2=b2)
    check_rate("momo_adam", learning_rate)
    return GradientTransformation.of(
        _MomoAdam(learning_rate, b1, b2, eps, lower_bound, weight_decay, adapt_lower_bound)
    )


def _given(name: str, params: Vector | None, extra: Extra) -> tuple[Vector, float]:
    if params is None:
        raise needs_params(name)
    if "value" not in extra:
        raise needs_keyword(name, "value", "the loss")
    return params, float(extra["value"])

"""Prodigy: Adam that finds its learning rate from how far it has come.

In:  decays.   Out: a transformation.
Not here: learning rates that are given (adam.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gradscribe.optim.core import Core, Extra, needs_params
from gradscribe.optim.kinds import checked
from gradscribe.optim.scaling import ScalarOrSchedule, rate_at
from gradscribe.optim.settings import check_decays, check_rate
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.vector import Buffers, Vector


class ProdigyState(NamedTuple):
    """Adam's means, of d g; the weighted sum of gradients; where it began; the estimate d and its numerator."""

    count: int  # type: ignore[assignment]
    exp_avg: Buffers
    exp_avg_sq: Buffers
    grad_sum: Buffers
    params0: Buffers
    estim_lr: float
    numerator_weighted: float


@dataclass(frozen=True)
class _Prodigy(Core):
    learning_rate: ScalarOrSchedule
    b1: float
    b2: float
    b3: float
    eps: float
    d0: float
    growth: float
    weight_decay: float
    safeguard_warmup: bool
    name = "prodigy"

    def init(self, params: Vector) -> ProdigyState:
        zeros = params.layout.zeros
        start = tuple(buffer.copy() for buffer in params.buffers)
        return ProdigyState(0, zeros(), zeros(), zeros(), start, self.d0, 0.0)

    def update(
        self, g: Vector, state: ProdigyState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, ProdigyState]:
        if params is None:
            raise needs_params(self.name)
        count, d, b1, b2, b3 = state.count + 1, state.estim_lr, self.b1, self.b2, self.b3
        correction = math.sqrt(1.0 - b2**count) / (1.0 - b1**count)
        rate = d * rate_at(self.learning_rate, state.count) * correction
        along = g.sum_of(lambda g, p0, p: np.dot(g, p0 - p), state.params0, params)
        weight = d * d / self.d0 if self.safeguard_warmup else rate * d / self.d0
        mean = g.each(lambda g, m: b1 * m + (1.0 - b1) * (d * g), state.exp_avg)
        square = g.each(lambda g, v: b2 * v + (1.0 - b2) * (d * g) ** 2, state.exp_avg_sq)
        total = g.each(lambda g, s: b3 * s + weight * g, state.grad_sum)
        numerator = b3 * state.numerator_weighted + d / self.d0 * rate * along
        size = total.sum_of(lambda s: np.sum(np.abs(s)))
        estimate = max(d, self.growth * numerator / size) if size > 0.0 else d
        found = params.each(
            lambda p, m, v: -self.weight_decay * rate * p - rate * m / (np.sqrt(v) + estimate * self.eps),
            mean,
            square,
        )
        after = ProdigyState(
            count, mean.buffers, square.buffers, total.buffers, state.params0, estimate, numerator
        )
        return found, after


@checked
def prodigy(
    learning_rate: ScalarOrSchedule = 1.0,
    betas: tuple[float, float] = (0.9, 0.999),
    beta3: float | None = None,
    eps: float = 1e-8,
    estim_lr0: float = 1e-6,
    estim_lr_coef: float = 1.0,
    weight_decay: float = 0.0,
    safeguard_warmup: bool = False,
) -> GradientTransformation:
    """Adam with rate η d, where d estimates the distance to the solution from gradients along the way.

    Args:
        learning_rate: η; leave it at 1, or give a schedule that ends at 0.
        betas: β₁ and β₂, as in `adam`.
        beta3: decay of the sums behind d; √β₂ by default.
        eps: as in `adam`, relative to d.
        estim_lr0: the first d, small.
        estim_lr_coef: multiplies the estimate.
        weight_decay: decoupled.
        safeguard_warmup: leave the rate out of the sums; for schedules with a warmup.

    References:
        Mishchenko & Defazio 2023, Prodigy: an expeditiously adaptive parameter-free learner, Algorithm 4.
        https://arxiv.org/abs/2306.06101

    Example:
        >>> opt = prodigy(estim_lr0=0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.90000006 2.09999997]
    """
    b1, b2 = betas
    check_decays("prodigy", b1=b1, b2=b2)
    check_rate("prodigy", learning_rate)
    b3 = math.sqrt(b2) if beta3 is None else beta3
    return GradientTransformation.of(
        _Prodigy(learning_rate, b1, b2, b3, eps, estim_lr0, estim_lr_coef, weight_decay, safeguard_warmup)
    )

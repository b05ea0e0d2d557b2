"""D-Adaptation: Adam whose rate is an estimate of the distance to the solution.

In:  rates and decays.   Out: a transformation.
Not here: Prodigy, which grows out of it (prodigy.py).
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


class DAdaptAdamWState(NamedTuple):
    """Steps done; Adam's moments, the weighted sum of gradients, the estimate, and what it is made of."""

    count: int  # type: ignore[assignment]
    exp_avg: Buffers
    exp_avg_sq: Buffers
    grad_sum: Buffers
    estim_lr: float
    numerator_weighted: float


@dataclass(frozen=True, eq=False)
class _DAdaptAdamW(Core):
    learning_rate: ScalarOrSchedule
    b1: float
    b2: float
    eps: float
    first: float
    weight_decay: float
    name = "dadapt_adamw"

    def init(self, params: Vector) -> DAdaptAdamWState:
        zeros = params.layout.zeros
        return DAdaptAdamWState(0, zeros(), zeros(), zeros(), self.first, 0.0)

    def update(
        self, g: Vector, state: DAdaptAdamWState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, DAdaptAdamWState]:
        if params is None:
            raise needs_params(self.name)
        count, b1, b2, b3, eps = state.count + 1, self.b1, self.b2, math.sqrt(self.b2), self.eps
        correction = math.sqrt(1.0 - b2**count) / (1.0 - b1**count)
        rate = state.estim_lr * rate_at(self.learning_rate, state.count) * correction
        along = g.sum_of(lambda g, s, v: np.dot(g, s / (np.sqrt(v) + eps)), state.grad_sum, state.exp_avg_sq)
        mean = g.each(lambda g, m: b1 * m + (1.0 - b1) * rate * g, state.exp_avg)
        square = g.each(lambda g, v: b2 * v + (1.0 - b2) * g**2, state.exp_avg_sq)
        total = g.each(lambda g, s: b3 * s + (1.0 - b3) * rate * g, state.grad_sum)
        numerator = b3 * state.numerator_weighted + (1.0 - b3) * rate * along
        size = total.sum_of(lambda s: np.sum(np.abs(s)))
        estimate = max(state.estim_lr, numerator / ((1.0 - b3) * size)) if size > 0.0 else state.estim_lr
        shrink = self.weight_decay * rate
        found = params.each(lambda p, m, v: -shrink * p - m / (np.sqrt(v) + eps), mean, square)
        after = DAdaptAdamWState(count, mean.buffers, square.buffers, total.buffers, estimate, numerator)
        return found, after


@checked
def dadapt_adamw(
    learning_rate: ScalarOrSchedule = 1.0,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    estim_lr0: float = 1e-6,
    weight_decay: float = 0.0,
) -> GradientTransformation:
    """AdamW with rate η d, where d is a lower bound of the distance to the solution, which grows along the way.

    Args:
        learning_rate: η; leave it at 1, or give a schedule that ends at 0.
        betas: β₁ and β₂, as in `adam`.
        eps: as in `adam`.
        estim_lr0: the first d, small.
        weight_decay: decoupled.

    References:
        Defazio & Mishchenko 2023, Learning-rate-free learning by D-Adaptation, Algorithm 5.
        https://arxiv.org/abs/2301.07733

    Example:
        >>> opt, params = dadapt_adamw(estim_lr0=0.1), np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.90000006 2.09999997]
    """
    b1, b2 = betas
    check_decays("dadapt_adamw", b1=b1, b2=b2)
    check_rate("dadapt_adamw", learning_rate)
    return GradientTransformation.of(_DAdaptAdamW(learning_rate, b1, b2, eps, estim_lr0, weight_decay))

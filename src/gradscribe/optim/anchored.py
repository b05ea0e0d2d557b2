"""MADGRAD and COCOB: parameters are made anew at each step, of where they started and of all gradients since.

In:  rates.   Out: transformations.
Not here: methods that only measure the distance from the start (distances.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Step
from gradscribe.optim.kinds import checked
from gradscribe.optim.masking import Mask
from gradscribe.optim.scaling import ScalarOrSchedule, rate_at, scale_by_learning_rate
from gradscribe.optim.settings import check_decays, check_rate
from gradscribe.optim.transformation import GradientTransformation, elementwise
from gradscribe.optim.vector import Buffers


class MadgradState(NamedTuple):
    """Steps done; weighted sums of squares and of gradients, and the parameters at the start."""

    count: int  # type: ignore[assignment]
    grad_sum_sq: Buffers
    s: Buffers
    x0: Buffers


class CocobState(NamedTuple):
    """The parameters at the start; minus the sum of gradients, their largest, the sum of sizes, and the reward."""

    init_particles: Buffers
    cumulative_gradients: Buffers
    scale: Buffers
    subgradients: Buffers
    reward: Buffers


def madgrad_rule(
    g: Any, p: Any, grad_sum_sq: Any, s: Any, x0: Any, weight: Any, eps: Any, towards: Any
) -> Any:
    """A step towards x₀ - s / (∛Σ + ε)."""
    grad_sum_sq = grad_sum_sq + weight * g**2
    s = s + weight * g
    return towards * (x0 - s / (np.cbrt(grad_sum_sq) + eps) - p), grad_sum_sq, s, x0


@checked
def madgrad(
    learning_rate: ScalarOrSchedule, momentum: float = 0.9, weight_decay: float = 0.0, eps: float = 1e-6
) -> GradientTransformation:
    """Dual averaging with cube roots: z = x₀ - Σ λ g / (∛(Σ λ g²) + ε), λ = η √t, x ← m x + (1-m) z.

    Args:
        learning_rate: η; other than Adam's, often near 0.01.
        momentum: m, how much of x stays.
        weight_decay: added to the gradient, times the parameters.
        eps: ε, added to η as well.

    References:
        Defazio & Jelassi 2021, Adaptivity without compromise: a momentumized, adaptive, dual averaged gradient
        method for stochastic optimization, Algorithm 1. https://arxiv.org/abs/2101.11075

    Example:
        >>> opt, params = madgrad(0.1), np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.98290019 2.02154444]
    """
    check_decays("madgrad", momentum=momentum)
    check_rate("madgrad", learning_rate)

    def numbers(step: Step) -> Mapping[str, float]:
        return {"weight": (rate_at(learning_rate, step.count - 1) + eps) * math.sqrt(step.count)}

    fixed, starts = {"eps": eps, "towards": 1.0 - momentum}, {"x0": "params"}
    averaged = elementwise("madgrad", madgrad_rule, MadgradState, numbers, fixed=fixed, starts=starts)
    return chain(add_decayed_weights(weight_decay), averaged) if weight_decay else averaged


def cocob_rule(
    g: Any,
    p: Any,
    init_particles: Any,
    cumulative_gradients: Any,
    scale: Any,
    subgradients: Any,
    reward: Any,
    alpha: Any,
) -> Any:
    """The bet is a share of what was won, in proportion to the gradients so far."""
    size = np.abs(g)
    scale = np.maximum(scale, size)
    subgradients = subgradients + size
    reward = np.maximum(reward - g * (p - init_particles), 0.0)
    cumulative_gradients = cumulative_gradients - g
    odds = scale * np.maximum(subgradients + scale, alpha * scale)
    place = init_particles + cumulative_gradients / odds * (scale + reward)
    return place - p, init_particles, cumulative_gradients, scale, subgradients, reward


@checked
def scale_by_cocob(alpha: float = 100.0, eps: float = 1e-8) -> GradientTransformation:
    """Gradients as coins to bet on: steps without a learning rate.

    References:
        Orabona & Tommasi 2017, Training deep networks without learning rates through coin betting, Algorithm 2.
        https://arxiv.org/abs/1705.07795

    Example:
        >>> opt, params = scale_by_cocob(), np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [-0.01  0.01]
    """
    starts = {"init_particles": "params", "scale": eps}
    return elementwise("scale_by_cocob", cocob_rule, CocobState, {"alpha": alpha}, starts=starts)


@checked
def cocob(
    learning_rate: ScalarOrSchedule = 1.0,
    alpha: float = 100.0,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    mask: Mask | None = None,
) -> GradientTransformation:
    """Continuous coin betting: x = x₀ + Σ(-g) / (L max(G + L, α L)) (L + reward), without a learning rate.

    Args:
        learning_rate: multiplies the gradients; leave it at 1, or give a schedule that ends at 0.
        alpha: α, larger makes the first steps smaller.
        eps: the first L, the largest gradient so far.
        weight_decay: added to the gradient, times the parameters.
        mask: which parameters decay, as in `masked`.

    References:
        Orabona & Tommasi 2017, Training deep networks without learning rates through coin betting, Algorithm 2.
        https://arxiv.org/abs/1705.07795

    Example:
        >>> opt, params = cocob(), np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.99 2.01]
    """
    return chain(
        add_decayed_weights(weight_decay, mask),
        scale_by_learning_rate(learning_rate, flip_sign=False),
        scale_by_cocob(alpha, eps),
    )

"""Adam, and the optimisers that differ from it in one line.

In:  rates and decays.   Out: transformations.
Not here: the sweep that fuses a rule with weight decay and learning rate (sweep.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from gradscribe.optim.chain import chain
from gradscribe.optim.core import Step
from gradscribe.optim.elementwise import Elementwise
from gradscribe.optim.scaling import ScalarOrSchedule, scale_by_learning_rate
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.vector import Buffers


class ScaleByAdamState(NamedTuple):
    """Steps done, and the means of gradients and of their squares."""

    count: int  # type: ignore[assignment]
    mu: Buffers
    nu: Buffers


def adam_rule(g: Any, mu: Any, nu: Any, b1: Any, b2: Any, floor: Any, factor: Any) -> Any:
    """Both bias corrections as one factor: (μ/c₁)/(√(ν/c₂) + ε) = (√c₂/c₁) μ/(√ν + ε√c₂)."""
    mu = b1 * mu + (1 - b1) * g
    nu = b2 * nu + (1 - b2) * g**2
    return factor * mu / (np.sqrt(nu) + floor), mu, nu


def scale_by_adam(b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> GradientTransformation:
    """The mean of gradients over the root of the mean of their squares, both corrected for starting at zero.

    References:
        Kingma & Ba 2015, Adam: a method for stochastic optimization, Algorithm 1. https://arxiv.org/abs/1412.6980
    """

    def numbers(step: Step) -> Mapping[str, float]:
        root = math.sqrt(1.0 - b2**step.count)
        return {"b1": b1, "b2": b2, "floor": eps * root, "factor": root / (1.0 - b1**step.count)}

    return GradientTransformation.of(Elementwise("scale_by_adam", adam_rule, ScaleByAdamState, numbers))


def adam(
    learning_rate: ScalarOrSchedule, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8
) -> GradientTransformation:
    """Adam: steps of about the learning rate, whatever the scale of the gradients.

    μ ← β₁ μ + (1-β₁) g,  ν ← β₂ ν + (1-β₂) g²,  u = -η (μ / (1-β₁ᵗ)) / (√(ν / (1-β₂ᵗ)) + ε).

    Args:
        learning_rate: η, a number or a schedule.
        b1: β₁, decay of the mean; smaller forgets faster.
        b2: β₂, decay of the mean square.
        eps: ε, keeps steps small where gradients vanish.

    References:
        Kingma & Ba 2015, Adam: a method for stochastic optimization. https://arxiv.org/abs/1412.6980

    Example:
        >>> opt = adam(0.1)
        >>> params, state = opt.step([1.0], [30.0], opt.init([1.0]))
        >>> round(params[0], 6), state[0].count
        (0.9, 1)
    """
    return chain(scale_by_adam(b1, b2, eps), scale_by_learning_rate(learning_rate))

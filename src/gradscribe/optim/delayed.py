"""ADOPT and ACProp: the gradient is divided by a second moment that does not know it yet.

In:  rates and decays.   Out: transformations.
Not here: Adam (adam.py), AdaBelief (beliefs.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from gradscribe.optim.adam import ScaleByAdamState
from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Step
from gradscribe.optim.kinds import checked
from gradscribe.optim.masking import Mask
from gradscribe.optim.narrowing import narrowed
from gradscribe.optim.scaling import ScalarOrSchedule, rate_at, scale_by_learning_rate
from gradscribe.optim.settings import check_decays
from gradscribe.optim.transformation import GradientTransformation, elementwise


def adopt_rule(
    g: Any,
    mu: Any,
    nu: Any,
    keep: Any,
    b2: Any,
    eps: Any,
    limit: Any,
    low: Any,
    clipped: bool,
    nesterov: bool,
) -> Any:
    """The mean of gradients, each over the root of the mean square before it."""
    scaled = g / np.maximum(np.sqrt(nu), eps)
    if clipped:
        scaled = np.minimum(np.maximum(scaled, low), limit)
    nu = b2 * nu + (1 - b2) * g**2
    mu = keep * mu + (1 - keep) * scaled
    return keep * mu + (1 - keep) * scaled if nesterov else mu, mu, nu


def _fourth_root(step: int) -> float:
    return float(step**0.25)


@checked
def scale_by_adopt(
    b1: float = 0.9,
    b2: float = 0.9999,
    eps: float = 1e-6,
    mu_dtype: DTypeLike | None = None,
    *,
    nesterov: bool = False,
    use_clipping: bool = True,
    clip_value_fn: Callable[[int], float] = _fourth_root,
) -> GradientTransformation:
    """The mean of gradients over the root of the mean square before them; the first step only measures.

    References:
        Taniguchi et al. 2024, ADOPT: modified Adam can converge with any β₂ with the optimal rate, Algorithm 2.
        https://arxiv.org/abs/2411.02853

    Example:
        >>> opt, params = scale_by_adopt(), np.zeros(2)
        >>> update, state = opt.update(np.array([0.5, -1.0]), opt.init(params))
        >>> print(update, opt.update(np.array([0.5, -0.5]), state)[0])
        [0. 0.] [ 0.1  -0.05]
    """
    check_decays("scale_by_adopt", b1=b1, b2=b2)

    def numbers(step: Step) -> Mapping[str, float]:
        done = step.count - 1
        limit = rate_at(clip_value_fn, done)
        keep, decay = (b1, b2) if done else (1.0, 0.0)
        return {"keep": keep, "b2": decay, "eps": eps, "limit": limit, "low": -limit}

    static = (("clipped", use_clipping), ("nesterov", nesterov))
    made = elementwise("scale_by_adopt", adopt_rule, ScaleByAdamState, numbers, static)
    return narrowed(made, mu_dtype, "mu")


@checked
def adopt(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.9999,
    eps: float = 1e-6,
    mu_dtype: DTypeLike | None = None,
    *,
    nesterov: bool = False,
    use_clipping: bool = True,
    clip_value_fn: Callable[[int], float] = _fourth_root,
) -> GradientTransformation:
    """Adam that converges for any β₂: μ ← β₁ μ + (1-β₁) clip(g / max(√ν, ε)), with the ν before this g.

    Args:
        learning_rate: η.
        b1: as in `adam`.
        b2: as in `adam`.
        eps: ε.
        mu_dtype: as in `adam`.
        nesterov: look one step ahead.
        use_clipping: bound the scaled gradients.
        clip_value_fn: the bound, from the number of steps done.

    References:
        Taniguchi et al. 2024, ADOPT: modified Adam can converge with any β₂ with the optimal rate.
        https://arxiv.org/abs/2411.02853

    Example:
        >>> opt, params = adopt(0.1), np.array([1.0, 2.0])
        >>> params, state = opt.step(params, np.array([0.5, -1.0]), opt.init(params))
        >>> print(params, opt.step(params, np.array([0.5, -0.5]), state)[0])
        [1. 2.] [0.99  2.005]
    """
    scaled = scale_by_adopt(
        b1, b2, eps, mu_dtype, nesterov=nesterov, use_clipping=use_clipping, clip_value_fn=clip_value_fn
    )
    return chain(scaled, scale_by_learning_rate(learning_rate))


def acprop_rule(
    g: Any, mu: Any, nu: Any, b1: Any, b2: Any, square: Any, shift: Any, eps: Any, under: Any
) -> Any:
    """The gradient over the root of the mean square surprise before it; both are as of the step before."""
    update = g / (np.sqrt(square * nu + shift) + eps)
    nu = b2 * nu + (1 - b2) * (g - mu) ** 2 + under
    mu = b1 * mu + (1 - b1) * g
    return update, mu, nu


@checked
def scale_by_acprop(
    b1: float = 0.9, b2: float = 0.999, eps: float = 1e-16, eps_root: float = 1e-16
) -> GradientTransformation:
    """The gradient over the root of the mean squared distance from the mean, both of the steps before.

    References:
        Zhuang et al. 2021, Momentum centering and asynchronous update for adaptive gradient methods.
        https://arxiv.org/abs/2110.05454

    Example:
        >>> opt = scale_by_acprop()
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(np.zeros(2)))[0])
        [ 0.5 -1. ]
    """
    check_decays("scale_by_acprop", b1=b1, b2=b2)

    def numbers(step: Step) -> Mapping[str, float]:
        done = step.count - 1
        square, shift = (1.0 / (1.0 - b2**done), 0.0) if done else (0.0, 1.0)
        return {"b1": b1, "b2": b2, "square": square, "shift": shift, "eps": eps, "under": eps_root}

    return elementwise("scale_by_acprop", acprop_rule, ScaleByAdamState, numbers)


@checked
def acprop(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-16,
    eps_root: float = 1e-16,
    weight_decay: float = 0.0,
    mask: Mask | None = None,
) -> GradientTransformation:
    """The gradient, centred and asynchronous: u = -η (g / (√ν̂ + ε) + λ p), with the ν of AdaBelief before this g.

    References:
        Zhuang et al. 2021, Momentum centering and asynchronous update for adaptive gradient methods.
        https://arxiv.org/abs/2110.05454

    Example:
        >>> opt, params = acprop(0.1), np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.95 2.1 ]
    """
    return chain(
        scale_by_acprop(b1, b2, eps, eps_root),
        add_decayed_weights(weight_decay, mask),
        scale_by_learning_rate(learning_rate),
    )

"""Relatives of Adam with another idea of what the second moment is: AdaBelief, Yogi, Adan, Lion, optimistic Adam.

In:  rates and decays.   Out: transformations.
Not here: Adam itself (adam.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from gradscribe.optim.adam import ScaleByAdamState, lead_of, scale_by_adam
from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Step
from gradscribe.optim.kinds import checked
from gradscribe.optim.masking import Mask
from gradscribe.optim.narrowing import narrowed
from gradscribe.optim.scaling import ScalarOrSchedule, scale_by_learning_rate
from gradscribe.optim.settings import check_decays, described, refused
from gradscribe.optim.sgd import scale_by_optimistic_gradient
from gradscribe.optim.transformation import GradientTransformation, elementwise
from gradscribe.optim.vector import Buffers


class ScaleByLionState(NamedTuple):
    """The mean of gradients."""

    mu: Buffers


class ScaleByAdanState(NamedTuple):
    """Steps done; the means of gradients, of their differences, and of squares; the gradient before."""

    count: int  # type: ignore[assignment]
    m: Buffers
    v: Buffers
    n: Buffers
    previous: Buffers


def belief_rule(
    g: Any,
    mu: Any,
    nu: Any,
    b1: Any,
    b2: Any,
    ahead: Any,
    now: Any,
    square: Any,
    eps: Any,
    under: Any,
    nesterov: bool,
) -> Any:
    """The second moment is that of the surprise g - μ."""
    mu = b1 * mu + (1 - b1) * g
    nu = b2 * nu + (1 - b2) * (g - mu) ** 2 + under
    lead = ahead * mu + now * g if nesterov else ahead * mu
    return lead / (np.sqrt(square * nu) + eps), mu, nu


@checked
def scale_by_belief(
    b1: float = 0.9, b2: float = 0.999, eps: float = 1e-16, eps_root: float = 1e-16, *, nesterov: bool = False
) -> GradientTransformation:
    """The mean of gradients over the root of the mean squared distance from it.

    References:
        Zhuang et al. 2020, AdaBelief optimizer. https://arxiv.org/abs/2010.07468

    Example:
        >>> opt = scale_by_belief()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 1.11111111 -1.11111111]
    """
    check_decays("scale_by_belief", b1=b1, b2=b2)

    def numbers(step: Step) -> Mapping[str, float]:
        ahead, now = lead_of(step, b1, nesterov)
        square = 1.0 / (1.0 - b2**step.count)
        return {
            "b1": b1,
            "b2": b2,
            "ahead": ahead,
            "now": now,
            "square": square,
            "eps": eps,
            "under": eps_root,
        }

    return elementwise("scale_by_belief", belief_rule, ScaleByAdamState, numbers, (("nesterov", nesterov),))


@checked
def adabelief(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-16,
    eps_root: float = 1e-16,
    *,
    nesterov: bool = False,
) -> GradientTransformation:
    """Long steps where the gradient is as expected: ν ← β₂ ν + (1-β₂) (g-μ)² + ε_root.

    References:
        Zhuang et al. 2020, AdaBelief optimizer: adapting stepsizes by the belief in observed gradients.
        https://arxiv.org/abs/2010.07468

    Example:
        >>> opt = adabelief(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.88888889 2.11111111]
    """
    return chain(
        scale_by_belief(b1, b2, eps, eps_root, nesterov=nesterov), scale_by_learning_rate(learning_rate)
    )


def yogi_rule(
    g: Any, mu: Any, nu: Any, b1: Any, b2: Any, ahead: Any, square: Any, under: Any, eps: Any
) -> Any:
    """The second moment moves by a step of fixed relation to g², so that it cannot fall fast."""
    mu = b1 * mu + (1 - b1) * g
    nu = nu - (1 - b2) * (np.sign(nu - g**2) * g**2)
    return ahead * mu / (np.sqrt(square * nu + under) + eps), mu, nu


@checked
def scale_by_yogi(
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-3,
    eps_root: float = 0.0,
    initial_accumulator_value: float = 1e-6,
) -> GradientTransformation:
    """Adam's direction with an additive second moment: ν ← ν - (1-β₂) sign(ν-g²) g².

    References:
        Zaheer et al. 2018, Adaptive methods for nonconvex optimization (NeurIPS).

    Example:
        >>> opt = scale_by_yogi()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.99603584 -0.99849338]
    """
    check_decays("scale_by_yogi", b1=b1, b2=b2)

    def numbers(step: Step) -> Mapping[str, float]:
        c1, c2 = 1.0 - b1**step.count, 1.0 - b2**step.count
        return {"b1": b1, "b2": b2, "ahead": 1.0 / c1, "square": 1.0 / c2, "under": eps_root, "eps": eps}

    starts = {"mu": initial_accumulator_value, "nu": initial_accumulator_value}
    return elementwise("scale_by_yogi", yogi_rule, ScaleByAdamState, numbers, starts=starts)


@checked
def yogi(
    learning_rate: ScalarOrSchedule, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-3
) -> GradientTransformation:
    """Adam whose second moment forgets large gradients slowly.

    References:
        Zaheer et al. 2018, Adaptive methods for nonconvex optimization (NeurIPS).

    Example:
        >>> opt = yogi(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.90039642 2.09984934]
    """
    return chain(scale_by_yogi(b1, b2, eps), scale_by_learning_rate(learning_rate))


def lion_rule(g: Any, mu: Any, b1: Any, b2: Any, smooth: Any, mode: str) -> Any:
    """The sign of a mean that is more recent than the one that is kept, or a softer function."""
    lead = b1 * mu + (1 - b1) * g
    if mode == "smooth":
        signs = np.tanh(smooth * lead)
    elif mode == "refined":
        signs = np.minimum(np.maximum(lead, -1), 1)
    else:
        signs = np.sign(lead)
    return signs, b2 * mu + (1 - b2) * g


@checked
def scale_by_lion(
    b1: float = 0.9,
    b2: float = 0.99,
    mu_dtype: DTypeLike | None = None,
    *,
    mode: str = "hard",
    smooth_beta: float = 1.0,
) -> GradientTransformation:
    """sign(β₁ μ + (1-β₁) g), then μ ← β₂ μ + (1-β₂) g.

    Args:
        b1: β₁.
        b2: β₂.
        mu_dtype: as in `adam`.
        mode: "hard" for signs; "smooth" for tanh(`smooth_beta` x); "refined" for x itself between -1 and 1.
        smooth_beta: how steep the smooth sign is.

    Raises:
        GS356: there is no such mode.

    References:
        Chen et al. 2023, Symbolic discovery of optimization algorithms. https://arxiv.org/abs/2302.06675

    Example:
        >>> opt = scale_by_lion()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 1. -1.]
    """
    check_decays("scale_by_lion", b1=b1, b2=b2)
    if mode not in ("hard", "smooth", "refined"):
        raise refused("scale_by_lion", described("mode", mode), "pass 'hard', 'smooth' or 'refined'")
    numbers = {"b1": b1, "b2": b2, "smooth": smooth_beta}
    made = elementwise("scale_by_lion", lion_rule, ScaleByLionState, numbers, (("mode", mode),))
    return narrowed(made, mu_dtype, "mu")


@checked
def lion(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.99,
    mu_dtype: DTypeLike | None = None,
    weight_decay: ScalarOrSchedule = 1e-3,
    mask: Mask | None = None,
) -> GradientTransformation:
    """Signs of momentum, with decoupled weight decay; learning rates are 3 to 10 times smaller than Adam's.

    References:
        Chen et al. 2023, Symbolic discovery of optimization algorithms. https://arxiv.org/abs/2302.06675

    Example:
        >>> opt = lion(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.8999 2.0998]
    """
    return chain(
        scale_by_lion(b1, b2, mu_dtype),
        add_decayed_weights(weight_decay, mask),
        scale_by_learning_rate(learning_rate),
    )


def adan_rule(
    g: Any, m: Any, v: Any, n: Any, previous: Any,
    b1: Any, b2: Any, b3: Any, later: Any, c1: Any, c2: Any, c3: Any, under: Any, eps: Any,
) -> Any:  # fmt: skip
    """Nesterov momentum by differences of gradients."""
    change = later * (g - previous)
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * change
    n = b3 * n + (1 - b3) * (g + (1 - b2) * change) ** 2
    return (c1 * m + c2 * v) / (np.sqrt(c3 * n + under) + eps), m, v, n, g


@checked
def scale_by_adan(
    b1: float = 0.98, b2: float = 0.92, b3: float = 0.99, eps: float = 1e-8, eps_root: float = 1e-8
) -> GradientTransformation:
    """Means of gradients and of their differences, over the root of a mean square of both.

    References:
        Xie et al. 2022, Adan: adaptive Nesterov momentum algorithm. https://arxiv.org/abs/2208.06677

    Example:
        >>> opt = scale_by_adan()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.99999996 -0.99999999]
    """
    check_decays("scale_by_adan", b1=b1, b2=b2, b3=b3)

    def numbers(step: Step) -> Mapping[str, float]:
        t = step.count
        return {
            "b1": b1, "b2": b2, "b3": b3, "later": 0.0 if t == 1 else 1.0, "under": eps_root, "eps": eps,
            "c1": 1.0 / (1.0 - b1**t), "c2": (1.0 - b2) / (1.0 - b2**t), "c3": 1.0 / (1.0 - b3**t),
        }  # fmt: skip

    return elementwise("scale_by_adan", adan_rule, ScaleByAdanState, numbers)


@checked
def adan(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.98,
    b2: float = 0.92,
    b3: float = 0.99,
    eps: float = 1e-8,
    eps_root: float = 1e-8,
    weight_decay: ScalarOrSchedule = 0.0,
    mask: Mask | None = None,
) -> GradientTransformation:
    """Adaptive Nesterov momentum.

    Δ = gₜ - gₜ₋₁,  m ← β₁ m + (1-β₁) g,  v ← β₂ v + (1-β₂) Δ,  n ← β₃ n + (1-β₃) (g + (1-β₂) Δ)²,
    u = -η (m̂ + (1-β₂) v̂) / (√(n̂ + ε_root) + ε).

    References:
        Xie et al. 2022, Adan: adaptive Nesterov momentum algorithm for faster optimizing deep models.
        https://arxiv.org/abs/2208.06677

    Example:
        >>> opt = adan(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.9 2.1]
    """
    return chain(
        scale_by_adan(b1, b2, b3, eps, eps_root),
        add_decayed_weights(weight_decay, mask),
        scale_by_learning_rate(learning_rate),
    )


@checked
def optimistic_adam(
    learning_rate: float,
    optimism: float | None = None,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: DTypeLike | None = None,
    *,
    nesterov: bool = True,
) -> GradientTransformation:
    """Adam along an extrapolated direction: u = -((η + o) dₜ - o dₜ₋₁), o = `optimism`, η by default.

    References:
        Daskalakis et al. 2018, Training GANs with optimism. https://arxiv.org/abs/1711.00141

    Example:
        >>> opt = optimistic_adam(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.85263158 2.14736842]
    """
    return chain(
        scale_by_adam(b1, b2, eps, eps_root, mu_dtype, nesterov=nesterov),
        scale_by_optimistic_gradient(learning_rate, learning_rate if optimism is None else optimism),
        scale_by_learning_rate(1.0),
    )


@checked
def optimistic_adam_v2(
    learning_rate: ScalarOrSchedule,
    *,
    alpha: float = 1.0,
    beta: float = 1.0,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: DTypeLike | None = None,
    nesterov: bool = True,
) -> GradientTransformation:
    """Adam along an extrapolated direction, with a schedule: u = -η ((α+β) dₜ - β dₜ₋₁).

    References:
        Daskalakis et al. 2018, Training GANs with optimism. https://arxiv.org/abs/1711.00141

    Example:
        >>> opt = optimistic_adam_v2(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.85263158 2.14736842]
    """
    return chain(
        scale_by_adam(b1, b2, eps, eps_root, mu_dtype, nesterov=nesterov),
        scale_by_optimistic_gradient(alpha, beta),
        scale_by_learning_rate(learning_rate),
    )

"""Adam, and the optimisers that keep its state: means of gradients and of their squares.

In:  rates and decays.   Out: transformations.
Not here: RAdam (rectified.py), other second moments (beliefs.py, rms.py); the sweep that fuses a rule with weight
decay and learning rate (sweep.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Step
from gradscribe.optim.elementwise import ByCount
from gradscribe.optim.kinds import checked
from gradscribe.optim.masking import Mask
from gradscribe.optim.narrowing import narrowed
from gradscribe.optim.scaling import ScalarOrSchedule, scale_by_learning_rate
from gradscribe.optim.settings import check_decays
from gradscribe.optim.transformation import GradientTransformation, elementwise
from gradscribe.optim.vector import Buffers


class ScaleByAdamState(NamedTuple):
    """Steps done, and the means of gradients and of their squares."""

    count: int  # type: ignore[assignment]
    mu: Buffers
    nu: Buffers


class ScaleByAmsgradState(NamedTuple):
    """Adam's state and the largest mean square so far."""

    count: int  # type: ignore[assignment]
    mu: Buffers
    nu: Buffers
    nu_max: Buffers


def lead_of(step: Step, b1: float, nesterov: bool) -> tuple[float, float]:
    """Factors of mean and gradient in the corrected mean; Nesterov's is that of the next step, as Dozat has it."""
    if not nesterov:
        return 1.0 / (1.0 - b1**step.count), 0.0
    return b1 / (1.0 - b1 ** (step.count + 1)), (1.0 - b1) / (1.0 - b1**step.count)


def adam_rule(
    g: Any,
    mu: Any,
    nu: Any,
    b1: Any,
    b2: Any,
    ahead: Any,
    now: Any,
    under: Any,
    floor: Any,
    nesterov: bool,
    rooted: bool,
) -> Any:
    """The mean over the root of the mean square; the correction of the latter is in the numbers.

    (μ/c₁)/(√(ν/c₂ + r) + ε) = (√c₂/c₁) μ / (√(ν + r c₂) + ε √c₂).
    """
    mu = b1 * mu + (1 - b1) * g
    nu = b2 * nu + (1 - b2) * g**2
    lead = ahead * mu + now * g if nesterov else ahead * mu
    return lead / (np.sqrt(nu + under if rooted else nu) + floor), mu, nu


@checked
def scale_by_adam(
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: DTypeLike | None = None,
    *,
    nesterov: bool = False,
) -> GradientTransformation:
    """The mean of gradients over the root of the mean of their squares, both corrected for starting at zero.

    References:
        Kingma & Ba 2015, Adam: a method for stochastic optimization, Algorithm 1. https://arxiv.org/abs/1412.6980
        Dozat 2016, Incorporating Nesterov momentum into Adam (for `nesterov`).

    Example:
        >>> opt = scale_by_adam()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.99999998 -0.99999999]
    """
    check_decays("scale_by_adam", b1=b1, b2=b2)

    b1, b2, eps = float(b1), float(b2), float(eps)

    def plain(count: int) -> tuple[float, float]:
        root = math.sqrt(1.0 - b2**count)
        return 1.0 / (1.0 - b1**count) * root, eps * root

    def general(step: Step) -> Mapping[str, float]:
        c2 = 1.0 - b2**step.count
        root = math.sqrt(c2)
        ahead, now = lead_of(step, b1, nesterov)
        return {"ahead": ahead * root, "now": now * root, "under": eps_root * c2, "floor": eps * root}

    rooted = eps_root != 0.0
    static = (("nesterov", nesterov), ("rooted", rooted))
    fixed = {"b1": b1, "b2": b2}
    if nesterov or rooted:
        made = elementwise("scale_by_adam", adam_rule, ScaleByAdamState, general, static, fixed=fixed)
        return narrowed(made, mu_dtype, "mu")
    # Not read by the rule, which has these as parameters all the same.
    fixed |= {"now": 0.0, "under": 0.0}
    numbers = ByCount(("ahead", "floor"), plain)
    made = elementwise("scale_by_adam", adam_rule, ScaleByAdamState, numbers, static, fixed=fixed)
    return narrowed(made, mu_dtype, "mu")


@checked
def adam(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: DTypeLike | None = None,
    *,
    nesterov: bool = False,
) -> GradientTransformation:
    """Adam: steps of about the learning rate, whatever the scale of the gradients.

    μ ← β₁ μ + (1-β₁) g,  ν ← β₂ ν + (1-β₂) g²,  u = -η (μ / (1-β₁ᵗ)) / (√(ν / (1-β₂ᵗ) + ε_root) + ε).

    Args:
        learning_rate: η, a number or a schedule.
        b1: β₁, decay of the mean; smaller forgets faster.
        b2: β₂, decay of the mean square.
        eps: ε, keeps steps small where gradients vanish.
        eps_root: the same under the root; needed where the step itself is differentiated.
        mu_dtype: in which μ is kept, to save memory; by default that of the parameters.
        nesterov: look one step ahead, which makes it NAdam.

    References:
        Kingma & Ba 2015, Adam: a method for stochastic optimization. https://arxiv.org/abs/1412.6980

    Example:
        >>> opt = adam(0.1)
        >>> params, state = opt.step([1.0], [30.0], opt.init([1.0]))
        >>> round(params[0], 6), state[0].count
        (0.9, 1)
    """
    return chain(
        scale_by_adam(b1, b2, eps, eps_root, mu_dtype, nesterov=nesterov),
        scale_by_learning_rate(learning_rate),
    )


@checked
def adamw(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: DTypeLike | None = None,
    weight_decay: ScalarOrSchedule = 1e-4,
    mask: Mask | None = None,
    *,
    nesterov: bool = False,
) -> GradientTransformation:
    """Adam with decoupled weight decay: u = -η (Adam's direction + λ p).

    Args:
        learning_rate: η.
        b1: as in `adam`.
        b2: as in `adam`.
        eps: as in `adam`.
        eps_root: as in `adam`.
        mu_dtype: as in `adam`.
        weight_decay: λ, a number or a schedule.
        mask: which parameters decay, as in `masked`.
        nesterov: as in `adam`.

    References:
        Loshchilov & Hutter 2019, Decoupled weight decay regularization. https://arxiv.org/abs/1711.05101

    Example:
        >>> opt = adamw(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.89999 2.09998]
    """
    return chain(
        scale_by_adam(b1, b2, eps, eps_root, mu_dtype, nesterov=nesterov),
        add_decayed_weights(weight_decay, mask),
        scale_by_learning_rate(learning_rate),
    )


@checked
def nadam(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: DTypeLike | None = None,
    *,
    nesterov: bool = True,
) -> GradientTransformation:
    """Adam with Nesterov momentum: the mean of the next step, as far as it is known.

    References:
        Dozat 2016, Incorporating Nesterov momentum into Adam.

    Example:
        >>> opt = nadam(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.85263158 2.14736842]
    """
    return adam(learning_rate, b1, b2, eps, eps_root, mu_dtype, nesterov=nesterov)


@checked
def nadamw(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: DTypeLike | None = None,
    weight_decay: ScalarOrSchedule = 1e-4,
    mask: Mask | None = None,
    *,
    nesterov: bool = True,
) -> GradientTransformation:
    """NAdam with decoupled weight decay.

    References:
        Dozat 2016; Loshchilov & Hutter 2019. https://arxiv.org/abs/1711.05101

    Example:
        >>> opt = nadamw(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.85262158 2.14734842]
    """
    return adamw(learning_rate, b1, b2, eps, eps_root, mu_dtype, weight_decay, mask, nesterov=nesterov)


def amsgrad_rule(
    g: Any, mu: Any, nu: Any, nu_max: Any, b1: Any, b2: Any, ahead: Any, square: Any, under: Any, floor: Any
) -> Any:
    """The scale of a coordinate never grows again."""
    mu = b1 * mu + (1 - b1) * g
    nu = b2 * nu + (1 - b2) * g**2
    nu_max = np.maximum(nu_max, square * nu)
    return ahead * mu / (np.sqrt(nu_max + under) + floor), mu, nu, nu_max


@checked
def scale_by_amsgrad(
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: DTypeLike | None = None,
    bias_correction_mu: bool = True,
    bias_correction_nu: bool = True,
) -> GradientTransformation:
    """Adam's direction over the root of the largest mean square so far.

    References:
        Reddi, Kale & Kumar 2018, On the convergence of Adam and beyond. https://arxiv.org/abs/1904.09237

    Example:
        >>> opt = scale_by_amsgrad()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.99999998 -0.99999999]
    """
    check_decays("scale_by_amsgrad", b1=b1, b2=b2)

    def numbers(step: Step) -> Mapping[str, float]:
        ahead = 1.0 / (1.0 - b1**step.count) if bias_correction_mu else 1.0
        square = 1.0 / (1.0 - b2**step.count) if bias_correction_nu else 1.0
        return {"b1": b1, "b2": b2, "ahead": ahead, "square": square, "under": eps_root, "floor": eps}

    made = elementwise("scale_by_amsgrad", amsgrad_rule, ScaleByAmsgradState, numbers)
    return narrowed(made, mu_dtype, "mu")


@checked
def amsgrad(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: DTypeLike | None = None,
    bias_correction_mu: bool = True,
    bias_correction_nu: bool = True,
) -> GradientTransformation:
    """Adam whose steps do not grow again: ν̂ ← max(ν̂, ν / (1-β₂ᵗ)), u = -η μ̂ / (√(ν̂ + ε_root) + ε).

    References:
        Reddi, Kale & Kumar 2018, On the convergence of Adam and beyond. https://arxiv.org/abs/1904.09237

    Example:
        >>> opt = amsgrad(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.9 2.1]
    """
    return chain(
        scale_by_amsgrad(b1, b2, eps, eps_root, mu_dtype, bias_correction_mu, bias_correction_nu),
        scale_by_learning_rate(learning_rate),
    )


def adamax_rule(g: Any, mu: Any, nu: Any, b1: Any, b2: Any, ahead: Any, eps: Any) -> Any:
    """The second moment is a decaying maximum."""
    mu = b1 * mu + (1 - b1) * g
    nu = np.maximum(b2 * nu, np.abs(g) + eps)
    return ahead * mu / nu, mu, nu


@checked
def scale_by_adamax(b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> GradientTransformation:
    """The mean of gradients over a decaying maximum of their sizes.

    References:
        Kingma & Ba 2015, Adam, §7.1. https://arxiv.org/abs/1412.6980

    Example:
        >>> opt = scale_by_adamax()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.99999998 -0.99999999]
    """
    check_decays("scale_by_adamax", b1=b1, b2=b2)

    def numbers(step: Step) -> Mapping[str, float]:
        return {"b1": b1, "b2": b2, "ahead": 1.0 / (1.0 - b1**step.count), "eps": eps}

    return elementwise("scale_by_adamax", adamax_rule, ScaleByAdamState, numbers)


@checked
def adamax(
    learning_rate: ScalarOrSchedule, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8
) -> GradientTransformation:
    """Adam in the maximum norm: ν ← max(β₂ ν, |g| + ε), u = -η (μ / (1-β₁ᵗ)) / ν.

    References:
        Kingma & Ba 2015, Adam, §7.1. https://arxiv.org/abs/1412.6980

    Example:
        >>> opt = adamax(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.9 2.1]
    """
    return chain(scale_by_adamax(b1, b2, eps), scale_by_learning_rate(learning_rate))


@checked
def adamaxw(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: ScalarOrSchedule = 1e-4,
    mask: Mask | None = None,
) -> GradientTransformation:
    """Adamax with decoupled weight decay.

    References:
        Loshchilov & Hutter 2019, Decoupled weight decay regularization. https://arxiv.org/abs/1711.05101

    Example:
        >>> opt = adamaxw(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.89999 2.09998]
    """
    return chain(
        scale_by_adamax(b1, b2, eps),
        add_decayed_weights(weight_decay, mask),
        scale_by_learning_rate(learning_rate),
    )

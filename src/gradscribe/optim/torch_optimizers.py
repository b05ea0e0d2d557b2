"""The optimisers of torch.optim with their names, arguments, defaults and definitions.

`torch.optim.Adam(model.parameters(), lr=1e-3)` is `torch_optimizers.adam(lr=1e-3)`. `lr` may be a schedule. Weight
decay is L2 regularisation except where PyTorch decouples it; `maximize` climbs. `SparseAdam` has no counterpart,
for there are no sparse gradients; `LBFGS` is `optim.lbfgs`.

In:  rates and decays.   Out: transformations.
Not here: rules (torch_rules.py), Optax's optimisers (sgd.py, adam.py, ...), schedulers (torch_schedules.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim import adam as adam_family
from gradscribe.optim import rectified, rms, torch_rules
from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Step
from gradscribe.optim.kinds import checked
from gradscribe.optim.muon import MuonState
from gradscribe.optim.newton_schulz import NEWTON_SCHULZ, coefficients_of
from gradscribe.optim.scaling import ScalarOrSchedule, rate_at, scale, scale_by_learning_rate
from gradscribe.optim.settings import check_decays
from gradscribe.optim.sgd import trace
from gradscribe.optim.transformation import GradientTransformation, elementwise, leafwise

Betas = tuple[float, float]


def _chain(
    *links: GradientTransformation, weight_decay: float = 0.0, maximize: bool = False
) -> GradientTransformation:
    """The links, after L2 regularisation and the sign of what is optimised."""
    before = [scale(-1.0)] if maximize else []
    return chain(*before, *([add_decayed_weights(weight_decay)] if weight_decay else []), *links)


@checked
def sgd(
    lr: ScalarOrSchedule = 1e-3,
    momentum: float = 0.0,
    dampening: float = 0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    """`torch.optim.SGD`: b ← μ b + (1-τ) g, the first b is g; p ← p - lr b, or lr (g + μ b) if `nesterov`.

    References:
        Sutskever et al. 2013, On the importance of initialization and momentum in deep learning.
    """
    links = [scale_by_learning_rate(lr)]
    if momentum:

        def numbers(step: Step) -> Mapping[str, float]:
            return {"momentum": momentum, "now": 1.0 if step.count == 1 else 1.0 - dampening}

        static = (("nesterov", nesterov),)
        links.insert(0, elementwise("sgd", torch_rules.momentum_rule, torch_rules.SgdState, numbers, static))
    return _chain(*links, weight_decay=weight_decay, maximize=maximize)


def _adam(betas: Betas, eps: float, amsgrad: bool) -> GradientTransformation:
    b1, b2 = betas
    check_decays("adam", b1=b1, b2=b2)
    if not amsgrad:
        return adam_family.scale_by_adam(b1, b2, eps)

    def numbers(step: Step) -> Mapping[str, float]:
        root = 1.0 / math.sqrt(1.0 - b2**step.count)
        return {"b1": b1, "b2": b2, "ahead": 1.0 / (1.0 - b1**step.count), "root": root, "eps": eps}

    return elementwise("adam", torch_rules.amsgrad_rule, adam_family.ScaleByAmsgradState, numbers)


@checked
def adam(
    lr: ScalarOrSchedule = 1e-3,
    betas: Betas = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    amsgrad: bool = False,
    decoupled_weight_decay: bool = False,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    """`torch.optim.Adam`; its AMSGrad takes the maximum before the bias correction.

    References:
        Kingma & Ba 2015. https://arxiv.org/abs/1412.6980. Reddi et al. 2018. https://arxiv.org/abs/1904.09237
    """
    if decoupled_weight_decay:
        return adamw(lr, betas, eps, weight_decay, amsgrad, maximize=maximize)
    links = _adam(betas, eps, amsgrad), scale_by_learning_rate(lr)
    return _chain(*links, weight_decay=weight_decay, maximize=maximize)


@checked
def adamw(
    lr: ScalarOrSchedule = 1e-3,
    betas: Betas = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 1e-2,
    amsgrad: bool = False,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    """`torch.optim.AdamW`: decay is decoupled from the gradient.

    References:
        Loshchilov & Hutter 2019, Decoupled weight decay regularization. https://arxiv.org/abs/1711.05101
    """
    links = _adam(betas, eps, amsgrad), add_decayed_weights(weight_decay), scale_by_learning_rate(lr)
    return _chain(*links, maximize=maximize)


@checked
def adamax(
    lr: ScalarOrSchedule = 2e-3,
    betas: Betas = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    """`torch.optim.Adamax`.

    References:
        Kingma & Ba 2015, Adam, §7.1. https://arxiv.org/abs/1412.6980
    """
    links = adam_family.scale_by_adamax(*betas, eps), scale_by_learning_rate(lr)
    return _chain(*links, weight_decay=weight_decay, maximize=maximize)


@checked
def nadam(
    lr: ScalarOrSchedule = 2e-3,
    betas: Betas = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum_decay: float = 4e-3,
    decoupled_weight_decay: bool = False,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    """`torch.optim.NAdam`, whose momentum grows: μₜ = β₁ (1 - 0.96^(t ψ) / 2).

    References:
        Dozat 2016, Incorporating Nesterov momentum into Adam.
    """
    b1, b2 = betas

    def momentum(t: Any) -> Any:
        return b1 * (1.0 - 0.5 * 0.96 ** (t * momentum_decay))

    def numbers(step: Step) -> Mapping[str, float]:
        t = step.count
        now, following = momentum(t), momentum(t + 1)
        product = float(np.prod(momentum(np.arange(1.0, t + 1.0))))
        return {
            "b1": b1, "b2": b2, "eps": eps, "root": 1.0 / math.sqrt(1.0 - b2**t),
            "ahead": following / (1.0 - product * following), "now": (1.0 - now) / (1.0 - product),
        }  # fmt: skip

    links = [elementwise("nadam", torch_rules.nadam_rule, torch_rules.NadamState, numbers)]
    links += [add_decayed_weights(weight_decay)] if decoupled_weight_decay else []
    coupled = 0.0 if decoupled_weight_decay else weight_decay
    return _chain(*links, scale_by_learning_rate(lr), weight_decay=coupled, maximize=maximize)


@checked
def radam(
    lr: ScalarOrSchedule = 1e-3,
    betas: Betas = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    decoupled_weight_decay: bool = False,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    """`torch.optim.RAdam`; ε is added to √v before the correction.

    References:
        Liu et al. 2020, On the variance of the adaptive learning rate and beyond. https://arxiv.org/abs/1908.03265
    """
    links = [rectified.scale_by_radam(*betas, eps, eps_before_correction=True)]
    links += [add_decayed_weights(weight_decay)] if decoupled_weight_decay else []
    coupled = 0.0 if decoupled_weight_decay else weight_decay
    return _chain(*links, scale_by_learning_rate(lr), weight_decay=coupled, maximize=maximize)


@checked
def adadelta(
    lr: ScalarOrSchedule = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    """`torch.optim.Adadelta`.

    References:
        Zeiler 2012, ADADELTA: an adaptive learning rate method. https://arxiv.org/abs/1212.5701
    """
    links = rms.scale_by_adadelta(rho, eps), scale_by_learning_rate(lr)
    return _chain(*links, weight_decay=weight_decay, maximize=maximize)


@checked
def adagrad(
    lr: ScalarOrSchedule = 1e-2,
    lr_decay: float = 0.0,
    weight_decay: float = 0.0,
    initial_accumulator_value: float = 0.0,
    eps: float = 1e-10,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    """`torch.optim.Adagrad`: rate lr / (1 + (t-1) lr_decay), ε outside the root.

    References:
        Duchi, Hazan & Singer 2011, Adaptive subgradient methods for online learning and stochastic optimization.
    """

    def numbers(step: Step) -> Mapping[str, float]:
        done = step.count - 1
        return {"rate": rate_at(lr, done) / (1.0 + done * lr_decay), "eps": eps}

    starts = {"sum": initial_accumulator_value}
    link = elementwise("adagrad", torch_rules.adagrad_rule, torch_rules.AdagradState, numbers, starts=starts)
    return _chain(link, weight_decay=weight_decay, maximize=maximize)


@checked
def adafactor(
    lr: ScalarOrSchedule = 1e-2,
    beta2_decay: float = -0.8,
    eps: tuple[float | None, float] = (None, 1e-3),
    d: float = 1.0,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    """`torch.optim.Adafactor`: rate min(lr, 1/√t), every matrix is factored, decay is decoupled.

    References:
        Shazeer & Stern 2018, Adafactor: adaptive learning rates with sublinear memory cost.
        https://arxiv.org/abs/1804.04235
    """

    def numbers(step: Step) -> Mapping[str, Any]:
        t = step.count
        rate = rate_at(lr, t - 1)
        return {
            "lr": rate, "rate": min(rate, 1.0 / math.sqrt(t)), "share": float(t) ** beta2_decay, "eps1": eps[0],
            "eps2": eps[1], "d": d, "weight_decay": weight_decay,
        }  # fmt: skip

    link = leafwise(
        "adafactor",
        torch_rules.adafactor_rule,
        torch_rules.AdafactorState,
        torch_rules.adafactor_start,
        numbers,
        needs_params=True,
    )
    return _chain(link, maximize=maximize)


@checked
def asgd(
    lr: float = 1e-2,
    lambd: float = 1e-4,
    alpha: float = 0.75,
    t0: float = 1e6,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    """`torch.optim.ASGD`: descent with decay, and the average of parameters from step t₀ on in `state[-1].ax`.

    References:
        Polyak & Juditsky 1992, Acceleration of stochastic approximation by averaging.
    """

    def numbers(step: Step) -> Mapping[str, float]:
        done = step.count - 1
        eta = lr / (1.0 + lambd * lr * done) ** alpha
        return {"eta": eta, "lambd": lambd, "share": 1.0 / max(1.0, done - t0)}

    link = elementwise("asgd", torch_rules.asgd_rule, torch_rules.AsgdState, numbers)
    return _chain(link, weight_decay=weight_decay, maximize=maximize)


@checked
def rmsprop(
    lr: ScalarOrSchedule = 1e-2,
    alpha: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum: float = 0.0,
    centered: bool = False,
    *,
    maximize: bool = False,
) -> GradientTransformation:
    """`torch.optim.RMSprop`: ε outside the root, momentum of scaled gradients before the rate.

    References:
        Tieleman & Hinton 2012, Lecture 6.5 of Neural networks for machine learning.
        Graves 2013 for the centred form. https://arxiv.org/abs/1308.0850
    """
    links = [rms.scale_by_rms(alpha, eps, eps_in_sqrt=False, centered=centered)]
    links += [trace(momentum)] if momentum else []
    return _chain(*links, scale_by_learning_rate(lr), weight_decay=weight_decay, maximize=maximize)


@checked
def rprop(
    lr: float = 1e-2,
    etas: tuple[float, float] = (0.5, 1.2),
    step_sizes: tuple[float, float] = (1e-6, 50.0),
    *,
    maximize: bool = False,
) -> GradientTransformation:
    """`torch.optim.Rprop`.

    References:
        Riedmiller & Braun 1993, A direct adaptive method for faster backpropagation learning: the RPROP algorithm.
    """
    return _chain(rms.rprop(lr, *etas, *step_sizes), maximize=maximize)


@checked
def muon(
    lr: ScalarOrSchedule = 1e-3,
    weight_decay: float = 0.1,
    momentum: float = 0.95,
    nesterov: bool = True,
    ns_coefficients: tuple[float, float, float] = NEWTON_SCHULZ,
    eps: float = 1e-7,
    ns_steps: int = 5,
    adjust_lr_fn: str | None = None,
) -> GradientTransformation:
    """`torch.optim.Muon`, for matrices, iterating in the precision of the parameters instead of bfloat16.

    Raises:
        GS351: a leaf is no matrix.
        GS356: `adjust_lr_fn` is none of "original", "match_rms_adamw", "spectral_unclamped".

    References:
        Jordan et al. 2024, Muon. https://kellerjordan.github.io/posts/muon/
    """
    adjust = adjust_lr_fn or "original"
    if adjust not in ("original", "match_rms_adamw", "spectral_unclamped"):
        fix = 'pass "original", "match_rms_adamw" or "spectral_unclamped"'
        raise UsageError(Diagnostic("GS356", f"`adjust_lr_fn` is {adjust_lr_fn!r}", fix=fix))
    coefficients = coefficients_of("muon", ns_coefficients, ns_steps)

    def numbers(step: Step) -> Mapping[str, Any]:
        return {
            "lr": rate_at(lr, step.count - 1), "momentum": momentum, "weight_decay": weight_decay, "eps": eps,
            "nesterov": nesterov, "coefficients": coefficients, "adjust": adjust,
        }  # fmt: skip

    return leafwise(
        "muon",
        torch_rules.muon_rule,
        MuonState,
        lambda leaf: (np.zeros_like(leaf),),
        numbers,
        needs_params=True,
        check=torch_rules.check_matrices,
    )

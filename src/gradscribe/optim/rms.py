"""Steps over the root of past squares: RMSprop, Adagrad, Adadelta; and Rprop, from which RMSprop came.

In:  rates and decays.   Out: transformations.
Not here: those that average the gradient too (adam.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Step
from gradscribe.optim.kinds import checked
from gradscribe.optim.masking import Mask
from gradscribe.optim.scaling import ScalarOrSchedule, scale, scale_by_learning_rate
from gradscribe.optim.settings import check_decays
from gradscribe.optim.sgd import trace
from gradscribe.optim.transformation import GradientTransformation, elementwise
from gradscribe.optim.vector import Buffers


class ScaleByRmsState(NamedTuple):
    """Steps done, and the mean of squares."""

    count: int  # type: ignore[assignment]
    nu: Buffers


class ScaleByStdDevState(NamedTuple):
    """Steps done, and the means of gradients and of their squares."""

    count: int  # type: ignore[assignment]
    mu: Buffers
    nu: Buffers


class ScaleByRssState(NamedTuple):
    """The sum of squares."""

    sum_of_squares: Buffers


class ScaleByAdaDeltaState(NamedTuple):
    """The means of squared gradients and of squared updates."""

    e_g: Buffers
    e_x: Buffers


class ScaleByRpropState(NamedTuple):
    """A step for each number, and the update before."""

    step_sizes: Buffers
    prev_updates: Buffers


def rms_rule(g: Any, nu: Any, decay: Any, correction: Any, eps: Any, eps_in_sqrt: bool) -> Any:
    """The gradient over the root of the mean square."""
    nu = decay * nu + (1 - decay) * g**2
    scaled = correction * nu
    return g / (np.sqrt(scaled + eps) if eps_in_sqrt else np.sqrt(scaled) + eps), nu


def stddev_rule(g: Any, mu: Any, nu: Any, decay: Any, correction: Any, eps: Any, eps_in_sqrt: bool) -> Any:
    """The gradient over its standard deviation."""
    mu = decay * mu + (1 - decay) * g
    nu = decay * nu + (1 - decay) * g**2
    variance = correction * nu - (correction * mu) ** 2
    return g / (np.sqrt(variance + eps) if eps_in_sqrt else np.sqrt(variance) + eps), mu, nu


@checked
def scale_by_rms(
    decay: float = 0.9,
    eps: float = 1e-8,
    initial_scale: float = 0.0,
    eps_in_sqrt: bool = True,
    bias_correction: bool = False,
    centered: bool = False,
) -> GradientTransformation:
    """The gradient over the root of the mean of its squares, or over its standard deviation if `centered`.

    References:
        Tieleman & Hinton 2012, Lecture 6.5 of Neural networks for machine learning.
        Graves 2013 for the centred form. https://arxiv.org/abs/1308.0850

    Example:
        >>> opt = scale_by_rms()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 3.16227703 -3.1622775 ]
    """
    check_decays("scale_by_rms", decay=decay)

    def numbers(step: Step) -> Mapping[str, float]:
        correction = 1.0 / (1.0 - decay**step.count) if bias_correction else 1.0
        return {"decay": decay, "correction": correction, "eps": eps}

    static, starts = (("eps_in_sqrt", eps_in_sqrt),), {"nu": initial_scale}
    if centered:
        return elementwise("scale_by_stddev", stddev_rule, ScaleByStdDevState, numbers, static, starts)
    return elementwise("scale_by_rms", rms_rule, ScaleByRmsState, numbers, static, starts)


@checked
def scale_by_stddev(
    decay: float = 0.9,
    eps: float = 1e-8,
    initial_scale: float = 0.0,
    eps_in_sqrt: bool = True,
    bias_correction: bool = False,
) -> GradientTransformation:
    """The gradient over its standard deviation; see `scale_by_rms`.

    Example:
        >>> opt = scale_by_stddev()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 3.33333259 -3.33333315]
    """
    check_decays("scale_by_stddev", decay=decay)
    return scale_by_rms(decay, eps, initial_scale, eps_in_sqrt, bias_correction, centered=True)


@checked
def rmsprop(
    learning_rate: ScalarOrSchedule,
    decay: float = 0.9,
    eps: float = 1e-8,
    initial_scale: float = 0.0,
    eps_in_sqrt: bool = True,
    centered: bool = False,
    momentum: float | None = None,
    nesterov: bool = False,
    bias_correction: bool = False,
) -> GradientTransformation:
    """ν ← d ν + (1-d) g², u = -η g / √(ν + ε).

    Args:
        learning_rate: η.
        decay: d.
        eps: ε.
        initial_scale: the first ν.
        eps_in_sqrt: √(ν + ε) if True, √ν + ε if not, as PyTorch has it.
        centered: over the standard deviation, √(ν - μ² + ε).
        momentum: of the scaled steps.
        nesterov: as in `trace`.
        bias_correction: ν over 1 - dᵗ.

    References:
        Tieleman & Hinton 2012, Lecture 6.5 of Neural networks for machine learning.
        Graves 2013, Generating sequences with recurrent neural networks. https://arxiv.org/abs/1308.0850

    Example:
        >>> opt = rmsprop(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.6837723  2.31622775]
    """
    links = [
        scale_by_rms(decay, eps, initial_scale, eps_in_sqrt, bias_correction, centered),
        scale_by_learning_rate(learning_rate),
    ]
    return chain(*links, *([] if momentum is None else [trace(momentum, nesterov)]))


def rss_rule(g: Any, sum_of_squares: Any, eps: Any) -> Any:
    """The gradient over the root of the sum of all squares; no step where there was no gradient."""
    total = sum_of_squares + g**2
    return np.where(total > 0, g / np.sqrt(np.where(total > 0, total + eps, 1.0)), 0.0), total


@checked
def scale_by_rss(initial_accumulator_value: float = 0.1, eps: float = 1e-7) -> GradientTransformation:
    """The gradient over the root of the sum of all squares so far.

    References:
        Duchi, Hazan & Singer 2011, Adaptive subgradient methods for online learning and stochastic optimization.

    Example:
        >>> opt = scale_by_rss()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.84515413 -0.95346255]
    """
    starts = {"sum_of_squares": initial_accumulator_value}
    return elementwise("scale_by_rss", rss_rule, ScaleByRssState, {"eps": eps}, starts=starts)


@checked
def adagrad(
    learning_rate: ScalarOrSchedule, initial_accumulator_value: float = 0.1, eps: float = 1e-7
) -> GradientTransformation:
    """Steps that shrink with the sum of all squares: s ← s + g², u = -η g / √(s + ε). For sparse gradients.

    References:
        Duchi, Hazan & Singer 2011, Adaptive subgradient methods for online learning and stochastic optimization.

    Example:
        >>> opt = adagrad(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.91548459 2.09534625]
    """
    return chain(scale_by_rss(initial_accumulator_value, eps), scale_by_learning_rate(learning_rate))


def adadelta_rule(g: Any, e_g: Any, e_x: Any, rho: Any, eps: Any) -> Any:
    """Updates have the units of the parameters: their own past size over that of the gradients."""
    e_g = rho * e_g + (1 - rho) * g**2
    update = np.sqrt(e_x + eps) / np.sqrt(e_g + eps) * g
    return update, e_g, rho * e_x + (1 - rho) * update**2


@checked
def scale_by_adadelta(rho: float = 0.9, eps: float = 1e-6) -> GradientTransformation:
    """The gradient times the root of past squared updates over that of past squared gradients.

    References:
        Zeiler 2012, ADADELTA: an adaptive learning rate method. https://arxiv.org/abs/1212.5701

    Example:
        >>> opt = scale_by_adadelta()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.00316221 -0.00316226]
    """
    check_decays("scale_by_adadelta", rho=rho)
    return elementwise("scale_by_adadelta", adadelta_rule, ScaleByAdaDeltaState, {"rho": rho, "eps": eps})


@checked
def adadelta(
    learning_rate: ScalarOrSchedule = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
    weight_decay: ScalarOrSchedule = 0.0,
    weight_decay_mask: Mask | None = None,
) -> GradientTransformation:
    """e ← ρ e + (1-ρ) g², u = -η g √(x + ε) / √(e + ε), x ← ρ x + (1-ρ) u²; no rate need be chosen.

    References:
        Zeiler 2012, ADADELTA: an adaptive learning rate method. https://arxiv.org/abs/1212.5701

    Example:
        >>> opt = adadelta(1.0)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.99683779 2.00316226]
    """
    return chain(
        add_decayed_weights(weight_decay, weight_decay_mask),
        scale_by_adadelta(rho, eps),
        scale_by_learning_rate(learning_rate),
    )


def rprop_rule(
    g: Any, step_sizes: Any, prev_updates: Any, plus: Any, minus: Any, smallest: Any, largest: Any
) -> Any:
    """A step grows while the sign stays, shrinks when it changes, and then is not taken."""
    agreement = g * prev_updates
    grown = np.minimum(np.maximum(step_sizes * np.where(agreement > 0, plus, minus), smallest), largest)
    step_sizes = np.where(np.abs(agreement) > 0, grown, step_sizes)
    update = np.where(agreement < 0, 0.0, step_sizes * np.sign(g))
    return update, step_sizes, update


@checked
def scale_by_rprop(
    learning_rate: float,
    eta_minus: float = 0.5,
    eta_plus: float = 1.2,
    min_step_size: float = 1e-6,
    max_step_size: float = 50.0,
) -> GradientTransformation:
    """Signs of the gradient times a step of each number's own; see `rprop`.

    Example:
        >>> opt = scale_by_rprop(0.01)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.01 -0.01]
    """
    numbers = {"plus": eta_plus, "minus": eta_minus, "smallest": min_step_size, "largest": max_step_size}
    starts = {"step_sizes": learning_rate}
    return elementwise("scale_by_rprop", rprop_rule, ScaleByRpropState, numbers, starts=starts)


@checked
def rprop(
    learning_rate: float,
    eta_minus: float = 0.5,
    eta_plus: float = 1.2,
    min_step_size: float = 1e-6,
    max_step_size: float = 50.0,
) -> GradientTransformation:
    """Resilient propagation: only signs count, and each number has a step of its own. For full batches.

    Args:
        learning_rate: the first step of each number.
        eta_minus: by which a step shrinks where the sign changes; that step is skipped.
        eta_plus: by which it grows where the sign stays.
        min_step_size: the shortest step.
        max_step_size: the longest.

    References:
        Riedmiller & Braun 1993, A direct adaptive method for faster backpropagation learning: the RPROP algorithm
        (the form without backtracking, iRprop⁻: Igel & Hüsken 2000).

    Example:
        >>> opt = rprop(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.9 2.1]
    """
    return chain(
        scale_by_rprop(learning_rate, eta_minus, eta_plus, min_step_size, max_step_size), scale(-1.0)
    )

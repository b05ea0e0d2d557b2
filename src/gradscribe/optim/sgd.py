"""Gradient descent whose step does not depend on the history of squares: momentum, signs, noise, Polyak's step.

In:  rates and decays.   Out: transformations.
Not here: steps scaled by past squares (adam.py, rms.py).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.adding import add_noise
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Step, needs_keyword
from gradscribe.optim.kinds import checked
from gradscribe.optim.narrowing import narrowed
from gradscribe.optim.scaling import (
    EmptyState,
    ScalarOrSchedule,
    rate_at,
    scale_by_learning_rate,
    scale_rule,
)
from gradscribe.optim.settings import check_decays
from gradscribe.optim.transformation import GradientTransformation, elementwise
from gradscribe.optim.vector import Buffers


class TraceState(NamedTuple):
    """The decaying sum of gradients."""

    trace: Buffers


class EmaState(NamedTuple):
    """Steps done, and the decaying mean."""

    count: int  # type: ignore[assignment]
    ema: Buffers


class OptimisticGradientState(NamedTuple):
    """Steps done, and the gradient before."""

    count: int  # type: ignore[assignment]
    previous_gradient: Buffers


def trace_rule(g: Any, trace: Any, decay: Any, nesterov: bool) -> Any:
    """Heavy ball: the update is the decaying sum of gradients; Nesterov's looks one step ahead."""
    trace = g + decay * trace
    return (g + decay * trace if nesterov else trace), trace


@checked
def trace(
    decay: float, nesterov: bool = False, accumulator_dtype: DTypeLike | None = None
) -> GradientTransformation:
    """The decaying sum of all updates so far: t ← g + d t.

    Args:
        decay: d in [0, 1).
        nesterov: return g + d t instead of t.
        accumulator_dtype: in which t is kept, to save memory; by default that of the parameters.

    References:
        Polyak 1964, Some methods of speeding up the convergence of iteration methods.
        Sutskever et al. 2013, On the importance of initialization and momentum in deep learning, §2 (Nesterov).

    Example:
        >>> opt = trace(0.9)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.5 -1. ]
    """
    made = elementwise("trace", trace_rule, TraceState, {"decay": decay}, (("nesterov", nesterov),))
    return narrowed(made, accumulator_dtype, "trace", setting="accumulator_dtype")


@checked
def sgd(
    learning_rate: ScalarOrSchedule,
    momentum: float | None = None,
    nesterov: bool = False,
    accumulator_dtype: DTypeLike | None = None,
) -> GradientTransformation:
    """Stochastic gradient descent: u = -η g, or with momentum m: t ← g + m t, u = -η t.

    Args:
        learning_rate: η, a number or a schedule.
        momentum: m in [0, 1); None keeps no state.
        nesterov: u = -η (g + m t) instead.
        accumulator_dtype: in which t is kept, to save memory; by default that of the parameters.

    References:
        Robbins & Monro 1951, A stochastic approximation method; Sutskever et al. 2013 for the momentum.

    Example:
        >>> opt = sgd(0.1, momentum=0.9)
        >>> opt.step([1.0], [2.0], opt.init([1.0]))[0]
        [0.8]
    """
    rate = scale_by_learning_rate(learning_rate)
    return chain(rate) if momentum is None else chain(trace(momentum, nesterov, accumulator_dtype), rate)


def ema_rule(g: Any, ema: Any, decay: Any, correction: Any) -> Any:
    """The decaying mean, corrected for starting at zero."""
    ema = decay * ema + (1 - decay) * g
    return ema * correction, ema


@checked
def ema(
    decay: float, debias: bool = True, accumulator_dtype: DTypeLike | None = None
) -> GradientTransformation:
    """The decaying mean of all updates so far: m ← d m + (1-d) g, over 1-dᵗ if `debias`.

    Example:
        >>> opt = ema(0.5)
        >>> opt.update([3.0], opt.init([0.0]))[0]
        [3.0]
    """
    check_decays("ema", decay=decay)

    def numbers(step: Step) -> Mapping[str, float]:
        return {"decay": decay, "correction": 1.0 / (1.0 - decay**step.count) if debias else 1.0}

    made = elementwise("ema", ema_rule, EmaState, numbers)
    return narrowed(made, accumulator_dtype, "ema", setting="accumulator_dtype")


def sign_rule(g: Any) -> Any:
    """Only the direction, coordinate by coordinate."""
    return np.sign(g)


def scale_by_sign() -> GradientTransformation:
    """The sign of each number: -1, 0 or 1.

    Example:
        >>> opt = scale_by_sign()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 1. -1.]
    """
    return elementwise("scale_by_sign", sign_rule, EmptyState)


@checked
def sign_sgd(learning_rate: ScalarOrSchedule) -> GradientTransformation:
    """Descent by signs: u = -η sign(g).

    References:
        Bernstein et al. 2018, signSGD: compressed optimisation for non-convex problems.
        https://arxiv.org/abs/1802.04434

    Example:
        >>> opt = sign_sgd(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.9 2.1]
    """
    return chain(scale_by_sign(), scale_by_learning_rate(learning_rate))


@checked
def signum(
    learning_rate: ScalarOrSchedule, beta: float = 0.9, accumulator_dtype: DTypeLike | None = None
) -> GradientTransformation:
    """Descent by signs of the mean gradient: m ← β m + (1-β) g, u = -η sign(m).

    References:
        Bernstein et al. 2018, signSGD, Algorithm 2. https://arxiv.org/abs/1802.04434

    Example:
        >>> opt = signum(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.9 2.1]
    """
    mean = ema(beta, debias=False, accumulator_dtype=accumulator_dtype)
    return chain(mean, scale_by_sign(), scale_by_learning_rate(learning_rate))


@checked
def noisy_sgd(
    learning_rate: ScalarOrSchedule, eta: float = 0.01, gamma: float = 0.55, seed: int = 0
) -> GradientTransformation:
    """Descent with decaying Gaussian noise: u = -η (g + N(0, eta / tᵞ)).

    References:
        Neelakantan et al. 2015, Adding gradient noise improves learning for very deep networks.
        https://arxiv.org/abs/1511.06807
    """
    return chain(add_noise(eta, gamma, seed), scale_by_learning_rate(learning_rate))


def optimistic_rule(g: Any, previous_gradient: Any, now: Any, before: Any) -> Any:
    """A gradient extrapolated from the last two."""
    return now * g - before * previous_gradient, g


@checked
def scale_by_optimistic_gradient(
    alpha: ScalarOrSchedule = 1.0, beta: ScalarOrSchedule = 1.0
) -> GradientTransformation:
    """(α+β) gₜ - β gₜ₋₁; the first step has no gradient before and is α g.

    Example:
        >>> opt = scale_by_optimistic_gradient()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.5 -1. ]
    """

    def numbers(step: Step) -> Mapping[str, float]:
        a, b = (rate_at(rate, step.count - 1) for rate in (alpha, beta))
        return {"now": a, "before": 0.0} if step.count == 1 else {"now": a + b, "before": b}

    return elementwise("scale_by_optimistic_gradient", optimistic_rule, OptimisticGradientState, numbers)


@checked
def optimistic_gradient_descent(
    learning_rate: ScalarOrSchedule, alpha: ScalarOrSchedule = 1.0, beta: ScalarOrSchedule = 1.0
) -> GradientTransformation:
    """Descent along an extrapolated gradient, which does not circle in games: u = -η ((α+β) gₜ - β gₜ₋₁).

    References:
        Mokhtari et al. 2019, A unified analysis of extra-gradient and optimistic gradient methods for saddle point
        problems. https://arxiv.org/abs/1901.08511

    Example:
        >>> opt = optimistic_gradient_descent(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.95 2.1 ]
    """
    return chain(scale_by_optimistic_gradient(alpha, beta), scale_by_learning_rate(learning_rate))


@checked
def scale_by_polyak(
    f_min: float = 0.0, max_learning_rate: float = 1.0, eps: float = 0.0, variant: str = "sps"
) -> GradientTransformation:
    """Scale by Polyak's step min((f - f_min) / (|g|² + ε), γ); `step` needs `value=` of the loss.

    Raises:
        GS352: `value` was not passed.

    Example:
        >>> opt = scale_by_polyak()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(params, opt.init(params), params, value=2.5)[0])
        [0.5 1. ]
    """
    if variant not in ("sps", "sps+"):
        raise UsageError(Diagnostic("GS356", f"`variant` is {variant!r}", fix='pass "sps" or "sps+"'))

    def numbers(step: Step) -> Mapping[str, float]:
        if "value" not in step.extra:
            raise needs_keyword("scale_by_polyak", "value", "the loss at the parameters")
        gap = float(step.extra["value"]) - f_min
        square = step.g.norm() ** 2 + eps
        if square <= sys.float_info.epsilon:
            return {"factor": 0.0}
        return {"factor": min((max(gap, 0.0) if variant == "sps+" else gap) / square, max_learning_rate)}

    return elementwise("scale_by_polyak", scale_rule, EmptyState, numbers, whole=True)


@checked
def polyak_sgd(
    max_learning_rate: float = 1.0,
    scaling: ScalarOrSchedule = 1.0,
    f_min: float = 0.0,
    eps: float = 0.0,
    variant: str = "sps",
) -> GradientTransformation:
    """Descent with Polyak's step: u = -s g min((f - f_min) / (|s g|² + ε), γ), for a known minimum.

    Args:
        max_learning_rate: γ, the longest step.
        scaling: s, a number or a schedule.
        f_min: the least value of the loss; 0 where a model can fit its data.
        eps: ε.
        variant: "sps", or "sps+", which takes no step where f < f_min.

    Raises:
        GS352: `step` was called without `value=`.

    References:
        Loizou et al. 2021, Stochastic Polyak step-size for SGD. https://arxiv.org/abs/2002.10542

    Example:
        >>> opt = polyak_sgd()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, params, opt.init(params), value=2.5)[0])
        [0.5 1. ]
    """
    return chain(sgd(scaling), scale_by_polyak(f_min, max_learning_rate, eps, variant))

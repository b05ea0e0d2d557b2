"""Plain gradient descent, with and without momentum.

In:  rates and decays.   Out: transformations.
Not here: adaptive steps (adam.py and others).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gradscribe.optim.chain import chain
from gradscribe.optim.elementwise import Elementwise
from gradscribe.optim.scaling import ScalarOrSchedule, scale_by_learning_rate
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.vector import Buffers


class TraceState(NamedTuple):
    """The decaying sum of gradients."""

    trace: Buffers


def trace_rule(g: Any, trace: Any, decay: Any, nesterov: bool) -> Any:
    """Heavy ball: the update is the decaying sum of gradients; Nesterov's looks one step ahead."""
    trace = g + decay * trace
    return (g + decay * trace if nesterov else trace), trace


def trace(decay: float, nesterov: bool = False) -> GradientTransformation:
    """The decaying sum of all updates so far.

    References:
        Polyak 1964, Some methods of speeding up the convergence of iteration methods.
        Sutskever et al. 2013, On the importance of initialization and momentum in deep learning, §2 (Nesterov).
    """
    static = (("nesterov", nesterov),)
    return GradientTransformation.of(
        Elementwise("trace", trace_rule, TraceState, lambda step: {"decay": decay}, static)
    )


def sgd(
    learning_rate: ScalarOrSchedule, momentum: float | None = None, nesterov: bool = False
) -> GradientTransformation:
    """Stochastic gradient descent: u = -η g, or with momentum m: t ← g + m t, u = -η t.

    Args:
        learning_rate: η, a number or a schedule.
        momentum: m in [0, 1); None keeps no state.
        nesterov: u = -η (g + m t) instead.

    References:
        Robbins & Monro 1951, A stochastic approximation method; Sutskever et al. 2013 for the momentum.

    Example:
        >>> opt = sgd(0.1, momentum=0.9)
        >>> opt.step([1.0], [2.0], opt.init([1.0]))[0]
        [0.8]
    """
    rate = scale_by_learning_rate(learning_rate)
    return chain(rate) if momentum is None else chain(trace(momentum, nesterov), rate)

"""Steps scaled by norms of whole layers: LARS, LAMB, Fromage, NovoGrad.

In:  rates and coefficients.   Out: transformations. A layer is a leaf of the parameters.
Not here: clipping by norms (clipping.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from gradscribe.optim.adam import scale_by_adam
from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Step
from gradscribe.optim.kinds import checked
from gradscribe.optim.masking import Mask, masked
from gradscribe.optim.narrowing import narrowed
from gradscribe.optim.scaling import EmptyState, ScalarOrSchedule, rate_at, scale_by_learning_rate
from gradscribe.optim.settings import check_decays
from gradscribe.optim.sgd import trace
from gradscribe.optim.transformation import GradientTransformation, leafwise


class ScaleByNovogradState(NamedTuple):
    """Steps done; the momentum of each leaf, and the mean square norm of its gradients."""

    count: int  # type: ignore[assignment]
    mu: tuple[np.ndarray, ...]
    nu: tuple[Any, ...]


def norm_of(leaf: np.ndarray) -> float:
    """The Euclidean norm of a leaf."""
    return float(np.linalg.norm(leaf.reshape(-1)))


def rms_of(leaf: np.ndarray) -> float:
    """The root of the mean square of a leaf; 0 for an empty one."""
    return norm_of(leaf) / math.sqrt(leaf.size) if leaf.size else 0.0


def _trust_rule(g: Any, p: Any, *, min_norm: float, trust_coefficient: float, eps: float) -> Any:
    of_p, of_g = max(norm_of(p), min_norm), max(norm_of(g), min_norm)
    ratio = 1.0 if of_p == 0.0 or of_g == 0.0 else trust_coefficient * of_p / (of_g + eps)
    return g * ratio


@checked
def scale_by_trust_ratio(
    min_norm: float = 0.0, trust_coefficient: float = 1.0, eps: float = 0.0
) -> GradientTransformation:
    """Scale each leaf by c |p| / (|g| + ε), so that it moves by a share of its own size; by 1 where a norm is 0.

    References:
        You et al. 2017, Large batch training of convolutional networks, §4. https://arxiv.org/abs/1708.03888

    Example:
        >>> opt = scale_by_trust_ratio()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 1. -2.]
    """
    numbers = {"min_norm": min_norm, "trust_coefficient": trust_coefficient, "eps": eps}
    return leafwise("scale_by_trust_ratio", _trust_rule, EmptyState, numbers=numbers, needs_params=True)


@checked
def lars(
    learning_rate: ScalarOrSchedule,
    weight_decay: ScalarOrSchedule = 0.0,
    weight_decay_mask: Mask | None = None,
    trust_coefficient: float = 0.001,
    eps: float = 0.0,
    trust_ratio_mask: Mask | None = None,
    momentum: float = 0.9,
    nesterov: bool = False,
) -> GradientTransformation:
    """Momentum with a rate for each layer: η c |p| / |g + λ p|. For large batches.

    References:
        You, Gitman & Ginsburg 2017, Large batch training of convolutional networks. https://arxiv.org/abs/1708.03888

    Example:
        >>> opt = lars(10.0)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.99 2.02]
    """
    trust = scale_by_trust_ratio(trust_coefficient=trust_coefficient, eps=eps)
    return chain(
        add_decayed_weights(weight_decay, weight_decay_mask),
        trust if trust_ratio_mask is None else masked(trust, trust_ratio_mask),
        scale_by_learning_rate(learning_rate),
        trace(momentum, nesterov),
    )


@checked
def lamb(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-6,
    eps_root: float = 0.0,
    weight_decay: ScalarOrSchedule = 0.0,
    mask: Mask | None = None,
) -> GradientTransformation:
    """AdamW with a rate for each layer: η |p| / |d|, d Adam's direction with decay. For large batches.

    References:
        You et al. 2020, Large batch optimization for deep learning: training BERT in 76 minutes.
        https://arxiv.org/abs/1904.00962

    Example:
        >>> opt = lamb(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.8418862  2.15811396]
    """
    return chain(
        scale_by_adam(b1, b2, eps, eps_root),
        add_decayed_weights(weight_decay, mask),
        scale_by_trust_ratio(),
        scale_by_learning_rate(learning_rate),
    )


@checked
def fromage(learning_rate: ScalarOrSchedule, min_norm: float = 1e-6) -> GradientTransformation:
    """Each layer turns by a fixed angle: p ← (p - η g |p| / |g|) / √(1 + η²).

    References:
        Bernstein et al. 2020, On the distance between two neural networks and the stability of learning.
        https://arxiv.org/abs/2002.03432

    Example:
        >>> opt = fromage(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.89553347 2.18908182]
    """

    def shrink(count: int) -> float:
        return 1.0 / math.sqrt(1.0 + rate_at(learning_rate, count) ** 2)

    def rate(count: int) -> float:
        return shrink(count) * rate_at(learning_rate, count)

    def decay(count: int) -> float:
        return shrink(count) - 1.0

    varies = callable(learning_rate)
    return chain(
        scale_by_trust_ratio(min_norm),
        scale_by_learning_rate(rate if varies else rate(0)),
        add_decayed_weights(decay if varies else decay(0)),
    )


def _novograd_rule(
    g: Any, p: Any, mu: Any, nu: Any, *, first: bool, b1: float, b2: float, eps: float, eps_root: float,
    weight_decay: float,
) -> Any:  # fmt: skip
    square = norm_of(g) ** 2
    nu = g.dtype.type(square if first else b2 * float(nu) + (1.0 - b2) * square)
    scaled = g / (math.sqrt(nu + eps_root) + eps) + weight_decay * p
    mu = scaled if first else b1 * mu + scaled
    return mu, mu, nu


@checked
def scale_by_novograd(
    b1: float = 0.9,
    b2: float = 0.25,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    weight_decay: float = 0.0,
    mu_dtype: DTypeLike | None = None,
) -> GradientTransformation:
    """Momentum of gradients over their layer's norm; see `novograd`.

    Example:
        >>> opt = scale_by_novograd()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.44721359 -0.89442718]
    """
    check_decays("scale_by_novograd", b1=b1, b2=b2)

    def numbers(step: Step) -> Mapping[str, Any]:
        return {
            "first": step.count == 1, "b1": b1, "b2": b2, "eps": eps, "eps_root": eps_root,
            "weight_decay": weight_decay,
        }  # fmt: skip

    made = leafwise(
        "scale_by_novograd",
        _novograd_rule,
        ScaleByNovogradState,
        lambda leaf: (np.zeros_like(leaf), leaf.dtype.type(0.0)),
        numbers,
        needs_params=True,
    )
    return narrowed(made, mu_dtype, "mu")


@checked
def novograd(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.25,
    eps: float = 1e-6,
    eps_root: float = 0.0,
    weight_decay: float = 0.0,
) -> GradientTransformation:
    """One second moment for each layer: ν ← β₂ ν + (1-β₂) |g|², μ ← β₁ μ + g / (√(ν + ε_root) + ε) + λ p.

    The step is u = -η μ.

    References:
        Ginsburg et al. 2019, Stochastic gradient methods with layer-wise adaptive moments. https://arxiv.org/abs/1905.11286

    Example:
        >>> opt = novograd(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.95527868 2.08944264]
    """
    return chain(
        scale_by_novograd(b1, b2, eps, eps_root, weight_decay), scale_by_learning_rate(learning_rate)
    )


def _block_norm_rule(g: Any, p: Any, *, min_scale: float) -> Any:
    return g * max(norm_of(p), min_scale)


def _block_rms_rule(g: Any, p: Any, *, min_scale: float) -> Any:
    return g * max(rms_of(p), min_scale)


class DistanceState(NamedTuple):
    """Of each leaf: the longest way from the start, the sum of squared gradients, and the start."""

    max_dist: tuple[float, ...]
    grad_sum_of_squares: tuple[float, ...]
    init_params: tuple[np.ndarray, ...]


def _distance_rule(
    g: Any, p: Any, max_dist: float, squares: float, start: Any, *, eps: float, scale: float
) -> Any:
    max_dist = max(max_dist, norm_of(p - start))
    squares = squares + norm_of(g) ** 2
    return g * (scale * max_dist / math.sqrt(squares + eps)), max_dist, squares, start


@checked
def scale_by_distance_over_gradients(
    reps_rel: float = 1e-6, eps: float = 1e-8, *, global_scale: float = 1.0
) -> GradientTransformation:
    """No rate is needed: the way of each leaf from its start, over the root of its summed squared gradients.

    Args:
        reps_rel: the first distance, relative to 1 + |p|.
        eps: keeps the first step finite.
        global_scale: multiplies all updates; -1 to go downhill without a rate after it.

    References:
        Ivgi, Hinder & Carmon 2023, DoG is SGD's best friend, the form by layers. https://arxiv.org/abs/2302.12022

    Example:
        >>> opt = scale_by_distance_over_gradients(1.0, global_scale=-1.0)
        >>> params = [4.0]
        >>> state = opt.init(params)
        >>> for _ in range(30):
        ...     params, state = opt.step(params, [2.0 * params[0]], state)
        >>> abs(params[0]) < 1e-2
        True
    """

    def start(leaf: np.ndarray) -> tuple[Any, ...]:
        return reps_rel * (1.0 + norm_of(leaf)), 0.0, leaf.copy()

    numbers = {"eps": eps, "scale": global_scale}
    return leafwise(
        "scale_by_distance_over_gradients", _distance_rule, DistanceState, start, numbers, needs_params=True
    )


@checked
def scale_by_param_block_norm(min_scale: float = 1e-3) -> GradientTransformation:
    """Scale each leaf by the norm of its parameters, or by `min_scale` if that is larger.

    Example:
        >>> opt = scale_by_param_block_norm()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 1.11803399 -2.23606798]
    """
    numbers = {"min_scale": min_scale}
    return leafwise(
        "scale_by_param_block_norm", _block_norm_rule, EmptyState, numbers=numbers, needs_params=True
    )


@checked
def scale_by_param_block_rms(min_scale: float = 1e-3) -> GradientTransformation:
    """Scale each leaf by the root mean square of its parameters, or by `min_scale` if that is larger.

    Example:
        >>> opt = scale_by_param_block_rms()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.79056942 -1.58113883]
    """
    numbers = {"min_scale": min_scale}
    return leafwise(
        "scale_by_param_block_rms", _block_rms_rule, EmptyState, numbers=numbers, needs_params=True
    )

"""DoG and DoWG: the learning rate is the distance from the start over the size of the gradients.

In:  the first distance.   Out: transformations.
Not here: methods that estimate the distance to the solution (prodigy.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Core, Extra, needs_params
from gradscribe.optim.kinds import checked
from gradscribe.optim.masking import Mask
from gradscribe.optim.scaling import ScalarOrSchedule, scale_by_learning_rate
from gradscribe.optim.settings import check_positive, refused
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.vector import Buffers, Vector


class DogState(NamedTuple):
    """Steps done; the parameters at the start, the largest distance from them, and the sum of squared norms."""

    count: int  # type: ignore[assignment]
    init_params: Buffers
    max_dist: float
    sum_sq_norm_grads: float


class DowgState(NamedTuple):
    """The parameters at the start, the largest squared distance from them, and the weighted squared norms."""

    init_params: Buffers
    estim_sq_dist: float
    weighted_sq_norm_grads: float


@dataclass(frozen=True, eq=False)
class _Dog(Core):
    how: str
    first: float
    eps: float
    name = "dog"

    def init(self, params: Vector) -> DogState:
        distance = {
            "distance": self.first,
            "heuristic": self.first * (1.0 + params.norm()),
            "learning_rate": 0.0,
        }[self.how]
        return DogState(0, tuple(buffer.copy() for buffer in params.buffers), distance, 0.0)

    def update(
        self, g: Vector, state: DogState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, DogState]:
        if params is None:
            raise needs_params(self.name)
        distance = max(state.max_dist, params.each(np.subtract, state.init_params).norm())
        total = state.sum_sq_norm_grads + g.dot(g)
        rate = distance / math.sqrt(total + self.eps)
        if self.how == "learning_rate" and state.count == 0:
            rate = self.first
        return g.each(lambda d: rate * d), DogState(state.count + 1, state.init_params, distance, total)


@checked
def dog(
    learning_rate: ScalarOrSchedule = 1.0,
    init_step: tuple[str, float] = ("heuristic", 1e-6),
    eps: float = 1e-8,
    weight_decay: float | None = None,
    mask: Mask | None = None,
) -> GradientTransformation:
    """Distance over gradients: u = -η max|x - x₀| / √(Σ|g|² + ε) g, without a rate to tune.

    Args:
        learning_rate: η; leave it at 1, or give a schedule that ends at 0.
        init_step: what the first step is made of, and a small number: "distance", "heuristic" (that number times
            1 + |x₀|), or "learning_rate".
        eps: ε.
        weight_decay: added to the gradient, times the parameters.
        mask: which parameters decay, as in `masked`.

    References:
        Ivgi, Hinder & Carmon 2023, DoG is SGD's best friend: a parameter-free dynamic step size schedule.
        https://arxiv.org/abs/2302.12022

    Example:
        >>> opt, params = dog(init_step=("distance", 0.1)), np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([3.0, -4.0]), opt.init(params))[0])
        [0.94 2.08]
    """
    kinds = ("distance", "heuristic", "learning_rate")
    if not isinstance(init_step, tuple) or len(init_step) != 2 or init_step[0] not in kinds:
        fix = f"pass a tuple of one of {', '.join(map(repr, kinds))} and a number"
        raise refused("dog", f"`init_step` is {init_step!r}", fix)
    return _anchored(_Dog(*init_step, eps), learning_rate, weight_decay, mask)


@dataclass(frozen=True, eq=False)
class _Dowg(Core):
    first: float
    eps: float
    name = "dowg"

    def init(self, params: Vector) -> DowgState:
        return DowgState(tuple(buffer.copy() for buffer in params.buffers), self.first, 0.0)

    def update(
        self, g: Vector, state: DowgState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, DowgState]:
        if params is None:
            raise needs_params(self.name)
        away = params.each(np.subtract, state.init_params)
        distance = max(state.estim_sq_dist, away.dot(away))
        total = state.weighted_sq_norm_grads + distance * g.dot(g)
        rate = distance / (math.sqrt(total) + self.eps)
        return g.each(lambda d: rate * d), DowgState(state.init_params, distance, total)


@checked
def dowg(
    learning_rate: ScalarOrSchedule = 1.0,
    init_estim_sq_dist: float | None = None,
    eps: float = 1e-4,
    weight_decay: float | None = None,
    mask: Mask | None = None,
) -> GradientTransformation:
    """Distance over weighted gradients: d² = max|x - x₀|², u = -η d² / (√Σ d²|g|² + ε) g, without a rate to tune.

    Args:
        learning_rate: η; leave it at 1, or give a schedule that ends at 0.
        init_estim_sq_dist: the first d²; ε if None.
        eps: ε.
        weight_decay: added to the gradient, times the parameters.
        mask: which parameters decay, as in `masked`.

    References:
        Khaled, Mishchenko & Jin 2023, DoWG unleashed: an efficient universal parameter-free gradient descent
        method. https://arxiv.org/abs/2305.16284

    Example:
        >>> opt, params = dowg(init_estim_sq_dist=0.01), np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([3.0, -4.0]), opt.init(params))[0].round(3))
        [0.94 2.08]
    """
    check_positive("dowg", eps=eps)
    first = eps if init_estim_sq_dist is None else init_estim_sq_dist
    return _anchored(_Dowg(first, eps), learning_rate, weight_decay, mask)


def _anchored(
    core: Core, learning_rate: ScalarOrSchedule, weight_decay: float | None, mask: Mask | None
) -> GradientTransformation:
    scaled = [GradientTransformation.of(core), scale_by_learning_rate(learning_rate)]
    return chain(*scaled) if weight_decay is None else chain(add_decayed_weights(weight_decay, mask), *scaled)

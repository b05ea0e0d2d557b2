"""Transformations that add to the gradient: weight decay and noise.

In:  strengths.   Out: transformations.
Not here: which parameters are decayed (masking.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from gradscribe.optim.core import Core, Extra, Step
from gradscribe.optim.kinds import checked
from gradscribe.optim.masking import Mask, masked
from gradscribe.optim.scaling import EmptyState, ScalarOrSchedule, ScaleByScheduleState, rate_at
from gradscribe.optim.transformation import GradientTransformation, elementwise
from gradscribe.optim.vector import Vector


class AddNoiseState(NamedTuple):
    """Steps done, and the seed: both together determine the next noise."""

    count: int  # type: ignore[assignment]
    seed: int


def decay_rule(g: Any, p: Any, weight_decay: Any) -> Any:
    """Pulls parameters towards zero."""
    return g + weight_decay * p


@checked
def add_decayed_weights(
    weight_decay: ScalarOrSchedule = 0.0, mask: Mask | None = None
) -> GradientTransformation:
    """Add the parameters, times a number or a schedule, to the updates: g + λ p.

    Before an adaptive rule this is L2 regularisation, after it decoupled weight decay.

    Args:
        weight_decay: λ.
        mask: which parameters are decayed, as in `masked`; all by default.

    References:
        Loshchilov & Hutter 2019, Decoupled weight decay regularization. https://arxiv.org/abs/1711.05101

    Example:
        >>> opt = add_decayed_weights(0.1)
        >>> opt.update([1.0], opt.init([5.0]), [5.0])[0]
        [1.5]
    """
    name = "add_decayed_weights"
    if callable(weight_decay):

        def numbers(step: Step) -> Mapping[str, float]:
            return {"weight_decay": rate_at(weight_decay, step.count - 1)}

        made = elementwise(name, decay_rule, ScaleByScheduleState, numbers)
    else:
        made = elementwise(name, decay_rule, EmptyState, {"weight_decay": weight_decay})
    return made if mask is None else masked(made, mask)


@dataclass(frozen=True)
class _Noise(Core):
    """Gaussian noise from a generator that is made anew for each step."""

    eta: float
    gamma: float
    seed: int
    name = "add_noise"

    def init(self, params: Vector) -> AddNoiseState:
        """No noise yet."""
        return AddNoiseState(0, self.seed)

    def update(
        self, g: Vector, state: AddNoiseState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, AddNoiseState]:
        """The updates and fresh noise."""
        count = state.count + 1
        rng = np.random.Generator(np.random.Philox(key=state.seed, counter=[0, 0, 0, count]))
        deviation = math.sqrt(self.eta / count**self.gamma)

        def noisy(buffer: np.ndarray) -> np.ndarray:
            noise = deviation * rng.standard_normal(buffer.size)
            found: np.ndarray = buffer + noise.astype(buffer.dtype)
            return found

        return g.each(noisy), AddNoiseState(count, state.seed)


@checked
def add_noise(eta: float, gamma: float, seed: int = 0) -> GradientTransformation:
    """Add Gaussian noise of variance eta / tᵞ; the same seed gives the same noise, also after a restart.

    References:
        Neelakantan et al. 2015, Adding gradient noise improves learning for very deep networks.
        https://arxiv.org/abs/1511.06807
    """
    return GradientTransformation.of(_Noise(eta, gamma, seed))

"""Sharpness-aware minimisation: the gradient is taken where the loss nearby is worst.

In:  an optimiser, and one that goes uphill.   Out: a transformation.
Not here: wrappers that look at updates only (wrappers.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from gradscribe.optim.core import Core, Extra, check_buffers, needs_params
from gradscribe.optim.kinds import checked
from gradscribe.optim.settings import check_counts
from gradscribe.optim.transformation import GradientTransformation, core_of
from gradscribe.optim.vector import Buffers, Vector


class SamState(NamedTuple):
    """Steps since the last of the optimiser, the parameters then, and the states of both."""

    steps_since_sync: int
    opt_state: Any
    adv_state: Any
    cache: Buffers


@dataclass(frozen=True, eq=False)
class _Sam(Core):
    optimizer: Core
    adversary: Core
    period: int
    resets: bool
    name = "sam"

    def init(self, params: Vector) -> SamState:
        cache = tuple(buffer.copy() for buffer in params.buffers)
        return SamState(0, self.optimizer.init(params), self.adversary.init(params), cache)

    def update(
        self, g: Vector, state: SamState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, SamState]:
        if params is None:
            raise needs_params(self.name)
        check_buffers(g.layout, state.cache, self.name)
        steps = state.steps_since_sync + 1
        if steps < self.period:
            uphill, adversary = self.adversary.update(g, state.adv_state, params, extra)
            cache = (
                state.cache if state.steps_since_sync else tuple(buffer.copy() for buffer in params.buffers)
            )
            return uphill.each(np.negative), SamState(steps, state.opt_state, adversary, cache)
        home = Vector(g.layout, buffers=state.cache if self.period > 1 else params.buffers)
        found, optimizer = self.optimizer.update(g, state.opt_state, home, extra)
        moved = home.each(lambda h, p, u: h - p + u, params, found)
        adversary = self.adversary.init(params) if self.resets else state.adv_state
        return moved, SamState(0, optimizer, adversary, state.cache)


@checked
def sam(
    optimizer: GradientTransformation,
    adv_optimizer: GradientTransformation,
    sync_period: int = 2,
    reset_state: bool = True,
) -> GradientTransformation:
    """Uphill for k-1 steps, then one step of the optimiser from where that began, with the gradient found there.

    A step is one gradient, so that k of them make one of the optimiser. Between, the parameters are those uphill.

    Args:
        optimizer: moves the parameters.
        adv_optimizer: goes uphill; as published, `chain(normalize_by_update_norm(), sgd(0.05))`, 0.05 being ρ.
        sync_period: k.
        reset_state: start the uphill optimiser anew each time.

    References:
        Foret et al. 2021, Sharpness-aware minimization for efficiently improving generalization, Algorithm 1.
        https://arxiv.org/abs/2010.01412

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = sam(optim.sgd(0.1), optim.sgd(0.5))
        >>> params, state = opt.step([4.0], [2.0], opt.init([4.0]))
        >>> params, opt.step(params, [3.0], state)[0]
        ([5.0], [3.7])
    """
    check_counts("sam", sync_period=sync_period)
    return GradientTransformation.of(
        _Sam(core_of(optimizer), core_of(adv_optimizer), sync_period, reset_state)
    )

"""Mechanic: the learning rate of any optimiser, learned along the way.

In:  an optimiser.   Out: a transformation.
Not here: optimisers that estimate the distance to the solution (dadaptation.py, prodigy.py, distances.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

from gradscribe.optim.core import Core, Extra, check_buffers, needs_params
from gradscribe.optim.kinds import checked
from gradscribe.optim.settings import check_counts, check_positive
from gradscribe.optim.transformation import GradientTransformation, core_of
from gradscribe.optim.vector import Buffers, Vector

Numbers = tuple[float, ...]


class MechanicState(NamedTuple):
    """The optimiser's state, steps done; reward, largest product, squares and scale of each β; the start."""

    base_optimizer_state: Any
    count: int  # type: ignore[assignment]
    r: Numbers
    m: Numbers
    v: Numbers
    s: Numbers
    x0: Buffers


@dataclass(frozen=True, eq=False)
class _Mechanic(Core):
    base: Core
    weight_decay: float
    eps: float
    first: float
    betas: Numbers
    name = "mechanize"

    def init(self, params: Vector) -> MechanicState:
        zeros = (0.0,) * len(self.betas)
        start = tuple(buffer.copy() for buffer in params.buffers)
        return MechanicState(
            self.base.init(params), 0, zeros, zeros, zeros, (self.first,) * len(self.betas), start
        )

    def update(
        self, g: Vector, state: MechanicState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, MechanicState]:
        if params is None:
            raise needs_params(self.name)
        check_buffers(params.layout, state.x0, self.name)
        update, base = self.base.update(g, state.base_optimizer_state, params, extra)
        # Parameters that were loaded after `init` are where the way starts.
        start = state.x0 if state.count else tuple(buffer.copy() for buffer in params.buffers)
        scale = sum(state.s)
        # The sum of updates so far, unscaled, from where it has led.
        way = params.each(lambda p, x: (p - x) / (scale + self.eps), start)
        decay = self.weight_decay * scale * g.norm() / (params.norm() + self.eps)
        product = -g.each(lambda g, p: g + decay * p, params).dot(way)
        r, m, v, s = self._learned(state, product)
        total = sum(s)
        moved = way.each(lambda w, u, x, p: x + total * (w + u) - p, update, start, params)
        return moved, MechanicState(base, state.count + 1, r, m, v, s, start)

    def _learned(self, state: MechanicState, product: float) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Reward, largest product, sum of squares and scale of each β, after the next product."""
        found = []
        for beta, r, m, v, s in zip(self.betas, state.r, state.m, state.v, state.s, strict=True):
            # As in the authors' programs: what a step may win or lose is bounded by the largest before.
            r = beta * r + min(max(product, -m), m) * s
            m = max(beta * m, abs(product) + self.eps)
            v = beta**2 * v + product**2
            wealth = self.first / len(self.betas) * m + max(0.0, r)
            found.append((r, m, v, wealth / (math.sqrt(v) + self.eps)))
        r_, m_, v_, s_ = zip(*found, strict=True)
        return r_, m_, v_, s_


@checked
def mechanize(
    base_optimizer: GradientTransformation,
    weight_decay: float = 1e-2,
    eps: float = 1e-8,
    s_init: float = 1e-6,
    num_betas: int = 6,
) -> GradientTransformation:
    """The steps of an optimiser, times a scale that is learned: x = x₀ + (Σ s) Δ, Δ the sum of its updates.

    Args:
        base_optimizer: with a learning rate of 1, or a schedule that starts at 1.
        weight_decay: λ; ⟨g + λ (Σ s) |g| p/|p|, Δ⟩ is what a step wins.
        eps: keeps divisions finite.
        s_init: the first scale, small.
        num_betas: how many rates of forgetting are tried side by side: 1 - 0.1, 1 - 0.01, ...

    References:
        Cutkosky, Defazio & Mehta 2023, Mechanic: a learning rate tuner, Algorithm 1.
        https://arxiv.org/abs/2306.00144

    Example:
        >>> import gradscribe.optim as optim
        >>> opt, params = mechanize(optim.sgd(1.0), s_init=0.01), np.array([1.0, 2.0])
        >>> state = opt.init(params)
        >>> for _ in range(200):
        ...     params, state = opt.step(params, 2.0 * params, state)
        >>> print(np.linalg.norm(params) < 0.1)
        True
    """
    check_positive("mechanize", eps=eps)
    check_counts("mechanize", num_betas=num_betas)
    betas = tuple(1.0 - 0.1**k for k in range(1, num_betas + 1))
    core = _Mechanic(core_of(base_optimizer), weight_decay, eps, s_init, betas)
    return GradientTransformation.of(core)

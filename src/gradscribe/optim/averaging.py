"""Averages of the parameters along the way, which often do better than the last ones: EMA and SWA.

In:  an optimiser.   Out: the same optimiser, which also keeps the average.
Not here: averages of updates (`ema` of sgd.py), schedule-free methods (schedule_free.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from gradscribe.optim.core import Core, Extra, check_buffers, needs_params
from gradscribe.optim.kinds import checked
from gradscribe.optim.settings import check_counts, check_decays, refused
from gradscribe.optim.structure import found_of_type
from gradscribe.optim.transformation import GradientTransformation, core_of, unflatten
from gradscribe.optim.vector import Buffers, Vector


class AveragedState(NamedTuple):
    """Steps done, how many parameters are averaged, their average, and the state of the inner one."""

    count: int  # type: ignore[assignment]
    averaged: int
    average: Buffers
    inner_state: Any


@dataclass(frozen=True, eq=False)
class _Averaged(Core):
    inner: Core
    decay: float | None
    start: int
    every: int
    name = "averaged"

    def init(self, params: Vector) -> AveragedState:
        return AveragedState(0, 0, tuple(buffer.copy() for buffer in params.buffers), self.inner.init(params))

    def update(
        self, g: Vector, state: AveragedState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, AveragedState]:
        if params is None:
            raise needs_params(self.name)
        check_buffers(g.layout, state.average, self.name)
        found, inner = self.inner.update(g, state.inner_state, params, extra)
        count, averaged = state.count + 1, state.averaged
        if count <= self.start or (count - self.start) % self.every:
            return found, AveragedState(count, averaged, state.average, inner)
        share = 1.0 / (averaged + 1) if self.decay is None or averaged == 0 else 1.0 - self.decay
        mean = params.each(lambda p, u, a: a + share * (p + u - a), found, state.average)
        return found, AveragedState(count, averaged + 1, mean.buffers, inner)


@checked
def averaged(
    optimizer: GradientTransformation, decay: float | None = None, start: int = 0, every: int = 1
) -> GradientTransformation:
    """The same steps, and in the state the average of the parameters they lead to; `averaged_params` returns it.

    Without `decay` all count alike, which is Polyak's average, and stochastic weight averaging where the rate
    stays high; with it, a ← decay a + (1-decay) p, where the first parameters averaged count as they are.

    Args:
        optimizer: moves the parameters; it does not see the average.
        decay: what is kept of the average at each step, 0.999 say.
        start: how many steps are left out at first.
        every: average only each so many steps; those of an epoch, say.

    References:
        Polyak & Juditsky 1992, Acceleration of stochastic approximation by averaging.
        Izmailov et al. 2018, Averaging weights leads to wider optima and better generalization.
        https://arxiv.org/abs/1803.05407

    Example:
        >>> import gradscribe.optim as optim
        >>> opt, params = averaged(optim.sgd(1.0)), {"w": 8.0}
        >>> state = opt.init(params)
        >>> for _ in range(3):
        ...     params, state = opt.step(params, {"w": 2.0}, state)
        >>> params, averaged_params(state, params)
        ({'w': 2.0}, {'w': 4.0})
    """
    if decay is not None:
        check_decays("averaged", decay=decay)
    check_counts("averaged", least=0, start=start)
    check_counts("averaged", every=every)
    return GradientTransformation.of(_Averaged(core_of(optimizer), decay, start, every))


def averaged_params(state: Any, params: Any) -> Any:
    """The average that a state holds, in the structure of the parameters; before the first, where they started.

    Args:
        state: of `averaged`, or of something that contains it.
        params: parameters of that structure.

    Raises:
        GS353: the average is of other parameters.
        GS356: the state holds no average, or several.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = optim.averaged(optim.sgd(0.5), decay=0.9)
        >>> averaged_params(opt.init([1.0]), [1.0])
        [1.0]
    """
    found = list(found_of_type(state, AveragedState))
    if len(found) != 1:
        what = f"the state holds {len(found) or 'no'} averages"
        raise refused("averaged_params", what, "pass the state of an optimiser that is `averaged(...)` once")
    return unflatten(found[0].average, params)

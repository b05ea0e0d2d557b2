"""`reduce_on_plateau`: updates shrink when the loss no longer improves.

In:  how long to wait, and by how much to shrink.   Out: a transformation that wants `value=`.
Not here: PyTorch's scheduler of that name (torch_schedules.py), which is stepped by hand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from gradscribe.optim.core import Core, Extra, needs_keyword
from gradscribe.optim.kinds import checked
from gradscribe.optim.settings import check_counts, check_not_negative, refused
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.vector import Vector


class ReduceOnPlateauState(NamedTuple):
    """What the last steps looked like.

    Attributes:
        scale: of the updates.
        best_value: the smallest mean loss.
        plateau_count: how many means in a row were no better.
        cooldown_count: for how many means no better ones are asked for.
        count: losses of the mean that is being taken.
        avg_value: their mean.
    """

    scale: float
    best_value: float
    plateau_count: int
    cooldown_count: int
    count: int  # type: ignore[assignment]
    avg_value: float


@dataclass(frozen=True, eq=False)
class _ReduceOnPlateau(Core):
    factor: float
    patience: int
    rtol: float
    atol: float
    cooldown: int
    accumulation_size: int
    min_scale: float
    name = "reduce_on_plateau"

    def init(self, params: Vector) -> ReduceOnPlateauState:
        return ReduceOnPlateauState(1.0, math.inf, 0, 0, 0, 0.0)

    def update(
        self, g: Vector, state: ReduceOnPlateauState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, ReduceOnPlateauState]:
        if "value" not in extra:
            raise needs_keyword(self.name, "value", "the loss")
        count = state.count + 1
        mean = (state.count * state.avg_value + float(extra["value"])) / count
        state = state._replace(count=count, avg_value=mean)
        if count == self.accumulation_size:
            state = self._judged(state)
        scale = state.scale
        return g.each(lambda d: scale * d), state

    def _judged(self, state: ReduceOnPlateauState) -> ReduceOnPlateauState:
        """The state after a mean is complete."""
        improved = state.avg_value < (1.0 - self.rtol) * state.best_value - self.atol
        best = state.avg_value if improved else state.best_value
        bad = 0 if improved else state.plateau_count + 1
        scale, cooldown = state.scale, max(state.cooldown_count - 1, 0)
        if state.cooldown_count > 0:
            bad = 0
        elif bad == self.patience:
            bad, cooldown, scale = 0, self.cooldown, max(self.factor * scale, self.min_scale)
        return ReduceOnPlateauState(scale, best, bad, cooldown, 0, 0.0)


@checked
def reduce_on_plateau(
    factor: float = 0.1,
    patience: int = 10,
    rtol: float = 1e-4,
    atol: float = 0.0,
    cooldown: int = 0,
    accumulation_size: int = 1,
    min_scale: float = 0.0,
) -> GradientTransformation:
    """Updates times a factor that shrinks when the loss no longer improves; `step` takes `value=`.

    It stands last in a chain.

    Args:
        factor: what the scale is multiplied by, between 0 and 1.
        patience: how many means without improvement are waited for.
        rtol: what counts as an improvement, relative to the best mean.
        atol: the same, absolute.
        cooldown: how many means are not judged after a reduction.
        accumulation_size: how many losses make a mean; the batches of an epoch, say.
        min_scale: the smallest scale.

    Raises:
        GS352: `value`, the loss, is missing.
        GS356: the factor does not lie between 0 and 1, or nothing would count as an improvement.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = optim.chain(optim.sgd(1.0), reduce_on_plateau(0.5, patience=2))
        >>> state, found = opt.init([0.0]), []
        >>> for _ in range(4):
        ...     update, state = opt.update([1.0], state, [0.0], value=3.0)
        ...     found += update
        >>> found
        [-1.0, -1.0, -0.5, -0.5]
    """
    name = "reduce_on_plateau"
    if not 0.0 < factor < 1.0:
        raise refused(name, f"`factor` is {factor!r}", "pass a number between 0 and 1")
    check_not_negative(name, rtol=rtol, atol=atol, min_scale=min_scale)
    if rtol == 0.0 and atol == 0.0:
        raise refused(name, "`rtol` and `atol` are both 0", "make one of them positive")
    check_counts(name, patience=patience, accumulation_size=accumulation_size)
    check_counts(name, least=0, cooldown=cooldown)
    return GradientTransformation.of(
        _ReduceOnPlateau(factor, patience, rtol, atol, cooldown, accumulation_size, min_scale)
    )

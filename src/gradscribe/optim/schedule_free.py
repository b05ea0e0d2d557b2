"""Schedule-Free: averaging instead of a decaying learning rate.

In:  a base optimiser.   Out: a transformation, and the parameters to evaluate with.
Not here: schedules (schedules.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from numpy.typing import DTypeLike

from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Core, Extra, check_buffers, foreign_state, needs_params
from gradscribe.optim.kinds import checked
from gradscribe.optim.layout import layout_of
from gradscribe.optim.narrowing import narrowed
from gradscribe.optim.rms import scale_by_rms
from gradscribe.optim.scaling import ScalarOrSchedule, rate_at, scale_by_learning_rate
from gradscribe.optim.schedules import warmup_constant_schedule
from gradscribe.optim.settings import check_decays, refused
from gradscribe.optim.sgd import sgd
from gradscribe.optim.transformation import GradientTransformation, core_of
from gradscribe.optim.vector import Buffers, Vector


class ScheduleFreeState(NamedTuple):
    """The base's parameters z, the sum of weights of the average, and the state of the base."""

    count: int  # type: ignore[assignment]
    b1: float
    weight_sum: float
    max_lr: float
    base_optimizer_state: Any
    z: Buffers


@dataclass(frozen=True, eq=False)
class _ScheduleFree(Core):
    base: Core
    learning_rate: ScalarOrSchedule
    b1: float
    power: float
    name = "schedule_free"

    def init(self, params: Vector) -> ScheduleFreeState:
        z = tuple(buffer.copy() for buffer in params.buffers)
        return ScheduleFreeState(0, self.b1, 0.0, 0.0, self.base.init(params), z)

    def update(
        self, g: Vector, state: ScheduleFreeState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, ScheduleFreeState]:
        if params is None:
            raise needs_params(self.name)
        count, b1 = state.count + 1, self.b1
        largest = max(state.max_lr, rate_at(self.learning_rate, count))
        weight = largest**self.power
        total = state.weight_sum + weight
        share = weight / total if total > 0.0 else 0.0
        moves, base_state = self.base.update(g, state.base_optimizer_state, params, extra)

        def change(y: Any, z: Any, move: Any) -> Any:
            x = (1.0 - share) * ((y - (1.0 - b1) * z) / b1) + share * (z + move)
            return b1 * x + (1.0 - b1) * (z + move) - y

        z = moves.each(lambda move, z: z + move, state.z)
        found = params.each(change, state.z, moves)
        return found, ScheduleFreeState(count, b1, total, largest, base_state, z.buffers)


@checked
def schedule_free(
    base_optimizer: GradientTransformation,
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    weight_lr_power: float = 2.0,
    state_dtype: DTypeLike | None = None,
) -> GradientTransformation:
    """An optimiser without momentum in its Schedule-Free form: z moves, x averages z, gradients are taken at y.

    zₜ₊₁ = zₜ + u(g(yₜ)),  xₜ₊₁ = (1-c) xₜ + c zₜ₊₁,  yₜ₊₁ = β₁ xₜ₊₁ + (1-β₁) zₜ₊₁. The parameters of training
    are y; evaluate with x, by `schedule_free_eval_params`.

    Args:
        base_optimizer: without momentum.
        learning_rate: that of the base; c weights by its largest value so far.
        b1: β₁ in (0, 1), which takes the place of momentum.
        weight_lr_power: power of the rate in the weights.
        state_dtype: in which z is kept, to save memory; by default that of the parameters.

    References:
        Defazio et al. 2024, The road less scheduled. https://arxiv.org/abs/2405.15682

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = schedule_free(optim.sgd(0.5), 0.5)
        >>> opt.step([4.0], [2.0], opt.init([4.0]))[0]
        [3.0]
    """
    check_decays("schedule_free", b1=b1)
    if b1 == 0.0:
        raise refused(
            "schedule_free", "`b1` is 0", "pass a number between 0 and 1: gradients are taken at it"
        )
    core = _ScheduleFree(core_of(base_optimizer), learning_rate, b1, weight_lr_power)
    return narrowed(GradientTransformation.of(core), state_dtype, "z", setting="state_dtype")


def schedule_free_eval_params(state: Any, params: Any) -> Any:
    """The average x, with which a model trained by a Schedule-Free optimiser is evaluated.

    Raises:
        GS353: the state is of another optimiser, or of other parameters.

    Example:
        >>> opt = schedule_free_sgd(0.5)
        >>> params, state = opt.step([4.0], [2.0], opt.init([4.0]))
        >>> params, state = opt.step(params, [2.0], state)
        >>> schedule_free_eval_params(state, params)
        [2.5]
    """
    if not isinstance(state, ScheduleFreeState):
        raise foreign_state("schedule_free_eval_params", f"is a {type(state).__name__}")
    layout = layout_of(params)
    y = Vector(layout, leaves=layout.read(params)).at_work()
    check_buffers(y.layout, state.z, "schedule_free_eval_params")
    x = y.each(lambda y, z: (y - (1.0 - state.b1) * z) / state.b1, state.z)
    return x.cast(layout).tree()


def _warmed(learning_rate: float, warmup_steps: int | None) -> ScalarOrSchedule:
    if warmup_steps is None:
        return learning_rate
    return warmup_constant_schedule(0.0, learning_rate, warmup_steps)


@checked
def schedule_free_sgd(
    learning_rate: float = 1.0,
    warmup_steps: int | None = None,
    b1: float = 0.9,
    weight_decay: float | None = None,
    weight_lr_power: float = 2.0,
    state_dtype: DTypeLike | None = None,
) -> GradientTransformation:
    """Schedule-Free gradient descent.

    References:
        Defazio et al. 2024, The road less scheduled. https://arxiv.org/abs/2405.15682

    Example:
        >>> import numpy as np
        >>> opt = schedule_free_sgd(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.95 2.1 ]
    """
    rate = _warmed(learning_rate, warmup_steps)
    base = sgd(rate) if weight_decay is None else chain(add_decayed_weights(weight_decay), sgd(rate))
    return schedule_free(base, rate, b1, weight_lr_power, state_dtype)


@checked
def schedule_free_adamw(
    learning_rate: float = 0.0025,
    warmup_steps: int | None = None,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    weight_lr_power: float = 2.0,
    state_dtype: DTypeLike | None = None,
) -> GradientTransformation:
    """Schedule-Free AdamW, whose base is RMSprop with bias correction.

    References:
        Defazio et al. 2024, The road less scheduled, Algorithm 1. https://arxiv.org/abs/2405.15682

    Example:
        >>> import numpy as np
        >>> opt = schedule_free_adamw(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.9 2.1]
    """
    rate = _warmed(learning_rate, warmup_steps)
    base = chain(
        scale_by_rms(b2, eps, eps_in_sqrt=False, bias_correction=True),
        add_decayed_weights(weight_decay),
        scale_by_learning_rate(rate),
    )
    return schedule_free(base, rate, b1, weight_lr_power, state_dtype)

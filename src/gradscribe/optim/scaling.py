"""Learning rates: the last link of every optimiser.

In:  a number, or a schedule: a function from the number of steps done so far to a number.   Out: transformations.
Not here: schedules (schedules.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from gradscribe.optim.core import Step
from gradscribe.optim.kinds import checked
from gradscribe.optim.settings import check_rate, is_number, refused
from gradscribe.optim.transformation import GradientTransformation, elementwise

Schedule = Callable[[int], float]
ScalarOrSchedule = float | Schedule


class EmptyState(NamedTuple):
    """Nothing to remember."""


class ScaleByScheduleState(NamedTuple):
    """How many steps were done."""

    count: int  # type: ignore[assignment]


def scale_rule(g: Any, factor: Any) -> Any:
    """The update times a number."""
    return g * factor


@checked
def scale(step_size: float) -> GradientTransformation:
    """Multiply updates by a number.

    Example:
        >>> opt = scale(-0.5)
        >>> opt.update([2.0], opt.init([0.0]))[0]
        [-1.0]
    """
    return elementwise("scale", scale_rule, EmptyState, {"factor": step_size})


def scale_by_schedule(step_size_fn: Schedule) -> GradientTransformation:
    """Multiply updates by `step_size_fn(n)`, n = 0, 1, ... the number of steps done so far.

    Example:
        >>> opt = scale_by_schedule(lambda n: 1.0 / (n + 1))
        >>> state = opt.init([0.0])
        >>> update, state = opt.update([3.0], state)
        >>> update, state = opt.update([3.0], state)
        >>> update
        [1.5]
    """

    def numbers(step: Step) -> Mapping[str, float]:
        return {"factor": rate_at(step_size_fn, step.count - 1)}

    return elementwise("scale_by_schedule", scale_rule, ScaleByScheduleState, numbers)


@checked
def scale_by_learning_rate(
    learning_rate: ScalarOrSchedule, *, flip_sign: bool = True
) -> GradientTransformation:
    """Multiply updates by minus the learning rate, a number or a schedule: the step goes downhill.

    Example:
        >>> import numpy as np
        >>> opt = scale_by_learning_rate(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [-0.05  0.1 ]
    """
    check_rate("scale_by_learning_rate", learning_rate)
    sign = -1.0 if flip_sign else 1.0
    if not callable(learning_rate):
        return scale(sign * float(learning_rate))
    return scale_by_schedule(lambda count: sign * rate_at(learning_rate, count))


def rate_at(learning_rate: ScalarOrSchedule, count: int) -> float:
    """A learning rate after `count` steps.

    Raises:
        GS356: the schedule returns something else than a number.
    """
    if not callable(learning_rate):
        check_rate("rate_at", learning_rate)
        return float(learning_rate)
    rate = learning_rate(count)
    if not is_number(rate) or math.isnan(rate):
        raise refused("a schedule", f"it returned {rate!r} for step {count}", "return a number")
    return float(rate)

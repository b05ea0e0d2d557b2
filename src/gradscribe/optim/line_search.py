"""How far to go in a direction: a line search for the strong Wolfe conditions.

In:  a function of the step length with its slope, descending at 0.   Out: a `Trial` that meets the conditions.
Not here: the direction (lbfgs.py).

    value(t) <= value(0) + c1 t slope(0)     enough decrease
    |slope(t)| <= c2 |slope(0)|              enough flattening
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

MAX_EVALUATIONS = 40
EXPANSION = 4.0


class Trial(NamedTuple):
    """The function at one step length.

    Attributes:
        length: the step length t.
        value: of the function there.
        slope: its derivative by t.
        found: whatever else the evaluation gave (the gradient, say).
    """

    length: float
    value: float
    slope: float
    found: Any = None


Evaluate = Callable[[float], Trial]


def strong_wolfe(
    evaluate: Evaluate,
    start: Trial,
    first: float,
    c1: float = 1e-4,
    c2: float = 0.9,
    *,
    longest: float = math.inf,
    expansion: float = EXPANSION,
    limit: int = MAX_EVALUATIONS,
    settles: bool = False,
) -> Trial | None:
    """A step length that meets the strong Wolfe conditions, or None where none is found.

    Brackets an interval that holds one, lengthening the step, then narrows it by cubic interpolation. Close to
    a minimum, where differences of values are rounding errors, slopes alone decide.

    Args:
        evaluate: the function at a positive step length.
        start: the function at 0; its slope is negative.
        first: the step length to try first.
        c1: how much of the promised decrease must be there; small.
        c2: how much of the slope may be left; between `c1` and 1.
        longest: the longest step length; it may be left too steep.
        expansion: what a step length that is too short is multiplied by.
        limit: how often the function is evaluated at most.
        settles: a step that is still too short will do when the limit is reached.

    Example:
        >>> def parabola(t):
        ...     return Trial(t, (t - 3.0) ** 2, 2.0 * (t - 3.0))
        >>> strong_wolfe(parabola, parabola(0.0), 1.0, c2=0.1).length
        3.0

    References:
        Nocedal & Wright, Numerical Optimization, 2nd ed., algorithms 3.5 and 3.6.
        Hager & Zhang, A new conjugate gradient method with guaranteed descent and an efficient line search, 2005,
        eq. (27): the approximate conditions.
    """
    search = _Search(evaluate, start, c1, c2, limit)
    before, length = start, min(first, longest)
    while search.evaluations < limit:
        trial = search.at(length)
        if search.is_accepted(trial):
            return trial
        if search.is_too_high(trial) or (before is not start and trial.value >= before.value):
            return search.narrowed(before, trial)
        if trial.slope >= 0.0:
            return search.narrowed(trial, before)
        if length >= longest:
            return trial
        before, length = trial, min(expansion * length, longest)
    return before if settles and before is not start else None


class _Search:
    def __init__(self, evaluate: Evaluate, start: Trial, c1: float, c2: float, limit: int) -> None:
        self.evaluate = evaluate
        self.start = start
        self.c1 = c1
        self.c2 = c2
        self.limit = limit
        self.evaluations = 0
        self.noise = 4.0 * math.ulp(abs(start.value))

    def at(self, length: float) -> Trial:
        """The function there; infinite where it is not a number."""
        self.evaluations += 1
        trial = self.evaluate(length)
        if math.isfinite(trial.value) and math.isfinite(trial.slope):
            return trial
        return trial._replace(value=math.inf, slope=math.inf)

    def is_too_high(self, trial: Trial) -> bool:
        """It does not decrease enough, by more than rounding explains."""
        if trial.value <= self.start.value + self.c1 * trial.length * self.start.slope:
            return False
        by_rounding = abs(trial.value - self.start.value) <= self.noise
        return not by_rounding or trial.slope > (2.0 * self.c1 - 1.0) * self.start.slope

    def is_accepted(self, trial: Trial) -> bool:
        """Both conditions hold."""
        return not self.is_too_high(trial) and abs(trial.slope) <= -self.c2 * self.start.slope

    def narrowed(self, low: Trial, high: Trial) -> Trial | None:
        """Between `low`, the lowest that decreases enough, and `high` there is a good length."""
        while self.evaluations < self.limit:
            trial = self.at(_between(low, high, self.noise))
            if self.is_accepted(trial):
                return trial
            if self.is_too_high(trial) or trial.value > low.value + self.noise:
                high = trial
            else:
                if trial.slope * (high.length - low.length) >= 0.0:
                    high = low
                low = trial
            if abs(high.length - low.length) <= 1e-14 * max(high.length, low.length):
                break
        # A decrease without flattening is better than no step.
        return low if low.length > 0.0 and low.value < self.start.value else None


def _between(low: Trial, high: Trial, noise: float) -> float:
    """The minimum of the cubic through both ends, well inside the interval."""
    width = high.length - low.length
    if not math.isfinite(high.value):
        return low.length + 0.1 * width
    if abs(high.value - low.value) <= 1e3 * noise and low.slope * high.slope < 0.0:
        # The cubic would be one of rounding errors: where do the slopes cross zero?
        found = low.length - low.slope * width / (high.slope - low.slope)
    else:
        found = _minimum_of_cubic(low, high, width)
    nearest, farthest = sorted((low.length + 0.1 * width, high.length - 0.1 * width))
    return min(max(found, nearest), farthest)


def _minimum_of_cubic(low: Trial, high: Trial, width: float) -> float:
    middle = low.length + 0.5 * width
    d1 = low.slope + high.slope - 3.0 * (high.value - low.value) / width
    square = d1 * d1 - low.slope * high.slope
    if not 0.0 <= square < math.inf:
        return middle
    d2 = math.copysign(math.sqrt(square), width)
    divisor = high.slope - low.slope + 2.0 * d2
    return high.length - width * (high.slope + d2 - d1) / divisor if divisor else middle

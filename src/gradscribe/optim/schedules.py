"""Learning rates that change: functions from the number of steps done so far, 0, 1, ..., to a number.

In:  values and lengths.   Out: functions of plain Python numbers.
Not here: PyTorch's schedulers (torch_schedules.py).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from gradscribe.optim.kinds import checked
from gradscribe.optim.scaling import Schedule
from gradscribe.optim.settings import refused


@checked
def constant_schedule(value: float) -> Schedule:
    """Always the same.

    >>> constant_schedule(0.1)(1000)
    0.1
    """
    return lambda count: value


@checked
def polynomial_schedule(
    init_value: float, end_value: float, power: float, transition_steps: int, transition_begin: int = 0
) -> Schedule:
    """(a - b) (1 - n/N)^k + b for n = count - begin in [0, N]; a before, b after.

    Args:
        init_value: a.
        end_value: b.
        power: k.
        transition_steps: N; not positive keeps a.
        transition_begin: from where n counts.

    >>> [polynomial_schedule(1.0, 0.0, 2, 2)(n) for n in range(4)]
    [1.0, 0.25, 0.0, 0.0]
    """
    if transition_steps <= 0:
        return constant_schedule(init_value)
    begin = max(transition_begin, 0)

    def schedule(count: int) -> float:
        passed = min(max(count - begin, 0), transition_steps)
        return float((init_value - end_value) * (1.0 - passed / transition_steps) ** power + end_value)

    return schedule


@checked
def linear_schedule(
    init_value: float, end_value: float, transition_steps: int, transition_begin: int = 0
) -> Schedule:
    """A straight line from one value to another, then constant.

    >>> [linear_schedule(0.0, 1.0, 4)(n) for n in range(6)]
    [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """
    return polynomial_schedule(init_value, end_value, 1.0, transition_steps, transition_begin)


@checked
def exponential_decay(
    init_value: float,
    transition_steps: int,
    decay_rate: float,
    transition_begin: int = 0,
    staircase: bool = False,
    end_value: float | None = None,
) -> Schedule:
    """a r^(n/N), n = count - begin; a before.

    Args:
        init_value: a.
        transition_steps: N; not positive keeps a.
        decay_rate: r; 0 keeps a.
        transition_begin: from where n counts.
        staircase: whole powers only.
        end_value: the bound that is not passed.

    >>> [exponential_decay(1.0, 2, 0.25)(n) for n in range(4)]
    [1.0, 0.5, 0.25, 0.125]
    """
    if transition_steps <= 0 or decay_rate == 0:
        return constant_schedule(init_value)
    begin = max(transition_begin, 0)

    def schedule(count: int) -> float:
        passed = count - begin
        power = passed // transition_steps if staircase else passed / transition_steps
        value = init_value if passed <= 0 else init_value * decay_rate**power
        if end_value is None:
            return float(value)
        return float(max(value, end_value) if decay_rate < 1.0 else min(value, end_value))

    return schedule


@checked
def cosine_decay_schedule(
    init_value: float, decay_steps: int, alpha: float = 0.0, exponent: float = 1.0
) -> Schedule:
    """Half a cosine from a to α a: a ((1-α) ((1 + cos(π n/N))/2)^k + α).

    Args:
        init_value: a.
        decay_steps: N.
        alpha: the last value, relative to the first.
        exponent: k.

    Raises:
        GS356: `decay_steps` is not positive.

    References:
        Loshchilov & Hutter 2017, SGDR: stochastic gradient descent with warm restarts. https://arxiv.org/abs/1608.03983

    >>> [round(cosine_decay_schedule(1.0, 2)(n), 6) for n in range(4)]
    [1.0, 0.5, 0.0, 0.0]
    """
    if not decay_steps > 0:
        raise refused(
            "cosine_decay_schedule", f"`decay_steps` is {decay_steps}", "pass a positive number of steps"
        )

    def schedule(count: int) -> float:
        cosine = 0.5 * (1.0 + math.cos(math.pi * min(count, decay_steps) / decay_steps))
        return float(init_value * ((1.0 - alpha) * cosine**exponent + alpha))

    return schedule


@checked
def piecewise_constant_schedule(
    init_value: float, boundaries_and_scales: Mapping[int, float] | None = None
) -> Schedule:
    """A value that is multiplied by each scale from its boundary on.

    Raises:
        GS356: a scale is negative.

    >>> [piecewise_constant_schedule(1.0, {2: 0.5, 3: 0.1})(n) for n in range(4)]
    [1.0, 1.0, 0.5, 0.05]
    """
    steps = _boundaries("piecewise_constant_schedule", boundaries_and_scales)

    def schedule(count: int) -> float:
        return float(init_value * math.prod(scale for boundary, scale in steps if count >= boundary))

    return schedule


@checked
def piecewise_interpolate_schedule(
    interpolate_type: str, init_value: float, boundaries_and_scales: Mapping[int, float] | None = None
) -> Schedule:
    """Values at boundaries, each a scale times the one before, joined by lines or by half cosines.

    Args:
        interpolate_type: "linear" or "cosine".
        init_value: the value at 0.
        boundaries_and_scales: scales by boundaries.

    Raises:
        GS356: a scale is negative, or the type is another.

    >>> [piecewise_interpolate_schedule("linear", 1.0, {2: 3.0})(n) for n in range(4)]
    [1.0, 2.0, 3.0, 3.0]
    """
    shapes: dict[str, Callable[[float], float]] = {
        "linear": lambda share: share,
        "cosine": lambda share: 0.5 * (1.0 - math.cos(math.pi * share)),
    }
    if interpolate_type not in shapes:
        what = f"`interpolate_type` is {interpolate_type!r}"
        raise refused("piecewise_interpolate_schedule", what, 'pass "linear" or "cosine"')
    shape = shapes[interpolate_type]
    points = [(0, init_value)]
    for boundary, factor in _boundaries("piecewise_interpolate_schedule", boundaries_and_scales):
        points.append((boundary, points[-1][1] * factor))

    def schedule(count: int) -> float:
        for (start, low), (stop, high) in pairwise(points):
            if start <= count < stop:
                return low + (high - low) * shape((count - start) / (stop - start))
        return points[-1][1]

    return schedule


def _boundaries(name: str, boundaries: Mapping[int, float] | None) -> list[tuple[int, float]]:
    found = sorted((boundaries or {}).items())
    if any(scale < 0.0 for _, scale in found):
        raise refused(name, "a scale is negative", "pass scales of at least 0")
    return found


@checked
def linear_onecycle_schedule(
    transition_steps: int,
    peak_value: float,
    pct_start: float = 0.3,
    pct_final: float = 0.85,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
) -> Schedule:
    """Up to a peak, down to where it began, and further down, by lines.

    Args:
        transition_steps: the length of the cycle.
        peak_value: the peak.
        pct_start: share of the cycle that goes up.
        pct_final: where the final decline begins.
        div_factor: peak over first value.
        final_div_factor: first over last value.

    References:
        Smith & Topin 2019, Super-convergence: very fast training of neural networks using large learning rates.
        https://arxiv.org/abs/1708.07120

    Example:
        >>> schedule = linear_onecycle_schedule(10, 1.0)
        >>> [round(schedule(n), 4) for n in (0, 3, 6, 10)]
        [0.04, 1.0, 0.424, 0.0]
    """
    if transition_steps <= 0:
        raise refused(
            "linear_onecycle_schedule", f"`transition_steps` is {transition_steps}", "pass a positive number"
        )
    points = {
        int(pct_start * transition_steps): div_factor,
        int(pct_final * transition_steps): 1.0 / div_factor,
        transition_steps: 1.0 / final_div_factor,
    }
    return piecewise_interpolate_schedule("linear", peak_value / div_factor, points)


@checked
def cosine_onecycle_schedule(
    transition_steps: int,
    peak_value: float,
    pct_start: float = 0.3,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
) -> Schedule:
    """Up to a peak and down again, by half cosines; see `linear_onecycle_schedule`.

    Example:
        >>> schedule = cosine_onecycle_schedule(10, 1.0)
        >>> [round(schedule(n), 4) for n in (0, 3, 6, 10)]
        [0.04, 1.0, 0.6113, 0.0]
    """
    if transition_steps <= 0:
        raise refused(
            "cosine_onecycle_schedule", f"`transition_steps` is {transition_steps}", "pass a positive number"
        )
    points = {
        int(pct_start * transition_steps): div_factor,
        transition_steps: 1.0 / (div_factor * final_div_factor),
    }
    return piecewise_interpolate_schedule("cosine", peak_value / div_factor, points)


@checked
def join_schedules(schedules: Sequence[Schedule], boundaries: Sequence[int]) -> Schedule:
    """One schedule after the other; each counts from its own boundary.

    Args:
        schedules: in order.
        boundaries: where the second begins, the third, and so on.

    Raises:
        GS356: there are more or fewer boundaries, or they do not rise.

    >>> joined = join_schedules([constant_schedule(1.0), linear_schedule(0.5, 0.0, 2)], [2])
    >>> [joined(n) for n in range(5)]
    [1.0, 1.0, 0.5, 0.25, 0.0]
    """
    if len(boundaries) != len(schedules) - 1:
        what = f"{len(schedules)} schedules with {len(boundaries)} boundaries"
        raise refused("join_schedules", what, "pass one boundary less than schedules")
    if sorted(boundaries) != list(boundaries) or any(boundary < 0 for boundary in boundaries):
        raise refused(
            "join_schedules", f"`boundaries` is {list(boundaries)}", "pass steps that rise from 0 on"
        )
    starts = [0, *boundaries]

    def schedule(count: int) -> float:
        number = bisect_right(boundaries, count)
        return float(schedules[number](count - starts[number]))

    return schedule


@checked
def warmup_constant_schedule(init_value: float, peak_value: float, warmup_steps: int) -> Schedule:
    """A straight line up, then constant.

    References:
        Goyal et al. 2017, Accurate, large minibatch SGD, §2.2. https://arxiv.org/abs/1706.02677

    Example:
        >>> schedule = warmup_constant_schedule(0.0, 1.0, 2)
        >>> [schedule(n) for n in range(4)]
        [0.0, 0.5, 1.0, 1.0]
    """
    return linear_schedule(init_value, peak_value, warmup_steps)


@checked
def warmup_cosine_decay_schedule(
    init_value: float,
    peak_value: float,
    warmup_steps: int,
    decay_steps: int,
    end_value: float = 0.0,
    exponent: float = 1.0,
) -> Schedule:
    """A straight line up, then half a cosine down; `decay_steps` is the length of both together.

    >>> schedule = warmup_cosine_decay_schedule(0.0, 1.0, warmup_steps=2, decay_steps=4)
    >>> [round(schedule(n), 6) for n in range(6)]
    [0.0, 0.5, 1.0, 0.5, 0.0, 0.0]
    """
    alpha = 0.0 if peak_value == 0.0 else end_value / peak_value
    down = cosine_decay_schedule(peak_value, decay_steps - warmup_steps, alpha, exponent)
    return join_schedules([linear_schedule(init_value, peak_value, warmup_steps), down], [warmup_steps])


@checked
def warmup_exponential_decay_schedule(
    init_value: float,
    peak_value: float,
    warmup_steps: int,
    transition_steps: int,
    decay_rate: float,
    transition_begin: int = 0,
    staircase: bool = False,
    end_value: float | None = None,
) -> Schedule:
    """A straight line up, then an exponential decay, whose steps count from the end of the warmup.

    Example:
        >>> schedule = warmup_exponential_decay_schedule(0.0, 1.0, 2, 2, 0.5)
        >>> [round(schedule(n), 4) for n in range(6)]
        [0.0, 0.5, 1.0, 0.7071, 0.5, 0.3536]
    """
    down = exponential_decay(peak_value, transition_steps, decay_rate, transition_begin, staircase, end_value)
    return join_schedules([linear_schedule(init_value, peak_value, warmup_steps), down], [warmup_steps])


def sgdr_schedule(cosine_kwargs: Iterable[Mapping[str, Any]]) -> Schedule:
    """Warm restarts: one `warmup_cosine_decay_schedule` after the other, each described by its arguments.

    Raises:
        GS356: a cycle does not say how long it is.

    References:
        Loshchilov & Hutter 2017, SGDR: stochastic gradient descent with warm restarts. https://arxiv.org/abs/1608.03983

    Example:
        >>> cycle = {"init_value": 0.0, "peak_value": 1.0, "warmup_steps": 1, "decay_steps": 3, "end_value": 0.0}
        >>> schedule = sgdr_schedule([cycle, cycle])
        >>> [round(schedule(n), 4) for n in range(6)]
        [0.0, 1.0, 0.5, 0.0, 1.0, 0.5]
    """
    cycles = list(cosine_kwargs)
    for cycle in cycles:
        if not isinstance(cycle, Mapping) or "decay_steps" not in cycle:
            fix = "pass arguments of `warmup_cosine_decay_schedule` for each cycle: a list of dicts"
            raise refused("sgdr_schedule", f"a cycle is {cycle!r}", fix)
    ends = [sum(cycle["decay_steps"] for cycle in cycles[: k + 1]) for k in range(len(cycles))]
    return join_schedules([warmup_cosine_decay_schedule(**cycle) for cycle in cycles], ends[:-1])

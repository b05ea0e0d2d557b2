"""The schedulers of torch.optim.lr_scheduler as functions: from the epochs done so far to a rate.

`StepLR(optimizer, 30, 0.1)` is `step_lr(rate, 30, 0.1)`; what the optimiser's `lr` was is the first argument. The
values are those of PyTorch's closed forms. `reduce_lr_on_plateau`, which looks at the loss, keeps a state.

In:  rates and lengths.   Out: schedules.
Not here: Optax's (schedules.py).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from gradscribe.optim.kinds import checked
from gradscribe.optim.scaling import Schedule
from gradscribe.optim.schedules import join_schedules
from gradscribe.optim.settings import check_counts, refused


@checked
def lambda_lr(rate: float, lr_lambda: Callable[[int], float]) -> Schedule:
    """`LambdaLR`: rate · lr_lambda(n)."""
    return lambda count: rate * lr_lambda(count)


@checked
def multiplicative_lr(rate: float, lr_lambda: Callable[[int], float]) -> Schedule:
    """`MultiplicativeLR`: rate · lr_lambda(1) · ... · lr_lambda(n)."""
    last = (0, rate)

    def schedule(count: int) -> float:
        nonlocal last
        start, product = last
        if start > count:
            start, product = 0, rate
        product = math.prod(map(lr_lambda, range(start + 1, count + 1)), start=product)
        last = count, product
        return product

    return schedule


@checked
def step_lr(rate: float, step_size: int, gamma: float = 0.1) -> Schedule:
    """`StepLR`: times γ after every `step_size` epochs.

    >>> [round(step_lr(1.0, 2)(n), 6) for n in range(5)]
    [1.0, 1.0, 0.1, 0.1, 0.01]
    """
    check_counts("step_lr", step_size=step_size)
    return lambda count: float(rate * gamma ** (count // step_size))


@checked
def multi_step_lr(rate: float, milestones: Sequence[int], gamma: float = 0.1) -> Schedule:
    """`MultiStepLR`: times γ at each milestone."""
    ordered = sorted(milestones)
    return lambda count: float(rate * gamma ** bisect_right(ordered, count))


@checked
def swa_lr(
    rate: float, swa_rate: float, start: int = 0, anneal_epochs: int = 10, anneal_strategy: str = "cos"
) -> Schedule:
    """`SWALR`: the rate, from `start` on annealed to `swa_rate`, along a cosine or a line ("linear").

    >>> [round(swa_lr(1.0, 0.5, 1, 2)(n), 6) for n in range(5)]
    [1.0, 1.0, 0.75, 0.5, 0.5]
    """
    check_counts("swa_lr", least=0, start=start, anneal_epochs=anneal_epochs)
    if anneal_strategy not in ("cos", "linear"):
        raise refused("swa_lr", f"`anneal_strategy` is {anneal_strategy!r}", 'pass "cos" or "linear"')

    def schedule(count: int) -> float:
        done = min(max((count - start) / max(anneal_epochs, 1), 0.0), 1.0)
        share = done if anneal_strategy == "linear" else 0.5 * (1.0 - math.cos(math.pi * done))
        return share * swa_rate + (1.0 - share) * rate

    return schedule


@checked
def constant_lr(rate: float, factor: float = 1.0 / 3.0, total_iters: int = 5) -> Schedule:
    """`ConstantLR`: times `factor` for the first `total_iters` epochs."""
    return lambda count: rate * factor if count < total_iters else rate


@checked
def linear_lr(
    rate: float, start_factor: float = 1.0 / 3.0, end_factor: float = 1.0, total_iters: int = 5
) -> Schedule:
    """`LinearLR`: a factor that goes from one value to another in `total_iters` epochs."""
    check_counts("linear_lr", total_iters=total_iters)

    def schedule(count: int) -> float:
        return rate * (start_factor + (end_factor - start_factor) * min(count, total_iters) / total_iters)

    return schedule


@checked
def exponential_lr(rate: float, gamma: float) -> Schedule:
    """`ExponentialLR`: times γ after every epoch."""
    return lambda count: float(rate * gamma**count)


@checked
def polynomial_lr(rate: float, total_iters: int = 5, power: float = 1.0) -> Schedule:
    """`PolynomialLR`: rate · (1 - n/N)^power."""
    check_counts("polynomial_lr", total_iters=total_iters)
    return lambda count: float(rate * (1.0 - min(count, total_iters) / total_iters) ** power)


@checked
def cosine_annealing_lr(rate: float, T_max: int, eta_min: float = 0.0) -> Schedule:
    """`CosineAnnealingLR`: η_min + (rate - η_min) (1 + cos(π n / T_max)) / 2, which rises again after T_max.

    References:
        Loshchilov & Hutter 2017, SGDR. https://arxiv.org/abs/1608.03983
    """
    check_counts("cosine_annealing_lr", T_max=T_max)
    return lambda count: eta_min + (rate - eta_min) * (1.0 + math.cos(math.pi * count / T_max)) / 2.0


@checked
def cosine_annealing_warm_restarts(rate: float, T_0: int, T_mult: int = 1, eta_min: float = 0.0) -> Schedule:
    """`CosineAnnealingWarmRestarts`: cycles of T_0, T_0 T_mult, T_0 T_mult² ... epochs.

    References:
        Loshchilov & Hutter 2017, SGDR. https://arxiv.org/abs/1608.03983
    """
    check_counts("cosine_annealing_warm_restarts", T_0=T_0, T_mult=T_mult)

    def schedule(count: int) -> float:
        length = T_0
        while count >= length:
            count -= length
            length *= T_mult
        return eta_min + (rate - eta_min) * (1.0 + math.cos(math.pi * count / length)) / 2.0

    return schedule


@checked
def cyclic_lr(
    base_lr: float,
    max_lr: float,
    step_size_up: int = 2000,
    step_size_down: int | None = None,
    mode: str = "triangular",
    gamma: float = 1.0,
) -> Schedule:
    """`CyclicLR`: up and down between two rates; "triangular2" halves each cycle, "exp_range" decays by γⁿ.

    References:
        Smith 2017, Cyclical learning rates for training neural networks. https://arxiv.org/abs/1506.01186
    """
    check_counts("cyclic_lr", step_size_up=step_size_up)
    modes: dict[str, Callable[[int, int], float]] = {
        "triangular": lambda cycle, count: 1.0,
        "triangular2": lambda cycle, count: 0.5 ** (cycle - 1),
        "exp_range": lambda cycle, count: gamma**count,
    }
    if mode not in modes:
        raise refused("cyclic_lr", f"`mode` is {mode!r}", f"pass one of {', '.join(map(repr, modes))}")
    down = step_size_up if step_size_down is None else step_size_down
    total = step_size_up + down

    def schedule(count: int) -> float:
        cycle, place = 1 + count // total, count % total
        height = place / step_size_up if place <= step_size_up else (total - place) / down
        return base_lr + (max_lr - base_lr) * height * modes[mode](cycle, count)

    return schedule


@checked
def one_cycle_lr(
    max_lr: float,
    total_steps: int,
    pct_start: float = 0.3,
    anneal_strategy: str = "cos",
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    three_phase: bool = False,
) -> Schedule:
    """`OneCycleLR`: up to `max_lr` and down to far below where it began.

    Raises:
        GS356: the strategy is neither "cos" nor "linear".

    References:
        Smith & Topin 2019, Super-convergence. https://arxiv.org/abs/1708.07120
    """
    check_counts("one_cycle_lr", total_steps=total_steps)
    if anneal_strategy not in ("cos", "linear"):
        raise refused("one_cycle_lr", f"`anneal_strategy` is {anneal_strategy!r}", 'pass "cos" or "linear"')
    first = max_lr / div_factor
    last = first / final_div_factor
    top = pct_start * total_steps - 1.0
    ends = [(top, first, max_lr), (total_steps - 1.0, max_lr, last)]
    if three_phase:
        back = 2.0 * pct_start * total_steps - 2.0
        ends = [(top, first, max_lr), (back, max_lr, first), (total_steps - 1.0, first, last)]

    def schedule(count: int) -> float:
        start = 0.0
        for end, low, high in ends:
            if count <= end or end == total_steps - 1.0:
                share = min((count - start) / (end - start), 1.0)
                if anneal_strategy == "cos":
                    share = 0.5 * (1.0 - math.cos(math.pi * share))
                return low + (high - low) * share
            start = end
        return last

    return schedule


@checked
def sequential_lr(schedules: Sequence[Schedule], milestones: Sequence[int]) -> Schedule:
    """`SequentialLR`: one schedule after the other, each counting from its milestone."""
    return join_schedules(schedules, milestones)


@checked
def chained_scheduler(rate: float, schedules: Sequence[Schedule]) -> Schedule:
    """`ChainedScheduler`: the product of the factors of all, each a schedule that starts from `rate`."""
    return lambda count: rate * math.prod(schedule(count) / rate for schedule in schedules)


class PlateauState(NamedTuple):
    """The rate, the best value so far, and how long ago it was found."""

    rate: float
    best: float
    bad_epochs: int
    cooldown: int


def reduce_lr_on_plateau(
    rate: float,
    mode: str = "min",
    factor: float = 0.1,
    patience: int = 10,
    threshold: float = 1e-4,
    threshold_mode: str = "rel",
    cooldown: int = 0,
    min_lr: float = 0.0,
    eps: float = 1e-8,
) -> tuple[PlateauState, Callable[[PlateauState, float], PlateauState]]:
    """`ReduceLROnPlateau`: a first state, and the function from a state and a new value to the next state.

    Set the rate of an optimiser made by `inject_hyperparams` to `state.rate`.

    >>> state, observe = reduce_lr_on_plateau(0.1, patience=0)
    >>> observe(observe(state, 1.0), 1.0).rate
    0.010000000000000002
    """
    if mode not in ("min", "max"):
        raise refused("reduce_lr_on_plateau", f"`mode` is {mode!r}", 'pass "min" or "max"')
    if threshold_mode not in ("rel", "abs"):
        raise refused(
            "reduce_lr_on_plateau", f"`threshold_mode` is {threshold_mode!r}", 'pass "rel" or "abs"'
        )
    sign = 1.0 if mode == "min" else -1.0

    def better(value: float, best: float) -> bool:
        bound = best * (1.0 - sign * threshold) if threshold_mode == "rel" else best - sign * threshold
        return sign * value < sign * bound

    def observe(state: PlateauState, value: float) -> PlateauState:
        found = better(value, state.best)
        best = value if found else state.best
        bad = 0 if found else state.bad_epochs + 1
        waiting = max(state.cooldown - 1, 0)
        if state.cooldown > 0:
            bad = 0
        if bad <= patience:
            return PlateauState(state.rate, best, bad, waiting)
        lower = max(state.rate * factor, min_lr)
        return PlateauState(lower if state.rate - lower > eps else state.rate, best, 0, cooldown)

    return PlateauState(rate, sign * math.inf, 0, 0), observe

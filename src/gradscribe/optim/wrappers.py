"""Transformations around another: accumulation, rejection of bad steps, lookahead, hyperparameters as state.

In:  a transformation, or a function that makes one.   Out: a transformation.
Not here: chains (chain.py), masks and partitions (masking.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from gradscribe.optim.core import Core, Extra, check_buffers, needs_params
from gradscribe.optim.followed import not_followed
from gradscribe.optim.kinds import checked
from gradscribe.optim.layout import layout_of
from gradscribe.optim.settings import check_counts, refused
from gradscribe.optim.transformation import GradientTransformation, core_of
from gradscribe.optim.vector import Buffers, Vector, vector_of


class ApplyIfFiniteState(NamedTuple):
    """Bad steps in a row, whether the last was good, bad steps in all, and the state of the inner one."""

    notfinite_count: int
    last_finite: bool
    total_notfinite: int
    inner_state: Any


class MultiStepsState(NamedTuple):
    """Gradients accumulated for the next step, steps done, their mean or sum, and the state of the inner one."""

    mini_step: int
    gradient_step: int
    inner_opt_state: Any
    acc_grads: Buffers


class LookaheadState(NamedTuple):
    """Steps since the last synchronisation, the slow parameters, and the state of the inner one."""

    steps_since_sync: int
    slow: Buffers
    fast_state: Any


class InjectHyperparamsState(NamedTuple):
    """Steps done, the hyperparameters, and the state of the inner one."""

    count: int  # type: ignore[assignment]
    hyperparams: dict[str, Any]
    inner_state: Any


def _zeros(vector: Vector) -> Vector:
    return Vector(vector.layout, buffers=vector.layout.zeros())


@dataclass(frozen=True, eq=False)
class _ApplyIfFinite(Core):
    inner: Core
    limit: int
    name = "apply_if_finite"

    def init(self, params: Vector) -> ApplyIfFiniteState:
        return ApplyIfFiniteState(0, True, 0, self.inner.init(params))

    def update(
        self, g: Vector, state: ApplyIfFiniteState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, ApplyIfFiniteState]:
        finite = g.is_finite()
        count = 0 if finite else state.notfinite_count + 1
        total = state.total_notfinite + (not finite)
        if not finite and count <= self.limit:
            return _zeros(g), ApplyIfFiniteState(count, finite, total, state.inner_state)
        found, inner = self.inner.update(g, state.inner_state, params, extra)
        return found, ApplyIfFiniteState(count, finite, total, inner)


@checked
def apply_if_finite(inner: GradientTransformation, max_consecutive_errors: int) -> GradientTransformation:
    """Skip steps whose gradients are NaN or infinite, and leave the state as it was.

    Args:
        inner: the optimiser.
        max_consecutive_errors: after so many bad steps in a row the next one is taken all the same, so that
            a run that is lost does not go on for ever.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = apply_if_finite(optim.sgd(0.1), 5)
        >>> params, state = opt.step([1.0], [float("nan")], opt.init([1.0]))
        >>> params, state.total_notfinite
        ([1.0], 1)
    """
    check_counts("apply_if_finite", 0, max_consecutive_errors=max_consecutive_errors)
    return GradientTransformation.of(_ApplyIfFinite(core_of(inner), max_consecutive_errors))


@dataclass(frozen=True, eq=False)
class _MultiSteps(Core):
    inner: Core
    every: int | Callable[[int], int]
    mean: bool
    skips: Callable[[Any, int, Any], tuple[bool, Any]] | None
    name = "multi_steps"

    def init(self, params: Vector) -> MultiStepsState:
        return MultiStepsState(0, 0, self.inner.init(params), params.layout.zeros())

    def update(
        self, g: Vector, state: MultiStepsState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, MultiStepsState]:
        check_buffers(g.layout, state.acc_grads, self.name)
        if self.skips is not None:
            tree = None if params is None else params.tree()
            if self.skips(g.tree(), state.gradient_step, tree)[0]:
                return _zeros(g), state
        seen = state.mini_step + 1
        total = g.each(lambda g, a: a + (g - a) / seen if self.mean else a + g, state.acc_grads)
        if seen < (self.every(state.gradient_step) if callable(self.every) else self.every):
            return _zeros(g), state._replace(mini_step=seen, acc_grads=total.buffers)
        found, inner = self.inner.update(total, state.inner_opt_state, params, extra)
        return found, MultiStepsState(0, state.gradient_step + 1, inner, g.layout.zeros())


@checked
def multi_steps(
    inner: GradientTransformation,
    every_k_schedule: int | Callable[[int], int],
    use_grad_mean: bool = True,
    should_skip_update_fn: Callable[[Any, int, Any], tuple[bool, Any]] | None = None,
) -> GradientTransformation:
    """Accumulate gradients: k calls make one step of `inner`, with their mean; the others leave parameters alone.

    Args:
        inner: the optimiser.
        every_k_schedule: k, or a function from the number of steps done to k.
        use_grad_mean: the mean of gradients, which suits losses that are means; their sum otherwise.
        should_skip_update_fn: from gradients, steps done and parameters to a pair, True first where the gradients
            are to be left out, as by `skip_not_finite`.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = multi_steps(optim.sgd(1.0), 2)
        >>> params, state = opt.step([1.0], [0.25], opt.init([1.0]))
        >>> params, state = opt.step(params, [0.75], state)
        >>> params
        [0.5]
    """
    if not callable(every_k_schedule):
        check_counts("multi_steps", every_k_schedule=every_k_schedule)
    return GradientTransformation.of(
        _MultiSteps(core_of(inner), every_k_schedule, use_grad_mean, should_skip_update_fn)
    )


@dataclass(frozen=True, eq=False)
class _Lookahead(Core):
    inner: Core
    period: int
    share: float
    reset: bool
    name = "lookahead"

    def init(self, params: Vector) -> LookaheadState:
        slow = tuple(buffer.copy() for buffer in params.buffers)
        return LookaheadState(0, slow, self.inner.init(params))

    def update(
        self, g: Vector, state: LookaheadState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, LookaheadState]:
        if params is None:
            raise needs_params(self.name)
        check_buffers(g.layout, state.slow, self.name)
        found, inner = self.inner.update(g, state.fast_state, params, extra)
        steps = state.steps_since_sync + 1
        if steps < self.period:
            return found, LookaheadState(steps, state.slow, inner)
        slow = params.each(lambda p, u, s: s + self.share * (p + u - s), found, state.slow)
        after = self.inner.init(slow) if self.reset else inner
        return slow.each(np.subtract, params), LookaheadState(0, slow.buffers, after)


@checked
def lookahead(
    fast_optimizer: GradientTransformation,
    sync_period: int,
    slow_step_size: float,
    reset_state: bool = False,
) -> GradientTransformation:
    """Every k steps go back a share of the way: slow ← slow + α (fast - slow), fast ← slow.

    Args:
        fast_optimizer: moves the parameters.
        sync_period: k, 5 to 10.
        slow_step_size: α, 0.5 to 0.8.
        reset_state: start the fast optimiser anew after each synchronisation.

    References:
        Zhang et al. 2019, Lookahead optimizer: k steps forward, 1 step back. https://arxiv.org/abs/1907.08610

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = lookahead(optim.sgd(0.5), 2, 0.5)
        >>> params, state = opt.step([4.0], [2.0], opt.init([4.0]))
        >>> params, opt.step(params, [2.0], state)[0]
        ([3.0], [3.0])
    """
    check_counts("lookahead", sync_period=sync_period)
    return GradientTransformation.of(
        _Lookahead(core_of(fast_optimizer), sync_period, slow_step_size, reset_state)
    )


@dataclass(frozen=True, eq=False)
class _InjectHyperparams(Core):
    factory: Callable[..., GradientTransformation]
    fixed: Mapping[str, Any]
    schedules: Mapping[str, Callable[[int], float]]
    numbers: Mapping[str, float]
    name = "inject_hyperparams"

    def init(self, params: Vector) -> InjectHyperparamsState:
        hyperparams = dict(self.numbers) | {name: float(one(0)) for name, one in self.schedules.items()}
        return InjectHyperparamsState(0, dict(hyperparams), self._inner(hyperparams).init(params))

    def update(
        self, g: Vector, state: InjectHyperparamsState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, InjectHyperparamsState]:
        now = {name: float(one(state.count)) for name, one in self.schedules.items()}
        hyperparams = dict(state.hyperparams) | now
        found, inner = self._inner(hyperparams).update(g, state.inner_state, params, extra)
        return found, InjectHyperparamsState(state.count + 1, hyperparams, inner)

    def _inner(self, hyperparams: Mapping[str, Any]) -> Core:
        return core_of(self.factory(**self.fixed, **hyperparams))


def inject_hyperparams(
    inner_factory: Callable[..., GradientTransformation], static_args: tuple[str, ...] = ()
) -> Callable[..., GradientTransformation]:
    """Keep the hyperparameters of an optimiser in its state, where they can be read and changed between steps.

    Args:
        inner_factory: makes the optimiser, as `adam` does.
        static_args: names of arguments that stay out of the state.

    Returns:
        A function of the same arguments. Numbers go into `state.hyperparams`; so do schedules, which are
        arguments that are functions, with their value at each step.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = inject_hyperparams(optim.sgd)(learning_rate=0.1)
        >>> state = opt.init([1.0])
        >>> state.hyperparams["learning_rate"] = 0.5
        >>> opt.step([1.0], [1.0], state)[0]
        [0.5]
    """
    if isinstance(inner_factory, GradientTransformation):
        what, fix = "it was given an optimiser", "write `inject_hyperparams(adam)(learning_rate=1e-3)`"
        raise refused("inject_hyperparams", what, fix)

    def make(*args: Any, **kwargs: Any) -> GradientTransformation:
        bound = inspect.signature(inner_factory).bind(*args, **kwargs)
        bound.apply_defaults()
        given = {k: v for k, v in bound.arguments.items() if k not in static_args}
        schedules = {k: v for k, v in given.items() if callable(v)}
        numbers = {
            k: float(v) for k, v in given.items() if isinstance(v, int | float) and not isinstance(v, bool)
        }
        fixed = {k: v for k, v in bound.arguments.items() if k not in schedules and k not in numbers}
        return GradientTransformation.of(_InjectHyperparams(inner_factory, fixed, schedules, numbers))

    return make


def periodic_update(new_tensors: Any, old_tensors: Any, steps: int, update_period: int) -> Any:
    """New tensors at every `update_period`-th step, old ones between: a target network.

    >>> [periodic_update("new", "old", step, 3) for step in range(4)]
    ['new', 'old', 'old', 'new']
    """
    check_counts("periodic_update", update_period=update_period)
    return new_tensors if steps % update_period == 0 else old_tensors


@not_followed(
    "optim.incremental_update", "write `optim.tree.map(lambda n, o: a * n + (1.0 - a) * o, new, old)`"
)
def incremental_update(new_tensors: Any, old_tensors: Any, step_size: float) -> Any:
    """step_size · new + (1 - step_size) · old: a moving average of parameters, or a target network.

    >>> incremental_update({"w": 1.0}, {"w": 0.0}, 0.25)
    {'w': 0.25}
    """
    layout = layout_of(old_tensors)
    one = vector_of(layout, new_tensors, "new_tensors")
    other = vector_of(layout, old_tensors, "old_tensors")
    return one.each(lambda n, o: step_size * n + (1.0 - step_size) * o, other).tree()

"""Transformations that act at some steps only.

In:  a transformation, and the steps at which it acts.   Out: a transformation; conditions for `multi_steps`.
Not here: accumulation of gradients and rejection of bad ones (wrappers.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from gradscribe.optim.core import Core, Extra, check_buffers
from gradscribe.optim.kinds import checked
from gradscribe.optim.layout import layout_of
from gradscribe.optim.settings import check_counts
from gradscribe.optim.transformation import GradientTransformation, core_of, global_norm
from gradscribe.optim.vector import Buffers, Vector, vector_of


class ConditionalState(NamedTuple):
    """Calls so far, and the state of the inner transformation."""

    step: int
    inner_state: Any


class ApplyEveryState(NamedTuple):
    """Calls since the last updates that were passed on, and the sum of those held back."""

    count: int  # type: ignore[assignment]
    grad_acc: Buffers


@dataclass(frozen=True, eq=False)
class _Conditional(Core):
    inner: Core
    condition: Callable[..., Any]
    forward: bool
    passes: bool
    name: str

    def init(self, params: Vector) -> ConditionalState:
        return ConditionalState(0, self.inner.init(params))

    def update(
        self, g: Vector, state: ConditionalState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, ConditionalState]:
        if self.condition(state.step, **(extra if self.forward else {})):
            found, inner = self.inner.update(g, state.inner_state, params, extra)
            return found, ConditionalState(state.step + 1, inner)
        rest = g if self.passes else g.each(np.zeros_like)
        return rest, ConditionalState(state.step + 1, state.inner_state)


@checked
def conditionally_transform(
    inner: GradientTransformation, should_transform_fn: Callable[..., Any], forward_extra_args: bool = False
) -> GradientTransformation:
    """Apply `inner` at some steps; at the others updates pass unchanged, and its state stays.

    Args:
        inner: a transformation.
        should_transform_fn: from the number of calls so far to True or False.
        forward_extra_args: pass it the further keywords of `step`, too.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = conditionally_transform(optim.scale(0.5), lambda step: step >= 1)
        >>> update, state = opt.update([1.0], opt.init([0.0]))
        >>> update, opt.update([1.0], state)[0]
        ([1.0], [0.5])
    """
    core = core_of(inner)
    return GradientTransformation.of(
        _Conditional(core, should_transform_fn, forward_extra_args, True, "conditionally_transform")
    )


@checked
def conditionally_mask(
    inner: GradientTransformation, should_transform_fn: Callable[..., Any], forward_extra_args: bool = False
) -> GradientTransformation:
    """Apply `inner` at some steps; at the others updates are zero, and its state stays.

    Args:
        inner: a transformation.
        should_transform_fn: from the number of calls so far to True or False.
        forward_extra_args: pass it the further keywords of `step`, too.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = conditionally_mask(optim.sgd(0.5), lambda step, loss: loss > 1.0, forward_extra_args=True)
        >>> params, state = opt.step([1.0], [1.0], opt.init([1.0]), loss=3.0)
        >>> params, opt.step(params, [1.0], state, loss=0.1)[0]
        ([0.5], [0.5])
    """
    core = core_of(inner)
    return GradientTransformation.of(
        _Conditional(core, should_transform_fn, forward_extra_args, False, "conditionally_mask")
    )


@dataclass(frozen=True, eq=False)
class _ApplyEvery(Core):
    every: int
    name = "apply_every"

    def init(self, params: Vector) -> ApplyEveryState:
        return ApplyEveryState(0, params.layout.zeros())

    def update(
        self, g: Vector, state: ApplyEveryState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, ApplyEveryState]:
        check_buffers(g.layout, state.grad_acc, self.name)
        total = g.each(np.add, state.grad_acc)
        if state.count + 1 < self.every:
            return g.each(np.zeros_like), ApplyEveryState(state.count + 1, total.buffers)
        return total, ApplyEveryState(0, g.layout.zeros())


@checked
def apply_every(k: int = 1) -> GradientTransformation:
    """Hold updates back, and pass on the sum of k at every k-th call.

    What stands before it in a chain goes on at every call; `multi_steps` holds back gradients from all of a chain.

    Example:
        >>> opt = apply_every(2)
        >>> update, state = opt.update([1.0], opt.init([0.0]))
        >>> update, opt.update([3.0], state)[0]
        ([0.0], [4.0])
    """
    check_counts("apply_every", k=k)
    return GradientTransformation.of(_ApplyEvery(k))


def skip_not_finite(updates: Any, gradient_step: int, params: Any) -> tuple[bool, dict[str, Any]]:
    """For `multi_steps`: gradients with NaN or infinity are left out.

    >>> skip_not_finite([1.0, float("nan")], 0, None)
    (True, {'should_skip': True, 'num_not_finite': 1})
    """
    layout = layout_of(updates, "updates")
    wrong = sum(int(np.sum(~np.isfinite(leaf))) for leaf in vector_of(layout, updates, "updates").leaves)
    return wrong > 0, {"should_skip": wrong > 0, "num_not_finite": wrong}


def skip_large_updates(
    updates: Any, gradient_step: int, params: Any, max_squared_norm: float
) -> tuple[bool, dict[str, Any]]:
    """For `multi_steps`, with `functools.partial`: gradients whose squared norm is not below a bound are left out.

    >>> skip_large_updates([3.0, 4.0], 0, None, max_squared_norm=1.0)
    (True, {'should_skip': True, 'norm_squared': 25.0})
    """
    square = global_norm(updates) ** 2
    skipped = not square < max_squared_norm
    return skipped, {"should_skip": skipped, "norm_squared": square}

"""L-BFGS as a gradient transformation: quasi-Newton directions from the last few steps, and a line search.

In:  gradients, and a function that evaluates the loss elsewhere.   Out: `GradientTransformation`.
Not here: the recursion (two_loops.py), the line search (line_search.py), SciPy's L-BFGS-B (minimize.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gradscribe.optim.chain import chain
from gradscribe.optim.core import Core, Extra, needs_params
from gradscribe.optim.kinds import checked
from gradscribe.optim.line_search import Trial, strong_wolfe
from gradscribe.optim.quasi_newton import scale_by_lbfgs
from gradscribe.optim.rays import Ray, ray_of
from gradscribe.optim.scaling import ScalarOrSchedule, rate_at, scale_by_learning_rate
from gradscribe.optim.settings import check_positive, described, refused
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.two_loops import two_loops, with_row
from gradscribe.optim.vector import Buffers, Vector


class LbfgsState(NamedTuple):
    """The last steps, and what they did to the gradient.

    Attributes:
        count: steps taken.
        pairs: how many of the rows below are filled.
        evaluations: calls of `value_and_grad` so far.
        steps: s, changes of the parameters; for each dtype an array of shape (memory, n). Row k mod memory is the
            k-th pair.
        changes: y, changes of the gradient; likewise.
        products: s · y of each row; shape (memory,).
    """

    count: int  # type: ignore[assignment]
    pairs: int
    evaluations: int
    steps: Buffers
    changes: Buffers
    products: np.ndarray


@checked
def lbfgs(
    learning_rate: ScalarOrSchedule | None = None,
    memory_size: int = 10,
    scale_init_precond: bool = True,
    linesearch: GradientTransformation | str | None = "strong_wolfe",
    *,
    c1: float = 1e-4,
    c2: float = 0.9,
) -> GradientTransformation:
    """L-BFGS with a line search for the strong Wolfe conditions: for smooth losses over all data at once.

    A step like that of any other optimiser, but it must be able to evaluate the loss elsewhere. `fit` passes
    what is needed; a loop of your own writes

        value, grads = loss_and_grad(params, x, y)
        params, state = opt.step(
            params, grads, state, value=value, value_and_grad=lambda params: loss_and_grad(params, x, y)
        )

    Where no step length lowers the loss, the parameters stay, and the next step is one of steepest descent.

    Args:
        learning_rate: length of the first trial of each search, or of the step where there is no search, in units
            of the quasi-Newton step; 1 if None.
        memory_size: how many steps the direction is made of; more is better and dearer, seldom beyond 20.
        scale_init_precond: start from the curvature along the last step, not from 1.
        linesearch: "strong_wolfe"; another search, such as `scale_by_zoom_linesearch(20)`; None for steps of
            `learning_rate`, which need no `value_and_grad`.
        c1: decrease demanded by the line search, as a share of what the slope promises.
        c2: how much of the slope the line search may leave; smaller searches longer.

    Raises:
        GS356: there is no such search.

    Example:
        >>> import gradscribe as gs
        >>> loss_and_grad = gs.value_and_grad(lambda p: (p["x"] - 1.0) ** 2 + 100.0 * (p["y"] - p["x"] ** 2) ** 2)
        >>> params, opt = {"x": -1.2, "y": 1.0}, lbfgs()
        >>> state = opt.init(params)
        >>> for _ in range(40):
        ...     value, grads = loss_and_grad(params)
        ...     params, state = opt.step(params, grads, state, value=value, value_and_grad=loss_and_grad)
        >>> round(params["x"], 9), round(params["y"], 9)
        (1.0, 1.0)

    References:
        Liu & Nocedal, On the limited memory BFGS method for large scale optimization, 1989.
        Nocedal & Wright, Numerical Optimization, 2nd ed., algorithm 7.4.
    """
    rate = 1.0 if learning_rate is None else learning_rate
    if not callable(rate):
        check_positive("lbfgs", learning_rate=rate)
    if isinstance(linesearch, str):
        if linesearch != "strong_wolfe":
            fix = 'pass "strong_wolfe", a search such as `scale_by_zoom_linesearch(20)`, or None'
            raise refused("lbfgs", described("linesearch", linesearch), fix)
        return GradientTransformation.of(Lbfgs(rate, memory_size, scale_init_precond, c1, c2))
    direction = scale_by_lbfgs(memory_size, scale_init_precond), scale_by_learning_rate(rate)
    return chain(*direction) if linesearch is None else chain(*direction, linesearch)


@dataclass(frozen=True, eq=False)
class Lbfgs(Core):
    """The transformation of vectors."""

    learning_rate: ScalarOrSchedule
    memory_size: int
    scaled: bool
    c1: float
    c2: float
    name: str = "lbfgs"

    def init(self, params: Vector) -> LbfgsState:
        """An empty memory."""

        def rows() -> Buffers:
            return tuple(np.zeros((self.memory_size, b.size), b.dtype) for b in params.buffers)

        return LbfgsState(0, 0, 0, rows(), rows(), np.zeros(self.memory_size))

    def update(
        self, g: Vector, state: LbfgsState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, LbfgsState]:
        """The step to a point where the strong Wolfe conditions hold.

        Raises:
            GS352: the parameters or `value_and_grad` are missing.
        """
        if params is None:
            raise needs_params(self.name)
        ray = ray_of(self.name, params, extra)
        value = float(extra["value"]) if "value" in extra else ray.value_at_start()
        found, rate = None, rate_at(self.learning_rate, state.count)
        if state.pairs:
            found = self._search(ray, g, _direction(g, state, scaled=self.scaled), value, rate)
        if found is None:
            state = state._replace(pairs=0)
            size = g.sum_of(lambda b: np.sum(np.abs(b)))
            first = rate * min(1.0, 1.0 / size) if size else 0.0
            found = self._search(ray, g, g.each(np.negative), value, first)
        state = state._replace(count=state.count + 1, evaluations=state.evaluations + ray.evaluations)
        if found is None:
            return g.each(np.zeros_like), state
        updates, gradient = found
        return updates, _remembered(state, updates, gradient.each(np.subtract, g))

    def _search(
        self, ray: Ray, g: Vector, direction: Vector, value: float, first: float
    ) -> tuple[Vector, Vector] | None:
        """The updates and the gradient after them; None where there is no way down."""
        slope = g.dot(direction)
        if not slope < 0.0:
            return None
        trial = strong_wolfe(ray.along(direction), Trial(0.0, value, slope), first, self.c1, self.c2)
        return None if trial is None else trial.found


def _direction(g: Vector, state: LbfgsState, *, scaled: bool) -> Vector:
    """-H g by the two-loop recursion, H the inverse Hessian as the remembered pairs describe it."""
    memory = len(state.products)
    newest_first = [(state.count - 1 - back) % memory for back in range(state.pairs)]
    last = newest_first[0]
    scale = state.products[last] / sum(float(y[last] @ y[last]) for y in state.changes) if scaled else 1.0
    found = two_loops(g, newest_first, state.steps, state.changes, state.products, float(scale))
    return found.each(np.negative)


def _remembered(state: LbfgsState, step: Vector, change: Vector) -> LbfgsState:
    """The state with one more pair, in place of the oldest; `count` counts it already."""
    product = step.dot(change)
    if not product > 0.0:
        # Such a pair says nothing of the curvature: the model starts anew.
        return state._replace(pairs=0)
    memory = len(state.products)
    k = (state.count - 1) % memory
    products = state.products.copy()
    products[k] = product
    return state._replace(
        pairs=min(state.pairs + 1, memory),
        steps=with_row(state.steps, k, step),
        changes=with_row(state.changes, k, change),
        products=products,
    )

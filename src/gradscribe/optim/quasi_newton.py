"""`scale_by_lbfgs`: gradients times the inverse Hessian as the last steps describe it, whoever takes the steps.

In:  how many steps to remember.   Out: a transformation.
Not here: `lbfgs`, which searches along the direction and takes the step (lbfgs.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gradscribe.optim.core import Core, Extra, check_buffers, needs_params
from gradscribe.optim.kinds import checked
from gradscribe.optim.settings import check_counts
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.two_loops import two_loops, with_row
from gradscribe.optim.vector import Buffers, Vector


class ScaleByLbfgsState(NamedTuple):
    """Steps done, parameters and gradient of the last, and changes of both over the last few, one in each row."""

    count: int  # type: ignore[assignment]
    params: Buffers
    updates: Buffers
    steps: Buffers
    changes: Buffers
    products: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class _ScaleByLbfgs(Core):
    memory: int
    scales: bool
    name = "scale_by_lbfgs"

    def init(self, params: Vector) -> ScaleByLbfgsState:
        def rows() -> Buffers:
            return tuple(np.zeros((self.memory, b.size), b.dtype) for b in params.buffers)

        zeros = params.layout.zeros
        return ScaleByLbfgsState(0, zeros(), zeros(), rows(), rows(), (0.0,) * self.memory)

    def update(
        self, g: Vector, state: ScaleByLbfgsState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, ScaleByLbfgsState]:
        if params is None:
            raise needs_params(self.name)
        check_buffers(g.layout, state.params, self.name)
        steps, changes, products = state.steps, state.changes, state.products
        scale = min(1.0, 1.0 / (g.norm() or 1.0))
        if state.count:
            newest = (state.count - 1) % self.memory
            step, change = params.each(np.subtract, state.params), g.each(np.subtract, state.updates)
            steps, changes = with_row(steps, newest, step), with_row(changes, newest, change)
            product, square = step.dot(change), change.dot(change)
            products = (*products[:newest], product, *products[newest + 1 :])
            scale = product / square if square > 0.0 else 1.0
        rows = [(state.count - 1 - back) % self.memory for back in range(min(state.count, self.memory))]
        # A pair whose product is 0 says nothing.
        rows = [k for k in rows if products[k] != 0.0]
        found = two_loops(g, rows, steps, changes, products, float(scale) if self.scales else 1.0)
        kept = tuple(buffer.copy() for buffer in params.buffers), tuple(buffer.copy() for buffer in g.buffers)
        return found, ScaleByLbfgsState(state.count + 1, *kept, steps, changes, products)


@checked
def scale_by_lbfgs(memory_size: int = 10, scale_init_precond: bool = True) -> GradientTransformation:
    """Gradients times the inverse Hessian that the last steps describe; the step length is for others to find.

    Args:
        memory_size: how many steps to remember.
        scale_init_precond: start from the curvature along the last step, not from 1; the first direction is then
            at most 1 long.

    References:
        Nocedal & Wright, Numerical Optimization, 2nd ed., algorithm 7.4.

    Example:
        >>> import gradscribe as gs
        >>> import gradscribe.optim as optim
        >>> both = gs.value_and_grad(lambda p: (p["x"] - 3.0) ** 2 + 50.0 * p["y"] ** 2)
        >>> opt = optim.chain(scale_by_lbfgs(), optim.scale(-1.0), optim.scale_by_zoom_linesearch(20))
        >>> params = {"x": 0.0, "y": 1.0}
        >>> state = opt.init(params)
        >>> for _ in range(12):
        ...     value, grads = both(params)
        ...     params, state = opt.step(params, grads, state, value=value, grad=grads, value_and_grad=both)
        >>> round(params["x"], 6), round(params["y"], 6) + 0.0
        (3.0, 0.0)
    """
    check_counts("scale_by_lbfgs", memory_size=memory_size)
    return GradientTransformation.of(_ScaleByLbfgs(memory_size, scale_init_precond))

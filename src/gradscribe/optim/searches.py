"""Line searches as transformations: updates are scaled so that the loss decreases, whatever made them.

In:  updates, and a function that evaluates the loss elsewhere.   Out: transformations.
Not here: the search for the strong Wolfe conditions itself (line_search.py), L-BFGS, which has it built in.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from gradscribe.optim.core import Core, Extra, needs_keyword, needs_params
from gradscribe.optim.kinds import checked
from gradscribe.optim.line_search import Trial, strong_wolfe
from gradscribe.optim.rays import ray_of
from gradscribe.optim.settings import check_counts, check_decays, check_not_negative, refused
from gradscribe.optim.transformation import GradientTransformation, unflatten
from gradscribe.optim.tree import get
from gradscribe.optim.vector import Buffers, Vector, vector_of


class LinesearchState(NamedTuple):
    """What the last search found.

    Attributes:
        learning_rate: the factor of the updates.
        value: of the loss after the step; infinite before the first.
        grad: of the loss after the step, flat; empty if it is not known.
        evaluations: of the loss, in the last search.
        decrease_error: by how much the decrease is less than demanded; 0 where the search succeeded.
    """

    learning_rate: float
    value: float
    grad: Buffers
    evaluations: int
    decrease_error: float


@dataclass(frozen=True, eq=False)
class _Backtracking(Core):
    steps: int
    slope_rtol: float
    decrease: float
    increase: float
    longest: float
    atol: float
    rtol: float
    store_grad: bool
    name = "scale_by_backtracking_linesearch"

    def init(self, params: Vector) -> LinesearchState:
        grad = params.layout.zeros() if self.store_grad else ()
        return LinesearchState(1.0, math.inf, grad, 0, math.inf)

    def update(
        self, g: Vector, state: LinesearchState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, LinesearchState]:
        value, slope = _start(self.name, g, params, extra)
        value_fn = _value_fn(self.name, extra)
        assert params is not None
        rate, evaluations, error, found = self.increase * state.learning_rate, 0, math.inf, value
        rate = min(rate, self.longest)
        while evaluations <= self.steps:
            rate *= self.decrease if evaluations else 1.0
            moved = params.each(lambda p, d, t=rate: p + t * d, g)
            found = float(value_fn(moved.tree()))
            evaluations += 1
            error = found - (1.0 + self.rtol) * value - rate * self.slope_rtol * slope
            error = max(error, 0.0) if not math.isnan(error) else math.inf
            if error <= self.atol:
                break
        rate = rate if error < math.inf else 0.0
        grad: Buffers = ()
        if self.store_grad:
            ray = ray_of(self.name, params, extra)
            trial = ray.along(g)(rate)
            grad = trial.found[1].buffers
        return _scaled(g, rate), LinesearchState(rate, found, grad, evaluations, error)


@checked
def scale_by_backtracking_linesearch(
    max_backtracking_steps: int,
    slope_rtol: float = 1e-4,
    decrease_factor: float = 0.8,
    increase_factor: float = 1.5,
    max_learning_rate: float = 1.0,
    atol: float = 0.0,
    rtol: float = 0.0,
    store_grad: bool = False,
) -> GradientTransformation:
    """Updates, shortened until the loss decreases enough: f(p + t u) ≤ (1 + rtol) f(p) + c t ⟨g, u⟩ + atol.

    `step` and `update` take `value=` and `grad=`, the loss and its gradient at the parameters, and `value_fn=`,
    the loss as a function of them; `value_and_grad=` will do for all three. Last in a chain.

    Args:
        max_backtracking_steps: how often the step is shortened at most; then it is taken nevertheless.
        slope_rtol: c, the share of the promised decrease that is demanded.
        decrease_factor: what a step that is too long is multiplied by.
        increase_factor: the first step tried is so much longer than the last one taken.
        max_learning_rate: the longest step.
        atol: increase that is tolerated.
        rtol: the same, relative to the value.
        store_grad: keep the gradient at the new parameters, for `value_and_grad_from_state`.

    References:
        Armijo 1966, Minimization of functions having Lipschitz continuous first partial derivatives.

    Example:
        >>> import gradscribe.optim as optim
        >>> def loss(p):
        ...     return p[0] ** 2 + 5.0 * p[1] ** 2
        >>> opt = optim.chain(optim.sgd(1.0), optim.scale_by_backtracking_linesearch(30))
        >>> params = [1.0, 1.0]
        >>> state = opt.init(params)
        >>> for _ in range(40):
        ...     grads = [2.0 * params[0], 10.0 * params[1]]
        ...     params, state = opt.step(params, grads, state, value=loss(params), grad=grads, value_fn=loss)
        >>> loss(params) < 1e-6
        True
    """
    name = "scale_by_backtracking_linesearch"
    check_counts(name, least=0, max_backtracking_steps=max_backtracking_steps)
    check_decays(name, slope_rtol=slope_rtol, decrease_factor=decrease_factor)
    check_not_negative(name, increase_factor=increase_factor, max_learning_rate=max_learning_rate)
    return GradientTransformation.of(
        _Backtracking(
            max_backtracking_steps, slope_rtol, decrease_factor, increase_factor, max_learning_rate, atol, rtol,
            store_grad,
        )
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Zoom(Core):
    steps: int
    longest: float
    tol: float
    increase: float
    slope_rtol: float
    curv_rtol: float
    keeps: bool
    name = "scale_by_zoom_linesearch"

    def init(self, params: Vector) -> LinesearchState:
        return LinesearchState(1.0, math.inf, params.layout.zeros(), 0, math.inf)

    def update(
        self, g: Vector, state: LinesearchState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, LinesearchState]:
        value, slope = _start(self.name, g, params, extra)
        assert params is not None
        ray = ray_of(self.name, params, extra)
        first = state.learning_rate if self.keeps and state.learning_rate > 0.0 else 1.0
        start = Trial(0.0, value, slope)
        trial = None
        if slope < 0.0:
            trial = strong_wolfe(
                ray.along(g), start, first, self.slope_rtol, self.curv_rtol,
                longest=self.longest, expansion=self.increase, limit=self.steps, settles=True,
            )  # fmt: skip
        if trial is None:
            _, grads = ray.value_and_grad(params.tree())
            gradient = vector_of(params.layout, grads, "grads")
            return _scaled(g, 0.0), LinesearchState(0.0, value, gradient.buffers, ray.evaluations, math.inf)
        updates, gradient = trial.found
        error = max(trial.value - value - self.slope_rtol * trial.length * slope - self.tol, 0.0)
        return updates, LinesearchState(trial.length, trial.value, gradient.buffers, ray.evaluations, error)


@checked
def scale_by_zoom_linesearch(
    max_linesearch_steps: int,
    max_learning_rate: float | None = None,
    tol: float = 0.0,
    increase_factor: float = 2.0,
    slope_rtol: float = 1e-4,
    curv_rtol: float = 0.9,
    initial_guess_strategy: str = "keep",
) -> GradientTransformation:
    """Updates, scaled so that the strong Wolfe conditions hold: the loss decreases enough, and its slope flattens.

    `step` and `update` take `value=` and `grad=`, the loss and its gradient at the parameters, and
    `value_and_grad=`, both as a function of them, which will do for all three. Last in a chain. `lbfgs` has this
    search built in.

    Args:
        max_linesearch_steps: how often the loss is evaluated at most; the best step found by then is taken.
        max_learning_rate: the longest step; None for any.
        tol: decrease that may be missing.
        increase_factor: what a step that is too short is multiplied by.
        slope_rtol: the share of the promised decrease that is demanded.
        curv_rtol: the share of the slope that may be left; smaller searches longer.
        initial_guess_strategy: "keep" tries the last step first, "one" the updates as they arrive.

    References:
        Nocedal & Wright, Numerical Optimization, 2nd ed., algorithms 3.5 and 3.6.

    Example:
        >>> import gradscribe as gs
        >>> import gradscribe.optim as optim
        >>> both = gs.value_and_grad(lambda p: (p["x"] - 3.0) ** 2 + 2.0 * p["y"] ** 2)
        >>> opt = optim.chain(optim.scale(-1.0), optim.scale_by_zoom_linesearch(15))
        >>> params = {"x": 0.0, "y": 1.0}
        >>> state = opt.init(params)
        >>> for _ in range(40):
        ...     value, grads = both(params)
        ...     params, state = opt.step(params, grads, state, value=value, grad=grads, value_and_grad=both)
        >>> round(params["x"], 4), round(params["y"], 4) + 0.0
        (3.0, 0.0)
    """
    name = "scale_by_zoom_linesearch"
    check_counts(name, max_linesearch_steps=max_linesearch_steps)
    check_not_negative(
        name, tol=tol, increase_factor=increase_factor, slope_rtol=slope_rtol, curv_rtol=curv_rtol
    )
    if initial_guess_strategy not in ("keep", "one"):
        what = f"`initial_guess_strategy` is {initial_guess_strategy!r}"
        raise refused(name, what, 'pass "keep" or "one"')
    longest = math.inf if max_learning_rate is None else max_learning_rate
    keeps = initial_guess_strategy == "keep"
    return GradientTransformation.of(
        _Zoom(max_linesearch_steps, longest, tol, increase_factor, slope_rtol, curv_rtol, keeps)
    )


def value_and_grad_from_state(
    value_and_grad: Callable[..., tuple[Any, Any]],
) -> Callable[..., tuple[Any, Any]]:
    """The value and the gradient that a line search found already, so that they need not be computed again.

    Args:
        value_and_grad: as `gs.value_and_grad(loss)` makes it; called before the first step.

    Returns:
        A function of the parameters, of further arguments of the loss, and of `state=`. The parameters are those
        that the step led to which made the state.

    Raises:
        GS356: no gradient is in the state, or the function returns none.

    Example:
        >>> import gradscribe as gs
        >>> import gradscribe.optim as optim
        >>> both = gs.value_and_grad(lambda p: (p - 3.0) ** 2)
        >>> opt = optim.chain(optim.scale(-1.0), optim.scale_by_zoom_linesearch(15))
        >>> known = optim.value_and_grad_from_state(both)
        >>> params = 0.0
        >>> state = opt.init(params)
        >>> for _ in range(3):
        ...     value, grads = known(params, state=state)
        ...     params, state = opt.step(params, grads, state, value=value, grad=grads, value_and_grad=both)
        >>> params
        3.0
    """

    def known(params: Any, *args: Any, state: Any, **kwargs: Any) -> tuple[Any, Any]:
        value, grad = get(state, "value"), get(state, "grad")
        if value is None or not grad:
            fix = "end the chain with `scale_by_zoom_linesearch`, or with the other one and `store_grad=True`"
            raise refused("value_and_grad_from_state", "the state holds no gradient", fix)
        if math.isfinite(value):
            return value, unflatten(grad, params)
        found = value_and_grad(params, *args, **kwargs)
        if not isinstance(found, tuple):
            what = f"the function returned a {type(found).__name__}, not a value and a gradient"
            raise refused("value_and_grad_from_state", what, "pass `gs.value_and_grad(loss)`")
        return found

    return known


def _start(name: str, g: Vector, params: Vector | None, extra: Extra) -> tuple[float, float]:
    """The loss at the parameters, and its slope along the updates."""
    if params is None:
        raise needs_params(name)
    if "value" in extra and "grad" in extra:
        value, grads = extra["value"], extra["grad"]
    else:
        value, grads = ray_of(name, params, extra).value_and_grad(params.tree())
    return float(value), vector_of(params.layout, grads, "grads").dot(g)


def _value_fn(name: str, extra: Extra) -> Callable[[Any], Any]:
    if "value_fn" in extra:
        found: Callable[[Any], Any] = extra["value_fn"]
        return found
    if "value_and_grad" not in extra:
        raise needs_keyword(name, "value_fn", "the loss as a function of params")
    both = extra["value_and_grad"]
    return lambda params: both(params)[0]


def _scaled(g: Vector, rate: float) -> Vector:
    return g.each(lambda d: rate * d)

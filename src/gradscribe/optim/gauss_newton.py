"""Gauss-Newton and Levenberg-Marquardt on nested parameters, as functional optimisers.

In:  a function that returns residuals.   Out: `SquaresOptimizer`: init(params), step(params, state, *data).
Not here: the loop until convergence and SciPy's engines (least_squares.py), the Jacobian (equations.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from gradscribe.optim.core import foreign_state
from gradscribe.optim.equations import Equations
from gradscribe.optim.flattening import Flattening
from gradscribe.optim.objective import not_finite

MAX_TRIALS = 60
EPSILON = float(np.finfo(np.float64).eps)


class SquaresState(NamedTuple):
    """What is kept between steps.

    Attributes:
        damping: weight μ of the penalty μ ‖D p‖² on the step; 0 for Gauss-Newton.
        growth: by how much the next refused step raises the damping.
        scale: diagonal of D, the largest norm so far of each column of the Jacobian; shape (n,).
        value: half the sum of squares at the parameters returned; nan before the first step.
        reason: why no further step is needed; empty while there is a need.
    """

    damping: float
    growth: float
    scale: np.ndarray
    value: float
    reason: str


class Tolerances(NamedTuple):
    """When to stop: the three tests of MINPACK.

    Attributes:
        ftol: on the relative decrease of the sum of squares.
        xtol: on the relative change of the parameters.
        gtol: on the cosine of the angle between the residuals and any column of the Jacobian.
    """

    ftol: float = 1e-12
    xtol: float = 1e-12
    gtol: float = 1e-10


Advance = Callable[[Equations, np.ndarray, SquaresState], tuple[np.ndarray, SquaresState]]


@dataclass(frozen=True, slots=True)
class SquaresOptimizer:
    """A least-squares optimiser as two pure functions.

    Attributes:
        residuals: takes params and data, returns the residuals in any structure of floats.
        advance: one step on vectors.
        start: the state before the first step, but for its scale.
    """

    residuals: Callable[..., Any]
    advance: Advance
    start: SquaresState

    def init(self, params: Any) -> SquaresState:
        """The state before the first step.

        Raises:
            GS351: a parameter is not a real float.
        """
        return self.start._replace(scale=np.zeros(Flattening.of(params).size))

    def step(self, params: Any, state: SquaresState, *data: Any) -> tuple[Any, SquaresState]:
        """Better parameters, in the structure of `params`, and the next state.

        Raises:
            GS332: the residuals or their derivatives are not finite.
            GS353: the state is something else, such as a gradient, which is not wanted.
        """
        if type(state) is not SquaresState:
            raise foreign_state("step", f"is a {type(state).__name__}")
        flattening = Flattening.of(params)
        equations = Equations(self.residuals, flattening, data, "residuals")
        x, state = self.advance(equations, flattening.ravel(params), state)
        return flattening.unravel(x), state


def levenberg_marquardt(
    residuals: Callable[..., Any],
    damping: float = 1e-3,
    ftol: float = 1e-12,
    xtol: float = 1e-12,
    gtol: float = 1e-10,
) -> SquaresOptimizer:
    """The Levenberg-Marquardt method: Gauss-Newton steps, held short where the model is far from linear.

    The step p minimises ‖J p + r‖² + μ ‖D p‖², by QR; J is derived. D makes the method independent of the units
    of the parameters; μ follows the ratio of actual to predicted decrease.

    Args:
        residuals: takes params and data, returns the residuals in any structure of floats.
        damping: the first μ; larger is more careful.
        ftol: see `Tolerances`.
        xtol: see `Tolerances`.
        gtol: see `Tolerances`.

    Example:
        >>> def residuals(p, t, y):
        ...     return p["a"] * np.exp(-p["k"] * t) - y
        >>> t = np.linspace(0.0, 2.0, 9)
        >>> optimizer = levenberg_marquardt(residuals)
        >>> params, state = {"a": 1.0, "k": 1.0}, optimizer.init({"a": 1.0, "k": 1.0})
        >>> while not state.reason:
        ...     params, state = optimizer.step(params, state, t, 3.0 * np.exp(-0.5 * t))
        >>> {name: round(value, 9) for name, value in params.items()}
        {'a': 3.0, 'k': 0.5}

    References:
        Moré, The Levenberg-Marquardt algorithm: implementation and theory, 1978 (scaling and tests).
        Nielsen, Damping parameter in Marquardt's method, IMM-REP-1999-05 (update of the damping).
    """
    tolerances = Tolerances(ftol, xtol, gtol)

    def advance(equations: Equations, x: np.ndarray, state: SquaresState) -> tuple[np.ndarray, SquaresState]:
        return _damped_step(equations, x, state, tolerances)

    return SquaresOptimizer(residuals, advance, SquaresState(damping, 2.0, np.zeros(0), np.nan, ""))


def gauss_newton(
    residuals: Callable[..., Any], ftol: float = 1e-12, xtol: float = 1e-12, gtol: float = 1e-10
) -> SquaresOptimizer:
    """The Gauss-Newton method: steps that are right where residuals are linear, halved where they do not help.

    Args:
        residuals: takes params and data, returns the residuals in any structure of floats.
        ftol: see `Tolerances`.
        xtol: see `Tolerances`.
        gtol: see `Tolerances`.

    References:
        Nocedal & Wright, Numerical Optimization, 2nd ed., section 10.3.
    """
    tolerances = Tolerances(ftol, xtol, gtol)

    def advance(equations: Equations, x: np.ndarray, state: SquaresState) -> tuple[np.ndarray, SquaresState]:
        return _halved_step(equations, x, state, tolerances)

    return SquaresOptimizer(residuals, advance, SquaresState(0.0, 2.0, np.zeros(0), np.nan, ""))


class _Linear(NamedTuple):
    """The residuals as they are near x: r + J p."""

    value: float
    residuals: np.ndarray
    jacobian: np.ndarray
    scale: np.ndarray
    cosine: float


def _linearised(equations: Equations, x: np.ndarray, state: SquaresState) -> _Linear:
    r = equations.values(x)
    if not np.isfinite(r).all():
        position = int(np.argmin(np.isfinite(r)))
        name = equations.results.path_of(position) if equations.results else "residuals"
        raise not_finite(f"the residual `{name}`", r[position], "at the parameters given")
    jacobian = equations.jacobian(x)
    norms = np.linalg.norm(jacobian, axis=0)
    length = float(np.linalg.norm(r))
    seen = norms[norms > 0.0] * length
    cosines = np.abs(jacobian.T @ r)[norms > 0.0] / np.where(seen > 0.0, seen, 1.0)
    return _Linear(
        0.5 * length**2, r, jacobian, np.maximum(state.scale, norms), float(np.max(cosines, initial=0.0))
    )


def _damped_step(
    equations: Equations, x: np.ndarray, state: SquaresState, tolerances: Tolerances
) -> tuple[np.ndarray, SquaresState]:
    near = _linearised(equations, x, state)
    state = state._replace(scale=near.scale, value=near.value)
    if near.cosine <= tolerances.gtol:
        return x, state._replace(reason="no parameter can lower the residuals further (gtol)")
    weights = np.where(near.scale > 0.0, near.scale, 1.0)
    q, triangle = np.linalg.qr(near.jacobian)
    target = np.concatenate([-(q.T @ near.residuals), np.zeros(x.size)])
    for _ in range(MAX_TRIALS):
        stacked = np.vstack([triangle, np.diag(np.sqrt(state.damping) * weights)])
        p = np.linalg.lstsq(stacked, target, rcond=None)[0]
        predicted = float(0.5 * np.sum((triangle @ p) ** 2) + state.damping * np.sum((weights * p) ** 2))
        value = _half_squares(equations, x + p)
        actual = near.value - value
        accepted = actual > 1e-4 * predicted
        reason = _stop(near, actual, predicted, weights * p, weights * x, tolerances)
        state = _next_damping(state, actual / predicted if predicted > 0.0 else 0.0, accepted)
        if accepted:
            return x + p, state._replace(value=value, reason=reason)
        if reason:
            return x, state._replace(reason=reason)
    return x, state._replace(reason="no step lowers the residuals, however short")


def _next_damping(state: SquaresState, gain: float, accepted: bool) -> SquaresState:
    """Nielsen's rule: smooth where the model is good, ever faster growth where it is not."""
    if accepted:
        return state._replace(
            damping=state.damping * max(1.0 / 3.0, 1.0 - (2.0 * gain - 1.0) ** 3), growth=2.0
        )
    return state._replace(damping=state.damping * state.growth, growth=2.0 * state.growth)


def _halved_step(
    equations: Equations, x: np.ndarray, state: SquaresState, tolerances: Tolerances
) -> tuple[np.ndarray, SquaresState]:
    near = _linearised(equations, x, state)
    state = state._replace(scale=near.scale, value=near.value)
    if near.cosine <= tolerances.gtol:
        return x, state._replace(reason="no parameter can lower the residuals further (gtol)")
    p = np.linalg.lstsq(near.jacobian, -near.residuals, rcond=None)[0]
    for _ in range(MAX_TRIALS):
        pushed = near.jacobian @ p
        predicted = float(-(near.residuals @ pushed) - 0.5 * pushed @ pushed)
        value = _half_squares(equations, x + p)
        actual = near.value - value
        reason = _stop(near, actual, predicted, near.scale * p, near.scale * x, tolerances)
        if actual > 1e-4 * predicted:
            return x + p, state._replace(value=value, reason=reason)
        if reason:
            return x, state._replace(reason=reason)
        p = 0.5 * p
    return x, state._replace(reason="no step lowers the residuals, however short")


def _stop(
    near: _Linear,
    actual: float,
    predicted: float,
    step: np.ndarray,
    position: np.ndarray,
    tolerances: Tolerances,
) -> str:
    if max(abs(actual), predicted) <= tolerances.ftol * near.value:
        return "the sum of squares no longer changes (ftol)"
    if np.linalg.norm(step) <= tolerances.xtol * np.linalg.norm(position):
        return "the parameters no longer change (xtol)"
    return ""


def _half_squares(equations: Equations, x: np.ndarray) -> float:
    """1/2 Σ r²; infinite where it is not a number, so that no step is taken there."""
    value = 0.5 * float(np.sum(equations.values(x) ** 2))
    return value if np.isfinite(value) else np.inf

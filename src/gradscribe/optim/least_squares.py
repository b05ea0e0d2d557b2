"""Nonlinear least squares over nested parameters.

In:  a function that returns residuals, parameters, data.   Out: `LeastSquaresResult`, with standard errors.
Not here: single steps (gauss_newton.py), other losses (minimize.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from inspect import signature
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.bounds import bound_vectors, check_within
from gradscribe.optim.equations import Equations
from gradscribe.optim.extras import load
from gradscribe.optim.flattening import Flattening
from gradscribe.optim.gauss_newton import SquaresOptimizer, gauss_newton, levenberg_marquardt
from gradscribe.optim.limits import known_options, with_limit
from gradscribe.optim.minimize import unknown_method
from gradscribe.optim.objective import not_finite
from gradscribe.optim.result import LeastSquaresResult
from gradscribe.optim.settings import check_counts, check_takes, refused

OURS: dict[str, Callable[..., SquaresOptimizer]] = {
    "levenberg-marquardt": levenberg_marquardt,
    "gauss-newton": gauss_newton,
}
SCIPYS = ("trf", "dogbox", "lm")
# Of `scipy.optimize.least_squares`, without what is derived, or has a name here.
OPTIONS = ("ftol", "xtol", "gtol", "x_scale", "max_nfev", "verbose")
OF_TRUST_REGIONS = ("loss", "f_scale", "tr_solver", "tr_options")
ROBUST = ("linear", "soft_l1", "huber", "cauchy", "arctan")
# Steps, where nothing else is said.
MOST = 200


def least_squares(
    residuals: Callable[..., Any],
    params: Any,
    *data: Any,
    method: str | None = None,
    lower: Any = None,
    upper: Any = None,
    max_iterations: int | None = None,
    options: Mapping[str, Any] | None = None,
) -> LeastSquaresResult:
    """The parameters that make half the sum of squared residuals smallest.

    The Jacobian is derived: forward mode where there are more residuals than parameters, else reverse mode.

    Args:
        residuals: takes `params` and `*data`; returns residuals as an array, or in any structure of floats.
        params: where to start; floats and arrays of floats in any containers. They are not changed.
        *data: further arguments of `residuals`.
        method: "levenberg-marquardt" or "gauss-newton", which need NumPy alone; "trf", "dogbox" or "lm" of
            `scipy.optimize.least_squares`. By default the first, and "trf" with bounds.
        lower: lower bounds, as for `minimize`; for "trf" and "dogbox".
        upper: upper bounds likewise.
        max_iterations: the most steps, 200 by default; for the engines of SciPy, evaluations of the residuals.
        options: further options of the method: tolerances `ftol`, `xtol`, `gtol`; with SciPy also robust losses,
            `{"loss": "soft_l1"}`.

    Raises:
        GS351: a parameter is not a real float.
        GS331: SciPy is not installed, and the method is one of its own.
        GS332: residuals or derivatives are not finite.
        GS333: the method does not exist, or takes no bounds.
        GS334: bounds contradict each other, or the start.
        GS335: "lm" is given fewer residuals than parameters.
        GS356: an option is not one of the method, or `max_iterations` is not positive, or given twice.

    Example:
        >>> def residuals(p, t, y):
        ...     return p["a"] * np.exp(-p["k"] * t) - y
        >>> t = np.linspace(0.0, 2.0, 9)
        >>> result = least_squares(residuals, {"a": 1.0, "k": 1.0}, t, 3.0 * np.exp(-0.5 * t))
        >>> {name: round(value, 9) for name, value in result.params.items()}
        {'a': 3.0, 'k': 0.5}

    References:
        Nocedal & Wright, Numerical Optimization, 2nd ed., chapter 10.
    """
    most = MOST if max_iterations is None else max_iterations
    check_counts("least_squares", max_iterations=most)
    check_takes("least_squares", "residuals", residuals, params, *data)
    flattening = Flattening.of(params)
    flattening.check_not_empty()
    low, high = bound_vectors(flattening, lower, upper)
    bounded = bool(np.isfinite(low).any() or np.isfinite(high).any())
    name = method or ("trf" if bounded else "levenberg-marquardt")
    if name not in OURS and name not in SCIPYS:
        raise unknown_method("least_squares", method, [*OURS, *SCIPYS])
    if bounded and name not in ("trf", "dogbox"):
        raise UsageError(Diagnostic("GS333", f"{name} takes no bounds", fix="choose one of trf, dogbox"))
    start = flattening.ravel(params)
    check_within(flattening, start, low, high)
    problem = _Problem(flattening, Equations(residuals, flattening, data, "residuals"), residuals, data)
    if name in OURS:
        given = known_options("least_squares", name, tuple(signature(OURS[name]).parameters)[1:], options)
        return problem.by_steps(OURS[name](residuals, **given), params, start, most)
    known = OPTIONS if name == "lm" else OPTIONS + OF_TRUST_REGIONS
    given = known_options("least_squares", name, known, options)
    _check_robust(given.get("loss", "linear"))
    limited = with_limit("least_squares", "max_nfev", max_iterations, given)
    return problem.by_scipy(start, {"method": name, "bounds": (low, high), "max_nfev": most, **limited})


def _check_robust(loss: Any) -> None:
    if not callable(loss) and loss not in ROBUST:
        fix = f"pass one of {', '.join(ROBUST)}, or a function of squared residuals"
        raise refused("least_squares", f"the option 'loss' is {loss!r}", fix)


class _Problem:
    """One call of `least_squares`."""

    def __init__(
        self,
        flattening: Flattening,
        equations: Equations,
        residuals: Callable[..., Any],
        data: tuple[Any, ...],
    ) -> None:
        self.flattening = flattening
        self.equations = equations
        self.residuals = residuals
        self.data = data

    def by_steps(
        self, optimizer: SquaresOptimizer, params: Any, start: np.ndarray, max_iterations: int
    ) -> LeastSquaresResult:
        """Steps of an optimiser of ours, until it is content."""
        x, state = start, optimizer.init(params)
        history = [0.5 * float(np.sum(self.equations.values(start) ** 2))]
        while not state.reason and len(history) <= max_iterations:
            x, state = optimizer.advance(self.equations, x, state)
            history.append(state.value)
        converged = state.reason.endswith(")")
        reason = state.reason or f"max_iterations={max_iterations} steps were taken"
        return self.result(x, converged, reason, history)

    def by_scipy(self, start: np.ndarray, arguments: dict[str, Any]) -> LeastSquaresResult:
        """An engine of SciPy; it asks for the Jacobian once at the start and once after each step."""
        optimize = load("scipy.optimize", "least_squares")
        first = self.equations.values(start)
        if arguments["method"] == "lm" and first.size < start.size:
            title = f"lm is given {first.size} residuals for {start.size} parameters"
            raise UsageError(Diagnostic("GS335", title, fix="use trf, or levenberg-marquardt"))
        if not np.isfinite(first).all():
            raise not_finite("a residual", first[~np.isfinite(first)][0], "at the parameters given")
        history: list[float] = []

        def jacobian(x: np.ndarray) -> np.ndarray:
            history.append(0.5 * float(np.sum(self.equations.values(x) ** 2)))
            return self.equations.jacobian(x)

        found = optimize.least_squares(self.equations.values, start, jac=jacobian, **arguments)
        reason = str(found.message).strip().rstrip(".")
        result = self.result(found.x, bool(found.success), reason, history)
        if arguments.get("loss", "linear") == "linear":
            return result
        return replace(result, value=float(found.cost), robust=True)

    def result(self, x: np.ndarray, converged: bool, reason: str, history: list[float]) -> LeastSquaresResult:
        """What is found at x."""
        evaluations = self.equations.evaluations
        params = self.flattening.unravel(x)
        return LeastSquaresResult(
            params=params,
            value=0.5 * float(np.sum(self.equations.values(x) ** 2)),
            converged=converged,
            reason=reason,
            iterations=len(history) - 1,
            evaluations=evaluations,
            history=np.array(history),
            residuals=self.residuals(params, *self.data),
            jacobian=self.equations.jacobian(x),
            flattening=self.flattening,
        )

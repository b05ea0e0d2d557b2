"""Minimising a loss over nested parameters with SciPy's engines.

In:  a loss written in plain NumPy, parameters, data.   Out: `MinimizeResult`.
Not here: minibatches (fit.py), sums of squares (least_squares.py), the functional L-BFGS (lbfgs.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.bounds import bound_vectors, check_within
from gradscribe.optim.constraints import Constraint, not_a_constraint, scipy_constraints
from gradscribe.optim.engine_options import OF_MINIMIZE
from gradscribe.optim.extras import load
from gradscribe.optim.flattening import Flattening
from gradscribe.optim.limits import check_tolerance, known_options, with_limit
from gradscribe.optim.objective import Objective
from gradscribe.optim.result import MinimizeResult
from gradscribe.optim.settings import check_takes, described, refused


@dataclass(frozen=True, slots=True)
class Method:
    """What a method of SciPy asks for, and what it understands.

    Attributes:
        needs: "value", "gradient", "product" (gradient and Hessian products) or "hessian" (gradient and Hessian).
        bounds: it takes bounds.
        constraints: it takes constraints.
        limit: the option for the most iterations it does.
    """

    needs: str
    bounds: bool = False
    constraints: bool = False
    limit: str = "maxiter"


METHODS = {
    "Nelder-Mead": Method("value", bounds=True),
    "Powell": Method("value", bounds=True),
    "COBYLA": Method("value", bounds=True, constraints=True),
    "COBYQA": Method("value", bounds=True, constraints=True),
    "CG": Method("gradient"),
    "BFGS": Method("gradient"),
    "L-BFGS-B": Method("gradient", bounds=True),
    "TNC": Method("gradient", bounds=True, limit="maxfun"),
    "SLSQP": Method("gradient", bounds=True, constraints=True),
    "Newton-CG": Method("product"),
    "trust-ncg": Method("product"),
    "trust-krylov": Method("product"),
    "trust-constr": Method("product", bounds=True, constraints=True),
    "dogleg": Method("hessian"),
    "trust-exact": Method("hessian"),
}


class _Stopped(Exception):
    """The callback asked to stop."""


def minimize(
    loss: Callable[..., Any],
    params: Any,
    *data: Any,
    method: str | None = None,
    lower: Any = None,
    upper: Any = None,
    constraints: Constraint | Sequence[Constraint] = (),
    tol: float | None = None,
    max_iterations: int | None = None,
    options: Mapping[str, Any] | None = None,
    callback: Callable[[Any, float], object] | None = None,
) -> MinimizeResult:
    """The parameters that make a loss smallest, by an engine of SciPy.

    Whatever the method wants is derived from the loss: its gradient, products with its Hessian, the Hessian, the
    Jacobians of constraints and products with their Hessians. The engine works on one float64 vector.

    Args:
        loss: takes `params` and `*data`, returns a real scalar.
        params: where to start; floats and arrays of floats in any containers. They are not changed.
        *data: further arguments of the loss.
        method: a method of `scipy.optimize.minimize`. By default L-BFGS-B, and SLSQP with constraints.
        lower: lower bounds: a number for all parameters, or numbers and arrays in the structure of `params`,
            with None, or a key left out of a dict, where there is no bound.
        upper: upper bounds likewise.
        constraints: a `Constraint` or several.
        tol: tolerance of the method; looser is faster.
        max_iterations: the most steps, as the method counts them; for COBYLA and TNC, evaluations of the loss.
        options: further options of the method, such as `{"gtol": 1e-8}`.
        callback: called with the parameters and the loss after each iteration; it stops the search by returning
            True.

    Raises:
        GS351: a parameter is not a real float.
        GS331: SciPy is not installed.
        GS332: the loss is not finite at the start, or a derivative is not where the loss is.
        GS333: the method does not exist, or takes no bounds or constraints.
        GS334: bounds contradict each other, or the start.
        GS356: an option is not one of the method; `tol`, `callback` or `max_iterations` is of a wrong kind, or
            the latter stands in the options, too.

    Example:
        >>> def rosenbrock(p):
        ...     return (1.0 - p["x"]) ** 2 + 100.0 * (p["y"] - p["x"] ** 2) ** 2
        >>> result = minimize(rosenbrock, {"x": -1.2, "y": 1.0}, method="trust-exact")
        >>> round(result.params["x"], 6), result.converged
        (1.0, True)

    References:
        Nocedal & Wright, Numerical Optimization, 2nd ed.
    """
    name, engine = _method(method, lower, upper, constraints)
    given = known_options("minimize", name, OF_MINIMIZE[name], options)
    limited = with_limit("minimize", engine.limit, max_iterations, given)
    check_tolerance("minimize", tol)
    if callback is not None and not callable(callback):
        raise refused(
            "minimize", described("callback", callback), "pass a function of the parameters and the loss"
        )
    optimize = load("scipy.optimize", "minimize")
    check_takes("minimize", "loss", loss, params, *data)
    flattening = Flattening.of(params)
    flattening.check_not_empty()
    start = flattening.ravel(params)
    objective = Objective(loss, flattening, data)
    low, high = bound_vectors(flattening, lower, upper)
    check_within(flattening, start, low, high)
    objective.check_start(start)
    bounded = np.isfinite(low).any() or np.isfinite(high).any()
    record = _Record(objective, flattening, start, callback)
    if np.array_equal(low, high):
        return record.result(start, True, "every parameter is fixed by its bounds", engine)
    arguments: dict[str, Any] = {
        "method": name,
        "tol": tol,
        "options": limited,
        "callback": record,
    }
    if bounded:
        arguments["bounds"] = optimize.Bounds(low, high)
    if engine.constraints:
        arguments["constraints"] = scipy_constraints(
            constraints, flattening, start, curved=engine.needs == "product"
        )
    try:
        found = optimize.minimize(*_derivatives(objective, engine, start, arguments), **arguments)
    except _Stopped:
        return record.result(record.x, False, "the callback asked to stop", engine)
    return record.result(found.x, bool(found.success), _sentence(found.message), engine)


def _derivatives(
    objective: Objective, engine: Method, start: np.ndarray, arguments: dict[str, Any]
) -> tuple[Any, np.ndarray]:
    """The positional arguments of `scipy.optimize.minimize`; derivatives go into `arguments`."""
    if engine.needs == "value":
        return objective.value, start
    arguments["jac"] = True
    if engine.needs == "product":
        arguments["hessp"] = objective.product
    if engine.needs == "hessian":
        arguments["hess"] = objective.hessian
    return objective.value_and_gradient, start


class _Record:
    """SciPy's callback: writes the history, asks the user's callback."""

    def __init__(
        self,
        objective: Objective,
        flattening: Flattening,
        start: np.ndarray,
        callback: Callable[[Any, float], object] | None,
    ) -> None:
        self.objective = objective
        self.flattening = flattening
        self.x = start
        self.history = [objective.known_value(start)]
        self._callback = callback

    # trust-constr passes its state as well.
    def __call__(self, x: np.ndarray, state: object = None) -> None:
        self.x = np.array(x)
        self.history.append(self.objective.known_value(self.x))
        if self._callback is not None and self._callback(self.flattening.unravel(self.x), self.history[-1]):
            raise _Stopped

    def result(self, x: np.ndarray, converged: bool, reason: str, engine: Method) -> MinimizeResult:
        objective, gradient = self.objective, None
        evaluations = objective.evaluations
        if engine.needs == "value":
            value = objective.known_value(x)
        else:
            value, flat = objective.value_and_gradient(x)
            gradient = self.flattening.unravel(flat)
        return MinimizeResult(
            params=self.flattening.unravel(x),
            value=value,
            converged=converged,
            reason=reason,
            iterations=len(self.history) - 1,
            evaluations=evaluations,
            history=np.array(self.history),
            gradient=gradient,
        )


def _method(
    method: str | None, lower: Any, upper: Any, constraints: Constraint | Sequence[Constraint]
) -> tuple[str, Method]:
    if not isinstance(constraints, Constraint | list | tuple):
        raise not_a_constraint(constraints)
    constrained = isinstance(constraints, Constraint) or len(constraints) > 0
    if method is None:
        method = "SLSQP" if constrained else "L-BFGS-B"
    known = {name.lower(): name for name in METHODS}
    if str(method).lower() not in known:
        raise unknown_method("minimize", method, METHODS)
    name = known[method.lower()]
    engine = METHODS[name]
    if constrained and not engine.constraints:
        able = [other for other, found in METHODS.items() if found.constraints]
        raise _unable(name, "constraints", able)
    if (lower is not None or upper is not None) and not engine.bounds:
        able = [other for other, found in METHODS.items() if found.bounds]
        raise _unable(name, "bounds", able)
    return name, engine


def unknown_method(function: str, method: object, known: Sequence[str] | Mapping[str, object]) -> UsageError:
    """The error for a method that does not exist."""
    title = f"{function} has no method {method!r}"
    return UsageError(Diagnostic("GS333", title, fix=f"choose one of {', '.join(known)}"))


def _unable(name: str, what: str, able: Sequence[str]) -> UsageError:
    return UsageError(Diagnostic("GS333", f"{name} takes no {what}", fix=f"choose one of {', '.join(able)}"))


def _sentence(message: object) -> str:
    text = message.decode() if isinstance(message, bytes) else str(message)
    return text.strip().rstrip(".")

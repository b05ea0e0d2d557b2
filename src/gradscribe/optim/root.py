"""Roots of systems of equations over nested unknowns.

In:  a function with as many results as there are unknowns.   Out: `RootResult`.
Not here: derivatives of the root itself; sums of squares (least_squares.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.engine_options import OF_ROOT
from gradscribe.optim.equations import Equations
from gradscribe.optim.extras import load
from gradscribe.optim.flattening import Flattening
from gradscribe.optim.limits import check_tolerance, known_options, with_limit
from gradscribe.optim.minimize import unknown_method
from gradscribe.optim.objective import not_finite
from gradscribe.optim.result import RootResult
from gradscribe.optim.settings import check_takes

NEEDS_JACOBIAN = {
    "hybr": True, "lm": True,
    "broyden1": False, "broyden2": False, "anderson": False, "linearmixing": False, "diagbroyden": False,
    "excitingmixing": False, "krylov": False, "df-sane": False,
}  # fmt: skip
# Options for the most steps; "maxiter" for all others.
LIMITS = {"hybr": "maxfev", "df-sane": "maxfev"}


def root(
    function: Callable[..., Any],
    params: Any,
    *data: Any,
    method: str = "hybr",
    tol: float | None = None,
    max_iterations: int | None = None,
    options: Mapping[str, Any] | None = None,
) -> RootResult:
    """The unknowns at which a function vanishes, by an engine of SciPy with a derived Jacobian.

    Args:
        function: takes `params` and `*data`; returns as many numbers as there are unknowns, in any structure of
            floats.
        params: where to start; floats and arrays of floats in any containers. They are not changed.
        *data: further arguments of the function.
        method: a method of `scipy.optimize.root`. "hybr" and "lm" use the Jacobian.
        tol: tolerance of the method.
        max_iterations: the most steps; for "hybr", "lm" and "df-sane", evaluations of the function.
        options: further options of the method.

    Raises:
        GS351: an unknown is not a real float.
        GS331: SciPy is not installed.
        GS332: the function is not finite at the start, or a derivative is not.
        GS333: the method does not exist.
        GS335: there are more or fewer equations than unknowns.
        GS356: an option is not one of the method; `tol` or `max_iterations` is of a wrong kind, or the latter
            stands in the options, too.

    Example:
        >>> def meet(p):
        ...     return p["x"] ** 2 + p["y"] ** 2 - 1.0, p["x"] - p["y"]
        >>> result = root(meet, {"x": 1.0, "y": 0.5})
        >>> round(result.params["x"], 9), result.converged
        (0.707106781, True)
    """
    if method not in NEEDS_JACOBIAN:
        raise unknown_method("root", method, NEEDS_JACOBIAN)
    given = known_options("root", method, OF_ROOT[method], options)
    limited = with_limit("root", LIMITS.get(method, "maxiter"), max_iterations, given)
    check_tolerance("root", tol)
    optimize = load("scipy.optimize", "root")
    check_takes("root", "function", function, params, *data)
    flattening = Flattening.of(params)
    flattening.check_not_empty()
    start = flattening.ravel(params)
    equations = Equations(function, flattening, data, "result")
    first = equations.values(start)
    if first.size != start.size:
        title = f"there are {first.size} equations for {start.size} unknowns"
        raise UsageError(Diagnostic("GS335", title, fix="use `gs.optim.least_squares`, or add equations"))
    if not np.isfinite(first).all():
        raise not_finite("the function", first[~np.isfinite(first)][0], "at the parameters given")
    history: list[float] = []

    def values(x: np.ndarray) -> np.ndarray:
        found = equations.values(x)
        history.append(float(np.linalg.norm(found)))
        return found

    jacobian = equations.jacobian if NEEDS_JACOBIAN[method] else None
    found = optimize.root(values, start, method=method, jac=jacobian, tol=tol, options=limited)
    x = np.asarray(found.x)
    nearest = flattening.unravel(x)
    return RootResult(
        params=nearest,
        value=float(np.linalg.norm(equations.values(x))),
        converged=bool(found.success),
        reason=" ".join(str(found.message).split()).rstrip("."),
        iterations=int(getattr(found, "nit", len(history) - 1)),
        evaluations=len(history),
        history=np.array(history),
        residuals=function(nearest, *data),
    )

"""Constraints that join several parameters, with derived Jacobians and Hessian products.

In:  `Constraint`s over nested parameters.   Out: constraints over a vector, as SciPy has them.
Not here: bounds of single parameters (bounds.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradscribe.api.jacobian import hvp
from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.equations import Equations
from gradscribe.optim.extras import load
from gradscribe.optim.flattening import Flattening
from gradscribe.optim.objective import not_finite
from gradscribe.optim.settings import check_takes


@dataclass(frozen=True, slots=True)
class Constraint:
    """lower <= function(params) <= upper, elementwise; an equality where both are the same.

    Attributes:
        function: maps the parameters to a number or an array; plain NumPy, differentiated by gradscribe.
        lower: a number, or an array of the result's shape.
        upper: likewise.

    Example:
        >>> disc = Constraint(lambda p: p["x"] ** 2 + p["y"] ** 2, upper=1.0)
        >>> line = Constraint(lambda p: p["x"] - p["y"], lower=0.0, upper=0.0)
    """

    function: Callable[[Any], Any]
    lower: Any = -np.inf
    upper: Any = np.inf


def scipy_constraints(
    constraints: Constraint | Sequence[Constraint], flattening: Flattening, x: np.ndarray, *, curved: bool
) -> list[Any]:
    """The constraints over a vector, as `scipy.optimize.NonlinearConstraint`.

    Args:
        constraints: over the parameters.
        flattening: of the parameters.
        x: where the search begins.
        curved: the method asks for products with second derivatives, too.

    Raises:
        GS334: limits do not have the shape of the result, or none is given.
        GS335: not a `Constraint`, or its result is not a number or an array.
    """
    given = [constraints] if isinstance(constraints, Constraint) else list(constraints)
    return [_scipy_constraint(constraint, flattening, x, curved) for constraint in given]


def not_a_constraint(found: Any) -> UsageError:
    """The error of something else in the place of a constraint."""
    fix = "write `gs.optim.Constraint(function, lower=0.0)`: its Jacobian is derived"
    return UsageError(Diagnostic("GS335", f"a constraint is a {type(found).__name__}", fix=fix))


def _scipy_constraint(constraint: Any, flattening: Flattening, x: np.ndarray, curved: bool) -> Any:
    if not isinstance(constraint, Constraint):
        raise not_a_constraint(constraint)
    function = constraint.function
    check_takes("Constraint", "function", function, x)
    result = function(flattening.unravel(x))
    if not isinstance(result, np.ndarray | np.generic | float):
        title = f"the constraint `{_name_of(function)}` returns a {type(result).__name__}"
        raise UsageError(Diagnostic("GS335", title, fix="return a float or an array of floats"))
    if not np.all(np.isfinite(result)):
        worst = np.ravel(result)[int(np.argmin(np.isfinite(np.ravel(result))))]
        raise not_finite(f"the constraint `{_name_of(function)}`", worst, "at the `params` given")
    lower, upper = _limits(constraint, np.shape(result))
    equations = Equations(function, flattening, (), _name_of(function))
    second = {"hess": _weighted_hessian(function, flattening, np.shape(result))} if curved else {}
    optimize = load("scipy.optimize", "minimize")
    return optimize.NonlinearConstraint(equations.values, lower, upper, jac=equations.jacobian, **second)


def _weighted_hessian(
    function: Callable[..., Any], flattening: Flattening, shape: tuple[int, ...]
) -> Callable[[np.ndarray, np.ndarray], Any]:
    """(x, w) -> the Hessian of Σ wᵢ cᵢ(x), as a linear operator."""
    linear = load("scipy.sparse.linalg", "minimize")

    def weighted_sum(params: Any, weights: np.ndarray) -> Any:
        return np.sum(weights * function(params))

    def operator(x: np.ndarray, weights: np.ndarray) -> Any:
        primals = (flattening.unravel(x), np.reshape(weights, shape))

        def product(v: np.ndarray) -> np.ndarray:
            return flattening.ravel(hvp(weighted_sum, primals, (flattening.unravel(np.ravel(v)), None))[0])

        return linear.LinearOperator((x.size, x.size), matvec=product, dtype=np.float64)

    return operator


def _limits(constraint: Constraint, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    name = _name_of(constraint.function)
    try:
        low, high = (
            np.broadcast_to(np.asarray(limit, np.float64), shape).ravel()
            for limit in (constraint.lower, constraint.upper)
        )
    except ValueError:
        title = f"the limits of the constraint `{name}` do not have the shape of its result, {shape}"
        raise UsageError(Diagnostic("GS334", title, fix="pass numbers, or arrays of that shape")) from None
    if not np.all(low <= high):
        title = f"the constraint `{name}` has a lower limit above the upper one"
        raise UsageError(Diagnostic("GS334", title, fix="swap them"))
    if np.isneginf(low).all() and np.isposinf(high).all():
        title = f"the constraint `{name}` has no limit"
        raise UsageError(
            Diagnostic("GS334", title, fix="pass `lower=`, `upper=`, or both alike for an equality")
        )
    return low, high


def _name_of(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", "constraint")

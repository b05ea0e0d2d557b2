"""What the full-batch solvers return.

In:  -   Out: `MinimizeResult`, `LeastSquaresResult`, `RootResult`.
Not here: the solvers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.flattening import Flattening


@dataclass(frozen=True, slots=True)
class Result:
    """What every solver tells.

    Attributes:
        params: the parameters found, in the structure, dtypes and shapes of those given.
        value: what was made small, at `params`.
        converged: the solver met its own tolerance.
        reason: why it stopped, in its words.
        iterations: steps taken.
        evaluations: calls of the function.
        history: the value at the start and after each iteration; float64.
    """

    params: Any
    value: float
    converged: bool
    reason: str
    iterations: int
    evaluations: int
    history: np.ndarray

    def __str__(self) -> str:
        """One line for a person."""
        verb = "converged" if self.converged else "did NOT converge"
        times = f"{self.iterations} iterations, {self.evaluations} evaluations"
        return f"{verb} at value {self.value:.6g} after {times}: {self.reason}"


@dataclass(frozen=True, slots=True)
class MinimizeResult(Result):
    """What `minimize` returns.

    Attributes:
        gradient: of the loss at `params`, in their structure; None where the method needs none.
    """

    gradient: Any

    __str__ = Result.__str__


@dataclass(frozen=True, slots=True)
class LeastSquaresResult(Result):
    """What `least_squares` returns; its value is half the sum of squares, 1/2 Σ r².

    Attributes:
        residuals: r at `params`, in the structure that the function returns.
        jacobian: ∂r/∂params, one row for each residual, one column for each number in `params`, in their order.
        flattening: which column belongs to which parameter.
        robust: the value is that of a robust loss, not half the sum of squares.
    """

    residuals: Any
    jacobian: np.ndarray
    flattening: Flattening
    robust: bool = False

    __str__ = Result.__str__

    @property
    def covariance(self) -> np.ndarray:
        """Covariance of the estimates, s² (JᵀJ)⁻¹ with s² = Σ r² / (m - n); shape (n, n).

        It holds for independent residuals of equal, unknown variance, and a model that is nearly linear within
        the uncertainty.

        Raises:
            GS336: there are no more residuals than parameters, the data do not determine all of them, or the
                loss was a robust one, for which this formula does not hold.

        References:
            Seber & Wild, Nonlinear Regression, section 2.1.2.
        """
        if self.robust:
            why = "s² (JᵀJ)⁻¹ is the covariance of least-squares estimates only"
            raise _no_errors("the loss is a robust one", why, "fit again without the outliers, or bootstrap")
        m, n = self.jacobian.shape
        if m <= n:
            raise _undetermined(f"there are {m} residuals for {n} parameters", "measure more")
        # Columns may differ in scale by any factor; the rank is that of the correlations.
        scale = np.linalg.norm(self.jacobian, axis=0)
        if not scale.all():
            raise _undetermined(f"no residual depends on `{self.flattening.path_of(int(np.argmin(scale)))}`")
        _, singular, directions = np.linalg.svd(self.jacobian / scale, full_matrices=False)
        if singular[-1] <= max(m, n) * np.finfo(np.float64).eps * singular[0]:
            worst = int(np.argmax(np.abs(directions[-1])))
            path = self.flattening.path_of(worst)
            raise _undetermined(f"the data do not tell `{path}` from the other parameters")
        root = directions.T / singular / scale[:, None]
        covariance: np.ndarray = (2.0 * self.value / (m - n)) * (root @ root.T)
        return covariance

    @property
    def standard_errors(self) -> Any:
        """Square roots of the diagonal of `covariance`, in the structure of `params`.

        Raises:
            GS336: as `covariance`.
        """
        return self.flattening.unravel(np.sqrt(np.diag(self.covariance)))


@dataclass(frozen=True, slots=True)
class RootResult(Result):
    """What `root` returns; its value is the Euclidean norm of what should vanish.

    Attributes:
        residuals: the function at `params`.
    """

    residuals: Any

    __str__ = Result.__str__


def _no_errors(title: str, why: str, fix: str) -> UsageError:
    return UsageError(Diagnostic("GS336", f"no standard errors: {title}", why=why, fix=fix))


def _undetermined(title: str, fix: str = "fix that parameter, or change the model") -> UsageError:
    why = "the uncertainty of an estimate is infinite where the data say nothing of it"
    return _no_errors(title, why, fix)

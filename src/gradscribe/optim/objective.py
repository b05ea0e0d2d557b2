"""A loss over nested parameters as a function of one vector, with the derivatives that solvers ask for.

In:  a loss, a flattening, the data.   Out: `Objective`: value, gradient, Hessian products and Hessian at a vector.
Not here: functions with several results (equations.py), the solvers (minimize.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from gradscribe.api.derivative import Derivative
from gradscribe.api.grad import value_and_grad
from gradscribe.api.jacobian import hvp
from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.flattening import Flattening
from gradscribe.optim.settings import is_number

RECENT = 64
ATTRIBUTE = "__gradscribe_value_and_grad__"


def derivative_of(loss: Callable[..., Any]) -> Derivative:
    """`value_and_grad(loss)`, the same one at each call: fitting again compiles nothing.

    It is an attribute of the function, and dies with it. `functools.wraps` copies attributes to wrappers, so it is
    checked to belong to this very function.
    """
    if not isinstance(loss, FunctionType):
        return value_and_grad(loss)
    kept = getattr(loss, ATTRIBUTE, None)
    if kept is None or kept.primal is not loss:
        kept = value_and_grad(loss)
        setattr(loss, ATTRIBUTE, kept)
    found: Derivative = kept
    return found


class Objective:
    """A loss as a function of a vector.

    Attributes:
        evaluations: how often the loss was evaluated, with or without its gradient.
    """

    def __init__(self, loss: Callable[..., Any], flattening: Flattening, data: Sequence[Any]) -> None:
        self.evaluations = 0
        self._loss = loss
        self._flattening = flattening
        self._data = tuple(data)
        self._value_and_grad = derivative_of(loss)
        self._recent: dict[bytes, float] = {}

    def value(self, x: np.ndarray) -> float:
        """The loss.

        Raises:
            GS310: it is not one real number.
        """
        found = self._loss(self._flattening.unravel(x), *self._data)
        if not is_number(found):
            shape = f" of shape {np.shape(found)}" if isinstance(found, np.ndarray) else ""
            what = f"{type(found).__name__}{shape}"
            why = "what is made smallest is one real number"
            raise UsageError(
                Diagnostic("GS310", f"the loss returns a {what}", why=why, fix="return its sum or mean")
            )
        return self._counted(x, float(found))

    def value_and_gradient(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        """The loss and its gradient, float64[n].

        Raises:
            GS332: the gradient is not finite where the loss is.
        """
        value, tree = self._value_and_grad(self._flattening.unravel(x), *self._data)
        gradient = self._flattening.ravel(tree)
        value = self._counted(x, float(value))
        if np.isfinite(value) and not np.isfinite(gradient).all():
            position = int(np.argmin(np.isfinite(gradient)))
            what = f"the derivative of the loss with respect to `{self._flattening.path_of(position)}`"
            raise not_finite(what, gradient[position], f"where the loss is {value:.6g}")
        return value, gradient

    def product(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        """The Hessian times a vector, float64[n]."""
        held = (None,) * len(self._data)
        params, direction = self._flattening.unravel(x), self._flattening.unravel(v)
        pushed = hvp(self._loss, (params, *self._data), (direction, *held))
        return self._flattening.ravel(pushed[0] if held else pushed)

    def hessian(self, x: np.ndarray) -> np.ndarray:
        """The Hessian, float64[n, n]: one product for each column."""
        columns = np.array([self.product(x, unit) for unit in np.eye(x.size)])
        symmetric: np.ndarray = (columns + columns.T) / 2.0
        return symmetric

    def known_value(self, x: np.ndarray) -> float:
        """The loss, without evaluating it where it was evaluated lately."""
        found = self._recent.get(x.tobytes())
        return self.value(x) if found is None else found

    def check_start(self, x: np.ndarray) -> None:
        """Demand that the loss is finite where the search begins.

        Raises:
            GS332: it is not.
        """
        value = self.value(x)
        if not np.isfinite(value):
            raise not_finite("the loss", value, f"at the `{self._flattening.name}` given")

    def _counted(self, x: np.ndarray, value: float) -> float:
        self.evaluations += 1
        self._recent[x.tobytes()] = value
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]
        return value


def not_finite(what: str, value: float, where: str) -> UsageError:
    """The error for a nan or inf that no solver can go on from."""
    title = f"{what} is {value}, {where}"
    why = "no search can go on from there"
    return UsageError(
        Diagnostic("GS332", title, why=why, fix="start elsewhere, or bound the parameters away from there")
    )

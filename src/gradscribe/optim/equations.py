"""A function with several results over nested parameters as a function of one vector, with its Jacobian.

In:  a function, a flattening, the data.   Out: `Equations`: values and Jacobian at a vector.
Not here: losses (objective.py), the solvers (least_squares.py, root.py, constraints.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradscribe.api.jvp import jvp
from gradscribe.api.vjp import vjp
from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.flattening import Flattening
from gradscribe.optim.objective import not_finite


class Equations:
    """A function of a vector with a vector as result.

    Attributes:
        evaluations: how often its values were computed for their own sake.
        results: flattening of the function's result.
    """

    def __init__(
        self, function: Callable[..., Any], flattening: Flattening, data: Sequence[Any], name: str
    ) -> None:
        self.evaluations = 0
        self.results: Flattening | None = None
        self._function = function
        self._flattening = flattening
        self._data = tuple(data)
        self._name = name

    def values(self, x: np.ndarray) -> np.ndarray:
        """The results, float64[m]."""
        self.evaluations += 1
        return self._ravelled(self._function(self._flattening.unravel(x), *self._data))

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        """The Jacobian, float64[m, n], by the mode that needs fewer sweeps.

        Raises:
            GS332: an element is not finite.
        """
        if self.results is None:
            self.values(x)
        assert self.results is not None
        found = self._columns(x) if self._flattening.size <= self.results.size else self._rows(x)
        if not np.isfinite(found).all():
            row, column = np.argwhere(~np.isfinite(found))[0]
            of, by = self.results.path_of(int(row)), self._flattening.path_of(int(column))
            what = f"the derivative of `{of}` with respect to `{by}`"
            raise not_finite(what, found[row, column], "where the search came")
        return found

    def _columns(self, x: np.ndarray) -> np.ndarray:
        """Forward mode: one sweep for each parameter."""
        params, held = self._flattening.unravel(x), (None,) * len(self._data)
        found = np.empty((self.results.size if self.results else 0, x.size))
        for column, unit in enumerate(np.eye(x.size)):
            directions = (self._flattening.unravel(unit), *held)
            found[:, column] = self._ravelled(jvp(self._function, (params, *self._data), directions)[1])
        return found

    def _rows(self, x: np.ndarray) -> np.ndarray:
        """Reverse mode: one sweep for each result."""
        assert self.results is not None
        _, pullback = vjp(self._function, self._flattening.unravel(x), *self._data)
        found = np.empty((self.results.size, x.size))
        for row, unit in enumerate(np.eye(self.results.size)):
            found[row] = self._flattening.ravel(pullback(self.results.unravel(unit), retain_graph=True)[0])
        return found

    def _ravelled(self, tree: object) -> np.ndarray:
        if self.results is None:
            results = Flattening.of(tree, self._name)
            if results.size == 0:
                title = f"the {self._name} of the function hold no numbers"
                raise UsageError(Diagnostic("GS335", title, fix="return an array, or several in a container"))
            self.results = results
        return self.results.ravel(tree)

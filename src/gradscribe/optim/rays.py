"""The loss along lines from the parameters, for what searches along them.

In:  parameters and a function that evaluates the loss elsewhere.   Out: values, slopes and gradients there.
Not here: where to look (line_search.py, searches.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradscribe.optim.core import Extra, needs_keyword
from gradscribe.optim.line_search import Trial
from gradscribe.optim.vector import Vector, vector_of


class Ray:
    """The loss along lines from the parameters.

    Attributes:
        evaluations: how often the loss was evaluated.
    """

    def __init__(self, params: Vector, value_and_grad: Callable[[Any], tuple[Any, Any]]) -> None:
        self.params = params
        self.value_and_grad = value_and_grad
        self.evaluations = 0

    def value_at_start(self) -> float:
        """The loss at the parameters."""
        self.evaluations += 1
        return float(self.value_and_grad(self.params.tree())[0])

    def along(self, direction: Vector) -> Callable[[float], Trial]:
        """The loss as a function of the step length, at exactly the parameters that the step will lead to.

        What is found besides is the updates and the gradient.
        """

        def evaluate(length: float) -> Trial:
            self.evaluations += 1
            updates = direction.each(lambda d: length * d)
            value, grads = self.value_and_grad(self.params.each(np.add, updates).tree())
            gradient = vector_of(self.params.layout, grads, "grads")
            return Trial(length, float(value), gradient.dot(direction), (updates, gradient))

        return evaluate


def ray_of(name: str, params: Vector, extra: Extra) -> Ray:
    """The loss along lines from the parameters, as the keywords of a step give it.

    Raises:
        GS352: `value_and_grad` is missing.
    """
    if "value_and_grad" not in extra:
        raise needs_keyword(name, "value_and_grad", "the loss and its gradient as a function of params")
    return Ray(params, extra["value_and_grad"])

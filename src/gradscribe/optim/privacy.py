"""Differentially private gradients: those of single examples are clipped, summed, and hidden in noise.

In:  gradients whose leaves have a row for each example.   Out: transformations; updates are like the parameters.
Not here: clipping of examples alone (per_example.py), noise for its own sake (adding.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Core, Extra, needs_params
from gradscribe.optim.kinds import checked
from gradscribe.optim.layout import layout_of
from gradscribe.optim.misfit import shown
from gradscribe.optim.per_example import check_examples, clipped_sums, no_examples
from gradscribe.optim.scaling import ScalarOrSchedule, scale_by_learning_rate
from gradscribe.optim.settings import check_not_negative
from gradscribe.optim.sgd import trace
from gradscribe.optim.structure import mapped
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.vector import Vector


class DifferentiallyPrivateAggregateState(NamedTuple):
    """Steps done, and the seed: both together determine the next noise."""

    count: int  # type: ignore[assignment]
    seed: int


@dataclass(frozen=True)
class _PrivateAggregate(Core):
    bound: float
    noise_multiplier: float
    seed: int
    name = "differentially_private_aggregate"

    def read(self, params: Vector, grads: Any) -> Vector:
        """Leaves with a row for each example, by the paths of the parameters."""
        found: list[Any] = []
        mapped(lambda leaf, rows: found.append(np.asarray(rows)), [params.tree(), grads], "grads")
        paths = [part.path.replace("params", "grads", 1) for part in params.layout.parts]
        for path, part, rows in zip(paths, params.layout.parts, found, strict=True):
            if rows.ndim == 0 or rows.shape[1:] != part.shape:
                wanted = f"rows of shape {list(part.shape)}"
                raise no_examples(
                    path, f"is {shown(rows)}, but the parameter wants {wanted}, one for each example"
                )
            if rows.dtype.kind != "f":
                raise _not_floats(path, rows)
        check_examples(paths, found)
        named = dict(zip(paths, found, strict=True))
        return Vector(layout_of(named, "grads"), leaves=found).at_work()

    def init(self, params: Vector) -> DifferentiallyPrivateAggregateState:
        return DifferentiallyPrivateAggregateState(0, self.seed)

    def update(
        self, g: Vector, state: DifferentiallyPrivateAggregateState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, DifferentiallyPrivateAggregateState]:
        if params is None:
            raise needs_params(self.name)
        leaves = g.leaves
        sums, _ = clipped_sums(leaves, self.bound)
        rng = np.random.Generator(np.random.Philox(key=state.seed, counter=[0, 0, 0, state.count + 1]))
        deviation, examples = self.bound * self.noise_multiplier, max(1, len(leaves[0]))
        means = [(one + deviation * rng.standard_normal(one.shape)) / examples for one in sums]
        after = DifferentiallyPrivateAggregateState(state.count + 1, state.seed)
        return Vector(params.layout, buffers=params.layout.joined(means)), after


def _not_floats(path: str, rows: np.ndarray) -> UsageError:
    title = f"`{path}` is {rows.dtype.name}, which is no gradient"
    return UsageError(Diagnostic("GS351", title, fix=f"pass `{path}.astype(float)`"))


@checked
def differentially_private_aggregate(
    l2_norm_clip: float, noise_multiplier: float, seed: int = 0
) -> GradientTransformation:
    """The mean over examples of gradients clipped to a norm of C, plus noise of deviation σ C / (examples).

    First in a chain: the gradients that it is given have a row for each example.

    Args:
        l2_norm_clip: C, bound for the norm of all numbers of an example together.
        noise_multiplier: σ; what privacy it gives depends on the size of batches and the number of steps.
        seed: of the noise; the same seed gives the same noise, also after a restart.

    Raises:
        GS350: by `update` and `step`: a leaf has not one row for each example.
        GS356: a setting is negative.

    References:
        Abadi et al. 2016, Deep learning with differential privacy, Algorithm 1. https://arxiv.org/abs/1607.00133

    Example:
        >>> opt = differentially_private_aggregate(1.0, noise_multiplier=0.0)
        >>> params, rows = np.zeros(2), np.array([[0.0, 0.0], [3.0, 4.0]])
        >>> print(opt.update(rows, opt.init(params), params)[0])
        [0.3 0.4]
    """
    name = "differentially_private_aggregate"
    check_not_negative(name, l2_norm_clip=l2_norm_clip, noise_multiplier=noise_multiplier)
    return GradientTransformation.of(_PrivateAggregate(l2_norm_clip, noise_multiplier, seed))


@checked
def dpsgd(
    learning_rate: ScalarOrSchedule,
    l2_norm_clip: float,
    noise_multiplier: float,
    seed: int = 0,
    momentum: float | None = None,
    nesterov: bool = False,
) -> GradientTransformation:
    """Differentially private gradient descent; its gradients have a row for each example.

    Args:
        learning_rate: η.
        l2_norm_clip: bound for the norm of the gradient of each example.
        noise_multiplier: deviation of the noise, in units of that bound.
        seed: of the noise.
        momentum: as in `sgd`.
        nesterov: as in `sgd`.

    References:
        Abadi et al. 2016, Deep learning with differential privacy, Algorithm 1. https://arxiv.org/abs/1607.00133

    Example:
        >>> opt, params = dpsgd(0.5, 1.0, noise_multiplier=0.0), {"w": 1.0}
        >>> opt.step(params, {"w": np.array([0.5, 8.0])}, opt.init(params))[0]
        {'w': 0.625}
    """
    private = differentially_private_aggregate(l2_norm_clip, noise_multiplier, seed)
    links = [] if momentum is None else [trace(momentum, nesterov)]
    return chain(private, *links, scale_by_learning_rate(learning_rate))

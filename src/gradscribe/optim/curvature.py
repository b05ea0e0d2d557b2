"""The diagonal of a Hessian, estimated from products with it that the compiler derives.

In:  a seed; `update` needs `obj_fn=`, the loss as a function of the parameters alone.   Out: a transformation.
Not here: steps over such an estimate (sophia.py), Hessian-vector products (api/jacobian.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gradscribe.optim.core import Core, Extra, needs_keyword, needs_params
from gradscribe.optim.kinds import checked
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.vector import Vector, vector_of


class HutchinsonState(NamedTuple):
    """Estimates so far, and the seed: both together determine the next signs."""

    count: int  # type: ignore[assignment]
    seed: int


@dataclass(frozen=True)
class _Hutchinson(Core):
    seed: int
    name = "hutchinson_estimator_diag_hessian"

    def init(self, params: Vector) -> HutchinsonState:
        return HutchinsonState(0, self.seed)

    def update(
        self, g: Vector, state: HutchinsonState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, HutchinsonState]:
        # The compiler, which hardly any other optimiser needs, is loaded when the first Hessian is.
        from gradscribe.api.jacobian import hvp

        if params is None:
            raise needs_params(self.name)
        if "obj_fn" not in extra:
            raise needs_keyword(self.name, "obj_fn", "the loss as a function of the parameters alone")
        rng = np.random.Generator(np.random.Philox(key=state.seed, counter=[0, 0, 0, state.count]))
        signs = params.each(lambda p: (2.0 * rng.integers(0, 2, p.size) - 1.0).astype(p.dtype))
        product = hvp(extra["obj_fn"], (params.tree(),), (signs.tree(),))
        found = signs.each(np.multiply, vector_of(params.layout, product, "obj_fn"))
        return found, HutchinsonState(state.count + 1, state.seed)


@checked
def hutchinson_estimator_diag_hessian(random_seed: int = 0) -> GradientTransformation:
    """An unbiased estimate of the Hessian's diagonal in place of the updates: z ⊙ H z for random signs z.

    Args:
        random_seed: of the signs.

    Raises:
        GS352: `update` was called without the parameters, or without `obj_fn=`.

    References:
        Hutchinson 1990, A stochastic estimator of the trace of the influence matrix.
        Bekas, Kokiopoulou & Saad 2007, An estimator for the diagonal of a matrix.

    Example:
        >>> def loss(p):
        ...     return 1.5 * p["x"] ** 2 - 2.0 * p["y"] ** 2
        >>> opt, params = hutchinson_estimator_diag_hessian(), {"x": 1.0, "y": 1.0}
        >>> opt.update(params, opt.init(params), params, obj_fn=loss)[0]
        {'x': 3.0, 'y': -4.0}
    """
    return GradientTransformation.of(_Hutchinson(random_seed))

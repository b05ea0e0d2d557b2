"""AdEMAMix and its simplified form: Adam whose direction mixes a fast memory of gradients with a slow one.

In:  rates, decays and weights of the mixture.   Out: transformations.
Not here: Adam (adam.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Step
from gradscribe.optim.kinds import checked
from gradscribe.optim.masking import Mask
from gradscribe.optim.narrowing import narrowed
from gradscribe.optim.scaling import ScalarOrSchedule, rate_at, scale_by_learning_rate
from gradscribe.optim.settings import check_decays, check_rate
from gradscribe.optim.transformation import GradientTransformation, elementwise
from gradscribe.optim.vector import Buffers


class ScaleByAdemamixState(NamedTuple):
    """Steps done; the fast and the slow mean of gradients, and the mean of their squares."""

    count: int  # type: ignore[assignment]
    m1: Buffers
    m2: Buffers
    nu: Buffers


class ScaleBySimplifiedAdemamixState(NamedTuple):
    """Steps done; the decaying sum of gradients, and the mean of their squares."""

    count: int  # type: ignore[assignment]
    m: Buffers
    n: Buffers


def ademamix_rule(
    g: Any, m1: Any, m2: Any, nu: Any, b1: Any, b2: Any, b3: Any, fast: Any, slow: Any, under: Any, floor: Any
) -> Any:
    """Only the fast mean is corrected for starting at zero; the correction of ν is in the numbers."""
    m1 = b1 * m1 + (1 - b1) * g
    m2 = b3 * m2 + (1 - b3) * g
    nu = b2 * nu + (1 - b2) * g**2
    return (fast * m1 + slow * m2) / (np.sqrt(nu + under) + floor), m1, m2, nu


@checked
def scale_by_ademamix(
    b1: float = 0.9,
    b2: float = 0.999,
    b3: ScalarOrSchedule = 0.9999,
    alpha: ScalarOrSchedule = 6.0,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: DTypeLike | None = None,
) -> GradientTransformation:
    """The fast mean of gradients and α times a slow one, over the root of the mean square.

    References:
        Pagliardini, Ablin & Grangier 2024, The AdEMAMix optimizer: better, faster, older, Algorithm 1.
        https://arxiv.org/abs/2409.03137

    Example:
        >>> opt = scale_by_ademamix()
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(np.zeros(2)))[0])
        [ 1.00059998 -1.00059999]
    """
    check_decays("scale_by_ademamix", b1=b1, b2=b2)
    check_rate("scale_by_ademamix", b3, "b3")
    check_rate("scale_by_ademamix", alpha, "alpha")

    def numbers(step: Step) -> Mapping[str, float]:
        done, count = step.count - 1, step.count
        c2 = 1.0 - b2**count
        root = math.sqrt(c2)
        return {
            "b3": rate_at(b3, done), "fast": root / (1.0 - b1**count), "slow": root * rate_at(alpha, done),
            "under": eps_root * c2, "floor": eps * root,
        }  # fmt: skip

    fixed = {"b1": b1, "b2": b2}
    made = elementwise("scale_by_ademamix", ademamix_rule, ScaleByAdemamixState, numbers, fixed=fixed)
    return narrowed(made, mu_dtype, "m1", "m2")


@checked
def ademamix(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.999,
    b3: ScalarOrSchedule = 0.9999,
    alpha: ScalarOrSchedule = 5.0,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: DTypeLike | None = None,
    weight_decay: float = 0.0,
    mask: Mask | None = None,
) -> GradientTransformation:
    """AdamW that remembers old gradients as well: m₂ ← β₃ m₂ + (1-β₃) g, u = -η ((m₁/(1-β₁ᵗ) + α m₂) / √ν̂ + λ p).

    Args:
        learning_rate: η.
        b1: as in `adam`.
        b2: as in `adam`.
        b3: β₃, decay of the slow mean; a schedule that rises to it keeps early steps calm.
        alpha: α, weight of the slow mean; likewise.
        eps: as in `adam`.
        eps_root: as in `adam`.
        mu_dtype: as in `adam`, for both means.
        weight_decay: λ.
        mask: which parameters decay, as in `masked`.

    References:
        Pagliardini, Ablin & Grangier 2024, The AdEMAMix optimizer: better, faster, older.
        https://arxiv.org/abs/2409.03137

    Example:
        >>> opt = ademamix(0.1)
        >>> print(opt.step(np.array([1.0, 2.0]), np.array([0.5, -1.0]), opt.init(np.zeros(2)))[0])
        [0.89995 2.10005]
    """
    return chain(
        scale_by_ademamix(b1, b2, b3, alpha, eps, eps_root, mu_dtype),
        add_decayed_weights(weight_decay, mask),
        scale_by_learning_rate(learning_rate),
    )


def simplified_ademamix_rule(
    g: Any, m: Any, n: Any, b1: Any, b2: Any, over: Any, now: Any, under: Any, floor: Any
) -> Any:
    """One memory, and the gradient itself in place of the fast one; the correction of n is in the numbers."""
    m = b1 * m + g
    n = b2 * n + (1 - b2) * g**2
    return (over * m + now * g) / (np.sqrt(n + under) + floor), m, n


@checked
def scale_by_simplified_ademamix(
    b1: float = 0.99,
    b2: float = 0.95,
    alpha: ScalarOrSchedule = 0.0,
    eps: float = 1e-8,
    eps_root: float = 0.0,
) -> GradientTransformation:
    """The decaying sum of gradients and α times the last one, over the root of the mean square.

    References:
        Morwani et al. 2025, Connections between schedule-free optimizers, AdEMAMix, and accelerated SGD variants.
        https://arxiv.org/abs/2502.02431

    Example:
        >>> opt = scale_by_simplified_ademamix()
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(np.zeros(2)))[0])
        [ 0.99999998 -0.99999999]
    """
    check_decays("scale_by_simplified_ademamix", b1=b1, b2=b2)
    check_rate("scale_by_simplified_ademamix", alpha, "alpha")

    def numbers(step: Step) -> Mapping[str, float]:
        c2 = 1.0 - b2**step.count
        root = math.sqrt(c2)
        now = root * rate_at(alpha, step.count - 1)
        return {"over": root, "now": now, "under": eps_root * c2, "floor": eps * root}

    name, state = "scale_by_simplified_ademamix", ScaleBySimplifiedAdemamixState
    return elementwise(name, simplified_ademamix_rule, state, numbers, fixed={"b1": b1, "b2": b2})


@checked
def simplified_ademamix(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.99,
    b2: float = 0.95,
    alpha: ScalarOrSchedule = 0.0,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    weight_decay: float = 0.0,
    mask: Mask | None = None,
) -> GradientTransformation:
    """AdEMAMix of one memory: m ← β₁ m + g, u = -η ((m + α g) / √n̂ + λ p); η is 1-β₁ times that of Adam.

    References:
        Morwani et al. 2025, Connections between schedule-free optimizers, AdEMAMix, and accelerated SGD variants.
        https://arxiv.org/abs/2502.02431

    Example:
        >>> opt = simplified_ademamix(0.1)
        >>> print(opt.step(np.array([1.0, 2.0]), np.array([0.5, -1.0]), opt.init(np.zeros(2)))[0])
        [0.9 2.1]
    """
    return chain(
        scale_by_simplified_ademamix(b1, b2, alpha, eps, eps_root),
        add_decayed_weights(weight_decay, mask),
        scale_by_learning_rate(learning_rate),
    )

"""Muon: momentum whose matrices are orthogonalised.

In:  rates.   Out: transformations.
Not here: AdamW for everything that is not a matrix (adam.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from gradscribe.optim.adam import adamw, lead_of
from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Step
from gradscribe.optim.kinds import checked
from gradscribe.optim.layout import layout_of
from gradscribe.optim.masking import Mask, partition
from gradscribe.optim.scaling import ScalarOrSchedule, scale_by_learning_rate
from gradscribe.optim.settings import check_decays
from gradscribe.optim.transformation import GradientTransformation, leafwise

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)


class MuonState(NamedTuple):
    """Steps done, and the mean of gradients of each leaf."""

    count: int  # type: ignore[assignment]
    mu: tuple[np.ndarray, ...]


def orthogonalize(
    matrix: np.ndarray,
    coefficients: tuple[float, float, float] = NEWTON_SCHULZ,
    steps: int = 5,
    eps: float = 1e-8,
) -> np.ndarray:
    """A matrix with the singular vectors of this one and singular values near 1, by Newton-Schulz iteration.

    x ← a x + (b x xᵀ + c (x xᵀ)²) x, after division by the Frobenius norm. The coefficients raise small singular
    values fast; the values end between about 0.7 and 1.2 rather than at 1.

    References:
        Jordan et al. 2024, Muon: an optimizer for hidden layers in neural networks.
        https://kellerjordan.github.io/posts/muon/
    """
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (np.linalg.norm(x) + eps)
    a, b, c = coefficients
    for _ in range(steps):
        square = x @ x.T
        x = a * x + (b * square + c * (square @ square)) @ x
    found: np.ndarray = x.T if tall else x
    return found


def _muon_rule(
    g: Any, p: Any, mu: Any, *, ahead: float, now: float, beta: float, coefficients: Any, steps: int, eps: float,
    consistent_rms: float | None,
) -> Any:  # fmt: skip
    mu = beta * mu + (1.0 - beta) * g
    lead = ahead * mu + now * g
    rows, columns = g.shape
    if g.size == 0:
        return lead, mu
    if consistent_rms is None:
        scale = math.sqrt(max(1.0, columns / rows))
    else:
        scale = math.sqrt(max(rows, columns)) * consistent_rms
    return scale * orthogonalize(lead, coefficients, steps, eps), mu


@checked
def scale_by_muon(
    ns_coeffs: tuple[float, float, float] = NEWTON_SCHULZ,
    ns_steps: int = 5,
    beta: float = 0.95,
    eps: float = 1e-8,
    *,
    nesterov: bool = True,
    consistent_rms: float | None = None,
) -> GradientTransformation:
    """The orthogonalised mean of gradients, times √max(1, columns/rows); leaves are matrices (in, out).

    References:
        Jordan et al. 2024, Muon. https://kellerjordan.github.io/posts/muon/

    Example:
        >>> opt = scale_by_muon()
        >>> params = np.ones((2, 2))
        >>> print(opt.update(np.array([[1.0, 2.0], [0.5, 0.0]]), opt.init(params), params)[0])
        [[ 0.25860064  0.67497741]
         [ 0.76040479 -0.31555224]]
    """
    check_decays("scale_by_muon", beta=beta)

    def numbers(step: Step) -> Mapping[str, Any]:
        ahead, now = lead_of(step, beta, nesterov)
        return {
            "ahead": ahead, "now": now, "beta": beta, "coefficients": ns_coeffs, "steps": ns_steps, "eps": eps,
            "consistent_rms": consistent_rms,
        }  # fmt: skip

    return leafwise("scale_by_muon", _muon_rule, MuonState, lambda leaf: (np.zeros_like(leaf),), numbers)


def _labels(params: Any) -> Any:
    layout = layout_of(params)
    return layout.nest(["muon" if len(part.shape) == 2 else "adam" for part in layout.parts])


@checked
def muon(
    learning_rate: ScalarOrSchedule,
    ns_coeffs: tuple[float, float, float] = NEWTON_SCHULZ,
    ns_steps: int = 5,
    beta: float = 0.95,
    eps: float = 1e-8,
    weight_decay: ScalarOrSchedule = 0.0,
    weight_decay_mask: Mask | None = None,
    *,
    nesterov: bool = True,
    adam_b1: float = 0.9,
    adam_b2: float = 0.999,
    adam_eps_root: float = 0.0,
    adam_weight_decay: ScalarOrSchedule = 0.0,
    adam_learning_rate: ScalarOrSchedule | None = None,
    consistent_rms: float | None = None,
) -> GradientTransformation:
    """Matrices move along orthogonalised momentum, everything else by AdamW.

    Args:
        learning_rate: η; of AdamW too, unless it has its own.
        ns_coeffs: of the Newton-Schulz iteration.
        ns_steps: how many iterations.
        beta: decay of the mean of gradients.
        eps: least norm that is divided by.
        weight_decay: of matrices.
        weight_decay_mask: which matrices decay, by the paths of the leaves, or a function that makes it.
        nesterov: look one step ahead.
        adam_b1: of AdamW.
        adam_b2: of AdamW.
        adam_eps_root: of AdamW.
        adam_weight_decay: of AdamW.
        adam_learning_rate: of AdamW.
        consistent_rms: if given, matrices move by this root mean square, as AdamW's steps do (about 0.2).

    References:
        Jordan et al. 2024, Muon: an optimizer for hidden layers in neural networks.
        https://kellerjordan.github.io/posts/muon/
        Liu et al. 2025, Muon is scalable for LLM training (`consistent_rms`). https://arxiv.org/abs/2502.16982

    Example:
        >>> opt = muon(0.1)
        >>> params = np.ones((2, 2))
        >>> print(opt.step(params, np.array([[1.0, 2.0], [0.5, 0.0]]), opt.init(params))[0])
        [[0.97413994 0.93250226]
         [0.92395952 1.03155522]]
    """
    matrices = chain(
        scale_by_muon(ns_coeffs, ns_steps, beta, eps, nesterov=nesterov, consistent_rms=consistent_rms),
        add_decayed_weights(weight_decay, weight_decay_mask),
        scale_by_learning_rate(learning_rate),
    )
    rest = adamw(
        learning_rate if adam_learning_rate is None else adam_learning_rate,
        adam_b1,
        adam_b2,
        eps,
        adam_eps_root,
        adam_weight_decay,
        nesterov=nesterov,
    )
    return partition({"muon": matrices, "adam": rest}, _labels)

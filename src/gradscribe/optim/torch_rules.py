"""Update rules of torch.optim where they differ from Optax's.

In:  gradients, states and numbers of a step, as in elementwise.py and core.py.   Out: updates and new states.
Not here: the optimisers (torch_optimizers.py).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from gradscribe.optim.layers import rms_of
from gradscribe.optim.layout import Layout
from gradscribe.optim.matrices import no_matrix
from gradscribe.optim.newton_schulz import orthogonalize
from gradscribe.optim.vector import Buffers


class SgdState(NamedTuple):
    """Steps done, and the momentum buffer."""

    count: int  # type: ignore[assignment]
    momentum_buffer: Buffers


class NadamState(NamedTuple):
    """Steps done, and Adam's means."""

    count: int  # type: ignore[assignment]
    mu: Buffers
    nu: Buffers


class AsgdState(NamedTuple):
    """Steps done, and the average of the parameters."""

    count: int  # type: ignore[assignment]
    ax: Buffers


class AdagradState(NamedTuple):
    """Steps done, and the sum of squares."""

    count: int  # type: ignore[assignment]
    sum: Buffers


class AdafactorState(NamedTuple):
    """Steps done; for each leaf the mean squares by rows and by columns, or in full."""

    count: int  # type: ignore[assignment]
    row_var: tuple[np.ndarray, ...]
    col_var: tuple[np.ndarray, ...]
    variance: tuple[np.ndarray, ...]


def momentum_rule(g: Any, momentum_buffer: Any, momentum: Any, now: Any, nesterov: bool) -> Any:
    """The first step takes the gradient whole, later ones damp it."""
    buffer = momentum * momentum_buffer + now * g
    return (g + momentum * buffer if nesterov else buffer), buffer


def amsgrad_rule(
    g: Any, mu: Any, nu: Any, nu_max: Any, b1: Any, b2: Any, ahead: Any, root: Any, eps: Any
) -> Any:
    """The largest mean square is taken before the correction, not after."""
    mu = b1 * mu + (1 - b1) * g
    nu = b2 * nu + (1 - b2) * g**2
    nu_max = np.maximum(nu_max, nu)
    return ahead * mu / (root * np.sqrt(nu_max) + eps), mu, nu, nu_max


def nadam_rule(g: Any, mu: Any, nu: Any, b1: Any, b2: Any, ahead: Any, now: Any, root: Any, eps: Any) -> Any:
    """Momenta follow a schedule of their own; `ahead` and `now` come from it."""
    mu = b1 * mu + (1 - b1) * g
    nu = b2 * nu + (1 - b2) * g**2
    return (ahead * mu + now * g) / (root * np.sqrt(nu) + eps), mu, nu


def adagrad_rule(g: Any, sum: Any, rate: Any, eps: Any) -> Any:
    """ε stands outside the root."""
    total = sum + g**2
    return -rate * g / (np.sqrt(total) + eps), total


def asgd_rule(g: Any, p: Any, ax: Any, eta: Any, lambd: Any, share: Any) -> Any:
    """Decay and descent, then a step of the average."""
    update = -(eta * g) - (lambd * eta) * p
    return update, ax + share * (p + update - ax)


def adafactor_start(leaf: np.ndarray) -> tuple[np.ndarray, ...]:
    """Rows and columns of the last two axes, or all."""
    none = np.zeros(1, leaf.dtype)
    if leaf.ndim < 2:
        return none, none, np.zeros_like(leaf)
    rows, columns = (*leaf.shape[:-1], 1), (*leaf.shape[:-2], 1, leaf.shape[-1])
    return np.zeros(rows, leaf.dtype), np.zeros(columns, leaf.dtype), none


def adafactor_rule(
    g: Any, p: Any, row_var: Any, col_var: Any, variance: Any,
    *, lr: float, share: float, rate: float, eps1: float | None, eps2: float, d: float, weight_decay: float,
) -> Any:  # fmt: skip
    """Steps relative to the size of the leaf, at most d in root mean square before."""
    if g.size == 0:
        return g, row_var, col_var, variance
    eps1 = float(np.finfo(g.dtype).eps) if eps1 is None else eps1
    if g.ndim > 1:
        row_var = row_var + share * (np.mean(g**2, axis=-1, keepdims=True) - row_var)
        col_var = col_var + share * (np.mean(g**2, axis=-2, keepdims=True) - col_var)
        estimate = row_var * col_var / np.maximum(np.mean(row_var, axis=-2, keepdims=True), eps1)
    else:
        variance = variance + share * (g**2 - variance)
        estimate = variance
    step = g / np.sqrt(np.maximum(estimate, eps1 * eps1))
    alpha = max(eps2, rms_of(p)) * rate / max(1.0, rms_of(step) / d)
    return -(lr * weight_decay) * p - alpha * step, row_var, col_var, variance


def check_matrices(layout: Layout) -> None:
    """Demand that each leaf is a matrix.

    Raises:
        GS351: one is not.
    """
    for part in layout.parts:
        if len(part.shape) != 2:
            fix = "`partition` gives matrices to it and the rest to AdamW; `optim.muon` does so by itself"
            raise no_matrix(part, "torch_optimizers.muon", fix)


def muon_rule(
    g: Any, p: Any, mu: Any,
    *, lr: float, momentum: float, weight_decay: float, nesterov: bool, coefficients: Any, eps: float,
    adjust: str,
) -> Any:  # fmt: skip
    """Orthogonalised momentum, scaled by the shape; in the precision of the parameters, not in bfloat16."""
    mu = momentum * mu + (1.0 - momentum) * g
    lead = momentum * mu + (1.0 - momentum) * g if nesterov else mu
    rows, columns = g.shape
    if g.size == 0:
        return lead, mu
    scales = {
        "original": math.sqrt(max(1.0, rows / columns)),
        "match_rms_adamw": 0.2 * math.sqrt(max(rows, columns)),
        "spectral_unclamped": math.sqrt(rows / columns),
    }
    return -lr * (scales[adjust] * orthogonalize(lead, coefficients, eps=eps) + weight_decay * p), mu

"""Functional optimisers over nested parameters.

`opt = adam(1e-3)`, `state = opt.init(params)`, then `params, state = opt.step(params, grads, state)`.
"""

from __future__ import annotations

from gradscribe.optim.adam import adam, scale_by_adam
from gradscribe.optim.chain import chain, named_chain
from gradscribe.optim.scaling import EmptyState, scale, scale_by_learning_rate, scale_by_schedule
from gradscribe.optim.sgd import sgd, trace
from gradscribe.optim.transformation import (
    GradientTransformation,
    apply_updates,
    flatten,
    global_norm,
    unflatten,
)

__all__ = [
    "EmptyState",
    "GradientTransformation",
    "adam",
    "apply_updates",
    "chain",
    "flatten",
    "global_norm",
    "named_chain",
    "scale",
    "scale_by_adam",
    "scale_by_learning_rate",
    "scale_by_schedule",
    "sgd",
    "trace",
    "unflatten",
]

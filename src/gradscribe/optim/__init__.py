"""Functional optimisers over nested parameters.

`opt = adam(1e-3)`, `state = opt.init(params)`, then `params, state = opt.step(params, grads, state)`.
"""

from __future__ import annotations

from gradscribe.optim.adam import adam, scale_by_adam
from gradscribe.optim.batches import Minibatches, minibatches
from gradscribe.optim.chain import chain, named_chain
from gradscribe.optim.constraints import Constraint
from gradscribe.optim.fit import EarlyStopping, Epoch, FitResult, fit
from gradscribe.optim.gauss_newton import gauss_newton, levenberg_marquardt
from gradscribe.optim.history import History
from gradscribe.optim.lbfgs import lbfgs
from gradscribe.optim.least_squares import least_squares
from gradscribe.optim.minimize import minimize
from gradscribe.optim.result import LeastSquaresResult, MinimizeResult, RootResult
from gradscribe.optim.root import root
from gradscribe.optim.scaling import EmptyState, scale, scale_by_learning_rate, scale_by_schedule
from gradscribe.optim.sgd import sgd, trace
from gradscribe.optim.snapshot import load, save
from gradscribe.optim.transformation import (
    GradientTransformation,
    apply_updates,
    flatten,
    global_norm,
    unflatten,
)

__all__ = [
    "Constraint",
    "EarlyStopping",
    "EmptyState",
    "Epoch",
    "FitResult",
    "GradientTransformation",
    "History",
    "LeastSquaresResult",
    "Minibatches",
    "MinimizeResult",
    "RootResult",
    "adam",
    "apply_updates",
    "chain",
    "fit",
    "flatten",
    "gauss_newton",
    "global_norm",
    "lbfgs",
    "least_squares",
    "levenberg_marquardt",
    "load",
    "minibatches",
    "minimize",
    "named_chain",
    "root",
    "save",
    "scale",
    "scale_by_adam",
    "scale_by_learning_rate",
    "scale_by_schedule",
    "sgd",
    "trace",
    "unflatten",
]

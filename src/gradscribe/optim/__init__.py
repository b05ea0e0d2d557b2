"""Functional optimisers over nested parameters.

`opt = adam(1e-3)`, `state = opt.init(params)`, then `params, state = opt.step(params, grads, state)`.
"""

from __future__ import annotations

from gradscribe.optim import loss_functions, torch_optimizers, torch_schedules, tree
from gradscribe.optim.adam import (
    adam,
    adamax,
    adamaxw,
    adamw,
    amsgrad,
    nadam,
    nadamw,
    scale_by_adam,
    scale_by_adamax,
    scale_by_amsgrad,
)
from gradscribe.optim.adding import add_decayed_weights, add_noise
from gradscribe.optim.anchored import cocob, madgrad, scale_by_cocob
from gradscribe.optim.averaging import averaged, averaged_params
from gradscribe.optim.batches import Minibatches, minibatches
from gradscribe.optim.beliefs import (
    adabelief,
    adan,
    lion,
    optimistic_adam,
    optimistic_adam_v2,
    scale_by_adan,
    scale_by_belief,
    scale_by_lion,
    scale_by_yogi,
    yogi,
)
from gradscribe.optim.chain import chain, named_chain
from gradscribe.optim.clipping import (
    adaptive_grad_clip,
    centralize,
    clip,
    clip_by_block_rms,
    clip_by_global_norm,
    clip_by_norm,
    keep_params_nonnegative,
    normalize_by_update_norm,
    refuse_not_finite,
    zero_nans,
)
from gradscribe.optim.compiling import compiled
from gradscribe.optim.complex_parameters import split_real_and_imaginary
from gradscribe.optim.conditional import (
    apply_every,
    conditionally_mask,
    conditionally_transform,
    skip_large_updates,
    skip_not_finite,
)
from gradscribe.optim.constraints import Constraint
from gradscribe.optim.curvature import hutchinson_estimator_diag_hessian
from gradscribe.optim.dadaptation import dadapt_adamw
from gradscribe.optim.delayed import acprop, adopt, scale_by_acprop, scale_by_adopt
from gradscribe.optim.distances import dog, dowg
from gradscribe.optim.factored import adafactor, scale_by_factored_rms, scale_by_sm3, sm3
from gradscribe.optim.fit import EarlyStopping, Epoch, FitResult, fit
from gradscribe.optim.galore import GaLoreDimensionNumbers, galore, scale_by_galore
from gradscribe.optim.gauss_newton import gauss_newton, levenberg_marquardt
from gradscribe.optim.history import History
from gradscribe.optim.layers import (
    fromage,
    lamb,
    lars,
    novograd,
    scale_by_distance_over_gradients,
    scale_by_novograd,
    scale_by_param_block_norm,
    scale_by_param_block_rms,
    scale_by_trust_ratio,
)
from gradscribe.optim.lbfgs import lbfgs
from gradscribe.optim.least_squares import least_squares
from gradscribe.optim.loss_functions import *  # noqa: F403
from gradscribe.optim.masking import freeze, identity, masked, partition, selective_transform, set_to_zero
from gradscribe.optim.mechanic import mechanize
from gradscribe.optim.microbatching import microbatch
from gradscribe.optim.minimize import minimize
from gradscribe.optim.mixtures import (
    ademamix,
    scale_by_ademamix,
    scale_by_simplified_ademamix,
    simplified_ademamix,
)
from gradscribe.optim.momo import momo, momo_adam
from gradscribe.optim.muon import MuonDimensionNumbers, muon, scale_by_muon
from gradscribe.optim.nnls import nnls
from gradscribe.optim.observing import measure_with_ema, monitor, snapshot, stateless
from gradscribe.optim.per_example import per_example_global_norm_clip, per_example_layer_norm_clip
from gradscribe.optim.plateau import reduce_on_plateau
from gradscribe.optim.privacy import differentially_private_aggregate, dpsgd
from gradscribe.optim.prodigy import prodigy
from gradscribe.optim.quasi_newton import scale_by_lbfgs
from gradscribe.optim.rectified import radam, scale_by_radam
from gradscribe.optim.result import LeastSquaresResult, MinimizeResult, RootResult
from gradscribe.optim.rms import (
    adadelta,
    adagrad,
    rmsprop,
    rprop,
    scale_by_adadelta,
    scale_by_rms,
    scale_by_rprop,
    scale_by_rss,
    scale_by_stddev,
)
from gradscribe.optim.root import root
from gradscribe.optim.sam import sam
from gradscribe.optim.scaling import (
    EmptyState,
    ScalarOrSchedule,
    Schedule,
    scale,
    scale_by_learning_rate,
    scale_by_schedule,
)
from gradscribe.optim.schedule_free import (
    schedule_free,
    schedule_free_adamw,
    schedule_free_eval_params,
    schedule_free_sgd,
)
from gradscribe.optim.schedules import (
    constant_schedule,
    cosine_decay_schedule,
    cosine_onecycle_schedule,
    exponential_decay,
    join_schedules,
    linear_onecycle_schedule,
    linear_schedule,
    piecewise_constant_schedule,
    piecewise_interpolate_schedule,
    polynomial_schedule,
    sgdr_schedule,
    warmup_constant_schedule,
    warmup_cosine_decay_schedule,
    warmup_exponential_decay_schedule,
)
from gradscribe.optim.searches import (
    scale_by_backtracking_linesearch,
    scale_by_zoom_linesearch,
    value_and_grad_from_state,
)
from gradscribe.optim.sgd import (
    ema,
    noisy_sgd,
    optimistic_gradient_descent,
    polyak_sgd,
    scale_by_optimistic_gradient,
    scale_by_polyak,
    scale_by_sign,
    sgd,
    sign_sgd,
    signum,
    trace,
)
from gradscribe.optim.sophia import scale_by_sophia, sophia
from gradscribe.optim.storage import load, save
from gradscribe.optim.transformation import (
    GradientTransformation,
    apply_updates,
    flatten,
    global_norm,
    unflatten,
)
from gradscribe.optim.wrappers import (
    apply_if_finite,
    incremental_update,
    inject_hyperparams,
    lookahead,
    multi_steps,
    periodic_update,
)

__all__ = [
    "Constraint",
    "EarlyStopping",
    "EmptyState",
    "Epoch",
    "FitResult",
    "GaLoreDimensionNumbers",
    "GradientTransformation",
    "History",
    "LeastSquaresResult",
    "Minibatches",
    "MinimizeResult",
    "MuonDimensionNumbers",
    "RootResult",
    "ScalarOrSchedule",
    "Schedule",
    "acprop",
    "adabelief",
    "adadelta",
    "adafactor",
    "adagrad",
    "adam",
    "adamax",
    "adamaxw",
    "adamw",
    "adan",
    "adaptive_grad_clip",
    "add_decayed_weights",
    "add_noise",
    "ademamix",
    "adopt",
    "amsgrad",
    "apply_every",
    "apply_if_finite",
    "apply_updates",
    "averaged",
    "averaged_params",
    "centralize",
    "chain",
    "clip",
    "clip_by_block_rms",
    "clip_by_global_norm",
    "clip_by_norm",
    "cocob",
    "compiled",
    "conditionally_mask",
    "conditionally_transform",
    "constant_schedule",
    "cosine_decay_schedule",
    "cosine_onecycle_schedule",
    "dadapt_adamw",
    "differentially_private_aggregate",
    "dog",
    "dowg",
    "dpsgd",
    "ema",
    "exponential_decay",
    "fit",
    "flatten",
    "freeze",
    "fromage",
    "galore",
    "gauss_newton",
    "global_norm",
    "hutchinson_estimator_diag_hessian",
    "identity",
    "incremental_update",
    "inject_hyperparams",
    "join_schedules",
    "keep_params_nonnegative",
    "lamb",
    "lars",
    "lbfgs",
    "least_squares",
    "levenberg_marquardt",
    "linear_onecycle_schedule",
    "linear_schedule",
    "lion",
    "load",
    "lookahead",
    "madgrad",
    "masked",
    "measure_with_ema",
    "mechanize",
    "microbatch",
    "minibatches",
    "minimize",
    "momo",
    "momo_adam",
    "monitor",
    "multi_steps",
    "muon",
    "nadam",
    "nadamw",
    "named_chain",
    "nnls",
    "noisy_sgd",
    "normalize_by_update_norm",
    "novograd",
    "optimistic_adam",
    "optimistic_adam_v2",
    "optimistic_gradient_descent",
    "partition",
    "per_example_global_norm_clip",
    "per_example_layer_norm_clip",
    "periodic_update",
    "piecewise_constant_schedule",
    "piecewise_interpolate_schedule",
    "polyak_sgd",
    "polynomial_schedule",
    "prodigy",
    "radam",
    "reduce_on_plateau",
    "refuse_not_finite",
    "rmsprop",
    "root",
    "rprop",
    "sam",
    "save",
    "scale",
    "scale_by_acprop",
    "scale_by_adadelta",
    "scale_by_adam",
    "scale_by_adamax",
    "scale_by_adan",
    "scale_by_ademamix",
    "scale_by_adopt",
    "scale_by_amsgrad",
    "scale_by_backtracking_linesearch",
    "scale_by_belief",
    "scale_by_cocob",
    "scale_by_distance_over_gradients",
    "scale_by_factored_rms",
    "scale_by_galore",
    "scale_by_lbfgs",
    "scale_by_learning_rate",
    "scale_by_lion",
    "scale_by_muon",
    "scale_by_novograd",
    "scale_by_optimistic_gradient",
    "scale_by_param_block_norm",
    "scale_by_param_block_rms",
    "scale_by_polyak",
    "scale_by_radam",
    "scale_by_rms",
    "scale_by_rprop",
    "scale_by_rss",
    "scale_by_schedule",
    "scale_by_sign",
    "scale_by_simplified_ademamix",
    "scale_by_sm3",
    "scale_by_sophia",
    "scale_by_stddev",
    "scale_by_trust_ratio",
    "scale_by_yogi",
    "scale_by_zoom_linesearch",
    "schedule_free",
    "schedule_free_adamw",
    "schedule_free_eval_params",
    "schedule_free_sgd",
    "selective_transform",
    "set_to_zero",
    "sgd",
    "sgdr_schedule",
    "sign_sgd",
    "signum",
    "simplified_ademamix",
    "skip_large_updates",
    "skip_not_finite",
    "sm3",
    "snapshot",
    "sophia",
    "split_real_and_imaginary",
    "stateless",
    "torch_optimizers",
    "torch_schedules",
    "trace",
    "tree",
    "unflatten",
    "value_and_grad_from_state",
    "warmup_constant_schedule",
    "warmup_cosine_decay_schedule",
    "warmup_exponential_decay_schedule",
    "yogi",
    "zero_nans",
]
__all__ += loss_functions.__all__

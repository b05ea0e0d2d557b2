"""All optimisers: how the package makes them, and what is known of each.

One row a name. `defaults` are the documented constants of Optax; None stands for a required argument.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from gradscribe import optim
from tests.optim.problems import per_example


@dataclass(frozen=True)
class Row:
    """One optimiser.

    Attributes:
        make: the optimiser whose steps are compared with `published.py` of the same name.
        function: the public function, whose signature has the defaults.
        defaults: its documented defaults.
        fast: one that converges on a quadratic within a few hundred steps; `make` if None.
        extra: further keywords of `step`.
        tolerance: relative, over 100 steps.
        given: what `step` takes, from the gradients.
    """

    make: object
    function: object
    defaults: dict = field(default_factory=dict)
    fast: object = None
    extra: tuple = ()
    tolerance: float = 1e-10
    given: Callable = lambda grads: grads


ADAM = {"b1": 0.9, "b2": 0.999, "eps": 1e-8, "eps_root": 0.0}
ADAMW = ADAM | {"weight_decay": 1e-4}
O = optim  # noqa: E741

ROWS = {
    "sgd": Row(O.sgd(0.05), O.sgd, {"momentum": None, "nesterov": False}),
    "sgd_momentum": Row(O.sgd(0.05, 0.9), O.sgd),
    "sgd_nesterov": Row(O.sgd(0.05, 0.9, True), O.sgd),
    "sign_sgd": Row(O.sign_sgd(0.05), O.sign_sgd, fast=O.sign_sgd(O.exponential_decay(0.1, 20, 0.7))),
    "signum": Row(O.signum(0.05), O.signum, {"beta": 0.9}, O.signum(O.exponential_decay(0.1, 20, 0.7))),
    "optimistic_gradient_descent": Row(
        O.optimistic_gradient_descent(0.05), O.optimistic_gradient_descent, {"alpha": 1.0, "beta": 1.0}
    ),
    "adam": Row(O.adam(0.05), O.adam, ADAM | {"nesterov": False}),
    "adam_rooted": Row(O.adam(0.05, eps_root=1e-3), O.adam),
    "adamw": Row(O.adamw(0.05), O.adamw, ADAMW | {"mask": None, "nesterov": False}),
    "nadam": Row(O.nadam(0.05), O.nadam, ADAM),
    "nadamw": Row(O.nadamw(0.05), O.nadamw, ADAMW | {"mask": None}),
    "amsgrad": Row(
        O.amsgrad(0.05), O.amsgrad, ADAM | {"bias_correction_mu": True, "bias_correction_nu": True}
    ),
    "adamax": Row(O.adamax(0.05), O.adamax, {"b1": 0.9, "b2": 0.999, "eps": 1e-8}),
    "adamaxw": Row(O.adamaxw(0.05), O.adamaxw, {"b1": 0.9, "b2": 0.999, "eps": 1e-8, "weight_decay": 1e-4}),
    "radam": Row(O.radam(0.05), O.radam, ADAM | {"threshold": 5.0, "nesterov": False}),
    "adabelief": Row(
        O.adabelief(0.05), O.adabelief, {"b1": 0.9, "b2": 0.999, "eps": 1e-16, "eps_root": 1e-16}
    ),
    "yogi": Row(O.yogi(0.05), O.yogi, {"b1": 0.9, "b2": 0.999, "eps": 1e-3}),
    "adan": Row(
        O.adan(0.05),
        O.adan,
        {"b1": 0.98, "b2": 0.92, "b3": 0.99, "eps": 1e-8, "eps_root": 1e-8, "weight_decay": 0.0},
    ),
    "lion": Row(
        O.lion(0.05),
        O.lion,
        {"b1": 0.9, "b2": 0.99, "weight_decay": 1e-3},
        O.lion(O.exponential_decay(0.1, 20, 0.7), weight_decay=0.0),
    ),
    "optimistic_adam": Row(
        O.optimistic_adam(0.05), O.optimistic_adam, ADAM | {"optimism": None, "nesterov": True}
    ),
    "optimistic_adam_v2": Row(
        O.optimistic_adam_v2(0.05), O.optimistic_adam_v2, ADAM | {"alpha": 1.0, "beta": 1.0, "nesterov": True}
    ),
    "rmsprop": Row(
        O.rmsprop(0.05),
        O.rmsprop,
        {
            "decay": 0.9,
            "eps": 1e-8,
            "initial_scale": 0.0,
            "eps_in_sqrt": True,
            "centered": False,
            "momentum": None,
        }
        | {"nesterov": False, "bias_correction": False},
        O.rmsprop(O.exponential_decay(0.05, 20, 0.7)),
    ),
    "rmsprop_centered": Row(
        O.rmsprop(0.01, eps=1e-3, centered=True, momentum=0.5), O.rmsprop, tolerance=1e-8
    ),
    "adagrad": Row(
        O.adagrad(0.05), O.adagrad, {"initial_accumulator_value": 0.1, "eps": 1e-7}, O.adagrad(0.5)
    ),
    "adadelta": Row(
        O.adadelta(),
        O.adadelta,
        {"rho": 0.9, "eps": 1e-6, "weight_decay": 0.0},
        O.adadelta(O.exponential_decay(5.0, 40, 0.6), eps=1e-3),
    ),
    "rprop": Row(
        O.rprop(0.01),
        O.rprop,
        {"eta_minus": 0.5, "eta_plus": 1.2, "min_step_size": 1e-6, "max_step_size": 50.0},
    ),
    "noisy_sgd": Row(O.noisy_sgd(0.05), O.noisy_sgd, {"eta": 0.01, "gamma": 0.55}, O.noisy_sgd(0.05, 1e-8)),
    "polyak_sgd": Row(
        O.polyak_sgd(),
        O.polyak_sgd,
        {"max_learning_rate": 1.0, "scaling": 1.0, "f_min": 0.0, "eps": 0.0, "variant": "sps"},
        extra=("value",),
    ),
    "lars": Row(
        O.lars(5.0),
        O.lars,
        {"weight_decay": 0.0, "trust_coefficient": 0.001, "eps": 0.0, "momentum": 0.9, "nesterov": False},
        O.lars(O.exponential_decay(30.0, 20, 0.6)),
    ),
    "lamb": Row(
        O.lamb(0.05),
        O.lamb,
        {"b1": 0.9, "b2": 0.999, "eps": 1e-6, "eps_root": 0.0, "weight_decay": 0.0},
        O.lamb(O.exponential_decay(0.1, 20, 0.7)),
    ),
    "fromage": Row(
        O.fromage(0.05), O.fromage, {"min_norm": 1e-6}, O.fromage(O.exponential_decay(0.2, 20, 0.6))
    ),
    "novograd": Row(
        O.novograd(0.05),
        O.novograd,
        {"b1": 0.9, "b2": 0.25, "eps": 1e-6, "eps_root": 0.0, "weight_decay": 0.0},
        O.novograd(O.exponential_decay(0.1, 20, 0.6)),
    ),
    "adafactor": Row(
        O.adafactor(0.05, min_dim_size_to_factor=2),
        O.adafactor,
        {"learning_rate": None, "min_dim_size_to_factor": 128, "decay_rate": 0.8, "decay_offset": 0}
        | {"multiply_by_parameter_scale": True, "clipping_threshold": 1.0, "momentum": None}
        | {"weight_decay_rate": None, "eps": 1e-30, "factored": True},
        O.adafactor(O.exponential_decay(0.2, 20, 0.6)),
    ),
    "sm3": Row(O.sm3(0.05), O.sm3, {"momentum": 0.9}, O.sm3(0.3)),
    "muon": Row(
        O.muon(0.05),
        O.muon,
        {"ns_coeffs": (3.4445, -4.775, 2.0315), "ns_steps": 5, "beta": 0.95, "eps": 1e-8, "weight_decay": 0.0}
        | {
            "nesterov": True,
            "adam_b1": 0.9,
            "adam_b2": 0.999,
            "adam_eps_root": 0.0,
            "adam_weight_decay": 0.0,
        },
        O.muon(O.exponential_decay(0.2, 20, 0.6)),
        tolerance=1e-6,
    ),
    "prodigy": Row(
        O.prodigy(),
        O.prodigy,
        {"learning_rate": 1.0, "betas": (0.9, 0.999), "beta3": None, "eps": 1e-8, "estim_lr0": 1e-6}
        | {"estim_lr_coef": 1.0, "weight_decay": 0.0, "safeguard_warmup": False},
    ),
    "schedule_free_sgd": Row(
        O.schedule_free_sgd(0.05),
        O.schedule_free_sgd,
        {"learning_rate": 1.0, "warmup_steps": None, "b1": 0.9, "weight_decay": None, "weight_lr_power": 2.0},
        O.schedule_free_sgd(0.3),
    ),
    "schedule_free_adamw": Row(
        O.schedule_free_adamw(0.05),
        O.schedule_free_adamw,
        {
            "learning_rate": 0.0025,
            "warmup_steps": None,
            "b1": 0.9,
            "b2": 0.999,
            "eps": 1e-8,
            "weight_decay": 0.0,
        }
        | {"weight_lr_power": 2.0},
    ),
    "sophia": Row(
        O.sophia(0.05),
        O.sophia,
        {"b1": 0.965, "b2": 0.99, "eps": 1e-8, "weight_decay": 1e-4, "gamma": 0.01, "clip_threshold": 1.0}
        | {"update_interval": 10, "hessian_diagonal_fn": None},
        O.sophia(O.exponential_decay(0.1, 20, 0.7), weight_decay=0.0),
        extra=("obj_fn",),
    ),
    "clipped_sgd": Row(O.chain(O.clip_by_global_norm(0.5), O.sgd(0.05)), O.clip_by_global_norm),
    "clipped_leaves": Row(O.chain(O.clip_by_norm(0.5), O.sgd(0.05)), O.clip_by_norm),
    "distance_over_gradients": Row(
        O.scale_by_distance_over_gradients(0.1, global_scale=-1.0),
        O.scale_by_distance_over_gradients,
        {"reps_rel": 1e-6, "eps": 1e-8, "global_scale": 1.0},
    ),
    "held_back": Row(O.chain(O.sgd(0.05), O.apply_every(3)), O.apply_every, {"k": 1}),
    "momentum_at_times": Row(
        O.chain(O.conditionally_transform(O.trace(0.9), lambda n: n % 2 == 0), O.scale(-0.05)),
        O.conditionally_transform,
        {"forward_extra_args": False},
    ),
    "steps_at_times": Row(
        O.conditionally_mask(O.sgd(0.05, 0.9), lambda n: n % 2 == 0),
        O.conditionally_mask,
        {"forward_extra_args": False},
    ),
    "watched": Row(
        O.chain(
            O.snapshot("norm", O.global_norm),
            O.monitor({"norm": O.global_norm, "mean": O.measure_with_ema(O.global_norm, 0.9)}),
            O.sgd(0.05),
        ),
        O.monitor,
    ),
    "ademamix": Row(
        O.ademamix(0.05, b3=0.99, weight_decay=0.01),
        O.ademamix,
        ADAM | {"b3": 0.9999, "alpha": 5.0, "weight_decay": 0.0, "mask": None},
        O.ademamix(0.05, b3=0.9, alpha=1.0),
    ),
    "ademamix_scheduled": Row(
        O.ademamix(0.05, b3=lambda n: 0.9 + 0.0009 * n, alpha=lambda n: 0.05 * n, eps_root=1e-3),
        O.scale_by_ademamix,
        ADAM | {"b3": 0.9999, "alpha": 6.0},
        O.ademamix(O.exponential_decay(0.1, 40, 0.5), b3=0.9, alpha=1.0),
    ),
    "simplified_ademamix": Row(
        O.simplified_ademamix(0.005, alpha=2.0),
        O.simplified_ademamix,
        ADAM | {"b1": 0.99, "b2": 0.95, "alpha": 0.0, "weight_decay": 0.0, "mask": None},
        O.simplified_ademamix(O.exponential_decay(0.01, 40, 0.6), b1=0.9),
    ),
    "adopt": Row(
        O.adopt(0.05),
        O.adopt,
        {"b1": 0.9, "b2": 0.9999, "eps": 1e-6, "nesterov": False, "use_clipping": True},
        O.adopt(0.1),
    ),
    "adopt_nesterov": Row(O.adopt(0.05, nesterov=True, use_clipping=False), O.scale_by_adopt),
    "acprop": Row(
        O.acprop(0.005),
        O.acprop,
        {"b1": 0.9, "b2": 0.999, "eps": 1e-16, "eps_root": 1e-16, "weight_decay": 0.0, "mask": None},
        O.acprop(O.exponential_decay(0.05, 40, 0.6)),
    ),
    "madgrad": Row(
        O.madgrad(0.05), O.madgrad, {"momentum": 0.9, "weight_decay": 0.0, "eps": 1e-6}, O.madgrad(0.3)
    ),
    "cocob": Row(
        O.cocob(),
        O.cocob,
        {"learning_rate": 1.0, "alpha": 100.0, "eps": 1e-8, "weight_decay": 0.0, "mask": None},
    ),
    "dog": Row(
        O.dog(init_step=("heuristic", 1e-3)),
        O.dog,
        {"learning_rate": 1.0, "init_step": ("heuristic", 1e-6), "eps": 1e-8, "weight_decay": None},
    ),
    "dog_first_rate": Row(O.dog(init_step=("learning_rate", 1e-3)), O.dog),
    "dowg": Row(
        O.dowg(),
        O.dowg,
        {"learning_rate": 1.0, "init_estim_sq_dist": None, "eps": 1e-4, "weight_decay": None},
    ),
    "momo": Row(
        O.momo(0.5, lower_bound=-1.0, weight_decay=0.01, adapt_lower_bound=True),
        O.momo,
        {
            "learning_rate": 1.0,
            "beta": 0.9,
            "lower_bound": 0.0,
            "weight_decay": 0.0,
            "adapt_lower_bound": False,
        },
        O.momo(),
        extra=("value",),
    ),
    "momo_adam": Row(
        O.momo_adam(0.05),
        O.momo_adam,
        {"learning_rate": 1e-2, "b1": 0.9, "b2": 0.999, "eps": 1e-8, "lower_bound": 0.0, "weight_decay": 0.0},
        O.momo_adam(0.1),
        extra=("value",),
    ),
    "plateau": Row(
        O.chain(O.sgd(0.05), O.reduce_on_plateau(1 / 3, 3, 0.01, cooldown=1, accumulation_size=2)),
        O.reduce_on_plateau,
        {
            "factor": 0.1,
            "patience": 10,
            "rtol": 1e-4,
            "atol": 0.0,
            "cooldown": 0,
            "accumulation_size": 1,
            "min_scale": 0.0,
        },
        extra=("value",),
    ),  # fmt: skip
    "quasi_newton": Row(
        O.chain(O.scale_by_lbfgs(3), O.scale(-0.3)),
        O.scale_by_lbfgs,
        {"memory_size": 10, "scale_init_precond": True},
        tolerance=1e-6,
    ),
    "averaged": Row(O.averaged(O.sgd(0.05)), O.averaged, {"decay": None, "start": 0, "every": 1}),
    "sam": Row(
        O.sam(O.sgd(0.05, 0.5), O.chain(O.normalize_by_update_norm(eps=0.0), O.sgd(0.01))),
        O.sam,
        {"sync_period": 2, "reset_state": True},
    ),
    "dadapt_adamw": Row(
        O.dadapt_adamw(estim_lr0=1e-3, weight_decay=0.01),
        O.dadapt_adamw,
        {"learning_rate": 1.0, "betas": (0.9, 0.999), "eps": 1e-8, "estim_lr0": 1e-6, "weight_decay": 0.0},
        O.dadapt_adamw(estim_lr0=1e-2),
    ),
    "mechanize": Row(
        O.mechanize(O.sgd(0.05, 0.9), s_init=1e-3, num_betas=3),
        O.mechanize,
        {"weight_decay": 1e-2, "eps": 1e-8, "s_init": 1e-6, "num_betas": 6},
        O.mechanize(O.sgd(0.1), s_init=0.1),
    ),
    "galore": Row(
        O.galore(0.05, rank=2, update_proj_gap=30, scale=0.5, weight_decay=0.01),
        O.galore,
        {"rank": 128, "update_proj_gap": 200, "scale": 1.0, "base_optimizer": None, "weight_decay": 0.0}
        | {"mask": None, "weight_dimension_numbers": None},
        O.galore(0.3, rank=2, update_proj_gap=1, base_optimizer=O.identity()),
    ),
    "dpsgd": Row(
        O.dpsgd(0.05, 0.5, 0.1, seed=3, momentum=0.9),
        O.dpsgd,
        {"momentum": None, "nesterov": False},
        O.dpsgd(O.exponential_decay(0.5, 40, 0.6), 1.0, 1e-4),
        given=per_example,
    ),
    "dpsgd_without_noise": Row(O.dpsgd(0.5, 0.5, 0.0), O.dpsgd, given=per_example),
    "lookahead": Row(O.lookahead(O.sgd(0.05), 5, 0.5), O.lookahead, {"reset_state": False}),
    "accumulated_sgd": Row(O.multi_steps(O.sgd(0.05), 3), O.multi_steps, {"use_grad_mean": True}),
}

T = optim.torch_optimizers
FALLING = O.exponential_decay(0.1, 20, 0.7)

# PyTorch's own definitions, compared with its numbers in `torch_values.py`. Muon takes matrices alone.
TORCH_ROWS = {
    "torch sgd": Row(T.sgd(0.05, 0.9, 0.3, 0.01, maximize=False), T.sgd),
    "torch sgd_nesterov": Row(T.sgd(0.05, 0.9, nesterov=True), T.sgd),
    "torch adam": Row(T.adam(0.05, weight_decay=0.001), T.adam),
    "torch adam_amsgrad": Row(T.adam(0.05, amsgrad=True), T.adam),
    "torch adamw": Row(T.adamw(0.05), T.adamw),
    "torch adamax": Row(T.adamax(0.05), T.adamax),
    "torch nadam": Row(T.nadam(0.05), T.nadam),
    "torch radam": Row(T.radam(0.05), T.radam),
    "torch adadelta": Row(
        T.adadelta(), T.adadelta, fast=T.adadelta(O.exponential_decay(5.0, 40, 0.6), eps=1e-3)
    ),
    "torch adagrad": Row(T.adagrad(0.05), T.adagrad, fast=T.adagrad(0.5)),
    "torch adafactor": Row(T.adafactor(0.05), T.adafactor, fast=T.adafactor(0.3)),
    "torch asgd": Row(T.asgd(0.05), T.asgd),
    "torch rmsprop": Row(T.rmsprop(0.01), T.rmsprop, fast=T.rmsprop(FALLING)),
    "torch rmsprop_centered": Row(
        T.rmsprop(0.01, momentum=0.5, centered=True), T.rmsprop, fast=T.rmsprop(FALLING)
    ),
    "torch rprop": Row(T.rprop(0.01), T.rprop),
}
ALL = ROWS | TORCH_ROWS


def keywords(row, problem, params):
    """The further keywords that the optimiser needs."""
    found = {}
    if "value" in row.extra:
        found["value"] = problem.value(params)
    if "obj_fn" in row.extra:
        found["obj_fn"] = problem.obj_fn
    return found

"""Trajectories of 100 steps beside those of the real Optax and PyTorch, where installed.

Three problems of 17 parameters in double precision, those of the tests. Each step starts from our parameters and
our gradient, and from the library's own state of all steps before, so that rounding does not grow along chaotic
paths. A row is the largest difference of any parameter after any step, relative to the largest parameter.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from gradscribe import optim
from gradscribe.optim import torch_optimizers
from tests.optim.problems import PROBLEMS, Problem, parts, start
from tests.optim.table import ROWS

STEPS = 100
AGREEMENT = 1e-10

# What explains a difference beyond 1e-10.
EXPLAINED = {
    "torch nadam": "PyTorch keeps the product of momenta in float32",
    "torch asgd": "PyTorch keeps rates in float32",
    "adafactor": "Optax computes the decay 1 - t^-0.8 in float32",
    "madgrad": "Optax takes the root of the number of steps in float32",
    "accumulated_sgd": "Optax divides by the number of gradients in float32",
    "galore": "Optax decomposes gradients in float32, and signs of singular vectors are free",
    "rprop": "Optax applies the update of the step before; PyTorch and the paper do not",
}

# Takes parameters, gradients and loss; returns the parameters after a step of the other library.
Advance = Callable[[Any, Any, float], np.ndarray]

OPTAX: dict[str, Callable[[Any], Any]] = {
    "sgd": lambda o: o.sgd(0.05),
    "sgd_momentum": lambda o: o.sgd(0.05, 0.9),
    "sgd_nesterov": lambda o: o.sgd(0.05, 0.9, True),
    "adafactor": lambda o: o.adafactor(0.05, min_dim_size_to_factor=2),
    "adam_rooted": lambda o: o.adam(0.05, eps_root=1e-3),
    "clipped_sgd": lambda o: o.chain(o.clip_by_global_norm(0.5), o.sgd(0.05)),
    "rmsprop_centered": lambda o: o.rmsprop(0.01, eps=1e-3, centered=True, momentum=0.5),
    "adadelta": lambda o: o.adadelta(1.0),
    "polyak_sgd": lambda o: o.polyak_sgd(),
    "lars": lambda o: o.lars(5.0),
    "rprop": lambda o: o.rprop(0.01),
    "muon": lambda o: o.contrib.muon(0.05),
    "prodigy": lambda o: o.contrib.prodigy(),
    "schedule_free_sgd": lambda o: o.contrib.schedule_free_sgd(0.05),
    "schedule_free_adamw": lambda o: o.contrib.schedule_free_adamw(0.05),
    "held_back": lambda o: o.chain(o.sgd(0.05), o.apply_every(3)),
    "momentum_at_times": lambda o: o.chain(
        o.conditionally_transform(o.trace(0.9), lambda n: n % 2 == 0), o.scale(-0.05)
    ),
    "steps_at_times": lambda o: o.conditionally_mask(o.sgd(0.05, 0.9), lambda n: n % 2 == 0),
    "distance_over_gradients": lambda o: o.scale_by_distance_over_gradients(
        0.1, param_dtype="float64", global_scale=-1.0
    ),
    "ademamix": lambda o: o.contrib.ademamix(0.05, b3=0.99, weight_decay=0.01),
    "simplified_ademamix": lambda o: o.contrib.simplified_ademamix(0.005, alpha=2.0),
    "adopt": lambda o: o.contrib.adopt(0.05),
    "adopt_nesterov": lambda o: o.contrib.adopt(0.05, nesterov=True, use_clipping=False),
    "acprop": lambda o: o.contrib.acprop(0.005),
    "madgrad": lambda o: o.contrib.madgrad(0.05),
    "cocob": lambda o: o.contrib.cocob(),
    "dog": lambda o: o.contrib.dog(init_step=("heuristic", 1e-3)),
    "dog_first_rate": lambda o: o.contrib.dog(init_step=("learning_rate", 1e-3)),
    "dowg": lambda o: o.contrib.dowg(),
    "momo": lambda o: o.contrib.momo(0.5, lower_bound=-1.0, weight_decay=0.01, adapt_lower_bound=True),
    "momo_adam": lambda o: o.contrib.momo_adam(0.05),
    "quasi_newton": lambda o: o.chain(o.scale_by_lbfgs(3), o.scale(-0.3)),
    "dadapt_adamw": lambda o: o.contrib.dadapt_adamw(estim_lr0=1e-3, weight_decay=0.01),
    "mechanize": lambda o: o.contrib.mechanize(o.sgd(0.05, 0.9), s_init=1e-3, num_betas=3),
    "galore": lambda o: o.contrib.galore(0.05, rank=2, update_proj_gap=30, scale=0.5, weight_decay=0.01),
    "dpsgd_without_noise": lambda o: o.contrib.dpsgd(0.5, 0.5, 0.0, seed=0),
    "sam": lambda o: o.contrib.sam(o.sgd(0.05, 0.5), o.chain(o.contrib.normalize(), o.sgd(0.01))),
    "plateau": lambda o: o.chain(
        o.sgd(0.05),
        o.contrib.reduce_on_plateau(1 / 3, 3, 0.01, cooldown=1, accumulation_size=2),
    ),
    "accumulated_sgd": lambda o: o.MultiSteps(o.sgd(0.05), 3).gradient_transformation(),
}
# SM3 is not here because Optax's takes no scalars.
ALIKE = (
    "adam adamw nadam nadamw amsgrad adamax adamaxw radam adabelief yogi adan lion optimistic_adam"
    " optimistic_adam_v2 rmsprop adagrad lamb fromage novograd sign_sgd signum optimistic_gradient_descent"
).split()

TORCH: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {"lr": 0.05, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01}),
    "adam": ("Adam", {"lr": 0.05, "weight_decay": 0.01, "amsgrad": True}),
    "adamw": ("AdamW", {"lr": 0.05}),
    "adamax": ("Adamax", {"lr": 0.05}),
    "nadam": ("NAdam", {"lr": 0.05}),
    "radam": ("RAdam", {"lr": 0.05}),
    "adadelta": ("Adadelta", {}),
    "adagrad": ("Adagrad", {"lr": 0.05, "lr_decay": 0.1}),
    "adafactor": ("Adafactor", {"lr": 0.05}),
    "asgd": ("ASGD", {"lr": 0.05}),
    "rmsprop": ("RMSprop", {"lr": 0.01}),
    "rprop": ("Rprop", {"lr": 0.01}),
}


def rows(*, quick: bool) -> list[dict[str, object]]:
    """One row for each optimiser of each library; all problems together."""
    found = []
    if (optax := _installed("optax")) is not None:
        jax = importlib.import_module("jax")
        jax.config.update("jax_enable_x64", True)
        for name in [*OPTAX, *ALIKE]:
            made = OPTAX[name](optax) if name in OPTAX else getattr(optax, name)(0.05)
            found.append(
                _row(name, ROWS[name].make, partial(_optax, jax, optax, made, "value" in ROWS[name].extra))
            )
    if (torch := _installed("torch")) is not None:
        for name, (their_name, keywords) in TORCH.items():
            ours = getattr(torch_optimizers, name)(**keywords)
            found.append(
                _row(
                    f"torch {name}", ours, partial(_torch, torch, getattr(torch.optim, their_name), keywords)
                )
            )
    return found


def _row(name: str, ours: optim.GradientTransformation, theirs: Callable[[], Advance]) -> dict[str, object]:
    worst = max(_difference(name, ours, problem, theirs()) for problem in PROBLEMS.values())
    note = "" if worst <= AGREEMENT else EXPLAINED.get(name, "NOT EXPLAINED")
    return {"optimiser": name, "difference": f"{worst:.1e}", "because": note}


def _difference(name: str, opt: optim.GradientTransformation, problem: Problem, advance: Advance) -> float:
    params = start(1)
    state = opt.init(params)
    worst = 0.0
    for _ in range(STEPS):
        grads, value = problem.grads(params), problem.value(params)
        if name in ROWS:
            grads = ROWS[name].given(grads)
        other = advance(params, grads, value)
        wants_value = name in ROWS and "value" in ROWS[name].extra
        params, state = opt.step(params, grads, state, **({"value": value} if wants_value else {}))
        worst = max(worst, float(np.max(np.abs(_flat(params) - other)) / np.max(np.abs(other))))
    return worst


def _flat(params: Any) -> np.ndarray:
    return np.concatenate([np.asarray(leaf).reshape(-1) for leaf in parts(params)])


def _optax(jax: Any, optax: Any, opt: Any, needs_value: bool) -> Advance:
    state = opt.init(jax.tree.map(jax.numpy.asarray, start(1)))
    update = jax.jit(opt.update)

    def advance(params: Any, grads: Any, value: float) -> np.ndarray:
        nonlocal state
        p, g = (jax.tree.map(jax.numpy.asarray, one) for one in (params, grads))
        updates, state = update(g, state, p, **({"value": value} if needs_value else {}))
        return _flat(optax.apply_updates(p, updates))

    return advance


def _torch(torch: Any, make: Any, keywords: dict[str, Any]) -> Advance:
    tensors = [torch.from_numpy(np.array(leaf)).requires_grad_() for leaf in parts(start(1))]
    opt = make(tensors, **keywords)

    def advance(params: Any, grads: Any, value: float) -> np.ndarray:
        for tensor, leaf, grad in zip(tensors, parts(params), parts(grads), strict=True):
            tensor.data.copy_(torch.from_numpy(np.array(leaf)))
            tensor.grad = torch.from_numpy(np.array(grad))
        opt.step()
        return np.concatenate([tensor.detach().numpy().reshape(-1) for tensor in tensors])

    return advance


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None

"""Every setting of every optimiser and schedule is of the kind of its annotation, or refused by its name."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from gradscribe import optim
from gradscribe.errors import GradscribeError
from gradscribe.optim import torch_optimizers, torch_schedules

NOT_NUMBERS = {
    "text": "x", "a list": [1.0, 2.0, 3.0, 4.0], "an array": np.ones(4), "a dict": {}, "complex": 1j,
    "not a number": float("nan"),
}  # fmt: skip
# Kinds whose wrong values are those above; a flag or an axis may not be nan either.
NUMBERS = (
    "float",
    "int",
    "bool",
    "ScalarOrSchedule",
    "Betas",
    "tuple[float, float]",
    "tuple[float, float, float]",
)
MADE = ("GradientTransformation", "Schedule")


def factories():
    for module in (optim, torch_optimizers, torch_schedules):
        for name, function in vars(module).items():
            public = not name.startswith("_")
            if (
                public
                and inspect.isfunction(function)
                and inspect.signature(function).return_annotation in MADE
            ):
                yield f"{module.__name__.rsplit('.', 1)[-1]}.{name}", function


def settings():
    for name, function in factories():
        for setting, parameter in inspect.signature(function).parameters.items():
            if str(parameter.annotation).removesuffix(" | None") in NUMBERS:
                yield pytest.param(function, setting, id=f"{name}-{setting}")


def required(function):
    """Something for what has no default; only the setting at hand is looked at, before the others."""
    found = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_POSITIONAL:
            found[name] = optim.sgd(0.1) if "Transformation" in str(parameter.annotation) else 0.5
    return found


def test_all_settings_are_seen():
    assert len(list(settings())) > 600


@pytest.mark.parametrize(("function", "setting"), list(settings()))
def test_what_is_no_number_is_refused_by_name(function, setting):
    for value in NOT_NUMBERS.values():
        with pytest.raises(GradscribeError) as caught:
            function(**{**required(function), setting: value})
        if f"`{setting}" not in str(caught.value):
            # Another setting of `required` does not fit; then the one at hand must stand alone.
            assert caught.value.code == "GS356"
            with pytest.raises(GradscribeError, match=f"`{setting}"):
                function(**{setting: value})


def test_numbers_of_numpy_are_those_of_python():
    opt = optim.adam(np.array(0.1), np.float32(0.5), np.array(0.25), np.array(1e-3), nesterov=np.True_)
    same = optim.adam(0.1, 0.5, 0.25, 1e-3, nesterov=True)
    params, grads = [1.0, 2.0], [0.5, -3.0]
    for one, other in zip(
        opt.step(params, grads, opt.init(params))[0], same.step(params, grads, same.init(params))[0]
    ):
        assert one == other
    rate = optim.exponential_decay(0.1, 1e2, 0.5)
    assert rate(100) == 0.05


def steps(opt, count):
    params, grads = np.ones((3, 4)), np.full((3, 4), 0.3)
    state = opt.init(params)
    for _ in range(count):
        params, state = opt.step(params, grads, state)
    return params, state


def test_adafactor_goes_on_after_its_offset():
    """The decay at step t of the second run is that of step t - offset."""
    _, state = steps(optim.adafactor(0.1, 2), 3)
    moved = optim.adafactor(0.1, 2, decay_offset=3)
    grads = np.full((3, 4), 2.0)
    _, after = moved.step(np.ones((3, 4)), grads, state)
    # At its first step the decay is 0: what was kept before is forgotten.
    np.testing.assert_allclose(after[0].v_row[0], 4.0, rtol=1e-12)


REFUSED = {
    "negative ε": (lambda: optim.adam(0.1, eps=-1e-8), "`adam`: `eps` is -1e-08\n.*at least 0"),
    "endless decay": (lambda: optim.adamw(0.1, weight_decay=np.inf), "`adamw`: `weight_decay` is inf"),
    "schedule of a fixed rate": (
        lambda: optim.rprop(lambda n: 0.1), "`rprop`: `learning_rate` is a function\n.*inject"
    ),
    "no seed": (lambda: optim.noisy_sgd(0.1, seed=-1), "`noisy_sgd`: `seed` is -1"),
    "half a seed": (lambda: optim.noisy_sgd(0.1, seed=0.5), "`noisy_sgd`: `seed` is 0.5\n.*an int"),
    "a step before the first": (
        lambda: steps(optim.adafactor(0.1, 2, decay_offset=3), 1), "step 1 is not after the offset of 3"
    ),
    "schedules of numbers": (
        lambda: optim.join_schedules([0.1, 0.2], [3]), "`schedules.0.` is 0.1\n.*constant_schedule"
    ),
    "one schedule": (lambda: optim.join_schedules(0.1, [3]), "`schedules` is 0.1\n.*a list of schedules"),
    "falling boundaries": (
        lambda: optim.join_schedules([optim.constant_schedule(1.0)] * 3, [5, 3]), "`boundaries` is .5, 3.\n.*rise"
    ),
    "one milestone": (lambda: optim.torch_schedules.multi_step_lr(0.1, 3), "`milestones` is 3\n.*a list of ints"),
    "half a milestone": (lambda: optim.torch_schedules.multi_step_lr(0.1, [3.5]), "`milestones.0.` is 3.5"),
    "a step of text": (lambda: optim.piecewise_constant_schedule(0.1, {"x": 0.5}), "has 'x' for a step"),
    "a boundary before 0": (lambda: optim.piecewise_constant_schedule(0.1, {-3: 0.5}), "has -3 for a step"),
    "a scale of text": (
        lambda: optim.piecewise_constant_schedule(0.1, {3: "x"}), "`boundaries_and_scales.3.` is 'x'"
    ),
    "a cycle without end": (lambda: optim.sgdr_schedule([{"init_value": 1.0}]), "a cycle is .'init_value'"),
    "a schedule of nan": (
        lambda: steps(optim.sgd(lambda n: np.nan if n else 0.1), 2), "returned nan for step 1\n.*a number"
    ),
    "a flag of 2": (lambda: optim.adam(0.1, nesterov=2), "`adam`: `nesterov` is 2\n.*True or False"),
    "one beta": (lambda: optim.torch_optimizers.adam(betas=0.9), "`adam`: `betas` is 0.9\n.*two numbers"),
    "text in betas": (lambda: optim.torch_optimizers.adam(betas=(0.9, "x")), "`betas.1.` is 'x'"),
    "no clipping at all": (lambda: optim.clip_by_block_rms(0.0), "`threshold` is 0.0"),
    "unknowable variance": (lambda: optim.radam(0.1, threshold=2.0), "`threshold` is 2.0\n.*at least 4"),
    "no ε": (lambda: optim.dowg(eps=0.0), "`dowg`: `eps` is 0.0\n.*positive"),
    "a condition of text": (lambda: optim.conditionally_mask(optim.sgd(0.1), "x"), "`should_transform_fn` is 'x'"),
    "axes by name": (lambda: optim.adaptive_grad_clip(0.1, axis="rows"), "`axis` is 'rows'\n.*an int"),
}  # fmt: skip


def test_an_optimiser_is_not_flattened():
    with pytest.raises(GradscribeError, match="GS354: `flatten` was given an optimiser"):
        optim.flatten(optim.adam(0.1))


@pytest.mark.parametrize("name", REFUSED)
def test_what_means_nothing_is_refused(name):
    call, message = REFUSED[name]
    with pytest.raises(GradscribeError, match=f"GS356: .*{message}"):
        call()

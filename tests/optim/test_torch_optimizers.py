"""The optimisers of torch.optim against where PyTorch itself arrives, in a literal table."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from gradscribe import optim
from gradscribe.errors import GradscribeError
from gradscribe.optim import torch_optimizers
from tests.optim.problems import PROBLEMS, parts, start
from tests.optim.torch_values import DEFAULTS, REACHED, STEPS

# PyTorch keeps the momenta of NAdam and the rates of ASGD in float32. Adafactor's steps do not shrink with the
# gradient, so that rounding grows near the solution, on the Rosenbrock function beyond comparison.
TOLERANCES = {"nadam": 1e-7, "asgd": 1e-7, "adafactor": 1e-7}
CHAOTIC = {("adafactor", "rosenbrock"): 2}
WEIGHTS = np.cos(np.arange(17) * 1.7) + 0.3


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("call", REACHED)
def test_arrives_where_pytorch_does(call, problem):
    opt = eval(f"torch_optimizers.{call}", {"torch_optimizers": torch_optimizers})
    params = start(1)
    state = opt.init(params)
    reached = []
    for t in range(1, max(STEPS) + 1):
        params, state = opt.step(params, PROBLEMS[problem].grads(params), state)
        if t in STEPS:
            reached.append(WEIGHTS @ np.concatenate([leaf.reshape(-1) for leaf in parts(params)]))
    name = call.partition("(")[0]
    compared = slice(CHAOTIC.get((name, problem)))
    tolerance = TOLERANCES.get(name, 1e-9)
    np.testing.assert_allclose(
        reached[compared], REACHED[call][problem][compared], rtol=tolerance, atol=1e-10
    )


@pytest.mark.parametrize("name", DEFAULTS)
def test_defaults_are_those_of_pytorch(name):
    found = {k: p.default for k, p in inspect.signature(getattr(torch_optimizers, name)).parameters.items()}
    assert {k: v for k, v in found.items() if k != "maximize"} == DEFAULTS[name]


@pytest.mark.parametrize("name", DEFAULTS)
def test_float32_and_structure_are_kept(name):
    opt = getattr(torch_optimizers, name)()
    params = [np.ones((3, 2), np.float32), np.ones((2, 2), np.float32)]
    stepped, _ = opt.step(params, params, opt.init(params))
    assert [leaf.dtype for leaf in stepped] == [np.float32] * 2
    assert not np.array_equal(stepped[0], params[0])


def test_muon_moves_matrices_by_orthogonal_steps():
    """The iteration acts on singular values alone."""
    rng = np.random.default_rng(0)
    W, mean = rng.normal(size=(6, 4)), np.zeros((6, 4))
    opt = torch_optimizers.muon(0.1, adjust_lr_fn="match_rms_adamw")
    params, state = {"W": W}, opt.init({"W": W})
    for _ in range(5):
        g = rng.normal(size=(6, 4))
        mean = 0.95 * mean + 0.05 * g
        u, x, vt = np.linalg.svd(0.95 * mean + 0.05 * g, full_matrices=False)
        x = x / (np.linalg.norm(x) + 1e-7)
        for _ in range(5):
            x = 3.4445 * x - 4.7750 * x**3 + 2.0315 * x**5
        W = W * (1 - 0.1 * 0.1) - 0.1 * 0.2 * np.sqrt(6) * (u * x) @ vt
        params, state = opt.step(params, {"W": g}, state)
        np.testing.assert_allclose(params["W"], W, rtol=1e-9, atol=1e-12)
    with pytest.raises(GradscribeError, match="GS356"):
        torch_optimizers.muon(adjust_lr_fn="other")


def test_asgd_averages_from_a_step_on():
    opt = torch_optimizers.asgd(0.1, lambd=0.0, t0=2)
    x, state, path = 1.0, opt.init(1.0), []
    for _ in range(6):
        x, state = opt.step(x, x, state)
        path.append(x)
    assert optim.unflatten(state[-1].ax, x) == pytest.approx(np.mean(path[3:]), rel=1e-12)

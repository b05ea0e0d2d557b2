"""A step of Adam against PyTorch (foreach) and Optax under jit, where installed.

Each library steps on its own arrays, by its own conventions: PyTorch writes into its parameters; Optax and
gradscribe return new ones and leave the old ones as they were. Optax is also run with its old arrays donated.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.measure import in_turns
from gradscribe import optim

RATE = 1e-3
CASES = (
    ("5 leaves of 10", 5, 10, np.float64, 5.0),
    ("5 leaves of 10", 5, 10, np.float32, 5.0),
    ("50 leaves of 10,000", 50, 10_000, np.float64, 1.0),
    ("50 leaves of 10,000", 50, 10_000, np.float32, 1.0),
)
OURS = ("gradscribe", "compiled")
Leaves = list[np.ndarray]


def rows(*, quick: bool) -> list[dict[str, object]]:
    """One row for each size, dtype, way of ours and peer."""
    found: list[dict[str, object]] = []
    for name, count, size, dtype, goal in CASES:
        rng = np.random.default_rng(0)
        params = [rng.normal(size=size).astype(dtype) for _ in range(count)]
        grads = [rng.normal(size=size).astype(dtype) for _ in range(count)]
        calls = {"gradscribe": _gradscribe(params, grads, optim.adam(RATE))}
        for peer, make in PEERS.items():
            if (module := _installed(peer)) is not None:
                calls.update(make(module, params, grads))
        if _installed("numba") is not None:
            calls["compiled"] = _gradscribe(params, grads, optim.compiled(optim.adam(RATE)))
        timings = in_turns(calls, seconds=0.5 if quick else 3.0, turns=21, clock=time.perf_counter)
        found += [
            {
                "parameters": name,
                "dtype": np.dtype(dtype).name,
                "ours": ours,
                "peer": peer,
                "peer µs": 1e6 * timings.seconds(peer),
                "our µs": 1e6 * timings.seconds(ours),
                "times faster": timings.ratio(peer, ours),
                "goal": goal,
            }
            for ours in OURS
            for peer in calls
            if ours in calls and peer not in OURS
        ]
    return found


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _gradscribe(params: Leaves, grads: Leaves, opt: optim.GradientTransformation) -> Callable[[], object]:
    now = [params, opt.init(params)]

    def step() -> object:
        now[:] = opt.step(now[0], grads, now[1])
        return now[0]

    return step


def _torch(torch: Any, params: Leaves, grads: Leaves) -> dict[str, Callable[[], object]]:
    torch.set_num_threads(1)
    calls = {}
    for how in ("foreach", "fused"):
        tensors = [torch.from_numpy(leaf.copy()).requires_grad_() for leaf in params]
        for tensor, grad in zip(tensors, grads, strict=True):
            tensor.grad = torch.from_numpy(grad.copy())
        calls[f"torch {how}"] = torch.optim.Adam(tensors, lr=RATE, **{how: True}).step
    return calls


def _optax(optax: Any, params: Leaves, grads: Leaves) -> dict[str, Callable[[], object]]:
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    opt = optax.adam(RATE)
    on_device = [jax.numpy.asarray(leaf) for leaf in grads]

    def update(params: Any, grads: Any, state: Any) -> Any:
        updates, state = opt.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    def stepper(*donated: int) -> Callable[[], object]:
        compiled = jax.jit(update, donate_argnums=donated)
        start = [jax.numpy.array(leaf) for leaf in params]
        now = [start, opt.init(start)]

        def step() -> object:
            now[:] = compiled(now[0], on_device, now[1])
            return jax.block_until_ready(now[0])

        return step

    return {"optax jit": stepper(), "optax jit, donated": stepper(0, 2)}


PEERS: dict[str, Callable[[Any, Leaves, Leaves], dict[str, Callable[[], object]]]] = {
    "torch": _torch,
    "optax": _optax,
}

"""The same gradients by HIPS autograd, JAX jit and PyTorch, each in the form that the library asks for.

In-place code is rewritten for autograd and JAX, which refuse it; loops stay Python loops. Peers get arrays of
their own kind and convert nothing inside the timed call, which ends when the gradient is ready.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import gradscribe as gs
from benchmarks.measure import in_turns
from benchmarks.programs import PROGRAMS, QUICK_SIZES, SIZES, Program

Make = Callable[[Any, str, tuple[Any, ...]], Callable[[], Any]]


def rows(*, quick: bool) -> list[dict[str, object]]:
    """One row for each program, size and peer."""
    peers = {name: module for name in MAKERS if (module := _installed(name)) is not None}
    found: list[dict[str, object]] = []
    for program in PROGRAMS:
        for size in QUICK_SIZES if quick else SIZES:
            found += _compared(program, size, peers, seconds=0.5 if quick else 2.0)
    return found


def _compared(program: Program, size: int, peers: dict[str, Any], seconds: float) -> list[dict[str, object]]:
    arguments = program.arguments(size)
    calls: dict[str, Callable[[], Any]] = {"gradscribe": partial(gs.grad(program.function), *arguments)}
    expected = calls["gradscribe"]()
    for name, module in peers.items():
        calls[name] = MAKERS[name](module, program.name, arguments)
        np.testing.assert_allclose(np.asarray(calls[name]()), expected, rtol=1e-8, atol=1e-10)
    timings = in_turns(calls, seconds=seconds, clock=time.perf_counter)
    return [
        {
            "program": program.name,
            "size": size,
            "peer": name,
            "peer µs": 1e6 * timings.seconds(name),
            "gradscribe µs": 1e6 * timings.seconds("gradscribe"),
            "times faster": timings.ratio(name, "gradscribe"),
        }
        for name in peers
    ]


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def least_squares(xp: Any, w: Any, x: Any, y: Any) -> Any:
    """The golden of this name with the library's functions."""
    r = x @ w - y
    return xp.mean(r**2)


def rollout(xp: Any, theta: Any, x: Any, n: int) -> Any:
    """The golden of this name with the library's functions."""
    for _ in range(n):
        x = x + 0.01 * xp.tanh(theta @ x)
    return xp.sum(x**2)


def heat(xp: Any, u: Any, k: float, steps: int) -> Any:
    """The golden of this name without in-place updates."""
    join = getattr(xp, "concatenate", None) or xp.cat
    for _ in range(steps):
        u = join((u[:1], u[1:-1] + k * (u[2:] - 2.0 * u[1:-1] + u[:-2]), u[-1:]))
    return xp.sum(u**2)


FUNCTIONS: dict[str, Callable[..., Any]] = {"least_squares": least_squares, "rollout": rollout, "heat": heat}


def _autograd(autograd: Any, name: str, arguments: tuple[Any, ...]) -> Callable[[], Any]:
    xp = importlib.import_module("autograd.numpy")
    gradient = autograd.grad(FUNCTIONS[name], 1)
    return partial(gradient, xp, *arguments)


def _jax(jax: Any, name: str, arguments: tuple[Any, ...]) -> Callable[[], Any]:
    jax.config.update("jax_enable_x64", True)
    fixed = tuple(i for i, argument in enumerate(arguments) if isinstance(argument, int))
    gradient = jax.jit(jax.grad(partial(FUNCTIONS[name], jax.numpy)), static_argnums=fixed)
    on_device = [jax.numpy.asarray(a) if isinstance(a, np.ndarray) else a for a in arguments]
    return lambda: gradient(*on_device).block_until_ready()


def _torch(torch: Any, name: str, arguments: tuple[Any, ...]) -> Callable[[], Any]:
    torch.set_num_threads(1)
    tensors = [torch.from_numpy(a.copy()) if isinstance(a, np.ndarray) else a for a in arguments]
    tensors[0].requires_grad_()
    return lambda: torch.autograd.grad(FUNCTIONS[name](torch, *tensors), tensors[0])[0]


MAKERS: dict[str, Make] = {"autograd": _autograd, "jax": _jax, "torch": _torch}

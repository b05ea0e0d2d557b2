"""What a call costs beyond the generated function: the guard, the cache, the unpacking of containers."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import gradscribe as gs
from benchmarks.measure import in_turns


def square(x: Any) -> Any:
    """One Python float."""
    return x * x


def three_arrays(a: Any, b: Any, c: Any) -> Any:
    """Three arrays of ten."""
    return np.sum(a * b * c)


def nested(params: Any) -> Any:
    """Five arrays of ten in a nested container."""
    (a, b), (c, d), e = params
    return np.sum(a * b * c * d * e)


def rows(*, quick: bool) -> list[dict[str, object]]:
    """One row for each kind of argument."""
    a = np.linspace(0.0, 1.0, 10)
    cases: dict[str, tuple[Callable[..., Any], tuple[Any, ...], float]] = {
        "one float": (square, (3.0,), 1.0),
        "three arrays": (three_arrays, (a, a + 1.0, a + 2.0), 1.0),
        "five arrays, nested": (nested, ([(a, a + 1.0), (a + 2.0, a + 3.0), a + 4.0],), 2.0),
    }
    found: list[dict[str, object]] = []
    for name, (function, arguments, goal) in cases.items():
        derivative = gs.grad(function)
        derivative(*arguments)
        calls = {"call": partial(derivative, *arguments), "bare": partial(saved(derivative), *arguments)}
        timings = in_turns(calls, seconds=0.5 if quick else 2.0, turns=101)
        found.append(
            {
                "arguments": name,
                "bare µs": 1e6 * timings.seconds("bare"),
                "call µs": 1e6 * timings.seconds("call"),
                "beyond µs": 1e6 * timings.difference("call", "bare"),
                "goal µs": goal,
            }
        )
    return found


def saved(derivative: Any) -> Callable[..., Any]:
    """The generated function alone, from the module that `save` writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bare.py"
        derivative.save(path)
        spec = importlib.util.spec_from_file_location("bare", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    function: Callable[..., Any] = getattr(module, derivative.__name__)
    return function

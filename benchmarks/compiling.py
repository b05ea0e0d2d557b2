"""Time to compile the gradient of a function of so many lines, imports done.

Processor time, which a busy machine does not stretch: compiling is one thread that never waits.
"""

from __future__ import annotations

import importlib.util
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import gradscribe as gs

PATTERN = (
    "h = np.tanh(w @ x + b)",
    "x = x + 0.01 * h",
    "b = 0.5 * b - h * x",
    "s = np.sum(h ** 2) + s",
    "x = np.where(x > 2.0, 2.0, x) * np.cos(b)",
)
LINES = (30, 100, 1_000, 3_000)


def rows(*, quick: bool) -> list[dict[str, object]]:
    """One row for each number of lines."""
    arguments = (np.eye(3), np.ones(3), np.zeros(3))
    found: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        _seconds(Path(folder), "warm", 30, arguments)
        for lines in LINES[:3] if quick else LINES:
            repetitions = 9 if lines <= 100 else 3
            times = [_seconds(Path(folder), f"f{lines}_{i}", lines, arguments) for i in range(repetitions)]
            found.append(
                {
                    "lines": lines,
                    "compile ms": 1e3 * median(times),
                    "ms per line": 1e3 * median(times) / lines,
                }
            )
    return found


def _seconds(folder: Path, name: str, lines: int, arguments: tuple[Any, ...]) -> float:
    function = written(folder, name, lines)
    start = time.process_time()
    gs.grad(function).compile(*arguments)
    return time.process_time() - start


def written(folder: Path, name: str, lines: int) -> Callable[..., Any]:
    """A function of so many lines, from a file of its own."""
    body = [PATTERN[i % len(PATTERN)] for i in range(lines - 3)]
    text = ["import numpy as np", "def f(w, x, b):", "s = 0.0", *body, "return s + np.sum(x)"]
    path = folder / f"{name}.py"
    path.write_text("\n".join(text[:2]) + "\n    " + "\n    ".join(text[2:]) + "\n", encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function: Callable[..., Any] = module.f
    return function

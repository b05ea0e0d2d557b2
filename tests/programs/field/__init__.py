"""Programs as scientists write them, one file each, from as many fields.

A file holds plain NumPy and nothing of gradscribe: `PROGRAM` is the function to differentiate,
`arguments(rng, size)` a point to do it at, `SIZES` a size for tests and one for benchmarks.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class FieldProgram:
    """One program: its name, the function, where it is tested, and where it is measured."""

    name: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    larger: tuple[Any, ...]


def load(path: Path) -> FieldProgram:
    module = importlib.import_module(f"{__name__}.{path.stem}")
    small, large = (module.arguments(np.random.default_rng(0), size) for size in module.SIZES)
    return FieldProgram(path.stem, module.PROGRAM, small, large)


def programs() -> list[FieldProgram]:
    """All programs of this folder, by name."""
    return [load(path) for path in sorted(Path(__file__).parent.glob("*.py")) if path.stem != "__init__"]

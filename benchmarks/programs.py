"""The programs of the golden tests that are measured, with arguments of any size.

In:  tests/golden/programs.   Out: `PROGRAMS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.golden.programs import heat, least_squares, rollout

SIZES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
QUICK_SIZES = (10, 1_000, 100_000)


@dataclass(frozen=True)
class Program:
    """A function, its derivative by hand, and arguments with about `size` elements."""

    name: str
    function: Callable[..., Any]
    by_hand: Callable[..., Any]
    arguments: Callable[[int], tuple[Any, ...]]


def _least_squares(size: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    columns = 2 if size < 100 else 10
    rows = size // columns
    return rng.normal(size=columns), rng.normal(size=(rows, columns)), rng.normal(size=rows)


def _rollout(size: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    n = max(2, round(size**0.5))
    return rng.normal(size=(n, n)) / n**0.5, rng.normal(size=n), 10


def _heat(size: int) -> tuple[Any, ...]:
    return np.random.default_rng(0).normal(size=size), 0.1, 10


PROGRAMS = (
    Program("least_squares", least_squares.PROGRAM, least_squares.by_hand, _least_squares),
    Program("rollout", rollout.PROGRAM, rollout.by_hand, _rollout),
    Program("heat", heat.PROGRAM, heat.by_hand, _heat),
)

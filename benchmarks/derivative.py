"""The generated derivative against the one that a person would write."""

from __future__ import annotations

from functools import partial

import numpy as np

import gradscribe as gs
from benchmarks.calls import saved
from benchmarks.measure import in_turns
from benchmarks.programs import PROGRAMS, QUICK_SIZES, SIZES


def rows(*, quick: bool) -> list[dict[str, object]]:
    """One row for each program and size."""
    found: list[dict[str, object]] = []
    for program in PROGRAMS:
        derivative = gs.grad(program.function)
        for size in QUICK_SIZES if quick else SIZES:
            arguments = program.arguments(size)
            np.testing.assert_allclose(
                derivative(*arguments), program.by_hand(*arguments), rtol=1e-9, atol=1e-12
            )
            timings = in_turns(
                {
                    "primal": partial(program.function, *arguments),
                    "by hand": partial(program.by_hand, *arguments),
                    "gradscribe": partial(derivative, *arguments),
                    "bare": partial(saved(derivative), *arguments),
                },
                seconds=0.3 if quick else 1.0,
            )
            found.append(
                {
                    "program": program.name,
                    "size": size,
                    "primal µs": 1e6 * timings.seconds("primal"),
                    "by hand µs": 1e6 * timings.seconds("by hand"),
                    "gradscribe µs": 1e6 * timings.seconds("gradscribe"),
                    "ratio to hand": timings.ratio("gradscribe", "by hand"),
                    "without the call": timings.ratio("bare", "by hand"),
                    "ratio to primal": timings.ratio("gradscribe", "primal"),
                }
            )
    return found

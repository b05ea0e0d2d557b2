"""The generated gradient of programs from many fields against the programs themselves."""

from __future__ import annotations

import time
from functools import partial

import gradscribe as gs
from benchmarks.measure import in_turns
from tests.programs.field import FieldProgram, programs
from tests.programs.idiom_checks import active


def rows(*, quick: bool) -> list[dict[str, object]]:
    """One row for each program: with respect to every argument that has a derivative."""
    found = programs()
    # What is imported at the first use belongs to no program.
    gs.grad(found[0].function).compile(*found[0].args)
    return [measured(program, seconds=0.05 if quick else 0.5) for program in found]


def measured(program: FieldProgram, *, seconds: float) -> dict[str, object]:
    """Time to compile the gradient, and its time as a multiple of the function's, at the larger size."""
    gradient = gs.grad(program.function, active(program.args))
    start = time.process_time()
    gradient.compile(*program.args)
    compiling = time.process_time() - start
    calls = {
        "primal": partial(program.function, *program.larger),
        "gradient": partial(gradient, *program.larger),
    }
    timings = in_turns(calls, seconds=seconds, turns=3)
    return {
        "program": program.name,
        "compile ms": 1e3 * compiling,
        "primal µs": 1e6 * timings.seconds("primal"),
        "gradient µs": 1e6 * timings.seconds("gradient"),
        "ratio to primal": timings.ratio("gradient", "primal"),
    }

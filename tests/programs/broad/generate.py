"""Random programs with mutation, aliases, views, ways out of loops, objects, lists: the same for the same seed.

In:  a seed.   Out: `Program`.
Not here: the fragments, putting them together (writer.py), checks (../checks.py).
"""

from __future__ import annotations

import warnings
from random import Random

import numpy as np

from tests import references
from tests.programs.broad.functions import PREAMBLE
from tests.programs.broad.pruning import pruned
from tests.programs.broad.writer import BroadWriter
from tests.programs.generate import NAME, Program
from tests.programs.load import load_module
from tests.programs.scope import Shape
from tests.references import leaves

IMPORTS = (
    "import functools\nimport itertools\nimport math\nfrom dataclasses import dataclass\n"
    "from typing import NamedTuple\n\nimport numpy as np\n"
)
SHAPES: tuple[tuple[Shape, ...], ...] = (
    ((4,),),
    ((4,), ()),
    ((3,), (3,)),
    ((2, 3),),
    ((2, 3), (3,)),
    ((2, 2), ()),
    ((3, 2), (3, 2)),
    ((), ()),
    ((5,), (2, 2), ()),
    ((1,), (3,)),
    ((0,), (2,), ()),
    ((3, 1), (1, 3)),
    ((2, 0), ()),
)
LARGEST = 1e3
"""Of a derivative: beyond it the references lose digits."""


def generate_broad(seed: int, *, size: int = 5) -> Program:
    """The program of this seed; texts that do not run, or whose values grow, are thrown away."""
    rng = Random(seed)
    while True:
        program = _candidate(rng, seed, size)
        if is_sound(program):
            return program


def _candidate(rng: Random, seed: int, size: int) -> Program:
    shapes = rng.choice(SHAPES)
    dtype = "float32" if rng.random() < 0.08 else "float64"
    complex_numbers = dtype == "float64" and rng.random() < 0.08
    writer = BroadWriter(rng, complex_numbers=complex_numbers)
    names = ["x", "y", "z"][: len(shapes)]
    lines = ["total = 0.0"]
    writes_arguments = False
    for name, shape in zip(names, shapes, strict=True):
        if shape:
            how = rng.choice(("copy", "copy", "times", "new", "argument"))
            lines += {"copy": [f"{name} = {name}.copy()"], "times": [f"{name} = {name} * 1.5"]}.get(how, [])
            if how == "new":
                # The argument itself is only read.
                made = writer.name()
                lines.append(f"{made} = np.tanh({name})")
                writer.bind(made, shape)
                continue
            writes_arguments |= how == "argument"
        writer.bind(name, shape)
    spent = 0
    while spent < size:
        made_lines, cost = writer.statement(size - spent)
        lines, spent = lines + made_lines, spent + cost
    body = "\n".join(f"    {line}" for line in lines)
    text = (
        f"{IMPORTS}{PREAMBLE}\n\ndef {NAME}({', '.join(names)}, n={rng.choice((0, 1, 2, 3, 3))}, m=2):\n"
        f"{body}\n    return {writer.everything()}\n"
    )
    return Program(pruned(text), shapes, dtype, seed, "number", complex_numbers, writes_arguments)


def is_sound(program: Program) -> bool:
    """It runs, also with complex numbers, and its derivative is of moderate size."""
    try:
        with np.errstate(all="raise", under="ignore"), warnings.catch_warnings():
            warnings.simplefilter("error")
            value = getattr(load_module(program.source), program.plain)(*program.arguments())
            if program.complex_numbers:
                return bool(np.isfinite(value)) and np.ndim(value) == 0 and not isinstance(value, complex)
            function = references.complex_function(program.source, program.plain)
            gradient = references.gradient(function, program.arguments())
            other = np.real(function(*program.arguments()))
    except Exception:
        return False
    sizes = [float(np.max(np.abs(leaf), initial=0.0)) for leaf in leaves(gradient)]
    tolerance = 1e-9 if program.dtype == "float64" else 1e-3
    # Where complex numbers change what the program does, they are no reference.
    return max(sizes) < LARGEST and abs(other - value) <= tolerance * (1.0 + abs(value))

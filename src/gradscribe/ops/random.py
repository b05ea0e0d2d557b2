"""Random draws: constants of the derivative, made once, in the forward sweep, in the order of the program.

A draw whose parameters are differentiated is written with them outside: `loc + scale * rng.normal(size=n)`.

In:  nothing.   Out: `OPERATIONS`.
Not here: generators made outside of the function, which are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input
from gradscribe.ir.types import FLOAT, INT, NONE, ArrayType, OpaqueType, Type, numpy_scalar
from gradscribe.ops.declare import entry
from gradscribe.ops.shapes import shape_lengths
from gradscribe.ops.spec import OpSpec, Refused, Spelling, TypeRule, Unsupported

Attrs = Mapping[str, object]
GENERATOR = OpaqueType("np.random.Generator")
DRAWN = Refused(
    why="a draw is a constant of the derivative; how it moves with its parameters is not followed",
    fix="draw without parameters and write them outside: `loc + scale * rng.normal(size=n)`",
)


def _drawn(dtype: type, *, of_generator: bool) -> TypeRule:
    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        given = list(types)
        if of_generator and (not given or given.pop(0) != GENERATOR):
            raise Unsupported(
                f"`.{spelling.name}()` of anything but a generator", "call np.random.default_rng"
            )
        if any(isinstance(type_, ArrayType) and type_.shape for type_ in given):
            raise Unsupported("a draw with an array of parameters", "write loc + scale * draw")
        size = attrs.get("size")
        if size is None:
            return (FLOAT if dtype is float else numpy_scalar(np.int64) if of_generator else INT,)
        return (ArrayType(np.dtype(dtype), shape_lengths(size, types)),)

    return rule


def _shape_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """np.random.rand(2, 3): the lengths are the arguments."""
    if not types:
        return (FLOAT,)
    return (ArrayType(np.dtype(float), shape_lengths(tuple(map(Input, range(len(types)))), types)),)


def _generator_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (GENERATOR,)


def _no_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (NONE,)


def _entry(name: str, spelling: str, signature: str, types: TypeRule, doc: str, **fields: Any) -> OpSpec:
    parts = [part.partition("=")[0].strip() for part in signature.split(",")]
    operands = tuple(part for part in parts if part not in ("size", "seed") and part.isidentifier())
    return entry(name, spelling, signature, DRAWN, types, doc, operands=operands, has_effect=True, **fields)


DRAWS = (
    ("normal", "loc=0.0, scale=1.0, ", float),
    ("uniform", "low=0.0, high=1.0, ", float),
    ("exponential", "scale=1.0, ", float),
    ("standard_normal", "", float),
    ("random", "", float),
)

OPERATIONS = (
    _entry("default_rng", "numpy.random.default_rng", "seed=None", _generator_types, "A random generator."),
    _entry("seed_draws", "numpy.random.seed", "seed=None", _no_types, "Sets the seed of np.random."),
    *(
        _entry(
            f"generator_{name}",
            f".{name}()",
            f"rng, {parameters}size=None",
            _drawn(dtype, of_generator=True),
            "A draw of a generator.",
        )
        for name, parameters, dtype in DRAWS
    ),
    *(
        _entry(
            f"random_{name}",
            f"numpy.random.{name}",
            f"{parameters}size=None",
            _drawn(dtype, of_generator=False),
            "A draw.",
        )
        for name, parameters, dtype in DRAWS
    ),
    _entry(
        "generator_integers",
        ".integers()",
        "rng, low, high=None, size=None",
        _drawn(int, of_generator=True),
        "Random ints.",
    ),
    _entry(
        "random_randint",
        "numpy.random.randint",
        "low, high=None, size=None",
        _drawn(int, of_generator=False),
        "Random ints.",
        refused_keywords={"dtype": "convert the draw with .astype"},
    ),
    *(
        _entry(f"random_{name}", f"numpy.random.{name}", "*lengths", _shape_types, "A draw of a shape.")
        for name in ("rand", "randn")
    ),
)

"""Random draws: constants of the derivative, made once, in the forward sweep, in the order of the program.

A draw whose parameters are differentiated is written with them outside: `loc + scale * rng.normal(size=n)`.
A generator that is passed, or found outside of the function, is advanced as the function itself advances it.

In:  nothing.   Out: `OPERATIONS`.
Not here: generators as arguments (frontend/structure.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input
from gradscribe.ir.types import FLOAT, GENERATOR, INT, NONE, RANDOM_STATE, ArrayType, Type, numpy_scalar
from gradscribe.ops.declare import entry
from gradscribe.ops.shapes import shape_lengths
from gradscribe.ops.spec import OpSpec, Refused, Spelling, TypeRule, Unsupported

Attrs = Mapping[str, object]
BOTH = (GENERATOR, RANDOM_STATE)
DRAWN = Refused(
    why="a draw is a constant of the derivative; how it moves with its parameters is not followed",
    fix="draw without parameters and write them outside: `loc + scale * rng.normal(size=n)`",
)


def _drawn(dtype: type, receivers: Sequence[Type] = ()) -> TypeRule:
    """The types of a draw with parameters and a size: a method of these generators, or a function of np.random."""

    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        given = _without_receiver(types, receivers, spelling)
        if any(isinstance(type_, ArrayType) and type_.shape for type_ in given):
            raise Unsupported("a draw with an array of parameters", "write loc + scale * draw")
        size = attrs.get("size")
        if size is None:
            is_numpy = dtype is int and receivers == (GENERATOR,)
            return (numpy_scalar(np.int64) if is_numpy else INT if dtype is int else FLOAT,)
        return (ArrayType(np.dtype(dtype), shape_lengths(size, types)),)

    return rule


def _without_receiver(
    types: Sequence[Type], receivers: Sequence[Type], spelling: Spelling
) -> tuple[Type, ...]:
    if not receivers:
        return tuple(types)
    if not types or types[0] not in receivers:
        made_by = "np.random.default_rng" if GENERATOR in receivers else "np.random.RandomState"
        raise Unsupported(f"`.{spelling.name}()` of anything but a generator", f"call {made_by}")
    return tuple(types[1:])


def _of_shape(receivers: Sequence[Type] = ()) -> TypeRule:
    """The types of `rand(2, 3)`: the lengths are the arguments."""

    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        count = len(_without_receiver(types, receivers, spelling))
        if not count:
            return (FLOAT,)
        lengths = tuple(map(Input, range(len(types) - count, len(types))))
        return (ArrayType(np.dtype(float), shape_lengths(lengths, types)),)

    return rule


def _made(generator: Type) -> TypeRule:
    return lambda types, attrs, spelling: (generator,)


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
PLAIN_DRAWS = (
    ("random", "", float),
    ("uniform", "a, b", float),
    ("gauss", "mu=0.0, sigma=1.0", float),
    ("normalvariate", "mu=0.0, sigma=1.0", float),
    ("expovariate", "lambd=1.0", float),
    ("randint", "a, b", int),
    ("randrange", "start, stop=None, step=1", int),
)
OLD_UNIFORM = ("random_sample", "", float)

OPERATIONS = (
    _entry("default_rng", "numpy.random.default_rng", "seed=None", _made(GENERATOR), "A random generator."),
    _entry(
        "random_state",
        "numpy.random.RandomState",
        "seed=None",
        _made(RANDOM_STATE),
        "A random generator of the old kind.",
    ),
    *(
        _entry(f"plain_{name}", f"random.{name}", parameters, _drawn(dtype), "A draw of Python's own.")
        for name, parameters, dtype in PLAIN_DRAWS
    ),
    _entry("seed_plain_draws", "random.seed", "a=None", _no_types, "Sets the seed of `random`."),
    _entry("seed_draws", "numpy.random.seed", "seed=None", _no_types, "Sets the seed of np.random."),
    *(
        _entry(
            f"generator_{name}",
            f".{name}()",
            f"rng, {parameters}size=None",
            _drawn(dtype, BOTH),
            "A draw of a generator.",
        )
        for name, parameters, dtype in DRAWS
    ),
    *(
        _entry(
            f"random_{name}",
            f"numpy.random.{name}",
            f"{parameters}size=None",
            _drawn(dtype),
            "A draw.",
        )
        for name, parameters, dtype in (*DRAWS, OLD_UNIFORM)
    ),
    _entry(
        "generator_random_sample",
        ".random_sample()",
        "rng, size=None",
        _drawn(float, (RANDOM_STATE,)),
        "A draw of a generator.",
    ),
    _entry(
        "generator_integers",
        ".integers()",
        "rng, low, high=None, size=None",
        _drawn(int, (GENERATOR,)),
        "Random ints.",
    ),
    _entry(
        "generator_randint",
        ".randint()",
        "rng, low, high=None, size=None",
        _drawn(int, (RANDOM_STATE,)),
        "Random ints.",
        refused_keywords={"dtype": "convert the draw with .astype"},
    ),
    _entry(
        "random_randint",
        "numpy.random.randint",
        "low, high=None, size=None",
        _drawn(int),
        "Random ints.",
        refused_keywords={"dtype": "convert the draw with .astype"},
    ),
    *(
        _entry(f"random_{name}", f"numpy.random.{name}", "*lengths", _of_shape(), "A draw of a shape.")
        for name in ("rand", "randn")
    ),
    *(
        _entry(
            f"generator_{name}",
            f".{name}()",
            "rng, *lengths",
            _of_shape((RANDOM_STATE,)),
            "A draw of a shape.",
        )
        for name in ("rand", "randn")
    ),
)

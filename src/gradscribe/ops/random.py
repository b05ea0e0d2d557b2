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
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import (
    FLOAT,
    GENERATOR,
    INT,
    NONE,
    RANDOM_STATE,
    ArrayType,
    ScalarType,
    Type,
    broadcast_shapes,
    numpy_scalar,
    shape_of,
)
from gradscribe.ops.declare import entry
from gradscribe.ops.promotion import length_of
from gradscribe.ops.shapes import shape_lengths
from gradscribe.ops.spec import OpSpec, Refused, Spelling, TypeRule, Unsupported

Attrs = Mapping[str, object]
BOTH = (GENERATOR, RANDOM_STATE)
DRAWN = Refused(
    why="a draw is a constant of the derivative; how it moves with its parameters is not followed",
    fix="draw without parameters and write them outside: `loc + scale * rng.normal(size=n)`",
)


COUNTED = Refused(
    why="a draw is a constant of the derivative; how it moves with its parameters is not followed",
    fix="pass what is not differentiated: `rng.poisson(gs.stop_gradient(rate))`",
)


def _drawn(dtype: type, receivers: Sequence[Type] = (), *, moves: bool = True) -> TypeRule:
    """The types of a draw with parameters and a size: a method of these generators, or a function of np.random.

    What only moves and stretches with its parameters is written with them outside; else they may be arrays.
    """

    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        given = _without_receiver(types, receivers, spelling)
        size = attrs.get("size")
        if any(isinstance(type_, ArrayType) and type_.shape for type_ in given):
            if moves or size is not None:
                raise Unsupported("a draw with an array of parameters", "write loc + scale * draw")
            shape = broadcast_shapes(*map(shape_of, given))
            return (ArrayType(np.dtype(dtype), shape),)
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


def _order(receivers: Sequence[Type] = ()) -> TypeRule:
    """The types of `permutation(n)`."""

    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        (count,) = _without_receiver(types, receivers, spelling)
        if not isinstance(count, ScalarType) or count.dtype.kind not in "iu":
            raise Unsupported("a permutation of an array", "index it: `x[rng.permutation(len(x))]`")
        return (ArrayType(np.dtype(np.int64), (length_of(count) or fresh(),)),)

    return rule


def _chosen(receivers: Sequence[Type] = ()) -> TypeRule:
    """The types of `choice(n, size, replace, p)`."""

    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        first = _without_receiver(types, receivers, spelling)[0]
        if not isinstance(first, ScalarType) or first.dtype.kind not in "iu":
            raise Unsupported("a choice from an array", "index it: `x[rng.choice(len(x), size=n)]`")
        if attrs.get("size") is None:
            return (INT,)
        return (ArrayType(np.dtype(np.int64), shape_lengths(attrs["size"], types)),)

    return rule


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
    operands = tuple(
        part for part in parts if part not in ("size", "seed", "replace") and part.isidentifier()
    )
    form = fields.pop("form", DRAWN)
    return entry(name, spelling, signature, form, types, doc, operands=operands, has_effect=True, **fields)


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
SHAPED_DRAWS = (
    ("poisson", "lam=1.0, ", int),
    ("binomial", "n, p, ", int),
    ("geometric", "p, ", int),
    ("negative_binomial", "n, p, ", int),
    ("beta", "a, b, ", float),
    ("gamma", "shape, scale=1.0, ", float),
    ("standard_gamma", "shape, ", float),
    ("chisquare", "df, ", float),
    ("standard_t", "df, ", float),
    ("standard_cauchy", "", float),
    ("standard_exponential", "", float),
    ("laplace", "loc=0.0, scale=1.0, ", float),
    ("logistic", "loc=0.0, scale=1.0, ", float),
    ("gumbel", "loc=0.0, scale=1.0, ", float),
    ("lognormal", "mean=0.0, sigma=1.0, ", float),
    ("rayleigh", "scale=1.0, ", float),
    ("weibull", "a, ", float),
    ("pareto", "a, ", float),
    ("power", "a, ", float),
    ("triangular", "left, mode, right, ", float),
    ("vonmises", "mu, kappa, ", float),
    ("wald", "mean, scale, ", float),
)
"""Draws whose shape depends on their parameters."""
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
    *(
        _entry(
            f"generator_{name}",
            f".{name}()",
            f"rng, {parameters}size=None",
            _drawn(dtype, BOTH, moves=False),
            "A draw of a generator.",
            form=COUNTED,
        )
        for name, parameters, dtype in SHAPED_DRAWS
    ),
    *(
        _entry(
            f"random_{name}",
            f"numpy.random.{name}",
            f"{parameters}size=None",
            _drawn(dtype, moves=False),
            "A draw.",
            form=COUNTED,
        )
        for name, parameters, dtype in SHAPED_DRAWS
    ),
    _entry("generator_permutation", ".permutation()", "rng, x", _order(BOTH), "Numbers in random order."),
    _entry("random_permutation", "numpy.random.permutation", "x", _order(), "Numbers in random order."),
    _entry(
        "generator_choice",
        ".choice()",
        "rng, a, size=None, replace=True, p=None",
        _chosen(BOTH),
        "Numbers chosen at random.",
        refused_keywords={"axis": "numbers have none", "shuffle": "they are shuffled"},
    ),
    _entry(
        "random_choice",
        "numpy.random.choice",
        "a, size=None, replace=True, p=None",
        _chosen(),
        "Numbers chosen at random.",
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

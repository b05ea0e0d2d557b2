"""Multivariate distributions of scipy.stats.

In:  nothing.   Out: `OPERATIONS`.
Not here: distributions of one variable (continuous.py, discrete.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Value
from gradscribe.ir.types import Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import Body, composite
from gradscribe.ops.contraction import transposed
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.slices import length
from gradscribe.ops.spec import OpSpec, Spelling, Unsupported

Attrs = Mapping[str, object]
LOG_TWO_PI = 1.8378770664093453


def _logpdf(b: OpBuilder, /, x: Value, mean: Value, cov: Value) -> Value:
    """-(k log 2π + log det Σ + dᵀ Σ⁻¹ d) / 2 with d = x - mean."""
    deviation = b.op("sub", x, mean)
    columns = transposed(b, deviation) if len(shape_of(x.type)) == 2 else deviation
    products = b.op("mul", columns, b.op("solve", cov, columns))
    squared = b.op("sum", products, axis=0) if len(shape_of(x.type)) == 2 else b.op("sum", products)
    _, log_det = b.apply("slogdet", (cov,))
    constant = b.op("add", b.op("mul", LOG_TWO_PI, length(b, cov, 0)), log_det)
    return b.op("mul", -0.5, b.op("add", squared, constant))


def _pdf(b: OpBuilder, /, x: Value, mean: Value, cov: Value) -> Value:
    return b.op("exp", _logpdf(b, x, mean, cov))


def _types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    if len(types) != 3 or [len(shape_of(type_)) for type_ in numbers(types)[1:]] != [1, 2]:
        raise Unsupported(
            "a normal distribution without a mean vector or a covariance matrix",
            "pass mean and cov as arrays",
        )
    shape = shape_of(types[0])
    if len(shape) not in (1, 2):
        raise Unsupported("points that are no vector, nor rows of a matrix", "reshape them")
    return (number_type(np.dtype(np.float64), shape[:-1]),)


def _normal(function: str, body: Body) -> OpSpec:
    return composite(
        f"multivariate_normal_{function}",
        f"scipy.stats.multivariate_normal.{function}",
        "x, mean, cov",
        body,
        f"{function} of the multivariate normal distribution.",
        why="that of -(k log 2π + log det Σ + dᵀ Σ⁻¹ d) / 2",
        types=_types,
        refused_keywords={"allow_singular": "the density of a singular distribution has no derivative"},
        samples=("a(2), a(2), spd(2)", "a(3, 2), a(2), spd(2)"),
        note="Only one triangle of the covariance is read; the derivative is symmetric.",
    )


OPERATIONS = (_normal("logpdf", _logpdf), _normal("pdf", _pdf))

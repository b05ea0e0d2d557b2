"""Multivariate distributions of scipy.stats.

In:  nothing.   Out: `OPERATIONS`.
Not here: distributions of one variable (continuous.py, discrete.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Value
from gradscribe.ir.lengths import ONE
from gradscribe.ir.types import Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import Body, composite, modelled
from gradscribe.ops.contraction import transposed
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.slices import entry, length
from gradscribe.ops.spec import OpSpec, Spelling, Unsupported
from gradscribe.ops.written import multivariate as model

Attrs = Mapping[str, object]
LAST_SHARE = (
    "Shares that sum to 1 move together: leave the last one out of x to have the derivative by the others."
)
LOG_TWO_PI = 1.8378770664093453


def _logpdf(b: OpBuilder, /, x: Value, mean: Value, cov: Value) -> Value:
    """-(k log 2π + log det Σ + dᵀ Σ⁻¹ d) / 2 with d = x - mean."""
    deviation = b.op("sub", x, mean)
    columns = transposed(b, deviation) if len(shape_of(x.type)) == 2 else deviation
    products = b.op("mul", columns, b.op("solve", cov, columns))
    squared = b.op("sum", products, axis=0) if len(shape_of(x.type)) == 2 else b.op("sum", products)
    _, log_det = b.apply("slogdet", (cov,))
    constant = b.op("add", b.op("mul", LOG_TWO_PI, length(b, cov, 0)), log_det)
    found = b.op("mul", -0.5, b.op("add", squared, constant))
    return entry(b, found, 0, 0) if shape_of(found.type) == (ONE,) else found


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
    # SciPy gives a number for one point, also where it is the only row of a matrix.
    return (number_type(np.dtype(np.float64), tuple(n for n in shape[:-1] if n != ONE)),)


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


PDF = {"allow_singular": "the density of a singular distribution has no derivative"}


def _density(function: Callable[..., Any], signature: str, doc: str, *samples: str, note: str = "") -> OpSpec:
    name = function.__name__
    distribution, _, method = name.rpartition("_")
    return modelled(
        name,
        f"scipy.stats.{distribution}.{method}",
        signature,
        function,
        f"{method} of {doc}.",
        why="its formula",
        samples=samples,
        refused_keywords=PDF,
        note=note,
        real_only=True,
    )


SHARES = "array([0.2, 0.5, 0.3])"
COUNTS = "constant([3, 0, 2])"
OPERATIONS = (
    _normal("logpdf", _logpdf),
    _normal("pdf", _pdf),
    *(
        _density(
            function, "x, alpha", "the Dirichlet distribution", f"{SHARES}[:2], 2.0 + a(3)", note=LAST_SHARE
        )
        for function in (model.dirichlet_logpdf, model.dirichlet_pdf)
    ),
    *(
        _density(
            function,
            "x, n, p",
            "the multinomial distribution",
            f"{COUNTS}, 5, {SHARES}",
            note="The last probability is what the others leave: nothing passes through it.",
        )
        for function in (model.multinomial_logpmf, model.multinomial_pmf)
    ),
    *(
        _density(
            function,
            "x, loc, shape, df",
            "the multivariate t distribution",
            "a(2), a(2), spd(2), 3.5",
            "a(4, 2), a(2), spd(2), 2.0 + s().value",
        )
        for function in (model.multivariate_t_logpdf, model.multivariate_t_pdf)
    ),
    _density(
        model.matrix_normal_logpdf,
        "X, mean, rowcov, colcov",
        "the matrix normal distribution",
        "a(3, 2), a(3, 2), spd(3), spd(2)",
        "a(4, 3, 2), a(3, 2), spd(3), spd(2)",
    ),
    _density(model.wishart_logpdf, "x, df, scale", "the Wishart distribution", "spd(3), 4.5, spd(3)"),
    _density(
        model.invwishart_logpdf, "x, df, scale", "the inverse Wishart distribution", "spd(3), 4.5, spd(3)"
    ),
)

"""Reductions in which nan counts as missing.

Each is the plain reduction of the array with nan replaced by a number that does not matter, and of the count of
the others.

In:  nothing.   Out: `OPERATIONS`.
Not here: nansum, which is linear (reductions.py); nanmedian and its like (quantiles.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradscribe.ir.graph import Value
from gradscribe.ir.types import dtype_of
from gradscribe.ops.axes import reduction_options
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import Body, composite
from gradscribe.ops.cumulative import RUNNING
from gradscribe.ops.products import is_flattened
from gradscribe.ops.reductions import AXES, REDUCTION_KEYWORDS, SAMPLES, SPREAD, reduction_types
from gradscribe.ops.spec import Domain, OpSpec, TypeRule, Unsupported
from gradscribe.ops.written import statistics as written

NAN = "nan counts as missing"


def _replaced(b: OpBuilder, x: Value, by: float) -> Value:
    return b.op("where", b.op("isnan", x), by, x) if dtype_of(x.type).kind in "fc" else x


def _plain(name: str, by: float) -> Body:
    def body(b: OpBuilder, x: Value, axis: object = None, keepdims: bool = False) -> Value:
        return b.op(name, _replaced(b, x, by), **reduction_options(axis, keepdims))

    return body


def _running(name: str, by: float) -> Body:
    def body(b: OpBuilder, x: Value, axis: object = None) -> Value:
        return b.op(name, _replaced(b, x, by), **reduction_options(axis, False))

    return body


def _count(b: OpBuilder, x: Value, axis: object, keepdims: bool) -> Value:
    present = b.op("logical_not", b.op("isnan", x))
    return b.op("sum", present, **reduction_options(axis, keepdims))


def _mean(b: OpBuilder, x: Value, axis: object = None, keepdims: bool = False) -> Value:
    total = b.op("sum", _replaced(b, x, 0.0), **reduction_options(axis, keepdims))
    return b.op("div", total, _count(b, x, axis, keepdims))


def _deviations(b: OpBuilder, x: Value, axis: object) -> Value:
    """From the mean, 0 where x is nan; x is read through one selection, which keeps nan out of its derivative."""
    options = reduction_options(axis, True)
    missing = b.op("isnan", x)
    kept = b.op("where", missing, 0.0, x)
    mean = b.op("div", b.op("sum", kept, **options), _count(b, x, axis, True))
    return b.op("where", missing, 0.0, b.op("sub", kept, mean))


def _var(b: OpBuilder, x: Value, axis: object = None, ddof: float = 0, keepdims: bool = False) -> Value:
    if dtype_of(x.type).kind == "c":
        raise Unsupported("nanvar of complex numbers", "add those of x.real and x.imag")
    squares = b.op("square", _deviations(b, x, axis))
    count = _count(b, x, axis, keepdims)
    count = b.op("sub", count, ddof) if ddof else count
    return b.op("div", b.op("sum", squares, **reduction_options(axis, keepdims)), count)


def _std(b: OpBuilder, x: Value, axis: object = None, ddof: float = 0, keepdims: bool = False) -> Value:
    """A norm of the deviations: its derivative is 0 where all of them are."""
    if dtype_of(x.type).kind == "c":
        raise Unsupported("nanstd of complex numbers", "add nanvar of x.real and x.imag")
    count = _count(b, x, axis, keepdims)
    count = b.op("sub", count, ddof) if ddof else count
    length = b.op("vector_norm", _deviations(b, x, axis), **reduction_options(axis, keepdims))
    return b.op("div", length, b.op("sqrt", count))


def _entry(
    name: str,
    signature: str,
    body: Body,
    doc: str,
    samples: tuple[str, ...],
    types: TypeRule | None = None,
    **fields: Any,
) -> OpSpec:
    return composite(
        name,
        f"numpy.{name}",
        signature,
        body,
        doc,
        why=NAN,
        types=types,
        operands=("x",),
        backend=Domain.REDUCTION,
        samples=samples,
        **fields,
    )


MISSING = "array([[1.0, nan, 2.0], [0.5, 0.7, nan]])"
HOLES = (MISSING, f"{MISSING}, axis=1", f"{MISSING}, axis=0, keepdims=True")
ALONG = ("a(4)", "a(3, 4), axis=0", "array([1.0, nan, 2.0])")
EXTREMES: tuple[tuple[str, float, Callable[..., Any], str], ...] = (
    ("max", -np.inf, written.nanmax, "Largest element that is not nan."),
    ("min", np.inf, written.nanmin, "Smallest element that is not nan."),
)

OPERATIONS = (
    *(
        _entry(
            f"nan{name}",
            AXES,
            _plain(name, least),
            doc,
            (*SAMPLES, *HOLES),
            reduction_types(),
            refused_keywords={"out": "it writes into another array"},
            written=function,
        )
        for name, least, function, doc in EXTREMES
    ),
    _entry(
        "nanmean",
        AXES,
        _mean,
        "Mean of the elements that are not nan.",
        (*SAMPLES, *HOLES),
        reduction_types(inexact=True),
        refused_keywords=REDUCTION_KEYWORDS,
    ),
    _entry(
        "nanprod",
        AXES,
        _plain("prod", 1.0),
        "Product of the elements that are not nan.",
        (*(text for text in SAMPLES if "(0, 2)" not in text and "(-1, 0)" not in text), *HOLES),
        refused_keywords={"out": "it writes into another array"},
        written=written.nanprod,
    ),
    _entry(
        "nancumsum",
        "x, axis=None",
        _running("cumsum", 0.0),
        "Running sum.",
        ALONG,
        refused_keywords=RUNNING,
        written=written.nancumsum,
    ),
    _entry(
        "nancumprod",
        "x, axis=None",
        _running("cumprod", 1.0),
        "Running product.",
        ALONG,
        refused_keywords=RUNNING,
        written=written.nancumprod,
        written_if=lambda given: "dtype" in given or is_flattened(given),
    ),
    *(
        _entry(
            name,
            SPREAD,
            body,
            doc,
            (*SAMPLES, *HOLES, "a(3, 4), axis=0, ddof=1"),
            reduction_types(inexact=True),
            renamed={"correction": "ddof"},
            refused_keywords={**REDUCTION_KEYWORDS, "mean": "it is computed"},
        )
        for name, body, doc in (
            ("nanvar", _var, "Variance of the elements that are not nan."),
            ("nanstd", _std, "Standard deviation of the elements that are not nan."),
        )
    ),
)

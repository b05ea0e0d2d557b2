"""scipy.stats: means, deviations and other numbers that describe samples.

In:  nothing.   Out: `OPERATIONS`.
Not here: their models (written/descriptive.py), distributions (continuous.py, discrete.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from gradscribe.ir.types import ArrayType, Type, dtype_of, shape_of
from gradscribe.ops.composite import modelled
from gradscribe.ops.declare import constant_almost_everywhere
from gradscribe.ops.options import Kind
from gradscribe.ops.promotion import numbers
from gradscribe.ops.spec import Domain, OpSpec, Spelling, Unsupported
from gradscribe.ops.written import descriptive as model

RESULTS = "gradscribe.runtime.results."
WHY = "what it is computed from"
AS_IT_IS = "nan is handed on"
REFUSED = {"nan_policy": AS_IT_IS, "dtype": "convert the samples with .astype instead"}
SIDES = {
    "alternative": "the p-value is that of both sides",
    "nan_policy": AS_IT_IS,
    "keepdims": "use np.expand_dims",
}


def _entry(
    function: Callable[..., Any], signature: str, doc: str, samples: tuple[str, ...], **fields: Any
) -> OpSpec:
    fields.setdefault("refused_keywords", REFUSED)
    name = function.__name__
    return modelled(name, f"scipy.stats.{name}", signature, function, doc, why=WHY, samples=samples, **fields)


def _rank_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    shape = shape_of(types[0])
    if attrs.get("axis") is None and len(shape) > 1:
        raise Unsupported("ranks of all elements of a matrix", "rank x.ravel(), or along an axis")
    method = str(attrs.get("method", "average"))
    return (ArrayType(_rank_dtype(dtype_of(numbers(types)[0]), method), shape),)


@cache
def _rank_dtype(dtype: np.dtype[Any], method: str) -> np.dtype[Any]:
    """Versions of SciPy differ in it."""
    from scipy.stats import rankdata

    ranks: np.ndarray[Any, np.dtype[Any]] = rankdata(np.ones(1, dtype), method)
    return ranks.dtype


OPERATIONS = (
    constant_almost_everywhere(
        "rankdata",
        "scipy.stats.rankdata",
        "the order of samples does not move with them",
        "Ranks of samples.",
        signature="a, method='average', *, axis=None",
        types=_rank_types,
        operands=("a",),
        backend=Domain.OPAQUE,
        refused_keywords={"nan_policy": AS_IT_IS},
        samples=("a(5)", "a(3, 4), axis=1", "a(5), 'min'"),
    ),
    _entry(
        model.zscore,
        "a, axis=0, ddof=0",
        "Deviations from the mean, in units of the standard deviation.",
        ("a(5)", "a(3, 4)", "a(3, 4), axis=1, ddof=1", "a(3, 4), axis=None"),
    ),
    _entry(
        model.zmap,
        "scores, compare, axis=0, ddof=0",
        "Deviations from the mean of other samples.",
        ("a(2), a(5)", "a(3, 4), a(3, 4), axis=1, ddof=1"),
    ),
    _entry(
        model.gzscore,
        "a, *, axis=0, ddof=0",
        "The z-score of logarithms.",
        ("1.5 + a(5)", "1.5 + a(3, 4), axis=1"),
    ),
    _entry(
        model.sem,
        "a, axis=0, ddof=1, *, keepdims=False",
        "Standard error of the mean.",
        ("a(5)", "a(3, 4), axis=1, ddof=0", "a(3, 4), axis=None", "a(3, 4), keepdims=True"),
        precise_as={0: "a"},
    ),
    _entry(
        model.moment,
        "a, order=1, axis=0, *, center=None, keepdims=False",
        "Moment about the mean.",
        ("a(5), 3", "a(3, 4), order=4, axis=1", "a(5), 2, center=0.3", "a(3, 4), 2, axis=None"),
        options={"order": (Kind.NUMBER,)},
    ),
    _entry(
        model.skew,
        "a, axis=0, bias=True, *, keepdims=False",
        "Skewness.",
        ("a(5)", "a(4, 5), axis=1, bias=False", "a(3, 4), axis=None, keepdims=True"),
        precise_as={0: "a"},
    ),
    _entry(
        model.kurtosis,
        "a, axis=0, fisher=True, bias=True, *, keepdims=False",
        "Kurtosis.",
        ("a(6)", "a(4, 5), axis=1, bias=False", "a(5), fisher=False", "a(3, 4), axis=None"),
    ),
    _entry(
        model.gmean,
        "a, axis=0, *, weights=None, keepdims=False",
        "Geometric mean.",
        ("2.0 + a(5)", "2.0 + a(3, 4), axis=1", "2.0 + a(4), weights=2.0 + a(4)", "2.0 + a(3, 4), axis=None"),
        precise_as={0: "a weights"},
    ),
    _entry(
        model.hmean,
        "a, axis=0, *, weights=None, keepdims=False",
        "Harmonic mean.",
        ("2.0 + a(5)", "2.0 + a(3, 4), axis=1, keepdims=True", "2.0 + a(4), weights=2.0 + a(4)"),
        precise_as={0: "a weights"},
    ),
    _entry(
        model.pmean,
        "a, p, *, axis=0, weights=None, keepdims=False",
        "Power mean.",
        (
            "2.0 + a(5), 3.0",
            "2.0 + a(5), 0",
            "2.0 + a(3, 4), -0.5, axis=1",
            "2.0 + a(4), 2, weights=2.0 + a(4)",
        ),
        precise_as={0: "a weights"},
    ),
    _entry(
        model.gstd,
        "a, axis=0, ddof=1, *, keepdims=False",
        "Geometric standard deviation.",
        ("2.0 + a(5)", "2.0 + a(3, 4), axis=1, ddof=0"),
    ),
    _entry(
        model.variation,
        "a, axis=0, *, ddof=0, keepdims=False",
        "Coefficient of variation.",
        ("2.0 + a(5)", "2.0 + a(3, 4), axis=1, ddof=1"),
    ),
    _entry(
        model.trim_mean,
        "a, proportiontocut, axis=0, *, keepdims=False",
        "Mean without the extremes.",
        ("a(10), 0.1", "a(3, 8), 0.2, axis=1", "a(3, 4), 0.25, axis=None"),
    ),
    _entry(
        model.iqr,
        "x, axis=None, rng=(25, 75), scale=1.0, *, keepdims=False",
        "Distance of two percentiles.",
        ("a(7)", "a(3, 5), axis=1", "a(7), rng=(10, 80), scale=2.0", "a(7), scale='normal'"),
        options={"scale": ("normal", Kind.NUMBER)},
        refused_keywords={**REFUSED, "interpolation": "take two percentiles with np.percentile"},
    ),
    _entry(
        model.median_abs_deviation,
        "x, axis=0, *, scale=1.0, keepdims=False",
        "Median distance from the median.",
        ("a(7)", "a(3, 5), axis=1", "a(7), scale='normal'"),
        options={"scale": ("normal", Kind.NUMBER)},
        refused_keywords={**REFUSED, "center": "write it with np.median"},
    ),
    _entry(
        model.entropy,
        "pk, qk=None, base=None, axis=0, *, keepdims=False",
        "Entropy, and relative entropy.",
        ("2.0 + a(5)", "2.0 + a(5), 2.0 + a(5)", "2.0 + a(3, 4), base=2, axis=1"),
    ),
    _entry(
        model.pearsonr,
        "x, y, *, axis=0",
        "Correlation, and its p-value.",
        ("a(6), a(6)", "a(3, 6), a(3, 6), axis=1"),
        result_class=RESULTS + "SignificanceResult",
        refused_keywords={**SIDES, "method": "the p-value is that of a normal distribution"},
    ),
    _entry(
        model.linregress,
        "x, y",
        "Line of least squares.",
        ("a(6), a(6)",),
        real_only=True,
        result_class=RESULTS + "LinregressResult",
        refused_keywords={**SIDES, "axis": "vectors are taken", "keepdims": "vectors are taken"},
    ),
    _entry(
        model.boxcox_llf,
        "lmb, data, *, axis=0, keepdims=False",
        "Log-likelihood of a power transform.",
        ("f(), 2.0 + a(5)", "0.3, 2.0 + a(3, 4), axis=1"),
    ),
    _entry(
        model.ttest_1samp,
        "a, popmean, axis=0",
        "Student's test of one sample: statistic and p-value.",
        ("a(6), 0.3", "a(3, 6), f(), axis=1"),
        precise_as={0: "a popmean", 1: "a popmean"},
        result_class=RESULTS + "SignificanceResult",
        refused_keywords=SIDES,
    ),
    _entry(
        model.ttest_rel,
        "a, b, axis=0",
        "Student's test of paired samples.",
        ("a(6), a(6)",),
        precise_as={0: "a b", 1: "a b"},
        result_class=RESULTS + "SignificanceResult",
        refused_keywords=SIDES,
    ),
    _entry(
        model.ttest_ind,
        "a, b, *, axis=0, equal_var=True",
        "Student's and Welch's tests of two samples.",
        ("a(6), a(5)", "a(6), a(5), equal_var=False"),
        result_class=RESULTS + "SignificanceResult",
        refused_keywords={**SIDES, "trim": "all samples count", "method": "the p-value is that of Student"},
    ),
    _entry(
        model.wasserstein_distance,
        "u_values, v_values",
        "Distance of two samples: what moving one to the other costs.",
        ("a(5), a(5)", "a(4), a(6)"),
        real_only=True,
        refused_keywords={
            "u_weights": "all samples count the same",
            "v_weights": "all samples count the same",
        },
    ),
    _entry(
        model.circmean,
        "samples, high=6.283185307179586, low=0, axis=None",
        "Mean of angles.",
        ("1.5 + a(5)", "1.5 + a(3, 4), axis=1", "10.0 + a(5), high=24.0"),
        refused_keywords={**REFUSED, "keepdims": "use np.expand_dims"},
    ),
    _entry(
        model.circvar,
        "samples, high=6.283185307179586, low=0, axis=None",
        "Variance of angles.",
        ("1.5 + a(5)", "1.5 + a(3, 4), axis=1"),
        refused_keywords={**REFUSED, "keepdims": "use np.expand_dims"},
    ),
    _entry(
        model.circstd,
        "samples, high=6.283185307179586, low=0, axis=None, *, normalize=False",
        "Standard deviation of angles.",
        ("1.5 + a(5)", "10.0 + a(5), high=24.0", "1.5 + a(3, 4), axis=1, normalize=True"),
        refused_keywords={**REFUSED, "keepdims": "use np.expand_dims"},
    ),
)

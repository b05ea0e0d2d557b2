"""The standard library's `statistics`: means and variances of samples.

In:  nothing.   Out: `OPERATIONS`.
Not here: their models (written/sample_statistics.py), statistics of arrays (statistics.py, descriptive.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradscribe.ir.types import FLOAT
from gradscribe.ops.accuracy import Accuracy
from gradscribe.ops.composite import modelled
from gradscribe.ops.declare import elementwise
from gradscribe.ops.promotion import always
from gradscribe.ops.spec import OpSpec
from gradscribe.ops.written import sample_statistics as model

LISTED = "[f(), f(), f(), f()]"


def _entry(function: Callable[..., Any], signature: str, doc: str, *samples: str) -> OpSpec:
    name = function.__name__
    return modelled(
        f"statistics_{name}" if name != "fmean" else name,
        f"statistics.{name}",
        signature,
        function,
        doc,
        why="what it is computed from",
        nested=True,
        samples=samples,
    )


OPERATIONS = (
    _entry(model.mean, "data", "Mean of numbers.", "a(4)", LISTED, "[f(), 2.0, f()]"),
    _entry(
        model.fmean,
        "data, weights=None",
        "Mean of numbers, as a float.",
        "a(4)",
        LISTED,
        "a(3), 2.0 + a(3)",
        f"{LISTED}, [1.0, 2.0, 1.5, 0.5]",
    ),
    _entry(
        model.harmonic_mean,
        "data, weights=None",
        "Harmonic mean.",
        "2.0 + a(4)",
        "2.0 + a(3), 2.0 + a(3)",
    ),
    _entry(model.variance, "data, xbar=None", "Variance of a sample.", "a(4)", LISTED, "a(4), f()"),
    _entry(model.pvariance, "data, mu=None", "Variance of a population.", "a(4)", LISTED, "a(4), f()"),
    _entry(model.stdev, "data, xbar=None", "Deviation of a sample.", "a(4)", LISTED),
    _entry(model.pstdev, "data, mu=None", "Deviation of a population.", "a(4)", LISTED),
    elementwise(
        "normal_dist_inv_cdf",
        "statistics._normal_dist_inv_cdf",
        {
            "p": "2.5066282746310002 * sigma * exp(0.5 * ((out - mu) / sigma) ** 2)",
            "mu": "1.0",
            "sigma": "(out - mu) / sigma",
        },
        "What `statistics.NormalDist.inv_cdf` calls.",
        formula="mu + sigma * sqrt(2) * erfinv(2 * p - 1)",
        hard_points={"p": (1e-9, 0.5, 0.999), "mu": (0.3,), "sigma": (0.3, 2.0)},
        accuracy=Accuracy(
            ulp=1000, absolute_from=2, why="the square of the result is rounded before it is exponentiated"
        ),
        types=always(FLOAT),
        refused_keywords={},
        samples=("f(), f(), f()",),
        domain={"p": (0.1, 0.9), "mu": (-1.0, 1.0), "sigma": (0.5, 2.0)},
    ),
)

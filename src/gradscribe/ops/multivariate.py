"""Multivariate distributions of scipy.stats.

In:  nothing.   Out: `OPERATIONS`.
Not here: distributions of one variable (continuous.py, discrete.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradscribe.ops.composite import modelled
from gradscribe.ops.spec import OpSpec
from gradscribe.ops.written import multivariate as model

LAST_SHARE = (
    "Shares that sum to 1 move together: leave the last one out of x to have the derivative by the others."
)

LOWER = "Only the lower triangle of a covariance is read: it gets the derivative of both."
ON_ITS_SPACE = (
    " A singular one keeps its rank: derivatives are those on the space it spans, and 0 aside of it."
)
PDF = {"allow_singular": "the density of a singular distribution has no derivative"}


def _density(
    function: Callable[..., Any],
    signature: str,
    doc: str,
    *samples: str,
    note: str = "",
    refused: Mapping[str, str] = PDF,
) -> OpSpec:
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
        refused_keywords=refused,
        note=note,
        real_only=True,
    )


SHARES = "array([0.2, 0.5, 0.3])"
COUNTS = "constant([3, 0, 2])"
OPERATIONS = (
    *(
        _density(
            function,
            "x, mean=None, cov=1, allow_singular=False",
            "the multivariate normal distribution",
            "a(2), a(2), spd(2)",
            "a(3, 2), a(2), spd(2)",
            "a(3, 2), None, spd(2), True",
            "a(3, 2), a(2), 0.5 + a(2) ** 2",
            "a(2), a(2), 2.5",
            "a(3, 1), 0.5, 1.0 + f().value",
            note=LOWER + ON_ITS_SPACE,
            refused={},
        )
        for function in (model.multivariate_normal_logpdf, model.multivariate_normal_pdf)
    ),
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
            note=LOWER,
        )
        for function in (model.multivariate_t_logpdf, model.multivariate_t_pdf)
    ),
    _density(
        model.matrix_normal_logpdf,
        "X, mean, rowcov, colcov",
        "the matrix normal distribution",
        "a(3, 2), a(3, 2), spd(3), spd(2)",
        "a(4, 3, 2), a(3, 2), spd(3), spd(2)",
        note=LOWER,
    ),
    _density(
        model.wishart_logpdf, "x, df, scale", "the Wishart distribution", "spd(3), 4.5, spd(3)", note=LOWER
    ),
    _density(
        model.invwishart_logpdf,
        "x, df, scale",
        "the inverse Wishart distribution",
        "spd(3), 4.5, spd(3)",
        note="Only the lower triangles are read: they get the derivative of both.",
    ),
)

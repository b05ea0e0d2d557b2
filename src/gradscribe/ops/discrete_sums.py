"""Distribution functions of counts in scipy.special: binomial, negative binomial and Poisson, by their parameter.

In:  nothing.   Out: `OPERATIONS`.
Not here: the distributions of scipy.stats (discrete.py), incomplete functions (incomplete.py).
References: NIST Digital Library of Mathematical Functions (DLMF), 8.8.14 and 8.17.20.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradscribe.ops.accuracy import Accuracy
from gradscribe.ops.scipy_types import special
from gradscribe.ops.spec import OpSpec

WHOLE = "it is a whole number"
ROUNDED = Accuracy(ulp=1000, absolute_from=2, why="exponents are rounded")
BINOMIAL = "exp(xlogy(floor(k), p) + xlog1py(n - floor(k) - 1.0, -p) - betaln(floor(k) + 1.0, n - floor(k)))"
NEGATIVE = "exp(xlogy(n - 1.0, p) + xlog1py(k, -p) - betaln(n, k + 1.0))"
POISSON = "exp(xlogy(floor(k), m) - m - lgamma(floor(k) + 1.0))"
POINTS: dict[str, tuple[float, ...]] = {"k": (2.0,), "n": (5,), "p": (0.1, 0.9), "m": (1e-3, 2.5, 30.0)}
K = "array([0.5, 1.5, 3.5])"


def _pair(
    name: str, signature: str, density: str, sign: str, what: str, formula: str, sample: str
) -> Iterator[OpSpec]:
    """The distribution function and its complement."""
    *counts, parameter = signature.split(", ")
    for own, slope, value, doc in (
        (name, f"{sign}{density}", formula, f"Distribution function of {what}."),
        (f"{name}c", f"{'' if sign else '-'}{density}", f"1 - {formula}", f"Survival function of {what}."),
    ):
        yield special(
            own,
            {parameter: slope},
            doc,
            signature=signature,
            constant=dict.fromkeys(counts, WHOLE),
            operands=(*counts, parameter),
            formula=value,
            hard_points={word: POINTS[word] for word in (*counts, parameter)},
            accuracy=ROUNDED,
            samples=(sample,),
        )


OPERATIONS = (
    *_pair(
        "bdtr",
        "k, n, p",
        BINOMIAL,
        "-",
        "a binomial distribution",
        "(1 - betainc_regularized(floor(k) + 1, n - floor(k), 0, p))",
        f"{K}, 5, array([0.2, 0.5, 0.8])",
    ),
    *_pair(
        "nbdtr",
        "k, n, p",
        NEGATIVE,
        "",
        "a negative binomial distribution",
        "betainc_regularized(n, k + 1, 0, p)",
        "2, 5, array([0.2, 0.5, 0.8])",
    ),
    *_pair(
        "pdtr",
        "k, m",
        POISSON,
        "-",
        "a Poisson distribution",
        "(uppergamma(floor(k) + 1, m) / gamma(floor(k) + 1))",
        f"{K}, array([0.5, 1.7, 3.0])",
    ),
)

"""Discrete distributions of scipy.stats: derivatives by their parameters.

In:  nothing.   Out: `OPERATIONS`.
Not here: how entries are made of these rows (densities.py).
References: the formulas are those of SciPy's reference of each distribution.
"""

from __future__ import annotations

from gradscribe.ops.densities import Distribution, discrete, discrete_percent_point

DISTRIBUTIONS = (
    Distribution(
        name="poisson",
        shapes={"mu": 1.7},
        density="xlogy(z, mu) - lgamma(z + 1.0) - mu",
        below="gammaincc(z + 1.0, mu)",
        above="gammainc(z + 1.0, mu)",
        support="z >= 0",
        inside="1.0",
        points=(0, 2, 3),
    ),
    Distribution(
        name="bernoulli",
        shapes={"p": 0.4},
        density="xlogy(z, p) + xlog1py(1.0 - z, -p)",
        below="where(z >= 1, 1.0, 1.0 - p)",
        above="where(z >= 1, 0.0, p)",
        support="(z >= 0) * (z <= 1)",
        inside="0.0",
        points=(0, 0, 0),
    ),
    Distribution(
        name="binom",
        shapes={"n": 5, "p": 0.4},
        density="lgamma(floor(n) + 1.0) - lgamma(z + 1.0) - lgamma(floor(n) - z + 1.0) "
        "+ xlogy(z, p) + xlog1py(floor(n) - z, -p)",
        below="betaincc(z + 1.0, floor(n) - z, p)",
        above="betainc(z + 1.0, floor(n) - z, p)",
        support="(z >= 0) * (z < n + 0.5)",
        inside="0.0",
        points=(0, 2, 3),
    ),
    Distribution(
        name="nbinom",
        shapes={"n": 3.5, "p": 0.4},
        density="lgamma(n + z) - lgamma(z + 1.0) - lgamma(n) + n * log(p) + xlog1py(z, -p)",
        below="betainc(n, z + 1.0, p)",
        above="betaincc(n, z + 1.0, p)",
        support="z >= 0",
        inside="1.0",
        points=(0, 2, 3),
    ),
    Distribution(
        name="geom",
        shapes={"p": 0.4},
        density="xlog1py(z - 1.0, -p) + log(p)",
        below="-expm1(z * log1p(-p))",
        above="exp(z * log1p(-p))",
        log_above="z * log1p(-p)",
        support="z >= 1",
        inside="1.0",
        points=(1, 2, 4),
    ),
    Distribution(
        name="betabinom",
        shapes={"n": 5, "a": 1.7, "b": 2.3},
        density="-log(floor(n) + 1.0) - betaln(floor(n) - z + 1.0, z + 1.0) "
        "+ betaln(z + a, floor(n) - z + b) - betaln(a, b)",
        support="(z >= 0) * (z < n + 0.5)",
        inside="0.0",
        points=(0, 2, 3),
    ),
    Distribution(
        name="logser",
        shapes={"p": 0.4},
        density="z * log(p) - log(z) - log(-log1p(-p))",
        support="z >= 1",
        inside="1.0",
        points=(1, 2, 4),
    ),
)

OPERATIONS = (
    *(spec for row in DISTRIBUTIONS for spec in discrete(row)),
    *(discrete_percent_point(row, function) for row in DISTRIBUTIONS for function in ("ppf", "isf")),
)

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
    Distribution(
        name="randint",
        shapes={"low": 0, "high": 7},
        density="0.0 * z - log(floor(high) - floor(low))",
        below="(z - floor(low) + 1.0) / (floor(high) - floor(low))",
        support="(z >= low) * (z < high)",
        inside="1.0 * low",
        points=(0, 2, 3),
    ),
    Distribution(
        name="hypergeom",
        shapes={"M": 12, "n": 5, "N": 4},
        density="lgamma(floor(n) + 1.0) - lgamma(z + 1.0) - lgamma(floor(n) - z + 1.0) + lgamma(floor(M) - "
        "floor(n) + 1.0) - lgamma(floor(N) - z + 1.0) - lgamma(floor(M) - floor(n) - floor(N) + z + 1.0) "
        "- lgamma(floor(M) + 1.0) + lgamma(floor(N) + 1.0) + lgamma(floor(M) - floor(N) + 1.0)",
        support="(z >= 0) * (z >= N - M + n) * (z <= n) * (z <= N)",
        inside="floor(n * N / M)",
        points=(0, 2, 3),
    ),
    Distribution(
        name="dlaplace",
        shapes={"a": 0.8},
        density="log(tanh(0.5 * a)) - a * abs(z)",
        below="where(z >= 0, 1.0 - exp(-a * abs(z)) / (exp(a) + 1.0), exp(a * (1.0 - abs(z))) / (exp(a) + 1.0))",
        points=(-1, 0, 3),
    ),
    Distribution(
        name="planck",
        shapes={"lambda_": 0.6},
        density="log(-expm1(-lambda_)) - lambda_ * z",
        below="-expm1(-lambda_ * (z + 1.0))",
        above="exp(-lambda_ * (z + 1.0))",
        log_above="-lambda_ * (z + 1.0)",
        support="z >= 0",
        inside="1.0",
        points=(0, 2, 3),
    ),
    Distribution(
        name="boltzmann",
        shapes={"lambda_": 0.6, "N": 8},
        density="log(expm1(-lambda_) / expm1(-lambda_ * floor(N))) - lambda_ * z",
        below="expm1(-lambda_ * (z + 1.0)) / expm1(-lambda_ * floor(N))",
        support="(z >= 0) * (z <= N - 1)",
        inside="0.0",
        points=(0, 2, 3),
    ),
    Distribution(
        name="yulesimon",
        shapes={"alpha": 1.7},
        density="log(alpha) + betaln(z, alpha + 1.0)",
        below="1.0 - z * exp(betaln(z, alpha + 1.0))",
        above="z * exp(betaln(z, alpha + 1.0))",
        support="z >= 1",
        inside="1.0",
        points=(1, 2, 3),
    ),
    Distribution(
        name="betanbinom",
        shapes={"n": 5, "a": 2.3, "b": 1.6},
        density="betaln(a + floor(n), b + z) - betaln(a, b) - log(floor(n) + z) - betaln(floor(n), z + 1.0)",
        support="z >= 0",
        inside="1.0",
        points=(0, 2, 3),
    ),
    Distribution(
        name="skellam",
        shapes={"mu1": 1.7, "mu2": 0.9},
        density="-((sqrt(mu1) - sqrt(mu2)) ** 2) + 0.5 * z * log(mu1 / mu2) + log(bessel_ive(abs(z), 2.0 * "
        "sqrt(mu1 * mu2)))",
        points=(-1, 0, 3),
    ),
)

OPERATIONS = (
    *(spec for row in DISTRIBUTIONS for spec in discrete(row)),
    *(discrete_percent_point(row, function) for row in DISTRIBUTIONS for function in ("ppf", "isf")),
)

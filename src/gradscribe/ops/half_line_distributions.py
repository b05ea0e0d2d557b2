"""Distributions of scipy.stats on one side of 0.

In:  nothing.   Out: `OPERATIONS`, `DISTRIBUTIONS`.
Not here: those that are met most (continuous.py), how entries are made of these rows (densities.py).
References: the formulas are those of SciPy's reference of each distribution.
"""

from __future__ import annotations

from gradscribe.ops.continuous import BY_ROOT_TWO, LOG_ROOT_TWO_PI, NOT_NEGATIVE
from gradscribe.ops.densities import Distribution, continuous

DISTRIBUTIONS = (
    Distribution(
        name="betaprime",
        shapes={"a": 2.3, "b": 1.6},
        density="xlogy(a - 1.0, z) - xlog1py(a + b, z) - betaln(a, b)",
        below="betainc(a, b, z / (1.0 + z))",
        above="betainc(b, a, 1.0 / (1.0 + z))",
        support="z > 0",
    ),
    Distribution(
        name="burr",
        shapes={"c": 1.7, "d": 1.2},
        density="log(c * d) - (c + 1.0) * log(z) - (d + 1.0) * log1p(z ** (-c))",
        below="exp(-d * log1p(z ** (-c)))",
        above="-expm1(-d * log1p(z ** (-c)))",
        log_below="-d * log1p(z ** (-c))",
        support="z > 0",
    ),
    Distribution(
        name="burr12",
        shapes={"c": 1.7, "d": 1.2},
        density="log(c * d) + xlogy(c - 1.0, z) - (d + 1.0) * log1p(z ** c)",
        below="-expm1(-d * log1p(z ** c))",
        above="exp(-d * log1p(z ** c))",
        log_above="-d * log1p(z ** c)",
        support="z > 0",
    ),
    Distribution(
        name="mielke",
        shapes={"k": 2.1, "s": 1.7},
        density="log(k) + xlogy(k - 1.0, z) - (1.0 + k / s) * log1p(z ** s)",
        below="exp(k * log(z) - k / s * log1p(z ** s))",
        support="z > 0",
    ),
    Distribution(
        name="kappa3",
        shapes={"a": 1.7},
        density="log(a) - (a + 1.0) / a * log(a + z ** a)",
        below="z * (a + z ** a) ** (-1.0 / a)",
        support="z > 0",
    ),
    Distribution(
        name="foldnorm",
        shapes={"c": 1.4},
        density=f"logaddexp(-0.5 * (z - c) ** 2, -0.5 * (z + c) ** 2) - {LOG_ROOT_TWO_PI}",
        below="ndtr(z - c) - ndtr(-z - c)",
        above="ndtr(c - z) + ndtr(-z - c)",
        support=NOT_NEGATIVE,
    ),
    Distribution(
        name="foldcauchy",
        shapes={"c": 1.4},
        density="log(1.0 / (1.0 + (z - c) ** 2) + 1.0 / (1.0 + (z + c) ** 2)) - 1.1447298858494002",
        below="(arctan(z - c) + arctan(z + c)) / pi",
        above="(arctan2(1.0, z - c) + arctan2(1.0, z + c)) / pi",
        support=NOT_NEGATIVE,
    ),
    Distribution(
        name="rice",
        shapes={"b": 1.4},
        density="log(z) - 0.5 * (z - b) ** 2 + log(bessel_i0e(z * b))",
        support="z > 0",
    ),
    Distribution(
        name="gengamma",
        shapes={"a": 2.3, "c": 1.4},
        density="log(abs(c)) - lgamma(a) + xlogy(c * a - 1.0, z) - z ** c",
        below="where(c > 0, gammainc(a, z ** c), gammaincc(a, z ** c))",
        above="where(c > 0, gammaincc(a, z ** c), gammainc(a, z ** c))",
        support="z > 0",
    ),
    Distribution(
        name="exponweib",
        shapes={"a": 2.3, "c": 1.4},
        density="log(a * c) + xlogy(a - 1.0, -expm1(-(z ** c))) - z ** c + xlogy(c - 1.0, z)",
        below="(-expm1(-(z ** c))) ** a",
        log_below="a * log(-expm1(-(z ** c)))",
        support="z > 0",
    ),
    Distribution(
        name="exponpow",
        shapes={"b": 1.4},
        density="1.0 + log(b) + xlogy(b - 1.0, z) + z ** b - exp(z ** b)",
        below="-expm1(-expm1(z ** b))",
        above="exp(-expm1(z ** b))",
        log_above="-expm1(z ** b)",
        support="z > 0",
    ),
    Distribution(
        name="fatiguelife",
        shapes={"c": 0.8},
        density=f"log1p(z) - log(2.0 * c) - {LOG_ROOT_TWO_PI} - 1.5 * log(z) - 0.5 * (z - 1.0) ** 2 / (z * c * c)",
        below="ndtr((sqrt(z) - 1.0 / sqrt(z)) / c)",
        above="ndtr((1.0 / sqrt(z) - sqrt(z)) / c)",
        log_below="log_ndtr((sqrt(z) - 1.0 / sqrt(z)) / c)",
        log_above="log_ndtr((1.0 / sqrt(z) - sqrt(z)) / c)",
        support="z > 0",
    ),
    Distribution(
        name="alpha",
        shapes={"a": 1.4},
        density=f"-2.0 * log(z) - log_ndtr(a) - {LOG_ROOT_TWO_PI} - 0.5 * (a - 1.0 / z) ** 2",
        below="ndtr(a - 1.0 / z) / ndtr(a)",
        support="z > 0",
    ),
    Distribution(
        name="gibrat",
        density=f"-log(z) - {LOG_ROOT_TWO_PI} - 0.5 * log(z) ** 2",
        below="ndtr(log(z))",
        above="ndtr(-log(z))",
        log_below="log_ndtr(log(z))",
        log_above="log_ndtr(-log(z))",
        support="z > 0",
    ),
    Distribution(
        name="wald",
        density=f"-{LOG_ROOT_TWO_PI} - 1.5 * log(z) - 0.5 * (z - 1.0) ** 2 / z",
        below="ndtr((z - 1.0) / sqrt(z)) + exp(2.0 + log_ndtr(-(z + 1.0) / sqrt(z)))",
        above="ndtr((1.0 - z) / sqrt(z)) - exp(2.0 + log_ndtr(-(z + 1.0) / sqrt(z)))",
        support="z > 0",
    ),
    Distribution(
        name="halflogistic",
        density="0.6931471805599453 + log_expit(z) + log_expit(-z)",
        below="tanh(0.5 * z)",
        above="2.0 * expit(-z)",
        log_above="0.6931471805599453 + log_expit(-z)",
        support=NOT_NEGATIVE,
    ),
    Distribution(
        name="halfgennorm",
        shapes={"beta": 1.7},
        density="log(beta) - lgamma(1.0 / beta) - z ** beta",
        below="gammainc(1.0 / beta, z ** beta)",
        above="gammaincc(1.0 / beta, z ** beta)",
        support="z > 0",
    ),
    Distribution(
        name="loglaplace",
        shapes={"c": 1.7},
        density="log(0.5 * c) - log(z) - c * abs(log(z))",
        below="where(z < 1, 0.5 * z ** c, 1.0 - 0.5 * z ** (-c))",
        above="where(z < 1, 1.0 - 0.5 * z ** c, 0.5 * z ** (-c))",
        support="z > 0",
    ),
    Distribution(
        name="recipinvgauss",
        shapes={"mu": 0.8},
        density=f"-{LOG_ROOT_TWO_PI} - 0.5 * log(z) - 0.5 * (1.0 - mu * z) ** 2 / (z * mu * mu)",
        support="z > 0",
    ),
    Distribution(
        name="powerlognorm",
        shapes={"c": 1.7, "s": 0.8},
        density=f"log(c) - log(s * z) - {LOG_ROOT_TWO_PI} - 0.5 * (log(z) / s) ** 2 + (c - 1.0) "
        "* log_ndtr(-log(z) / s)",
        below="-expm1(c * log_ndtr(-log(z) / s))",
        above="exp(c * log_ndtr(-log(z) / s))",
        log_above="c * log_ndtr(-log(z) / s)",
        support="z > 0",
    ),
    Distribution(
        name="erlang",
        shapes={"a": 2},
        density="xlogy(a - 1.0, z) - z - lgamma(a)",
        below="gammainc(a, z)",
        above="gammaincc(a, z)",
        support=NOT_NEGATIVE,
    ),
    Distribution(
        name="levy_l",
        density=f"-{LOG_ROOT_TWO_PI} - 1.5 * log(-z) + 0.5 / z",
        below=f"erf({BY_ROOT_TWO} / sqrt(-z))",
        above=f"erfc({BY_ROOT_TWO} / sqrt(-z))",
        support="z < 0",
        inside="-0.5",
        points=(-1.7, -0.9, -0.3),
    ),
)

OPERATIONS = tuple(spec for row in DISTRIBUTIONS for spec in continuous(row))

"""Distributions of scipy.stats between two bounds.

In:  nothing.   Out: `OPERATIONS`, `DISTRIBUTIONS`.
Not here: those that are met most (continuous.py), how entries are made of these rows (densities.py).
References: the formulas are those of SciPy's reference of each distribution.
"""

from __future__ import annotations

from gradscribe.ops.continuous import LOG_ROOT_TWO_PI, UNIT
from gradscribe.ops.densities import Distribution, continuous

WEIBULL = "exp(-(a ** c)) - exp(-(b ** c))"

DISTRIBUTIONS = (
    Distribution(
        name="triang",
        shapes={"c": 0.6},
        density="where(z < c, log(2.0 * z) - log(or_one(c)), log(2.0 - 2.0 * z) - log(or_one(1.0 - c)))",
        plain_density="where(z < c, 2.0 * z / or_one(c), (2.0 - 2.0 * z) / or_one(1.0 - c))",
        below="where(z < c, z * z / or_one(c), 1.0 - (1.0 - z) ** 2 / or_one(1.0 - c))",
        above="where(z < c, 1.0 - z * z / or_one(c), (1.0 - z) ** 2 / or_one(1.0 - c))",
        support=UNIT,
        points=(0.2, 0.5, 0.8),
    ),
    Distribution(
        name="trapezoid",
        shapes={"c": 0.3, "d": 0.6},
        density="log(2.0 / (d - c + 1.0)) + where(z < c, log(z / or_one(c)), where(z > d, log((1.0 - z) / "
        "or_one(1.0 - d)), 0.0))",
        below="where(z < c, z * z / or_one(c), where(z > d, d - c + 1.0 - (1.0 - z) ** 2 / or_one(1.0 - d), 2.0 "
        "* z - c)) / (d - c + 1.0)",
        above="where(z < c, d - c + 1.0 - z * z / or_one(c), where(z > d, (1.0 - z) ** 2 / or_one(1.0 - d), d + "
        "1.0 - 2.0 * z)) / (d - c + 1.0)",
        support=UNIT,
        points=(0.2, 0.5, 0.8),
    ),
    Distribution(
        name="semicircular",
        density="0.5 * log1p(-z * z) - 0.4515827052894548",
        below="0.5 + (z * sqrt(1.0 - z * z) + arcsin(z)) / pi",
        above="0.5 - (z * sqrt(1.0 - z * z) + arcsin(z)) / pi",
        support="abs(z) <= 1",
        points=(-0.7, 0.2, 0.6),
    ),
    Distribution(
        name="anglit",
        density="log(cos(2.0 * z))",
        below="sin(z + 0.25 * pi) ** 2",
        above="cos(z + 0.25 * pi) ** 2",
        support="abs(z) <= 0.25 * pi",
        points=(-0.6, 0.1, 0.5),
    ),
    Distribution(
        name="cosine",
        density="log1p(cos(z)) - 1.8378770664093453",
        below="0.5 + 0.5 * (z + sin(z)) / pi",
        above="0.5 - 0.5 * (z + sin(z)) / pi",
        support="abs(z) <= pi",
        points=(-1.1, 0.3, 1.9),
    ),
    Distribution(
        name="bradford",
        shapes={"c": 1.7},
        density="log(c / log1p(c)) - log1p(c * z)",
        below="log1p(c * z) / log1p(c)",
        support=UNIT,
        points=(0.2, 0.5, 0.7),
    ),
    Distribution(
        name="truncexpon",
        shapes={"b": 2.6},
        density="-z - log(-expm1(-b))",
        below="expm1(-z) / expm1(-b)",
        above="(exp(-b) - exp(-z)) / expm1(-b)",
        support="(z >= 0) * (z <= b)",
        inside="0.5 * b",
    ),
    Distribution(
        name="truncpareto",
        shapes={"b": 1.8, "c": 4.5},
        density="log(b) - (b + 1.0) * log(z) - log(-expm1(-b * log(c)))",
        below="expm1(-b * log(z)) / expm1(-b * log(c))",
        above="(c ** (-b) - z ** (-b)) / expm1(-b * log(c))",
        support="(z >= 1) * (z <= c)",
        inside="sqrt(c)",
        points=(1.2, 1.9, 3.1),
    ),
    Distribution(
        name="truncweibull_min",
        shapes={"c": 1.7, "a": 0.1, "b": 2.6},
        density=f"log(c) + xlogy(c - 1.0, z) - z ** c - log({WEIBULL})",
        below=f"(exp(-(a ** c)) - exp(-(z ** c))) / ({WEIBULL})",
        above=f"(exp(-(z ** c)) - exp(-(b ** c))) / ({WEIBULL})",
        support="(z > a) * (z < b)",
        inside="0.5 * (a + b)",
    ),
    Distribution(
        name="johnsonsb",
        shapes={"a": 0.7, "b": 1.4},
        density=f"log(b) - log(z) - log1p(-z) - 0.5 * (a + b * logit(z)) ** 2 - {LOG_ROOT_TWO_PI}",
        below="ndtr(a + b * logit(z))",
        above="ndtr(-a - b * logit(z))",
        log_below="log_ndtr(a + b * logit(z))",
        log_above="log_ndtr(-a - b * logit(z))",
        support="(z > 0) * (z < 1)",
        points=(0.2, 0.5, 0.7),
    ),
    Distribution(
        name="rdist",
        shapes={"c": 2.7},
        density="xlog1py(0.5 * c - 1.0, -z * z) - betaln(0.5, 0.5 * c)",
        below="betainc(0.5 * c, 0.5 * c, 0.5 * (1.0 + z))",
        above="betainc(0.5 * c, 0.5 * c, 0.5 * (1.0 - z))",
        support="abs(z) <= 1",
        points=(-0.7, 0.2, 0.6),
    ),
    Distribution(
        name="argus",
        shapes={"chi": 1.3},
        density=f"3.0 * log(chi) - {LOG_ROOT_TWO_PI} - log(0.5 * gammainc(1.5, 0.5 * chi * chi)) + log(z) + 0.5 * "
        "log1p(-z * z) - 0.5 * chi * chi * (1.0 - z * z)",
        below="1.0 - gammainc(1.5, 0.5 * chi * chi * (1.0 - z * z)) / gammainc(1.5, 0.5 * chi * chi)",
        above="gammainc(1.5, 0.5 * chi * chi * (1.0 - z * z)) / gammainc(1.5, 0.5 * chi * chi)",
        support="(z > 0) * (z < 1)",
        points=(0.2, 0.5, 0.7),
    ),
    Distribution(
        name="reciprocal",
        shapes={"a": 0.1, "b": 4.0},
        density="-log(z) - log(log(b / a))",
        below="log(z / a) / log(b / a)",
        above="log(b / z) / log(b / a)",
        support="(z >= a) * (z <= b)",
        inside="sqrt(a * b)",
    ),
    Distribution(
        name="vonmises_line",
        shapes={"kappa": 1.8},
        density="kappa * cosm1(z) - 1.8378770664093453 - log(bessel_i0e(kappa))",
        support="abs(z) <= pi",
        points=(-1.1, 0.3, 1.9),
    ),
)

OPERATIONS = tuple(spec for row in DISTRIBUTIONS for spec in continuous(row))

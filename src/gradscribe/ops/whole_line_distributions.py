"""Distributions of scipy.stats on the whole line.

In:  nothing.   Out: `OPERATIONS`, `DISTRIBUTIONS`.
Not here: those that are met most (continuous.py), how entries are made of these rows (densities.py).
References: the formulas are those of SciPy's reference of each distribution.
"""

from __future__ import annotations

from gradscribe.ops.continuous import LOG_ROOT_TWO_PI
from gradscribe.ops.densities import Distribution, continuous

ROOT_TWO_PI = "2.5066282746310002"
TAIL = "m / beta / (m - 1.0) * exp(-0.5 * beta * beta)"
CRYSTAL_BALL = f"{TAIL} + {ROOT_TWO_PI} * ndtr(beta)"
IS_NORMAL = "abs(skew) < 0.000016"
SLOPE = f"(2.0 / where({IS_NORMAL}, 1.0, skew))"
PLACE = f"{SLOPE} * z + {SLOPE} ** 2"

DISTRIBUTIONS = (
    Distribution(
        name="dgamma",
        has_limits=True,
        shapes={"a": 1.8},
        density="xlogy(a - 1.0, abs(z)) - abs(z) - lgamma(a) - 0.6931471805599453",
        below="where(z > 0, 0.5 + 0.5 * gammainc(a, abs(z)), 0.5 * gammaincc(a, abs(z)))",
        above="where(z > 0, 0.5 * gammaincc(a, abs(z)), 0.5 + 0.5 * gammainc(a, abs(z)))",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="dweibull",
        has_limits=True,
        shapes={"c": 1.7},
        density="log(0.5 * c) + xlogy(c - 1.0, abs(z)) - abs(z) ** c",
        below="where(z > 0, 1.0 - 0.5 * exp(-(abs(z) ** c)), 0.5 * exp(-(abs(z) ** c)))",
        above="where(z > 0, 0.5 * exp(-(abs(z) ** c)), 1.0 - 0.5 * exp(-(abs(z) ** c)))",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="laplace_asymmetric",
        has_limits=True,
        shapes={"kappa": 1.4},
        density="where(z >= 0, -z * kappa, z / kappa) - log(kappa + 1.0 / kappa)",
        below="where(z >= 0, 1.0 - exp(-abs(z) * kappa) / (1.0 + kappa * kappa), exp(-abs(z) / kappa) / (1.0 + "
        "1.0 / (kappa * kappa)))",
        above="where(z >= 0, exp(-abs(z) * kappa) / (1.0 + kappa * kappa), 1.0 - exp(-abs(z) / kappa) / (1.0 + "
        "1.0 / (kappa * kappa)))",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="hypsecant",
        has_limits=True,
        density="-0.4515827052894548 - abs(z) - log1p(exp(-2.0 * abs(z)))",
        below="0.6366197723675814 * arctan(exp(z))",
        above="0.6366197723675814 * arctan(exp(-z))",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="genlogistic",
        has_limits=True,
        shapes={"c": 1.7},
        density="log(c) - z + (c + 1.0) * log_expit(z)",
        below="exp(c * log_expit(z))",
        above="-expm1(c * log_expit(z))",
        log_below="c * log_expit(z)",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="skewcauchy",
        has_limits=True,
        shapes={"a": 0.4},
        density="-1.1447298858494002 - log1p((z / (1.0 + a * sign(z))) ** 2)",
        below="0.5 * (1.0 - a) + (1.0 + a * sign(z)) / pi * arctan(z / (1.0 + a * sign(z)))",
        above="0.5 * (1.0 + a) - (1.0 + a * sign(z)) / pi * arctan(z / (1.0 + a * sign(z)))",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="powernorm",
        has_limits=True,
        shapes={"c": 1.7},
        density=f"log(c) - 0.5 * z * z - {LOG_ROOT_TWO_PI} + (c - 1.0) * log_ndtr(-z)",
        below="-expm1(c * log_ndtr(-z))",
        above="exp(c * log_ndtr(-z))",
        log_above="c * log_ndtr(-z)",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="norminvgauss",
        has_limits=True,
        shapes={"a": 1.7, "b": 0.6},
        density="log(a) + log(bessel_k1e(a * hypot(1.0, z))) - a * hypot(1.0, z) - log(pi * hypot(1.0, z)) + b * "
        "z + sqrt(a * a - b * b)",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="crystalball",
        has_limits=True,
        shapes={"beta": 0.8, "m": 2.4},
        density="where(z > -beta, -0.5 * z * z, m * log(m / beta) - 0.5 * beta * beta - m * log(where(z > -beta, "
        f"1.0, m / beta - beta - z))) - log({CRYSTAL_BALL})",
        below=f"where(z > -beta, {TAIL} + {ROOT_TWO_PI} * (ndtr(z) - ndtr(-beta)), {TAIL} * (m / beta / where(z "
        f"> -beta, 1.0, m / beta - beta - z)) ** (m - 1.0)) / ({CRYSTAL_BALL})",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="pearson3",
        has_limits=True,
        shapes={"skew": 0.8},
        density=f"where({IS_NORMAL}, -0.5 * z * z - {LOG_ROOT_TWO_PI}, log(abs({SLOPE})) + ({SLOPE} ** 2 - 1.0) * "
        f"log({PLACE}) - ({PLACE}) - lgamma({SLOPE} ** 2))",
        below=f"where({IS_NORMAL}, ndtr(z), where(skew > 0, gammainc({SLOPE} ** 2, {PLACE}), gammaincc({SLOPE} "
        f"** 2, {PLACE})))",
        above=f"where({IS_NORMAL}, ndtr(-z), where(skew > 0, gammaincc({SLOPE} ** 2, {PLACE}), gammainc({SLOPE} "
        f"** 2, {PLACE})))",
        support="skew * z > -2.0",
        inside="0.0 * skew",
        points=(-1.3, 0.4, 2.1),
    ),
)

OPERATIONS = tuple(spec for row in DISTRIBUTIONS for spec in continuous(row))

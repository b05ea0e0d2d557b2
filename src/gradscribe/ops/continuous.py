"""Continuous distributions of scipy.stats.

In:  nothing.   Out: `OPERATIONS`.
Not here: how entries are made of these rows (densities.py).
References: the formulas are those of SciPy's reference of each distribution.
"""

from __future__ import annotations

from gradscribe.ops.densities import Distribution, continuous

LOG_ROOT_TWO_PI = "0.9189385332046728"
BY_ROOT_TWO = "0.7071067811865476"
NOT_NEGATIVE = "z >= 0"
UNIT = "(z >= 0) * (z <= 1)"
F_BELOW = "dfn * z / (dfd + dfn * z)"
TRUNCATED = "where(a > 0, ndtr(-a) - ndtr(-b), ndtr(b) - ndtr(a))"
INVGAUSS = "(z / mu - 1.0) / sqrt(z)"
INVGAUSS_TAIL = "exp(2.0 / mu + log_ndtr(-(z / mu + 1.0) / sqrt(z)))"

DISTRIBUTIONS = (
    Distribution(
        name="norm",
        density=f"-0.5 * z * z - {LOG_ROOT_TWO_PI}",
        below="ndtr(z)",
        above="ndtr(-z)",
        log_below="log_ndtr(z)",
        log_above="log_ndtr(-z)",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="t",
        shapes={"df": 2.7},
        density="lgamma(0.5 * df + 0.5) - lgamma(0.5 * df) - 0.5 * log(pi * df) "
        "- (0.5 * df + 0.5) * log1p(z * z / df)",
        below="stdtr(df, z)",
        above="stdtr(df, -z)",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="beta",
        shapes={"a": 2.3, "b": 1.6},
        density="xlogy(a - 1.0, z) + xlog1py(b - 1.0, -z) - betaln(a, b)",
        below="betainc(a, b, z)",
        above="betaincc(a, b, z)",
        support=UNIT,
        points=(0.2, 0.5, 0.7),
    ),
    Distribution(
        name="gamma",
        shapes={"a": 2.3},
        density="xlogy(a - 1.0, z) - z - lgamma(a)",
        below="gammainc(a, z)",
        above="gammaincc(a, z)",
        support=NOT_NEGATIVE,
    ),
    Distribution(
        name="chi2",
        shapes={"df": 3.4},
        density="xlogy(0.5 * df - 1.0, z) - 0.5 * z - lgamma(0.5 * df) - 0.34657359027997264 * df",
        below="gammainc(0.5 * df, 0.5 * z)",
        above="gammaincc(0.5 * df, 0.5 * z)",
        support=NOT_NEGATIVE,
    ),
    Distribution(
        name="cauchy",
        density="-1.1447298858494002 - log1p(z * z)",
        below="arctan2(1.0, -z) / pi",
        above="arctan2(1.0, z) / pi",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="expon",
        density="-z",
        below="-expm1(-z)",
        above="exp(-z)",
        log_above="-z",
        support=NOT_NEGATIVE,
    ),
    Distribution(
        name="gennorm",
        shapes={"beta": 1.7},
        density="log(0.5 * beta) - lgamma(1.0 / beta) - abs(z) ** beta",
        below="0.5 + 0.5 * sign(z) * gammainc(1.0 / beta, abs(z) ** beta)",
        above="0.5 - 0.5 * sign(z) * gammainc(1.0 / beta, abs(z) ** beta)",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="gumbel_r",
        density="-z - exp(-z)",
        below="exp(-exp(-z))",
        above="-expm1(-exp(-z))",
        log_below="-exp(-z)",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="gumbel_l",
        density="z - exp(z)",
        below="-expm1(-exp(z))",
        above="exp(-exp(z))",
        log_above="-exp(z)",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="laplace",
        density="-abs(z) - 0.6931471805599453",
        below="where(z > 0, 1.0 - 0.5 * exp(-abs(z)), 0.5 * exp(-abs(z)))",
        above="where(z > 0, 0.5 * exp(-abs(z)), 1.0 - 0.5 * exp(-abs(z)))",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="logistic",
        density="log_expit(z) + log_expit(-z)",
        below="expit(z)",
        above="expit(-z)",
        log_below="log_expit(z)",
        log_above="log_expit(-z)",
        points=(-1.3, 0.4, 2.1),
    ),
    Distribution(
        name="lognorm",
        shapes={"s": 0.8},
        density=f"-log(s * z) - {LOG_ROOT_TWO_PI} - 0.5 * (log(z) / s) ** 2",
        below="ndtr(log(z) / s)",
        above="ndtr(-log(z) / s)",
        log_below="log_ndtr(log(z) / s)",
        log_above="log_ndtr(-log(z) / s)",
        support="z > 0",
    ),
    Distribution(
        name="pareto",
        shapes={"b": 2.3},
        density="log(b) - (b + 1.0) * log(z)",
        below="1.0 - z ** (-b)",
        above="z ** (-b)",
        log_above="-b * log(z)",
        support="z >= 1",
        inside="2.0",
        points=(1.2, 1.9, 3.5),
    ),
    Distribution(
        name="truncnorm",
        shapes={"a": -1.4, "b": 2.6},
        density=f"-0.5 * z * z - {LOG_ROOT_TWO_PI} - log({TRUNCATED})",
        below=f"where(a > 0, ndtr(-a) - ndtr(-z), ndtr(z) - ndtr(a)) / {TRUNCATED}",
        above=f"where(a > 0, ndtr(-z) - ndtr(-b), ndtr(b) - ndtr(z)) / {TRUNCATED}",
        support="(z >= a) * (z <= b)",
        inside="0.5 * (a + b)",
        points=(-0.9, 0.4, 1.8),
    ),
    Distribution(
        name="uniform", density="0.0 * z", below="z", above="1.0 - z", support=UNIT, points=(0.2, 0.5, 0.7)
    ),
    Distribution(
        name="vonmises",
        shapes={"kappa": 1.8},
        density="kappa * cosm1(z) - 1.8378770664093453 - log(bessel_i0e(kappa))",
        points=(-1.1, 0.3, 1.9),
    ),
    Distribution(
        name="wrapcauchy",
        shapes={"c": 0.4},
        density="log1p(-c * c) - 1.8378770664093453 - log(1.0 + c * c - 2.0 * c * cos(z))",
        support="(z >= 0) * (z <= 6.283185307179586)",
    ),
    Distribution(
        name="weibull_min",
        shapes={"c": 1.7},
        density="log(c) + xlogy(c - 1.0, z) - z ** c",
        below="-expm1(-z ** c)",
        above="exp(-z ** c)",
        log_above="-z ** c",
        support=NOT_NEGATIVE,
    ),
    Distribution(
        name="weibull_max",
        shapes={"c": 1.7},
        density="log(c) + xlogy(c - 1.0, -z) - (-z) ** c",
        below="exp(-(-z) ** c)",
        above="-expm1(-(-z) ** c)",
        log_below="-(-z) ** c",
        support="z <= 0",
        inside="-0.5",
        points=(-1.7, -0.9, -0.3),
    ),
    Distribution(
        name="rayleigh",
        density="log(z) - 0.5 * z * z",
        below="-expm1(-0.5 * z * z)",
        above="exp(-0.5 * z * z)",
        log_above="-0.5 * z * z",
        support="z > 0",
    ),
    Distribution(
        name="halfnorm",
        density="-0.5 * z * z - 0.22579135264472744",
        below=f"erf({BY_ROOT_TWO} * z)",
        above=f"erfc({BY_ROOT_TWO} * z)",
        support=NOT_NEGATIVE,
    ),
    Distribution(
        name="halfcauchy",
        density="-0.45158270528945488 - log1p(z * z)",
        below="0.6366197723675814 * arctan(z)",
        above="0.6366197723675814 * arctan2(1.0, z)",
        support=NOT_NEGATIVE,
    ),
    Distribution(
        name="invgamma",
        shapes={"a": 2.3},
        density="-(a + 1.0) * log(z) - lgamma(a) - 1.0 / z",
        below="gammaincc(a, 1.0 / z)",
        above="gammainc(a, 1.0 / z)",
        support="z > 0",
    ),
    Distribution(
        name="f",
        shapes={"dfn": 3.4, "dfd": 5.2},
        density="0.5 * dfd * log(dfd) + 0.5 * dfn * log(dfn) + xlogy(0.5 * dfn - 1.0, z) "
        "- 0.5 * (dfn + dfd) * log(dfd + dfn * z) - betaln(0.5 * dfn, 0.5 * dfd)",
        below=f"betainc(0.5 * dfn, 0.5 * dfd, {F_BELOW})",
        above="betainc(0.5 * dfd, 0.5 * dfn, dfd / (dfd + dfn * z))",
        support=NOT_NEGATIVE,
    ),
    Distribution(
        name="invgauss",
        shapes={"mu": 0.8},
        density=f"-{LOG_ROOT_TWO_PI} - 1.5 * log(z) - 0.5 * (z / mu - 1.0) ** 2 / z",
        below=f"ndtr({INVGAUSS}) + {INVGAUSS_TAIL}",
        above=f"ndtr(-{INVGAUSS}) - {INVGAUSS_TAIL}",
        support="z > 0",
    ),
    Distribution(
        name="maxwell",
        density="2.0 * log(z) - 0.5 * z * z - 0.22579135264472744",
        below="gammainc(1.5, 0.5 * z * z)",
        above="gammaincc(1.5, 0.5 * z * z)",
        support="z > 0",
    ),
    Distribution(
        name="chi",
        shapes={"df": 3.4},
        density="0.6931471805599453 * (1.0 - 0.5 * df) + xlogy(df - 1.0, z) - 0.5 * z * z - lgamma(0.5 * df)",
        below="gammainc(0.5 * df, 0.5 * z * z)",
        above="gammaincc(0.5 * df, 0.5 * z * z)",
        support="z > 0",
    ),
    Distribution(
        name="skewnorm",
        shapes={"a": 1.4},
        density=f"0.6931471805599453 - 0.5 * z * z - {LOG_ROOT_TWO_PI} + log_ndtr(a * z)",
        below="ndtr(z) - 2.0 * owens_t(z, a)",
        above="ndtr(-z) + 2.0 * owens_t(z, a)",
        points=(-0.9, 0.4, 1.8),
    ),
    Distribution(
        name="fisk",
        shapes={"c": 1.7},
        density="log(c) + (c - 1.0) * log(z) - 2.0 * log1p(z ** c)",
        below="expit(c * log(z))",
        above="expit(-c * log(z))",
        log_below="log_expit(c * log(z))",
        log_above="log_expit(-c * log(z))",
        support="z > 0",
    ),
    Distribution(
        name="powerlaw",
        shapes={"a": 1.7},
        density="log(a) + xlogy(a - 1.0, z)",
        below="z ** a",
        log_below="a * log(z)",
        support="(z > 0) * (z <= 1)",
        points=(0.2, 0.5, 0.7),
    ),
    Distribution(
        name="loguniform",
        shapes={"a": 0.1, "b": 4.0},
        density="-log(z) - log(log(b / a))",
        below="log(z / a) / log(b / a)",
        above="log(b / z) / log(b / a)",
        support="(z >= a) * (z <= b)",
        inside="sqrt(a * b)",
    ),
    Distribution(
        name="levy",
        density=f"-{LOG_ROOT_TWO_PI} - 1.5 * log(z) - 0.5 / z",
        below=f"erfc({BY_ROOT_TWO} / sqrt(z))",
        above=f"erf({BY_ROOT_TWO} / sqrt(z))",
        support="z > 0",
    ),
    Distribution(
        name="nakagami",
        shapes={"nu": 1.7},
        density="0.6931471805599453 + xlogy(nu, nu) - lgamma(nu) + (2.0 * nu - 1.0) * log(z) - nu * z * z",
        below="gammainc(nu, nu * z * z)",
        above="gammaincc(nu, nu * z * z)",
        support="z > 0",
    ),
    Distribution(
        name="arcsine",
        density="-1.1447298858494002 - 0.5 * log(z) - 0.5 * log1p(-z)",
        below="0.6366197723675814 * arcsin(sqrt(z))",
        above="0.6366197723675814 * arccos(sqrt(z))",
        support="(z > 0) * (z < 1)",
        points=(0.2, 0.5, 0.7),
    ),
    Distribution(
        name="loggamma",
        shapes={"c": 1.7},
        density="c * z - exp(z) - lgamma(c)",
        below="gammainc(c, exp(z))",
        above="gammaincc(c, exp(z))",
        points=(-1.3, 0.4, 1.1),
    ),
    Distribution(
        name="moyal",
        density=f"-0.5 * (z + exp(-z)) - {LOG_ROOT_TWO_PI}",
        below=f"erfc({BY_ROOT_TWO} * exp(-0.5 * z))",
        above=f"erf({BY_ROOT_TWO} * exp(-0.5 * z))",
        points=(-1.3, 0.4, 2.1),
    ),
)

OPERATIONS = tuple(spec for row in DISTRIBUTIONS for spec in continuous(row))

"""Percent points of scipy.stats: the inverses of distribution and survival functions, as texts over `q`.

In:  nothing.   Out: `OPERATIONS`.
Not here: the functions that they invert (continuous.py), how entries are made of texts (densities.py).
References: the formulas are those of SciPy's reference of each distribution.
"""

from __future__ import annotations

from collections.abc import Mapping

from gradscribe.ops.continuous import DISTRIBUTIONS
from gradscribe.ops.densities import percent_point

SPAN = "(ndtr(b) - ndtr(a))"
UPPER_SPAN = "(ndtr(-a) - ndtr(-b))"
F_RATIO = "betaincinv(0.5 * dfn, 0.5 * dfd, q)"
F_REST = "betaincinv(0.5 * dfd, 0.5 * dfn, q)"


def _extreme(g: str) -> str:
    """(1 - exp(-c g)) / c, and what it is near c = 0."""
    return (
        f"where(c == 0, {g} * (1.0 - c * {g} / 2.0 + c * c * {g} * {g} / 6.0), -expm1(-c * {g}) / or_one(c))"
    )


QUANTILES: Mapping[str, tuple[str, str]] = {
    "norm": ("ndtri(q)", "-ndtri(q)"),
    "t": ("stdtrit(df, q)", "-stdtrit(df, q)"),
    "beta": ("betaincinv(a, b, q)", "1.0 - betaincinv(b, a, q)"),
    "gamma": ("gammaincinv(a, q)", "gammainccinv(a, q)"),
    "chi2": ("2.0 * gammaincinv(0.5 * df, q)", "2.0 * gammainccinv(0.5 * df, q)"),
    "chi": ("sqrt(2.0 * gammaincinv(0.5 * df, q))", "sqrt(2.0 * gammainccinv(0.5 * df, q))"),
    "cauchy": ("-1.0 / tan(pi * q)", "1.0 / tan(pi * q)"),
    "expon": ("-log1p(-q)", "-log(q)"),
    "gumbel_r": ("-log(-log(q))", "-log(-log1p(-q))"),
    "gumbel_l": ("log(-log1p(-q))", "log(-log(q))"),
    "laplace": (
        "where(q > 0.5, -log(2.0 - 2.0 * q), log(2.0 * q))",
        "where(q > 0.5, log(2.0 - 2.0 * q), -log(2.0 * q))",
    ),
    "logistic": ("logit(q)", "-logit(q)"),
    "lognorm": ("exp(s * ndtri(q))", "exp(-s * ndtri(q))"),
    "pareto": ("exp(-log1p(-q) / b)", "q ** (-1.0 / b)"),
    "uniform": ("1.0 * q", "1.0 - q"),
    "weibull_min": ("(-log1p(-q)) ** (1.0 / c)", "(-log(q)) ** (1.0 / c)"),
    "weibull_max": ("-((-log(q)) ** (1.0 / c))", "-((-log1p(-q)) ** (1.0 / c))"),
    "rayleigh": ("sqrt(-2.0 * log1p(-q))", "sqrt(-2.0 * log(q))"),
    "maxwell": ("sqrt(2.0 * gammaincinv(1.5, q))", "sqrt(2.0 * gammainccinv(1.5, q))"),
    "halfnorm": ("-ndtri(0.5 - 0.5 * q)", "-ndtri(0.5 * q)"),
    "halfcauchy": ("tan(0.5 * pi * q)", "1.0 / tan(0.5 * pi * q)"),
    "invgamma": ("1.0 / gammainccinv(a, q)", "1.0 / gammaincinv(a, q)"),
    "f": (f"dfd * {F_RATIO} / (dfn * (1.0 - {F_RATIO}))", f"dfd * (1.0 - {F_REST}) / (dfn * {F_REST})"),
    "fisk": ("exp(logit(q) / c)", "exp(-logit(q) / c)"),
    "powerlaw": ("q ** (1.0 / a)", "exp(log1p(-q) / a)"),
    "loguniform": ("a * exp(q * log(b / a))", "b * exp(-q * log(b / a))"),
    "levy": ("1.0 / ndtri(0.5 * q) ** 2", "1.0 / ndtri(0.5 - 0.5 * q) ** 2"),
    "nakagami": ("sqrt(gammaincinv(nu, q) / nu)", "sqrt(gammainccinv(nu, q) / nu)"),
    "arcsine": ("sin(0.5 * pi * q) ** 2", "cos(0.5 * pi * q) ** 2"),
    "loggamma": ("log(gammaincinv(c, q))", "log(gammainccinv(c, q))"),
    "truncnorm": (
        f"where(a > 0, -ndtri(ndtr(-a) - q * {UPPER_SPAN}), ndtri(ndtr(a) + q * {SPAN}))",
        f"where(a > 0, -ndtri(ndtr(-b) + q * {UPPER_SPAN}), ndtri(ndtr(b) - q * {SPAN}))",
    ),
    "genextreme": (_extreme("(-log(-log(q)))"), _extreme("(-log(-log1p(-q)))")),
    "genpareto": (
        f"-({_extreme('log1p(-q)')})",
        f"-({_extreme('log(q)')})",
    ),
}
ROWS = {row.name: row for row in DISTRIBUTIONS}

OPERATIONS = tuple(
    percent_point(ROWS[name], function, text)
    for name, texts in QUANTILES.items()
    for function, text in zip(("ppf", "isf"), texts, strict=True)
)

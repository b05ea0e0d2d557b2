"""Percent points of scipy.stats: the inverses of distribution and survival functions, as texts over `q`.

In:  nothing.   Out: `OPERATIONS`.
Not here: the functions that they invert (continuous.py), how entries are made of texts (densities.py).
References: the formulas are those of SciPy's reference of each distribution.
"""

from __future__ import annotations

from collections.abc import Mapping

from gradscribe.ops import (
    bounded_distributions,
    continuous,
    half_line_distributions,
    whole_line_distributions,
)
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
    "triang": (
        "where(q < c, sqrt(c * q), 1.0 - sqrt((1.0 - c) * (1.0 - q)))",
        "where(q > 1.0 - c, sqrt(c * (1.0 - q)), 1.0 - sqrt((1.0 - c) * q))",
    ),
    "bradford": ("expm1(q * log1p(c)) / c", "expm1((1.0 - q) * log1p(c)) / c"),
    "truncexpon": ("-log1p(q * expm1(-b))", "-log(exp(-b) - q * expm1(-b))"),
    "johnsonsb": ("expit((ndtri(q) - a) / b)", "expit((-ndtri(q) - a) / b)"),
    "johnsonsu": ("sinh((ndtri(q) - a) / b)", "sinh((-ndtri(q) - a) / b)"),
    "anglit": ("arcsin(sqrt(q)) - 0.25 * pi", "arccos(sqrt(q)) - 0.25 * pi"),
    "rdist": ("2.0 * betaincinv(0.5 * c, 0.5 * c, q) - 1.0", "1.0 - 2.0 * betaincinv(0.5 * c, 0.5 * c, q)"),
    "reciprocal": ("a * exp(q * log(b / a))", "b * exp(-q * log(b / a))"),
    "burr": ("expm1(-log(q) / d) ** (-1.0 / c)", "expm1(-log1p(-q) / d) ** (-1.0 / c)"),
    "burr12": ("expm1(-log1p(-q) / d) ** (1.0 / c)", "expm1(-log(q) / d) ** (1.0 / c)"),
    "exponweib": (
        "(-log1p(-(q ** (1.0 / a)))) ** (1.0 / c)",
        "(-log(-expm1(log1p(-q) / a))) ** (1.0 / c)",
    ),
    "halfgennorm": (
        "gammaincinv(1.0 / beta, q) ** (1.0 / beta)",
        "gammainccinv(1.0 / beta, q) ** (1.0 / beta)",
    ),
    "gibrat": ("exp(ndtri(q))", "exp(-ndtri(q))"),
    "halflogistic": ("2.0 * arctanh(q)", "log((2.0 - q) / q)"),
    "erlang": ("gammaincinv(a, q)", "gammainccinv(a, q)"),
    "genlogistic": ("-log(expm1(-log(q) / c))", "-log(expm1(-log1p(-q) / c))"),
    "hypsecant": ("log(tan(0.5 * pi * q))", "-log(tan(0.5 * pi * q))"),
}
ROWS = {
    row.name: row
    for module in (continuous, bounded_distributions, half_line_distributions, whole_line_distributions)
    for row in module.DISTRIBUTIONS
}

OPERATIONS = tuple(
    percent_point(ROWS[name], function, text)
    for name, texts in QUANTILES.items()
    for function, text in zip(("ppf", "isf"), texts, strict=True)
)

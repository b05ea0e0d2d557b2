"""Incomplete gamma and beta functions, their inverses, and distribution functions of scipy.special.

Derivatives by the parameters are integrals (runtime/incomplete.py), and so are the derivatives of these.

In:  nothing.   Out: `OPERATIONS`, and the texts of densities.
References: NIST Digital Library of Mathematical Functions (DLMF), chapters 8.2 and 8.17.
"""

from __future__ import annotations

import re

from gradscribe.ops.accuracy import Accuracy
from gradscribe.ops.declare import elementwise
from gradscribe.ops.scipy_types import real_types, special

POSITIVE = (0.4, 4.0)
INSIDE = (0.1, 0.9)
GAMMA_POINTS = {"a": (0.4, 3.0, 30.0), "x": (0.1, 1.0, 90.0)}
BETA_POINTS = {"a": (0.4, 3.0, 50.0), "b": (0.4, 3.0), "x": (1e-9, 0.5, 0.999)}
ROUNDED = Accuracy(
    ulp=1000,
    absolute_from=2,
    why="exponents are rounded, and in second derivatives by parameters integrals cancel",
)


def gamma_density(a: str, x: str) -> str:
    """The derivative of gammainc by x."""
    return f"exp(xlogy({a} - 1.0, {x}) - {x} - lgamma({a}))"


def beta_density(a: str, b: str, x: str) -> str:
    """The derivative of betainc by x."""
    return f"exp(xlogy({a} - 1.0, {x}) + xlog1py({b} - 1.0, -{x}) - betaln({a}, {b}))"


def by_a(a: str, x: str) -> str:
    """The derivative of gammainc by a."""
    return f"gammainc_moment({a}, {x}, lgamma({a}), digamma({a}), 1)"


def by_first(a: str, b: str, log_odds: str) -> str:
    """The derivative of betainc by its first parameter, at a point with these log odds."""
    return f"betainc_moment({a}, {b}, {log_odds}, betaln({a}, {b}), digamma({a}) - digamma({a} + {b}), 1, 0)"


def gamma_moment(order: str) -> str:
    """The moment of another order."""
    return f"gammainc_moment(a, x, log_gamma, psi, {order})"


def beta_moment(order: str, other: str) -> str:
    """The moment of other orders."""
    return f"betainc_moment(a, b, log_odds, log_beta, digammas, {order}, {other})"


def student_moment(order: str) -> str:
    """The moment of the beta function whose logarithm of t is that of df / (df + t²)."""
    return f"betainc_moment(0.5 * df, 0.5, {LOG_ODDS}, log_beta, digammas, {order}, 0)"


SAME = beta_moment("order", "other")
WHICH = "it says which moment is meant"
LOG_T, LOG_REST = "log_expit(log_odds)", "log_expit(-log_odds)"
BETA = {
    "a": by_first("a", "b", "logit(x)"),
    "b": "-" + by_first("b", "a", "-logit(x)"),
    "x": beta_density("a", "b", "x"),
}
STUDENT = (
    "exp(lgamma(0.5 * df + 0.5) - lgamma(0.5 * df) - 0.5 * log(pi * df) "
    "- (0.5 * df + 0.5) * log1p(t * t / df))"
)
HALF = "(0.5 * df)"
STUDENT_BY_DF = f"stdtr_by_df(df, t, betaln({HALF}, 0.5), digamma({HALF}) - digamma({HALF} + 0.5))"
# At t = 0 it is multiplied by the sign of t.
LOG_ODDS = "(log(df) - 2.0 * log(or_one(abs(t))))"
STUDENT_T = f"log_expit({LOG_ODDS})"
STUDENT_DENSITY = f"exp(0.5 * df * {STUDENT_T} + 0.5 * log_expit(-{LOG_ODDS}) - log_beta)"


def _at_out(text: str) -> str:
    """A text over `t`, at the result."""
    return re.sub(r"\bt\b", "out", text)


OPERATIONS = (
    special(
        "gammainc",
        {"a": by_a("a", "x"), "x": gamma_density("a", "x")},
        "Regularised lower incomplete gamma function.",
        formula="lowergamma(a, x) / gamma(a)",
        hard_points=GAMMA_POINTS,
        domain={"a": POSITIVE, "x": POSITIVE},
        accuracy=ROUNDED,
    ),
    special(
        "gammaincc",
        {"a": "-" + by_a("a", "x"), "x": "-" + gamma_density("a", "x")},
        "Regularised upper incomplete gamma function.",
        formula="1 - lowergamma(a, x) / gamma(a)",
        hard_points=GAMMA_POINTS,
        domain={"a": POSITIVE, "x": POSITIVE},
        accuracy=ROUNDED,
    ),
    special(
        "gammaincinv",
        {
            "a": f"-({by_a('a', 'out')}) / {gamma_density('a', 'out')}",
            "y": f"1.0 / {gamma_density('a', 'out')}",
        },
        "Inverse of gammainc by x.",
        formula="Eq(lowergamma(a, out) / gamma(a), y)",
        hard_points={"a": (0.4, 100.0), "y": (1e-9, 0.999)},
        domain={"a": POSITIVE, "y": INSIDE},
        singular=True,
        accuracy=Accuracy(
            ulp=100000, absolute_from=2, why="in second derivatives terms of the size of out cancel"
        ),
    ),
    special(
        "gammainccinv",
        {
            "a": f"-({by_a('a', 'out')}) / {gamma_density('a', 'out')}",
            "y": f"-1.0 / {gamma_density('a', 'out')}",
        },
        "Inverse of gammaincc by x.",
        formula="Eq(uppergamma(a, out) / gamma(a), y)",
        hard_points={"a": (0.4, 100.0), "y": (0.01, 0.6)},
        note="In the upper tail, digits of second derivatives by a are lost as y is small.",
        domain={"a": POSITIVE, "y": INSIDE},
        singular=True,
        accuracy=Accuracy(
            ulp=100000, absolute_from=2, why="in second derivatives terms of the size of out cancel"
        ),
    ),
    elementwise(
        "gammainc_moment",
        "gradscribe.runtime.incomplete.gammainc_moment",
        {
            "a": f"{gamma_moment('order + 1')} + psi * {gamma_moment('order')}",
            "x": "exp(xlogy(a - 1.0, x) - x - log_gamma) * (log(x) - psi) ** order",
            "log_gamma": f"-{gamma_moment('order')}",
            "psi": f"-order * {gamma_moment('order - 1')}",
        },
        "The derivative of gammainc by a, and what its derivatives are made of.",
        constant={"order": WHICH},
        types=real_types,
        refused_keywords={},
        samples=("a(3), a(3), a(3), a(3), 1", "a(3), a(3), 0.5, f(), 2"),
        domain=dict.fromkeys(("a", "x", "log_gamma", "psi"), (0.4, 0.9)),
        accuracy=Accuracy(ulp=100, absolute_from=0, why="its operands log_gamma and psi are rounded"),
        formula="Integral(exp(-t - log_gamma) * t ** (a - 1) * (log(t) - psi) ** order, (t, 0, x))",
        hard_points={
            "a": (1.5,),
            "x": (1.0, 30.0),
            "log_gamma": (-0.12078223763524522,),
            "psi": (0.03648997397857652,),
            "order": (1,),
        },
    ),
    special(
        "betainc",
        BETA,
        "Regularised incomplete beta function.",
        formula="betainc_regularized(a, b, 0, x)",
        hard_points=BETA_POINTS,
        domain={"x": INSIDE, "a": POSITIVE, "b": POSITIVE},
        samples=("2.0, 3.0, a(3)", "a(3), 1.5, 0.3", "0.7, a(3), 0.6"),
        accuracy=ROUNDED,
    ),
    special(
        "betaincc",
        {name: f"-({partial})" for name, partial in BETA.items()},
        "1 - betainc(a, b, x).",
        formula="1 - betainc_regularized(a, b, 0, x)",
        hard_points=BETA_POINTS,
        samples=("2.0, 3.0, a(3)", "a(3), 1.5, 0.3", "0.7, a(3), 0.6"),
        domain={"x": INSIDE, "a": POSITIVE, "b": POSITIVE},
        accuracy=ROUNDED,
    ),
    special(
        "betaincinv",
        {
            "a": f"-({by_first('a', 'b', 'logit(out)')}) / {beta_density('a', 'b', 'out')}",
            "b": f"{by_first('b', 'a', '-logit(out)')} / {beta_density('a', 'b', 'out')}",
            "y": f"1.0 / {beta_density('a', 'b', 'out')}",
        },
        "Inverse of betainc by x.",
        formula="Eq(betainc_regularized(a, b, 0, out), y)",
        hard_points={"a": (0.4, 50.0), "b": (3.0,), "y": (0.01, 0.9)},
        samples=("2.0, 3.0, a(3)", "a(3), 1.5, 0.3", "0.7, a(3), 0.6"),
        domain={"a": INSIDE, "b": POSITIVE, "y": INSIDE},
        singular=True,
        accuracy=Accuracy(ulp=10000, absolute_from=1, why="next to 1, 1 - out cancels"),
    ),
    elementwise(
        "betainc_moment",
        "gradscribe.runtime.incomplete.betainc_moment",
        {
            "a": f"{beta_moment('order + 1', 'other')} + digammas * {SAME}",
            "b": beta_moment("order", "other + 1"),
            "log_odds": f"exp(a * {LOG_T} + b * {LOG_REST} - log_beta) * ({LOG_T} - digammas) ** order"
            f" * {LOG_REST} ** other",
            "log_beta": f"-{SAME}",
            "digammas": f"-order * {beta_moment('order - 1', 'other')}",
        },
        "The derivative of betainc by a, and what its derivatives are made of.",
        constant={"order": WHICH, "other": WHICH},
        types=real_types,
        refused_keywords={},
        samples=("a(3), a(3), a(3), a(3), a(3), 1, 0", "a(3), a(3), a(3), f(), 0.5, 2, 1"),
        domain=dict.fromkeys(("a", "b", "log_odds", "log_beta", "digammas"), INSIDE),
        accuracy=Accuracy(ulp=100, absolute_from=0, why="its operands log_beta and digammas are rounded"),
        formula="Integral(exp(-log_beta) * t ** (a - 1) * (1 - t) ** (b - 1) * (log(t) - digammas) ** order"
        " * log(1 - t) ** other, (t, 0, 1 / (1 + exp(-log_odds))))",
        hard_points={
            "a": (2.0,),
            "b": (3.0,),
            "log_odds": (-20.0, 7.0),
            "log_beta": (-2.4849066497880004,),
            "digammas": (-1.0833333333333333,),
            "order": (1,),
            "other": (0,),
        },
    ),
    elementwise(
        "stdtr_by_df",
        "gradscribe.runtime.incomplete.stdtr_by_df",
        {
            "df": f"-0.5 * sign(t) * (0.25 * ({student_moment('2')} + digammas * {student_moment('1')})"
            f" + {STUDENT_DENSITY} / df * (0.5 * ({STUDENT_T} - digammas) + 0.5 * {STUDENT_T}"
            f" + 0.5 * expit(-{LOG_ODDS}) - 0.5 * expit({LOG_ODDS}) / df - 1.0 / df))",
            "t": "0.5 * exp(-log_beta - (0.5 * df + 0.5) * log1p(t * t / df)) / sqrt(df)"
            " * (t * t * (1.0 + 1.0 / df) / (df + t * t) - 1.0 / df - digammas"
            " - log1p(t * t / df))",
            "log_beta": "-out",
            "digammas": f"0.25 * sign(t) * {student_moment('0')}",
        },
        "The derivative of stdtr by df.",
        types=real_types,
        refused_keywords={},
        samples=("3.0, a(3), 0.4515827052894547, -0.38629436111989063",),
        # What goes with these degrees of freedom.
        domain={
            "t": (-2.0, 2.0),
            "df": (3.0, 3.0),
            "log_beta": (0.4515827052894547, 0.4515827052894547),
            "digammas": (-0.38629436111989063, -0.38629436111989063),
        },
        accuracy=Accuracy(ulp=1000, absolute_from=0, why="two terms cancel where df is large"),
        formula="-sign(t) / 2 * (Integral(exp(-log_beta) * s ** (df / 2 - 1) * (1 - s) ** Rational(-1, 2)"
        " * (log(s) - digammas), (s, 0, df / (df + t ** 2))) / 2"
        " + exp(-log_beta) * (df / (df + t ** 2)) ** (df / 2) * (1 - df / (df + t ** 2)) ** Rational(1, 2) / df)",
        hard_points={
            "df": (3.0,),
            "t": (-20.0, 1.0),
            "log_beta": (0.4515827052894547,),
            "digammas": (-0.38629436111989063,),
        },
    ),
    special(
        "stdtr",
        {"df": STUDENT_BY_DF, "t": STUDENT},
        "Distribution function of Student's t.",
        formula="(1 + sign(t) * (1 - betainc_regularized(df / 2, 1 / 2, 0, df / (df + t ** 2)))) / 2",
        hard_points={"df": (1.5, 30.0), "t": (-20.0, 1e-9, 1.0)},
        domain={"df": (1.5, 6.0)},
        samples=("a(3), a(3)", "2.5, a(3)", "a(3), 0.4"),
        accuracy=Accuracy(ulp=100, absolute_from=1, why="by df: two terms cancel where df is large"),
        singular=True,
        source="DLMF 8.17.18: it is 1 - betainc(df / 2, 1 / 2, df / (df + t²)) / 2",
    ),
    special(
        "stdtrit",
        {
            "df": f"-({_at_out(STUDENT_BY_DF)}) / {_at_out(STUDENT)}",
            "p": f"1.0 / {_at_out(STUDENT)}",
        },
        "Inverse of stdtr by t.",
        formula="Eq((1 + sign(out) * (1 - betainc_regularized(df / 2, 1 / 2, 0, df / (df + out ** 2)))) / 2, p)",
        hard_points={"df": (1.5, 30.0), "p": (0.001, 0.3, 0.99)},
        domain={"df": (1.5, 6.0), "p": INSIDE},
        samples=("a(3), array([0.2, 0.5, 0.9])", "2.5, array([0.2, 0.5, 0.9])", "a(3), 0.4"),
        accuracy=Accuracy(ulp=10000, absolute_from=1, why="by df: two terms cancel where df is large"),
        singular=True,
    ),
    special(
        "chdtr",
        {
            "v": f"0.5 * {by_a('(0.5 * v)', '(0.5 * x)')}",
            "x": f"0.5 * {gamma_density('(0.5 * v)', '(0.5 * x)')}",
        },
        "Distribution function of chi square.",
        formula="lowergamma(v / 2, x / 2) / gamma(v / 2)",
        hard_points={"v": (0.4, 3.0, 100.0), "x": (1e-9, 2.5, 90.0)},
        domain={"v": POSITIVE, "x": POSITIVE},
        accuracy=ROUNDED,
    ),
    special(
        "chdtrc",
        {
            "v": f"-0.5 * {by_a('(0.5 * v)', '(0.5 * x)')}",
            "x": f"-0.5 * {gamma_density('(0.5 * v)', '(0.5 * x)')}",
        },
        "1 - chdtr(v, x).",
        formula="1 - lowergamma(v / 2, x / 2) / gamma(v / 2)",
        hard_points={"v": (0.4, 3.0, 100.0), "x": (1e-9, 2.5, 90.0)},
        domain={"v": POSITIVE, "x": POSITIVE},
        accuracy=ROUNDED,
    ),
)

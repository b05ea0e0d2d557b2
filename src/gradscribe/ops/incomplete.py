"""Incomplete gamma and beta functions, their inverses, and distribution functions of scipy.special.

Derivatives by the parameters are integrals (runtime/incomplete.py), and so are the derivatives of these.

In:  nothing.   Out: `OPERATIONS`, and the texts of densities.
References: NIST Digital Library of Mathematical Functions (DLMF), chapters 8.2 and 8.17.
"""

from __future__ import annotations

from gradscribe.ops.accuracy import Accuracy
from gradscribe.ops.declare import elementwise
from gradscribe.ops.scipy_types import float_types, special

POSITIVE = (0.4, 4.0)
INSIDE = (0.1, 0.9)


def gamma_density(a: str, x: str) -> str:
    """The derivative of gammainc by x."""
    return f"exp(xlogy({a} - 1.0, {x}) - {x} - lgamma({a}))"


def beta_density(a: str, b: str, x: str) -> str:
    """The derivative of betainc by x."""
    return f"exp(xlogy({a} - 1.0, {x}) + xlog1py({b} - 1.0, -{x}) - betaln({a}, {b}))"


def by_a(a: str, x: str) -> str:
    """The derivative of gammainc by a."""
    return f"gammainc_moment({a}, {x}, lgamma({a}), digamma({a}), 1)"


def by_first(a: str, b: str, x: str) -> str:
    """The derivative of betainc by its first parameter."""
    return f"betainc_moment({a}, {b}, {x}, betaln({a}, {b}), digamma({a}) - digamma({a} + {b}), 1, 0)"


def gamma_moment(order: str) -> str:
    """The moment of another order."""
    return f"gammainc_moment(a, x, log_gamma, psi, {order})"


def beta_moment(order: str, other: str) -> str:
    """The moment of other orders."""
    return f"betainc_moment(a, b, x, log_beta, digammas, {order}, {other})"


SAME = beta_moment("order", "other")
WHICH = "it says which moment is meant"


BETA = {
    "a": by_first("a", "b", "x"),
    "b": "-" + by_first("b", "a", "(1.0 - x)"),
    "x": beta_density("a", "b", "x"),
}
STUDENT_X = "(df / (df + t * t))"
STUDENT = (
    "exp(lgamma(0.5 * df + 0.5) - lgamma(0.5 * df) - 0.5 * log(pi * df) "
    "- (0.5 * df + 0.5) * log1p(t * t / df))"
)
STUDENT_BY_DF = (
    f"-0.5 * sign(t) * (0.5 * {by_first('(0.5 * df)', '0.5', STUDENT_X)} + "
    f"{beta_density('(0.5 * df)', '0.5', STUDENT_X)} * t * t / ((df + t * t) * (df + t * t)))"
)

OPERATIONS = (
    special(
        "gammainc",
        {"a": by_a("a", "x"), "x": gamma_density("a", "x")},
        "Regularised lower incomplete gamma function.",
        domain={"a": POSITIVE, "x": POSITIVE},
        accuracy=Accuracy(ulp=100, absolute_from=1, why="by the parameters: integrals, to 1e-14"),
        note="By a: an integral, to 1e-14 absolutely.",
    ),
    special(
        "gammaincc",
        {"a": "-" + by_a("a", "x"), "x": "-" + gamma_density("a", "x")},
        "Regularised upper incomplete gamma function.",
        domain={"a": POSITIVE, "x": POSITIVE},
        accuracy=Accuracy(ulp=100, absolute_from=1, why="by the parameters: integrals, to 1e-14"),
        note="By a: an integral, to 1e-14 absolutely.",
    ),
    special(
        "gammaincinv",
        {
            "a": f"-({by_a('a', 'out')}) / {gamma_density('a', 'out')}",
            "y": f"1.0 / {gamma_density('a', 'out')}",
        },
        "Inverse of gammainc by x.",
        domain={"a": POSITIVE, "y": INSIDE},
        singular=True,
        accuracy=Accuracy(ulp=100, absolute_from=1, why="by the parameters: integrals, to 1e-14"),
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
        types=float_types,
        refused_keywords={},
        samples=("a(3), a(3), a(3), a(3), 1", "a(3), a(3), 0.5, f(), 2"),
        domain={"a": POSITIVE, "x": POSITIVE, "log_gamma": POSITIVE, "psi": POSITIVE},
    ),
    special(
        "betainc",
        BETA,
        "Regularised incomplete beta function.",
        domain={"x": INSIDE, "a": POSITIVE, "b": POSITIVE},
        samples=("2.0, 3.0, a(3)", "a(3), 1.5, 0.3", "0.7, a(3), 0.6"),
        accuracy=Accuracy(ulp=100, absolute_from=1, why="by the parameters: integrals, to 1e-14"),
        note="By a and b: integrals, to 1e-14 absolutely.",
    ),
    special(
        "betaincc",
        {name: f"-({partial})" for name, partial in BETA.items()},
        "1 - betainc(a, b, x).",
        samples=("2.0, 3.0, a(3)", "a(3), 1.5, 0.3", "0.7, a(3), 0.6"),
        domain={"x": INSIDE, "a": POSITIVE, "b": POSITIVE},
        accuracy=Accuracy(ulp=100, absolute_from=1, why="by the parameters: integrals, to 1e-14"),
    ),
    special(
        "betaincinv",
        {
            "a": f"-({by_first('a', 'b', 'out')}) / {beta_density('a', 'b', 'out')}",
            "b": f"{by_first('b', 'a', '(1.0 - out)')} / {beta_density('a', 'b', 'out')}",
            "y": f"1.0 / {beta_density('a', 'b', 'out')}",
        },
        "Inverse of betainc by x.",
        samples=("2.0, 3.0, a(3)", "a(3), 1.5, 0.3", "0.7, a(3), 0.6"),
        domain={"a": INSIDE, "b": POSITIVE, "y": INSIDE},
        singular=True,
        accuracy=Accuracy(ulp=100, absolute_from=1, why="by the parameters: integrals, to 1e-14"),
    ),
    elementwise(
        "betainc_moment",
        "gradscribe.runtime.incomplete.betainc_moment",
        {
            "a": f"{beta_moment('order + 1', 'other')} + digammas * {SAME}",
            "b": beta_moment("order", "other + 1"),
            "x": "exp(xlogy(a - 1.0, x) + xlog1py(b - 1.0, -x) - log_beta) * (log(x) - digammas) ** order"
            " * log1p(-x) ** other",
            "log_beta": f"-{SAME}",
            "digammas": f"-order * {beta_moment('order - 1', 'other')}",
        },
        "The derivative of betainc by a, and what its derivatives are made of.",
        constant={"order": WHICH, "other": WHICH},
        types=float_types,
        refused_keywords={},
        samples=("a(3), a(3), a(3), a(3), a(3), 1, 0", "a(3), a(3), a(3), f(), 0.5, 2, 1"),
        domain={"x": INSIDE, "a": POSITIVE, "b": POSITIVE, "log_beta": INSIDE, "digammas": INSIDE},
    ),
    special(
        "stdtr",
        {"df": STUDENT_BY_DF, "t": STUDENT},
        "Distribution function of Student's t.",
        domain={"df": (1.5, 6.0)},
        samples=("a(3), a(3)", "2.5, a(3)", "a(3), 0.4"),
        accuracy=Accuracy(ulp=100, absolute_from=1, why="by the parameters: integrals, to 1e-14"),
        singular=True,
        source="DLMF 8.17.18: it is 1 - betainc(df / 2, 1 / 2, df / (df + t²)) / 2",
    ),
    special(
        "chdtr",
        {
            "v": f"0.5 * {by_a('(0.5 * v)', '(0.5 * x)')}",
            "x": f"0.5 * {gamma_density('(0.5 * v)', '(0.5 * x)')}",
        },
        "Distribution function of chi square.",
        domain={"v": POSITIVE, "x": POSITIVE},
        accuracy=Accuracy(ulp=100, absolute_from=1, why="by the parameters: integrals, to 1e-14"),
    ),
    special(
        "chdtrc",
        {
            "v": f"-0.5 * {by_a('(0.5 * v)', '(0.5 * x)')}",
            "x": f"-0.5 * {gamma_density('(0.5 * v)', '(0.5 * x)')}",
        },
        "1 - chdtr(v, x).",
        domain={"v": POSITIVE, "x": POSITIVE},
        accuracy=Accuracy(ulp=100, absolute_from=1, why="by the parameters: integrals, to 1e-14"),
    ),
)

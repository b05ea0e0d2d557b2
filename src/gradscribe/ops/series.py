"""Least squares polynomials, and series of numpy.polynomial: their derivatives, integrals and roots.

In:  nothing.   Out: `OPERATIONS`.
Not here: their models (written/series.py), values of series (bases.py), np.poly and its like (polynomials.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradscribe.ir.types import INT
from gradscribe.ops.composite import modelled
from gradscribe.ops.declare import constant_almost_everywhere
from gradscribe.ops.promotion import always
from gradscribe.ops.spec import Domain, OpSpec
from gradscribe.ops.written import series as model

FITTED = {
    "rcond": "singular values are cut off as by default",
    "full": "only the coefficients are returned",
    "cov": "only the coefficients are returned",
}
ALONG = {"axis": "coefficients lie along the first axis"}
LINEAR = "linear in the coefficients"
LEAST_SQUARES = "the linear least squares problem that it solves"
DERIVATIVES: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("polynomial", model.polyder),
    ("chebyshev", model.chebder),
    ("legendre", model.legder),
    ("laguerre", model.lagder),
    ("hermite", model.hermder),
    ("hermite_e", model.hermeder),
)

INTEGRALS: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("polynomial", model.polyint),
    ("chebyshev", model.chebint),
    ("legendre", model.legint),
    ("laguerre", model.lagint),
    ("hermite", model.hermint),
    ("hermite_e", model.hermeint),
)


def _integral(module: str, function: Callable[..., Any]) -> OpSpec:
    return modelled(
        f"{module}_{function.__name__}",
        f"numpy.polynomial.{module}.{function.__name__}",
        "c, m=1, scl=1",
        function,
        "Coefficients of the integral.",
        why=LINEAR,
        refused_keywords={
            **ALONG,
            "k": "add the constant to the first coefficient",
            "lbnd": "subtract the value at the lower bound",
        },
        samples=("a(4)", "a(3), m=2", "a(3, 2), scl=0.5"),
    )


def _derivative(module: str, function: Callable[..., Any]) -> OpSpec:
    return modelled(
        f"{module}_{function.__name__}",
        f"numpy.polynomial.{module}.{function.__name__}",
        "c, m=1, scl=1",
        function,
        "Coefficients of the derivative.",
        why=LINEAR,
        refused_keywords=ALONG,
        samples=("a(4)", "a(4), m=2", "a(1)", "a(4, 2), scl=0.5"),
    )


OPERATIONS = (
    modelled(
        "polyfit",
        "numpy.polyfit",
        "x, y, deg, w=None",
        model.polyfit,
        "Coefficients of the least squares polynomial.",
        why=LEAST_SQUARES,
        refused_keywords=FITTED,
        samples=("a(5), a(5), 2", "a(5), a(5, 2), 1", "a(5), a(5), 1, w=a(5)"),
    ),
    modelled(
        "polynomial_polyfit",
        "numpy.polynomial.polynomial.polyfit",
        "x, y, deg, w=None",
        model.rising_polyfit,
        "Coefficients of the least squares polynomial.",
        why=LEAST_SQUARES,
        precise_as={0: "x y w"},
        refused_keywords={name: FITTED[name] for name in ("rcond", "full")},
        samples=("a(5), a(5), 2", "a(5), a(5, 2), 1", "a(5), a(5), 1, w=a(5)"),
    ),
    *(_derivative(module, function) for module, function in DERIVATIVES),
    *(_integral(module, function) for module, function in INTEGRALS),
    modelled(
        "polynomial_polyfromroots",
        "numpy.polynomial.polynomial.polyfromroots",
        "roots",
        model.polyfromroots,
        "Coefficients of the polynomial with these roots.",
        why="the product of its factors",
        samples=("a(3)", "a(1)"),
    ),
    constant_almost_everywhere(
        "significant",
        "gradscribe.runtime.polynomials.significant",
        "its result is an int",
        "How many coefficients there are without zeros at the end.",
        signature="c",
        operands=("c",),
        types=always(INT),
        backend=Domain.OPAQUE,
        samples=("array([1.0, 0.0, 2.0, 0.0])", "array([0.0, 0.0])"),
    ),
)

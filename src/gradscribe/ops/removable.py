"""Derivatives of quotients that are 0 / 0 at 0 and smooth there, of any order.

They stand in derivatives only: the first one is that of sin(x) / x and its like (ad/removable.py), and each is the
derivative of the one before.

In:  nothing.   Out: `OPERATIONS`.
"""

from __future__ import annotations

from gradscribe.ops.accuracy import Accuracy
from gradscribe.ops.declare import elementwise
from gradscribe.ops.scipy_types import real_types
from gradscribe.ops.spec import OpSpec

EVERYWHERE = (-300.0, -2.0, -1e-5, 1e-30, 1e-12, 0.3, 0.51, 1.01, 30.0)
INSIDE = (-0.99, -1e-5, 1e-30, 1e-12, 0.3, 0.51)
QUOTIENTS = {
    "sin_quotient": ("sin(x) / x", EVERYWHERE),
    "sinh_quotient": ("sinh(x) / x", EVERYWHERE),
    "tanh_quotient": ("tanh(x) / x", EVERYWHERE),
    "expm1_quotient": ("(exp(x) - 1) / x", EVERYWHERE),
    "erf_quotient": ("erf(x) / x", EVERYWHERE),
    "log1p_quotient": ("log(1 + x) / x", (*INSIDE, 30.0)),
    "arctan_quotient": ("atan(x) / x", EVERYWHERE),
    "arctanh_quotient": ("atanh(x) / x", INSIDE),
    "arcsin_quotient": ("asin(x) / x", INSIDE),
    "arcsinh_quotient": ("asinh(x) / x", EVERYWHERE),
    "versine_quotient": ("(1 - cos(x)) / x", EVERYWHERE),
    "versine_square_quotient": ("(1 - cos(x)) / x ** 2", EVERYWHERE),
    "expm1_reciprocal": ("x / (exp(x) - 1)", EVERYWHERE),
    "tanh_reciprocal": ("x / tanh(x)", EVERYWHERE),
}


def _entry(name: str, quotient: str, points: tuple[float, ...]) -> OpSpec:
    return elementwise(
        name,
        f"gradscribe.runtime.removable.{name}",
        {"x": f"{name}(x, order + 1)"},
        f"The derivatives of {quotient}.",
        formula=f"diff({quotient}, x)",
        constant={"order": "it says which derivative is meant"},
        types=real_types,
        refused_keywords={},
        samples=("a(3), 1", "f(), 1"),
        domain={"x": (-0.9, 0.9)},
        hard_points={"x": points, "order": (1,)},
        accuracy=Accuracy(
            ulp=300, why="next to points where the derivative is 0 the terms of its formula cancel"
        ),
    )


OPERATIONS = tuple(_entry(name, *row) for name, row in QUOTIENTS.items())

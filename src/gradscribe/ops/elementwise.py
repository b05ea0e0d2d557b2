"""Elementwise functions with a name.

A partial may be infinite or undefined at an operand (`1 / x` at 0); such entries say `singular`. Where a
cotangent is zero because its branch was not taken (np.where, a mask), zero times infinity must not become nan:
`ad` keeps the selection of np.where pending (`Masked`) until after the partials have been applied, so that it
selects last; where that is not possible, it guards the product of a `singular` entry.

Conventions: complex cotangents are those of JAX (the transpose, not the adjoint), so a partial serves both modes;
a function with real values of a complex operand has the real part of partial times tangent.

In:  nothing.   Out: `OPERATIONS`.
Not here: operators (arithmetic.py), choices between values (selection.py), rounding (rounding.py).
References: Olver et al., NIST Digital Library of Mathematical Functions, sections 4 and 7.
"""

from __future__ import annotations

from gradscribe.ir.types import FLOAT, ArrayType, dtype_of, shape_of
from gradscribe.ops.declare import elementwise
from gradscribe.ops.promotion import inexact, inexact_types

POSITIVE = (0.1, 4.0)
INSIDE = (-0.9, 0.9)
ANGLES = (-1.4, 1.4)


# Below 0.01 the difference of cosine and sinc cancels; three terms of the series are exact to rounding there.
SINC_SERIES = (
    "-3.289868133696453 * x * (1.0 - 0.9869604401089358 * x * x * (1.0 - 0.3524858714674771 * x * x))"
)
SINC_PARTIAL = f"where(abs(x) < 0.01, {SINC_SERIES}, (cos(pi * x) - out) / or_one(x))"


def _logaddexp_partial(operand: str, other: str, power: str) -> str:
    return f"where({operand} == {other}, 0.5, {power}({operand} - out))"


EXPONENTIAL = (
    elementwise(
        "exp",
        "numpy.exp math.exp",
        {"x": "out"},
        "Exponential.",
        formula="exp(x)",
        hard_points={"x": (-700.0, -1e-9, 1e-300, 700.0)},
        singular=True,
    ),
    elementwise(
        "exp2",
        "numpy.exp2 math.exp2",
        {"x": "0.6931471805599453 * out"},
        "2 to the power of x.",
        formula="2 ** x",
        hard_points={"x": (-1000.0, 1e-9, 1000.0)},
        singular=True,
    ),
    elementwise(
        "expm1",
        "numpy.expm1 math.expm1",
        {"x": "exp(x)"},
        "exp(x) - 1, exact near 0.",
        formula="exp(x) - 1",
        hard_points={"x": (-50.0, 1e-12, 700.0)},
        singular=True,
    ),
    elementwise(
        "log",
        "numpy.log math.log",
        {"x": "1.0 / x"},
        "Natural logarithm.",
        otherwise="log_base",
        formula="log(x)",
        singular=True,
        domain={"x": POSITIVE},
        hard_points={"x": (1e-300, 1.0, 1e300)},
    ),
    elementwise(
        "log2",
        "numpy.log2 math.log2",
        {"x": "1.4426950408889634 / x"},
        "Logarithm to the base 2.",
        formula="log(x) / log(2)",
        singular=True,
        domain={"x": POSITIVE},
        hard_points={"x": (1e-300, 1e300)},
    ),
    elementwise(
        "log10",
        "numpy.log10 math.log10",
        {"x": "0.4342944819032518 / x"},
        "Logarithm to the base 10.",
        formula="log(x) / log(10)",
        singular=True,
        domain={"x": POSITIVE},
        hard_points={"x": (1e-300, 1e300)},
    ),
    elementwise(
        "log1p",
        "numpy.log1p math.log1p",
        {"x": "1.0 / (1.0 + x)"},
        "log(1 + x), exact near 0.",
        formula="log(1 + x)",
        singular=True,
        domain={"x": (-0.9, 4.0)},
        hard_points={"x": (-0.99999, 1e-300, 1e300)},
    ),
    elementwise(
        "log_base",
        "math.log",
        {"x": "1.0 / (x * log(base))", "base": "-out / (base * log(base))"},
        "Logarithm to any base.",
        formula="log(x) / log(base)",
        singular=True,
        types=lambda *_: (FLOAT,),
        domain={"x": POSITIVE, "base": (1.5, 4.0)},
        refused_keywords={},
    ),
    elementwise(
        "logaddexp",
        "numpy.logaddexp",
        {"x": _logaddexp_partial("x", "y", "exp"), "y": _logaddexp_partial("y", "x", "exp")},
        "log(exp(x) + exp(y)), without overflow.",
        formula="log(exp(x) + exp(y))",
        singular=True,
        hard_points={"x": (-1000.0, 1000.0), "y": (-1000.0, 1000.0)},
        note="Two equal infinities share equally.",
    ),
    elementwise(
        "logaddexp2",
        "numpy.logaddexp2",
        {"x": _logaddexp_partial("x", "y", "exp2"), "y": _logaddexp_partial("y", "x", "exp2")},
        "log2(2**x + 2**y), without overflow.",
        formula="log(2**x + 2**y) / log(2)",
        singular=True,
        note="Two equal infinities share equally.",
    ),
)

ROOTS = (
    elementwise(
        "sqrt",
        "numpy.sqrt math.sqrt",
        {"x": "0.5 / out"},
        "Square root.",
        formula="sqrt(x)",
        singular=True,
        domain={"x": POSITIVE},
        hard_points={"x": (1e-300, 1e300)},
    ),
    elementwise(
        "cbrt",
        "numpy.cbrt math.cbrt",
        {"x": "1.0 / (3.0 * out * out)"},
        "Cube root.",
        formula="x ** Rational(1, 3)",
        singular=True,
        domain={"x": POSITIVE},
        hard_points={"x": (1e-200, 1e200)},
    ),
    elementwise(
        "float_power",
        "numpy.float_power",
        {"x": "y * float_power(x, y - 1.0)", "y": "out * log(x)"},
        "Power in double precision.",
        formula="x ** y",
        singular=True,
        domain={"x": (0.1, 4.0), "y": (-2.0, 2.0)},
        samples=("a(3), a(3)", "a(2, 3), a(3)", "s(), f()", "a(3), 2.0", "f(), f()"),
        note="Its result is float64.",
    ),
    elementwise("square", "numpy.square", {"x": "2.0 * x"}, "Square.", formula="x ** 2"),
    elementwise(
        "reciprocal",
        "numpy.reciprocal",
        {"x": "-out * out"},
        "1 / x.",
        formula="1 / x",
        singular=True,
        domain={"x": (0.5, 3.0)},
    ),
    elementwise(
        "hypot",
        "numpy.hypot math.hypot",
        {"x": "x / or_one(out)", "y": "y / or_one(out)"},
        "sqrt(x**2 + y**2), without overflow.",
        formula="sqrt(x**2 + y**2)",
        singular=True,
        hard_points={"x": (1e-200, 1e200), "y": (1e-200, 1e200)},
        note="At (0, 0) it is 0, as a norm at 0.",
    ),
)

TRIGONOMETRIC = (
    elementwise("sin", "numpy.sin math.sin", {"x": "cos(x)"}, "Sine.", formula="sin(x)"),
    elementwise("cos", "numpy.cos math.cos", {"x": "-sin(x)"}, "Cosine.", formula="cos(x)"),
    elementwise(
        "tan",
        "numpy.tan math.tan",
        {"x": "1.0 + out * out"},
        "Tangent.",
        formula="tan(x)",
        domain={"x": ANGLES},
        hard_points={"x": (1e-9, 1.5707)},
    ),
    elementwise(
        "arcsin",
        "numpy.arcsin numpy.asin math.asin",
        {"x": "1.0 / sqrt((1.0 - x) * (1.0 + x))"},
        "Inverse sine.",
        formula="asin(x)",
        singular=True,
        domain={"x": INSIDE},
        hard_points={"x": (1e-9, 0.99999999, -0.99999999)},
        source="(1 - x) * (1 + x) does not cancel near 1, 1 - x**2 does",
    ),
    elementwise(
        "arccos",
        "numpy.arccos numpy.acos math.acos",
        {"x": "-1.0 / sqrt((1.0 - x) * (1.0 + x))"},
        "Inverse cosine.",
        formula="acos(x)",
        singular=True,
        domain={"x": INSIDE},
        hard_points={"x": (1e-9, 0.99999999, -0.99999999)},
    ),
    elementwise(
        "arctan",
        "numpy.arctan numpy.atan math.atan",
        {"x": "1.0 / (1.0 + x * x)"},
        "Inverse tangent.",
        formula="atan(x)",
        hard_points={"x": (1e-9, 1e150)},
    ),
    elementwise(
        "arctan2",
        "numpy.arctan2 numpy.atan2 math.atan2",
        {"y": "x / or_one(x * x + y * y)", "x": "-y / or_one(x * x + y * y)"},
        "The angle of the point (x, y).",
        formula="atan2(y, x)",
        singular=True,
        domain={"x": (0.3, 2.0)},
        note="At (0, 0) it is 0.",
    ),
    elementwise(
        "sinc",
        "numpy.sinc",
        {"x": SINC_PARTIAL},
        "sin(pi x) / (pi x), 1 at 0.",
        hard_points={"x": (1e-9, 0.0099, 0.0101, 0.5)},
        refused_keywords={},
        types=inexact_types,
    ),
    elementwise(
        "deg2rad",
        "numpy.deg2rad numpy.radians math.radians",
        {"x": "0.017453292519943295"},
        "Degrees to radians.",
        formula="x * pi / 180",
    ),
    elementwise(
        "rad2deg",
        "numpy.rad2deg numpy.degrees math.degrees",
        {"x": "57.29577951308232"},
        "Radians to degrees.",
        formula="x * 180 / pi",
    ),
)

HYPERBOLIC = (
    elementwise(
        "sinh",
        "numpy.sinh math.sinh",
        {"x": "cosh(x)"},
        "Hyperbolic sine.",
        formula="sinh(x)",
        hard_points={"x": (1e-9, 700.0)},
        singular=True,
    ),
    elementwise(
        "cosh",
        "numpy.cosh math.cosh",
        {"x": "sinh(x)"},
        "Hyperbolic cosine.",
        formula="cosh(x)",
        hard_points={"x": (1e-9, 700.0)},
        singular=True,
    ),
    elementwise(
        "tanh",
        "numpy.tanh math.tanh",
        {"x": "1.0 - out * out"},
        "Hyperbolic tangent.",
        formula="tanh(x)",
        accuracy="absolute",
        hard_points={"x": (1e-9, 20.0, 300.0)},
        note="1 - out**2 reuses the output and is what a person writes; its error is absolute.",
    ),
    elementwise(
        "arcsinh",
        "numpy.arcsinh numpy.asinh math.asinh",
        {"x": "1.0 / hypot(1.0, x)"},
        "Inverse hyperbolic sine.",
        formula="asinh(x)",
        hard_points={"x": (1e-9, 1e200)},
    ),
    elementwise(
        "arccosh",
        "numpy.arccosh numpy.acosh math.acosh",
        {"x": "1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0))"},
        "Inverse hyperbolic cosine.",
        formula="acosh(x)",
        singular=True,
        domain={"x": (1.1, 4.0)},
        hard_points={"x": (1.000001, 1e200)},
    ),
    elementwise(
        "arctanh",
        "numpy.arctanh numpy.atanh math.atanh",
        {"x": "1.0 / ((1.0 - x) * (1.0 + x))"},
        "Inverse hyperbolic tangent.",
        formula="atanh(x)",
        singular=True,
        domain={"x": INSIDE},
        hard_points={"x": (1e-9, 0.99999999)},
    ),
)

BESSEL = (
    elementwise(
        "numpy_i0",
        "numpy.i0",
        {"x": "bessel_i1(x)"},
        "Modified Bessel function of the first kind, order 0.",
        types=lambda types, attrs, spelling: (ArrayType(inexact(dtype_of(types[0])), shape_of(types[0])),),
        refused_keywords={},
        note="Its derivative is computed by SciPy.",
        source="DLMF 10.29.3",
    ),
)

OPERATIONS = (*EXPONENTIAL, *ROOTS, *TRIGONOMETRIC, *HYPERBOLIC, *BESSEL)

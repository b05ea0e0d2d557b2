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

import math

from gradscribe.ir.graph import Node
from gradscribe.ir.types import FLOAT, ArrayType, dtype_of, shape_of
from gradscribe.ops.accuracy import Accuracy
from gradscribe.ops.arithmetic import ZERO_TO_ZERO
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import derived, elementwise
from gradscribe.ops.promotion import inexact, inexact_types, only_numbers
from gradscribe.ops.spec import Partial

POSITIVE = (0.1, 4.0)
INSIDE = (-0.9, 0.9)
ANGLES = (-1.4, 1.4)


def _float_power_by_base(b: OpBuilder, node: Node) -> str:
    """`y * float_power(x, y - 1.0)`, and 0 where both are 0; see `power_by_base`."""
    is_number = shape_of(node.output.type) and not shape_of(node.inputs[1].type)
    return f"y * float_power(x, y - {'1.0' if is_number else 'logical_or(x, y)'})"


def _sinc_partial() -> str:
    """(cos(pi x) - sinc(x)) / x; its series below 0.3, where the difference cancels."""
    series = "1.0"
    for k in range(9, 0, -1):
        series = f"(1.0 - {math.pi**2 / (2 * k * (2 * k + 3))!r} * x * x * {series})"
    return f"where(abs(x) < 0.3, {-(math.pi**2) / 3!r} * x * {series}, (cos(pi * x) - out) / or_one(x))"


def _share(operand: str, other: str, base: str) -> Partial:
    """The part of one operand in a sum of powers: a logistic function of their difference."""
    plain = f"{other} - {operand}"
    text = "exp{0}(-logaddexp{0}(0.0, {1}))"

    def share(b: OpBuilder, node: Node) -> str:
        if any(b.literal(value) is not None for value in node.inputs):
            return text.format(base, plain)
        # Equal infinities have no difference; they share equally.
        return text.format(base, f"where(isinf({operand}) * ({operand} == {other}), 0.0, {plain})")

    share.__doc__ = f"`{text.format(base, plain)}`"
    return share


EXPONENTIAL = (
    elementwise(
        "exp",
        "numpy.exp math.exp",
        derived("x"),
        "Exponential.",
        formula="exp(x)",
        hard_points={"x": (-745.0, -700.0, -1e-9, 1e-300, 709.5)},
        singular=True,
    ),
    elementwise(
        "exp2",
        "numpy.exp2 math.exp2",
        derived("x"),
        "2 to the power of x.",
        formula="2 ** x",
        hard_points={"x": (-1073.0, -1000.0, 1e-9, 1023.5)},
        singular=True,
    ),
    elementwise(
        "expm1",
        "numpy.expm1 math.expm1",
        derived("x"),
        "exp(x) - 1, exact near 0.",
        formula="exp(x) - 1",
        hard_points={"x": (-745.0, -50.0, -1e-9, 1e-300, 709.5)},
        singular=True,
    ),
    elementwise(
        "log",
        "numpy.log math.log",
        derived("x"),
        "Natural logarithm.",
        otherwise="log_base",
        formula="log(x)",
        singular=True,
        domain={"x": POSITIVE},
        hard_points={"x": (5e-324, 1e-150, 0.9999999999, 1.0000000001, 1e300)},
    ),
    elementwise(
        "log2",
        "numpy.log2 math.log2",
        derived("x"),
        "Logarithm to the base 2.",
        formula="log(x) / log(2)",
        singular=True,
        domain={"x": POSITIVE},
        hard_points={"x": (5e-324, 1e-150, 0.9999999999, 1.0000000001, 1e300)},
    ),
    elementwise(
        "log10",
        "numpy.log10 math.log10",
        derived("x"),
        "Logarithm to the base 10.",
        formula="log(x) / log(10)",
        singular=True,
        domain={"x": POSITIVE},
        hard_points={"x": (5e-324, 1e-150, 0.9999999999, 1.0000000001, 1e300)},
    ),
    elementwise(
        "log1p",
        "numpy.log1p math.log1p",
        derived("x"),
        "log(1 + x), exact near 0.",
        formula="log(1 + x)",
        singular=True,
        domain={"x": (-0.9, 4.0)},
        hard_points={"x": (-0.9999999999, -1e-300, 1e-300, 1e-9, 1e300)},
    ),
    elementwise(
        "log_base",
        "math.log",
        derived("x base"),
        "Logarithm to any base.",
        formula="log(x) / log(base)",
        singular=True,
        types=lambda types, attrs, spelling: (only_numbers(types, FLOAT),),
        domain={"x": POSITIVE, "base": (1.5, 4.0)},
        refused_keywords={},
        hard_points={"x": (1e-150, 0.999999, 1e150), "base": (1e-5, 1.5, 1e100)},
    ),
    elementwise(
        "logaddexp",
        "numpy.logaddexp",
        {"x": _share("x", "y", ""), "y": _share("y", "x", "")},
        "log(exp(x) + exp(y)), without overflow.",
        formula="log(exp(x) + exp(y))",
        singular=True,
        hard_points={"x": (-1000.0, 0.0, 40.0), "y": (0.0, 1000.0)},
        note="Two equal infinities share equally.",
    ),
    elementwise(
        "logaddexp2",
        "numpy.logaddexp2",
        {"x": _share("x", "y", "2"), "y": _share("y", "x", "2")},
        "log2(2**x + 2**y), without overflow.",
        formula="log(2**x + 2**y) / log(2)",
        singular=True,
        note="Two equal infinities share equally.",
        accuracy=Accuracy(ulp=30, why="that is what logaddexp2 is good to"),
        hard_points={"x": (-1000.0, 0.0, 40.0), "y": (0.0, 1000.0)},
    ),
)

ROOTS = (
    elementwise(
        "sqrt",
        "numpy.sqrt math.sqrt",
        derived("x"),
        "Square root.",
        formula="sqrt(x)",
        singular=True,
        domain={"x": POSITIVE},
        hard_points={"x": (1e-200, 1e-9, 1.0, 1e300)},
    ),
    elementwise(
        "cbrt",
        "numpy.cbrt math.cbrt",
        {"x": "1.0 / (3.0 * out * out)"},
        "Cube root.",
        formula="x ** Rational(1, 3)",
        singular=True,
        domain={"x": POSITIVE},
        hard_points={"x": (1e-170, 1e-9, 1.0, 1e300)},
    ),
    elementwise(
        "float_power",
        "numpy.float_power",
        {
            "x": "y * float_power(x, y - logical_or(x, y))",
            "y": "where(x == 0, 0.0, out * log(where(x == 0, 1.0, x)))",
        },
        "Power in double precision.",
        formula="x ** y",
        singular=True,
        domain={"x": (0.1, 4.0), "y": (-2.0, 2.0)},
        samples=("a(3), a(3)", "a(2, 3), a(3)", "s(), f()", "a(3), 2.0", "f(), f()"),
        note=f"Its result is float64. {ZERO_TO_ZERO}",
        accuracy=Accuracy(ulp=300, why="y - 1 is rounded before the power is taken"),
        hard_points={"x": (1e-100, 0.999999999, 1.0, 10.0), "y": (-2.5, 1e-9, 0.5, 3.0, 100.5)},
    ),
    elementwise(
        "square",
        "numpy.square",
        derived("x"),
        "Square.",
        formula="x ** 2",
        hard_points={"x": (-1e150, -1e-150, 1.0, 1e150)},
    ),
    elementwise(
        "reciprocal",
        "numpy.reciprocal",
        derived("x"),
        "1 / x.",
        formula="1 / x",
        singular=True,
        domain={"x": (0.5, 3.0)},
        hard_points={"x": (-1e100, -1e-100, 1.0, 1e100)},
    ),
    elementwise(
        "hypot",
        "numpy.hypot math.hypot",
        {"x": "x / or_one(out)", "y": "y / or_one(out)"},
        "sqrt(x**2 + y**2), without overflow.",
        formula="sqrt(x**2 + y**2)",
        singular=True,
        hard_points={"x": (1e-200, 1e-9, 3.0, 1e200), "y": (-1e-200, 1e-9, 4.0, 1e200)},
        note="At (0, 0) it is 0, as a norm at 0; where an operand is infinite, nan.",
        accuracy=Accuracy(
            absolute_from=2, why="1 / out - x² / out³ cancels where one operand is much larger"
        ),
    ),
)

TRIGONOMETRIC = (
    elementwise(
        "sin",
        "numpy.sin math.sin",
        derived("x"),
        "Sine.",
        formula="sin(x)",
        hard_points={"x": (1e-300, 1e-9, 1.5707963267948966, 3.141592653589793, 1e5)},
    ),
    elementwise(
        "cos",
        "numpy.cos math.cos",
        derived("x"),
        "Cosine.",
        formula="cos(x)",
        hard_points={"x": (1e-300, 1e-9, 1.5707963267948966, 3.141592653589793, 1e5)},
    ),
    elementwise(
        "tan",
        "numpy.tan math.tan",
        derived("x"),
        "Tangent.",
        formula="tan(x)",
        domain={"x": ANGLES},
        hard_points={"x": (1e-300, 1e-9, 1.5707963, 3.141592653589793, 1e5)},
    ),
    elementwise(
        "arcsin",
        "numpy.arcsin numpy.asin math.asin",
        {"x": "1.0 / sqrt((1.0 - x) * (1.0 + x))"},
        "Inverse sine.",
        formula="asin(x)",
        singular=True,
        domain={"x": INSIDE},
        hard_points={"x": (-0.9999999999999, 1e-300, 1e-9, 0.5, 0.99999999)},
        source="(1 - x) * (1 + x) does not cancel near 1, 1 - x**2 does",
        accuracy=Accuracy(absolute_from=2, why="(1 - x) - (1 + x) cancels near 0"),
    ),
    elementwise(
        "arccos",
        "numpy.arccos numpy.acos math.acos",
        {"x": "-1.0 / sqrt((1.0 - x) * (1.0 + x))"},
        "Inverse cosine.",
        formula="acos(x)",
        singular=True,
        domain={"x": INSIDE},
        hard_points={"x": (-0.9999999999999, 1e-300, 1e-9, 0.5, 0.99999999)},
        accuracy=Accuracy(absolute_from=2, why="(1 - x) - (1 + x) cancels near 0"),
    ),
    elementwise(
        "arctan",
        "numpy.arctan numpy.atan math.atan",
        derived("x"),
        "Inverse tangent.",
        formula="atan(x)",
        hard_points={"x": (-1e100, 1e-300, 1e-9, 1.0, 1e100)},
        accuracy=Accuracy(absolute_from=2, why="its parts underflow from 1e77"),
    ),
    elementwise(
        "arctan2",
        "numpy.arctan2 numpy.atan2 math.atan2",
        {
            "y": "x / or_one(hypot(x, y)) / or_one(hypot(x, y))",
            "x": "-y / or_one(hypot(x, y)) / or_one(hypot(x, y))",
        },
        "The angle of the point (x, y).",
        formula="atan2(y, x)",
        singular=True,
        domain={"x": (0.3, 2.0)},
        note="At (0, 0) it is 0; where an operand is infinite, nan.",
        accuracy=Accuracy(absolute_from=2, why="x² - y² cancels where they are equal"),
        hard_points={"y": (-1e-140, 1e-9, 1.0, 1e140), "x": (-1.0, 1e-140, 1e-8, 1e140)},
    ),
    elementwise(
        "sinc",
        "numpy.sinc",
        {"x": _sinc_partial()},
        "sin(pi x) / (pi x), 1 at 0.",
        hard_points={"x": (1e-300, 1e-9, 0.299, 0.301, 0.5, 1.0, 7.3)},
        refused_keywords={},
        types=inexact_types,
        accuracy=Accuracy(absolute_from=1, why="the sine of pi x is good to the rounding of pi x"),
        formula="sin(pi * x) / (pi * x)",
    ),
    elementwise(
        "deg2rad",
        "numpy.deg2rad numpy.radians math.radians",
        derived("x"),
        "Degrees to radians.",
        formula="x * pi / 180",
        hard_points={"x": (-1e300, -1e-300, 5e-324, 1.0, 1e300)},
    ),
    elementwise(
        "rad2deg",
        "numpy.rad2deg numpy.degrees math.degrees",
        derived("x"),
        "Radians to degrees.",
        formula="x * 180 / pi",
        hard_points={"x": (-1e300, -1e-300, 1.0, 1e300)},
    ),
)

HYPERBOLIC = (
    elementwise(
        "sinh",
        "numpy.sinh math.sinh",
        derived("x"),
        "Hyperbolic sine.",
        formula="sinh(x)",
        hard_points={"x": (-700.0, 1e-300, 1e-9, 700.0)},
        singular=True,
    ),
    elementwise(
        "cosh",
        "numpy.cosh math.cosh",
        derived("x"),
        "Hyperbolic cosine.",
        formula="cosh(x)",
        hard_points={"x": (-700.0, 1e-300, 1e-9, 700.0)},
        singular=True,
    ),
    elementwise(
        "tanh",
        "numpy.tanh math.tanh",
        derived("x"),
        "Hyperbolic tangent.",
        formula="tanh(x)",
        accuracy=Accuracy(absolute_from=1, why="1 - out * out reuses the output and is what a person writes"),
        hard_points={"x": (-300.0, 1e-300, 1e-9, 1.0, 20.0)},
    ),
    elementwise(
        "arcsinh",
        "numpy.arcsinh numpy.asinh math.asinh",
        {"x": "1.0 / hypot(1.0, x)"},
        "Inverse hyperbolic sine.",
        formula="asinh(x)",
        hard_points={"x": (-1e100, 1e-300, 1e-9, 1.0, 1e100)},
    ),
    elementwise(
        "arccosh",
        "numpy.arccosh numpy.acosh math.acosh",
        {"x": "1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0))"},
        "Inverse hyperbolic cosine.",
        formula="acosh(x)",
        singular=True,
        domain={"x": (1.1, 4.0)},
        hard_points={"x": (1.0000000001, 1.5, 1e100)},
    ),
    elementwise(
        "arctanh",
        "numpy.arctanh numpy.atanh math.atanh",
        {"x": "1.0 / ((1.0 - x) * (1.0 + x))"},
        "Inverse hyperbolic tangent.",
        formula="atanh(x)",
        singular=True,
        domain={"x": INSIDE},
        hard_points={"x": (-0.99999999999, 1e-300, 1e-9, 0.5, 0.99999999)},
        accuracy=Accuracy(absolute_from=2, why="(1 - x) - (1 + x) cancels near 0"),
    ),
)

BESSEL = (
    elementwise(
        "numpy_i0",
        "numpy.i0",
        derived("x"),
        "Modified Bessel function of the first kind, order 0.",
        types=lambda types, attrs, spelling: (ArrayType(inexact(dtype_of(types[0])), shape_of(types[0])),),
        refused_keywords={},
        note="Its derivative is computed by SciPy.",
        source="DLMF 10.29.3",
        formula="besseli(0, x)",
        hard_points={"x": (1e-9, 1.0, 10.0)},
    ),
)

OPERATIONS = (*EXPONENTIAL, *ROOTS, *TRIGONOMETRIC, *HYPERBOLIC, *BESSEL)

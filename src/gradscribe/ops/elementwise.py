"""Elementwise functions with a name.

In:  nothing.   Out: `OPERATIONS`.
Not here: operators (arithmetic.py), choices between values (selection.py), rounding (rounding.py).
"""

from __future__ import annotations



from gradscribe.ops.declare import elementwise


EXPONENTIAL = (
    elementwise("exp", "numpy.exp math.exp", {"x": "out"}, "Exponential.", formula="exp(x)"),
    elementwise("log", "numpy.log math.log", {"x": "1.0 / x"}, "Natural logarithm.", formula="log(x)",
                singular=True, domain={"x": (0.1, 4.0)}),
    elementwise("sqrt", "numpy.sqrt math.sqrt", {"x": "0.5 / out"}, "Square root.", formula="sqrt(x)",
                singular=True, domain={"x": (0.1, 4.0)}),
    elementwise("square", "numpy.square", {"x": "2.0 * x"}, "Square.", formula="x ** 2"),
)

TRIGONOMETRIC = (
    elementwise("sin", "numpy.sin math.sin", {"x": "cos(x)"}, "Sine.", formula="sin(x)"),
    elementwise("cos", "numpy.cos math.cos", {"x": "-sin(x)"}, "Cosine.", formula="cos(x)"),
)

HYPERBOLIC = (
    elementwise("sinh", "numpy.sinh math.sinh", {"x": "cosh(x)"}, "Hyperbolic sine.", formula="sinh(x)"),
    elementwise("cosh", "numpy.cosh math.cosh", {"x": "sinh(x)"}, "Hyperbolic cosine.", formula="cosh(x)"),
    elementwise("tanh", "numpy.tanh math.tanh", {"x": "1.0 - out * out"}, "Hyperbolic tangent.", formula="tanh(x)",
                accuracy="absolute", note="1 - out**2 reuses the output and is what a person writes."),
)

OPERATIONS = (*EXPONENTIAL, *TRIGONOMETRIC, *HYPERBOLIC)

"""Partials that SymPy derives from the formulas of the table; do not edit.

`python -m tools.derive --update` writes this module.

In:  nothing.   Out: `PARTIALS`, by entry and operand.
Not here: partials that are better stated by hand (the entries themselves).
"""

from __future__ import annotations

from collections.abc import Mapping

PARTIALS: Mapping[str, Mapping[str, str]] = {
    "add": {"x": "1.0", "y": "1.0"},
    "sub": {"x": "1.0", "y": "-1.0"},
    "mul": {"x": "y", "y": "x"},
    "neg": {"x": "-1.0"},
    "pos": {"x": "1.0"},
    "exp": {"x": "out"},
    "exp2": {"x": "0.6931471805599453 * out"},
    "expm1": {"x": "exp(x)"},
    "log": {"x": "1.0 / x"},
    "log2": {"x": "1.4426950408889634 / x"},
    "log10": {"x": "0.4342944819032518 / x"},
    "log1p": {"x": "1.0 / (1.0 + x)"},
    "log_base": {"x": "1.0 / (x * log(base))", "base": "-out / (base * log(base))"},
    "sqrt": {"x": "0.5 / out"},
    "square": {"x": "2.0 * x"},
    "reciprocal": {"x": "-out * out"},
    "sin": {"x": "cos(x)"},
    "cos": {"x": "-sin(x)"},
    "tan": {"x": "1.0 + out * out"},
    "arctan": {"x": "1.0 / (1.0 + x * x)"},
    "deg2rad": {"x": "0.017453292519943295"},
    "rad2deg": {"x": "57.29577951308232"},
    "sinh": {"x": "cosh(x)"},
    "cosh": {"x": "sinh(x)"},
    "tanh": {"x": "1.0 - out * out"},
    "numpy_i0": {"x": "bessel_i1(x)"},
    "erf": {"x": "1.1283791670955126 * exp(-x * x)"},
    "erfc": {"x": "-1.1283791670955126 * exp(-x * x)"},
    "erfi": {"x": "1.1283791670955126 * exp(x * x)"},
    "erfinv": {"x": "0.886226925452758 * exp(out * out)"},
    "erfcinv": {"x": "-0.886226925452758 * exp(out * out)"},
    "loggamma": {"x": "digamma(x)"},
    "betaln": {"a": "digamma(a) - digamma(a + b)", "b": "digamma(b) - digamma(a + b)"},
    "beta": {"a": "out * (digamma(a) - digamma(a + b))", "b": "out * (digamma(b) - digamma(a + b))"},
    "exp10": {"x": "2.302585092994046 * out"},
    "scipy_exp2": {"x": "0.6931471805599453 * out"},
    "scipy_expm1": {"x": "exp(x)"},
    "scipy_log1p": {"x": "1.0 / (1.0 + x)"},
    "wrightomega": {"z": "out / (1.0 + out)"},
    "cosm1": {"x": "-sin(x)"},
    "exp1": {"x": "-exp(-x) / x"},
    "expi": {"x": "exp(x) / x"},
    "bessel_j0": {"x": "-bessel_j1(x)"},
    "bessel_j1": {"x": "0.5 * (bessel_j0(x) - bessel_jv(2.0, x))"},
    "bessel_y0": {"x": "-bessel_y1(x)"},
    "bessel_i0": {"x": "bessel_i1(x)"},
    "bessel_i1": {"x": "0.5 * (bessel_i0(x) + bessel_iv(2.0, x))"},
    "bessel_k0": {"x": "-bessel_k1(x)"},
    "cmath_exp": {"z": "out"},
    "cmath_log": {"z": "1.0 / z"},
    "cmath_sqrt": {"z": "0.5 / out"},
    "cmath_sin": {"z": "cos(z)"},
    "cmath_cos": {"z": "-sin(z)"},
    "cmath_tan": {"z": "1.0 + out * out"},
    "cmath_sinh": {"z": "cosh(z)"},
    "cmath_cosh": {"z": "sinh(z)"},
    "cmath_tanh": {"z": "1.0 - out * out"},
    "cmath_log10": {"z": "0.4342944819032518 / z"},
    "inside_bounds": {"curvature": "1.0"},
}

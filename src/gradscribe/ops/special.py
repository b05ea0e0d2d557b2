"""Special functions of `math`.

In:  nothing.   Out: `OPERATIONS`.
References: NIST Digital Library of Mathematical Functions, sections 5.15 and 7.2.
"""

from __future__ import annotations

from gradscribe.ir.types import FLOAT
from gradscribe.ops.declare import elementwise
from gradscribe.ops.promotion import always
from gradscribe.runtime.polygamma import polygamma

OPERATIONS = (
    elementwise(
        "erf",
        "math.erf",
        {"x": "1.1283791670955126 * exp(-x * x)"},
        "Error function.",
        formula="erf(x)",
        types=always(FLOAT),
        refused_keywords={},
        hard_points={"x": (1e-9, 5.0)},
    ),
    elementwise(
        "erfc",
        "math.erfc",
        {"x": "-1.1283791670955126 * exp(-x * x)"},
        "1 - erf(x), exact for large x.",
        formula="erfc(x)",
        types=always(FLOAT),
        refused_keywords={},
        hard_points={"x": (1e-9, 5.0, 20.0)},
    ),
    elementwise(
        "gamma",
        "math.gamma",
        {"x": "out * polygamma(0, x)"},
        "Gamma function.",
        formula="gamma(x)",
        types=always(FLOAT),
        refused_keywords={},
        singular=True,
        domain={"x": (0.3, 5.0)},
        hard_points={"x": (1e-5, 100.0)},
    ),
    elementwise(
        "lgamma",
        "math.lgamma",
        {"x": "polygamma(0, x)"},
        "Logarithm of |gamma(x)|.",
        formula="loggamma(x)",
        types=always(FLOAT),
        refused_keywords={},
        singular=True,
        domain={"x": (0.3, 5.0)},
        hard_points={"x": (1e-5, 100.0)},
    ),
    elementwise(
        "polygamma",
        "gradscribe.runtime.polygamma.polygamma",
        {"x": "polygamma(order + 1, x)"},
        "Derivatives of the logarithm of the gamma function.",
        constant={"order": "it is an int"},
        signature="order, x",
        types=always(FLOAT),
        refused_keywords={},
        singular=True,
        domain={"x": (0.3, 5.0)},
        samples=("0, f()", "1, f()", "3, f()"),
        evaluate=lambda inputs, attrs: polygamma(*inputs),
    ),
)

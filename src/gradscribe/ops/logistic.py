"""Logistic functions, power transformations, robust losses and entropies of scipy.special.

In:  nothing.   Out: `OPERATIONS`.
Not here: reductions such as logsumexp (logsumexp.py).
"""

from __future__ import annotations

from gradscribe.ops.scipy_types import special

POSITIVE = (0.3, 5.0)


def growth(u: str) -> str:
    """(exp(u) (u - 1) + 1) / u², the derivative of exprel; its series where the difference cancels."""
    series = "1.0 / 403200"
    for divisor in (45360, 5760, 840, 144, 30, 8, 3, 2):
        series = f"1.0 / {divisor} + ({u}) * ({series})"
    return f"where(abs({u}) < 0.1, {series}, (exp({u}) * (({u}) - 1.0) + 1.0) / or_one(({u}) * ({u})))"


LOGISTIC = (
    special(
        "expit",
        {"x": "out * (1.0 - out)"},
        "Logistic sigmoid.",
        formula="1 / (1 + exp(-x))",
        accuracy="absolute",
        hard_points={"x": (-700.0, -1e-9, 20.0)},
        note="out * (1 - out) is what a person writes; its error is absolute.",
    ),
    special(
        "log_expit",
        {"x": "expit(-x)"},
        "log(expit(x)), exact for large negative x.",
        formula="-log(1 + exp(-x))",
        hard_points={"x": (-700.0, -1e-9, 20.0, 700.0)},
    ),
    special(
        "logit",
        {"x": "1.0 / (x * (1.0 - x))"},
        "log(x / (1 - x)).",
        formula="log(x / (1 - x))",
        domain={"x": (0.1, 0.9)},
        hard_points={"x": (1e-300, 0.5, 0.999999)},
        singular=True,
    ),
    special(
        "exprel",
        {"x": growth("x")},
        "(exp(x) - 1) / x.",
        formula="(exp(x) - 1) / x",
        hard_points={"x": (-30.0, -0.5, 1e-9, 0.09, 0.11, 3.0)},
        source="series below 0.1",
    ),
    special("cosm1", {"x": "-sin(x)"}, "cos(x) - 1, exact near 0.", formula="cos(x) - 1"),
    special(
        "boxcox",
        {
            "x": "x ** (lmbda - 1.0)",
            "lmbda": f"log(x) * log(x) * ({growth('(lmbda * log(x))')})",
        },
        "Box-Cox transformation, (x ** lmbda - 1) / lmbda.",
        formula="(x ** lmbda - 1) / lmbda",
        domain={"x": (0.3, 4.0), "lmbda": (0.5, 2.0)},
        hard_points={"x": (0.3, 4.0), "lmbda": (1e-9, 0.5)},
        singular=True,
    ),
    special(
        "boxcox1p",
        {
            "x": "(1.0 + x) ** (lmbda - 1.0)",
            "lmbda": f"log1p(x) * log1p(x) * ({growth('(lmbda * log1p(x))')})",
        },
        "Box-Cox transformation of 1 + x.",
        formula="((1 + x) ** lmbda - 1) / lmbda",
        domain={"x": (0.3, 4.0), "lmbda": (0.5, 2.0)},
        hard_points={"x": (0.3, 4.0), "lmbda": (1e-9, 0.5)},
        singular=True,
    ),
    special(
        "huber",
        {
            "delta": "where(abs(r) <= delta, 0.0, abs(r) - delta)",
            "r": "where(abs(r) <= delta, r, sign(r) * delta)",
        },
        "Huber's loss.",
        domain={"delta": (0.2, 0.5), "r": (0.6, 3.0)},
    ),
    special(
        "pseudo_huber",
        {
            "delta": "2.0 * out / delta - r * r / (delta * hypot(1.0, r / delta))",
            "r": "r / hypot(1.0, r / delta)",
        },
        "Smooth form of Huber's loss.",
        formula="delta ** 2 * (sqrt(1 + (r / delta) ** 2) - 1)",
        domain={"delta": (0.2, 0.5), "r": (0.6, 3.0)},
        singular=True,
    ),
)

ENTROPY = (
    special("entr", {"x": "-log(x) - 1.0"}, "-x log(x).", formula="-x * log(x)", domain={"x": POSITIVE},
            singular=True, hard_points={"x": (1e-300, 1e300)}),
    special(
        "rel_entr",
        {"x": "log(x / y) + 1.0", "y": "-x / y"},
        "x log(x / y).",
        formula="x * log(x / y)",
        domain={"x": POSITIVE, "y": POSITIVE},
        singular=True,
    ),
    special(
        "kl_div",
        {"x": "log(x / y)", "y": "1.0 - x / y"},
        "x log(x / y) - x + y.",
        formula="x * log(x / y) - x + y",
        domain={"x": POSITIVE, "y": POSITIVE},
        singular=True,
    ),
    special(
        "xlogy",
        {"x": "log(y)", "y": "x / where(x == 0, 1.0, y)"},
        "x log(y), 0 where x is 0.",
        formula="x * log(y)",
        domain={"x": (-1.0, 1.0), "y": POSITIVE},
        hard_points={"x": (1e-300, 1e3), "y": (1e-200, 1e300)},
        singular=True,
        note="Where x is 0 the function is 0 for every y, and so is its derivative by y.",
    ),
    special(
        "xlog1py",
        {"x": "log1p(y)", "y": "x / where(x == 0, 1.0, 1.0 + y)"},
        "x log1p(y), 0 where x is 0.",
        formula="x * log(1 + y)",
        domain={"x": (-1.0, 1.0), "y": (-0.5, 3.0)},
        singular=True,
        note="Where x is 0 the function is 0 for every y, and so is its derivative by y.",
    ),
)  # fmt: skip

OPERATIONS = (*LOGISTIC, *ENTROPY)

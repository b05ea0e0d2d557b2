"""Logistic functions, power transformations, robust losses and entropies of scipy.special.

In:  nothing.   Out: `OPERATIONS`.
Not here: reductions such as logsumexp (logsumexp.py).
"""

from __future__ import annotations

from gradscribe.ops.accuracy import Accuracy
from gradscribe.ops.declare import derived
from gradscribe.ops.scipy_types import special

POSITIVE = (0.3, 5.0)

LOGISTIC = (
    special(
        "expit",
        {"x": "out * (1.0 - out)"},
        "Logistic sigmoid.",
        formula="1 / (1 + exp(-x))",
        accuracy=Accuracy(
            absolute_from=1, why="out * (1 - out) reuses the output and is what a person writes"
        ),
        hard_points={"x": (-700.0, -1e-9, 1e-300, 20.0, 700.0)},
    ),
    special(
        "log_expit",
        {"x": "expit(-x)"},
        "log(expit(x)), exact for large negative x.",
        formula="-log(1 + exp(-x))",
        hard_points={"x": (-700.0, -1e-9, 1e-300, 20.0, 700.0)},
        accuracy=Accuracy(absolute_from=2, why="the derivative of a logistic function reuses its output"),
    ),
    special(
        "logit",
        {"x": "1.0 / (x * (1.0 - x))"},
        "log(x / (1 - x)).",
        formula="log(x / (1 - x))",
        domain={"x": (0.1, 0.9)},
        hard_points={"x": (1e-150, 1e-9, 0.5, 0.999999)},
        singular=True,
    ),
    special(
        "exprel",
        {"x": "expm1_quotient(x, 1)"},
        "(exp(x) - 1) / x.",
        formula="(exp(x) - 1) / x",
        hard_points={"x": (-700.0, -30.0, -2.01, -0.5, 1e-300, 1e-9, 1.99, 2.01, 3.0, 600.0)},
        source="series below 2",
        accuracy=Accuracy(ulp=50, why="the difference cancels most at 2, where the series ends"),
    ),
    special(
        "cosm1",
        derived("x"),
        "cos(x) - 1, exact near 0.",
        formula="cos(x) - 1",
        hard_points={"x": (1e-300, 1e-9, 1.0, 3.141592653589793)},
    ),
    special(
        "boxcox",
        {
            "x": "x ** (lmbda - 1.0)",
            "lmbda": "log(x) * log(x) * expm1_quotient(lmbda * log(x), 1)",
        },
        "Box-Cox transformation, (x ** lmbda - 1) / lmbda.",
        formula="(x ** lmbda - 1) / lmbda",
        domain={"x": (0.3, 4.0), "lmbda": (0.5, 2.0)},
        hard_points={"x": (1e-5, 0.999999, 4.0), "lmbda": (1e-9, 0.5, 2.0)},
        singular=True,
        accuracy=Accuracy(
            ulp=50, why="the difference cancels most where lmbda log(x) is 2 and the series ends"
        ),
    ),
    special(
        "boxcox1p",
        {
            "x": "exp((lmbda - 1.0) * log1p(x))",
            "lmbda": "log1p(x) * log1p(x) * expm1_quotient(lmbda * log1p(x), 1)",
        },
        "Box-Cox transformation of 1 + x.",
        formula="((1 + x) ** lmbda - 1) / lmbda",
        domain={"x": (0.3, 4.0), "lmbda": (0.5, 2.0)},
        hard_points={"x": (1e-5, 0.3, 4.0), "lmbda": (1e-9, 0.5, 2.0)},
        singular=True,
        accuracy=Accuracy(
            ulp=50, why="the difference cancels most where lmbda log1p(x) is 2 and the series ends"
        ),
    ),
    special(
        "huber",
        {
            "delta": "where(abs(r) <= delta, 0.0, abs(r) - delta)",
            "r": "where(abs(r) <= delta, r, sign(r) * delta)",
        },
        "Huber's loss.",
        domain={"delta": (0.2, 0.5), "r": (0.6, 3.0)},
        formula="Piecewise((r ** 2 / 2, Abs(r) <= delta), (delta * (Abs(r) - delta / 2), True))",
        hard_points={"delta": (1e-9, 1.0, 1e100), "r": (-1e5, 1e-300, 0.999, 1.001)},
    ),
    special(
        "pseudo_huber",
        {
            "delta": "(out / delta) * (out / delta) / (delta * hypot(1.0, r / delta))",
            "r": "r / hypot(1.0, r / delta)",
        },
        "Smooth form of Huber's loss.",
        formula="delta ** 2 * (sqrt(1 + (r / delta) ** 2) - 1)",
        domain={"delta": (0.2, 0.5), "r": (0.6, 3.0)},
        singular=True,
        accuracy=Accuracy(
            ulp=100000, absolute_from=2, why="in second derivatives terms of the size of (r / delta)² cancel"
        ),
        hard_points={"delta": (0.1, 1.0, 10.0), "r": (-10.0, 1e-9, 1.0, 10.0)},
    ),
)

ENTROPY = (
    special(
        "entr",
        {"x": "-log(x) - 1.0"},
        "-x log(x).",
        formula="-x * log(x)",
        domain={"x": POSITIVE},
        singular=True,
        hard_points={"x": (1e-300, 0.36787944, 1.0, 1e300)},
        accuracy=Accuracy(absolute_from=1, why="-log(x) - 1 cancels near 1 / e"),
    ),
    special(
        "rel_entr",
        {"x": "log(x / y) + 1.0", "y": "-x / y"},
        "x log(x / y).",
        formula="x * log(x / y)",
        domain={"x": POSITIVE, "y": POSITIVE},
        singular=True,
        hard_points={"x": (1e-100, 0.5, 1e100), "y": (1e-100, 0.5, 1e100)},
    ),
    special(
        "kl_div",
        {"x": "log(x / y)", "y": "(y - x) / y"},
        "x log(x / y) - x + y.",
        formula="x * log(x / y) - x + y",
        domain={"x": POSITIVE, "y": POSITIVE},
        singular=True,
        accuracy=Accuracy(absolute_from=1, why="x / y is rounded before its logarithm is taken"),
        hard_points={"x": (1e-100, 0.5, 1e100), "y": (1e-100, 0.4999999, 1e100)},
    ),
    special(
        "xlogy",
        {"x": "log(y)", "y": "x / where(x == 0, 1.0, y)"},
        "x log(y), 0 where x is 0.",
        formula="x * log(y)",
        domain={"x": (-1.0, 1.0), "y": POSITIVE},
        hard_points={"x": (1e-300, 1.0, 1e3), "y": (1e-150, 0.9999999, 1e150)},
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
        hard_points={"x": (1e-300, 1.0, 1e3), "y": (-0.999999, 1e-300, 1e-9, 1e150)},
    ),
)

OPERATIONS = (*LOGISTIC, *ENTROPY)

"""Exponential, trigonometric and elliptic integrals, hypergeometric functions and Lambert's W of scipy.special.

In:  nothing.   Out: `OPERATIONS`.
Not here: incomplete gamma and beta functions (incomplete.py).
References: NIST Digital Library of Mathematical Functions (DLMF), chapters 4, 6, 8, 13, 15, 16, 19 and 25.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Node
from gradscribe.ir.types import Type, shape_of
from gradscribe.ops.accuracy import Accuracy
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import derived, elementwise
from gradscribe.ops.promotion import number_type
from gradscribe.ops.scipy_types import NoPartial, several, special
from gradscribe.ops.spec import Spelling

POSITIVE = (0.3, 5.0)


def _double_complex(
    types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling
) -> tuple[Type, ...]:
    return (number_type(np.dtype(np.complex128), shape_of(types[0])),)


def _expn(b: OpBuilder, node: Node) -> str:
    """`-expn(n - 1, x)`."""
    order = b.literal(node.inputs[0])
    if order is not None:
        return "-exp(-x) * (1.0 + 1.0 / x) / x" if order == 0 else "-expn(n - 1, x)"
    return "-where(n == 0, exp(-x) * (1.0 + 1.0 / x) / x, expn(maximum(n - 1, 0), x))"


OPERATIONS = (
    special(
        "exp1",
        derived("x"),
        "Exponential integral E₁.",
        formula="expint(1, x)",
        domain={"x": POSITIVE},
        singular=True,
        hard_points={"x": (1e-9, 1.0, 50.0)},
    ),
    special(
        "expi",
        derived("x"),
        "Exponential integral Ei.",
        formula="Ei(x)",
        domain={"x": POSITIVE},
        singular=True,
        hard_points={"x": (1e-9, 1.0, 50.0)},
    ),
    special(
        "expn",
        {"x": _expn},
        "Exponential integral of integer order.",
        constant={"n": "it is an int"},
        signature="n, x",
        domain={"x": POSITIVE},
        samples=("0, a(3)", "1, a(3)", "3, a(2, 3)", "i(3), a(3)"),
        singular=True,
        source="DLMF 8.19.13",
        formula="expint(n, x)",
        hard_points={"n": (0, 1, 3), "x": (1e-5, 1.0, 50.0)},
    ),
    special(
        "spence",
        {"x": "-1.0 / exprel(log(x))"},
        "Spence's function.",
        domain={"x": POSITIVE},
        singular=True,
        source="DLMF 25.12: log(x) / (1 - x), smooth at 1",
        accuracy=Accuracy(
            ulp=100, why="exprel has a series near 0, which costs some digits in second derivatives"
        ),
        formula="polylog(2, 1 - x)",
        hard_points={"x": (1e-9, 0.9999999, 1.0000001, 2.0, 100.0)},
    ),
    several(
        "sici",
        ("sinc(x / pi)", "cos(x) / x"),
        "Sine and cosine integrals.",
        samples=("a(3)", "s()"),
        domain={"x": POSITIVE},
    ),
    several(
        "shichi",
        ("hyp0f1(1.5, 0.25 * x * x)", "cosh(x) / x"),
        "Hyperbolic sine and cosine integrals.",
        samples=("a(3)", "s()"),
        domain={"x": POSITIVE},
    ),
    special(
        "ellipk",
        {
            "m": "where(m < 0.5, 0.39269908169872414 * hyp2f1(1.5, 1.5, 2.0, m), "
            "(ellipe(m) / (1.0 - m) - out) / or_one(2.0 * m))"
        },
        "Complete elliptic integral of the first kind.",
        samples=("a(3)", "a(2, 3)", "s()"),
        domain={"m": (0.1, 0.9)},
        singular=True,
        source="DLMF 19.4.1 and 19.5.1",
        accuracy=Accuracy(ulp=100, why="that is what hyp2f1 is good to"),
        formula="elliptic_k(m)",
        hard_points={"m": (1e-9, 1e-3, 0.5, 0.99)},
    ),
    special(
        "ellipe",
        {
            "m": "where(m < 0.5, -0.39269908169872414 * hyp2f1(0.5, 1.5, 2.0, m), "
            "(out - ellipk(m)) / or_one(2.0 * m))"
        },
        "Complete elliptic integral of the second kind.",
        samples=("a(3)", "a(2, 3)", "s()"),
        domain={"m": (0.1, 0.9)},
        singular=True,
        source="DLMF 19.4.2 and 19.5.2",
        accuracy=Accuracy(ulp=100, why="that is what hyp2f1 is good to"),
        formula="elliptic_e(m)",
        hard_points={"m": (1e-9, 1e-3, 0.5, 0.99)},
    ),
    special(
        "hyp0f1",
        {"v": NoPartial("v"), "z": "hyp0f1(v + 1.0, z) / v"},
        "Confluent hypergeometric limit function.",
        samples=("1.5, a(3)", "2, a(2, 3)"),
        source="DLMF 16.3.1",
        accuracy=Accuracy(ulp=200, why="that is what SciPy's hyp0f1 is good to"),
        formula="hyper((), (v,), z)",
        hard_points={"v": (0.5, 2.0, 30.5), "z": (-50.0, 1e-300, 1e-9, 1.0, 300.0)},
    ),
    special(
        "hyp1f1",
        {"a": NoPartial("a"), "b": NoPartial("b"), "x": "a * hyp1f1(a + 1.0, b + 1.0, x) / b"},
        "Confluent hypergeometric function.",
        samples=("1.5, 2.5, a(3)", "0.5, 2, s()"),
        source="DLMF 13.3.15",
        accuracy=Accuracy(ulp=200, why="that is what SciPy's hyp1f1 is good to"),
        formula="hyper((a,), (b,), x)",
        hard_points={"a": (-1.5, 0.5, 3.0), "b": (0.7, 4.0), "x": (-30.0, 1e-300, 1e-9, 1.0, 50.0)},
    ),
    special(
        "hyp2f1",
        {
            **{name: NoPartial(name) for name in "abc"},
            "z": "a * b * hyp2f1(a + 1.0, b + 1.0, c + 1.0, z) / c",
        },
        "Gauss's hypergeometric function.",
        samples=("1.5, 0.5, 2.5, a(3)", "0.5, 1, 3, s()"),
        domain={"z": (-0.8, 0.8)},
        source="DLMF 15.5.1",
        accuracy=Accuracy(ulp=200, why="that is what SciPy's hyp2f1 is good to"),
        formula="hyper((a, b), (c,), z)",
        hard_points={"a": (0.5, 2.0), "b": (-1.5, 1.0), "c": (0.7, 4.0), "z": (-3.0, 1e-9, 0.5, 0.99)},
    ),
    elementwise(
        "lambertw",
        "scipy.special.lambertw",
        {"z": "exp(-out) / (1.0 + out)"},
        "Lambert's W, principal branch.",
        types=_double_complex,
        refused_keywords={
            "k": "only the principal branch is supported",
            "tol": "it has no effect on derivatives",
        },
        samples=("a(3)", "c(3)"),
        domain={"z": (0.3, 2.0)},
        singular=True,
        source="DLMF 4.13.4",
        accuracy=Accuracy(ulp=10000, why="next to the branch point -1/e, 1 + out cancels"),
        formula="LambertW(z)",
        hard_points={"z": (-0.3678 + 1e-9j, 1e-300 + 0j, 1e-9 + 0j, 1.0 - 2.0j, 1e10 + 1.0j)},
    ),
)

"""scipy.integrate: integrals of samples, and rules with fixed nodes.

In:  nothing.   Out: `OPERATIONS`.
Not here: their models (written/quadrature.py), the trapezoidal rule, which NumPy has too (calculus.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import Number, OpBuilder
from gradscribe.ops.composite import composite, modelled, written_out
from gradscribe.ops.declare import constant_almost_everywhere
from gradscribe.ops.slices import along, joined, turned
from gradscribe.ops.spec import Domain, Spelling, Unsupported
from gradscribe.ops.written import quadrature as model

Attrs = Mapping[str, object]
INTEGRATE = "scipy.integrate."
POINTS = "array([0.0, 0.4, 1.1, 1.5, 2.4, 2.9])"


def _cumulative(
    b: OpBuilder,
    /,
    y: Value,
    x: Value | None = None,
    dx: Value | Number = 1.0,
    axis: int = -1,
    initial: object = None,
) -> Value:
    """Running sums of means times steps."""
    ndim = len(shape_of(y.type))
    place = one_axis(axis, ndim)
    steps: Value | Number = dx
    if x is not None:
        steps = b.op("diff", x) if len(shape_of(x.type)) == 1 else b.op("diff", x, axis=place)
        steps = turned(b, steps, place, ndim) if len(shape_of(steps.type)) == 1 else steps
    heights = b.op("add", along(b, y, place, 1), along(b, y, place, None, -1))
    found = b.op("cumsum", b.op("div", b.op("mul", steps, heights), 2.0), axis=place)
    if initial is None:
        return found
    if type(initial) not in (int, float) or initial != 0:
        raise Unsupported(f"initial={initial!r}", "pass initial=0, or None")
    return joined(b, [b.op("zeros_like", along(b, y, place, None, 1)), found], place)


def _weight_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    count = getattr(types[0], "length", None)
    if count is None:
        raise Unsupported("a number of samples that is not known as a length", "pass an array")
    return (ArrayType(np.dtype(np.float64), (count,)),)


def _rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    count = fresh()
    return (ArrayType(np.dtype(np.float64), (count,)),) * 2


OPERATIONS = (
    composite(
        "cumulative_trapezoid",
        INTEGRATE + "cumulative_trapezoid",
        "y, x=None, dx=1.0, axis=-1, initial=None",
        _cumulative,
        "Running integral by the trapezoidal rule.",
        why="a running sum of means times steps",
        operands=("y", "x", "dx"),
        samples=(
            "a(5)",
            "a(5), a(5)",
            "a(2, 5), dx=0.5, initial=0",
            "a(5, 2), a(5), axis=0",
            "a(4), dx=f()",
        ),
    ),
    modelled(
        "simpson",
        INTEGRATE + "simpson",
        "y, x=None, *, dx=1.0, axis=-1",
        model.simpson,
        "Integral by Simpson's rule.",
        why="a weighted sum; weights that depend on the steps",
        double_only=True,
        samples=(
            "a(5)",
            "a(4)",
            "a(2)",
            "a(3, 6), dx=0.5",
            "a(5, 2), axis=0",
            "a(7), dx=f()",
            f"a(5), x={POINTS}[:5]",
            f"a(6), x={POINTS}",
            f"a(2), x={POINTS}[:2]",
            f"a(4, 2), x={POINTS}[:4], axis=0",
            "a(2, 5), x=array([[0.0, 0.4, 1.1, 1.5, 2.4], [0.1, 0.3, 1.2, 2.0, 2.1]])",
        ),
    ),
    modelled(
        "cumulative_simpson",
        INTEGRATE + "cumulative_simpson",
        "y, *, x=None, dx=1.0, axis=-1, initial=None",
        model.cumulative_simpson,
        "Running integral by Simpson's rule.",
        why="a running sum of parabolas' integrals",
        double_only=True,
        samples=(
            "a(5)",
            "a(6), dx=f()",
            "a(2)",
            f"a(6), x={POINTS}, initial=0",
            f"a(5, 2), x={POINTS}[:5], axis=0, initial=0.5",
        ),
    ),
    modelled(
        "romb",
        INTEGRATE + "romb",
        "y, dx=1.0, axis=-1",
        model.romb,
        "Integral by Romberg's rule.",
        why="a weighted sum",
        double_only=True,
        refused_keywords={"show": "nothing is printed"},
        samples=("a(5)", "a(9), 0.3", "a(2)", "a(2, 3), dx=f()", "a(3, 2), axis=0"),
    ),
    written_out(
        "fixed_quad",
        INTEGRATE + "fixed_quad",
        model.fixed_quad,
        "Integral of a function by its values at the nodes of Gauss and Legendre.",
    ),
    *(
        constant_almost_everywhere(
            name,
            f"scipy.special.{name}",
            "it has no float operand",
            f"Nodes and weights of the rule of Gauss and {polynomials}.",
            signature="n, mu=False",
            types=_rule,
            operands=(),
            refused_keywords={"mu": "the sum of the weights is np.sum(w)"},
            backend=Domain.OPAQUE,
            samples=("5", "n(3)"),
        )
        for name, polynomials in (
            ("roots_legendre", "Legendre"),
            ("roots_chebyt", "Chebyshev"),
            ("roots_hermite", "Hermite, for exp(-x²)"),
            ("roots_hermitenorm", "Hermite, for exp(-x²/2)"),
            ("roots_laguerre", "Laguerre"),
        )
    ),
    *(
        constant_almost_everywhere(
            name,
            f"numpy.polynomial.{module}.{name}",
            "it has no float operand",
            f"Nodes and weights of the rule of Gauss and {polynomials}.",
            signature="deg",
            types=_rule,
            operands=(),
            backend=Domain.OPAQUE,
            samples=("5", "n(3)"),
        )
        for module, name, polynomials in (
            ("legendre", "leggauss", "Legendre"),
            ("chebyshev", "chebgauss", "Chebyshev"),
            ("hermite", "hermgauss", "Hermite, for exp(-x²)"),
            ("hermite_e", "hermegauss", "Hermite, for exp(-x²/2)"),
            ("laguerre", "laggauss", "Laguerre"),
        )
    ),
    *(
        constant_almost_everywhere(
            name,
            f"gradscribe.runtime.quadrature.{name}",
            "its result depends on a number of samples",
            f"Weights of {rule}'s rule.",
            signature="n",
            types=_weight_types,
            backend=Domain.OPAQUE,
            samples=samples,
        )
        for name, rule, samples in (
            ("simpson_weights", "Simpson", ("n(5)", "n(4)", "n(2)")),
            ("romberg_weights", "Romberg", ("n(5)", "n(2)")),
        )
    ),
)

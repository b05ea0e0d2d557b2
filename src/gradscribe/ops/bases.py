"""Series in the bases of polynomials of numpy.polynomial, whose coefficients count from the lowest degree.

Values of a basis B_0 ... B_n at points are a matrix V (`chebvander`), so that a value is V @ c, and V' = V D with
the matrix D that expands each B_j' in the basis.

In:  nothing.   Out: `OPERATIONS`.
References: Abramowitz & Stegun, Handbook of Mathematical Functions, sections 22.7 and 22.8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import ONE
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.declare import constant_almost_everywhere, custom
from gradscribe.ops.polynomials import RUNTIME, vector
from gradscribe.ops.promotion import inexact, number_type, numbers, promote
from gradscribe.ops.shapes import int_length
from gradscribe.ops.slices import length
from gradscribe.ops.spec import Contributions, OpSpec, Spelling

Attrs = Mapping[str, object]
BASES = {
    "polynomial.polyval": "poly",
    "chebyshev.chebval": "cheb",
    "legendre.legval": "leg",
    "laguerre.lagval": "lag",
    "hermite.hermval": "herm",
    "hermite_e.hermeval": "herme",
}


def _basis(dotted: str, short: str) -> tuple[OpSpec, OpSpec]:
    """Values in one basis, and the matrix V of the basis at points."""
    module = dotted.partition(".")[0]

    def value(b: OpBuilder, x: Value, c: Value) -> Value:
        vector(c.type, f"numpy.polynomial.{dotted}")
        degree = b.op("sub", length(b, c, 0), 1)
        found = b.op("matmul", b.apply(f"{short}vander", (x, degree), {"deg": Input(1)})[0], c)
        return found if shape_of(x.type) else b.op("get_item", found, index=(0,))

    def types(given: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        x, c = numbers(given)
        vector(c, f"numpy.polynomial.{dotted}")
        return (number_type(inexact(promote((x, c))), shape_of(x)),)

    def vander_types(given: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        x = numbers(given[:1])[0]
        return (ArrayType(inexact(x.dtype), (*(shape_of(x) or (ONE,)), int_length(attrs["deg"], given) + 1)),)

    def slope(b: OpBuilder, node: Node) -> Value:
        n = length(b, node.output, -1)
        expansion = b.apply("basis_derivatives", (n,), {"basis": short, "n": Input(0)})[0]
        return b.op("matmul", node.output, expansion)

    def vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
        (ct,) = cts
        return [None if ct is None else b.op("sum", b.op("mul", ct, slope(b, node)), axis=-1)]

    def jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
        tangent = tangents[0]
        if tangent is None:
            return [None]
        spread = b.op("expand_dims", tangent, axis=-1) if shape_of(tangent.type) else tangent
        return [b.op("mul", spread, slope(b, node))]

    return (
        composite(
            f"{short}_value",
            f"numpy.polynomial.{dotted}",
            "x, c",
            value,
            f"Value of a series in the basis of numpy.polynomial.{module}.",
            why="linear in the coefficients, a polynomial in x",
            types=types,
            operands=("x", "c"),
            refused_keywords={"tensor": "only vectors of coefficients are supported"},
            samples=("a(3), a(4)", "s(), a(3)", "a(2, 3), a(5)", "f(), a(2)"),
        ),
        custom(
            f"{short}vander",
            f"numpy.polynomial.{module}.{short}vander",
            "x, deg",
            vjp,
            jvp,
            vander_types,
            f"Values of the basis of numpy.polynomial.{module} at points.",
            why="derivatives expanded in the basis",
            operands=("x",),
            samples=("a(3), 4", "a(2, 3), 2", "s(), 3", "a(3), n(3)"),
        ),
    )


def _integral_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    n = int_length(attrs["n"], types)
    return (ArrayType(np.dtype(np.float64), (n + 1, n)),)


OPERATIONS = (
    constant_almost_everywhere(
        "basis_derivatives",
        RUNTIME + "basis_derivatives",
        "it has no float operand",
        "The derivatives of a basis of polynomials, expanded in the basis.",
        signature="basis, n",
        operands=(),
        types=lambda types, attrs, spelling: (
            ArrayType(np.dtype(np.float64), (int_length(attrs["n"], types),) * 2),
        ),
        samples=("'cheb', 4", "'leg', n(3)"),
    ),
    constant_almost_everywhere(
        "basis_integrals",
        RUNTIME + "basis_integrals",
        "it has no float operand",
        "The integrals of a basis of polynomials, expanded in the basis.",
        signature="basis, n",
        operands=(),
        types=_integral_types,
        samples=("'cheb', 4", "'leg', n(3)"),
    ),
    *(spec for dotted, short in BASES.items() for spec in _basis(dotted, short)),
)

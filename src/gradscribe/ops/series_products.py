"""Products, powers and roots of series of numpy.polynomial.

In:  nothing.   Out: `OPERATIONS`.
Not here: models of products (written/series_products.py), derivatives and integrals (series.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import ArrayType, Type
from gradscribe.ops.bases import BASES
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import modelled
from gradscribe.ops.declare import constant_almost_everywhere, custom
from gradscribe.ops.polynomials import RUNTIME, vector
from gradscribe.ops.promotion import inexact, numbers
from gradscribe.ops.shapes import int_length
from gradscribe.ops.slices import length
from gradscribe.ops.spec import Contributions, OpSpec, Spelling
from gradscribe.ops.written import series_products as model

Attrs = Mapping[str, object]
MODULES = {dotted.partition(".")[0]: short for dotted, short in BASES.items()}
# Products in powers and in Chebyshev polynomials are convolutions (written/series_classes.py).
CONVOLVED = ("poly", "cheb")
BILINEAR = "linear in each series"


def _entry(
    module: str, what: str, signature: str, doc: str, why: str, *samples: str, **fields: Any
) -> OpSpec:
    function: Callable[..., Any] = getattr(model, f"{MODULES[module]}{what}")
    return modelled(
        f"{module}_{function.__name__}",
        f"numpy.polynomial.{module}.{function.__name__}",
        signature,
        function,
        doc,
        why=why,
        samples=samples,
        **fields,
    )


def _products(module: str) -> list[OpSpec]:
    found = [
        _entry(
            module,
            "mulx",
            "c",
            "Coefficients of x times a series.",
            "linear in the coefficients",
            "a(3)",
            "a(1)",
            precise_as={0: "c"},
        ),
        _entry(
            module,
            "pow",
            "c, pow, maxpower=16",
            "Coefficients of a power of a series.",
            "a product of equal factors",
            "a(3), 3",
            "a(2), 1",
            "a(3), 0",
            "a(2), 2, maxpower=4",
            double_only=True,
        ),
    ]
    if MODULES[module] not in CONVOLVED:
        doc, samples = "Coefficients of a product of series.", ("a(3), a(2)", "a(1), a(4)")
        found.append(_entry(module, "mul", "c1, c2", doc, BILINEAR, *samples, double_only=True))
    if module != "polynomial":
        doc, why = "Coefficients of the series with these roots.", "the product of its factors"
        found.append(_entry(module, "fromroots", "roots", doc, why, "a(3)", "a(1)", double_only=True))
    return found


def _roots(module: str) -> OpSpec:
    """The roots z of a series: dz is -dc times the basis at z, over the derivative there."""
    short = MODULES[module]

    def types(given: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        c = vector(numbers(given)[0], f"{short}roots")
        return (ArrayType(np.result_type(inexact(c.dtype), np.complex64), (fresh(),)),)

    def moves(b: OpBuilder, node: Node) -> tuple[Value, Value]:
        c, roots = node.inputs[0], node.output
        n = length(b, c, 0)
        expansion = b.apply("basis_derivatives", (n,), {"basis": short, "n": Input(0)})[0]
        values = b.apply(f"{short}vander", (roots, b.op("sub", n, 1)), {"deg": Input(1)})[0]
        return b.op("div", -1.0, b.op("matmul", values, b.op("matmul", expansion, c))), values

    def vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
        (ct,) = cts
        assert ct is not None
        slope, values = moves(b, node)
        return [b.op("matmul", b.op("mul", ct, slope), values)]

    def jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
        (tangent,) = tangents
        if tangent is None:
            return [None]
        slope, values = moves(b, node)
        return [b.op("mul", slope, b.op("matmul", values, tangent))]

    return custom(
        f"{short}roots",
        f"numpy.polynomial.{module}.{short}roots",
        "c",
        vjp,
        jvp,
        types,
        "Roots of a series, as complex numbers.",
        why="implicit differentiation of p(z) = 0; infinite at a multiple root",
        samples=("array([5.0, 0.3, 1.0])", "array([7.0, -0.4, 0.9])"),
        note="The last coefficient must not be 0.",
    )


def _table_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    n, m = (int_length(attrs[name], types) for name in ("n", "m"))
    return (ArrayType(np.dtype(np.float64), (n + m - 1, n, m)),)


OPERATIONS = (
    *(spec for module in MODULES for spec in _products(module)),
    *(_roots(module) for module in MODULES),
    constant_almost_everywhere(
        "basis_products",
        RUNTIME + "basis_products",
        "it has no float operand",
        "The products of the elements of a basis of polynomials, expanded in the basis.",
        signature="basis, n, m",
        operands=(),
        types=_table_types,
        samples=("'cheb', 4, 2", "'leg', n(3), n(4)"),
    ),
)

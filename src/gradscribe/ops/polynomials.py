"""Polynomials given by their coefficients.

Coefficients count from the highest power.

In:  nothing.   Out: `OPERATIONS`.
Not here: numpy.polynomial, which counts from the lowest (bases.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import Length, as_length, at_least_zero, fresh
from gradscribe.ir.types import ArrayType, Type, shape_of, type_text
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.declare import constant_almost_everywhere, custom, linear
from gradscribe.ops.promotion import inexact, number_type, numbers, promote
from gradscribe.ops.shapes import int_length
from gradscribe.ops.slices import along, joined, length
from gradscribe.ops.spec import Contributions, Spelling, Unsupported

Attrs = Mapping[str, object]


def vector(type_: Type, what: str) -> ArrayType:
    """The operand, which must be a vector."""
    if not isinstance(type_, ArrayType) or len(type_.shape) != 1:
        raise Unsupported(f"{what} of a {type_text(type_)}", "pass a vector of coefficients")
    return type_


def _polyval_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    p, x = numbers(types)
    vector(p, "polyval")
    return (number_type(np.result_type(p.dtype, x.dtype), shape_of(x)),)


def _polyval_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None, None]
    p, x = node.inputs
    ct_x = b.op("mul", ct, b.op("polyval", b.op("polyder", p), x))
    n = length(b, p, 0)
    flat, points = (_flat(b, value) for value in (ct, x))
    return [b.op("matmul", flat, b.apply("vander", (points, n), {"N": Input(1)})[0]), ct_x]


def _flat(b: OpBuilder, value: Value) -> Value:
    shape = shape_of(value.type)
    if not shape:
        return b.op("atleast_1d", value)
    return value if len(shape) == 1 else b.op("reshape", value, shape=(-1,))


def _powers(b: OpBuilder, n: Value) -> Value:
    """n - 1 ... 1, 0."""
    return b.op("flip", b.apply("arange", (n,), {"start": Input(0)})[0])


def _polyval_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    p, x = node.inputs
    p_dot, x_dot = tangents
    total: Value | None = None
    if p_dot is not None:
        total = b.op("polyval", p_dot, x)
    if x_dot is not None:
        term = b.op("mul", b.op("polyval", b.op("polyder", p), x), x_dot)
        total = term if total is None else b.op("add", total, term)
    return [total]


def _order(m: object) -> int:
    if not isinstance(m, int) or m < 0:
        raise Unsupported("an order that is not known when the code is generated", "write it as a literal")
    return m


def _polyder(b: OpBuilder, p: Value, m: int = 1) -> Value:
    vector(p.type, "polyder")
    for _ in range(_order(m)):
        powers = b.apply(
            "arange",
            (length(b, p, 0),),
            {"start": 1, "stop": Input(0)},
        )[0]
        p = b.op("mul", along(b, p, 0, None, -1), b.op("flip", powers))
    return p


def _polyint(b: OpBuilder, p: Value, m: int = 1, k: object = None) -> Value:
    vector(p.type, "polyint")
    if k is not None and not (isinstance(k, int | float) and m == 1):
        raise Unsupported("integration constants that are not one literal", "add them to the result")
    for _ in range(_order(m)):
        powers = b.op("add", _powers(b, length(b, p, 0)), 1)
        constant = b.apply("array", (), {"arrays": [float(k) if isinstance(k, int | float) else 0.0]})[0]
        p = joined(b, [b.op("div", p, powers), constant])
    return p


def _polyint_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = vector(numbers(types)[0], "polyint")
    m = _order(attrs.get("m", 1))
    dtype = np.polyint(np.zeros(2, operand.dtype), m).dtype
    return (ArrayType(dtype, (operand.shape[0] + m,)),)


def _sum_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    left, right = (vector(type_, spelling.name) for type_ in numbers(types))
    return (ArrayType(promote((left, right)), (_longer(left.shape[0], right.shape[0]),)),)


def _longer(left: Length, right: Length) -> Length:
    if left.constant is not None and right.constant is not None:
        return as_length(max(left.constant, right.constant))
    return left if left == right else fresh()


def _last(b: OpBuilder, ct: Value, operand: Value) -> Value:
    """The entries of a sum that an operand took part in: as many as it has, from the end."""
    if shape_of(ct.type) == shape_of(operand.type):
        return ct
    return along(b, ct, 0, b.op("sub", length(b, ct, 0), length(b, operand, 0)))


def _sum_vjp(sign: int) -> Any:
    def vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
        (ct,) = cts
        assert ct is not None
        right = _last(b, ct, node.inputs[1])
        return [_last(b, ct, node.inputs[0]), right if sign > 0 else b.op("neg", right)]

    return vjp


def _polymul(b: OpBuilder, a1: Value, a2: Value) -> Value:
    return b.op("convolve", *(b.op("trim_zeros", _listed(b, a), trim="f") for a in (a1, a2)))


def _listed(b: OpBuilder, a: Value) -> Value:
    return b.op("atleast_1d", a)


def _free_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    # A number becomes a polynomial of degree 0 first, in double precision.
    return (ArrayType(np.result_type(*(operand.dtype for operand in numbers(types))), (fresh(),)),)


def _polydiv(b: OpBuilder, u: Value, v: Value) -> tuple[Value, Value]:
    """u = q v + r: the leading coefficients of q v are those of u, a triangular system for q."""
    kept = length(b, b.apply("polydiv", (u, v))[1], 0)
    missing = b.op("maximum", b.op("sub", length(b, v, 0), length(b, u, 0)), 0)
    u = joined(b, [b.apply("zeros", (missing,), {"shape": Input(0)})[0], u])
    count = b.op("add", b.op("sub", length(b, u, 0), length(b, v, 0)), 1)
    positions = b.apply("band_positions", (count, length(b, v, 0)), {"n": Input(0), "m": Input(1)})[0]
    padded = joined(b, [v, b.apply("zeros", (), {"shape": 1})[0]])
    band = b.apply("get_item", (padded, positions), {"index": (Input(1),)})[0]
    quotient = b.op("solve", band, along(b, u, 0, None, count))
    rest = b.op("sub", u, b.op("ordered_convolution", quotient, v))
    return quotient, along(b, rest, 0, b.op("sub", length(b, u, 0), kept))


def _polydiv_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    left, right = (vector(type_, "polydiv") for type_ in numbers(types))
    dtype = inexact(promote((left, right)))
    return ArrayType(dtype, (fresh(),)), ArrayType(dtype, (fresh(),))


def _vander_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = vector(numbers(types)[0], "vander")
    given = attrs.get("N")
    columns = operand.shape[0] if given is None else int_length(given, types)
    return (ArrayType(np.vander(np.zeros(1, operand.dtype), 2).dtype, (operand.shape[0], columns)),)


def _vander_slope(b: OpBuilder, node: Node) -> Value:
    """Each column's derivative: its power times the column of the next lower power."""
    increasing = bool(node.attrs.get("increasing", False))
    matrix = node.output
    counts = b.apply("arange", (length(b, matrix, 1),), {"start": 1, "stop": Input(0)})[0]
    kept = along(b, matrix, 1, None, -1) if increasing else along(b, matrix, 1, 1)
    powers = counts if increasing else b.op("flip", counts)
    column = b.op("zeros_like", along(b, matrix, 1, None, 1))
    parts = [b.op("mul", kept, powers)]
    parts.insert(0 if increasing else 1, column)
    return joined(b, parts, 1)


def _vander_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    return [None if ct is None else b.op("sum", b.op("mul", ct, _vander_slope(b, node)), axis=1)]


def _vander_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    tangent = tangents[0]
    if tangent is None:
        return [None]
    return [b.op("mul", b.op("expand_dims", tangent, axis=-1), _vander_slope(b, node))]


def _poly_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    if operand.dtype.kind == "c":
        raise Unsupported("poly of complex roots", "multiply the factors with np.convolve")
    zeros = vector(operand, "poly")
    return (ArrayType(inexact(zeros.dtype), (zeros.shape[0] + 1,)),)


def _others_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    zeros = vector(types[0], "poly")
    n, left_out = zeros.shape[0], _order(attrs.get("left_out", 1))
    return (ArrayType(zeros.dtype, (n,) * left_out + (at_least_zero(n + 1 - left_out),)),)


def _with_one_factor_less(b: OpBuilder, node: Node) -> Value:
    """The products that moving a zero takes away from all coefficients but the first."""
    zeros = node.inputs[0]
    if node.op.name == "poly":
        return b.op("products_of_factors", zeros)
    return b.op("products_of_factors", zeros, left_out=_order(node.attrs.get("left_out", 1)) + 1)


def _poly_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    others = _with_one_factor_less(b, node)
    lower = along(b, ct, -1, 1)
    if node.op.name == "poly":
        return [b.op("neg", b.op("matmul", others, lower))]
    axes = list(range(len(shape_of(ct.type))))
    return [b.op("neg", b.op("tensordot", lower, others, axes=(axes, [*axes[:-1], axes[-1] + 1])))]


def _poly_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None]
    moved = b.op("neg", b.op("matmul", tangent, _with_one_factor_less(b, node)))
    return [joined(b, [b.op("zeros_like", along(b, node.output, -1, None, 1)), moved], -1)]


def _roots_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    p = vector(numbers(types)[0], "roots")
    return (ArrayType(np.result_type(inexact(p.dtype), np.complex64), (fresh(),)),)


def _roots(b: OpBuilder, node: Node) -> tuple[Value, Value]:
    """-1 / p'(z) at each root z, and the powers of z: implicit differentiation of p(z) = 0."""
    p, roots = node.inputs[0], node.output
    slope = b.op("div", -1.0, b.op("polyval", b.op("polyder", p), roots))
    return slope, b.apply("vander", (roots, length(b, p, 0)), {"N": Input(1)})[0]


def _roots_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    slope, powers = _roots(b, node)
    return [b.op("matmul", b.op("mul", ct, slope), powers)]


def _roots_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None]
    slope, powers = _roots(b, node)
    return [b.op("mul", slope, b.op("matmul", powers, tangent))]


RUNTIME = "gradscribe.runtime.polynomials."
LINEAR = "linear in its operands together"

OPERATIONS = (
    custom(
        "polyval",
        "numpy.polyval",
        "p, x",
        _polyval_vjp,
        _polyval_jvp,
        _polyval_types,
        "Value of a polynomial.",
        why="linear in the coefficients; in x, the value of its derivative",
        samples=("a(4), a(3)", "a(3), s()", "a(3), a(2, 2)", "a(3), f()", "a(1), a(2)"),
    ),
    composite(
        "polyder",
        "numpy.polyder",
        "p, m=1",
        _polyder,
        "Coefficients of the derivative.",
        why="coefficients times powers",
        operands=("p",),
        samples=("a(4)", "a(4), m=2", "a(1)"),
    ),
    composite(
        "polyint",
        "numpy.polyint",
        "p, m=1, k=None",
        _polyint,
        "Coefficients of the integral.",
        why="coefficients divided by powers",
        types=_polyint_types,
        operands=("p",),
        samples=("a(4)", "a(3), m=2", "a(3), k=2.0"),
    ),
    *(
        linear(
            name,
            f"numpy.{name}",
            "a1, a2",
            None,
            _sum_types,
            doc,
            transposes=_sum_vjp(sign),
            samples=("a(3), a(3)", "a(4), a(2)", "a(2), a(4)"),
        )
        for name, sign, doc in (("polyadd", 1, "Sum of polynomials."), ("polysub", -1, "Their difference."))
    ),
    composite(
        "polymul",
        "numpy.polymul",
        "a1, a2",
        _polymul,
        "Product of polynomials.",
        why="the convolution of the coefficients",
        types=_free_types,
        operands=("a1", "a2"),
        samples=("a(3), a(2)", "a(1), a(3)"),
    ),
    composite(
        "polydiv",
        "numpy.polydiv",
        "u, v",
        _polydiv,
        "Quotient and remainder of polynomials.",
        why="a triangular system for the quotient",
        types=_polydiv_types,
        operands=("u", "v"),
        samples=("a(5), array([1.0, 0.3, -0.2])", "a(3), array([2.0, 1.0])", "a(2), a(4)"),
    ),
    constant_almost_everywhere(
        "band_positions",
        RUNTIME + "band_positions",
        "its result is ints",
        "Where the entries of a banded Toeplitz matrix stand in its first column.",
        signature="n, m",
        operands=(),
        types=lambda types, attrs, spelling: (
            ArrayType(np.dtype(np.int64), (int_length(attrs["n"], types),) * 2),
        ),
        samples=("3, 2", "n(2), n(4)"),
    ),
    custom(
        "vander",
        "numpy.vander",
        "x, N=None, increasing=False",
        _vander_vjp,
        _vander_jvp,
        _vander_types,
        "Powers of a vector as columns.",
        why="each power's derivative is the next lower one",
        operands=("x",),
        samples=("a(3)", "a(3), 4", "a(3), 2, increasing=True", "a(3), n(3)", "array([0.0, 1.0]), 3"),
    ),
    custom(
        "poly",
        "numpy.poly",
        "seq_of_zeros",
        _poly_vjp,
        _poly_jvp,
        _poly_types,
        "Coefficients of the polynomial with these zeros.",
        why="the products of the other factors",
        samples=("a(3)", "a(1)"),
    ),
    custom(
        "products_of_factors",
        RUNTIME + "products_of_factors",
        "zeros, left_out=1",
        _poly_vjp,
        _poly_jvp,
        _others_types,
        "For each zero, the coefficients of the product of the other factors; likewise for pairs of zeros.",
        why="the products of one factor less",
        operands=("zeros",),
        samples=("a(3)", "a(4), left_out=2", "a(1)"),
    ),
    custom(
        "roots",
        "numpy.roots",
        "p",
        _roots_vjp,
        _roots_jvp,
        _roots_types,
        "Zeros of a polynomial, as complex numbers.",
        why="implicit differentiation of p(z) = 0; infinite at a multiple zero",
        samples=("array([1.0, 0.3, 1.0])", "array([1.0, 0.2, 1.5, 0.1, 0.7])"),
        note="The leading coefficient must not be 0.",
    ),
)

"""scipy.interpolate: cubic splines, from knots and values to coefficients, and from these to values.

A spline is its coefficients, which depend on knots and values, and a piecewise polynomial: what the object that
SciPy makes holds. Both are differentiated by all that they are given.

In:  nothing.   Out: `OPERATIONS`.
Not here: recognising the objects (frontend/splines.py), linear interpolation (interpolation.py, grids.py).
References: de Boor, A Practical Guide to Splines, 2001, chapter IV; Fritsch & Butland, A method for constructing
local monotone piecewise cubic interpolants, 1984.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import as_length
from gradscribe.ir.types import ArrayType, Type, dtype_of, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.declare import linear
from gradscribe.ops.promotion import numbers, same_type
from gradscribe.ops.slices import along, entry, joined, length, stacked, turned
from gradscribe.ops.spec import Aliasing, Domain, Spelling, Unsupported

Attrs = Mapping[str, object]
RUNTIME = "gradscribe.runtime.splines."
DOUBLE = np.dtype(np.float64)
CONDITIONS: Mapping[object, tuple[int, float]] = {"natural": (2, 0.0), "clamped": (1, 0.0)}
KNOTS = "array([0.0, 0.6, 1.1, 2.0, 2.7])"


def _double(b: OpBuilder, x: Value) -> Value:
    return x if dtype_of(x.type) == DOUBLE else b.op("astype", x, dtype=DOUBLE)


def _coefficient_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    t, y = numbers(types)
    if len(shape_of(t)) != 1 or not shape_of(y) or not {t.dtype.kind, y.dtype.kind} <= set("biuf"):
        raise Unsupported("a spline of other than real values at a vector of knots", "pass arrays t and y")
    _conditions(attrs.get("bc_type", "not-a-knot"))
    pieces = shape_of(t)[0] - as_length(1)
    return (ArrayType(DOUBLE, (as_length(4), pieces, *shape_of(y)[1:])),)


def _conditions(given: object) -> tuple[object, object]:
    """The condition at either end: 'not-a-knot', 'periodic', or the order of a derivative and its value."""
    pair: Any = given if isinstance(given, tuple | list) and len(given) == 2 else (given, given)
    found = [CONDITIONS.get(item, item) if isinstance(item, str) else item for item in pair]
    for item in found:
        is_derivative = isinstance(item, tuple) and len(item) == 2 and item[0] in (1, 2)
        if item not in ("not-a-knot", "periodic") and not (
            is_derivative and isinstance(item[1], int | float)
        ):
            raise Unsupported(
                f"the boundary condition {item!r}",
                "pass 'not-a-knot', 'periodic', 'clamped', 'natural', or pairs (order, number) known beforehand",
            )
    return found[0], found[1]


# Cubic splines: a system for the slopes at the knots


class _Parts:
    """Steps and slopes of the pieces."""

    def __init__(self, b: OpBuilder, t: Value, y: Value) -> None:
        self.b, self.t, self.y = b, _double(b, t), _double(b, y)
        self.dx = b.op("diff", self.t)
        self.h = turned(b, self.dx, 0, len(shape_of(y.type)))
        self.slope = b.op("div", b.op("diff", self.y, axis=0), self.h)

    def at(self, x: Value, k: int) -> Value:
        """An entry from either end, as an array of one."""
        return along(self.b, x, 0, k, k + 1 if k != -1 else None)

    def of(self, text: str, **names: Value) -> Value:
        """An expression of these values."""
        return self.b.expression(text, names)

    def end(self, condition: object, first: bool) -> tuple[Value, Value, Value]:
        """Diagonal, neighbour and right-hand side of the equation at one end."""
        near, far = (0, 1) if first else (-1, -2)
        dx, h, slope = self.at(self.dx, near), self.at(self.h, near), self.at(self.slope, near)
        if condition == "not-a-knot":
            next_dx, g, steeper = self.at(self.dx, far), self.at(self.h, far), self.at(self.slope, far)
            d = self.of("h + g", h=h, g=g)
            right = self.of("((h + 2 * d) * g * p + h * h * q) / d", h=h, g=g, d=d, p=slope, q=steeper)
            return next_dx, self.of("a + b", a=dx, b=next_dx), right
        assert isinstance(condition, tuple)
        order, value = condition
        if order == 1:
            return self.of("0 * x + 1", x=dx), self.of("0 * x", x=dx), self.of(f"0 * s + {value!r}", s=slope)
        sign = -0.5 if first else 0.5
        right = self.of(f"3 * s * h + {sign * value!r} * h * h", s=slope, h=h)
        return self.of("2 * x", x=dx), dx, right

    def inner(self) -> tuple[Value, Value]:
        """Diagonal and right-hand sides at the knots inside."""
        left, right = along(self.b, self.dx, 0, None, -1), along(self.b, self.dx, 0, 1)
        h, g = along(self.b, self.h, 0, None, -1), along(self.b, self.h, 0, 1)
        p, q = along(self.b, self.slope, 0, None, -1), along(self.b, self.slope, 0, 1)
        return self.of("2 * (a + b)", a=left, b=right), self.of("3 * (g * p + h * q)", g=g, h=h, p=p, q=q)


def _solve(b: OpBuilder, bands: Sequence[Value], right: Value) -> Value:
    return b.apply("solve_banded", (stacked(b, list(bands)), right), {"l_and_u": (1, 1)})[0]


def _slopes(parts: _Parts, first: object, last: object) -> Value:
    b, dx = parts.b, parts.dx
    d0, u0, r0 = parts.end(first, True)
    dn, ln, rn = parts.end(last, False)
    middle, right = parts.inner()
    none = parts.of("0 * x", x=parts.at(dx, 0))
    upper = joined(b, [none, u0, along(b, dx, 0, None, -1)])
    lower = joined(b, [along(b, dx, 0, 1), ln, none])
    return _solve(b, [upper, joined(b, [d0, middle, dn]), lower], joined(b, [r0, right, rn]))


def _periodic_slopes(parts: _Parts) -> Value:
    """The last equation closes the circle: its unknown is taken out, and the rest solved for it."""
    b, dx, at = parts.b, parts.dx, parts.at
    middle, right = parts.inner()
    d0 = parts.of("2 * (a + b)", a=at(dx, -1), b=at(dx, 0))
    names = {"g": at(parts.h, 0), "h": at(parts.h, -1), "p": at(parts.slope, -1), "q": at(parts.slope, 0)}
    r0 = parts.of("3 * (g * p + h * q)", **names)
    none = parts.of("0 * x", x=at(dx, 0))
    upper = joined(b, [none, at(dx, -1), along(b, dx, 0, None, -3)])
    lower = joined(b, [along(b, dx, 0, 1, -1), none])
    bands = [upper, joined(b, [d0, along(b, middle, 0, None, -1)]), lower]
    first = joined(b, [r0, along(b, right, 0, None, -1)])
    zeros = b.op("zeros_like", along(b, first, 0, 1, -1))
    like = parts.of("0 * r", r=r0)
    corner = [
        parts.of("r - x", r=like, x=at(parts.h, 0)),
        zeros,
        parts.of("r - x", r=like, x=at(parts.h, -3)),
    ]
    s1, s2 = _solve(b, bands, first), _solve(b, bands, joined(b, corner))
    names = {"h": at(parts.h, -1), "g": at(parts.h, -2), "r": at(right, -1)}
    names |= {"a": at(s1, 0), "b": at(s1, -1), "c": at(s2, 0), "d": at(s2, -1)}
    last = parts.of("(r - g * a - h * b) / (2 * (h + g) + g * c + h * d)", **names)
    inside = parts.of("x + k * y", x=s1, k=last, y=s2)
    return joined(b, [inside, last, at(inside, 0)])


def _cubic_spline(b: OpBuilder, /, t: Value, y: Value, bc_type: object = "not-a-knot") -> Value:
    first, last = _conditions(bc_type)
    least = 4 if "not-a-knot" in (first, last) or first == "periodic" else 2
    parts = _Parts(b, b.op("enough_knots", t, least=least), y)
    slopes = _periodic_slopes(parts) if first == "periodic" else _slopes(parts, first, last)
    return _hermite(parts, b.shaped_like(slopes, y))


def _hermite(parts: _Parts, s: Value) -> Value:
    """The coefficients of the pieces with these values and slopes at their ends."""
    b, h, slope = parts.b, parts.h, parts.slope
    start, end = along(b, s, 0, None, -1), along(b, s, 0, 1)
    bend = parts.of("(p + q - 2 * m) / h", p=start, q=end, m=slope, h=h)
    second = parts.of("(m - p) / h - e", m=slope, p=start, h=h, e=bend)
    return stacked(b, [parts.of("e / h", e=bend, h=h), second, start, along(b, parts.y, 0, None, -1)])


# Monotone cubics: slopes from those of the neighbours


def _pchip(b: OpBuilder, /, t: Value, y: Value) -> Value:
    parts = _Parts(b, b.op("enough_knots", t, least=3), y)
    h, g = along(b, parts.h, 0, None, -1), along(b, parts.h, 0, 1)
    p, q = along(b, parts.slope, 0, None, -1), along(b, parts.slope, 0, 1)
    rising = b.op("gt", b.op("mul", b.op("sign", p), b.op("sign", q)), 0.0)
    p_safe, q_safe = b.op("where", rising, p, 1.0), b.op("where", rising, q, 1.0)
    names = {"h": h, "g": g, "p": p_safe, "q": q_safe}
    mean = parts.of("3 * (h + g) / ((2 * g + h) / p + (g + 2 * h) / q)", **names)
    inside = b.op("where", rising, mean, 0.0)
    return _hermite(parts, b.shaped_like(joined(b, [_edge(parts, 0, 1), inside, _edge(parts, -1, -2)]), y))


def _edge(parts: _Parts, near: int, far: int) -> Value:
    """A slope of three points, kept to the sign of the first piece and to three times its slope."""
    b = parts.b
    p, q = parts.at(parts.slope, near), parts.at(parts.slope, far)
    h, g = parts.at(parts.h, near), parts.at(parts.h, far)
    d = parts.of("((2 * h + g) * p - h * q) / (h + g)", h=h, g=g, p=p, q=q)
    turns = b.op("ne", b.op("sign", p), b.op("sign", q))
    steep = b.op("and_", turns, b.op("gt", b.op("abs", d), parts.of("3 * abs(p)", p=p)))
    limited = b.op("where", steep, parts.of("3 * p", p=p), d)
    return b.op("where", b.op("ne", b.op("sign", d), b.op("sign", p)), 0.0, limited)


# Values


def value_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """Those of the values of a piecewise cubic."""
    c, _, x = numbers(types[:3])
    if c.dtype != DOUBLE:
        raise Unsupported(
            "coefficients of a spline in other than double precision", "convert them with .astype"
        )
    if attrs.get("nu", 0) not in range(4):
        raise Unsupported(
            f"the derivative of order {attrs['nu']!r} of a spline", "pass a literal from 0 to 3"
        )
    if attrs.get("extrapolate", True) not in (True, False, "periodic"):
        raise Unsupported("extrapolation that is known at run time only", "pass True, False or 'periodic'")
    return (ArrayType(DOUBLE, (*shape_of(x), *shape_of(c)[2:])),)


def values(b: OpBuilder, /, c: Value, t: Value, x: Value, nu: int = 0, extrapolate: object = True) -> Value:
    """A polynomial of the distance to the knot before."""
    t, x = _double(b, t), _double(b, x)
    first, last = entry(b, t, 0, 0), entry(b, t, 0, -1)
    if extrapolate == "periodic":
        x = b.op("add", first, b.op("mod", b.op("sub", x, first), b.op("sub", last, first)))
    place = b.op("sub", b.op("searchsorted", t, x, side="right"), 1)
    place = b.op("clip", place, 0, b.op("sub", length(b, t, 0), 2))
    z = b.op("sub", x, b.apply("get_item", (t, place), {"index": (Input(1),)})[0])
    trailing = len(shape_of(c.type)) - 2
    z = b.op("expand_dims", z, axis=tuple(range(-trailing, 0))) if trailing else z
    total: Value | None = None
    for power in range(3, nu - 1, -1):
        factor = float(np.prod(range(power - nu + 1, power + 1)))
        piece = b.apply("get_item", (c, place), {"index": (3 - power, Input(1))})[0]
        term = b.op("mul", factor, piece) if factor != 1.0 else piece
        total = term if total is None else b.op("add", b.op("mul", total, z), term)
    assert total is not None
    if not isinstance(total.type, ArrayType):
        total = b.apply("asarray", (total,), {"arrays": Input(0)})[0]
    if extrapolate is False:
        outside = b.op("or_", b.op("lt", x, first), b.op("gt", x, last))
        outside = b.op("expand_dims", outside, axis=tuple(range(-trailing, 0))) if trailing else outside
        total = b.op("where", outside, np.nan, total)
    return total


def _same(b: OpBuilder, node: Node, ct: Value) -> Value:
    return ct


OPERATIONS = (
    composite(
        "cubic_spline",
        f"{RUNTIME}cubic_spline",
        "t, y, bc_type='not-a-knot'",
        _cubic_spline,
        "A cubic spline through points, by its coefficients.",
        why="a banded system for the slopes at the knots",
        types=_coefficient_types,
        samples=(
            f"{KNOTS}, a(5)",
            f"{KNOTS}, a(5), bc_type='natural'",
            f"{KNOTS}, a(5, 2), bc_type='clamped'",
            f"{KNOTS}, a(5), bc_type=((1, 0.3), (2, -0.4))",
            f"{KNOTS}, a(5), bc_type=('natural', 'not-a-knot')",
        ),
    ),
    composite(
        "pchip",
        f"{RUNTIME}pchip",
        "t, y",
        _pchip,
        "A monotone cubic through points, by its coefficients.",
        why="harmonic means of neighbouring slopes",
        types=_coefficient_types,
        samples=(
            f"{KNOTS}, a(5)",
            f"{KNOTS}, array([0.1, 0.3, 0.4, 1.2, 1.9])",
            f"{KNOTS}, array([0.1, 0.9, 0.4, 1.2, -1.9])",
            f"{KNOTS}, a(5, 2)",
        ),
    ),
    composite(
        "evaluate_pieces",
        f"{RUNTIME}evaluate_pieces",
        "c, t, x, nu=0, extrapolate=True",
        values,
        "Value of a piecewise cubic, or of a derivative of it.",
        why="a polynomial of the distance to the knot before",
        types=value_types,
        backend=Domain.OPAQUE,
        samples=(
            f"a(4, 4), {KNOTS}, array([0.3, 1.4, 2.9])",
            f"a(4, 4, 2), {KNOTS}, array([[0.3, 1.4], [2.1, -0.4]]), nu=1",
            f"a(4, 4), {KNOTS}, s(), nu=2",
            f"a(4, 4), {KNOTS}, array([0.3, 1.4, 2.9]), extrapolate='periodic'",
            f"a(4, 4), {KNOTS}, array([0.3, 1.4, 2.4]), nu=3, extrapolate=False",
        ),
    ),
    linear(
        "enough_knots",
        f"{RUNTIME}enough_knots",
        "t, least",
        _same,
        same_type,
        "Knots of a spline, if there are enough of them.",
        operands=("t",),
        aliasing=Aliasing.SAME,
        samples=("a(5), 4",),
    ),
)

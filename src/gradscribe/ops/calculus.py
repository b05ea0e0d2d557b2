"""Differences and integrals of samples.

In:  nothing.   Out: `OPERATIONS`.
Not here: running sums and plain differences (cumulative.py), interpolation (interpolation.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.axes import all_axes, one_axis
from gradscribe.ops.build import Number, OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.declare import custom, linear
from gradscribe.ops.promotion import inexact, inexact_types, numbers
from gradscribe.ops.slices import along, joined, turned
from gradscribe.ops.spec import Spelling, Unsupported
from gradscribe.ops.whole_numbers import with_differences

Attrs = Mapping[str, object]
Samples = Value | Number


def _trapezoid(b: OpBuilder, y: Value, x: Value | None = None, dx: Samples = 1.0, axis: int = -1) -> Value:
    ndim = len(shape_of(y.type))
    place = one_axis(axis, ndim)
    steps: Samples = dx
    if x is not None:
        steps = b.op("diff", x) if len(shape_of(x.type)) == 1 else b.op("diff", x, axis=place)
        steps = turned(b, steps, place, ndim) if len(shape_of(steps.type)) == 1 else steps
    elif isinstance(dx, Value) and isinstance(dx.type, ArrayType) and dx.type.shape:
        raise Unsupported("trapezoid with an array of steps", "pass the points as x")
    heights = b.op("add", along(b, y, place, 1), along(b, y, place, None, -1))
    return b.op("sum", b.op("div", b.op("mul", steps, heights), 2.0), axis=place)


def _ediff1d(b: OpBuilder, ary: Value, to_end: Value | None = None, to_begin: Value | None = None) -> Value:
    flat = ary if len(shape_of(ary.type)) == 1 else b.op("reshape", ary, shape=(-1,))
    parts = [b.op("reshape", part, shape=(-1,)) for part in (to_begin,) if part is not None]
    parts.append(b.op("diff", flat))
    parts += [b.op("reshape", part, shape=(-1,)) for part in (to_end,) if part is not None]
    return joined(b, parts) if len(parts) > 1 else parts[0]


def _gradient(
    b: OpBuilder, f: Value, varargs: Sequence[Value] = (), axis: object = None, edge_order: int = 1
) -> Value | tuple[Value, ...]:
    ndim = len(shape_of(f.type))
    chosen = axis if isinstance(axis, tuple | list) else (axis,)
    axes = all_axes(None, ndim) if axis is None else tuple(one_axis(item, ndim) for item in chosen)
    spacings: list[Value | float] = list(varargs) or [1.0]
    if len(spacings) == 1:
        spacings *= len(axes)
    if len(spacings) != len(axes):
        raise Unsupported(f"{len(spacings)} spacings for {len(axes)} axes", "pass one, or one for each axis")
    if edge_order not in (1, 2):
        raise Unsupported(f"edge_order={edge_order!r}", "write 1 or 2")
    found = tuple(
        _gradient_along(b, f, spacing, place, edge_order)
        for place, spacing in zip(axes, spacings, strict=True)
    )
    return found if len(found) > 1 else found[0]


def _gradient_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = numbers(types)[0]
    if not shape_of(operand):
        raise Unsupported("the differences of one number", "pass an array")
    axis = attrs.get("axis")
    count = len(axis) if isinstance(axis, tuple | list) else 1 if axis is not None else len(shape_of(operand))
    return (ArrayType(inexact(operand.dtype), shape_of(operand)),) * count


def _gradient_along(b: OpBuilder, f: Value, spacing: Value | float, axis: int, edge_order: int) -> Value:
    """Central differences inside, one-sided ones at the two ends."""
    if isinstance(spacing, Value) and shape_of(spacing.type):
        return _uneven(b, f, spacing, axis, edge_order)
    edges: dict[str, Any] = {} if edge_order == 1 else {"edge_order": edge_order}
    return b.op("div", b.op("unit_gradient", f, axis=axis, **edges), spacing)


def _unit_gradient_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    attrs = {name: node.attrs[name] for name in ("axis", "edge_order") if name in node.attrs}
    if not node.attrs.get("transposed", False):
        attrs["transposed"] = True
    return b.apply("unit_gradient", (ct,), attrs)[0]


def _ends(b: OpBuilder, f: Value, axis: int, edge_order: int) -> tuple[list[Value], list[Value]]:
    """The first and the last entries, each an array of length 1 along the axis, from the end inwards."""
    count = edge_order + 1
    near = [along(b, f, axis, k, k + 1) for k in range(count)]
    far = [along(b, f, axis, -k - 1, -k or None) for k in range(count)]
    return near, far


def _uneven(b: OpBuilder, f: Value, points: Value, axis: int, edge_order: int) -> Value:
    """Weights of the three neighbours that make the difference exact for parabolas."""
    ndim = len(shape_of(f.type))
    steps = b.op("diff", with_differences(b, points))
    before, after = along(b, steps, 0, None, -1), along(b, steps, 0, 1)
    inside = {
        "p": along(b, f, axis, None, -2),
        "q": along(b, f, axis, 1, -1),
        "r": along(b, f, axis, 2),
        "h": turned(b, before, axis, ndim),
        "k": turned(b, after, axis, ndim),
    }
    inner = b.expression("-k / (h * (h + k)) * p + (k - h) / (h * k) * q + h / (k * (h + k)) * r", inside)
    near, far = _ends(b, f, axis, edge_order)
    first = [turned(b, along(b, steps, 0, k, k + 1), axis, ndim) for k in range(edge_order)]
    last = [turned(b, along(b, steps, 0, -k - 1, -k or None), axis, ndim) for k in range(edge_order)]
    if edge_order == 1:
        low = b.op("div", b.op("sub", near[1], near[0]), first[0])
        high = b.op("div", b.op("sub", far[0], far[1]), last[0])
    else:
        edge = "-(2.0 * h + k) / (h * (h + k)) * p + (h + k) / (h * k) * q - h / (k * (h + k)) * r"
        low = b.expression(edge, dict(zip("pqrhk", (*near, *first), strict=True)))
        high = b.op("neg", b.expression(edge, dict(zip("pqrhk", (*far, *last), strict=True))))
    return joined(b, [low, inner, high], axis)


def _unwrap_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    for name in ("discont", "period"):
        if not isinstance(attrs.get(name), int | float | None):
            raise Unsupported(f"`{name}` of unwrap that is known at run time only", "write it as a literal")
    one_axis(attrs.get("axis", -1), len(shape_of(operand)))
    return (ArrayType(inexact(operand.dtype), shape_of(operand)),)


def _same(b: OpBuilder, node: Node, given: Sequence[Value | None]) -> Sequence[Value | None]:
    """The multiples of the period that are added are constant almost everywhere."""
    return given


OPERATIONS = (
    composite(
        "trapezoid",
        "numpy.trapezoid scipy.integrate.trapezoid",
        "y, x=None, dx=1.0, axis=-1",
        _trapezoid,
        "Integral by the trapezoidal rule.",
        why="a sum of means times steps",
        operands=("y", "x", "dx"),
        samples=(
            "a(5)",
            "a(5), array([0.0, 1.0, 1.5, 3.0, 4.0])",
            "a(2, 5), dx=0.5",
            "a(5, 2), a(5), axis=0",
            "a(2, 3), a(2, 3), axis=-1",
            "a(4), dx=f()",
            "a(1)",
        ),
    ),
    composite(
        "gradient",
        "numpy.gradient",
        "f, *varargs, axis=None, edge_order=1",
        _gradient,
        "Central differences, one-sided at the ends.",
        why="differences of slices",
        operands=("f",),
        types=_gradient_types,
        variadic="varargs",
        samples=(
            "a(5)",
            "a(5), 0.5",
            "a(4, 5)",
            "a(4, 5), axis=1",
            "a(4, 5), f(), f(), axis=(0, 1), edge_order=2",
            "a(5), array([0.0, 1.0, 1.5, 3.0, 4.0])",
            "a(3, 5), array([0.0, 1.0, 1.5, 3.0, 4.0]), axis=-1, edge_order=2",
            "a(2)",
            "a(4, 5), 2.0",
        ),
    ),
    linear(
        "unit_gradient",
        "gradscribe.runtime.stencils.unit_gradient",
        "f, axis, edge_order=1, transposed=False",
        _unit_gradient_transpose,
        inexact_types,
        "Central differences for a spacing of 1 along an axis, or their transpose.",
        operands=("f",),
        samples=("a(5), 0", "a(3, 4), 1, edge_order=2, transposed=True", "a(2), 0, transposed=True"),
    ),
    composite(
        "ediff1d",
        "numpy.ediff1d",
        "ary, to_end=None, to_begin=None",
        _ediff1d,
        "Differences of neighbours in the flat array.",
        why="differences of slices",
        types=lambda types, attrs, spelling: (ArrayType(numbers(types)[0].dtype, (fresh(),)),),
        operands=("ary", "to_end", "to_begin"),
        samples=("a(4)", "a(2, 3)", "a(4), a(2), a(1)", "a(4), to_end=s()"),
    ),
    custom(
        "unwrap",
        "numpy.unwrap",
        "p, discont=None, axis=-1, period=6.283185307179586",
        _same,
        _same,
        _unwrap_types,
        "Angles without jumps of more than half a period.",
        why="multiples of the period are constant",
        operands=("p",),
        samples=("a(5)", "a(2, 5), axis=0", "a(5), period=0.7", "a(5), discont=0.4"),
        domain={"p": (-6.0, 6.0)},
    ),
)

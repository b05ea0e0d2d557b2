"""Products over an axis and their derivatives, exact also where factors are zero.

The derivative of a product is the product of the other factors, never product / x. That of a running product is a
linear recurrence, which is its own kind of derivative again, so that every order is exact:

    y = cumprod(x):     x̄[i] = (x[0] ... x[i-1]) s[i],   s[i] = ȳ[i] + x[i+1] s[i+1]

In:  nothing.   Out: `OPERATIONS`, rules for `prod`.
Not here: `prod` itself (reductions.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.axes import all_axes, one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import custom, linear
from gradscribe.ops.promotion import numbers, promote, same_type
from gradscribe.ops.shapes import reshape_like
from gradscribe.ops.spec import Contributions, Domain, Spelling, Unsupported
from gradscribe.ops.written import statistics as written

Attrs = Mapping[str, object]
RUNTIME = "gradscribe.runtime.products."


# Stands for the axes of a product over several, but not all of them.
MANY = -1


def one_axis_of(attrs: Attrs, operand: Type) -> int | None:
    """The only axis of a product; None for all of them, `MANY` for several but not all."""
    axis = attrs.get("axis")
    ndim = len(shape_of(operand))
    if isinstance(axis, tuple | list):
        if len(axis) == ndim:
            return None
        if len(axis) != 1:
            return MANY
        axis = axis[0]
    if axis is None:
        return 0 if ndim == 1 else None
    return one_axis(axis, ndim)


def products_of_others(b: OpBuilder, node: Node) -> Value:
    """For each element of the operand of a product, the product of the other factors."""
    axis = one_axis_of(node.attrs, node.inputs[0].type)
    if axis == MANY:
        return _others_of_several(b, node)
    if axis is None or len(shape_of(node.inputs[0].type)) == 1:
        return b.op("products_of_others", node.inputs[0])
    return b.op("products_of_others", node.inputs[0], axis=axis)


def _others_of_several(b: OpBuilder, node: Node) -> Value:
    """The axes of the product become one, and the result goes back to where they stood."""
    x = node.inputs[0]
    ndim = len(shape_of(x.type))
    chosen = all_axes(node.attrs.get("axis"), ndim)
    order = (*(place for place in range(ndim) if place not in chosen), *chosen)
    moved = b.op("transpose", x, axes=order)
    lengths = [b.op("dimension", x, axis=place) for place in order[: ndim - len(chosen)]]
    template = (*(Input(k + 1) for k in range(len(lengths))), -1)
    merged = b.apply("reshape", (moved, *lengths), {"shape": template})[0]
    others = reshape_like(b, b.op("products_of_others", merged, axis=len(lengths)), moved)
    return b.op("transpose", others, axes=tuple(order.index(place) for place in range(ndim)))


def _exclusive(b: OpBuilder, x: Value, axis: int, *, backwards: bool) -> Value:
    attrs: dict[str, Any] = {"backwards": True} if backwards else {}
    return b.op("exclusive_cumprod", x, axis=axis, **attrs)


def _pull_cumprod(b: OpBuilder, x: Value, ct: Value, axis: int) -> Value:
    """The cotangent of x for a running product along `axis`."""
    sums = b.op("recurrence", x, ct, axis=axis, transposed=True)
    return b.op("mul", _exclusive(b, x, axis, backwards=False), sums)


def _pull_exclusive(b: OpBuilder, x: Value, ct: Value, axis: int, *, backwards: bool) -> Value:
    """The cotangent of x for `exclusive_cumprod`: the running product of x, shifted by one entry."""
    if backwards:
        flipped = _pull_exclusive(
            b, b.op("flip", x, axis=axis), b.op("flip", ct, axis=axis), axis, backwards=False
        )
        return b.op("flip", flipped, axis=axis)
    return _pull_cumprod(b, x, b.op("shifted", ct, axis=axis, by=-1), axis)


def _push_cumprod(b: OpBuilder, x: Value, tangent: Value, axis: int) -> Value:
    """y' [i] = x'[i] y[i-1] + x[i] y'[i-1]."""
    return b.op("recurrence", x, b.op("mul", tangent, _exclusive(b, x, axis, backwards=False)), axis=axis)


def _push_exclusive(b: OpBuilder, x: Value, tangent: Value, axis: int, *, backwards: bool) -> Value:
    if backwards:
        x, tangent = b.op("flip", x, axis=axis), b.op("flip", tangent, axis=axis)
        return b.op("flip", _push_exclusive(b, x, tangent, axis, backwards=False), axis=axis)
    return b.op("shifted", _push_cumprod(b, x, tangent, axis), axis=axis, by=1)


def _flattened(b: OpBuilder, node: Node, value: Value) -> tuple[Value, int]:
    """The operand of a product over `axis`, as it is with that axis, or flat when the product is over all."""
    axis = node.attrs.get("axis")
    if axis is None:
        flat = value if len(shape_of(value.type)) == 1 else b.op("reshape", value, shape=(-1,))
        return flat, 0
    return value, one_axis(axis, len(shape_of(value.type)))


def _like_operand(b: OpBuilder, node: Node, value: Value) -> Value:
    if node.attrs.get("axis") is not None or len(shape_of(node.inputs[0].type)) == 1:
        return value
    return reshape_like(b, value, node.inputs[0])


def _others_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """The result is (product before) * (product after): the product rule, and each side pulled back."""
    if cts[0] is None:
        return [None]
    x, axis = _flattened(b, node, node.inputs[0])
    ct, _ = _flattened(b, node, cts[0])
    before, after = (_exclusive(b, x, axis, backwards=side) for side in (False, True))
    left = _pull_exclusive(b, x, b.op("mul", ct, after), axis, backwards=False)
    right = _pull_exclusive(b, x, b.op("mul", ct, before), axis, backwards=True)
    return [_like_operand(b, node, b.op("add", left, right))]


def _others_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    if tangents[0] is None:
        return [None]
    x, axis = _flattened(b, node, node.inputs[0])
    tangent, _ = _flattened(b, node, tangents[0])
    before, after = (_exclusive(b, x, axis, backwards=side) for side in (False, True))
    left = b.op("mul", _push_exclusive(b, x, tangent, axis, backwards=False), after)
    right = b.op("mul", before, _push_exclusive(b, x, tangent, axis, backwards=True))
    return [_like_operand(b, node, b.op("add", left, right))]


def _axis(node: Node) -> int:
    return one_axis(node.attrs["axis"], len(shape_of(node.inputs[0].type)))


def _exclusive_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    backwards = bool(node.attrs.get("backwards", False))
    return [None if ct is None else _pull_exclusive(b, node.inputs[0], ct, _axis(node), backwards=backwards)]


def _exclusive_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    backwards = bool(node.attrs.get("backwards", False))
    return [
        None
        if tangent is None
        else _push_exclusive(b, node.inputs[0], tangent, _axis(node), backwards=backwards)
    ]


def _recurrence(b: OpBuilder, node: Node, value: Value, *, transposed: bool) -> Value:
    attrs: dict[str, Any] = {"transposed": True} if transposed else {}
    return b.op("recurrence", node.inputs[0], value, axis=node.attrs["axis"], **attrs)


def _recurrence_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None, None]
    transposed = bool(node.attrs.get("transposed", False))
    ct_b = _recurrence(b, node, ct, transposed=not transposed)
    axis = _axis(node)
    if transposed:
        ct_a = b.op("mul", b.op("shifted", ct_b, axis=axis, by=1), node.output)
    else:
        ct_a = b.op("mul", ct_b, b.op("shifted", node.output, axis=axis, by=1))
    return [ct_a, ct_b]


def _recurrence_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    a_dot, b_dot = tangents
    transposed = bool(node.attrs.get("transposed", False))
    moved: Value | None = b_dot
    if a_dot is not None:
        axis = _axis(node)
        if transposed:
            term = b.op("shifted", b.op("mul", a_dot, node.output), axis=axis, by=-1)
        else:
            term = b.op("mul", a_dot, b.op("shifted", node.output, axis=axis, by=1))
        moved = term if b_dot is None else b.op("add", b_dot, term)
    return [None if moved is None else _recurrence(b, node, moved, transposed=transposed)]


def _recurrence_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(promote(types), shape_of(types[1])),)


def _shifted_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    by = node.attrs["by"]
    assert isinstance(by, int)
    return b.op("shifted", ct, axis=node.attrs["axis"], by=-by)


def _cumprod_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    axis = attrs.get("axis")
    if axis is None and len(shape_of(operand)) != 1:
        raise Unsupported("a running product without an axis", "write x.ravel() and axis=0, or name the axis")
    return (operand,)


def _cumprod_axis(node: Node) -> int:
    axis = node.attrs.get("axis")
    return one_axis(0 if axis is None else axis, len(shape_of(node.inputs[0].type)))


def _cumprod_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    return [None if ct is None else _pull_cumprod(b, node.inputs[0], ct, _cumprod_axis(node))]


def _cumprod_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    return [None if tangent is None else _push_cumprod(b, node.inputs[0], tangent, _cumprod_axis(node))]


def is_flattened(given: Mapping[str, object]) -> bool:
    """No axis is given, and there are several or none."""
    operand = given["x"]
    return given.get("axis") is None and isinstance(operand, ArrayType) and operand.ndim != 1


EXACT = "exact where factors are zero: no division"
RUNNING = {"out": "it writes into another array"}

OPERATIONS = (
    custom(
        "cumprod",
        "numpy.cumprod .cumprod()",
        "x, axis=None",
        _cumprod_vjp,
        _cumprod_jvp,
        _cumprod_types,
        "Running product.",
        why=EXACT,
        operands=("x",),
        refused_keywords=RUNNING,
        written=written.cumprod,
        written_if=lambda given: "dtype" in given or is_flattened(given),
        backend=Domain.OPAQUE,
        samples=("a(4)", "a(3, 4), axis=0", "a(3, 4), axis=-1", "array([2.0, 0.0, 3.0, 0.0])"),
    ),
    custom(
        "exclusive_cumprod",
        RUNTIME + "exclusive_cumprod",
        "x, axis, backwards=False",
        _exclusive_vjp,
        _exclusive_jvp,
        same_type,
        "Products of the entries before each entry.",
        why=EXACT,
        operands=("x",),
        samples=("a(4), 0", "a(3, 4), 1, backwards=True", "array([2.0, 0.0, 3.0]), 0"),
    ),
    custom(
        "products_of_others",
        RUNTIME + "products_of_others",
        "x, axis=None",
        _others_vjp,
        _others_jvp,
        same_type,
        "Products of the other entries.",
        why=EXACT,
        operands=("x",),
        samples=("a(4)", "a(2, 3)", "a(3, 4), axis=1", "array([2.0, 0.0, 3.0, 0.0])"),
    ),
    custom(
        "recurrence",
        RUNTIME + "recurrence",
        "a, b, axis, transposed=False",
        _recurrence_vjp,
        _recurrence_jvp,
        _recurrence_types,
        "y[i] = b[i] + a[i] * y[i-1].",
        why="linear in b, and a recurrence again in a",
        operands=("a", "b"),
        samples=("a(4), a(4), 0", "a(3, 4), a(3, 4), 1, transposed=True"),
    ),
    linear(
        "shifted",
        RUNTIME + "shifted",
        "x, axis, by",
        _shifted_transpose,
        same_type,
        "Entries moved by one along an axis, zeros moved in.",
        operands=("x",),
        samples=("a(4), 0, 1", "a(3, 4), 1, -1"),
    ),
)

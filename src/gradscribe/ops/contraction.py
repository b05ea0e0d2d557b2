"""Products that sum over an axis.

In:  nothing.   Out: `OPERATIONS`.
Not here: einsum (einsum.py), solving (linalg.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import Length
from gradscribe.ir.types import ArrayType, Type, broadcast_shapes, dtype_of, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import UFUNC_KEYWORDS, bilinear
from gradscribe.ops.promotion import number_type, numbers, ufunc_dtypes
from gradscribe.ops.shapes import product_of, reshape_like
from gradscribe.ops.spec import Domain, Spelling, Transpose, Unsupported
from gradscribe.ops.written import arrays as written


def _matmul_shape(left: tuple[Length, ...], right: tuple[Length, ...]) -> tuple[Length, ...]:
    if not left or not right:
        raise Unsupported("matmul of a scalar", "multiply with `*`")
    batch = broadcast_shapes(left[:-2], right[:-2])
    rows = left[-2:-1]
    columns = right[-1:] if len(right) > 1 else ()
    return (*batch, *rows, *columns)


def _matmul_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    left, right = numbers(types)
    (dtype,) = ufunc_dtypes(np.matmul, types)
    return (number_type(dtype, _matmul_shape(shape_of(left), shape_of(right))),)


def transposed(b: OpBuilder, value: Value) -> Value:
    """The value with its last two dimensions swapped: `x.T` for a matrix."""
    ndim = len(shape_of(value.type))
    if ndim == 2:
        return b.op("transpose", value)
    return b.op("swapaxes", value, axis1=-1, axis2=-2)


def _matmul_left(b: OpBuilder, node: Node, ct: Value) -> Value:
    """x of `x @ y`."""
    x, y = node.inputs
    x_ndim, y_ndim = len(shape_of(x.type)), len(shape_of(y.type))
    found = _matmul_left_of(b, x, y, ct, x_ndim, y_ndim)
    # The lengths that are contracted are equal, also where their types do not show it; batches may be broadcast.
    return b.shaped_like(found, x) if x_ndim <= 2 and y_ndim <= 2 else found


def _matmul_left_of(b: OpBuilder, x: Value, y: Value, ct: Value, x_ndim: int, y_ndim: int) -> Value:
    if x_ndim == 1 and y_ndim == 1:
        return b.op("mul", ct, y)
    if x_ndim == 1:
        return b.op("matmul", y, ct) if y_ndim == 2 else _summed(b, b.op("matmul", y, _column(b, ct)), -1)
    if y_ndim == 1:
        return b.op("outer", ct, y) if x_ndim == 2 else b.op("mul", _column(b, ct), y)
    return b.op("matmul", ct, transposed(b, y))


def _matmul_right(b: OpBuilder, node: Node, ct: Value) -> Value:
    """y of `x @ y`."""
    x, y = node.inputs
    x_ndim, y_ndim = len(shape_of(x.type)), len(shape_of(y.type))
    found = _matmul_right_of(b, x, y, ct, x_ndim, y_ndim)
    return b.shaped_like(found, y) if x_ndim <= 2 and y_ndim <= 2 else found


def _matmul_right_of(b: OpBuilder, x: Value, y: Value, ct: Value, x_ndim: int, y_ndim: int) -> Value:
    if x_ndim == 1 and y_ndim == 1:
        return b.op("mul", ct, x)
    if x_ndim == 1:
        row = ct if y_ndim == 2 else b.op("expand_dims", ct, axis=-2)
        return b.op("outer", x, ct) if y_ndim == 2 else b.op("mul", b.op("expand_dims", x, axis=-1), row)
    if y_ndim == 1:
        if x_ndim == 2:
            return b.op("matmul", transposed(b, x), ct)
        return _summed(b, b.op("matmul", transposed(b, x), _column(b, ct)), -1)
    return b.op("matmul", transposed(b, x), ct)


def _column(b: OpBuilder, value: Value) -> Value:
    return b.op("expand_dims", value, axis=-1)


def _summed(b: OpBuilder, value: Value, axis: int) -> Value:
    return b.op("squeeze", value, axis=axis)


def _outer_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    left, right = numbers(types)
    if spelling.name == "numpy.linalg.outer" and {len(shape_of(left)), len(shape_of(right))} != {1}:
        raise Unsupported("np.linalg.outer of anything but two vectors", "use np.outer")
    dtype = np.result_type(left.dtype, right.dtype)
    return (number_type(dtype, (product_of(shape_of(left)), product_of(shape_of(right)))),)


def _outer_left(b: OpBuilder, node: Node, ct: Value) -> Value:
    x, y = node.inputs
    return reshape_like(b, b.op("matmul", ct, _as_vector(b, y)), x)


def _outer_right(b: OpBuilder, node: Node, ct: Value) -> Value:
    x, y = node.inputs
    return reshape_like(b, b.op("matmul", _as_vector(b, x), ct), y)


def _as_vector(b: OpBuilder, value: Value) -> Value:
    return value if len(shape_of(value.type)) == 1 else b.op("reshape", value, shape=(-1,))


def _dot_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    left, right = numbers(types)
    dtype = np.result_type(left.dtype, right.dtype)
    x, y = shape_of(left), shape_of(right)
    if not x or not y:
        return (number_type(dtype, x or y),)
    contracted = y[:-2] + y[-1:] if len(y) > 1 else ()
    return (number_type(dtype, (*x[:-1], *contracted)),)


def _dot_left(b: OpBuilder, node: Node, ct: Value) -> Value:
    x, y = node.inputs
    x_ndim, y_ndim = len(shape_of(x.type)), len(shape_of(y.type))
    if not x_ndim or not y_ndim:
        return b.op("sum", b.op("mul", ct, y)) if y_ndim else b.op("mul", ct, y)
    if x_ndim <= 2 and y_ndim <= 2:
        return _matmul_left(b, node, ct)
    return _tensordot_side(b, node, ct, _dot_plan(x_ndim, y_ndim), 0)


def _dot_right(b: OpBuilder, node: Node, ct: Value) -> Value:
    x, y = node.inputs
    x_ndim, y_ndim = len(shape_of(x.type)), len(shape_of(y.type))
    if not x_ndim or not y_ndim:
        return b.op("sum", b.op("mul", ct, x)) if x_ndim else b.op("mul", ct, x)
    if x_ndim <= 2 and y_ndim <= 2:
        return _matmul_right(b, node, ct)
    return _tensordot_side(b, node, ct, _dot_plan(x_ndim, y_ndim), 1)


@dataclass(frozen=True, slots=True)
class Contracted:
    """Which axes of each operand are summed over, paired, and which are kept."""

    summed: tuple[tuple[int, ...], tuple[int, ...]]
    kept: tuple[tuple[int, ...], tuple[int, ...]]


def _plan(summed: tuple[Sequence[int], Sequence[int]], ndims: tuple[int, int]) -> Contracted:
    axes = tuple(
        tuple(one_axis(axis, ndim) for axis in side) for side, ndim in zip(summed, ndims, strict=True)
    )
    kept = tuple(
        tuple(a for a in range(ndim) if a not in side) for side, ndim in zip(axes, ndims, strict=True)
    )
    return Contracted((axes[0], axes[1]), (kept[0], kept[1]))


def _dot_plan(x_ndim: int, y_ndim: int) -> Contracted:
    return _plan(((x_ndim - 1,), (max(0, y_ndim - 2),)), (x_ndim, y_ndim))


def _inner_plan(x_ndim: int, y_ndim: int) -> Contracted:
    return _plan(((x_ndim - 1,), (y_ndim - 1,)), (x_ndim, y_ndim))


def _tensordot_plan(axes: object, x_ndim: int, y_ndim: int) -> Contracted:
    if isinstance(axes, int):
        return _plan((range(x_ndim - axes, x_ndim), range(axes)), (x_ndim, y_ndim))
    if not isinstance(axes, tuple | list) or len(axes) != 2:
        raise Unsupported(
            "the axes of tensordot are not known when the code is generated", "write them as a literal"
        )
    left, right = ((side,) if isinstance(side, int) else tuple(side) for side in axes)
    return _plan((left, right), (x_ndim, y_ndim))


def _tensordot_side(b: OpBuilder, node: Node, ct: Value, plan: Contracted, side: int) -> Value:
    """The cotangent of one operand: ct contracted with the other one over what the other one kept."""
    other = node.inputs[1 - side]
    n_left = len(plan.kept[0])
    ndim = len(shape_of(ct.type))
    other_in_ct = tuple(range(n_left, ndim)) if side == 0 else tuple(range(n_left))
    # What comes out is (kept axes of this operand, summed axes in the order the other operand has them).
    order_of_sums = sorted(range(len(plan.summed[0])), key=lambda k: plan.summed[1 - side][k])
    result_axes = (*plan.kept[side], *(plan.summed[side][k] for k in order_of_sums))
    if ndim == 0:
        value = b.op("mul", ct, other)
    else:
        value = b.op("tensordot", ct, other, axes=(other_in_ct, plan.kept[1 - side]))
    back = tuple(result_axes.index(axis) for axis in range(len(result_axes)))
    return value if back == tuple(range(len(back))) else b.op("transpose", value, axes=back)


def _tensordot_types(
    types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling
) -> tuple[Type, ...]:
    left, right = numbers(types)
    x, y = shape_of(left), shape_of(right)
    plan = _tensordot_plan(attrs.get("axes", 2), len(x), len(y))
    shape = (*(x[a] for a in plan.kept[0]), *(y[a] for a in plan.kept[1]))
    return (ArrayType(np.result_type(left.dtype, right.dtype), shape),)


def _tensordot_rule(side: int) -> Transpose:
    def transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
        x, y = (len(shape_of(value.type)) for value in node.inputs)
        return _tensordot_side(b, node, ct, _tensordot_plan(node.attrs.get("axes", 2), x, y), side)

    return transpose


def _inner_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    left, right = numbers(types)
    x, y = shape_of(left), shape_of(right)
    if not x or not y:
        return _dot_types(types, attrs, spelling)
    return (number_type(np.result_type(left.dtype, right.dtype), (*x[:-1], *y[:-1])),)


def _inner_rule(side: int) -> Transpose:
    def transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
        x, y = (len(shape_of(value.type)) for value in node.inputs)
        if not x or not y:
            return (_dot_left, _dot_right)[side](b, node, ct)
        if x == 1 and y == 1:
            return b.op("mul", ct, node.inputs[1 - side])
        return _tensordot_side(b, node, ct, _inner_plan(x, y), side)

    return transpose


def _vdot_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    left, right = numbers(types)
    return (number_type(np.result_type(left.dtype, right.dtype), ()),)


def _conj(b: OpBuilder, value: Value) -> Value:
    return b.op("conj", value) if dtype_of(value.type).kind == "c" else value


def _vdot_left(b: OpBuilder, node: Node, ct: Value) -> Value:
    return reshape_like(b, _conj(b, b.op("mul", ct, node.inputs[1])), node.inputs[0])


def _vdot_right(b: OpBuilder, node: Node, ct: Value) -> Value:
    return reshape_like(b, b.op("mul", ct, _conj(b, node.inputs[0])), node.inputs[1])


def _kron_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    left, right = numbers(types)
    x, y = shape_of(left), shape_of(right)
    if len(x) != len(y) or len(x) not in (1, 2):
        raise Unsupported("kron of arrays that are not two vectors or two matrices", "reshape them first")
    dtype = np.result_type(left.dtype, right.dtype)
    return (ArrayType(dtype, tuple(m * n for m, n in zip(x, y, strict=True))),)


def _kron_rule(side: int) -> Transpose:
    def transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
        """Rows of the result are pairs (row of x, row of y), columns likewise."""
        x, y = node.inputs
        shape: list[object] = []
        inputs: list[Value] = [ct]
        for axis in range(len(shape_of(x.type))):
            for operand in (x, y):
                shape.append(Input(len(inputs)))
                inputs.append(b.op("dimension", operand, axis=axis))
        pairs = b.apply("reshape", inputs, {"shape": tuple(shape)})[0]
        texts = ("ab,b->a", "ab,a->b") if len(shape) == 2 else ("abcd,bd->ac", "abcd,ac->bd")
        return b.op("einsum", pairs, node.inputs[1 - side], subscripts=texts[side])

    return transpose


def _cross_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    left, right = numbers(types)
    x, y = shape_of(left), shape_of(right)
    if not x or not y or any(length.constant == 2 for length in (x[-1], y[-1])):
        raise Unsupported("cross of anything but vectors of length 3", "write the products out")
    return (ArrayType(np.result_type(left.dtype, right.dtype), broadcast_shapes(x, y)),)


OUT = {"out": "it writes into another array"}

OPERATIONS = (
    bilinear(
        "matmul",
        "@ numpy.matmul operator.matmul numpy.linalg.matmul",
        "x, y",
        _matmul_left,
        _matmul_right,
        _matmul_types,
        "Matrix product.",
        refused_keywords={
            **UFUNC_KEYWORDS,
            **dict.fromkeys(("axes", "axis", "keepdims"), "transpose the operands instead"),
        },
        backend=Domain.CONTRACTION,
        samples=(
            "a(2, 3), a(3, 4)",
            "a(2, 3), a(3)",
            "a(3), a(3, 2)",
            "a(3), a(3)",
            "a(2, 2, 3), a(2, 3, 2)",
            "a(2, 3), a(4, 3, 2)",
            "a(2, 2, 3), a(3)",
            "a(3), a(2, 3, 2)",
            "a(1, 2, 3), a(4, 3, 2)",
            "a(0, 3), a(3, 2)",
            "a(2, 2, 3), a(3, 4)",
        ),
    ),
    bilinear(
        "dot",
        "numpy.dot .dot()",
        "x, y",
        _dot_left,
        _dot_right,
        _dot_types,
        "Product over the last axis of x.",
        refused_keywords=OUT,
        backend=Domain.CONTRACTION,
        samples=(
            "a(2, 3), a(3, 4)",
            "a(2, 3), a(3)",
            "a(3), a(3)",
            "s(), a(3)",
            "a(2, 3), f()",
            "f(), f()",
            "a(2, 2, 3), a(3)",
            "a(2, 2, 3), a(4, 3, 2)",
            "a(3), a(3, 2)",
            "a(3), a(2, 3, 2)",
        ),
    ),
    bilinear(
        "vdot",
        "numpy.vdot",
        "x, y",
        _vdot_left,
        _vdot_right,
        _vdot_types,
        "Product of all elements.",
        backend=Domain.CONTRACTION,
        samples=("a(3), a(3)", "a(2, 3), a(2, 3)", "c(3), c(3)"),
    ),
    bilinear(
        "inner",
        "numpy.inner",
        "x, y",
        _inner_rule(0),
        _inner_rule(1),
        _inner_types,
        "Product over the last axis of both.",
        backend=Domain.CONTRACTION,
        samples=("a(3), a(3)", "a(2, 3), a(4, 3)", "a(2, 3), a(3)", "s(), a(3)"),
    ),
    bilinear(
        "outer",
        "numpy.outer numpy.linalg.outer",
        "x, y",
        _outer_left,
        _outer_right,
        _outer_types,
        "All products of an element of x with one of y.",
        refused_keywords=OUT,
        backend=Domain.CONTRACTION,
        samples=("a(2), a(3)", "a(2, 2), a(3)", "s(), a(3)"),
    ),
    bilinear(
        "tensordot",
        "numpy.tensordot numpy.linalg.tensordot",
        "x, y, axes=2",
        _tensordot_rule(0),
        _tensordot_rule(1),
        _tensordot_types,
        "Product over pairs of axes.",
        operands=("x", "y"),
        backend=Domain.CONTRACTION,
        samples=(
            "a(2, 3), a(3, 4), axes=1",
            "a(2, 3, 4), a(4, 3, 2), axes=([1, 2], [1, 0])",
            "a(2), a(3), axes=0",
            "a(2, 3), a(2, 3)",
            "a(2, 3, 4), a(3, 4), axes=2",
            "a(3), a(3), axes=1",
        ),
    ),
    bilinear(
        "kron",
        "numpy.kron",
        "x, y",
        _kron_rule(0),
        _kron_rule(1),
        _kron_types,
        "Kronecker product.",
        backend=Domain.CONTRACTION,
        samples=("a(2), a(3)", "a(2, 3), a(3, 2)"),
    ),
    bilinear(
        "cross",
        "numpy.cross numpy.linalg.cross",
        "x, y",
        lambda b, node, ct: b.op("cross", node.inputs[1], ct),
        lambda b, node, ct: b.op("cross", ct, node.inputs[0]),
        _cross_types,
        "Vector product in space.",
        written=written.cross,
        backend=Domain.CONTRACTION,
        samples=("a(3), a(3)", "a(2, 3), a(2, 3)", "a(2, 3), a(3)"),
    ),
)

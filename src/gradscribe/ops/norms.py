"""Norms of vectors and matrices.

The derivative of a norm at a point is a matrix or vector W of weights: the norm moves by the sum of W times the
tangent. At 0 every norm counts as having the derivative 0, and ties share equally.

In:  nothing.   Out: `OPERATIONS`.
Not here: vector_norm and matrix_norm, which are made of this one (tensors.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import Type, dtype_of, shape_of
from gradscribe.ops.axes import all_axes, one_axis, reduced_shape
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import custom
from gradscribe.ops.linalg import LINALG, inexact_dtype
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.reductions import mean_of_ties, reduce_like, restore_axes, share
from gradscribe.ops.spec import Contributions, Spelling, Unsupported

Attrs = Mapping[str, object]
MATRIX_ORDERS = ("nuc", 1, -1, 2, -2, np.inf, -np.inf)


def _over_matrix(attrs: Attrs, ndim: int) -> bool:
    axis = attrs.get("axis")
    return (axis is None and ndim == 2) or (isinstance(axis, tuple | list) and len(axis) == 2)


def _matrix_order(attrs: Attrs, ndim: int) -> object:
    """The order of a matrix norm that is no vector norm of the elements; None for the others."""
    order = attrs.get("ord")
    if order is None or order == "fro" or not _over_matrix(attrs, ndim):
        return None
    if order not in MATRIX_ORDERS:
        raise Unsupported(f"the matrix norm {order!r}", "use 'fro', 'nuc', 1, 2 or np.inf")
    return order


def _order(attrs: Attrs, ndim: int) -> float:
    """The order of a vector norm; a Frobenius norm is the vector norm of order 2 of all elements."""
    order = attrs.get("ord")
    if order is None or (order == "fro" and _over_matrix(attrs, ndim)):
        return 2.0
    if isinstance(order, str) or not isinstance(order, int | float):
        raise Unsupported(f"the norm {order!r}", "write the order as a literal")
    if order <= 0 and order != -np.inf:
        raise Unsupported(f"the norm of order {order}", "use an order of 1 or more")
    return float(order)


def _types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    shape = shape_of(operand)
    dtype = inexact_dtype(operand)
    order = _matrix_order(attrs, len(shape)) or _order(attrs, len(shape))
    if dtype.kind == "c" and order != 2.0:
        raise Unsupported("a norm of complex numbers of this order", "take np.abs first")
    axes = all_axes(attrs.get("axis"), len(shape))
    real = np.zeros(0, dtype).real.dtype
    return (number_type(real, reduced_shape(shape, axes, bool(attrs.get("keepdims")))),)


def _conjugate(b: OpBuilder, x: Value) -> Value:
    return b.op("conj", x) if dtype_of(x.type).kind == "c" else x


def _vector_weights(b: OpBuilder, node: Node) -> Value:
    """The derivative of a norm of order p: sign(x) (|x| / norm)^(p - 1), and 0 at 0."""
    x = node.inputs[0]
    order = _order(node.attrs, len(shape_of(x.type)))
    if order == 1.0:
        return b.op("sign", x)
    spread = restore_axes(b, node, b.expression("or_one(out)", {"out": node.output}))
    if order == 2.0:
        return b.op("div", _conjugate(b, x), spread)
    return b.expression(f"sign(x) * (abs(x) / out) ** {order - 1.0}", {"x": x, "out": spread})


def _matrix_weights(b: OpBuilder, node: Node, order: object) -> Value:
    """The derivative of an operator norm or the nuclear norm, as an array like the operand."""
    x = node.inputs[0]
    ndim = len(shape_of(x.type))
    given = node.attrs.get("axis")
    axes = tuple(one_axis(item, ndim) for item in given) if isinstance(given, tuple | list) else (0, 1)
    moved = x if axes == (ndim - 2, ndim - 1) else b.op("moveaxis", x, source=axes, destination=(-2, -1))
    if order in ("nuc", 2, -2):
        weights = _spectral_weights(b, moved, order)
    else:
        weights = _sum_weights(b, moved, order)
    return weights if moved is x else b.op("moveaxis", weights, source=(-2, -1), destination=axes)


def _spectral_weights(b: OpBuilder, x: Value, order: object) -> Value:
    """U diag(w) Vᵀ: w is 1 for the nuclear norm, and marks the largest or smallest singular value."""
    u, s, vh = b.apply("svd", (x,), {"full_matrices": False})
    if order == "nuc":
        return b.op("matmul", u, vh)
    extreme = b.op("max" if order == 2 else "min", s, axis=-1, keepdims=True)
    marked = b.op("eq", s, extreme)
    share = b.op("div", marked, b.op("sum", marked, axis=-1, keepdims=True))
    return b.op("matmul", b.op("mul", u, b.op("expand_dims", share, axis=-2)), vh)


def _sum_weights(b: OpBuilder, x: Value, order: object) -> Value:
    """The signs of the column (order 1) or row (order inf) whose absolute sum is extreme."""
    assert isinstance(order, int | float)
    axis = -2 if abs(order) == 1 else -1
    sums = b.op("sum", b.op("abs", x), axis=axis, keepdims=True)
    other = -1 if axis == -2 else -2
    extreme = b.op("max" if order > 0 else "min", sums, axis=other, keepdims=True)
    marked = b.op("eq", sums, extreme)
    share = b.op("div", marked, b.op("sum", marked, axis=other, keepdims=True))
    return b.op("mul", b.op("sign", x), share)


def _weights(b: OpBuilder, node: Node) -> Value:
    order = _matrix_order(node.attrs, len(shape_of(node.inputs[0].type)))
    return _vector_weights(b, node) if order is None else _matrix_weights(b, node, order)


def _is_extreme(node: Node) -> bool:
    ndim = len(shape_of(node.inputs[0].type))
    return _matrix_order(node.attrs, ndim) is None and abs(_order(node.attrs, ndim)) == np.inf


def _vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None]
    x = node.inputs[0]
    ndim = len(shape_of(x.type))
    if _is_extreme(node):
        shared = share(b, node, node.output, ct, of=b.op("abs", x))
        return [b.op("mul", shared, b.op("sign", x))]
    if _matrix_order(node.attrs, ndim) is None and _order(node.attrs, ndim) == 2.0:
        spread = b.expression("or_one(out)", {"out": node.output})
        if b.literal(ct) == 1:
            return [b.op("div", _conjugate(b, x), restore_axes(b, node, spread))]
        return [b.op("mul", restore_axes(b, node, b.op("div", ct, spread)), _conjugate(b, x))]
    return [b.op("mul", restore_axes(b, node, ct), _weights(b, node))]


def _jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None]
    x = node.inputs[0]
    if _is_extreme(node):
        moved = b.op("mul", b.op("sign", x), tangent)
        return [mean_of_ties(b, node, node.output, moved, of=b.op("abs", x))]
    found = reduce_like(b, node, "sum", b.op("mul", _weights(b, node), tangent))
    return [b.op("real", found) if dtype_of(found.type).kind == "c" else found]


SAMPLES = (
    "a(3)",
    "a(2, 3)",
    "a(2, 3), axis=1",
    "a(2, 3), axis=0, keepdims=True",
    "a(3), ord=1",
    "a(3), ord=inf",
    "a(4), ord=3",
    "a(2, 3), ord=1, axis=1",
    "a(2, 3), ord='fro'",
    "a(3), ord=-inf",
    "a(2, 3, 4), axis=(1, 2)",
    "a(2, 3), ord='nuc'",
    "a(2, 3), ord=2",
    "a(3, 2), ord=-2",
    "a(2, 3), ord=1",
    "a(2, 3), ord=-1",
    "a(2, 3), ord=inf",
    "a(2, 3), ord=-inf, keepdims=True",
    "a(2, 3, 4), ord=2, axis=(1, 2)",
    "a(2, 3, 4), ord=1, axis=(2, 0)",
    "c(3)",
    "c(2, 3), axis=1",
)

OPERATIONS = (
    custom(
        "norm",
        LINALG + "norm",
        "x, ord=None, axis=None, keepdims=False",
        _vjp,
        _jvp,
        _types,
        "Norm of vectors or matrices.",
        why="0 at 0; ties share equally",
        operands=("x",),
        samples=SAMPLES,
    ),
)

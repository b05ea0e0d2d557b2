"""Linear algebra: systems, inverses, determinants, norms.

Matrices are the last two dimensions; all rules hold for stacks of matrices.

In:  nothing.   Out: `OPERATIONS`.
Not here: factorisations (factorisations.py), products (contraction.py).
References: Giles, Collected matrix derivative results for forward and reverse mode AD, 2008.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, ScalarType, Type, dtype_of, shape_of
from gradscribe.ops.axes import all_axes, reduced_shape
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.contraction import transposed
from gradscribe.ops.declare import custom
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.reductions import mean_of_ties, reduce_like, restore_axes, share
from gradscribe.ops.spec import Aliasing, Contributions, Spelling, Unsupported

Attrs = Mapping[str, object]
LINALG = "numpy.linalg."


def inexact_dtype(*types: Type) -> np.dtype:
    """The dtype in which np.linalg computes."""
    dtype = np.result_type(*(dtype_of(type_) for type_ in types))
    return dtype if dtype.kind in "fc" else np.dtype(np.float64)


def matrix(type_: Type) -> ScalarType | ArrayType:
    """The operand, which must be a matrix or a stack of them."""
    (found,) = numbers([type_])
    if len(shape_of(found)) < 2:
        raise Unsupported(f"a {found} where a matrix is expected", "pass an array of two dimensions or more")
    return found


def same_matrix(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """A matrix like the operand."""
    operand = matrix(types[0])
    return (ArrayType(inexact_dtype(operand), shape_of(operand)),)


def product(b: OpBuilder, *factors: Value) -> Value:
    """`a @ b @ c`."""
    result = factors[0]
    for factor in factors[1:]:
        result = b.op("matmul", result, factor)
    return result


def as_matrices(b: OpBuilder, value: Value) -> Value:
    """One number per matrix, shaped so that it multiplies the matrices."""
    return b.op("expand_dims", value, axis=(-2, -1)) if shape_of(value.type) else value


def _solve_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    a, rhs = matrix(types[0]), numbers(types)[1]
    shape = shape_of(rhs)
    if not shape:
        raise Unsupported("solve with a scalar right-hand side", "pass a vector or a matrix")
    if len(shape_of(a)) != 2 or len(shape) > 2:
        raise Unsupported("solve with stacks of systems", "solve them one after the other")
    return (ArrayType(inexact_dtype(a, rhs), shape),)


def _solve_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None, None]
    ct_rhs = b.op("solve", transposed(b, node.inputs[0]), ct)
    if len(shape_of(ct.type)) == 1:
        ct_a = b.op("outer", ct_rhs, node.output)
    else:
        ct_a = b.op("matmul", ct_rhs, transposed(b, node.output))
    return [b.op("neg", ct_a), ct_rhs]


def _solve_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    a_dot, rhs_dot = tangents
    if a_dot is None and rhs_dot is None:
        return [None]
    moved = None if a_dot is None else b.op("matmul", a_dot, node.output)
    if moved is None:
        assert rhs_dot is not None
        right = rhs_dot
    else:
        right = b.op("neg", moved) if rhs_dot is None else b.op("sub", rhs_dot, moved)
    return [b.op("solve", node.inputs[0], right)]


def _inv_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None]
    flipped = transposed(b, node.output)
    return [b.op("neg", product(b, flipped, ct, flipped))]


def _inv_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    return [None if tangent is None else b.op("neg", product(b, node.output, tangent, node.output))]


def _det_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = matrix(types[0])
    return (number_type(inexact_dtype(operand), shape_of(operand)[:-2]),)


def _total(b: OpBuilder, value: Value) -> Value:
    """The sum over each matrix."""
    return b.op("sum", value) if len(shape_of(value.type)) == 2 else b.op("sum", value, axis=(-2, -1))


def _det_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    return [None if ct is None else b.op("mul", as_matrices(b, ct), b.op("cofactors", node.inputs[0]))]


def _det_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    return [None if tangent is None else _total(b, b.op("mul", b.op("cofactors", node.inputs[0]), tangent))]


def _cofactors_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    return [None if ct is None else _second_variation(b, node, ct)]


def _cofactors_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    return [None if tangent is None else _second_variation(b, node, tangent)]


def _second_variation(b: OpBuilder, node: Node, direction: Value) -> Value:
    """(<C, D> C - C Dᵀ C) / det: the second derivative of the determinant, symmetric in its two directions.

    It needs a matrix that is not singular: at a singular one it is nan, not a wrong number.
    """
    cofactors = node.output
    along = as_matrices(b, _total(b, b.op("mul", cofactors, direction)))
    twisted = product(b, cofactors, transposed(b, direction), cofactors)
    det = as_matrices(b, b.op("det", node.inputs[0]))
    return b.op("div", b.op("sub", b.op("mul", along, cofactors), twisted), det)


def _slogdet_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = matrix(types[0])
    dtype = inexact_dtype(operand)
    if dtype.kind == "c":
        raise Unsupported("slogdet of a complex matrix", "use np.linalg.det")
    found = number_type(dtype, shape_of(operand)[:-2])
    return (found, found)


def _slogdet_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    ct = cts[1]
    if ct is None:
        return [None]
    return [b.op("mul", as_matrices(b, ct), transposed(b, b.op("inv", node.inputs[0])))]


def _slogdet_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None, None]
    return [None, _total(b, b.op("mul", transposed(b, b.op("inv", node.inputs[0])), tangent))]


def _order(attrs: Attrs, ndim: int) -> float:
    """The order of a vector norm; a Frobenius norm is the vector norm of order 2 of all elements."""
    order, axis = attrs.get("ord"), attrs.get("axis")
    over_matrix = (axis is None and ndim == 2) or (isinstance(axis, tuple | list) and len(axis) == 2)
    if order is None or (order == "fro" and over_matrix):
        return 2.0
    if isinstance(order, str) or over_matrix or not isinstance(order, int | float):
        raise Unsupported(
            f"the matrix norm {order!r}", "use the singular values: np.linalg.svd(x, compute_uv=False)"
        )
    if order <= 0 and order != -np.inf:
        raise Unsupported(f"the norm of order {order}", "use an order of 1 or more")
    return float(order)


def _norm_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    shape = shape_of(operand)
    _order(attrs, len(shape))
    if operand.dtype.kind == "c":
        raise Unsupported("the norm of a complex array", "take np.abs first")
    axes = all_axes(attrs.get("axis"), len(shape))
    return (number_type(inexact_dtype(operand), reduced_shape(shape, axes, bool(attrs.get("keepdims")))),)


def _norm_weights(b: OpBuilder, node: Node) -> Value:
    """The derivative of a norm of order p: sign(x) (|x| / norm)^(p - 1), and 0 at 0."""
    x = node.inputs[0]
    order = _order(node.attrs, len(shape_of(x.type)))
    if order == 1.0:
        return b.op("sign", x)
    spread = restore_axes(b, node, b.expression("or_one(out)", {"out": node.output}))
    if order == 2.0:
        return b.op("div", x, spread)
    return b.expression(f"sign(x) * (abs(x) / out) ** {order - 1.0}", {"x": x, "out": spread})


def _norm_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None]
    x = node.inputs[0]
    if abs(_order(node.attrs, len(shape_of(x.type)))) == np.inf:
        shared = share(b, node, node.output, ct, of=b.op("abs", x))
        return [b.op("mul", shared, b.op("sign", x))]
    if _order(node.attrs, len(shape_of(x.type))) == 2.0:
        spread = b.expression("or_one(out)", {"out": node.output})
        if b.literal(ct) == 1:
            return [b.op("div", x, restore_axes(b, node, spread))]
        return [b.op("mul", restore_axes(b, node, b.op("div", ct, spread)), x)]
    return [b.op("mul", restore_axes(b, node, ct), _norm_weights(b, node))]


def _norm_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None]
    x = node.inputs[0]
    if abs(_order(node.attrs, len(shape_of(x.type)))) == np.inf:
        moved = b.op("mul", b.op("sign", x), tangent)
        return [mean_of_ties(b, node, node.output, moved, of=b.op("abs", x))]
    return [reduce_like(b, node, "sum", b.op("mul", _norm_weights(b, node), tangent))]


def _power(node: Node) -> int:
    power = node.attrs["n"]
    if not isinstance(power, int) or isinstance(power, bool) or abs(power) > 64:
        raise Unsupported("a matrix power that is no literal up to 64", "multiply in a loop")
    return power


def _power_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    if not isinstance(attrs["n"], int) or abs(attrs["n"]) > 64:
        raise Unsupported("a matrix power that is no literal up to 64", "multiply in a loop")
    operand = matrix(types[0])
    return (ArrayType(operand.dtype if attrs["n"] >= 0 else inexact_dtype(operand), shape_of(operand)),)


def _power_sum(b: OpBuilder, node: Node, base: Value, direction: Value) -> Value:
    """The sum of base^k direction base^(n-1-k); for a negative power, of the inverse with direction turned."""
    n = _power(node)
    if n < 0:
        base = b.op("inv", base)
        direction = b.op("neg", product(b, base, direction, base))
        n = -n
    total: Value | None = None
    for k in range(n):
        factors = [direction]
        if k:
            factors.insert(0, b.op("matrix_power", base, n=k) if k > 1 else base)
        if n - 1 - k:
            factors.append(b.op("matrix_power", base, n=n - 1 - k) if n - 1 - k > 1 else base)
        term = product(b, *factors)
        total = term if total is None else b.op("add", total, term)
    assert total is not None
    return total


def _power_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None or _power(node) == 0:
        return [None]
    return [_power_sum(b, node, transposed(b, node.inputs[0]), ct)]


def _power_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None or _power(node) == 0:
        return [None]
    return [_power_sum(b, node, node.inputs[0], tangent)]


OPERATIONS = (
    custom(
        "solve",
        LINALG + "solve",
        "a, b",
        _solve_vjp,
        _solve_jvp,
        _solve_types,
        "The solution of a @ x = b.",
        why="implicit differentiation of a @ x = b",
        samples=("w(3), a(3)", "w(3), a(3, 2)"),
    ),
    custom(
        "inv",
        LINALG + "inv",
        "a",
        _inv_vjp,
        _inv_jvp,
        same_matrix,
        "Inverse matrix.",
        why="-inv(a) @ da @ inv(a)",
        samples=("w(3)", "w(2, 3)"),
    ),
    custom(
        "det",
        LINALG + "det",
        "a",
        _det_vjp,
        _det_jvp,
        _det_types,
        "Determinant.",
        why="the cofactors, which exist for singular matrices too",
        samples=("w(3)", "w(2, 3)", "array([[1.0, 2.0], [2.0, 4.0]])"),
    ),
    custom(
        "cofactors",
        "gradscribe.runtime.matrices.cofactors",
        "a",
        _cofactors_vjp,
        _cofactors_jvp,
        same_matrix,
        "The derivative of the determinant.",
        why="the second derivative of the determinant",
        samples=("w(3)", "w(2, 3)"),
    ),
    custom(
        "slogdet",
        LINALG + "slogdet",
        "a",
        _slogdet_vjp,
        _slogdet_jvp,
        _slogdet_types,
        "Sign and logarithm of the determinant.",
        why="the inverse, transposed",
        samples=("w(3)", "w(2, 3)"),
    ),
    custom(
        "norm",
        LINALG + "norm",
        "x, ord=None, axis=None, keepdims=False",
        _norm_vjp,
        _norm_jvp,
        _norm_types,
        "Norm of vectors, or Frobenius norm.",
        why="0 at 0",
        operands=("x",),
        samples=(
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
        ),
    ),
    custom(
        "matrix_power",
        LINALG + "matrix_power",
        "a, n",
        _power_vjp,
        _power_jvp,
        _power_types,
        "Matrix to an int power.",
        why="the product rule",
        operands=("a",),
        aliasing=lambda types, attrs, spelling: Aliasing.SAME if attrs["n"] == 1 else Aliasing.FRESH,
        samples=("w(3), 3", "w(3), 1", "w(3), 0", "w(3), -2", "w(2, 3), 2"),
    ),
)

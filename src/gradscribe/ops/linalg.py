"""Linear algebra: systems, inverses, determinants, powers.

Matrices are the last two dimensions; all rules hold for stacks of matrices.

In:  nothing.   Out: `OPERATIONS`.
Not here: norms (norms.py), factorisations (factorisations.py), products (contraction.py).
References: Giles, Collected matrix derivative results for forward and reverse mode AD, 2008.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, ScalarType, Type, broadcast_shapes, dtype_of, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.contraction import transposed
from gradscribe.ops.declare import custom, linear
from gradscribe.ops.promotion import number_type, numbers, same_type
from gradscribe.ops.spec import Aliasing, Contributions, Spelling, Unsupported
from gradscribe.ops.written import linalg as written

Attrs = Mapping[str, object]
LINALG = "numpy.linalg."
RUNTIME = "gradscribe.runtime.matrices."
RESULT = "numpy.linalg._linalg."


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
    shape, square = shape_of(rhs), shape_of(a)
    if not shape:
        raise Unsupported("solve with a scalar right-hand side", "pass a vector or a matrix")
    if len(shape) == 1:
        return (ArrayType(inexact_dtype(a, rhs), (*square[:-2], square[-1])),)
    batch = broadcast_shapes(square[:-2], shape[:-2])
    return (ArrayType(inexact_dtype(a, rhs), (*batch, square[-1], shape[-1])),)


def solved(b: OpBuilder, a: Value, rhs: Value, *, vectors: bool) -> Value:
    """a x = rhs; with `vectors`, the last axis of rhs holds vectors, also in stacks of them."""
    if not vectors or len(shape_of(rhs.type)) == 1:
        return b.op("solve", a, rhs)
    return b.op("squeeze", b.op("solve", a, b.op("expand_dims", rhs, axis=-1)), axis=-1)


def _solve_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None, None]
    a, rhs = node.inputs
    vectors = len(shape_of(rhs.type)) == 1
    ct_rhs = solved(b, transposed(b, a), ct, vectors=vectors)
    if not vectors:
        ct_a = b.op("matmul", ct_rhs, transposed(b, node.output))
    elif len(shape_of(ct.type)) == 1:
        ct_a = b.op("outer", ct_rhs, node.output)
    else:
        rows, columns = b.op("expand_dims", ct_rhs, axis=-1), b.op("expand_dims", node.output, axis=-2)
        ct_a = b.op("mul", rows, columns)
    return [b.op("neg", ct_a), ct_rhs]


def _solve_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    a_dot, rhs_dot = tangents
    vectors = len(shape_of(node.inputs[1].type)) == 1
    right = rhs_dot
    if a_dot is not None:
        moved = b.op("neg", _applied(b, a_dot, node.output, vectors=vectors))
        right = moved if rhs_dot is None else b.op("add", rhs_dot, moved)
    return [None if right is None else solved(b, node.inputs[0], right, vectors=vectors)]


def _applied(b: OpBuilder, a: Value, x: Value, *, vectors: bool) -> Value:
    """a @ x, where x may be a stack of vectors."""
    if not vectors or len(shape_of(x.type)) == 1:
        return b.op("matmul", a, x)
    return b.op("squeeze", b.op("matmul", a, b.op("expand_dims", x, axis=-1)), axis=-1)


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
    """The second derivative of the determinant, symmetric in its two directions."""
    return b.op("cofactor_variation", node.inputs[0], direction)


def _variation(make: OpBuilder, /, a: Value, direction: Value) -> Value:
    """(<C, D> C - C Dᵀ C) / det: what the second variation is where the matrix is not singular."""
    cofactors = make.op("cofactors", a)
    along = as_matrices(make, _total(make, make.op("mul", cofactors, direction)))
    twisted = product(make, cofactors, transposed(make, direction), cofactors)
    det = as_matrices(make, make.op("nonsingular", make.op("det", a)))
    return make.op("div", make.op("sub", make.op("mul", along, cofactors), twisted), det)


def _same(b: OpBuilder, node: Node, ct: Value) -> Value:
    return ct


def _slogdet_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = matrix(types[0])
    dtype = inexact_dtype(operand)
    if dtype.kind == "c":
        raise Unsupported("slogdet of a complex matrix", "use np.linalg.det")
    found = number_type(dtype, shape_of(operand)[:-2])
    return (found, found)


def slogdet_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """The inverse, transposed, times the cotangent of the logarithm; the sign is constant."""
    ct = cts[1]
    if ct is None:
        return [None]
    return [b.op("mul", as_matrices(b, ct), transposed(b, b.op("inv", node.inputs[0])))]


def slogdet_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    """The trace of the inverse times the tangent."""
    (tangent,) = tangents
    if tangent is None:
        return [None, None]
    return [None, _total(b, b.op("mul", transposed(b, b.op("inv", node.inputs[0])), tangent))]


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
        samples=(
            "w(3), a(3)",
            "w(3), a(3, 2)",
            "w(2, 3), a(3)",
            "w(2, 3), a(2, 3, 2)",
            "w(3), a(2, 3, 2)",
            "w(1, 3), a(2, 3, 1)",
        ),
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
        RUNTIME + "cofactors",
        "a",
        _cofactors_vjp,
        _cofactors_jvp,
        same_matrix,
        "The derivative of the determinant.",
        why="the second derivative of the determinant, which exists for singular matrices too",
        samples=("w(3)", "w(2, 3)", "array([[1.0, 2.0], [2.0, 4.0]])", "w(1)"),
    ),
    composite(
        "cofactor_variation",
        RUNTIME + "cofactor_variation",
        "a, direction",
        _variation,
        "The second derivative of the determinant in a direction.",
        why="third derivatives exist here for matrices that are not singular",
        types=lambda types, attrs, spelling: same_matrix(types, attrs, spelling),
        samples=("w(3), a(3, 3)", "w(2, 3), a(2, 3, 3)", "w(1), a(1, 1)"),
    ),
    linear(
        "nonsingular",
        RUNTIME + "nonsingular",
        "det",
        _same,
        same_type,
        "A determinant, which must not be 0.",
        aliasing=Aliasing.SAME,
        samples=("array([0.5, 2.0])", "s()"),
    ),
    custom(
        "slogdet",
        LINALG + "slogdet",
        "a",
        slogdet_vjp,
        slogdet_jvp,
        _slogdet_types,
        "Sign and logarithm of the determinant.",
        why="the inverse, transposed",
        result_class=RESULT + "SlogdetResult",
        samples=("w(3)", "w(2, 3)"),
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
        aliasing=lambda types, attrs, spelling: Aliasing.VIEW if attrs["n"] == 1 else Aliasing.FRESH,
        written=written.matrix_power,
        written_if=lambda given: given.get("n") == 1,
        samples=("w(3), 3", "w(3), 1", "w(3), 0", "w(3), -2", "w(2, 3), 2"),
    ),
)

"""scipy.linalg: functions of matrices, equations of matrices, block diagonals.

A function of a matrix (expm, logm, sqrtm) has as its derivative along E the upper right block of the function of
[[A, E], [0, A]]; the transpose of that is the derivative at Aᵀ. So each is its own derivative, to any order.

In:  nothing.   Out: `OPERATIONS`.
Not here: factorisations (scipy_linalg.py), systems with structure (structured_systems.py).
References: Higham, Functions of Matrices, 2008, theorem 3.6 and section 6.6; Giles 2008 (linalg.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import Length
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.contraction import transposed
from gradscribe.ops.declare import custom, linear
from gradscribe.ops.linalg import inexact_dtype, matrix, same_matrix
from gradscribe.ops.promotion import numbers, promote
from gradscribe.ops.slices import along, joined, length
from gradscribe.ops.spec import Aliasing, Contributions, OpSpec, Spelling, Unsupported

Attrs = Mapping[str, object]
LINALG = "scipy.linalg."


def one_matrix(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """A real matrix like the operand."""
    if len(shape_of(matrix(types[0]))) != 2:
        raise Unsupported("stacks of matrices", "loop over them")
    if inexact_dtype(types[0]).kind == "c":
        raise Unsupported("a function of a complex matrix", "use real matrices")
    return same_matrix(types, attrs, spelling)


# Functions of matrices


def _block(b: OpBuilder, name: str, a: Value, direction: Value) -> Value:
    """The upper right block of the function of [[a, direction], [0, a]]."""
    top = joined(b, [a, direction], 1)
    bottom = joined(b, [b.op("zeros_like", a), a], 1)
    found = b.op(name, joined(b, [top, bottom]))
    n = length(b, a, 0)
    return along(b, along(b, found, 0, None, n), 1, n)


def _double_matrix(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """A real matrix, in double precision whatever that of the operand."""
    (found,) = one_matrix(types, attrs, spelling)
    return (ArrayType(np.dtype(np.float64), shape_of(found)),)


def _function(name: str, doc: str, **fields: Any) -> OpSpec:
    def checked(b: OpBuilder, value: Value) -> Value:
        return value if name == "expm" else b.op("real_matrix", value, function=f"scipy.linalg.{name}")

    def vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
        (ct,) = cts
        return [None if ct is None else checked(b, _block(b, name, transposed(b, node.inputs[0]), ct))]

    def jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
        (tangent,) = tangents
        return [None if tangent is None else checked(b, _block(b, name, node.inputs[0], tangent))]

    return custom(
        name,
        f"{LINALG}{name}",
        "a",
        vjp,
        jvp,
        fields.pop("types", one_matrix),
        doc,
        why=f"the upper right block of {name}([[a, e], [0, a]])",
        **fields,
    )


def _sylvester_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None, None, None]
    left, right, _ = node.inputs
    ct_q = b.op("solve_sylvester", transposed(b, left), transposed(b, right), ct)
    flipped = transposed(b, node.output)
    return [
        b.op("neg", b.op("matmul", ct_q, flipped)),
        b.op("neg", b.op("matmul", flipped, ct_q)),
        ct_q,
    ]


def _sylvester_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    a_dot, b_dot, q_dot = tangents
    right = q_dot
    for moved in (
        None if a_dot is None else b.op("matmul", a_dot, node.output),
        None if b_dot is None else b.op("matmul", node.output, b_dot),
    ):
        if moved is not None:
            right = b.op("neg", moved) if right is None else b.op("sub", right, moved)
    return [None if right is None else b.op("solve_sylvester", *node.inputs[:2], right)]


def _third(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(inexact_dtype(*types), shape_of(matrix(types[-1]))),)


def _lyapunov(b: OpBuilder, /, a: Value, q: Value) -> Value:
    back = transposed(b, a)
    if inexact_dtype(a.type).kind == "c":
        back = b.op("conj", back)
    return b.op("solve_sylvester", a, back, q)


def _blocks_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    rows, columns = Length(()), Length(())
    for type_ in types:
        shape = shape_of(matrix(type_))
        if len(shape) != 2:
            raise Unsupported("block_diag of other than matrices", "make matrices of them: x[None, :]")
        rows, columns = rows + shape[0], columns + shape[1]
    return (ArrayType(promote(numbers(types)), (rows, columns)),)


def _blocks_transpose(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None] * len(node.inputs)
    found: list[Value] = []
    starts: list[Value | int] = [0, 0]
    for block in node.inputs:
        part = ct
        for axis in (0, 1):
            start = starts[axis]
            stop = b.op("add", start, length(b, block, axis))
            part = along(b, part, axis, None if start == 0 else start, stop)
            starts[axis] = stop
        found.append(part)
    return found


ESTIMATE = {"disp": "the estimate of the error is not supported"}

OPERATIONS = (
    _function("expm", "Matrix exponential.", samples=("a(3, 3)",)),
    _function(
        "sqrtm",
        "Square root of a matrix, where it is real.",
        samples=("spd(3)", "w(3)"),
        refused_keywords={**ESTIMATE, "blocksize": "it has no influence on the result"},
    ),
    _function(
        "logm",
        "Logarithm of a matrix, where it is real.",
        types=_double_matrix,
        samples=("spd(3)", "w(3)"),
        refused_keywords=ESTIMATE,
    ),
    linear(
        "real_matrix",
        "gradscribe.runtime.matrices.real_matrix",
        "a, function",
        lambda b, node, ct: ct,
        same_matrix,
        "The result of a matrix function, if it is real.",
        operands=("a",),
        aliasing=Aliasing.SAME,
        samples=("w(3), 'scipy.linalg.logm'",),
    ),
    linear(
        "of_more_rows",
        "gradscribe.runtime.matrices.of_more_rows",
        "x, a",
        lambda b, node, ct: b.op("of_more_rows", ct, node.inputs[1]),
        lambda types, attrs, spelling: (types[0],),
        "A sum of squares, if the matrix has more rows than columns.",
        operands=("x", "a"),
        shape_only=frozenset({1}),
        aliasing=Aliasing.SAME,
        samples=("s(), a(3, 2)",),
    ),
    custom(
        "solve_sylvester",
        LINALG + "solve_sylvester",
        "a, b, q",
        _sylvester_vjp,
        _sylvester_jvp,
        _third,
        "The solution of a @ x + x @ b = q.",
        why="implicit differentiation",
        samples=("w(3), w(2), a(3, 2)",),
    ),
    composite(
        "solve_continuous_lyapunov",
        LINALG + "solve_continuous_lyapunov",
        "a, q",
        _lyapunov,
        "The solution of a @ x + x @ a.T = q, with a.conj().T where a is complex.",
        why="it is solve_sylvester(a, a.T, q)",
        types=_third,
        samples=("w(3), a(3, 3)", "3.0 + c(2, 2), c(2, 2)"),
    ),
    linear(
        "block_diag",
        LINALG + "block_diag",
        "*arrays",
        None,
        _blocks_types,
        "A block diagonal matrix.",
        transposes=_blocks_transpose,
        operands=(),
        variadic="arrays",
        samples=("a(2, 3), a(3, 2)", "a(2, 2)"),
    ),
)

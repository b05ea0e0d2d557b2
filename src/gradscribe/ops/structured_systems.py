"""scipy.linalg: systems of linear equations with structure, and matrices made of vectors.

In:  nothing.   Out: `OPERATIONS`.
Not here: general systems and functions of matrices (matrix_functions.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import Length
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.contraction import transposed
from gradscribe.ops.declare import custom
from gradscribe.ops.linalg import inexact_dtype, matrix
from gradscribe.ops.promotion import numbers, promote
from gradscribe.ops.slices import along, counted, entry, joined, length, stacked
from gradscribe.ops.spec import Contributions, Spelling, Unsupported

Attrs = Mapping[str, object]
LINALG = "scipy.linalg."
OVERWRITES = {name: "it writes into the operand" for name in ("overwrite_a", "overwrite_ab", "overwrite_b")}


def _outer(b: OpBuilder, left: Value, right: Value) -> Value:
    if len(shape_of(left.type)) == 1:
        return b.op("outer", left, right)
    return b.op("matmul", left, transposed(b, right))


# Triangular systems


def _triangular_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    a, rhs = matrix(types[0]), numbers(types)[1]
    if attrs.get("trans", 0) not in (0, 1, "N", "T"):
        raise Unsupported("the conjugate transpose of a triangular matrix", "pass trans=0 or trans=1")
    if len(shape_of(a)) != 2 or len(shape_of(rhs)) not in (1, 2):
        raise Unsupported("stacks of systems", "solve them one after the other")
    return (ArrayType(inexact_dtype(*types), shape_of(rhs)),)


def _is_transposed(node: Node) -> bool:
    return node.attrs.get("trans", 0) in (1, "T")


def _triangle(b: OpBuilder, node: Node, value: Value) -> Value:
    """The part of a matrix that the system reads."""
    strict = bool(node.attrs.get("unit_diagonal", False))
    if node.attrs.get("lower", False):
        return b.op("tril", value, k=-1) if strict else b.op("tril", value)
    return b.op("triu", value, k=1) if strict else b.op("triu", value)


def _triangular(b: OpBuilder, node: Node, rhs: Value, *, adjoint: bool = False) -> Value:
    attrs = {name: node.attrs[name] for name in ("lower", "unit_diagonal") if name in node.attrs}
    if _is_transposed(node) != adjoint:
        attrs["trans"] = 1
    return b.apply("solve_triangular", (node.inputs[0], rhs), attrs)[0]


def _triangular_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None, None]
    ct_b = _triangular(b, node, ct, adjoint=True)
    pair = (node.output, ct_b) if _is_transposed(node) else (ct_b, node.output)
    return [b.op("neg", _triangle(b, node, _outer(b, *pair))), ct_b]


def _triangular_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    a_dot, right = tangents
    if a_dot is not None:
        part = _triangle(b, node, a_dot)
        moved = b.op("matmul", transposed(b, part) if _is_transposed(node) else part, node.output)
        right = b.op("neg", moved) if right is None else b.op("sub", right, moved)
    return [None if right is None else _triangular(b, node, right)]


# Banded systems. Row u - k of `ab` is diagonal k: ab[u - k, j] = a[j - k, j].


def _bands(attrs: Attrs) -> tuple[int, int]:
    pair = attrs["l_and_u"]
    if not isinstance(pair, tuple | list) or not all(isinstance(item, int) for item in pair):
        raise Unsupported("numbers of diagonals that are known at run time only", "write them as literals")
    below, above = pair
    return below, above


def _banded_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    _bands(attrs)
    rhs = numbers(types)[1]
    if len(shape_of(matrix(types[0]))) != 2 or len(shape_of(rhs)) not in (1, 2):
        raise Unsupported("stacks of systems", "solve them one after the other")
    return (ArrayType(inexact_dtype(*types), shape_of(rhs)),)


def _shifted(b: OpBuilder, x: Value, by: int) -> Value:
    """Entry j is x[j - by], zero beyond the ends."""
    if by == 0:
        return x
    kept = along(b, x, 0, None, -by) if by > 0 else along(b, x, 0, -by)
    widths: list[tuple[int, int]] = [(max(by, 0), max(-by, 0))]
    widths += [(0, 0)] * (len(shape_of(x.type)) - 1)
    return b.op("pad", kept, pad_width=tuple(widths))


def _transposed_bands(b: OpBuilder, ab: Value, below: int, above: int) -> Value:
    """The diagonals of the transpose: below and above change places."""
    rows = [_shifted(b, entry(b, ab, 0, above - k), -k) for k in range(-below, above + 1)]
    return stacked(b, rows)


def _bands_of_outer(b: OpBuilder, left: Value, right: Value, below: int, above: int) -> Value:
    """Diagonals of left @ right.T, without its other entries."""
    rows = []
    for k in range(above, -below - 1, -1):
        row = b.op("mul", _shifted(b, left, k), right)
        rows.append(row if len(shape_of(row.type)) == 1 else b.op("sum", row, axis=1))
    return stacked(b, rows)


def _banded_product(b: OpBuilder, ab: Value, x: Value, below: int, above: int) -> Value:
    """a @ x."""
    total: Value | None = None
    for k in range(-below, above + 1):
        row = entry(b, ab, 0, above - k)
        row = row if len(shape_of(x.type)) == 1 else b.op("expand_dims", row, axis=1)
        term = _shifted(b, b.op("mul", row, x), -k)
        total = term if total is None else b.op("add", total, term)
    assert total is not None
    return total


def _banded_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None, None]
    below, above = _bands(node.attrs)
    flipped = _transposed_bands(b, node.inputs[0], below, above)
    ct_b = b.apply("solve_banded", (flipped, ct), {"l_and_u": (above, below)})[0]
    return [b.op("neg", _bands_of_outer(b, ct_b, node.output, below, above)), ct_b]


def _banded_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    ab_dot, right = tangents
    if ab_dot is not None:
        moved = _banded_product(b, ab_dot, node.output, *_bands(node.attrs))
        right = b.op("neg", moved) if right is None else b.op("sub", right, moved)
    if right is None:
        return [None]
    return list(b.apply("solve_banded", (node.inputs[0], right), {"l_and_u": node.attrs["l_and_u"]}))


# Toeplitz matrices


def _circulant(b: OpBuilder, /, c: Value) -> Value:
    """Entry (i, j) is c[i - j], counted round."""
    n = length(b, c, 0)
    places = b.op("sub", b.op("expand_dims", counted(b, c), axis=1), counted(b, c))
    return b.apply("get_item", (c, b.op("mod", places, n)), {"index": (Input(1),)})[0]


def _hankel(b: OpBuilder, /, c: Value, r: Value | None = None) -> Value:
    """Entry (i, j) is c[i + j], or what comes after it: the last row without its first entry."""
    row = b.op("zeros_like", c) if r is None else r
    values = joined(b, [c, along(b, row, 0, 1)])
    places = b.op("add", b.op("expand_dims", counted(b, c), axis=1), counted(b, row))
    return b.apply("get_item", (values, places), {"index": (Input(1),)})[0]


def _toeplitz(b: OpBuilder, /, c: Value, r: Value | None = None) -> Value:
    """Entry (i, j) is c[i - j], or r[j - i] above the diagonal."""
    row = c if r is None else r
    values = joined(b, [b.op("flip", c), along(b, row, 0, 1)])
    m = length(b, c, 0)
    down = b.op("sub", b.op("sub", m, 1), b.op("expand_dims", counted(b, c), axis=1))
    places = b.op("add", down, counted(b, row))
    return b.apply("get_item", (values, places), {"index": (Input(1),)})[0]


def _toeplitz_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    vectors = numbers(types)
    if any(len(shape_of(vector)) != 1 for vector in vectors):
        raise Unsupported("a Toeplitz matrix of other than vectors", "pass vectors")
    if vectors[0].dtype.kind == "c" and len(vectors) == 1:
        raise Unsupported("a Hermitian Toeplitz matrix", "pass the first row as well")
    return (ArrayType(promote(vectors), (shape_of(vectors[0])[0], shape_of(vectors[-1])[0])),)


def _circulant_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (n,) = _vectors(types)
    return (ArrayType(promote(numbers(types)), (n, n)),)


def _hankel_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    lengths = _vectors(types)
    return (ArrayType(promote(numbers(types)), (lengths[0], lengths[-1])),)


def _vectors(types: Sequence[Type]) -> list[Length]:
    """The lengths of operands that are vectors."""
    if any(len(shape_of(type_)) != 1 for type_ in types):
        raise Unsupported("a matrix made of other than vectors", "pass vectors")
    return [shape_of(type_)[0] for type_ in types]


OPERATIONS = (
    custom(
        "solve_triangular",
        LINALG + "solve_triangular",
        "a, b, trans=0, lower=False, unit_diagonal=False, check_finite=True",
        _triangular_vjp,
        _triangular_jvp,
        _triangular_types,
        "The solution of a triangular system.",
        why="implicit differentiation; the other triangle has no part in it",
        operands=("a", "b"),
        refused_keywords=OVERWRITES,
        samples=(
            "w(3), a(3)",
            "w(3), a(3, 2), lower=True",
            "w(3), a(3), trans=1",
            "w(3), a(3, 2), trans='T', lower=True, unit_diagonal=True",
        ),
    ),
    custom(
        "solve_banded",
        LINALG + "solve_banded",
        "l_and_u, ab, b, check_finite=True",
        _banded_vjp,
        _banded_jvp,
        _banded_types,
        "The solution of a banded system.",
        why="implicit differentiation, band by band",
        operands=("ab", "b"),
        refused_keywords=OVERWRITES,
        samples=(
            "(1, 1), array([[0.0, 0.3, -0.2, 0.4], [2.0, 2.1, 1.9, 2.3], [0.5, -0.4, 0.2, 0.0]]), a(4)",
            "(2, 0), array([[2.0, 2.1, 1.9, 2.3], [0.5, -0.4, 0.2, 0.0], [0.1, 0.2, 0.0, 0.0]]), a(4, 2)",
            "(0, 1), array([[0.0, 0.3, -0.2], [2.0, 2.1, 1.9]]), a(3)",
        ),
    ),
    composite(
        "circulant",
        LINALG + "circulant",
        "c",
        _circulant,
        "The matrix whose columns are a vector, turned round by one more each time.",
        why="its entries are read at positions",
        types=_circulant_types,
        samples=("a(4)", "a(1)"),
    ),
    composite(
        "hankel",
        LINALG + "hankel",
        "c, r=None",
        _hankel,
        "The matrix that is constant along its antidiagonals.",
        why="its entries are read at positions",
        types=_hankel_types,
        operands=("c", "r"),
        samples=("a(4)", "a(4), a(3)"),
    ),
    composite(
        "toeplitz",
        LINALG + "toeplitz",
        "c, r=None",
        _toeplitz,
        "A matrix with constant diagonals.",
        why="entries of the vectors",
        types=_toeplitz_types,
        operands=("c", "r"),
        samples=("a(3)", "a(3), a(4)"),
    ),
)

"""scipy.linalg: systems of symmetric matrices that are given by their diagonals.

Row k of the lower form holds A[j + k, j] in column j, row u - k of the upper form A[j - k, j]. A vector is brought
next to the entries that it is multiplied by with `_reached`, so that everything costs what the bands have entries.

In:  nothing.   Out: `OPERATIONS`.
Not here: their models (written/banded.py), bands that are not symmetric (structured_systems.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import modelled
from gradscribe.ops.declare import custom
from gradscribe.ops.linalg import inexact_dtype, matrix
from gradscribe.ops.promotion import numbers
from gradscribe.ops.slices import counted, length
from gradscribe.ops.spec import Contributions, Spelling, Unsupported
from gradscribe.ops.structured_systems import OVERWRITES
from gradscribe.ops.written import banded as model

Attrs = Mapping[str, object]
LINALG = "scipy.linalg."


def _types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    rhs = numbers(types)[1]
    if len(shape_of(matrix(types[0]))) != 2 or len(shape_of(rhs)) not in (1, 2):
        raise Unsupported("stacks of systems", "solve them one after the other")
    if inexact_dtype(*types).kind == "c":
        raise Unsupported("a banded system of complex numbers", "use scipy.linalg.solve_banded")
    return (ArrayType(inexact_dtype(*types), shape_of(rhs)),)


def _offsets(b: OpBuilder, node: Node) -> Value:
    """How far below the diagonal each row of bands is, negative above it; a column."""
    rows = b.op("expand_dims", counted(b, node.inputs[0]), axis=1)
    if node.attrs.get("lower", False):
        return rows
    return b.op("sub", rows, b.op("sub", length(b, node.inputs[0], 0), 1))


def _reached(b: OpBuilder, x: Value, places: Value) -> Value:
    """The entries of a vector, or rows of a matrix, at these places; 0 beyond the ends."""
    n = length(b, x, 0)
    inside = b.expression("(p >= 0) * (p < n)", {"p": places, "n": n})
    kept = b.expression("minimum(maximum(p, 0), n - 1)", {"p": places, "n": n})
    found = b.apply("get_item", (x, kept), {"index": (Input(1),)})[0]
    return b.op("where", _wide(b, inside, x), found, 0.0)


def _wide(b: OpBuilder, bands: Value, like: Value) -> Value:
    """Bands against a vector, or against the columns of a matrix."""
    return bands if len(shape_of(like.type)) == 1 else b.op("expand_dims", bands, axis=2)


def _bands_of_products(b: OpBuilder, node: Node, left: Value, right: Value) -> Value:
    """The bands of left @ right.T + right @ left.T, the diagonal once."""
    offsets = _offsets(b, node)
    places = b.op("add", counted(b, right), offsets)
    here = b.op("mul", _reached(b, left, places), right)
    there = b.op("mul", left, _reached(b, right, places))
    both = b.op("add", here, there)
    if len(shape_of(both.type)) == 3:
        both = b.op("sum", both, axis=2)
    return b.op("where", b.op("eq", offsets, 0), b.op("mul", 0.5, both), both)


def _product(b: OpBuilder, node: Node, ab: Value, x: Value) -> Value:
    """a @ x: each entry of the bands counts for both of its places, on the diagonal once."""
    offsets = _offsets(b, node)
    columns = counted(b, x)
    below = b.op("sum", b.op("mul", _wide(b, ab, x), _reached(b, x, b.op("add", columns, offsets))), axis=0)
    back = b.op("sub", columns, offsets)
    rows = b.op("expand_dims", counted(b, ab), axis=1)
    n = length(b, x, 0)
    kept = b.expression("minimum(maximum(p, 0), n - 1)", {"p": back, "n": n})
    read = b.apply("get_item", (ab, rows, kept), {"index": (Input(1), Input(2))})[0]
    off = b.op("where", b.op("eq", offsets, 0), 0.0, read)
    above = b.op("sum", b.op("mul", _wide(b, off, x), _reached(b, x, back)), axis=0)
    return b.op("add", below, above)


def _vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None, None]
    ct_b = b.apply("solveh_banded", (node.inputs[0], ct), node.attrs)[0]
    return [b.op("neg", _bands_of_products(b, node, ct_b, node.output)), ct_b]


def _jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    ab_dot, right = tangents
    if ab_dot is not None:
        moved = _product(b, node, ab_dot, node.output)
        right = b.op("neg", moved) if right is None else b.op("sub", right, moved)
    return [None if right is None else b.apply("solveh_banded", (node.inputs[0], right), node.attrs)[0]]


UPPER = "array([[0.0, 0.3, -0.2, 0.4], [2.0, 2.1, 1.9, 2.3]])"
LOWER = "array([[2.0, 2.1, 1.9, 2.3], [0.3, -0.2, 0.4, 0.0], [0.1, 0.2, 0.0, 0.0]])"
OPERATIONS = (
    custom(
        "solveh_banded",
        LINALG + "solveh_banded",
        "ab, b, *, lower=False, check_finite=True",
        _vjp,
        _jvp,
        _types,
        "The solution of a symmetric positive definite banded system.",
        why="implicit differentiation, band by band",
        operands=("ab", "b"),
        refused_keywords=OVERWRITES,
        samples=(f"{UPPER}, a(4)", f"{LOWER}, a(4), lower=True", f"{UPPER}, a(4, 2)"),
    ),
    modelled(
        "cholesky_banded",
        LINALG + "cholesky_banded",
        "ab, *, lower=False",
        model.cholesky_banded,
        "Cholesky factor of a symmetric positive definite banded matrix, by its diagonals.",
        why="column by column",
        real_only=True,
        refused_keywords={**OVERWRITES, "check_finite": "it is checked"},
        samples=(UPPER, f"{LOWER}, lower=True"),
    ),
    modelled(
        "cho_solve_banded",
        LINALG + "cho_solve_banded",
        "cb_and_lower, b",
        model.cho_solve_banded,
        "The solution of a banded system whose matrix cholesky_banded has factored.",
        why="two triangular systems, row by row",
        real_only=True,
        nested=True,
        refused_keywords={**OVERWRITES, "check_finite": "it is checked"},
        samples=(f"({UPPER}, False), a(4)", f"({LOWER}, True), a(4, 2)"),
    ),
)

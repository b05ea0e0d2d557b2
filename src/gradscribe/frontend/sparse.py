"""Sparse matrices of SciPy, which are constants: products, transposes, what is known of their shape.

In:  an operator, an attribute or a method.   Out: nodes of ops/sparse.py.
Not here: the operations (ops/sparse.py), recognising a matrix (scope.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import libcst as cst

from gradscribe.frontend.operands import as_value
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, InstanceCell, Method, PartialCall, Static
from gradscribe.ops.sparse import Transposed, is_constant_matrix
from gradscribe.ops.written import sparse as written

MADE_OF_ENTRIES = frozenset(
    f"{kind}_{form}" for kind in ("csr", "csc", "coo") for form in ("matrix", "array")
)
KNOWN = frozenset({"ndim", "dtype", "nnz", "format", "size"})


def made_inside(target: object, args: Sequence[Abstract]) -> Abstract | None:
    """The function in Python that makes a sparse matrix of arrays, or solves a system of one; None for others."""
    module, name = getattr(target, "__module__", None) or "", getattr(target, "__name__", "")
    if not module.startswith("scipy.sparse"):
        return None
    if name in MADE_OF_ENTRIES:
        return PartialCall(Static(written.by_rows), (Static(name),), {})
    if name == "spsolve" and args and isinstance(args[0], InstanceCell):
        return Static(written.spsolve)
    found = {"diags": written.diags, "identity": written.identity, "eye": written.identity}.get(name)
    return None if found is None else Static(found)


def is_product(symbol: str, left: Abstract, right: Abstract) -> bool:
    """Whether the operator multiplies by a sparse matrix; `*` does so for matrices, not for arrays."""
    found = [value for value in map(_matrix, (left, right)) if value is not None]
    if symbol == "@":
        return bool(found)
    return symbol == "*" and any(type(plain(value)).__name__.endswith("_matrix") for value in found)


def product(run: Lowering, node: cst.CSTNode, left: Abstract, right: Abstract) -> Abstract:
    """The product of a sparse matrix, which is constant, and an array."""
    flipped = _matrix(left) is None
    matrix, array = (_matrix(right), left) if flipped else (_matrix(left), right)
    attrs: dict[str, object] = {"matrix": plain(matrix)}
    if isinstance(matrix, Transposed):
        attrs["transposed"] = True
    if flipped:
        attrs["flipped"] = True
    return run.wrap(run.apply(node, "sparse_product", [as_value(run, array, node)], attrs)[0])


def attribute(run: Lowering, node: cst.CSTNode, owner: Static, name: str) -> Abstract:
    """An attribute of a sparse matrix."""
    matrix = plain(owner.value)
    if name == "T":
        return _transposed(owner.value)
    if name in ("dot", "transpose"):
        return Method(owner, name)
    if name == "shape":
        return Static(matrix.shape[::-1] if isinstance(owner.value, Transposed) else tuple(matrix.shape))
    if name in KNOWN:
        return Static(getattr(matrix, name))
    raise run.refusal(
        node,
        "GS205",
        f"`.{name}` of a sparse matrix is read inside a function that is compiled",
        why="the matrix is a constant there, of which products, `.T`, `.dot`, `.shape` and systems are known",
        fix=f"compute `.{name}` outside of the function, and pass the result as an argument or let it be read",
    )


def method(
    run: Lowering,
    node: cst.CSTNode,
    owner: Static,
    name: str,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract | None:
    """`A.dot(x)`, `A.transpose()`; None for other arguments."""
    if name == "dot" and len(args) == 1 and not kwargs:
        return product(run, node, owner, args[0])
    return _transposed(owner.value) if name == "transpose" and not args and not kwargs else None


def plain(matrix: object) -> Any:
    """The matrix of which this is one, or the transpose."""
    return matrix.matrix if isinstance(matrix, Transposed) else matrix


def _matrix(operand: Abstract) -> object:
    return operand.value if isinstance(operand, Static) and is_constant_matrix(operand.value) else None


def _transposed(matrix: object) -> Static:
    return Static(matrix.matrix if isinstance(matrix, Transposed) else Transposed(matrix))

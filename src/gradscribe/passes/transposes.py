"""Transposes in derivative code, moved onto operands until they cancel.

    before:  d_W = (h.T @ d_y).T         after:  d_W = d_y.T @ h
             d_h = d_y @ V.T     # V = W.T       d_h = d_y @ W

In:  a derivative node.   Out: a value that can stand for its output, or None.
Not here: transposes with a permutation of more than two axes.
"""

from __future__ import annotations

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType
from gradscribe.passes.rules import rule_for
from gradscribe.passes.scope import Scope, builder


@rule_for(("transpose",))
def drop_double_transpose(scope: Scope, node: Node) -> Value | None:
    """The transpose of a transpose, also of one that the user wrote: a view of a view of the same array."""
    if not _is_plain_transpose(node):
        return None
    made = scope.definition(node.inputs[0])
    return made.inputs[0] if made is not None and _is_plain_transpose(made) else None


@rule_for(("transpose",))
def transpose_product(scope: Scope, node: Node) -> Value | None:
    """(A.T @ B).T as B.T @ A, where that leaves one transpose in place of two."""
    if not _is_plain_transpose(node):
        return None
    product = scope.sole(node.inputs[0])
    if product is None or product.op.name != "matmul":
        return None
    left, right = product.inputs
    if not (_is_matrix(left) and _is_matrix(right)):
        return None
    transposed = [_transposed_of(scope, value) for value in (left, right)]
    if transposed == [None, None]:
        return None
    b = builder(node)
    new_left = transposed[1] if transposed[1] is not None else b.op("transpose", right)
    new_right = transposed[0] if transposed[0] is not None else b.op("transpose", left)
    return scope.accept(b, b.op("matmul", new_left, new_right), node)


def _transposed_of(scope: Scope, value: Value) -> Value | None:
    """What the value is the transpose of."""
    made = scope.definition(value)
    return made.inputs[0] if made is not None and _is_plain_transpose(made) else None


def _is_plain_transpose(node: Node) -> bool:
    return node.op.name == "transpose" and "axes" not in node.attrs and _is_matrix(node.inputs[0])


def _is_matrix(value: Value) -> bool:
    return isinstance(value.type, ArrayType) and value.type.ndim == 2

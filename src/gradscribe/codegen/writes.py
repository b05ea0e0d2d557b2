"""Which nodes modify memory, and what the others share it with.

In:  nodes.   Out: `stores`, `accumulates`, `aliasing_of`.
Not here: whether a write may happen in place (storage.py).
"""

from __future__ import annotations

from gradscribe.ir.graph import Node
from gradscribe.ir.types import ArrayType, SequenceType, same_shape
from gradscribe.ops.indexes import select
from gradscribe.ops.spec import Aliasing, OpSpec, SpellingKind, spelling_of

# Operations whose result is their first input, modified.
STORES = frozenset({"set_item", "accumulate_at", "list_append", "list_set", "list_accumulate", "list_pop"})

# NumPy hands on (a view of) the operand in special cases: a real array, a diagonal, one operand, power 1.
SOMETIMES_VIEWS = frozenset({"conj", "diag", "einsum", "matrix_power"})

# Output k is a view of input k.
VIEWS_OF_EACH = frozenset({"ix_"})

# Views through which NumPy lets one write; others may be read-only or hold an element several times.
WRITABLE_VIEWS = frozenset(
    {
        *(
            "get_item",
            "reshape",
            "ravel",
            "transpose",
            "swapaxes",
            "moveaxis",
            "squeeze",
            "expand_dims",
            "flip",
        ),
        "unbroadcast_like",
    }
)


def stores(node: Node) -> bool:
    """True for a node whose result is its first input, modified: a copy of it is modified if need be."""
    return node.op.name in STORES


def accumulates(node: Node) -> tuple[int, ...]:
    """Positions of operands to which a derivative sum may be added in place: `d_x += v`."""
    if node.op.name not in ("add", "sub") or not node.derivative or len(node.inputs) != 2:
        return ()
    positions = (0, 1) if node.op.name == "add" else (0,)
    return tuple(position for position in positions if _keeps_type(node, position))


def _keeps_type(node: Node, position: int) -> bool:
    given, result = node.inputs[position].type, node.output.type
    if not isinstance(given, ArrayType) or not isinstance(result, ArrayType):
        return False
    return given.dtype == result.dtype and given.ndim == result.ndim and same_shape(given, result)


def aliasing_of(node: Node) -> Aliasing:
    """What output 0 shares with input 0."""
    if not isinstance(node.op, OpSpec) or not node.inputs:
        return Aliasing.FRESH
    if node.op.name == "get_item":
        if not isinstance(node.output.type, ArrayType):
            return Aliasing.FRESH
        first = node.inputs[0].type
        assert isinstance(first, ArrayType)
        selection = select(node.attrs["index"], [value.type for value in node.inputs], first.shape)
        return Aliasing.VIEW if selection.is_view else Aliasing.FRESH
    if node.op.name == "astype":
        # `np.float64(x)` hands an array of that dtype on; `x.astype(float)` copies.
        called = spelling_of(node).kind is SpellingKind.FUNCTION
        return Aliasing.MAYBE_VIEW if called else Aliasing.FRESH
    if node.op.name in SOMETIMES_VIEWS:
        return Aliasing.MAYBE_VIEW
    return node.op.aliasing


def is_mutable(type_: object) -> bool:
    """An array or a list."""
    return isinstance(type_, ArrayType | SequenceType)

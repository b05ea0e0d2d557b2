"""Which nodes modify memory, and what the others share it with.

In:  nodes.   Out: `stores`, `accumulates`, `aliasing_of`.
Not here: whether a write may happen in place (storage.py).
"""

from __future__ import annotations

from gradscribe.ir.graph import Node
from gradscribe.ir.types import ArrayType, SequenceType, same_shape
from gradscribe.ops.spec import Aliasing, OpSpec

# Operations whose result is their first input, modified.
STORES = frozenset(
    {
        *("set_item", "accumulate_at"),
        *("list_append", "list_insert", "list_set", "list_accumulate", "list_pop", "list_delete"),
    }
)

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


def writes_inside(node: Node) -> bool:
    """True for a store that changes a list inside its list: `rows[i][j] = v`, `rows[i].append(v)`."""
    match node.op.name:
        case "list_set" | "list_accumulate":
            return len(node.inputs) > 3
        case "list_append":
            return len(node.inputs) > 2
        case "list_pop":
            return len(node.inputs) > 1
    return False


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
    """What the outputs share with the inputs."""
    if not isinstance(node.op, OpSpec) or not node.inputs:
        return Aliasing.FRESH
    return node.op.sharing([value.type for value in node.inputs], node.attrs)


def is_mutable(type_: object) -> bool:
    """An array or a list."""
    return isinstance(type_, ArrayType | SequenceType)

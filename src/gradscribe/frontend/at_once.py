"""What iterators take of their arguments when they are made; anything else they take when items are asked for.

In:  arguments.   Out: arguments that stay what they are.
Not here: the items (iterators.py, selections.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from gradscribe.frontend.iteration import items_of
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_array, read_list
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    DictCell,
    DictView,
    Iterated,
    ListCell,
    Static,
    TupleValue,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ScalarType, SequenceType, shape_of

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]


def _pooled(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> tuple[Args, Kwargs]:
    """`product` and its like keep what containers hold when they are made."""
    return [_pool(run, node, part) for part in args], kwargs


def _pool(run: Lowering, node: cst.CSTNode, part: Abstract) -> Abstract:
    if isinstance(part, Iterated):
        return run.call(run, node, Static(list), (part,), {})
    if isinstance(part, DictCell | DictView):
        return TupleValue(tuple(items_of(run, node, part)))
    if isinstance(part, ListCell) and isinstance(content := read_list(run, part, node), tuple):
        return TupleValue(content)
    if not holds_numbers(run, node, part):
        return part
    if isinstance(part, ArrayCell):
        return ArrayCell(read_array(run, part, node))
    assert isinstance(part, ListCell)
    return ListCell(read_list(run, part, node))


def holds_numbers(run: Lowering, node: cst.CSTNode, part: Abstract) -> bool:
    """The items of this array, or list of run-time length, are numbers, which never change themselves."""
    if isinstance(part, ArrayCell):
        return len(shape_of(part.initial.type)) == 1
    content = read_list(run, part, node) if isinstance(part, ListCell) else None
    type_ = content.type if isinstance(content, Value) else None
    return isinstance(type_, SequenceType) and isinstance(type_.element, ScalarType)


def _from_its_end(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> tuple[Args, Kwargs]:
    """`reversed` begins at what is the last item of a list when it is made."""
    (part,) = args
    if not isinstance(part, ListCell):
        return args, kwargs
    content = read_list(run, part, node)
    known = Static(len(content)) if isinstance(content, tuple) else None
    return args, {"length": known or run.call(run, node, Static(len), (part,), {})}


AT_ONCE = {
    "reversed": _from_its_end,
    **dict.fromkeys(
        ("product", "combinations", "permutations", "combinations_with_replacement"),
        _pooled,
    ),
}

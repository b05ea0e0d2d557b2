"""Sets whose items are known at run time only: what Python itself does with them, in its own order.

Items are ints, text and tuples of them, and have no derivative.

In:  nothing.   Out: `OPERATIONS`, `type_of_sets`.
Not here: the objects that hold such sets (written/sets.py), sets of values known in advance.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradscribe.ir.types import BOOL, INT, OpaqueType, SequenceType, Type
from gradscribe.ops.declare import entry
from gradscribe.ops.promotion import always
from gradscribe.ops.spec import ConstantAlmostEverywhere, OpSpec, Spelling, TypeRule

Attrs = Mapping[str, object]
MAKING = frozenset({"new_set", "copy_of_set", "joined_sets"})
CHANGING = frozenset(
    {"add_to_set", "discard_from_set", "remove_from_set", "clear_set", "pop_from_set", "change_set"}
)
DISCRETE = ConstantAlmostEverywhere(why="what is in a set has no derivative")

OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "|": operator.or_, "&": operator.and_, "-": operator.sub, "^": operator.xor,
    "<": operator.lt, "<=": operator.le, "==": operator.eq,
}  # fmt: skip
CHANGES: Mapping[str, str] = {
    "|": "update", "&": "intersection_update", "-": "difference_update", "^": "symmetric_difference_update",
}  # fmt: skip


def type_of_sets(item: Type) -> OpaqueType:
    """The type of sets of such items."""
    return OpaqueType(f"set[{item}]")


def _of_items(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (type_of_sets(attrs["item"]),)  # type: ignore[arg-type]


def _item(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (attrs["item"],)  # type: ignore[return-value]


def _list(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (SequenceType(attrs["item"]),)  # type: ignore[arg-type]


def _method(name: str) -> Callable[[Sequence[Any], Attrs], object]:
    def evaluate(inputs: Sequence[Any], attrs: Attrs) -> object:
        owner, *args = inputs
        getattr(owner, name)(*args)
        return ()

    return evaluate


def _change(inputs: Sequence[Any], attrs: Attrs) -> object:
    getattr(inputs[0], CHANGES[str(attrs["symbol"])])(inputs[1])
    return ()


def _entry(
    name: str, signature: str, types: TypeRule, doc: str, evaluate: Callable[..., object], operands: str
) -> OpSpec:
    names = tuple(operands.split())
    return entry(
        name, name, signature, DISCRETE, types, doc, operands=names, has_effect=True, evaluate=evaluate
    )


OPERATIONS = (
    _entry(
        "new_set", "*items, item", _of_items, "A set of these items.", lambda inputs, attrs: set(inputs), ""
    ),
    _entry("add_to_set", "items, item", always(), "An item joins a set.", _method("add"), "items item"),
    _entry(
        "discard_from_set", "items, item", always(), "An item leaves a set.", _method("discard"), "items item"
    ),
    _entry(
        "remove_from_set",
        "items, item",
        always(),
        "An item leaves a set; raises KeyError where it was not there.",
        _method("remove"),
        "items item",
    ),
    _entry("clear_set", "items", always(), "All items leave a set.", _method("clear"), "items"),
    _entry(
        "pop_from_set",
        "items, item",
        _item,
        "The item that leaves a set first.",
        lambda inputs, attrs: inputs[0].pop(),
        "items",
    ),
    _entry(
        "set_has",
        "items, item",
        always(BOOL),
        "Whether an item is in a set.",
        lambda inputs, attrs: inputs[1] in inputs[0],
        "items item",
    ),
    _entry(
        "set_size",
        "items",
        always(INT),
        "The number of items of a set.",
        lambda inputs, attrs: len(inputs[0]),
        "items",
    ),
    _entry(
        "list_of_set",
        "items, item",
        _list,
        "The items of a set, in the order in which Python goes over them.",
        lambda inputs, attrs: list(inputs[0]),
        "items",
    ),
    _entry(
        "copy_of_set",
        "items, item",
        _of_items,
        "Another set of the same items.",
        lambda inputs, attrs: inputs[0].copy(),
        "items",
    ),
    _entry(
        "joined_sets",
        "left, right, item, symbol",
        _of_items,
        "The set that an operator makes of two.",
        lambda inputs, attrs: OPERATORS[str(attrs["symbol"])](*inputs),
        "left right",
    ),
    _entry(
        "compare_sets",
        "left, right, symbol",
        always(BOOL),
        "Whether one set is the other, or a part of it.",
        lambda inputs, attrs: OPERATORS[str(attrs["symbol"])](*inputs),
        "left right",
    ),
    _entry(
        "change_set",
        "left, right, symbol",
        always(),
        "A set becomes what an operator makes of it and another one.",
        _change,
        "left right",
    ),
)

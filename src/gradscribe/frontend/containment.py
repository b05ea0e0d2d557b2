"""`in`: what a container holds.

In:  an item and a container.   Out: a bool, known now or at run time.
Not here: other comparisons (conditions.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from gradscribe.frontend.dict_items import dict_key
from gradscribe.frontend.equal_items import same_item
from gradscribe.frontend.instances import contains_method
from gradscribe.frontend.operands import as_value, present
from gradscribe.frontend.operators import binary, static_result
from gradscribe.frontend.ranges import range_contains
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_entry, read_list
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    DictCell,
    InstanceCell,
    ListCell,
    Number,
    RangeValue,
    Static,
    TupleValue,
    item_by_item,
)
from gradscribe.ir.graph import Value
from gradscribe.ops.written import searching


def contains(run: Lowering, node: cst.CSTNode, item: Abstract, container: Abstract, wanted: bool) -> Abstract:
    """`item in container`, or `item not in container` where that is not wanted."""
    item, container = present(run, item, node), present(run, container, node)
    if isinstance(container, InstanceCell):
        return contains_method(run, node, item, container, wanted)
    if isinstance(container, DictCell):
        value = read_entry(run, container, dict_key(run, node, item, container), node)
        return Static((value is not None) is wanted)
    if isinstance(container, Static) and isinstance(item, Static):
        found = static_result(run, node, lambda a, b: a in b, item.value, container.value)
        return Static(bool(found.value) is wanted)
    items: Sequence[Abstract] | None = None
    asked: Abstract | None = None
    if isinstance(container, TupleValue):
        items = container.items
    elif isinstance(container, RangeValue):
        asked = range_contains(run, node, container, item)
    elif isinstance(container, ListCell):
        content = read_list(run, container, node)
        if not isinstance(content, Value):
            items = content
        else:
            asked = run.call(run, node, Static(searching.contains), (container, item), {})
    elif isinstance(container, Static) and isinstance(
        container.value, tuple | list | set | frozenset | range
    ):
        items = [item_by_item(value) for value in container.value]
    if asked is not None:
        return asked if wanted else binary(run, node, "Equal", asked, Static(False))
    if items is None:
        raise run.refusal(
            node,
            "GS127",
            "`in` looks into something that is known at run time only",
            why="it is not supported",
            fix="compare with `==` and reduce with `np.any`",
        )
    return _any_equal(run, node, item, items, wanted)


def _any_equal(
    run: Lowering, node: cst.CSTNode, item: Abstract, items: Sequence[Abstract], wanted: bool
) -> Abstract:
    result: Abstract = Static(False)
    for other in items:
        is_one = same_item(run, node, item, other)
        equal = Static(True) if is_one else binary(run, node, "Equal", item, other)
        if isinstance(result, ArrayCell):
            raise run.refusal(
                node,
                "GS127",
                "`in` compares arrays, and goes on after the first one",
                why="NumPy raises ValueError where such an array has more than one element",
                fix="ask `any(item is other for other in items)`, or use `np.array_equal`",
            )
        if isinstance(equal, Static):
            if equal.value:
                return Static(wanted)
        elif isinstance(result, Static):
            result = equal
        else:
            inputs = [as_value(run, part, node) for part in (result, equal)]
            result = Number(run.apply(node, "bool_or", inputs)[0])
    if isinstance(result, Static):
        return Static(not wanted)
    return result if wanted else Number(run.negated(node, as_value(run, result, node)))

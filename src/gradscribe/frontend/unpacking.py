"""Unpacking: `a, b = items`, `a, *b = items`.

In:  names and what is unpacked into them.   Out: an item for each name.
Not here: assigning them (targets.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from gradscribe.frontend.attempts import refuse_where_caught
from gradscribe.frontend.indexing import array_item, item_of
from gradscribe.frontend.iteration import items_if_known, length_unknown
from gradscribe.frontend.list_copies import append_each, to_unpack
from gradscribe.frontend.operands import present, raise_unless_unpacked
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_array, read_list
from gradscribe.frontend.values import Abstract, ArrayCell, Iterated, ListCell, Static
from gradscribe.frontend.views import Index
from gradscribe.ir.graph import Value
from gradscribe.ir.types import shape_of


def unpacked(
    run: Lowering, node: cst.CSTNode, elements: Sequence[cst.BaseElement], value: Abstract
) -> list[Abstract]:
    """An item for each of these elements of a target, one of which may be starred."""
    starred = [k for k, element in enumerate(elements) if isinstance(element, cst.StarredElement)]
    value = to_unpack(run, node, present(run, value, node), takes_all=bool(starred))
    items = _items(run, node, value)
    if not isinstance(items, list):
        return _of_run_time(run, node, items, len(elements), starred)
    if starred:
        (k,) = starred
        rest = len(items) - len(elements) + 1
        if rest >= 0:
            items = [*items[:k], ListCell(tuple(items[k : k + rest])), *items[k + rest :]]
    if len(items) != len(elements):
        raise run.refusal(
            node,
            "GS141",
            f"{len(items)} values are unpacked into {len(elements)} names",
            why="this raises ValueError",
            fix="use as many names as there are values",
            raises=ValueError(_words(len(items), len(elements), bool(starred))),
        )
    return items


def _words(found: int, expected: int, is_starred: bool) -> str:
    """What Python says of too few items, or too many."""
    if is_starred:
        return f"not enough values to unpack (expected at least {expected - 1}, got {found})"
    if found < expected:
        return f"not enough values to unpack (expected {expected}, got {found})"
    return f"too many values to unpack (expected {expected})"


def _items(run: Lowering, node: cst.CSTNode, value: Abstract) -> list[Abstract] | ArrayCell | ListCell:
    """The items; the array or list itself where only the run knows how many there are."""
    if isinstance(value, ArrayCell):
        shape = shape_of(read_array(run, value, node).type)
        if shape and shape[0].constant is None:
            return value
    if isinstance(value, ListCell) and isinstance(read_list(run, value, node), Value):
        return value
    found = items_if_known(run, node, value)
    if isinstance(found, list):
        return found
    if not isinstance(value, Iterated):
        raise length_unknown(run, node, value)
    refuse_where_caught(
        run,
        node,
        ValueError,
        "an iterator is unpacked in a `try` that catches ValueError, and its length is known at run time only",
        "Python asks for no more items than there are names, and one",
        "make a list of it before: `list(...)`",
    )
    listed = ListCell(())
    append_each(run, node, listed, found)
    return listed


def _of_run_time(
    run: Lowering, node: cst.CSTNode, value: ArrayCell | ListCell, count: int, starred: Sequence[int]
) -> list[Abstract]:
    """What stands at each place, after the check of the length that Python makes."""

    def at(position: int) -> Abstract:
        if isinstance(value, ArrayCell):
            return array_item(run, node, value, Index((position,), ()))
        return item_of(run, node, value, Static(position))

    content = read_array(run, value, node) if isinstance(value, ArrayCell) else read_list(run, value, node)
    assert isinstance(content, Value)
    if not starred:
        raise_unless_unpacked(run, node, content, count)
        return [at(k) for k in range(count)]
    raise_unless_unpacked(run, node, content, count - 1, at_least=True)
    (before,) = starred
    after = count - 1 - before
    middle = item_of(run, node, value, Static(slice(before, -after or None)))
    rest = run.call(run, node, Static(list), (middle,), {})
    return [*(at(k) for k in range(before)), rest, *(at(-k) for k in range(after, 0, -1))]

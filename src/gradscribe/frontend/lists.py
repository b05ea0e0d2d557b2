"""Lists: appending, storing an item, taking the last one.

In:  list cells and items.   Out: new contents.
Not here: reading an item (indexing.py).
"""

from __future__ import annotations

import libcst as cst

from gradscribe.frontend.entries import attach, is_followed, require_known_entries, taken_out
from gradscribe.frontend.interleaving import gone_over
from gradscribe.frontend.live_items import changes_length
from gradscribe.frontend.operands import as_item, as_value, list_value
from gradscribe.frontend.sharers import hold, hold_the_same
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import (
    change_list,
    read_again,
    read_list,
    write_list,
)
from gradscribe.frontend.values import Abstract, ArrayCell, Cell, ListCell, MaybeNone, Number, known_int
from gradscribe.ir.graph import Value


def append(run: Lowering, node: cst.CSTNode, owner: ListCell, item: Abstract) -> None:
    """`owner.append(item)`."""
    refuse_iterated(run, node, owner)
    content = _changeable(run, node, owner)
    if isinstance(content, tuple):
        write_list(run, owner, (*content, item))
        return
    if is_followed(item, run):
        place = run.op(node, "list_length", content)
        operand = as_item(run, item, node, stands=True)
        change_list(run, owner, content, node, "list_append", [operand])
        _stand(run, node, owner, place, item)
        return
    if isinstance(item, MaybeNone):
        # Written out, an item is None or is not: `[field(axis) for axis in range(3)]`.
        run.unroll_around()
    change_list(run, owner, content, node, "list_append", [as_item(run, item, node)])
    hold(run, owner, [item])


def _stand(
    run: Lowering, node: cst.CSTNode, owner: ListCell, place: Value, item: ArrayCell | ListCell
) -> None:
    """The item stands at this place of the list from here on."""
    hold(run, owner, [item])
    content = read_list(run, owner, node)
    assert isinstance(content, Value)
    attach(run, item, owner, place, content)


def _changeable(run: Lowering, node: cst.CSTNode, owner: ListCell) -> tuple[Abstract, ...] | Value:
    """The content of a list that is about to be changed: run-time data if it is an entry of such a list."""
    read_again(run, owner, node, as_data=True)
    return read_list(run, owner, node)


def refuse_iterated(run: Lowering, node: cst.CSTNode, owner: ListCell) -> None:
    """A loop goes over this list: it must not grow or shrink, unless its length is known at each step."""
    around = [one for one in gone_over(run, owner) if not _stands_in(owner, one.cell)]
    is_known = isinstance(run.heap.get(owner, owner.initial), tuple)
    if around and not (is_known and all(one.cell is owner and one.block is run.builder for one in around)):
        raise changes_length(run, node)
    for one in around:
        one.changed = True


def _stands_in(owner: ListCell, around: Cell) -> bool:
    """It is an entry of the list that is gone over, which stays as long as it is."""
    return owner.place is not None and owner.place.holder is around


def insert(run: Lowering, node: cst.CSTNode, owner: ListCell, key: Abstract, item: Abstract) -> None:
    """`owner.insert(key, item)`."""
    refuse_iterated(run, node, owner)
    content = _read_for(run, node, owner, key)
    if isinstance(content, tuple):
        items = list(content)
        items.insert(run.static_int(node, key, "the index into this list"), item)
        write_list(run, owner, tuple(items))
        return
    inputs = (content, as_value(run, key, node), as_item(run, item, node))
    write_list(run, owner, run.apply(node, "list_insert", inputs, _counted(key))[0])
    hold(run, owner, [item])


def _counted(key: Abstract) -> dict[str, object]:
    """Whether the index surely counts from the start of the list."""
    known = known_int(key)
    return {"from_start": True} if known is not None and known >= 0 else {}


def store_item(run: Lowering, node: cst.CSTNode, owner: ListCell, key: Abstract, item: Abstract) -> None:
    """`owner[key] = item`."""
    content = _changeable(run, node, owner)
    if isinstance(content, tuple):
        if isinstance(key, Number) and not _can_be_static(run, key):
            content = at_run_time(run, node, owner)
        else:
            position = run.static_int(node, key, "the index into this list")
            if not -len(content) <= position < len(content):
                raise run.refusal(
                    node,
                    "GS141",
                    f"index {position} is out of range: there are {len(content)} items",
                    why="this raises IndexError",
                    fix="correct the index",
                    raises=IndexError("list assignment index out of range"),
                )
            changed = list(content)
            changed[position] = item
            write_list(run, owner, tuple(changed))
            return
    index = as_value(run, key, node)
    if is_followed(item, run):
        operand = as_item(run, item, node, stands=True)
        change_list(run, owner, content, node, "list_set", [index, operand])
        _stand(run, node, owner, index, item)
        return
    change_list(run, owner, content, node, "list_set", [index, as_item(run, item, node)])
    hold(run, owner, [item])


def take_over(run: Lowering, node: cst.CSTNode, owner: ListCell, other: ListCell) -> None:
    """Give a list the items of another one, which nothing else refers to."""
    write_list(run, owner, read_list(run, other, node))
    hold_the_same(run, owner, other)


def at_run_time(run: Lowering, node: cst.CSTNode | None, owner: ListCell) -> Value:
    """Make a list run-time data; return its content."""
    content = read_list(run, owner, node)
    if isinstance(content, tuple):
        hold(run, owner, content)
        content = list_value(run, content, node, holder=owner)
        write_list(run, owner, content, reorders=False)
    return content


def _read_for(
    run: Lowering, node: cst.CSTNode, owner: ListCell, key: Abstract | None
) -> tuple[Abstract, ...] | Value:
    """The content of a list for a change at an index: run-time data where the index is known at run time only."""
    if isinstance(key, Number) and not _can_be_static(run, key):
        return at_run_time(run, node, owner)
    return read_list(run, owner, node)


def _can_be_static(run: Lowering, key: Number) -> bool:
    wanted = run.origins.get(key.value, frozenset())
    return any(loop.key in wanted and loop.can_unroll for loop in run.loops)


def pop(run: Lowering, node: cst.CSTNode, owner: ListCell, key: Abstract | None) -> Abstract:
    """`owner.pop()`, `owner.pop(key)`."""
    refuse_iterated(run, node, owner)
    content = _read_for(run, node, owner, key)
    if isinstance(content, tuple):
        position = run.static_int(node, key, "the index into this list") if key is not None else -1
        if not -len(content) <= position < len(content):
            raise run.refusal(
                node,
                "GS141",
                "`pop` of a list that has no such item",
                why="this raises IndexError",
                fix="correct the index",
                raises=IndexError("pop index out of range" if content else "pop from empty list"),
            )
        remaining = list(content)
        item = remaining.pop(position)
        write_list(run, owner, tuple(remaining))
        return item
    require_known_entries(run, node, content, IndexError("pop from empty list"))
    if key is None or known_int(key) == -1:
        (last,) = change_list(run, owner, content, node, "list_pop", [])
    else:
        rest, last = run.apply(node, "list_delete", (content, as_value(run, key, node)), _counted(key))
        write_list(run, owner, rest)
    return taken_out(run, owner, last)

"""Lists: appending, storing an item, taking the last one.

In:  list cells and items.   Out: new contents.
Not here: reading an item (indexing.py).
"""

from __future__ import annotations

import libcst as cst

from gradscribe.frontend.indexing import entry
from gradscribe.frontend.operands import as_item, as_value, list_value
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import hold, read_list, write_list
from gradscribe.frontend.values import Abstract, ArrayCell, ListCell, Number, Static


def append(run: Lowering, node: cst.CSTNode, owner: ListCell, item: Abstract) -> None:
    """`owner.append(item)`."""
    content = read_list(run, owner, node)
    if isinstance(content, tuple):
        write_list(run, owner, (*content, item))
        return
    value = as_item(run, item, node)
    write_list(run, owner, run.apply(node, "list_append", (content, value))[0])
    hold(run, owner, [item])


def store_item(run: Lowering, node: cst.CSTNode, owner: ListCell, key: Abstract, item: Abstract) -> None:
    """`owner[key] = item`."""
    content = read_list(run, owner, node)
    if isinstance(content, tuple):
        if isinstance(key, Number) and not _can_be_static(run, key):
            content = list_value(run, content, node)
        else:
            position = run.static_int(node, key, "the index into this list")
            if not -len(content) <= position < len(content):
                raise run.refusal(
                    node,
                    "GS141",
                    f"index {position} is out of range: there are {len(content)} items",
                    why="this raises IndexError",
                    fix="correct the index",
                )
            changed = list(content)
            changed[position] = item
            write_list(run, owner, tuple(changed))
            return
    index = as_value(run, key, node)
    write_list(run, owner, run.apply(node, "list_set", (content, index, as_item(run, item, node)))[0])
    hold(run, owner, [item])


def _can_be_static(run: Lowering, key: Number) -> bool:
    wanted = run.origins.get(key.value, frozenset())
    return any(loop.key in wanted and loop.can_unroll for loop in run.loops)


def pop(run: Lowering, node: cst.CSTNode, owner: ListCell, key: Abstract | None) -> Abstract:
    """`owner.pop()`, `owner.pop(key)`."""
    content = read_list(run, owner, node)
    if isinstance(content, tuple):
        position = run.static_int(node, key, "the index into this list") if key is not None else -1
        if not -len(content) <= position < len(content):
            raise run.refusal(
                node,
                "GS141",
                "`pop` of a list that has no such item",
                why="this raises IndexError",
                fix="correct the index",
            )
        remaining = list(content)
        item = remaining.pop(position)
        write_list(run, owner, tuple(remaining))
        return item
    if key is not None and not (isinstance(key, Static) and key.value == -1):
        raise run.refusal(
            node,
            "GS127",
            "`pop` of an item other than the last one, of a list whose length is known at run time only",
            why="it is not supported yet",
            fix="take the last item with `pop()`",
        )
    rest, last = run.apply(node, "list_pop", (content,))
    write_list(run, owner, rest)
    return entry(run, owner, last) if isinstance(run.wrap(last), ArrayCell) else run.wrap(last)

"""Dicts and objects of user classes after a branch.

In:  what both sides leave.   Out: one of several objects where that is followed, otherwise one with joined parts.
Not here: joining the parts (merging.py), writing to what was chosen (alternatives.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from gradscribe.frontend.alternatives import follow_choices, like
from gradscribe.frontend.conflicts import ORDER
from gradscribe.frontend.joined_objects import one_object, share_joined, site_of_join
from gradscribe.frontend.merged_variables import merge_variable
from gradscribe.frontend.sharers import joined_roots
from gradscribe.frontend.state import Variables
from gradscribe.frontend.values import Abstract, Cell, Conflict, DictCell, InstanceCell

if TYPE_CHECKING:
    from gradscribe.frontend.merging import Merger

MAX_OPEN = 100
"""How many objects that are joined hold one another at most: more would not come to an end."""


def merge_mappings(merger: Merger, left: Abstract | None, right: Abstract | None, hint: str) -> Abstract:
    """A dict or object that is the one after one branch, and the other one after the other."""
    cells = [cell for cell in (left, right) if isinstance(cell, DictCell | InstanceCell)]
    if len(cells) == 1 and cells[0].serial < merger.first_inside:
        return cells[0]
    first = cells[0]
    if isinstance(first, InstanceCell) and any(cell.cls is not first.cls for cell in cells):  # type: ignore[union-attr]
        return merger.conflict(left, right, hint)
    one = one_object(merger, left, right, None, hint)
    if one is not None:
        return one
    pair = (left, right)
    if pair in merger.open or merger.run.joining == MAX_OPEN:
        _refuse_cycle(merger, hint)
    merger.open.add(pair)
    merger.run.joining += 1
    try:
        return _joined(merger, left, right, cells, hint)
    finally:
        merger.open.discard(pair)
        merger.run.joining -= 1


def _joined(
    merger: Merger,
    left: Abstract | None,
    right: Abstract | None,
    cells: list[DictCell | InstanceCell],
    hint: str,
) -> Abstract:
    contents = [
        merger.content(side, cell) if isinstance(cell, DictCell | InstanceCell) else None
        for side, cell in enumerate((left, right))
    ]
    cell = like(cells[0], {}, roots=joined_roots(*cells))
    if isinstance(cell, DictCell) and len({each.made_at for each in cells}) > 1:  # type: ignore[union-attr]
        cell.made_at = None
    content = merger.merge_content(contents[0], contents[1], hint, cell)
    if isinstance(content, Conflict):
        return content
    merger.run.heap[cell] = content
    share_joined(merger, cell, left, right, hint)
    return cell


def _refuse_cycle(merger: Merger, hint: str) -> None:
    """Objects that hold one another have no parts to be joined: which of them it is must be followed."""
    follow_choices(merger.run, frozenset([site_of_join(merger, hint)]))
    raise merger.run.refusal(
        merger.node,
        "GS130",
        "this branch chooses between objects that hold one another",
        why="which of them it chooses is not followed here",
        fix="keep the objects in a list and choose an index: `nodes[k]`",
    )


def merge_entries(merger: Merger, left: object, right: object, cell: Cell | None) -> object:
    """The joined entries of two dicts, or attributes of two objects."""
    a, b = (side if isinstance(side, Mapping) else None for side in (left, right))
    keys = dict.fromkeys([*(a or {}), *(b or {})])
    joined: dict[object, Abstract] = {}
    for key in keys:
        if isinstance(cell, InstanceCell) and cell.cls is Variables:
            joined[key] = merge_variable(merger, str(key), a, b)
            continue
        if a is not None and b is not None and (key not in a or key not in b):
            joined[key] = _on_one_way(merger, str(key), cell)
            continue
        joined[key] = merger.merge(a[key] if a is not None else None, b[key] if b is not None else None, "")
    if a is not None and b is not None and isinstance(cell, DictCell) and not _in_one_order(a, b):
        joined[ORDER] = _on_one_way(merger, "the order of the keys", cell)
    return joined


def _on_one_way(merger: Merger, hint: str, cell: Cell | None) -> Conflict:
    found = replace(merger.conflict_of("missing", "set", hint), absent=True)
    if not isinstance(cell, DictCell):
        return found
    diagnostic = replace(
        found.diagnostic,
        why="the keys of a dict that holds things of several kinds are known now, and these depend on a branch",
        fix="keep things of several kinds in several dicts, or set the keys on both ways, in one order",
    )
    return replace(found, diagnostic=diagnostic, made_at=cell.made_at)


def _in_one_order(left: Mapping[object, object], right: Mapping[object, object]) -> bool:
    """What both have stands in one order, and what one has alone comes after that."""
    count = len([key for key in left if key in right])
    return list(left)[:count] == list(right)[:count]

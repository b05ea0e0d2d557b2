"""A variable that is one part of an array after a branch, and another part of it after the other branch.

In:  what both sides leave.   Out: a part whose bounds are those of the side that ran.
Not here: other values (merging.py), parts that loops carry (followed.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradscribe.frontend.paths import Bound, end_of, path_of
from gradscribe.frontend.values import Abstract, ArrayCell, Tainted
from gradscribe.ir.graph import Value

if TYPE_CHECKING:
    from gradscribe.frontend.merging import Merger


def joined_part(
    merger: Merger, left: Abstract | None, right: Abstract | None, value: Value
) -> ArrayCell | None:
    """What is one part of an array or another one, indexed alike, is a part of that array."""
    paths = [path_of(cell) if isinstance(cell, ArrayCell) else None for cell in (left, right)]
    given = [path for path, cell in zip(paths, (left, right), strict=True) if cell is not None]
    first = given[0]
    if first is None or any(path is None or not path.is_like(first) for path in given):
        return None
    if first.root.serial >= merger.first_inside or isinstance(merger.run.heap.get(first.root), Tainted):
        return None
    bounds = [
        _bound(merger, [path.bounds[k] if path is not None else None for path in paths])
        for k in range(len(first.bounds))
    ]
    cell = end_of(merger.run, merger.node, first, bounds, value)
    assert isinstance(cell, ArrayCell)
    return cell


def _bound(merger: Merger, ways: Sequence[Bound | None]) -> Bound:
    """The bound of one side or the other; None where a side does not matter."""
    (first, *others) = {bound for bound in ways if bound is not None}
    if isinstance(first, int) and not others:
        return first
    values: list[Value | None] = []
    for side, bound in enumerate(ways):
        with merger.on(side):
            values.append(merger.run.constant(bound, merger.node) if isinstance(bound, int) else bound)
    found = merger.leaf(values[0], values[1], "")
    assert found is not None
    return found

"""A variable that is one object after a branch, and another one after the other branch: both are followed.

In:  what both sides leave.   Out: the objects of which the variable is one, as they are called after the branch.
Not here: parts of one array (joined_parts.py), what is done with such a variable (alternatives.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gradscribe.frontend.alternatives import like, note_content, one_of
from gradscribe.frontend.flow import Condition
from gradscribe.frontend.sharers import joined_roots, share
from gradscribe.frontend.storage import new_view
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Cell,
    DictCell,
    InstanceCell,
    Joined,
    ListCell,
    Object,
    Tainted,
    View,
)
from gradscribe.frontend.views import Index, basic_view
from gradscribe.ir.graph import Value
from gradscribe.ir.walk import free_values

if TYPE_CHECKING:
    from gradscribe.frontend.merging import Merger

MAX_ALTERNATIVES = 8
MAX_OBJECTS = 32


def is_few(cells: Sequence[object]) -> bool:
    """Each of them may be followed."""
    is_held = isinstance(cells[0], DictCell | InstanceCell)
    return len(cells) <= (MAX_OBJECTS if is_held else MAX_ALTERNATIVES)


def share_joined(
    merger: Merger, cell: Object, left: Abstract | None, right: Abstract | None, hint: str
) -> None:
    """An object that may be what the sides leave shares what is written to that."""
    sites = (part.sites for part in (left, right) if isinstance(part, Cell))
    cell.sites = frozenset([site_of_join(merger, hint)]).union(*sites)
    cell.joined = _joined(merger, left, right)
    share(merger.run, cell)


def _joined(merger: Merger, left: Abstract | None, right: Abstract | None) -> Joined:
    first, last = (part if isinstance(part, Cell) else None for part in (left, right))
    return Joined(merger, (first, last))


def site_of_join(merger: Merger, hint: str) -> object:
    """What tells apart what is joined here."""
    return (merger.run.context, id(merger.node), hint)


def one_object(
    merger: Merger, left: Abstract | None, right: Abstract | None, content: object, hint: str
) -> Object | None:
    """The object that is one of those which the sides leave, None standing for a side that does not matter.

    None where that is not asked, or where one of them cannot be followed after the branch. Without a content it is
    read when it is needed.
    """
    learnt = merger.run.learnt
    if not learnt.chooses_all and site_of_join(merger, hint) not in learnt.choosing:
        return None
    objects = [part for part in (left, right) if part is not None]
    if not all(isinstance(part, Object) and not part.momentary for part in objects):
        return None
    return _chosen(merger, left, right, content)  # type: ignore[arg-type]


def _chosen(merger: Merger, left: Object | None, right: Object | None, content: object) -> Object | None:
    sides = [_Ways.of(merger, side, cell) for side, cell in enumerate((left, right)) if cell is not None]
    if not all(way.is_known for way in sides):
        return None
    # Of the side with more alternatives the last one needs no flag.
    longest = max(sides, key=lambda way: len(way.cells))
    cells = list(dict.fromkeys(cell for way in (longest, *sides) for cell in way.cells))
    if len(cells) == 1:
        return cells[0]
    if not is_few(cells):
        return None
    if len(sides) == 1:
        cells = _with_last(merger, cells)
    found = one_of(cells[0], cells, [_flag(merger, sides, cell) for cell in cells[:-1]], content)
    if isinstance(found, DictCell) and any(found.made_at != cell.made_at for cell in cells):  # type: ignore[union-attr]
        found.made_at = None
    found.joined = _joined(merger, left, right)
    if content is not None:
        note_content(merger.run, found, content)
    return found


def _with_last(merger: Merger, cells: list[Object]) -> list[Object]:
    """Where the other side leaves the loop no flag holds, and the last one is read: a view would be of nothing."""
    views = [cell for cell in cells if isinstance(cell, ArrayCell) and cell.view is not None]
    others = [cell for cell in cells if cell not in views]
    if views and not others:
        others = [ArrayCell(merger.run.absent(views[0].initial.type))]
    return [*views, *others]


def _flag(merger: Merger, sides: Sequence[_Ways], cell: Object) -> Value:
    """Whether this is the one."""
    ways = [way.condition(cell) for way in sides]
    if len(sides) == 1:
        # Where the other side leaves the loop, the object is read after the branch all the same: it is handed on.
        on: list[Value] = []
        for side in range(2):
            with merger.on(side):
                on.append(merger.as_flag(ways[0] if side == sides[0].side else False))
        found = merger.leaf(on[0], on[1], "")
        assert found is not None
        return found
    if merger.chooses is not None and ways == [True, False]:
        return merger.chooses
    if merger.chooses is not None and ways == [False, True]:
        return merger.run.negated(merger.node, merger.chooses)
    return merger.as_flag(merger.condition(ways[0], ways[1]))


class _Ways:
    """What an object that a side leaves may be: objects as they are called after the branch."""

    def __init__(
        self, merger: Merger, side: int, cells: Sequence[Object | None], flags: Sequence[Value]
    ) -> None:
        self.merger = merger
        self.side = side
        self.is_known = None not in cells
        self.cells = [cell for cell in cells if cell is not None]
        self.flags = flags

    @classmethod
    def of(cls, merger: Merger, side: int, cell: Object) -> _Ways:
        """Those of one object."""
        if cell.chosen is None:
            return cls(merger, side, [_outside(merger, side, cell)], ())
        return cls(
            merger, side, [_outside(merger, side, one) for one in cell.chosen.cells], cell.chosen.flags
        )

    def condition(self, cell: Object) -> Condition:
        """Whether it is this one, on this side."""
        if cell not in self.cells:
            return False
        position = self.cells.index(cell)
        if position < len(self.flags):
            return self.flags[position]
        if not self.flags:
            return True
        run, node = self.merger.run, self.merger.node
        with self.merger.on(self.side):
            others = [run.negated(node, flag) for flag in self.flags]
            found = others[0]
            for other in others[1:]:
                found = run.op(node, "bool_and", found, other)
        return found


def _outside(merger: Merger, side: int, cell: Object) -> Object | None:
    """The object after the branch that is this one on a side, where it can be followed."""
    if cell.serial < merger.first_inside:
        return cell
    if cell not in merger.moved_out:
        found = _moved_out(merger, side, cell)
        if found is None:
            return None
        merger.moved_out[cell] = found
    return merger.moved_out[cell]


def _moved_out(merger: Merger, side: int, cell: Object) -> Object | None:
    if cell.place is not None or cell.chosen is not None:
        return None
    if isinstance(cell, ArrayCell) and cell.view is not None:
        return _view_outside(merger, side, cell, cell.view)
    content = merger.content(side, cell)
    if isinstance(content, Tainted):
        return None
    outer: Object
    if isinstance(cell, ArrayCell):
        assert isinstance(content, Value)
        outer = ArrayCell(_leaf(merger, side, content), unsure=cell.unsure, is_flat=cell.is_flat)
    else:
        outer = like(cell, () if isinstance(cell, ListCell) else {})
        left, right = (content, None) if side == 0 else (None, content)
        hint = cell.name if isinstance(cell, ListCell) else ""
        # It may hold itself.
        merger.moved_out[cell] = outer
        merger.run.heap[outer] = merger.merge_content(left, right, hint, outer)
    outer.roots = joined_roots(outer, cell)
    outer.sites = cell.sites
    share(merger.run, outer)
    return outer


def _view_outside(merger: Merger, side: int, cell: ArrayCell, view: View) -> ArrayCell | None:
    """A view of the same array after the branch; the bounds of an index are those of the side."""
    base = _outside(merger, side, view.base)
    if not isinstance(base, ArrayCell) or cell.is_flat:
        return None
    # What these hold is read when it is needed: they only say what kind of arrays there are.
    source, content = Value(view.source.type), Value(cell.initial.type)
    if view.index is not None:
        template, inputs = view.index
        index = Index(template, tuple(_leaf(merger, side, value) for value in inputs))
        return basic_view(merger.node, base, index, source, content)
    if _reads_its_side(merger, side, view, content):
        return None
    return new_view(base, replace(view, base=base, source=source), content)


def _reads_its_side(merger: Merger, side: int, view: View, part: Value) -> bool:
    """Whether it takes more than the array to read the view or to write through it: the side has that."""
    run, base = merger.run, Value(view.source.type)
    with merger.on(side), run.block() as builder:
        view.again(run, base)
        if view.write_back is not None:
            view.write_back(run, base, part)
    return bool(set(free_values(builder.nodes, ())) - {base, part})


def _leaf(merger: Merger, side: int, value: Value) -> Value:
    """A value of one side, after the branch."""
    found = merger.leaf(value, None, value.hint) if side == 0 else merger.leaf(None, value, value.hint)
    assert found is not None
    return found

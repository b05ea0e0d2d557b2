"""Arrays and lists that a branch chooses, and that are then written: `target = left if flag else right`.

Such a name is followed as one of several objects where that is needed: where something is read that a write to it
may have changed. Lowering then starts again, the branch being known as one that chooses objects. A write to what
was chosen becomes a write to each of the objects under the condition that it is the one.

In:  cells that are one of several.   Out: what they hold; nodes that choose; a restart.
Not here: how a branch makes such a cell (joined_objects.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import libcst as cst

from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import NOTHING, Abstract, Alternatives, ArrayCell, Cell, ListCell
from gradscribe.ir.graph import Value

MAX_RESTARTS = 8

Reader = Callable[[Lowering, Any, "cst.CSTNode | None"], Any]
Use = Callable[[Any], Abstract]


def follow_choices(run: Lowering, sites: frozenset[object]) -> None:
    """Start again with these branches known as such that choose objects; go on where they were known.

    After some restarts every branch is taken for one, so that their number does not depend on the program.
    """
    learnt = run.learnt
    if learnt.chooses_all or sites <= learnt.choosing:
        return
    learnt.choosing |= sites
    learnt.choice_restarts += 1
    learnt.chooses_all = learnt.choice_restarts == MAX_RESTARTS
    raise Restart(None)


def follow_parts(run: Lowering) -> None:
    """Start again with what loops carry followed as parts of arrays; go on where it was."""
    if not run.learnt.follows:
        run.learnt.follows = True
        raise Restart(None)


def over_alternatives(
    run: Lowering, node: cst.CSTNode | None, cell: ArrayCell | ListCell, use: Use
) -> Abstract:
    """`use` of the object that was chosen; of the cell itself where it is not one of several."""
    if cell.chosen is None:
        return use(cell)
    return _over(run, node, cell.chosen.cells, cell.chosen.flags, use)


def _over(
    run: Lowering,
    node: cst.CSTNode | None,
    cells: Sequence[ArrayCell | ListCell],
    flags: Sequence[Value],
    use: Use,
) -> Abstract:
    if not flags:
        return use(cells[0])
    return run.choose(
        run, node, flags[0], lambda: use(cells[0]), lambda: _over(run, node, cells[1:], flags[1:], use)
    )


def storages(cell: Cell) -> Iterator[Cell]:
    """The objects in which a write to this one is a write: what it is a view of, or may be."""
    if isinstance(cell, ArrayCell) and cell.view is not None:
        yield from storages(cell.view.base)
    elif isinstance(cell, ArrayCell | ListCell) and cell.chosen is not None:
        for one in cell.chosen.cells:
            yield from storages(one)
    else:
        yield cell


def is_up_to_date(run: Lowering, cell: ArrayCell | ListCell) -> bool:
    """None of the objects that it may be has changed since it was read."""
    assert cell.chosen is not None
    return bool(run.heap.get(cell.chosen) == versions(run, cell.chosen))


def versions(run: Lowering, chosen: Alternatives) -> tuple[object, ...]:
    """What the objects hold now, as something to compare."""
    return tuple(_held(run, base) for cell in chosen.cells for base in storages(cell))


def _held(run: Lowering, cell: Cell) -> object:
    return run.heap.get(cell, cell.initial)  # type: ignore[attr-defined]


def read_chosen(run: Lowering, cell: ArrayCell | ListCell, node: cst.CSTNode | None, read: Reader) -> None:
    """Give the cell the content that the chosen object has now."""
    chosen = cell.chosen
    assert chosen is not None
    if is_up_to_date(run, cell):
        return

    def held(one: ArrayCell | ListCell) -> Abstract:
        content = read(run, one, node)
        return ListCell(content) if isinstance(one, ListCell) else ArrayCell(content)

    # Reading changes nothing, and may happen where both sides of another branch are at hand.
    names, heap = run.frame.names, run.heap
    found = over_alternatives(run, node, cell, held)
    assert isinstance(found, ArrayCell | ListCell)
    content = run.heap.get(found, found.initial)
    run.frame.names, run.heap = names, heap
    run.heap[cell] = content
    run.heap[chosen] = versions(run, chosen)


def write_chosen(
    run: Lowering,
    cell: ArrayCell,
    content: Value,
    node: cst.CSTNode | None,
    read: Reader,
    write: Callable[[Lowering, ArrayCell, Value, cst.CSTNode | None], None],
) -> None:
    """Give the chosen array a new content.

    What made it of the old content is done to the chosen array itself, so that a store costs what it stores.
    """
    before = run.heap.get(cell)
    maker = run.makers.get(content)
    nodes = run.builder.nodes
    is_store = maker is not None and bool(nodes) and nodes[-1] is maker and maker.inputs[:1] == (before,)

    def store(one: ArrayCell) -> Abstract:
        old = read(run, one, node)
        if is_store:
            assert maker is not None
            (new,) = run.apply(node, maker.op, (old, *maker.inputs[1:]), maker.attrs)  # type: ignore[arg-type]
        else:
            (new,) = run.apply(node, "set_item", (old, content), {"index": (Ellipsis,)})
        write(run, one, new, node)
        return NOTHING

    over_alternatives(run, node, cell, store)
    assert cell.chosen is not None
    run.heap.pop(cell.chosen, None)

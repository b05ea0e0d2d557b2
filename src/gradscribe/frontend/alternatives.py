"""Objects that a branch chooses, and that are then written: `target = left if flag else right`.

Such a name is followed as one of several objects where that is needed: where something is read that a write to it
may have changed. Lowering then starts again, the branch being known as one that chooses objects. A write to what
was chosen becomes a write to each of the objects under the condition that it is the one.

In:  cells that are one of several.   Out: what they hold; nodes that choose; a restart.
Not here: how a branch makes such a cell (joined_objects.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import libcst as cst

from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.table_restarts import start_with_tables
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    Alternatives,
    ArrayCell,
    Cell,
    DictCell,
    InstanceCell,
    ListCell,
    Object,
    serial_mark,
)
from gradscribe.ir.graph import Value

MAX_RESTARTS = 8
MAX_DECISIONS = 5000

Reader = Callable[[Lowering, Any, "cst.CSTNode | None"], Any]
Use = Callable[[Any], Abstract]


def follow_choices(run: Lowering, sites: frozenset[object]) -> None:
    """Start again with these branches known as such that choose objects; go on where they were known.

    After some restarts every branch is taken for one, so that their number does not depend on the program.
    """
    learnt = run.learnt
    if learnt.chooses_all or sites <= learnt.choosing:
        return
    start_with_tables(learnt)
    learnt.choosing |= sites
    learnt.choice_restarts += 1
    learnt.chooses_all = learnt.choice_restarts == MAX_RESTARTS
    raise Restart(None)


def carried_site(run: Lowering, loop: cst.CSTNode, key: tuple[object, ...]) -> object:
    """What tells that the variable at this key of a loop is to be followed as one of several objects."""
    return ("carried", run.context, id(loop), key)


def follow_parts(run: Lowering) -> None:
    """Start again with what loops carry followed as parts of arrays; go on where it was."""
    if not run.learnt.follows:
        run.learnt.follows = True
        raise Restart(None)


def over_alternatives(run: Lowering, node: cst.CSTNode | None, cell: Object, use: Use) -> Abstract:
    """`use` of the object that was chosen; of the cell itself where it is not one of several.

    Raises:
        Refusal: GS124, too much code would only ask which object it is.
    """
    if cell.chosen is None:
        return use(cell)
    run.decisions += len(cell.chosen.flags)
    if run.decisions > MAX_DECISIONS:
        raise run.refusal(
            node,
            "GS124",
            f"which of several objects one is would be asked more than {MAX_DECISIONS} times",
            why="every way to take one object for another is written out, and so many are no readable code",
            fix="keep the arrays as rows of one array, and let indices say which: `i, j = j, i`, `rows[i]`",
        )
    return _over(run, node, cell.chosen.cells, cell.chosen.flags, use)


def _over(
    run: Lowering,
    node: cst.CSTNode | None,
    cells: Sequence[Object],
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
    elif cell.chosen is not None:
        for one in cell.chosen.cells:
            yield from storages(one)
    else:
        yield cell


def is_up_to_date(run: Lowering, cell: Object) -> bool:
    """None of the objects that it may be has changed since it was read."""
    assert cell.chosen is not None
    return bool(run.heap.get(cell.chosen) == versions(run, cell.chosen))


def versions(run: Lowering, chosen: Alternatives) -> tuple[object, ...]:
    """What the objects hold now, as something to compare."""
    return tuple(held for cell in chosen.cells for held in version(run, cell))


def version(run: Lowering, cell: Cell) -> tuple[object, ...]:
    """What an object holds now, as something to compare."""
    return tuple(_held(run, base) for base in _read_from(cell))


def _read_from(cell: Cell) -> Iterator[Cell]:
    """The objects that tell what this one holds: an entry of a list is read from there."""
    for base in storages(cell):
        yield base
        while base.place is not None:
            base = base.place.holder
            yield base


def _held(run: Lowering, cell: Cell) -> object:
    return run.heap.get(cell, cell.initial)  # type: ignore[attr-defined]


def read_chosen(run: Lowering, cell: Object, node: cst.CSTNode | None, read: Reader) -> None:
    """Give the cell the content that the chosen object has now."""
    chosen = cell.chosen
    assert chosen is not None
    if is_up_to_date(run, cell):
        return

    def held(one: Object) -> Abstract:
        return like(one, read(run, one, node), momentary=True)

    # Reading changes nothing, and may happen where both sides of another branch are at hand.
    names, heap, mark = run.frame.names, run.heap, serial_mark()
    found = over_alternatives(run, node, cell, held)
    assert isinstance(found, Object)
    content = run.heap.get(found, found.initial)
    heap.update({made: held for made, held in run.heap.items() if made.serial > mark})
    run.frame.names, run.heap = names, heap
    note_content(run, cell, content)


def like(one: Object, content: Any, **further: Any) -> Object:
    """An object of the same kind with a content of its own."""
    match one:
        case ArrayCell():
            return ArrayCell(content, **further)
        case ListCell(name=name):
            return ListCell(content, name, **further)
        case DictCell(made_at=made_at):
            return DictCell(content, made_at, **further)
        case InstanceCell(cls=cls, origin=origin):
            return InstanceCell(cls, content, origin, **further)


def one_of(like_this: Object, cells: Sequence[Object], flags: Sequence[Value], content: Any = None) -> Object:
    """An object that is one of several; without a content it is read when it is needed.

    Args:
        like_this: one of its kind.
        cells: of which it is one.
        flags: whether it is that one, for each but the last.
        content: what an array or list holds; the type of that, where it is not known yet.
    """
    chosen = Alternatives(tuple(cells), tuple(flags))
    roots = frozenset[Cell]().union(*(cell.roots for cell in cells))
    if isinstance(like_this, DictCell | InstanceCell):
        content = _UNREAD
    return like(like_this, content, chosen=chosen, roots=roots)


class _Unread(Mapping[Any, Any]):
    """Stands for the entries of an object that is one of several, until it is read."""

    def __getitem__(self, key: object) -> Any:
        raise AssertionError(UNREAD)

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError(UNREAD)

    def __len__(self) -> int:
        raise AssertionError(UNREAD)


UNREAD = "a chosen object was not read from the one that it is"
_UNREAD = _Unread()


def note_content(run: Lowering, cell: Object, content: object) -> None:
    """The chosen object is known to hold this now."""
    assert cell.chosen is not None
    run.heap[cell] = content
    run.heap[cell.chosen] = versions(run, cell.chosen)


def change_entry(
    run: Lowering,
    node: cst.CSTNode | None,
    cell: DictCell | InstanceCell,
    content: Mapping[Any, Abstract],
    change: Callable[[DictCell | InstanceCell], None],
) -> None:
    """Change an entry of the chosen object itself, after which it has this content."""

    def changed(one: DictCell | InstanceCell) -> Abstract:
        change(one)
        return NOTHING

    over_alternatives(run, node, cell, changed)
    note_content(run, cell, content)


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

"""Variables that a loop carries by value, and that may be a container which the loop changes by another name.

`previous = current` at the end of an iteration makes both one list or object: where the next one changes
`current`, `previous` changes too.

In:  the state at both ends of the body.   Out: a restart with the loop written out, or an error.
Not here: arrays (loop_sharing.py), two carried variables that may be one (loop_aliases.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gradscribe.frontend.alternatives import carried_site, follow_choices
from gradscribe.frontend.loop_parts import Loop, active_loop
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import (
    Abstract,
    Alternatives,
    ArrayCell,
    Cell,
    Choice,
    MaybeNone,
    MaybeUnbound,
    TupleValue,
)
from gradscribe.frontend.writing_out import write_out

Heap = Mapping[Cell, object]


def refuse_changed_elsewhere(
    run: Lowering,
    loop: Loop,
    shapes: Mapping[str, Abstract],
    contents: Mapping[Cell, object],
    names: Mapping[str, Abstract],
    heap: Heap,
) -> None:
    """Demand that what a variable is, before the loop or after an iteration, is not changed by another name.

    Args:
        run: the lowering, with the state before the loop.
        loop: the loop.
        shapes: carried variables as the body sees them.
        contents: outer objects that the loop may change, as the body finds them.
        names: variables at the end of the body.
        heap: objects at the end of the body.
    """
    changed = _with_origins(
        cell
        for cell, content in contents.items()
        if not isinstance(cell, ArrayCell) and heap.get(cell) is not content
    )
    if not changed:
        return
    for name, inner, before, after, sites in _carried(run, loop, shapes, contents, names, heap):
        found = _reached(before, run.heap) | _reached(after, heap)
        if (found & changed) - _reached(inner, heap):
            follow_choices(run, sites)
            write_out(run, (*run.loops, active_loop(run, loop)))
            raise run.refusal(
                loop.node,
                "GS130",
                f"{name} may be a container that this loop changes by another name",
                why="whether the change is seen through it depends on the iteration",
                fix="keep a copy: `previous = current.copy()`",
            )


def _carried(
    run: Lowering,
    loop: Loop,
    shapes: Mapping[str, Abstract],
    contents: Mapping[Cell, object],
    names: Mapping[str, Abstract],
    heap: Heap,
) -> Iterator[tuple[str, object, object, object, frozenset[object]]]:
    """What is carried: how it is called, what it is inside, before the loop and after an iteration.

    With what tells that it is to be followed as one of several objects.
    """
    for name, inner in shapes.items():
        sites = frozenset([carried_site(run, loop.node, ("name", name))])
        yield f"`{name}`", inner, run.frame.names.get(name), names.get(name), sites
    replaced = run.learnt.loops[(run.context, id(loop.node))].by_value
    sites = frozenset(carried_site(run, loop.node, key) for key in replaced)
    for cell, content in contents.items():
        if not isinstance(cell, ArrayCell):
            before = run.heap.get(cell, cell.initial)  # type: ignore[attr-defined]
            yield "what a container holds", content, before, heap.get(cell), sites


def _reached(value: object, heap: Heap) -> set[Cell]:
    """Every container that a value may be or hold."""
    found: dict[Cell, None] = {}
    _reach(value, heap, found)
    return _with_origins(found)


def _with_origins(cells: Iterable[Cell]) -> set[Cell]:
    """Containers, and those that the ones which branches joined were joined from."""
    found = set(cells)
    return found.union(*(cell.roots for cell in found if cell.joined is not None))


def _reach(value: object, heap: Heap, found: dict[Cell, None]) -> None:
    """Every container that a value is or holds."""
    match value:
        case ArrayCell():
            return
        case Cell(chosen=Alternatives(cells=cells)):
            _reach(cells, heap, found)
        case Cell():
            if value not in found:
                found[value] = None
                _reach(heap.get(value, value.initial), heap, found)  # type: ignore[attr-defined]
        case TupleValue(items=items):
            _reach(items, heap, found)
        case MaybeUnbound(value=inner) | MaybeNone(value=inner):
            _reach(inner, heap, found)
        case Choice(options=options):
            _reach(options, heap, found)
        case tuple():
            for item in value:
                _reach(item, heap, found)
        case Mapping():
            for item in value.values():
                _reach(item, heap, found)

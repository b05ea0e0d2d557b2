"""Mutation made functional: what cells contain, and what a write does.

The graph is pure. A write to an array makes a new version of its content, kept in the heap of the lowering
under the array's cell; views of it are read again from the new version when they are next needed. Where two
cells may be the same object (after a join, around a loop, as an entry of a run-time list) a write through one
makes the others *tainted*: reading them is an error that names the write.

In:  cells and values.   Out: contents; nodes that re-read views.
Not here: indices (indexing.py), which cells a loop carries (loops.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import libcst as cst

from gradscribe.frontend import interleaving
from gradscribe.frontend.activations import PASSED
from gradscribe.frontend.alternatives import (
    change_entry,
    over_alternatives,
    read_chosen,
    write_chosen,
)
from gradscribe.frontend.conflicts import ORDER, conflict_refusal, require_known_keys, with_entry
from gradscribe.frontend.derived import is_attached, is_of_a_block_before
from gradscribe.frontend.entries import Link, growing_loops, note_write, update_holders, write_root
from gradscribe.frontend.interleaving import gone_over, note_read
from gradscribe.frontend.mixed import in_place_refusal, is_array_or_number
from gradscribe.frontend.sharers import share, taint_sharers
from gradscribe.frontend.stale import stale
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    ArrayCell,
    Cell,
    Conflict,
    DictCell,
    DictView,
    InstanceCell,
    ListCell,
    Object,
    Order,
    Static,
    Tainted,
    TupleValue,
    View,
)
from gradscribe.frontend.writing_out import write_out
from gradscribe.ir.graph import Value
from gradscribe.ir.types import NONE, ScalarType, SequenceType


def read_array(run: Lowering, cell: ArrayCell, node: cst.CSTNode | None = None) -> Value:
    """The content of an array now."""
    note_read(run, cell)
    if cell.chosen is not None:
        read_chosen(run, cell, node, read_array)
        chosen = run.heap[cell]
        assert isinstance(chosen, Value)
        return chosen
    if cell.view is None:
        read_again(run, cell, node)
        content = run.heap.get(cell, cell.initial)
        require_known(run, cell, content, node)
        assert isinstance(content, Value)
        return content
    view = cell.view
    base = read_array(run, view.base, node)
    cached = run.heap.get(cell, (view.source, cell.initial))
    assert isinstance(cached, tuple)
    source, value = cached
    if source is not base:
        value = view.again(run, base)
        run.heap[cell] = (base, value)
    assert isinstance(value, Value)
    return value


def write_array(run: Lowering, cell: ArrayCell, content: Value, node: cst.CSTNode | None = None) -> None:
    """Give an array a new content; through a view, the array that it views gets one too."""
    _refuse_frozen(run, cell, node)
    for root in cell.roots:
        run.prefer_static(root)
    if cell.chosen is not None:
        write_chosen(run, cell, content, node, read_array, write_array)
        return
    if is_array_or_number(run, cell):
        raise in_place_refusal(run, node)
    if cell.view is None:
        note_write(run, cell, node)
        chain = holders_to_update(run, cell)
        run.heap[cell] = content
        _note_argument(run, cell)
        taint_sharers(run, cell, node, content.hint, chain)
        update_holders(run, chain, content, node)
        return
    view = cell.view
    if view.read_only:
        raise run.refusal(
            node,
            "GS131",
            "this writes to an array that is read-only",
            why="NumPy raises ValueError: assignment destination is read-only",
            fix=view.read_only,
        )
    if view.write_back is None:
        raise run.refusal(
            node,
            "GS131",
            "this writes through a view that is not followed backwards",
            why="which elements of the array they are is not known",
            fix="write to the original array at an index, or make a copy first: `x.reshape(...).copy()`",
        )
    new_base = view.write_back(run, read_array(run, view.base, node), content)
    write_array(run, view.base, new_base, node)
    run.heap[cell] = (new_base, content)


def read_list(run: Lowering, cell: ListCell, node: cst.CSTNode | None = None) -> tuple[Abstract, ...] | Value:
    """The content of a list: its items where they are known now, else a run-time list."""
    note_read(run, cell)
    read_again(run, cell, node)
    content = run.heap.get(cell, cell.initial)
    require_known(run, cell, content, node)
    assert isinstance(content, tuple | Value)
    return content


def require_known(run: Lowering, cell: Object, content: object, node: cst.CSTNode | None) -> None:
    """Demand that writes through other names, and branches, leave it known what an object holds."""
    if isinstance(content, Tainted):
        raise stale(run, node, cell, content)
    if isinstance(content, Conflict):
        raise conflict_refusal(run, content, node)


def read_again(run: Lowering, cell: Cell, node: cst.CSTNode | None, *, as_data: bool = False) -> None:
    """An entry of a run-time list that was changed since has the content that it has in the list.

    With `as_data` a list of items that are known has that content, too.
    """
    if cell.chosen is not None and not isinstance(cell, ArrayCell):
        read_chosen(run, cell, node, read_list if isinstance(cell, ListCell) else _read_mapping)  # type: ignore[arg-type]
    if not is_attached(cell, run.heap):
        return
    place = cell.place
    assert place is not None and isinstance(cell, ArrayCell | ListCell)
    holder = read_list(run, place.holder, node)
    assert isinstance(holder, Value)
    is_value = isinstance(run.heap.get(cell, cell.initial), Value if as_data else Value | tuple)
    if not is_value or run.heap.get(place, place.initial) is not holder:
        run.heap[cell] = run.apply(node, "list_get", (holder, place.index))[0]
        run.heap[place] = holder


def holders_to_update(run: Lowering, cell: Cell) -> list[Link]:
    """The entry, the list that holds it, the list that holds that one: as far as they still stand there."""
    found: list[Link] = []
    while is_attached(cell, run.heap):
        place = cell.place
        assert place is not None
        content = read_list(run, place.holder)
        assert isinstance(content, Value)
        entry = run.heap.get(cell, cell.initial)  # type: ignore[attr-defined]
        found.append(Link(cell, entry, place, content))
        cell = place.holder
    return found


def root_of(run: Lowering, cell: ListCell) -> tuple[Value, tuple[Value, ...]] | None:
    """The outermost list that a list is an entry of, and the indices that lead to it there."""
    chain = holders_to_update(run, cell)
    return (chain[-1].content, tuple(link.place.index for link in reversed(chain))) if chain else None


def write_list(
    run: Lowering, cell: ListCell, content: tuple[Abstract, ...] | Value, *, reorders: bool = True
) -> None:
    """Give a list a new content; where it `reorders`, other items, or items at other places."""
    _refuse_frozen(run, cell, None)
    if cell.chosen is not None:
        over_alternatives(run, None, cell, lambda one: _write_one(run, one, content, reorders=reorders))
        run.heap.pop(cell.chosen, None)
        return
    note_write(run, cell, None)
    if reorders and not all(one.may_replace for one in gone_over(run, cell)):
        raise run.refusal(
            None,
            "GS127",
            "items of this list are replaced while an iterator goes over it",
            why="Python looks up some items before that, which here are looked up afterwards",
            fix="loop over indices: `for i in range(len(items)):`",
        )
    chain = holders_to_update(run, cell)
    kept = _kept_entries(run, cell) if reorders else ()
    run.heap[cell] = content
    if reorders:
        run.heap[cell.order] = Order()
    taint_sharers(run, cell, None, cell.name, chain, reorders=reorders, kept=kept)
    if isinstance(content, Value):
        update_holders(run, chain, content, None)


def _kept_entries(run: Lowering, cell: ListCell) -> list[Cell]:
    """Arrays of a list whose items are about to move: each stays what it is, which is read where it stands.

    What may stand in another list, that may be this one, is not among them.
    """
    found: list[Cell] = []
    for other in [other for root in cell.roots for other in run.sharers.get(root, ())]:
        place = other.place if isinstance(other, ArrayCell) else None
        if place is not None and (place.holder is cell or not is_attached(other, run.heap)):
            if not is_of_a_block_before(place, run.heap):
                read_again(run, other, None)
            found.append(other)
    return found


def _write_one(
    run: Lowering, cell: ListCell, content: tuple[Abstract, ...] | Value, *, reorders: bool
) -> Abstract:
    write_list(run, cell, content, reorders=reorders)
    return NOTHING


def change_list(
    run: Lowering,
    cell: ListCell,
    content: Value,
    node: cst.CSTNode,
    operation: str,
    operands: Sequence[Value],
) -> tuple[Value, ...]:
    """Change a run-time list of this content by an operation; return what the operation gives besides.

    A list of numbers in another one is changed there, so that a store costs what it stores.
    """
    root = root_of(run, cell) if _holds_numbers(content, operands) else None
    if root is None:
        changed, *others = run.apply(node, operation, (content, *operands))
        write_list(run, cell, changed)
        return tuple(others)
    outermost, path = root
    changed, *others = run.apply(node, operation, (outermost, *path, *operands))
    _refuse_frozen(run, cell, node)
    note_write(run, cell, node)
    chain = holders_to_update(run, cell)
    taint_sharers(run, cell, node, cell.name, chain)
    write_root(run, chain, changed, node)
    return tuple(others)


def _holds_numbers(content: Value, operands: Sequence[Value]) -> bool:
    assert isinstance(content.type, SequenceType)
    types = [content.type.element, *(value.type for value in operands)]
    return all(isinstance(type_, ScalarType) or type_ == NONE for type_ in types)


def read_dict(run: Lowering, cell: DictCell, node: cst.CSTNode | None = None) -> Mapping[object, Abstract]:
    """The entries of a dictionary, of which it is known which they are."""
    content = _read_mapping(run, cell, node)
    require_known_keys(run, content, node)
    return content


def read_entry(run: Lowering, cell: DictCell, key: object, node: cst.CSTNode | None) -> Abstract | None:
    """The value of a key; None where there surely is none."""
    found = _read_mapping(run, cell, node).get(key)
    if isinstance(found, Conflict) and found.absent:
        raise conflict_refusal(run, found, node)
    return found


def keys_there(run: Lowering, cell: DictCell) -> list[object]:
    """The keys that a dictionary has, or may have."""
    return [key for key in _read_mapping(run, cell) if key is not ORDER]


def read_instance(
    run: Lowering, cell: InstanceCell, node: cst.CSTNode | None = None
) -> Mapping[str, Abstract]:
    """The attributes of an object."""
    return _read_mapping(run, cell, node)


def _read_mapping(
    run: Lowering, cell: DictCell | InstanceCell, node: cst.CSTNode | None = None
) -> Mapping[Any, Abstract]:
    note_read(run, cell)
    read_again(run, cell, node)
    content = run.heap.get(cell, cell.initial)
    require_known(run, cell, content, node)
    assert isinstance(content, Mapping)
    return content


def write_mapping(
    run: Lowering,
    cell: DictCell | InstanceCell,
    key: object,
    value: Abstract,
    node: cst.CSTNode | None = None,
) -> None:
    """Set one entry or attribute."""
    _refuse_frozen(run, cell, node)
    if cell.chosen is not None:
        content = with_entry(_read_mapping(run, cell, node), key, value)
        change_entry(run, node, cell, content, lambda one: write_mapping(run, one, key, value, node))
        return
    before = run.heap.get(cell, cell.initial)
    require_known(run, cell, before, node)
    assert isinstance(before, Mapping)
    if key not in before:
        _refuse_iterated(run, node, cell)
    run.heap[cell] = with_entry(before, key, value)
    taint_sharers(run, cell, node, "")


def _refuse_iterated(run: Lowering, node: cst.CSTNode | None, cell: Cell) -> None:
    if isinstance(cell, DictCell) and gone_over(run, cell):
        raise run.refusal(
            node,
            "GS127",
            "this dict gets other keys while a loop goes over it",
            why="Python raises RuntimeError at the next item",
            fix="loop over a list of its keys: `for key in list(d):`",
        )


def view_of(run: Lowering, owner: DictCell, method: str) -> DictView:
    """`owner.keys()`, `.values()` or `.items()` as it is now."""
    content = read_dict(run, owner)
    items: tuple[Abstract, ...]
    if method == "keys":
        items = tuple(map(Static, content))
    elif method == "values":
        items = tuple(content.values())
    else:
        items = tuple(TupleValue((Static(key), value)) for key, value in content.items())
    return DictView(items, owner=owner, method=method)


def remove_key(run: Lowering, node: cst.CSTNode | None, cell: DictCell, key: object) -> Abstract:
    """Take an entry out of a dictionary."""
    _refuse_frozen(run, cell, node)
    _refuse_iterated(run, node, cell)
    found = read_entry(run, cell, key, node)
    content = {other: value for other, value in _read_mapping(run, cell, node).items() if other != key}
    if found is None:
        raise run.refusal(
            node,
            "GS141",
            f"the dict has no key {key!r}",
            why="this raises KeyError",
            fix=f"its keys are {', '.join(map(repr, keys_there(run, cell)))}",
            raises=KeyError(key),
        )
    if cell.chosen is not None:
        change_entry(run, node, cell, content, lambda one: _remove_key(run, node, one, key))
    else:
        run.heap[cell] = content
        taint_sharers(run, cell, node, "")
    return found


def _remove_key(run: Lowering, node: cst.CSTNode | None, cell: DictCell | InstanceCell, key: object) -> None:
    assert isinstance(cell, DictCell)
    remove_key(run, node, cell, key)


def _refuse_frozen(run: Lowering, cell: Cell, node: cst.CSTNode | None) -> None:
    interleaving.note_write(run, cell, node)
    for root in cell.roots:
        if root.read_only is not None:
            found = root.read_only
            raise run.refusal(node, found.code, found.title, why=found.why, fix=found.fix)
    if cell.frozen:
        for root in cell.roots:
            run.prefer_static(root)
        what = "a loop hands on inside another container"
        fix = "give it a variable of its own in the loop, or make a new one: `x = x.copy()`"
        if any(is_run_time(run.heap.get(root)) for root in cell.roots):
            what = "comes from an entry of a list whose length is known at run time only"
            fix = "put a new one in its place: `items[k] = Item(...)`"
        write_out(run, [*(loop for root in cell.roots for loop in growing_loops(root)), *run.loops])
        raise run.refusal(
            node,
            "GS131",
            f"this changes an array or container that {what}",
            why="whether another name refers to the same object is not followed there",
            fix=fix,
        )


def new_view(base: ArrayCell, view: View, content: Value) -> ArrayCell:
    """An array that shares memory with `base` and is read again after a write to it."""
    return ArrayCell(content, view, roots=base.roots)


def maybe_view(run: Lowering, base: ArrayCell, content: Value) -> ArrayCell:
    """An array that may share memory with `base`, depending on its layout."""
    cell = ArrayCell(content, unsure=True)
    cell.roots = frozenset([cell, *base.roots])
    share(run, cell)
    return cell


def is_run_time(content: object) -> bool:
    """The content of a run-time list."""
    return isinstance(content, Value) and isinstance(content.type, SequenceType)


def _note_argument(run: Lowering, cell: ArrayCell) -> None:
    for root in cell.roots:
        if root.argument is not None and root.argument != PASSED:
            run.written_leaves[root.argument] = None

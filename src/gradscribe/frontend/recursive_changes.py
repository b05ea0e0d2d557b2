"""What a recursive function changes: arrays, lists and objects that it is given, or finds around itself.

The graph is pure. What it changes of things that were there before is a further result, and what it changes of
things around it is a further argument, too:

    def visit(k):                        visit(k, total) -> total
        total[0] += x[k]

The caller writes what comes back where it belongs, as if it had been assigned there.

In:  the heap at both ends of a body; a call.   Out: the parts that are changed; arguments and writes of a call.
Not here: which objects may be one (recursive_objects.py), making the graph (recursion.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.derived import stays_derived
from gradscribe.frontend.entries import is_new_and_empty
from gradscribe.frontend.joins import instantiate, join_types, same_class
from gradscribe.frontend.operands import describe, list_value
from gradscribe.frontend.recursive_graphs import GraphInfo, Held, Part, shape_of
from gradscribe.frontend.recursive_objects import Owner, Owners, Path, objects
from gradscribe.frontend.recursive_signatures import general
from gradscribe.frontend.refusal import Refusal, Unresolved
from gradscribe.frontend.returning import Taker
from gradscribe.frontend.scope import abstract_of
from gradscribe.frontend.sharers import hold_converted
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import (
    read_array,
    read_list,
    require_known,
    write_array,
    write_list,
    write_mapping,
)
from gradscribe.frontend.surroundings import WHOLE
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Cell,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    MaybeUnbound,
    Number,
    OrderCell,
    Place,
    Tainted,
    bare,
    is_literal,
    is_none,
)
from gradscribe.ir.build import name_value
from gradscribe.ir.graph import Value
from gradscribe.ir.signature import Structure
from gradscribe.ir.types import BOOL, NONE, ScalarType, SequenceType, Type, type_text

# Before a call


def take_held(run: Lowering, node: cst.CSTNode, info: GraphInfo, taker: Taker) -> None:
    """Take, as arguments of a call, what is found in the parts that the graph changes around itself."""
    taker.keep_literals = False
    for part, cell in info.outer_parts():
        start = len(taker.leaves)
        structure = _take(run, node, info, part, cell, taker)
        leaves = taker.leaves[start:]
        types = [general(value.type) for value in leaves]
        known = info.held.setdefault(part, Held(structure, types))
        if shape_of(structure) != shape_of(known.structure):
            _learn_kinds(run, node, info, part, cell, known, types)
        for number, (value, before) in enumerate(zip(leaves, known.types, strict=True)):
            if value in run.mixed or not same_class(before, value.type):
                known.mixed.add(number)
            known.types[number] = _wider(run, node, cell, part, before, types[number])


def _take(
    run: Lowering, node: cst.CSTNode, info: GraphInfo, part: Part, cell: Cell, taker: Taker
) -> Structure:
    if part.key is WHOLE and isinstance(cell, ArrayCell):
        return taker.leaf(read_array(run, cell, node))
    entry: object = cell if part.key is WHOLE else entry_of(run, node, cell, part.key)
    if isinstance(entry, MaybeUnbound):
        raise refused(run, node, f"{_what(cell, part)} is bound on some ways to here only")
    if isinstance(entry, ListCell) and (part.key is WHOLE or part in info.listed):
        known = info.held[part].types[0] if part in info.held else None
        element = known.element if isinstance(known, SequenceType) else NONE
        return taker.leaf(as_run_time_list(run, node, entry, element))
    value = entry_of(run, node, cell, part.key)
    if part in info.optional and not isinstance(value, MaybeNone):
        there = run.constant(not is_none(value), node)
        value = run.optional(Number(run.absent(info.optional[part])) if is_none(value) else value, there)
    return taker.take(value)


def _learn_kinds(
    run: Lowering,
    node: cst.CSTNode,
    info: GraphInfo,
    part: Part,
    cell: Cell,
    known: Held,
    types: Sequence[Type],
) -> None:
    """What is of one kind at this call and of another one at others: None or a number, a list that grows."""
    entry = bare(entry_of(run, node, cell, part.key))
    numbers = [type_ for type_ in (*known.types, *types) if isinstance(type_, ScalarType) and type_ != BOOL]
    if isinstance(entry, ListCell) and part not in info.listed:
        info.listed.add(part)
    elif numbers and part not in info.optional and (is_none(entry) or len(known.types) != 1):
        info.optional[part] = numbers[0]
    else:
        raise refused(
            run, node, f"{_what(cell, part)} is of one structure at one level, and of another at the next"
        )
    info.held.clear()
    raise Unresolved


def as_run_time_list(run: Lowering, node: cst.CSTNode, cell: ListCell, element: Type) -> Value:
    """What a list holds as one value. From here on it is run-time data."""
    content = read_list(run, cell, node)
    if isinstance(content, Value) and element != NONE and is_new_and_empty(run, content):
        content = ()
    if isinstance(content, Value):
        return content
    made = list_value(run, content, node, element if element != NONE and not content else None, cell)
    hold_converted(run, cell, content, made)
    run.heap[cell] = made
    return made


def entry_of(run: Lowering, node: cst.CSTNode | None, cell: Cell, key: Hashable) -> Abstract:
    """What a container holds at a place."""
    content = run.heap.get(cell, cell.initial)  # type: ignore[attr-defined]
    require_known(run, cell, content, node)  # type: ignore[arg-type]
    try:
        return content[key]  # type: ignore[index, no-any-return]
    except LookupError:
        raise refused(run, node, f"at one level, {describe(run, cell)} has no {key!r}") from None  # type: ignore[arg-type]


def _wider(run: Lowering, node: cst.CSTNode, cell: Cell, part: Part, before: Type, now: Type) -> Type:
    found = join_types(before, now)
    if found is None:
        kinds = f"{type_text(before)} at one level, and {type_text(now)} at another"
        raise refused(run, node, f"{_what(cell, part)} is {kinds}")
    return general(found)


# At the start of a body


def enter_held(run: Lowering, info: GraphInfo, first: int) -> list[Value]:
    """Put parameters in the place of what the graph changes around itself."""
    params: list[Value] = []
    for part, cell in info.outer_parts():
        known = info.held[part]
        hint = _name_of(run, cell) if part.key is WHOLE else str(part.key)
        own = [Value(instantiate(type_), hint if hint.isidentifier() else "") for type_ in known.types]
        if part.key is WHOLE:
            run.heap[cell] = own[0]
        else:
            filled = abstract_of(run, known.structure, [*[Value(NONE)] * (first + len(params)), *own])
            run.heap[cell] = _with_entry(run, cell, part.key, filled)
        run.mixed |= {own[number] for number in known.mixed}
        params += own
    return params


def held_objects(run: Lowering, info: GraphInfo) -> dict[Path, Cell]:
    """The objects in the entries that the graph changes around itself."""
    return {
        path: found
        for part, cell in info.outer_parts()
        if part.key is not WHOLE
        for path, found in objects(run, entry_of(run, None, cell, part.key), (part,))
    }


def enter_unknown(run: Lowering, node: cst.CSTNode, info: GraphInfo, find: Mapping[Path, Cell]) -> None:
    """Nothing is known of what a call has left unknown before."""
    for owner in info.unknown:
        cell = owner if isinstance(owner, Cell) else find[owner]
        run.heap[cell] = Tainted(run.location(node), "", tuple(run.loops))


def _name_of(run: Lowering, cell: Cell) -> str:
    content = run.heap.get(cell, cell.initial)  # type: ignore[attr-defined]
    if isinstance(cell, ListCell):
        return cell.name
    return content.hint if isinstance(content, Value) else ""


def _with_entry(run: Lowering, cell: Cell, key: Hashable, value: Abstract) -> object:
    content = run.heap.get(cell, cell.initial)  # type: ignore[attr-defined]
    if isinstance(content, Mapping):
        return {**content, key: value}
    assert isinstance(content, tuple)
    return tuple(value if place == key else item for place, item in enumerate(content))


# At the end of a body


def note_changes(
    run: Lowering, node: cst.CSTNode, info: GraphInfo, before: Mapping[Cell, object], owners: Owners
) -> dict[Path, Type]:
    """Add what this body has changed to what is known to be changed; return what must be run-time data before.

    Args:
        run: the lowering, at the end of the body.
        node: the call.
        info: of the graph.
        before: the heap at the start of the body.
        owners: the objects that were there then.
    """
    wanted: dict[Path, Type] = {}
    for cell, content in list(run.heap.items()):
        if isinstance(cell, OrderCell | Place) or cell not in owners:
            continue
        start = before.get(cell, cell.initial)  # type: ignore[attr-defined]
        if content is start or stays_derived(cell, before, run.heap):
            continue
        owner = owners.of(cell)
        if isinstance(content, Tainted):
            info.unknown.add(owner)
            continue
        for key in _changed_keys(run, node, cell, start, content):
            if isinstance(owner, tuple) and isinstance(owner[0], str):
                wanted.update(_known_now(owner, cell, key, start, content))
            part = Part(owner, key)
            if part not in info.parts and Part(owner) not in info.parts:
                info.parts.append(part)
            if key is WHOLE:
                _forget_entries(info, owner)
    _forget_found(run, info, before)
    return wanted


def _known_now(
    path: Path, cell: Cell, key: Hashable, start: object, content: object
) -> Iterator[tuple[Path, Type]]:
    """Lists of known length and numbers among the arguments that are known before the body and others after it."""
    if key is not WHOLE:
        if is_literal(start[key]):  # type: ignore[index]
            yield (*path, key), NONE
    elif isinstance(cell, ListCell):
        if isinstance(start, tuple):
            yield path, NONE
        elif start.type.element == NONE and isinstance(content, Value):  # type: ignore[attr-defined]
            assert isinstance(content.type, SequenceType)
            yield path, content.type.element


def _forget_found(run: Lowering, info: GraphInfo, before: Mapping[Cell, object]) -> None:
    """What an entry holds that is passed at each call is not what it was at the first one."""
    found: set[Cell] = set()
    for part, cell in info.outer_parts():
        content = before.get(cell, cell.initial)  # type: ignore[attr-defined]
        if part.key is not WHOLE:
            found |= {inner for _, inner in objects(run, content[part.key])}  # type: ignore[index]
    info.parts[:] = [part for part in info.parts if part.owner not in found]
    info.unknown -= found


def _forget_entries(info: GraphInfo, owner: Owner) -> None:
    """A list that is changed as a whole is not changed entry by entry."""
    dropped = [part for part in info.parts if part.owner == owner and part.key is not WHOLE]
    if dropped:
        info.parts[:] = [part for part in info.parts if part not in dropped]
        info.held.clear()


def _changed_keys(
    run: Lowering, node: cst.CSTNode, cell: Cell, start: object, content: object
) -> list[Hashable]:
    if isinstance(start, tuple) and isinstance(content, tuple) and not isinstance(cell, ArrayCell):
        if len(start) == len(content):
            return [key for key, item in enumerate(content) if item is not start[key]]
    if isinstance(start, Mapping) and isinstance(content, Mapping):
        if start.keys() != content.keys():
            key = next(iter(start.keys() ^ content.keys()))
            raise refused(run, node, f"it adds or removes {key!r} in {describe(run, cell)}")  # type: ignore[arg-type]
        return [key for key, item in content.items() if item is not start[key]]
    return [WHOLE]


def end_of(run: Lowering, node: cst.CSTNode, part: Part, cell: Cell, taker: Taker) -> Structure:
    """What a part holds at the end of the body, taken apart."""
    if part.key is not WHOLE:
        return taker.take(entry_of(run, node, cell, part.key))
    if isinstance(cell, ArrayCell):
        return taker.leaf(read_array(run, cell, node))
    assert isinstance(cell, ListCell)
    end = as_run_time_list(run, node, cell, NONE)
    name_value(end, cell.name)
    return taker.leaf(end)


def note_entries(info: GraphInfo, part: Part, end: Value) -> None:
    """A list into which nothing was put before the call may hold at a later one what this one has put there."""
    held = info.held.get(part)
    if held is not None and held.types[0] == SequenceType(NONE):
        held.types[0] = general(end.type)


# After a call


def write_back(
    run: Lowering,
    node: cst.CSTNode,
    info: GraphInfo,
    ends: Sequence[Abstract],
    find: Mapping[Path, Cell],
) -> None:
    """Write what a call has changed where it belongs."""
    for part, end in zip(info.parts, ends, strict=True):
        cell = part.owner if isinstance(part.owner, Cell) else find[part.owner]
        if part.key is WHOLE:
            assert isinstance(end, ArrayCell | ListCell) and isinstance(end.initial, Value)
            name_value(end.initial, _name_of(run, cell))
            if isinstance(cell, ArrayCell):
                write_array(run, cell, end.initial, node)
            elif isinstance(cell, ListCell):
                write_list(run, cell, end.initial)
        elif isinstance(cell, ListCell):
            items = _with_entry(run, cell, part.key, end)
            assert isinstance(items, tuple)
            write_list(run, cell, items)
        elif isinstance(cell, DictCell | InstanceCell):
            write_mapping(run, cell, part.key, end)
    enter_unknown(run, node, info, find)


# Words


def refused(run: Lowering, node: cst.CSTNode, what: str) -> Refusal:
    """What a recursive function changes in a way that is not followed."""
    return run.refusal(
        node,
        "GS152",
        f"a recursive function changes what it is given or finds around itself: {what}",
        why="what all levels of the recursion change must be of one kind, and known under one name",
        fix="return new values instead, or give the function a copy: `x.copy()`",
    )


def _what(cell: Cell, part: Part) -> str:
    if isinstance(part.key, str):
        return f"`{part.key}`"
    return f"`{cell.name}`" if isinstance(cell, ListCell) and cell.name else "an array or entry"

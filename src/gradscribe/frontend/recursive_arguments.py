"""Containers that a recursive function is given and changes: what they hold must be run-time data.

    def simpson(f, a, b, nodes):        # `nodes` has one length at this level and another one at the next
        nodes.append(0.5 * (a + b))

Lists of known length and numbers that are known now make each level of a recursion another kind of call. Where the
levels above have changed them, or the body turns out to, lowering starts again and passes them as run-time data.

In:  the arguments of a call.   Out: restarts; lists and numbers made run-time data.
Not here: what a graph changes (recursive_changes.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.operands import as_value
from gradscribe.frontend.recursive_changes import as_run_time_list
from gradscribe.frontend.recursive_numbers import (
    branches_often,
    is_decided_at_run_time,
    known_in_tuples,
    known_numbers,
)
from gradscribe.frontend.recursive_objects import Path, arguments_of, held_by
from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import Activation, Lowering
from gradscribe.frontend.syntax import FunctionSyntax
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Cell,
    DictCell,
    InstanceCell,
    ListCell,
    Number,
    Static,
    is_literal,
    serial_mark,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import NONE, SequenceType, Type

MAX_LEVELS = 12
"""So many levels may differ in what they leave in containers before that is passed as run-time data."""

MAX_GRAPHS = 4
"""So many levels may be graphs of their own, for lists that are longer and longer."""


def activate(
    run: Lowering,
    key: object,
    function: FunctionSyntax,
    bound: Mapping[str, Abstract],
    *,
    is_graph: bool = False,
) -> Activation:
    """A call that is about to be lowered."""
    given = arguments_of(run, bound)
    lengths = {path: len(items) for path, cell in given.items() if (items := _items(run, cell))}
    numbers, depth = {**known_numbers(bound), **known_in_tuples(bound)}, len(run.enclosing)
    held = _held_numbers(run, given)
    return Activation(key, function, dict(run.heap), serial_mark(), lengths, numbers, held, depth, is_graph)


def _held_numbers(run: Lowering, given: Mapping[Path, Cell]) -> dict[Path, int | float]:
    """The numbers known now that the objects among the arguments hold, by place."""
    return {
        (*path, key): item.value  # type: ignore[misc]
        for path, cell in given.items()
        if isinstance(cell, InstanceCell | DictCell | ListCell)
        for key, item in held_by(run, cell)
        if isinstance(item, Static) and type(item.value) in (int, float)
    }


def _items(run: Lowering, cell: Cell) -> tuple[Abstract, ...]:
    content = run.heap.get(cell, cell.initial) if isinstance(cell, ListCell) else ()
    return content if isinstance(content, tuple) else ()


def learn_run_time(run: Lowering, function: FunctionSyntax, places: Mapping[Path, Type]) -> None:
    """Start again with these lists and numbers among the arguments of a function as run-time data."""
    known = run.learnt.run_time
    new = {
        (function, path): element
        for path, element in places.items()
        if known.get((function, path)) in (None, NONE) and (element != NONE or (function, path) not in known)
    }
    if new:
        known.update(new)
        raise Restart(None)


def learn_changed(
    run: Lowering, function: FunctionSyntax, bound: Mapping[str, Abstract], *, surely: bool
) -> None:
    """Where the levels above have changed containers that this one is given, or lists grow, start again.

    Args:
        run: the lowering.
        function: that is called.
        bound: its arguments.
        surely: also where there are but few levels.
    """
    around = [activation for activation in run.stack if activation.function is function]
    if not around:
        return
    places: dict[Path, Type] = {}
    if surely or sum(activation.is_graph for activation in around) >= MAX_GRAPHS:
        first = around[0].lengths
        grown = [
            path
            for path, cell in arguments_of(run, bound).items()
            if len(_items(run, cell)) > first.get(path, 0)
        ]
        places.update(dict.fromkeys(grown, NONE))
    if surely or len(around) >= MAX_LEVELS:
        for path, cell in arguments_of(run, bound).items():
            places.update({(*path, *key): NONE for key in _changed(run, cell, around)})
        places.update(_differing(run, bound, around))
    elif branches_often(run, around):
        places.update(_differing(run, bound, around))
        run.learnt.guesses_numbers |= bool(places)
    learn_run_time(run, function, places)


def _differing(
    run: Lowering, bound: Mapping[str, Abstract], around: Sequence[Activation]
) -> dict[Path, Type]:
    """Where each level is given an object of its own, with another number. Ints may count to an end known now."""
    held = _held_numbers(run, arguments_of(run, bound))
    decided = is_decided_at_run_time(run, around)
    return {
        place: NONE
        for place, number in held.items()
        if len({number, *(activation.held.get(place) for activation in around)}) > 2
        and (isinstance(number, float) or decided)
    }


def _changed(run: Lowering, cell: Cell, around: Sequence[Activation]) -> Iterable[tuple[Hashable, ...]]:
    """The list itself, or the entries with numbers known now, that were others at a level above."""
    now = run.heap.get(cell, cell.initial)  # type: ignore[attr-defined]
    if isinstance(cell, ArrayCell) or not isinstance(now, tuple | Mapping):
        return
    for activation in around:
        before = activation.heap.get(cell, cell.initial)  # type: ignore[attr-defined]
        if before is now or cell.serial > activation.mark or type(before) is not type(now):
            continue
        if isinstance(now, Mapping):
            yield from (
                (key,)
                for key, item in now.items()
                if is_literal(item) and before.get(key) is not item  # type: ignore[union-attr]
            )
        elif len(before) != len(now):
            yield ()
        else:
            pairs = zip(before, now, strict=True)
            yield from ((k,) for k, (old, item) in enumerate(pairs) if is_literal(item) and old is not item)


def make_run_time(
    run: Lowering, node: cst.CSTNode, function: FunctionSyntax, bound: Mapping[str, Abstract]
) -> None:
    """Pass as run-time data what was learnt to be."""
    places = {path: type_ for (owner, path), type_ in run.learnt.run_time.items() if owner is function}
    if not places:
        return
    given = arguments_of(run, bound)
    found = {path: element for path in places if (element := _element(run, given.get(path))) != NONE}
    learn_run_time(run, function, found)
    for path, element in places.items():
        cell, holder = given.get(path), given.get(path[:-1])
        if isinstance(cell, ListCell):
            as_run_time_list(run, node, cell, element)
        elif holder is not None and cell is None:
            _make_number(run, node, holder, path[-1])


def _element(run: Lowering, cell: Cell | None) -> Type:
    """What the entries of a run-time list are."""
    content = run.heap.get(cell, cell.initial) if isinstance(cell, ListCell) else None
    known = content.type if isinstance(content, Value) else None
    return known.element if isinstance(known, SequenceType) else NONE


def _make_number(run: Lowering, node: cst.CSTNode, holder: Cell, key: Hashable) -> None:
    content = run.heap.get(holder, holder.initial)  # type: ignore[attr-defined]
    if isinstance(content, Mapping) and key in content and is_literal(content[key]):
        run.heap[holder] = {**content, key: Number(as_value(run, content[key], node))}
    elif (
        isinstance(content, tuple)
        and isinstance(key, int)
        and key < len(content)
        and is_literal(content[key])
    ):
        made = Number(as_value(run, content[key], node))
        run.heap[holder] = (*content[:key], made, *content[key + 1 :])

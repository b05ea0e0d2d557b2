"""Sets whose items are known at run time only: which they are, how they are made, changed and asked.

A set is a value known now until it is changed, or meets an item that only the run knows. Then lowering starts
again, and it is an object that holds a set of Python's at run time (ops/written/sets.py).

In:  the places where sets are made, and items.   Out: sets of either kind; `CALLS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

import libcst as cst

from gradscribe.frontend.dict_items import known_key
from gradscribe.frontend.interleaving import gone_over
from gradscribe.frontend.iteration import items_of
from gradscribe.frontend.joins import join_items
from gradscribe.frontend.keyed import made_at
from gradscribe.frontend.operands import as_item, describe
from gradscribe.frontend.operators import static_result
from gradscribe.frontend.references import require_hashable
from gradscribe.frontend.refusal import Refusal, Restart
from gradscribe.frontend.run_time_changes import note_change
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_instance
from gradscribe.frontend.values import NOTHING, Abstract, InstanceCell, Number, Static
from gradscribe.ir.graph import Value
from gradscribe.ir.types import NONE, OpaqueType, ScalarType, TupleType, Type, loosened, type_text
from gradscribe.ops.sets import type_of_sets
from gradscribe.ops.written import sets
from gradscribe.ops.written.sets import RunTimeSet

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
Handler = Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract]


def known_set(run: Lowering, node: cst.CSTNode, items: Callable[[], set[object]]) -> Static | None:
    """The set that is made here, if its items are known now and it is never changed.

    Of one that is asked at run time, None.

    Raises:
        Restart: the items are not known now.
    """
    site = made_at(run, node)
    if site in run.learnt.sets:
        return None
    try:
        found = items()
    except Refusal as refusal:
        if refusal.diagnostic.code == "GS125":
            _learn(run, site, NONE)
        raise
    run.learnt.known_sets[id(found)] = found, site
    return Static(found)


def run_time_set(run: Lowering, node: cst.CSTNode, items: Sequence[Abstract]) -> InstanceCell:
    """The set that is made here, of these items."""
    site = made_at(run, node)
    values = [_item(run, node, item) for item in items]
    joined = run.learnt.sets[site]
    for value in values:
        joined = _joined(run, node, joined, _kind(value.type))
    _learn(run, site, joined)
    made = _wrapped(_new(run, node, values, joined))
    run.set_sites[made] = site
    return made


def _new(run: Lowering, node: cst.CSTNode, values: Sequence[Value], item: Type) -> Value:
    run.learnt.set_items[type_of_sets(item)] = item
    return run.apply(node, "new_set", values, {"item": item})[0]


def called_set(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    """`set(items)`, `frozenset(items)`."""

    def items() -> set[object]:
        return {known_key(run, node, item) for arg in args for item in items_of(run, node, arg)}

    known = known_set(run, node, items)
    if known is not None:
        return known
    made = run_time_set(run, node, ())
    for arg in args:
        run.call(run, node, Static(RunTimeSet.update), (made, arg), {})
    return made


def change_known_set(run: Lowering, node: cst.CSTNode, owner: object) -> NoReturn:
    """A set that was known until now is changed: it is asked at run time from the start."""
    if run.learnt.ask_set_at_run_time(owner):
        raise Restart(None)
    raise run.refusal(
        node,
        "GS127",
        "a set that the function did not make is changed",
        why="a derivative changes nothing outside of the function",
        fix="change a copy: `set(...)`",
    )


def call_method_of_set(run: Lowering, node: cst.CSTNode, method: object, args: Args) -> Abstract:
    """`items.method(*args)` of a set that is known now."""
    owner, name = method.__self__, method.__name__  # type: ignore[attr-defined]
    if name not in CHANGING and all(isinstance(arg, Static) for arg in args):
        return static_result(run, node, method, *(arg.value for arg in args if isinstance(arg, Static)))  # type: ignore[arg-type]
    change_known_set(run, node, owner)


CHANGING = frozenset(
    {
        "add",
        "clear",
        "difference_update",
        "discard",
        "intersection_update",
        "pop",
        "remove",
        "symmetric_difference_update",
        "update",
    }
)


def _learn(run: Lowering, site: object, item: Type) -> None:
    """Start again, with the set that is made there asked at run time, for such items."""
    if run.learnt.sets.get(site) != item:
        run.learnt.sets[site] = item
        run.learnt.loops.clear()
        raise Restart(None)


def _wrapped(held: Value) -> InstanceCell:
    return InstanceCell(RunTimeSet, {"held": Number(held)})


def _item(run: Lowering, node: cst.CSTNode, item: Abstract) -> Value:
    value = as_item(run, item, node)
    require_hashable(run, node, value.type)
    waiting: list[Type] = [value.type]
    while waiting:
        part = waiting.pop()
        if isinstance(part, TupleType) and part.label is None:
            waiting += part.elements
        elif not isinstance(part, OpaqueType) and not (
            isinstance(part, ScalarType) and part.dtype.kind in "biu"
        ):
            raise run.refusal(
                node,
                "GS125",
                f"{describe(run, item)} becomes an item of a set",
                why="what is in a set has no derivative: it holds ints, text and tuples of them",
                fix="keep numbers in a list, or their indices in the set",
            )
    return value


def _kind(type_: Type) -> Type:
    """Of ints, NumPy's or those that may be."""
    return loosened(type_)


def _joined(run: Lowering, node: cst.CSTNode, left: Type, right: Type) -> Type:
    joined = right if left == NONE else left if right == NONE else join_items(left, right)
    if joined is None:
        raise run.refusal(
            node,
            "GS126",
            f"this set holds both {type_text(left)} and {type_text(right)}",
            why="what is in it is known at run time only, and then of one kind",
            fix="use one set for each kind of items",
        )
    return joined


def _held(run: Lowering, owner: Abstract) -> Value:
    assert isinstance(owner, InstanceCell)
    held = read_instance(run, owner)["held"]
    assert isinstance(held, Number)
    return held.value


def _item_type(run: Lowering, held: Value) -> Type:
    return run.learnt.set_items[held.type]


def _admit(run: Lowering, node: cst.CSTNode, owner: Abstract, item: Type) -> None:
    """The set may hold such items; if not, start again with one that may."""
    known, site = _item_type(run, _held(run, owner)), _site(run, owner)
    is_guess = site in run.learnt.guessed_sets
    run.learnt.guessed_sets.discard(site)
    joined = _joined(run, node, NONE if is_guess else known, _kind(item))
    if joined == known:
        return
    if site is not None:
        _learn(run, site, joined)
    if known == NONE:
        # An entry of a list: it was made where sets are made of which nothing is known yet.
        run.learnt.sets.update({place: joined for place, kind in run.learnt.sets.items() if kind == NONE})
        run.learnt.loops.clear()
        raise Restart(None)
    raise run.refusal(
        node,
        "GS126",
        f"{type_text(item)} becomes an item of a set of {type_text(known)}",
        why="what a set holds is known at run time only, and then of one kind",
        fix="convert the items: `items.add(int(k))`",
    )


def _site(run: Lowering, owner: Abstract) -> object:
    """Where a set was made, or the one that it was made of."""
    roots = owner.roots if isinstance(owner, InstanceCell) else ()
    return next((run.set_sites[root] for root in roots if root in run.set_sites), None)


def _refuse_gone_over(run: Lowering, node: cst.CSTNode, owner: Abstract) -> None:
    assert isinstance(owner, InstanceCell)
    # A loop over a list of sets goes on as before when one of them is changed.
    if any(isinstance(one.cell, InstanceCell) for one in gone_over(run, owner)):
        raise run.refusal(
            node,
            "GS127",
            "this set is changed while a loop goes over it",
            why="Python raises RuntimeError where its size changes",
            fix="loop over a copy: `for item in list(items):`",
        )


def _changes(operation: str) -> Handler:
    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
        owner, *items = args
        _refuse_gone_over(run, node, owner)
        values = [_item(run, node, item) for item in items]
        for value in values:
            _admit(run, node, owner, value.type)
        run.apply(node, operation, (_held(run, owner), *values))
        note_change(run, node, _held(run, owner))
        return NOTHING

    return handler


def _has(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    owner, item = args
    return Number(run.op(node, "set_has", _held(run, owner), as_item(run, item, node)))


def _size(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    return Number(run.op(node, "set_size", _held(run, args[0])))


def _of_items(operation: str) -> Handler:
    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
        held = _held(run, args[0])
        if operation == "pop_from_set":
            _refuse_gone_over(run, node, args[0])
            note_change(run, node, held)
        return run.wrap(run.op(node, operation, held, item=_item_type(run, held)))

    return handler


def _copy(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    held = _held(run, args[0])
    return _remembered(run, args[0], run.op(node, "copy_of_set", held, item=_item_type(run, held)))


def _remembered(run: Lowering, owner: Abstract, held: Value) -> InstanceCell:
    """A set made of another one: what it may hold is decided where that one was made."""
    made, site = _wrapped(held), _site(run, owner)
    if site is not None:
        run.set_sites[made] = site
    return made


def _both(run: Lowering, node: cst.CSTNode, left: Abstract, right: Abstract) -> tuple[Value, Value, Type]:
    """Two sets, of which one may be known now, and what their items are."""
    made = [_as_set(run, node, side) for side in (left, right)]
    kinds = [_item_type(run, value) if isinstance(value, Value) else value[1] for value in made]
    joined = _joined(run, node, kinds[0], kinds[1])
    held = [value if isinstance(value, Value) else _new(run, node, value[0], joined) for value in made]
    return held[0], held[1], joined


def _as_set(run: Lowering, node: cst.CSTNode, value: Abstract) -> Value | tuple[list[Value], Type]:
    if isinstance(value, InstanceCell) and value.cls is RunTimeSet:
        return _held(run, value)
    if isinstance(value, Static) and isinstance(value.value, set | frozenset):
        items = [_item(run, node, Static(item)) for item in value.value]
        joined: Type = NONE
        for item in items:
            joined = _joined(run, node, joined, _kind(item.type))
        return items, joined
    raise run.refusal(
        node,
        "GS202",
        f"an operator of sets meets {describe(run, value)}",
        why="it needs a set",
        fix="make a set of it: `set(...)`",
    )


def _join(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    left, right, symbol = args
    assert isinstance(symbol, Static)
    one, other, item = _both(run, node, left, right)
    run.learnt.set_items[type_of_sets(item)] = item
    owner = left if isinstance(left, InstanceCell) else right
    return _remembered(run, owner, run.op(node, "joined_sets", one, other, item=item, symbol=symbol.value))


def _compare(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    left, right, symbol = args
    assert isinstance(symbol, Static)
    one, other, _ = _both(run, node, left, right)
    return Number(run.op(node, "compare_sets", one, other, symbol=symbol.value))


def _change(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    owner, other, symbol = args
    assert isinstance(symbol, Static)
    _refuse_gone_over(run, node, owner)
    one, two, item = _both(run, node, owner, other)
    _admit(run, node, owner, item)
    run.apply(node, "change_set", (one, two), {"symbol": symbol.value})
    note_change(run, node, one)
    return NOTHING


CALLS: Mapping[object, Handler] = {
    sets.add_to_set: _changes("add_to_set"),
    sets.discard_from_set: _changes("discard_from_set"),
    sets.remove_from_set: _changes("remove_from_set"),
    sets.clear_set: _changes("clear_set"),
    sets.pop_from_set: _of_items("pop_from_set"),
    sets.set_has: _has,
    sets.set_size: _size,
    sets.list_of_set: _of_items("list_of_set"),
    sets.copy_of_set: _copy,
    sets.joined_sets: _join,
    sets.compare_sets: _compare,
    sets.change_set: _change,
}

"""Order: `sorted`, and `min` and `max` with a key.

In:  abstract iterables.   Out: lists in order, the extreme item.
Not here: `np.sort` and its like (ops/), `min` and `max` without a key (builtin_calls.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import permutations
from types import FunctionType

import libcst as cst
import numpy as np

from gradscribe.frontend.branches import choose
from gradscribe.frontend.conditions import truth
from gradscribe.frontend.entries import Kind
from gradscribe.frontend.folds import collect, fold
from gradscribe.frontend.indexing import item_of
from gradscribe.frontend.instances import find_in_class
from gradscribe.frontend.interleaving import held
from gradscribe.frontend.iteration import ONE, ZERO, Counted, Items, Iterable, arithmetic, from_zero, iterable
from gradscribe.frontend.iterators import first_and_rest, itself, parted, there_are
from gradscribe.frontend.operands import as_value, list_value, raise_if, type_of
from gradscribe.frontend.operators import binary
from gradscribe.frontend.selections import columns_of
from gradscribe.frontend.sharers import hold
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_list
from gradscribe.frontend.successive import rest_of
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    BoundMethod,
    InstanceCell,
    Iterated,
    ListCell,
    Number,
    Static,
    TupleValue,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ArrayType, ScalarType, SequenceType, TupleType, dtype_of
from gradscribe.ops.written.keyed import KeyedDict

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
Key = Callable[[Abstract], Abstract]
BACKWARDS = Static(slice(None, None, -1))
COMPUTING = ("map", "starmap", "generator expression")
"""Iterators whose items are computed when they are asked for; others are looked up, or were computed before."""


def sort(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`sorted(items, key=..., reverse=...)`: stable, as in Python."""
    given = _taken(run, node, args[0])
    found = iterable(run, node, given)
    if isinstance(found, Items):
        found = replace(found, content=found.items)
    key = _key(run, node, kwargs)
    reverse = kwargs.get("reverse", Static(False))
    backwards = truth(run, reverse, node)
    if not isinstance(backwards, bool):
        raise run.refusal(
            node,
            "GS125",
            "`reverse` of `sorted` is known at run time only",
            why="it decides which code is generated",
            fix="sort in both directions and choose",
        )
    if isinstance(found, Counted) and found.static_range is not None and found.bare:
        found = Items(tuple(Static(number) for number in found.static_range))
    listed = given if isinstance(given, ListCell) and key is itself else None
    if isinstance(found, Items):
        keys = [key(item) for item in found.items]
        if len(keys) > 1 and any(map(_compares, keys)):
            keys = _ranks(run, node, keys)
            listed = None
        known = [_known(one) for one in keys]
        if all(one is not None for one in known):
            order = sorted(range(len(known)), key=lambda k: known[k], reverse=backwards)  # type: ignore[arg-type,return-value]
            return ListCell(tuple(found.items[k] for k in order))
        listed = listed or ListCell(tuple(keys))
    return _sorted_at_run_time(run, node, found, key, backwards, listed)


def _taken(run: Lowering, node: cst.CSTNode, given: Abstract) -> Abstract:
    """What is sorted; a list of what is computed when it is asked for: Python asks once, and before all keys."""
    if not _computes(given):
        return given
    found = iterable(run, node, given)
    with run.within(("taken", id(node))), held(run, found):
        return ListCell(found.items) if isinstance(found, Items) else collect(run, node, found, itself)


def _computes(given: Abstract) -> bool:
    """It calls a function for each item when it is asked for it."""
    return isinstance(given, Iterated) and (given.kind in COMPUTING or any(map(_computes, given.parts)))


def _compares(key: Abstract) -> bool:
    """An object whose class says what is less."""
    return isinstance(key, InstanceCell) and any(
        isinstance(find_in_class(key.cls, name), FunctionType) for name in ("__lt__", "__gt__")
    )


def _ranks(run: Lowering, node: cst.CSTNode, keys: Sequence[Abstract]) -> list[Abstract]:
    """Of each key, how many others are less: equal ones have one rank.

    Where the class makes no order of them, as of numbers, what Python makes of it depends on how it sorts.
    """
    pairs = list(permutations(range(len(keys)), 2))
    less = {(i, j): truth(run, binary(run, node, "LessThan", keys[i], keys[j]), node) for i, j in pairs}
    ranks = [
        _count(run, node, [less[other, one] for other in range(len(keys)) if other != one])
        for one in range(len(keys))
    ]
    differ: list[Value] = []
    for i, j in pairs:
        expected = truth(run, binary(run, node, "LessThan", ranks[i], ranks[j]), node)
        if expected is less[i, j]:
            # Both are known.
            continue
        values = [as_value(run, _condition(part), node) for part in (less[i, j], expected)]
        differ.append(run.op(node, "ne", *values))
    if differ:
        text = (
            f"{run.location(node).short} sorts by a `__lt__` that makes no order, as of numbers: give a `key`"
        )
        found = reduce(lambda one, other: run.op(node, "bool_or", one, other), differ)
        raise_if(run, node, found, NotImplementedError, (text,), refuses=True)
    return ranks


def _count(run: Lowering, node: cst.CSTNode, conditions: Sequence[bool | Value]) -> Abstract:
    """How many of them hold."""
    count: Abstract = ZERO
    for one in conditions:
        holds = (
            Static(int(one))
            if isinstance(one, bool)
            else run.call(run, node, Static(int), (Number(one),), {})
        )
        count = arithmetic(run, node, "add", count, holds)
    return count


def _condition(part: bool | Value) -> Abstract:
    return Static(part) if isinstance(part, bool) else Number(part)


def _known(key: Abstract) -> object:
    """A key that is known now; of a pair with a known text first, that text decides."""
    if isinstance(key, TupleValue) and key.items and isinstance(key.items[0], Static):
        first = key.items[0].value
        return first if isinstance(first, str) else None
    return key.value if isinstance(key, Static) else None


def _sorted_at_run_time(
    run: Lowering, node: cst.CSTNode, found: Iterable, key: Key, backwards: bool, listed: ListCell | None
) -> Abstract:
    """The items at the positions that a stable sort of the keys gives; `listed` are keys that are in a list."""
    if isinstance(found, Items):
        items = ListCell(found.items)
        if not found.items:
            return items
        counted = Counted(
            ZERO, Static(len(found.items)), ONE, lambda index: item_of(run, node, stored, index)
        )
        assert listed is not None
        keys = listed
        stored = ListCell(list_value(run, found.items, node))
        hold(run, stored, found.items)
    else:
        counted = from_zero(run, node, found)
        # A loop of its own: what it learns of its types is not what the loop over the items learns.
        with run.within(("keys", id(node))):
            keys = listed if listed is not None else collect(run, node, counted, key)
    order = _order(run, node, keys, counted, backwards)

    def placed(index: Abstract) -> Abstract:
        place = item_of(run, node, order, index)
        # Numbers of a range are Python's, whatever is computed with them.
        return counted.item(run.call(run, node, Static(int), (place,), {}) if counted.bare else place)

    if isinstance(found, Items):
        return ListCell(tuple(placed(Static(k)) for k in range(len(found.items))))
    with run.within(("sorted", id(node))):
        # Another loop of the same syntax than that over the keys, of other types.
        return collect(run, node, Counted(ZERO, counted.stop, ONE, lambda index: index), placed)


def _order(run: Lowering, node: cst.CSTNode, keys: ListCell, counted: Counted, backwards: bool) -> Abstract:
    """The positions of the items in order.

    Of keys that are tuples, a later part decides where earlier ones agree.
    """
    columns = [run.call(run, node, Static(np.array), (part,), {}) for part in _columns(run, node, keys)]
    for column in columns:
        _refuse_nan(run, node, column)
    if backwards:
        # Equal keys keep their order in Python's reverse sort, too.
        columns = [item_of(run, node, column, BACKWARDS) for column in columns]
    if len(columns) == 1:
        order = run.call(run, node, Static(np.argsort), (columns[0],), {"kind": Static("stable")})
    else:
        order = run.call(run, node, Static(np.lexsort), (TupleValue(tuple(reversed(columns))),), {})
    if not backwards:
        return order
    last = arithmetic(run, node, "sub", counted.stop, ONE)
    return binary(run, node, "Subtract", last, item_of(run, node, order, BACKWARDS))


def _refuse_nan(run: Lowering, node: cst.CSTNode, column: Abstract) -> None:
    """Raise at run time where a key is nan: NumPy puts it last, Python leaves it where its comparisons lead."""
    values = as_value(run, column, node)
    if dtype_of(values.type).kind in "fc":
        found = run.op(node, "any", run.op(node, "isnan", values))
        text = f"{run.location(node).short} sorts by nan, of which Python makes no order: leave it out"
        raise_if(run, node, found, NotImplementedError, (text,), refuses=True)


def _columns(run: Lowering, node: cst.CSTNode, keys: ListCell) -> Sequence[Abstract]:
    """The keys; where they are tuples or lists of one length, a list of each of their parts."""
    content = read_list(run, keys, node)
    if isinstance(content, tuple):
        rows = [_row(run, key, node) for key in content]
        known = [row for row in rows if row is not None]
        if not known and not any(isinstance(key, InstanceCell) or _is_array(run, key) for key in content):
            return [keys]
        if len(known) == len(rows) and len({len(row) for row in known}) == 1:
            return [ListCell(column) for column in zip(*known, strict=True)]
    else:
        assert isinstance(content.type, SequenceType)
        element = content.type.element
        if isinstance(element, ScalarType):
            return [keys]
        numbers = isinstance(element, TupleType) and all(isinstance(p, ScalarType) for p in element.elements)
        if isinstance(element, TupleType) and numbers and not _are_objects(element):
            tuples = iterable(run, node, keys)
            assert isinstance(tuples, Counted)
            return columns_of(run, node, tuples, len(element.elements))
    raise run.refusal(
        node,
        "GS202",
        "this sorts by keys that are neither numbers nor tuples of numbers, all of one length",
        why="NumPy finds the order, and it compares numbers",
        fix="give a `key` that is a number, or a tuple of numbers",
    )


def _is_array(run: Lowering, key: Abstract) -> bool:
    """It has items, which NumPy does not order as one."""
    type_ = type_of(run, key) if isinstance(key, ArrayCell) else None
    return isinstance(type_, ArrayType) and bool(type_.shape)


def _are_objects(element: TupleType) -> bool:
    """Entries of a list that were objects or dicts, whose order no numbers tell."""
    return isinstance(element.label, Kind) and not issubclass(element.label.cls, tuple)


def _row(run: Lowering, key: Abstract, node: cst.CSTNode) -> tuple[Abstract, ...] | None:
    """The parts of a key; None for one that is a number."""
    if isinstance(key, TupleValue):
        return key.items
    content = read_list(run, key, node) if isinstance(key, ListCell) else None
    return content if isinstance(content, tuple) else None


def extreme_by_key(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs, operator: str) -> Abstract:
    """`max(items, key=...)`: the first item whose key no other exceeds."""
    found: Iterable = iterable(run, node, args[0]) if len(args) == 1 else Items(tuple(args))
    key = _key(run, node, kwargs)
    if "default" in kwargs and isinstance(found, Items):
        only = found.at(0)
        return kwargs["default"] if only is None else _extreme(run, node, only, rest_of(found), key, operator)
    if "default" in kwargs and isinstance(found, Counted):
        exists = there_are(run, node, found)

        def extreme() -> Abstract:
            return _extreme(run, node, *parted(run, node, found), key, operator)

        if isinstance(exists, bool):
            return extreme() if exists else kwargs["default"]
        return choose(run, node, exists, extreme, lambda: kwargs["default"])
    function = max if operator == "GreaterThan" else min
    first, rest = first_and_rest(run, node, found, lambda: function(()))
    return _extreme(run, node, first, rest, key, operator)


def _extreme(
    run: Lowering, node: cst.CSTNode, first: Abstract, rest: Iterable, key: Key, operator: str
) -> Abstract:
    def better(best: Abstract, item: Abstract) -> Abstract:
        assert isinstance(best, TupleValue)
        candidate = TupleValue((key(item), item))
        condition = truth(run, binary(run, node, operator, candidate.items[0], best.items[0]), node)
        if isinstance(condition, bool):
            return candidate if condition else best
        return choose(run, node, condition, lambda: candidate, lambda: best)

    result = fold(run, node, rest, TupleValue((key(first), first)), better)
    assert isinstance(result, TupleValue)
    return result.items[1]


def _is_static(value: object, wanted: object) -> bool:
    return isinstance(value, Static) and value.value is wanted


def _key(run: Lowering, node: cst.CSTNode, kwargs: Kwargs) -> Key:
    function = kwargs.get("key", Static(None))
    if isinstance(function, Static) and function.value is None:
        return itself
    if isinstance(function, BoundMethod) and _is_static(function.function, KeyedDict.get):
        # The keys of a dict are there: none of them is looked up in vain.
        return lambda item: item_of(run, node, function.owner, item)
    return lambda item: run.call(run, node, function, (item,), {})

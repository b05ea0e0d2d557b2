"""`zip`: several things gone over in turns.

In:  what loops go over.   Out: the same, of tuples.
Not here: `zip_longest` and its like (selections.py), generators that are gone over step by step (stepping.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce

import libcst as cst

from gradscribe.frontend.asked_beyond import asked_beyond, refuse_computed
from gradscribe.frontend.attempts import refuse_where_caught
from gradscribe.frontend.conditions import truth
from gradscribe.frontend.iteration import (
    ENDLESS,
    ONE,
    ZERO,
    Counted,
    Items,
    Iterable,
    arithmetic,
    as_counted,
    from_zero,
    trip_count,
)
from gradscribe.frontend.live_items import changes_length
from gradscribe.frontend.operands import as_value, raise_if
from gradscribe.frontend.operators import binary
from gradscribe.frontend.ranges import at_least_zero
from gradscribe.frontend.state import Condition, Lowering
from gradscribe.frontend.successive import in_groups
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    ListCell,
    Number,
    Static,
    TupleValue,
    is_literal,
    known_int,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ScalarType


def zipped(run: Lowering, node: cst.CSTNode, parts: Sequence[Iterable]) -> Iterable:
    """`zip`."""
    if not parts:
        return Items(())
    parts = [_as_items(part) if _is_short(part) and _any_items(parts) else part for part in parts]
    known = [part for part in parts if isinstance(part, Items)]
    if len(known) == len(parts):
        return Items(lambda place: _beside(parts, place))
    if any(isinstance(part, Counted) and part.static_range is None for part in parts):
        refuse_computed(run, node, parts)
    found = _partly_known(run, node, parts) if known else None
    if found is not None:
        return found
    counted = [from_zero(run, node, as_counted(run, node, part, follows=True)) for part in parts]
    stops = [part.stop for part in counted]
    asked = [
        asked_beyond(run, node, part, place, partial(_ends_later, run, node, stops, place))
        for place, part in enumerate(counted[:-1])
    ]

    def item(index: Abstract) -> Abstract:
        return TupleValue(tuple(part.item(index) for part in (*asked, counted[-1])))

    return Counted(ZERO, _shortest(run, node, stops), ONE, item)


def _shortest(run: Lowering, node: cst.CSTNode, stops: Sequence[Abstract]) -> Abstract:
    return reduce(partial(_shorter, run, node), stops)


def _ends_later(run: Lowering, node: cst.CSTNode, stops: Sequence[Abstract], place: int) -> Condition:
    """All up to this place have an item more than there are tuples: that is asked for before another one ends."""
    first, others = (_shortest(run, node, part) for part in (stops[: place + 1], stops[place + 1 :]))
    if first is ENDLESS or others is ENDLESS:
        return others is not ENDLESS
    counts = [as_value(run, at_least_zero(run, node, one), node) for one in (first, others)]
    if counts[0] is counts[1] or _same_length(*counts):
        return False
    numbers = known_int(first), known_int(others)
    if numbers[0] is not None and numbers[1] is not None:
        return numbers[0] > numbers[1]
    return run.op(node, "gt", *counts)


def check_lengths(run: Lowering, node: cst.CSTNode, parts: Sequence[Iterable]) -> None:
    """`strict=True`: all parts have the same length. Python finds out behind the last tuple."""
    refuse_computed(run, node, parts)
    lengths = [
        Static(len(part.items))
        if isinstance(part, Items)
        else at_least_zero(run, node, trip_count(run, node, part))
        for part in parts
    ]
    for place, length in enumerate(lengths[1:], start=2):
        others = "argument 1" if place == 2 else f"arguments 1-{place - 1}"
        for operator, word in (("LessThan", "shorter"), ("GreaterThan", "longer")):
            text = f"zip() argument {place} is {word} than {others}"
            differs = truth(run, binary(run, node, operator, length, lengths[0]), node)
            if differs is not False:
                _refuse_in_try(run, node)
            if differs is True:
                why, fix = "this raises ValueError", "make them of one length"
                raise run.refusal(node, "GS141", text, why=why, fix=fix, raises=ValueError(text))
            if isinstance(differs, Value):
                raise_if(run, node, differs, ValueError, (text,))


def _refuse_in_try(run: Lowering, node: cst.CSTNode) -> None:
    refuse_where_caught(
        run,
        node,
        ValueError,
        "`zip(..., strict=True)` in a `try` that catches ValueError is outside the supported subset",
        "Python takes the tuples that there are before it finds out that the lengths differ",
        "compare the lengths before: `if len(a) != len(b): ...`",
    )


def in_turns(run: Lowering, node: cst.CSTNode, found: Iterable, size: int) -> Iterable:
    """`zip(it, it)`: each tuple takes the next items of one iterator; what does not fill a tuple is left out."""
    if isinstance(found, Items):
        return Items(in_groups(found, size))
    counted = from_zero(run, node, found)
    counted = asked_beyond(run, node, counted, 0, lambda: _leaves_some(run, node, counted.stop, size))

    def group(index: Abstract) -> Abstract:
        first = arithmetic(run, node, "mul", index, Static(size))
        places = [arithmetic(run, node, "add", first, Static(k)) if k else first for k in range(size)]
        return TupleValue(tuple(map(counted.item, places)))

    return Counted(ZERO, arithmetic(run, node, "floordiv", counted.stop, Static(size)), ONE, group)


def _leaves_some(run: Lowering, node: cst.CSTNode, stop: Abstract, size: int) -> Condition:
    """The last items do not fill a group."""
    left = binary(run, node, "Modulo", at_least_zero(run, node, stop), Static(size))
    return truth(run, binary(run, node, "GreaterThan", left, ZERO), node)


def _any_items(parts: Sequence[Iterable]) -> bool:
    return any(isinstance(part, Items) for part in parts)


def _is_short(part: Iterable) -> bool:
    return isinstance(part, Counted) and part.bare and part.static_range is not None


def _as_items(part: Iterable) -> Iterable:
    assert isinstance(part, Counted) and part.static_range is not None
    return Items(tuple(Static(number) for number in part.static_range))


def _beside(parts: Sequence[Iterable], place: int) -> Abstract | None:
    """The items of all parts at a place, which are asked for in turns; None where one of them has no more."""
    items: list[Abstract] = []
    for part in parts:
        item = part.at(place) if isinstance(part, Items) else _item_before(part, place)
        if item is None:
            return None
        items.append(item)
    return TupleValue(tuple(items))


def _item_before(part: Counted, place: int) -> Abstract | None:
    stop = known_int(part.stop)
    return part.item(Static(place)) if stop is None or place < stop else None


def _partly_known(run: Lowering, node: cst.CSTNode, parts: Sequence[Iterable]) -> Iterable | None:
    """A container zipped with an array: written out, if the array's length is known to be enough."""
    known = [part for part in parts if isinstance(part, Items)]
    others = [part if isinstance(part, Items) else from_zero(run, node, part) for part in parts]
    unknown = [part for part in others if isinstance(part, Counted) and known_int(part.stop) is None]
    if not unknown:
        return Items(lambda place: _beside(others, place))
    if all(_is_data(item) for part in known for item in part.items):
        return None
    stops = [
        stop for part in others if isinstance(part, Counted) and (stop := known_int(part.stop)) is not None
    ]
    shortest = min([*stops, *(len(part.items) for part in known)])
    for part in unknown:
        run.prefer_known(part.stop)
        _raise_if_shorter(run, node, part, shortest)

    def row(place: int) -> Abstract | None:
        if place < shortest:
            return _beside(others, place)
        if shortest in stops or any(part.at(place) is None for part in known):
            return None
        raise changes_length(run, node)

    return Items(row)


def _is_data(item: Abstract) -> bool:
    """It can stand in a run-time list, in which the loop finds it by its index."""
    if isinstance(item, TupleValue):
        return all(map(_is_data, item.items))
    return isinstance(item, Number | ArrayCell | ListCell) or is_literal(item)


def _raise_if_shorter(run: Lowering, node: cst.CSTNode, counted: Counted, count: int) -> None:
    """Text, functions and the like are written out, all of them: an array that ends before is an error."""
    short = run.op(node, "lt", as_value(run, counted.stop, node), run.constant(count, node))
    text = f"`zip` of {count} things that differ in kind with an array or list that has fewer"
    raise_if(run, node, short, NotImplementedError, (text,), refuses=True)


def _shorter(run: Lowering, node: cst.CSTNode, left: Abstract, right: Abstract) -> Abstract:
    if left is ENDLESS or right is ENDLESS:
        return right if left is ENDLESS else left
    known = known_int(left), known_int(right)
    if known[0] is not None and known[1] is not None:
        return Static(min(known[0], known[1]))
    a, b = as_value(run, left, node), as_value(run, right, node)
    if a is b or _same_length(a, b):
        return left
    return run.call(run, node, Static(min), (left, right), {})


def _same_length(left: Value, right: Value) -> bool:
    a, b = left.type, right.type
    known = isinstance(a, ScalarType) and isinstance(b, ScalarType) and a.length is not None
    return known and a.length == b.length  # type: ignore[union-attr]

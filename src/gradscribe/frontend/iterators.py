"""Iterators: `enumerate`, `zip`, `map` and what `itertools` makes. Each gives its items once, when asked.

In:  abstract iterables.   Out: `Iterated` values, which a loop or a consuming function takes apart.
Not here: what a loop goes over (iteration.py), functions that consume (builtin_calls.py, ordering.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import libcst as cst

from gradscribe.frontend.asked_beyond import asked_beyond
from gradscribe.frontend.at_once import AT_ONCE, holds_numbers
from gradscribe.frontend.branches import branch, choose
from gradscribe.frontend.conditions import inverse, truth
from gradscribe.frontend.counters import made_elsewhere, of_all_calls
from gradscribe.frontend.folds import collect, fold, visit
from gradscribe.frontend.generators import (
    check_consumer,
    check_partial,
    check_turns,
    check_unchanging,
    mapped,
)
from gradscribe.frontend.indexing import item_of
from gradscribe.frontend.instances import bad_call
from gradscribe.frontend.interleaving import ahead, held, looked_ahead
from gradscribe.frontend.iterables import unreplaced
from gradscribe.frontend.iteration import (
    ENDLESS,
    ONE,
    ZERO,
    Counted,
    Items,
    Iterable,
    arithmetic,
    as_counted,
    enumerated,
    from_zero,
    is_one,
    is_zero,
    items_of,
    iterable,
    reversed_items,
    trip_count,
)
from gradscribe.frontend.left_over import leave
from gradscribe.frontend.lists import append
from gradscribe.frontend.operands import as_value, describe, raise_if, type_of
from gradscribe.frontend.operators import binary
from gradscribe.frontend.ranges import at_least_zero
from gradscribe.frontend.reversing import places_reversed
from gradscribe.frontend.searching import asked_again, can_search, first_found
from gradscribe.frontend.state import FALLS, Flow, Lowering
from gradscribe.frontend.successive import neighbours, rest_of, selected
from gradscribe.frontend.values import (
    Abstract,
    Iterated,
    ListCell,
    ShapeValue,
    Static,
    TupleValue,
    is_none,
    known_int,
)
from gradscribe.frontend.zipping import check_lengths, in_turns, zipped
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ScalarType

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
Expand = Callable[[Lowering, cst.CSTNode, Args, Kwargs], Iterable]
NOTHING_GIVEN = Static(None)


def lazy(name: str, expand: Expand) -> Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract | None]:
    """The handler of a call that makes an iterator: it is expanded where it is consumed."""

    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
        if name in AT_ONCE:
            args, kwargs = AT_ONCE[name](run, node, args, kwargs)
        return Iterated(
            name,
            lambda run, node: expand(run, node, args, kwargs),
            tuple(run.loops),
            run.builder,
            tuple(args),
            kwargs,
            id(node),
        )

    return handler


def _enumerate(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    start = args[1] if len(args) > 1 else kwargs.get("start", ZERO)
    return enumerated(run, node, iterable(run, node, args[0]), start)


def _zip(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    if len(args) > 1 and isinstance(args[0], Iterated) and all(part is args[0] for part in args):
        return in_turns(run, node, iterable(run, node, args[0]), len(args))
    parts = [iterable(run, node, part) for part in args]
    check_turns(run, node, parts)
    for part in parts if len(parts) > 1 else ():
        check_partial(run, node, part)
    strict = kwargs.get("strict", Static(False))
    if not isinstance(strict, Static) or strict.value:
        check_lengths(run, node, parts)
    return zipped(run, node, parts)


def _reversed(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    if (places := places_reversed(run, node, args[0])) is not None:
        return places
    found = iterable(run, node, args[0])
    if isinstance(found, Counted) and "length" in kwargs:
        found = replace(found, stop=kwargs["length"])
    return reversed_items(run, node, found, known_int(kwargs.get("length", NOTHING_GIVEN)))


def _iter(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    return iterable(run, node, args[0])


def _map(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    function, *sequences = args
    parts = [iterable(run, node, part) for part in sequences]
    check_turns(run, node, parts)
    tuples = replace(zipped(run, node, parts), source=tuple(one for part in parts for one in part.source))
    return _applied(run, node, function, tuples)


def _starmap(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    function, sequence = args
    return _applied(run, node, function, iterable(run, node, sequence))


def _applied(run: Lowering, node: cst.CSTNode, function: Abstract, tuples: Iterable) -> Iterable:
    check_consumer(run, node, tuples)

    def apply(item: Abstract) -> Abstract:
        with held(run, tuples):
            return run.call(run, node, function, items_of(run, node, item), {})

    return mapped(run, node, tuples, apply)


def _filter(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    function, sequence = args
    return _kept(run, node, function, iterable(run, node, sequence), leave=False)


def _takewhile(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    function, sequence = args
    return _kept(run, node, function, iterable(run, node, sequence), leave=True)


def _kept(run: Lowering, node: cst.CSTNode, function: Abstract, found: Iterable, *, leave: bool) -> Iterable:
    """The items that a function accepts; with `leave` only those before the first one that it does not."""
    check_consumer(run, node, found)
    if leave:
        check_partial(run, node, found)
    away = Flow(falls=False, breaks=True) if leave else FALLS

    def one(item: Abstract) -> Flow:
        accepted = item if is_none(function) else run.call(run, node, function, (item,), {})
        condition = truth(run, accepted, node)

        def take() -> Flow:
            append(run, node, collected, item)
            return FALLS

        if isinstance(condition, bool):
            return take() if condition else away
        return branch(run, node, condition, take, lambda: away, None)

    with ahead(run, node), held(run, found):
        collected = ListCell(())
        visit(run, node, found, one, collected)
    return iterable(run, node, collected)


def _accumulate(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    function = args[1] if len(args) > 1 else kwargs.get("func", NOTHING_GIVEN)
    initial = kwargs.get("initial", NOTHING_GIVEN)
    found = iterable(run, node, args[0])

    def combine(total: Abstract, item: Abstract) -> Abstract:
        result = (
            binary(run, node, "Add", total, item)
            if is_none(function)
            else run.call(run, node, function, (total, item), {})
        )
        append(run, node, collected, result)
        return result

    with ahead(run, node):
        collected = ListCell(())

        def accumulate(first: Abstract, others: Iterable) -> Flow:
            append(run, node, collected, first)
            fold(run, node, others, first, combine, grown=(collected,))
            return FALLS

        if not is_none(initial):
            accumulate(initial, found)
        elif isinstance(found, Items):
            first = found.at(0)
            if first is not None:
                accumulate(first, rest_of(found))
        else:
            exists = there_are(run, node, found)
            if isinstance(exists, Value):
                branch(run, node, exists, lambda: accumulate(*parted(run, node, found)), lambda: FALLS, None)
            elif exists:
                accumulate(*parted(run, node, found))
    return iterable(run, node, collected)


def first_and_rest(
    run: Lowering,
    node: cst.CSTNode,
    found: Iterable,
    of_nothing: Callable[[], object],
) -> tuple[Abstract, Iterable]:
    """The first item and the others; where there is none, what Python raises when it does this of nothing."""
    if isinstance(found, Items):
        first = found.at(0)
        if first is None:
            raise bad_call(run, node, "there is no first item")
        return first, rest_of(found)
    exists = there_are(run, node, found)
    if isinstance(exists, Value):
        error, args = error_of(of_nothing)
        raise_if(run, node, inverse(run, exists, node), error, args)
    return parted(run, node, found)


def there_are(run: Lowering, node: cst.CSTNode, found: Counted) -> bool | Value:
    """Whether there is an item."""
    return truth(run, binary(run, node, "GreaterThan", trip_count(run, node, found), ZERO), node)


def parted(run: Lowering, node: cst.CSTNode, found: Counted) -> tuple[Abstract, Counted]:
    """The first item, which there is, and the others."""
    others = replace(found, start=arithmetic(run, node, "add", found.start, found.step))
    return found.item(found.start), others


def error_of(function: Callable[[], object]) -> tuple[type[Exception], tuple[str, ...]]:
    """The exception that a function raises, in the words of this Python."""
    try:
        function()
    except (TypeError, ValueError, StopIteration) as error:
        return type(error), tuple(map(str, error.args))
    raise AssertionError(function)


def following(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`next(iterator)`, `next(iterator, default)`."""
    iterator, *default = args
    if isinstance(iterator, Static) and isinstance(iterator.value, Iterator):
        raise of_all_calls(run, node)
    if not isinstance(iterator, Iterated):
        raise bad_call(run, node, f"`next` of {describe(run, iterator)}, which is no iterator")
    if iterator.block is not run.builder:
        raise made_elsewhere(run, node, iterator)
    if can_search(run, node, iterator):
        return first_found(run, node, iterator, default)
    if iterator in run.used_up and iterator not in run.remaining:
        raise asked_again(run, node)
    found = iterable(run, node, iterator)
    check_consumer(run, node, found)
    check_unchanging(run, node, found)
    if isinstance(found, Items) and default:
        first = found.at(0)
        leave(run, iterator, Items(()) if first is None else rest_of(found))
        return default[0] if first is None else first
    if isinstance(found, Counted) and default:
        runs = binary(run, node, "GreaterThan", trip_count(run, node, found), ZERO)
        condition = truth(run, runs, node)
        if isinstance(condition, Value):
            return choose(run, node, condition, lambda: found.item(found.start), lambda: default[0])
        return found.item(found.start) if condition else default[0]
    first, rest = first_and_rest(run, node, found, lambda: next(iter(())))
    leave(run, iterator, rest)
    return first


def _pairwise(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    found = iterable(run, node, args[0])
    if isinstance(found, Items):
        return found.made(neighbours(found))
    kept = kept_items(run, node, args[0], found)
    counted = from_zero(run, node, kept)

    def pair(index: Abstract) -> Abstract:
        return TupleValue((counted.item(index), counted.item(arithmetic(run, node, "add", index, ONE))))

    return Counted(ZERO, arithmetic(run, node, "sub", counted.stop, ONE), ONE, pair, over=kept.over)


def kept_items(run: Lowering, node: cst.CSTNode, given: Abstract, found: Iterable) -> Counted:
    """Items that are asked for again, or later than Python does: what they are looked up in must not change."""
    if isinstance(found, Items):
        return as_counted(run, node, found)
    if isinstance(given, Iterated):
        with looked_ahead(run, node), held(run, found):
            kept = collect(run, node, found, itself)
        return as_counted(run, node, iterable(run, node, kept))
    if holds_numbers(run, node, given):
        with looked_ahead(run, node):
            iterable(run, node, given)
        return found
    # What is written to an array or object is seen, whenever it is looked up.
    return replace(found, over=unreplaced(found))


def _islice(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    sequence, *given = args
    found = iterable(run, node, sequence)
    check_partial(run, node, found)
    bounds = [None if is_none(bound) else bound for bound in given]
    start, stop, step = (None, bounds[0], None) if len(bounds) == 1 else (*bounds, None)[:3]
    if isinstance(found, Items):
        known = [
            None if b is None else run.static_int(node, b, "a bound of `islice`") for b in (start, stop, step)
        ]
        return found.made(selected(found, *known))
    counted = from_zero(run, node, found)
    end = counted.stop if stop is None else _smaller(run, node, stop, counted.stop)
    if not is_zero(start or ZERO) or not is_one(step or ONE):
        # Those in between are asked for, too.
        counted = asked_beyond(run, node, counted, 0, lambda: True)
    return Counted(start or ZERO, end, step or ONE, counted.item)


def _smaller(run: Lowering, node: cst.CSTNode, left: Abstract, right: Abstract) -> Abstract:
    return run.call(run, node, Static(min), (left, right), {})


def _product(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    repeat = run.static_int(node, kwargs.get("repeat", ONE), "`repeat` of `product`")
    return _product_of(run, node, [iterable(run, node, part) for part in args] * repeat)


def _product_of(run: Lowering, node: cst.CSTNode, parts: Sequence[Iterable]) -> Iterable:
    """All tuples; at run time one count, whose quotients and remainders are the indices."""
    if all(isinstance(part, Items) or part.static_range is not None for part in parts):
        rows = itertools.product(*(listed(part) for part in parts))
        return Items(tuple(TupleValue(row) for row in rows))
    counted = [from_zero(run, node, as_counted(run, node, part)) for part in parts]
    total: Abstract = ONE
    for part in counted:
        total = arithmetic(run, node, "mul", total, at_least_zero(run, node, part.stop))

    def row(index: Abstract) -> Abstract:
        items: list[Abstract] = []
        for part in reversed(counted):
            items.append(part.item(binary(run, node, "Modulo", index, part.stop)))
            index = binary(run, node, "FloorDivide", index, part.stop)
        return TupleValue(tuple(reversed(items)))

    return Counted(ZERO, total, ONE, row, over=unreplaced(*counted))


def listed(part: Iterable) -> Sequence[Abstract]:
    """The items, whose number is known."""
    if isinstance(part, Items):
        return part.items
    assert part.static_range is not None
    return [part.item(Static(number)) for number in part.static_range]


def _ndindex(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    shape = args
    if len(args) == 1 and isinstance(args[0], TupleValue | ShapeValue | ListCell):
        shape = items_of(run, node, args[0])
    return _product_of(run, node, [Counted(ZERO, length, ONE, itself, True) for length in shape])


def itself(index: Abstract) -> Abstract:
    """The item at an index of what counts from zero."""
    return index


def _ndenumerate(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    (array,) = args
    shape = ShapeValue(as_value(run, array, node))
    places = _ndindex(run, node, [shape], {})

    def pair(place: Abstract) -> Abstract:
        return TupleValue((place, item_of(run, node, array, place)))

    if isinstance(places, Items):
        return Items(tuple(map(pair, places.items)))
    inner = places.item
    return Counted(places.start, places.stop, places.step, lambda index: pair(inner(index)))


def _count(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    start = args[0] if args else kwargs.get("start", ZERO)
    step = args[1] if len(args) > 1 else kwargs.get("step", ONE)
    for bound in (start, step):
        found = type_of(run, bound)
        if not isinstance(found, ScalarType) or found.dtype.kind not in "iu":
            raise bad_call(run, node, f"`count` counts in ints, not {describe(run, bound)}")

    def number(index: Abstract) -> Abstract:
        by = index if is_one(step) else arithmetic(run, node, "mul", step, index)
        return by if is_zero(start) else arithmetic(run, node, "add", start, by)

    return Counted(ZERO, ENDLESS, ONE, number)


def _repeat(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    item, *times = (*args, *kwargs.values())
    return Counted(ZERO, times[0] if times else ENDLESS, ONE, lambda index: item)


def _cycle(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    kept = kept_items(run, node, args[0], iterable(run, node, args[0]))
    counted = from_zero(run, node, kept)

    def item(index: Abstract) -> Abstract:
        return counted.item(binary(run, node, "Modulo", index, counted.stop))

    return Counted(ZERO, ENDLESS, ONE, item, over=kept.over)


ITERATING: Mapping[str, Expand] = {
    "enumerate": _enumerate, "zip": _zip, "reversed": _reversed, "iter": _iter, "map": _map, "filter": _filter,
    "accumulate": _accumulate, "pairwise": _pairwise,
    "islice": _islice, "takewhile": _takewhile, "starmap": _starmap,
    "product": _product, "count": _count, "repeat": _repeat, "cycle": _cycle, "ndindex": _ndindex,
    "ndenumerate": _ndenumerate,
}  # fmt: skip

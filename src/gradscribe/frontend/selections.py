"""Iterators over several things, and over choices among their items: `chain`, `zip_longest`, `combinations`.

In:  abstract iterables.   Out: what a loop over them goes over; what `zip(*rows)` is.
Not here: iterators over one thing (iterators.py), the functions in Python among them (ops/written/iterators.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace

import libcst as cst
import numpy as np

from gradscribe.frontend.at_once import holds_numbers
from gradscribe.frontend.branches import choose
from gradscribe.frontend.conditions import inverse, truth
from gradscribe.frontend.flow import FALLS, Flow
from gradscribe.frontend.folds import collect, visit
from gradscribe.frontend.interleaving import ahead, held, looked_ahead
from gradscribe.frontend.iterables import unreplaced
from gradscribe.frontend.iteration import (
    ONE,
    ZERO,
    Counted,
    Items,
    Iterable,
    as_counted,
    from_zero,
    items_of,
    iterable,
    trip_count,
)
from gradscribe.frontend.iterators import NOTHING_GIVEN, Args, Expand, Kwargs, itself, kept_items, listed
from gradscribe.frontend.left_over import leave
from gradscribe.frontend.lists import append
from gradscribe.frontend.loop_parts import Loop
from gradscribe.frontend.loops import run_loop
from gradscribe.frontend.operands import as_value, raise_if, type_of
from gradscribe.frontend.operators import binary
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.successive import as_items, filled_rows, one_after_another
from gradscribe.frontend.values import Abstract, ArrayCell, Iterated, ListCell, Static, TupleValue, known_int
from gradscribe.ir.graph import Value
from gradscribe.ir.types import SequenceType, TupleType
from gradscribe.ops.written import iterators as written


def _chain(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    if all(isinstance(part, ArrayCell) and holds_numbers(run, node, part) for part in args):
        with ahead(run, node, copies=True):
            joined = run.call(run, node, Static(np.concatenate), (TupleValue(tuple(args)),), {})
        return iterable(run, node, joined)
    parts = [iterable(run, node, part) for part in args]
    if not any(isinstance(part, Counted) and part.static_range is None for part in parts):
        return Items(one_after_another([as_items(part) for part in parts]))
    with looked_ahead(run, node):
        collected = ListCell(())
        for place, part in enumerate(parts):
            with run.within(("part", place)), held(run, part):
                _gather(run, node, part, collected)
    return iterable(run, node, collected)


def _gather(run: Lowering, node: cst.CSTNode, part: Iterable, collected: ListCell) -> None:
    def take(item: Abstract) -> Flow:
        append(run, node, collected, item)
        return FALLS

    visit(run, node, part, take, collected)


def _chain_of(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    return _chain(run, node, items_of(run, node, args[0]), {})


def _zip_longest(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
    fill = kwargs.get("fillvalue", NOTHING_GIVEN)
    parts = [iterable(run, node, part) for part in args]
    if all(isinstance(part, Items) or part.static_range is not None for part in parts):
        return Items(filled_rows([as_items(part) for part in parts], fill))
    counted = [
        from_zero(
            run,
            node,
            kept_items(run, node, given, part)
            if isinstance(given, Iterated)
            else as_counted(run, node, part, follows=True),
        )
        for given, part in zip(args, parts, strict=True)
    ]
    longest = run.call(run, node, Static(max), tuple(part.stop for part in counted), {})

    def row(index: Abstract) -> Abstract:
        return TupleValue(tuple(_item_or(run, node, part, index, fill) for part in counted))

    return Counted(ZERO, longest, ONE, row)


def _item_or(run: Lowering, node: cst.CSTNode, part: Counted, index: Abstract, fill: Abstract) -> Abstract:
    """The item at an index, or what stands for it where there are no more."""
    exists = truth(run, binary(run, node, "LessThan", index, part.stop), node)
    if isinstance(exists, bool):
        return part.item(index) if exists else fill
    return choose(run, node, exists, lambda: part.item(index), lambda: fill)


def _combinations(name: str) -> Expand:
    """`combinations` and its kin: of items known now, or the indices of run-time ones."""

    def expand(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
        found = iterable(run, node, args[0])
        sizes = [run.static_int(node, size, "a number of items") for size in (*args[1:], *kwargs.values())]
        if isinstance(found, Items) or found.static_range is not None or not sizes:
            items = (
                listed(found)
                if isinstance(found, Items) or found.static_range
                else items_of(run, node, args[0])
            )
            chosen: object = getattr(itertools, name)(items, *sizes)
            return Items(tuple(TupleValue(tuple(part)) for part in chosen))  # type: ignore[attr-defined]
        counted = from_zero(run, node, found)
        attrs = {"choice": name, "size": sizes[0]}
        places = run.wrap(run.apply(node, "index_tuples", (as_value(run, counted.stop, node),), attrs)[0])
        return _chosen(run, node, iterable(run, node, places), counted)

    return expand


def _chosen(run: Lowering, node: cst.CSTNode, places: Iterable, counted: Counted) -> Iterable:
    """The items at tuples of indices."""
    assert isinstance(places, Counted)

    def row(index: Abstract) -> Abstract:
        chosen = places.item(index)
        assert isinstance(chosen, TupleValue)
        return TupleValue(tuple(counted.item(place) for place in chosen.items))

    return replace(places, item=row, over=unreplaced(counted))


def _written(function: Callable[..., object]) -> Expand:
    """A function that is written out in Python gives the items."""

    def expand(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Iterable:
        with ahead(run, node, copies=True):
            made = run.call(run, node, Static(function), args, kwargs)
        return iterable(run, node, made)

    return expand


def tee(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`itertools.tee`: several iterators over the same items."""
    sequence, *given = (*args, *kwargs.values())
    count = run.static_int(node, given[0], "the number of iterators") if given else 2
    found = iterable(run, node, sequence)
    with ahead(run, node, copies=True) as suspended:
        if isinstance(found, Items):
            kept: Iterable = Items(found.items)
        else:
            kept = kept_items(run, node, sequence, found)
    kept = replace(kept, source=(*kept.source, suspended))
    made = tuple(Iterated("tee", lambda run, node: kept, tuple(run.loops), run.builder) for _ in range(count))
    for iterator in made:
        run.used_up.add(iterator)
        leave(run, iterator, kept)
    return TupleValue(made)


def transposed(run: Lowering, node: cst.CSTNode, rows: Abstract) -> Abstract | None:
    """`zip(*rows)` where the number of rows is known at run time only."""
    found = iterable(run, node, rows)
    if not isinstance(found, Counted) or found.static_range is not None or known_int(found.stop) is not None:
        return None

    def expand(run: Lowering, node: cst.CSTNode) -> Iterable:
        first = type_of(run, rows) if isinstance(rows, ListCell) else None
        if isinstance(first, SequenceType) and isinstance(first.element, TupleType):
            return Items(_nonempty_columns(run, node, found, len(first.element.elements)))
        with ahead(run, node, copies=True):
            listed = rows if isinstance(rows, ListCell | ArrayCell) else collect(run, node, found, itself)
            columns = run.call(run, node, Static(written.columns), (listed,), {})
        return iterable(run, node, columns)

    return Iterated("zip", expand, tuple(run.loops), run.builder)


def _nonempty_columns(run: Lowering, node: cst.CSTNode, rows: Counted, width: int) -> tuple[ListCell, ...]:
    """Tuples of known length: as many lists. Of no tuples, `zip` has no columns, and nothing unpacks that."""
    exists = truth(run, binary(run, node, "GreaterThan", trip_count(run, node, rows), ZERO), node)
    if isinstance(exists, Value):
        text = f"not enough values to unpack (expected {width}, got 0)"
        raise_if(run, node, inverse(run, exists, node), ValueError, (text,))
    return columns_of(run, node, rows, width)


def columns_of(run: Lowering, node: cst.CSTNode, rows: Counted, width: int) -> tuple[ListCell, ...]:
    """A list of each part of tuples of this length."""
    columns = tuple(ListCell(()) for _ in range(width))

    def body(index: Abstract) -> Flow:
        for column, item in zip(columns, items_of(run, node, rows.item(index)), strict=True):
            append(run, node, column, item)
        return FALLS

    with run.within(("columns", id(node))):
        run_loop(run, Loop(node, body, rows, touched=columns, grown=frozenset(columns)))
    return columns


SELECTING: Mapping[str, Expand] = {
    "chain": _chain,
    "chain.from_iterable": _chain_of,
    "zip_longest": _zip_longest,
    **{
        name: _combinations(name)
        for name in ("combinations", "permutations", "combinations_with_replacement")
    },
    **{
        name: _written(getattr(written, name)) for name in ("dropwhile", "filterfalse", "compress", "groupby")
    },
}

"""Generators: their items are collected where they are consumed.

Python resumes a generator for each item. Here it runs to its end first, which is the same as long as nobody sees
what it does between its items (interleaving.py). Where somebody does, loops go over it step by step (stepping.py).

In:  generator functions, generator expressions.   Out: `Iterated` values.
Not here: other iterators (iterators.py), comprehensions (comprehensions.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import libcst as cst

from gradscribe.frontend.interleaving import COPIES, RAISES, WITHOUT_END, ahead, held, seen
from gradscribe.frontend.iteration import Items, Iterable, iterable
from gradscribe.frontend.lists import append
from gradscribe.frontend.liveness import bound_names, rebound_names
from gradscribe.frontend.state import FALLS, Flow, Frame, Lowering
from gradscribe.frontend.successive import computed
from gradscribe.frontend.suspended import Suspended, Yields
from gradscribe.frontend.syntax import Statement, blocks_of, has_jump, walk
from gradscribe.frontend.values import Abstract, Cell, Closure, Iterated, ListCell, TupleValue


def generator(
    run: Lowering,
    names: frozenset[str],
    frame: Frame | None,
    lower: Callable[[Yields, ListCell | None], Flow],
    *,
    can_step: bool,
    can_search: bool = False,
) -> Iterated:
    """An iterator over the items that `lower` yields.

    Args:
        run: the lowering.
        names: variables of outer functions that it reads.
        frame: that of the function around it.
        lower: lowers the body when the iterator is consumed, given what is done with an item, and the list that
            the items are collected in, if they are.
        can_step: the consumer may be lowered inside of it.
        can_search: it may be left half way, by what does not read variables.
    """

    def expand(run: Lowering, node: cst.CSTNode) -> Iterable:
        def collect(node: cst.CSTNode, item: Abstract) -> Flow:
            suspended.yielded.update(_objects(item))
            suspended.makes = suspended.makes or _holds_function(item)
            append(run, node, items, item)
            return FALLS

        with ahead(run, node, names, frame) as suspended:
            items = ListCell(())
            flow = lower(collect, items)
        if flow.falls is False and flow.returns is False:
            raise seen(run, node, suspended, WITHOUT_END, "a loop in it ends only by leaving the consumer")
        return iterable(run, node, items)

    def step(yields: Yields) -> Flow:
        return lower(yields, None)

    return Iterated(
        "generator",
        expand,
        tuple(run.loops),
        run.builder,
        steps=step if can_step else None,
        search=step if can_step or can_search else None,
    )


def mapped(
    run: Lowering,
    node: cst.CSTNode,
    found: Iterable,
    function: Callable[[Abstract], Abstract],
    names: frozenset[str] = frozenset(),
    frame: Frame | None = None,
) -> Iterable:
    """Something computed from each item, when it is asked for; beforehand for all of a known number of items."""
    if isinstance(found, Items):
        if id(node) in run.learnt.stepwise:
            return replace(found.made(computed(found, function)), computes=True)
        with ahead(run, node, names, frame), held(run, found):
            return Items(tuple(map(function, found)))
    inner = found.item
    return replace(found, item=lambda index: function(inner(index)), bare=False)


def _holds_function(item: Abstract) -> bool:
    """A consumer gets hold of a function, which may read variables of the generator as they are then."""
    if isinstance(item, TupleValue):
        return any(map(_holds_function, item.items))
    return isinstance(item, Closure)


def _objects(item: Abstract) -> Iterator[Cell]:
    """The objects that a consumer gets hold of."""
    if isinstance(item, Cell):
        yield from item.roots
    elif isinstance(item, TupleValue):
        for part in item.items:
            yield from _objects(part)


def yields_inside_of_try(body: Sequence[Statement]) -> bool:
    """What a consumer raises would be caught there, if it were lowered in its place."""
    for statement in body:
        if isinstance(statement, cst.Try | cst.With):
            if any(isinstance(node, cst.Yield) for node in walk(statement)):
                return True
        if any(yields_inside_of_try(block) for block in blocks_of(statement)):
            return True
    return False


def check_consumer(
    run: Lowering, node: cst.CSTNode, found: Iterable, statements: Sequence[Statement] = ()
) -> None:
    """Whether the body of a loop, or what a comprehension computes, sees that generators ran to their end."""
    for suspended in found.source:
        _check(run, node, suspended, statements)


def check_partial(run: Lowering, node: cst.CSTNode, found: Iterable) -> None:
    """Some of the items may not be asked for: what would be done for them must not be seen."""
    for suspended in found.source:
        changes = any(cell.serial < suspended.mark for cell in suspended.writes)
        if suspended.speaks or changes or not suspended.advances.isdisjoint(run.remaining):
            why = "what it does for the items that are not asked for would be done, too"
            raise seen(run, node, suspended, "may be left half way", why)
        if suspended.raises:
            why = "what computing the items that are not asked for raises would be caught around it"
            raise seen(run, node, suspended, "may be left half way", why)


def check_unchanging(run: Lowering, node: cst.CSTNode, found: Iterable) -> None:
    """What happens between these items is seen by everything: nothing may be changed there, nor said."""
    check_partial(run, node, found)
    for suspended in found.source:
        if suspended.writes:
            why = "here it runs to its end first"
            raise seen(run, node, suspended, "changes what it has yielded", why, COPIES)


def check_turns(run: Lowering, node: cst.CSTNode, parts: Sequence[Iterable]) -> None:
    """Iterators that are asked in turns: what one of them changes must not be seen by another one."""
    for place, part in enumerate(parts):
        for one in part.source:
            for other in (found for later in parts[place + 1 :] for found in later.source):
                shared = one.writes & (other.reads | other.writes) or one.reads & other.writes
                if shared or one.advances & other.advances:
                    why = "Python would resume them in turns; here the first one runs to its end first"
                    raise seen(run, node, one, "shares what is changed with another one", why)


def _check(run: Lowering, node: cst.CSTNode, suspended: Suspended, statements: Sequence[Statement]) -> None:
    if suspended.copies:
        return
    if has_jump(statements, (cst.Break, cst.Return)):
        why = "here it runs to its end before the loop starts"
        raise seen(run, node, suspended, "may be left half way", why)
    if suspended.speaks:
        why = "what it says would come before what the loop over it says"
        raise seen(run, node, suspended, "prints, or draws random numbers,", why)
    if suspended.raises and bound_names(statements):
        raise seen(run, node, suspended, *RAISES)
    if suspended.makes:
        why = "the functions would read its variables as they are at its end"
        raise seen(run, node, suspended, "yields functions", why)
    changed = suspended.names & rebound_names(statements)
    if changed:
        why = "the loop over it gives that name another value"
        raise seen(run, node, suspended, f"reads `{min(changed)}`", why)

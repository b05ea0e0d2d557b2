"""Generators: their items are collected where they are consumed.

Python resumes a generator for each item. Here it runs to its end first, which is the same as long as nobody
changes what it reads meanwhile and nobody leaves it half way; a loop over one is checked for both.

In:  generator functions, generator expressions.   Out: `Iterated` values.
Not here: other iterators (iterators.py), comprehensions (comprehensions.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import libcst as cst

from gradscribe.frontend.folds import visit
from gradscribe.frontend.iteration import Iterable, iterable
from gradscribe.frontend.lists import append
from gradscribe.frontend.liveness import rebound_names
from gradscribe.frontend.state import FALLS, Flow, Frame, Lowering
from gradscribe.frontend.suspended import Suspended
from gradscribe.frontend.syntax import Statement, has_jump
from gradscribe.frontend.values import NOTHING, Abstract, Iterated, ListCell
from gradscribe.ir.walk import walk


def generator(run: Lowering, names: frozenset[str], lower: Callable[[ListCell], Flow]) -> Iterated:
    """An iterator over the items that `lower` appends.

    Args:
        run: the lowering.
        names: variables of outer functions that it reads.
        lower: lowers the body when the iterator is consumed.
    """

    def expand(run: Lowering, node: cst.CSTNode) -> Iterable:
        items, suspended = ListCell(()), Suspended(set(), names)
        run.watching.append(suspended)
        start = len(run.builder.nodes)
        try:
            flow = lower(items)
        finally:
            run.watching.pop()
        if flow.falls is False and flow.returns is False:
            raise _refused(
                run, node, "does not come to an end", "a loop in it ends only by leaving the consumer"
            )
        made = (inner for node in run.builder.nodes[start:] for block in node.blocks for inner in walk(block))
        if any(node.op.name in ("print_", "warn_", "log_") for node in (*run.builder.nodes[start:], *made)):
            suspended = replace(suspended, prints=True)
        run.expanded.append(suspended)
        return iterable(run, node, items)

    return Iterated("generator", expand, tuple(run.loops), run.builder)


def yield_value(run: Lowering, node: cst.Yield) -> Abstract:
    """`yield value`, `yield from items`: nothing is sent back."""
    items = _items(run)
    if isinstance(node.value, cst.From):
        found = iterable(run, node, run.evaluate(run, node.value.item))
        visit(run, node, found, lambda item: _appended(run, node, items, item), items)
    else:
        append(run, node, items, run.evaluate(run, node.value) if node.value is not None else NOTHING)
    return NOTHING


def _appended(run: Lowering, node: cst.CSTNode, items: ListCell, item: Abstract) -> Flow:
    append(run, node, items, item)
    return FALLS


def _items(run: Lowering) -> ListCell:
    frame: Frame = run.frame
    assert frame.yields is not None
    return frame.yields


@contextmanager
def consuming(run: Lowering, node: cst.For, statements: Sequence[Statement]) -> Iterator[Callable[[], None]]:
    """A loop, whose iterable is computed before the call of what this yields, and its body after it."""
    outer, run.expanded = run.expanded, []
    count = len(run.suspended)

    def check() -> None:
        for suspended in run.expanded:
            if has_jump(statements, (cst.Break, cst.Return)):
                raise _refused(
                    run, node, "may be left half way", "here it runs to its end before the loop starts"
                )
            if suspended.prints:
                raise _refused(run, node, "prints", "its lines would come before those of the loop over it")
            changed = suspended.names & rebound_names(statements)
            if changed:
                raise _refused(
                    run, node, f"reads `{min(changed)}`", "the loop over it gives that name another value"
                )
        run.suspended.extend(run.expanded)

    try:
        yield check
    finally:
        run.expanded = outer
        del run.suspended[count:]


def _refused(run: Lowering, node: cst.CSTNode, what: str, why: str) -> Exception:
    return run.refusal(
        node,
        "GS102",
        f"this generator {what}",
        why=why,
        fix="write its loop where it is used, or collect the values that are needed in a list",
    )

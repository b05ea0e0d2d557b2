"""Whether it is seen that an iterator was computed to its end before its items are consumed.

    def halved(u):                  for u in halved(u):     The loop reads what the generator changes between its
        while True:                     total += u.sum()    items: it goes over the generator step by step
            u *= 0.5                    if total > bound:   (stepping.py), as it does if it leaves the generator
            yield u                         break           half way.

In:  reads and writes of objects.   Out: restarts; refusals where nothing can go step by step.
Not here: lowering generators (generators.py), what loops go over step by step (stepping.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import libcst as cst

from gradscribe.frontend.attempts import places_that_raise
from gradscribe.frontend.capture import Captured
from gradscribe.frontend.iterables import GoneOver, Items, Iterable
from gradscribe.frontend.liveness import Liveness, analyse, bound_names, liveness_of
from gradscribe.frontend.refusal import Refusal, Restart
from gradscribe.frontend.state import Frame, Lowering
from gradscribe.frontend.suspended import Suspended
from gradscribe.frontend.syntax import FunctionSyntax, Statement, blocks_of
from gradscribe.frontend.values import Abstract, Cell, Iterated, serial_mark
from gradscribe.ir.graph import Node
from gradscribe.ir.walk import walk as nodes_in
from gradscribe.ops.effects import has_lasting_effect

WRITTEN_OUT = "write its loop where it is used, or collect the values that are needed in a list"
COPIES = "go over it with a `for` statement, or yield what does not change: `yield u.copy()`"
RAISES = (
    "may raise what is caught around it",
    "what its later items raise would come before what is done for the first ones",
)
WITHOUT_END = "does not come to an end"
CHANGED = "Python would resume it after the change; here it runs to its end first"


def note_read(run: Lowering, cell: Cell) -> None:
    """An object is read: by the iterators that are being lowered, or by what goes over others."""
    for generator in run.watching:
        generator.reads.update(cell.roots)
    for generator in run.suspended:
        if cell.roots & generator.writes:
            why = "here it runs to its end first"
            raise seen(run, None, generator, "changes what this reads", why, COPIES)


def note_write(run: Lowering, cell: Cell, node: cst.CSTNode | None) -> None:
    """An object is changed."""
    for generator in run.watching:
        generator.note_write(cell.roots)
        if cell.roots & generator.yielded and run.learnt.step_through(id(generator.consumer)):
            # In a list of the items, this would have to be followed.
            raise Restart(None)
    for generator in run.suspended:
        if cell.roots & (generator.reads | generator.writes):
            raise seen(run, node, generator, "reads what this changes", CHANGED)
        if generator.raises and any(root.serial < generator.mark for root in cell.roots):
            raise seen(run, node, generator, *RAISES)


def note_advance(run: Lowering, node: cst.CSTNode | None, iterator: Iterated) -> None:
    """`next` of an iterator, or what it has left is gone over: who asks it then gets other items."""
    for generator in run.watching:
        if iterator.serial < generator.mark:
            generator.advances.add(iterator)
    for generator in run.suspended:
        if iterator in generator.advances:
            what, why = "takes items of the iterator that gives one here", "here it runs to its end first"
            raise seen(run, node, generator, what, why)


def seen(
    run: Lowering,
    node: cst.CSTNode | None,
    generator: Suspended,
    what: str,
    why: str,
    fix: str = WRITTEN_OUT,
) -> Exception:
    """Start again, going over this generator step by step; where that does not help, a refusal."""
    if run.learnt.step_through(id(generator.consumer)):
        return Restart(None)
    return unsteady(run, node, what, why, fix)


def unsteady(run: Lowering, node: cst.CSTNode | None, what: str, why: str, fix: str = WRITTEN_OUT) -> Refusal:
    """The refusal of a generator whose items cannot be computed beforehand."""
    return run.refusal(node, "GS102", f"this generator {what}", why=why, fix=fix)


@contextmanager
def held(run: Lowering, found: Iterable) -> Iterator[None]:
    """What is lowered inside stands between these items."""
    suspended, iterated = len(run.suspended), len(run.iterated)
    run.suspended.extend(found.source)
    # Each item of a known number is asked for in this block, or under conditions inside.
    block = run.builder if isinstance(found, Items) else None
    for one in found.over:
        run.iterated.append(GoneOver(one.cell, block if one.may_change else None, one.may_replace))
    try:
        yield
    finally:
        del run.suspended[suspended:]
        del run.iterated[iterated:]


def gone_over(run: Lowering, cell: Cell) -> list[GoneOver]:
    """The loops around that go over this container, or over one that it may be."""
    return [one for one in run.iterated if cell.roots & one.cell.roots]


@contextmanager
def ahead(
    run: Lowering,
    node: cst.CSTNode,
    names: frozenset[str] = frozenset(),
    frame: Frame | None = None,
    *,
    copies: bool = False,
) -> Iterator[Suspended]:
    """What is lowered inside is done before its consumer begins; Python would do it between the items."""
    suspended = Suspended(names, frame, serial_mark(), node, copies=copies)
    start, raising = len(run.builder.nodes), places_that_raise(run)
    expanded, run.expanded = run.expanded, []
    run.watching.append(suspended)
    try:
        yield suspended
    finally:
        run.watching.remove(suspended)
        run.expanded = [*expanded, suspended]
    suspended.raises = places_that_raise(run) > raising
    suspended.speaks = any(map(_speaks, run.builder.nodes[start:]))
    suspended.contents = {cell: run.heap.get(cell) for cell in suspended.reads | suspended.yielded}
    suspended.bindings = {name: binding(frame, name) for name in names}


@contextmanager
def looked_ahead(run: Lowering, node: cst.CSTNode) -> Iterator[None]:
    """Items are looked up before Python does so; they may be left half way if nothing happens for them."""
    with ahead(run, node) as suspended:
        yield
    suspended.copies = not (suspended.writes or suspended.speaks or suspended.makes)


def _speaks(node: Node) -> bool:
    """It prints, or draws random numbers."""
    if not node.has_effect:
        return False
    inner = [inside for block in node.blocks for inside in nodes_in(block)]
    return any(has_lasting_effect(one.op) for one in (node, *inner))


def liveness_in(
    run: Lowering, captured: Captured, function: FunctionSyntax, body: Sequence[Statement], *, nested: bool
) -> Liveness:
    """The facts of a function; what loops that go step by step bind is bound inside of their generators."""
    found = analyse(function, body) if nested else liveness_of(captured)
    handed_on = frozenset(_handed_on(run, body, found)) if run.learnt.stepwise else frozenset()
    if not handed_on:
        return found
    found = analyse(function, body, handed_on)
    return replace(found, rebound=found.rebound | (handed_on & found.local))


def _handed_on(run: Lowering, statements: Sequence[Statement], liveness: Liveness) -> Iterator[str]:
    """What loops that go step by step bind, and later iterations or what follows may read."""
    for statement in statements:
        if isinstance(statement, cst.For) and id(statement.iter) in run.learnt.stepwise:
            needed = liveness.head[id(statement)] | liveness.shared
            yield from needed.intersection(bound_names([statement]))
        for block in blocks_of(statement):
            yield from _handed_on(run, block, liveness)


def changed_since(run: Lowering, generator: Suspended) -> str | None:
    """What a generator has read, and has changed since it ran to its end."""
    for cell, content in generator.contents.items():
        if run.heap.get(cell) is not content:
            return "an array or container"
    for name, value in generator.bindings.items():
        if binding(generator.frame, name) is not value:
            return f"`{name}`"
    return None


def binding(frame: Frame | None, name: str) -> Abstract | None:
    """What a name means in a function, or in one around it."""
    while frame is not None:
        if name in frame.names:
            return frame.names[name]
        frame = frame.parent
    return None

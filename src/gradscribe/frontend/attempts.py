"""What had been done wherever the body of a `try` may raise.

In:  the statements of a body, what is caught.   Out: `Attempt`: its nodes, and what a handler sees.
Not here: handlers (trying.py), which operations may raise (ops/raising.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import libcst as cst

from gradscribe.errors import Diagnostic
from gradscribe.frontend.derived import stays_derived
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Flow, Frame, Lowering
from gradscribe.frontend.values import Abstract, Cell, Conflict, serial_mark
from gradscribe.ir.control import IF, Caught
from gradscribe.ir.graph import Node
from gradscribe.ir.walk import walk
from gradscribe.location import Location
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.raising import may_raise


@dataclass(frozen=True, eq=False)
class Moment:
    """The variables and objects of a function at one moment; objects made later have a greater serial."""

    names: dict[str, Abstract]
    heap: dict[Cell, object]
    serial: int

    @staticmethod
    def now(run: Lowering, frame: Frame) -> Moment:
        """The present one."""
        return Moment(dict(frame.names), dict(run.heap), serial_mark())


@dataclass(eq=False)
class Watch:
    """Looks on while the body of a `try` is lowered.

    Attributes:
        moments: the places that may raise what is caught, each with what was done before it.
        statement: the first node of the statement in which the first of them is.
        entry: what was done before the branch, not inside of another, in which the first of them is.
    """

    run: Lowering
    frame: Frame
    catches: Caught
    builder: OpBuilder | None = None
    moments: list[tuple[Node, Moment]] = field(default_factory=list)
    statement: tuple[Node, Moment] | None = None
    entry: Moment | None = None

    def enter(self, builder: OpBuilder) -> None:
        """A block is begun among the nodes of this builder."""
        if builder is self.builder and not self.moments:
            self.entry = Moment.now(self.run, self.frame)

    def note(self, node: Node, inside: Caught) -> None:
        """A node is made, where others catch something inside; what it owns was noted when it was made."""
        if not self.moments and self.run.builder is self.builder and self._begins(node):
            self.statement = node, Moment.now(self.run, self.frame)
        if not node.blocks and may_raise(node, self.catches, inside):
            if node.attrs.get("refuses"):
                raise self._caught()
            self.moments.append((node, Moment.now(self.run, self.frame)))

    def _caught(self) -> Refusal:
        """The refusal of a check that Python does not make, where a handler would take it for the user's error."""
        return self.run.refusal(
            None,
            "GS110",
            "a `try` around what may be refused when the derivative runs is outside the supported subset",
            why="its handler would take that for an exception of the function itself",
            fix="do this before the `try`, or catch the exceptions that it raises in Python alone",
        )

    def _begins(self, node: Node) -> bool:
        """It is the first node of its line."""
        if self.statement is None or node.location is None:
            return True
        before = self.statement[0].location
        return before is None or node.location.line != before.line


class WatchedBuilder(OpBuilder):
    """A builder of nodes inside of `try`."""

    def __init__(self, watches: tuple[Watch, ...], location: Location | None) -> None:
        super().__init__(location=location)
        self.watches = watches

    def append(self, node: Node) -> Node:
        """Append a node that was made elsewhere."""
        for position, watch in enumerate(self.watches, start=1):
            watch.note(node, tuple(one for inner in self.watches[position:] for one in inner.catches))
        return super().append(node)

    def inner(self) -> OpBuilder:
        """A builder for a block inside."""
        for watch in self.watches:
            watch.enter(self)
        return WatchedBuilder(self.watches, self.location)


def places_that_raise(run: Lowering) -> int:
    """How many places that may raise what is caught around here were lowered so far."""
    return sum(len(watch.moments) for watch in _watches(run.builder))


def caught_around(run: Lowering) -> Caught:
    """The exceptions that a `try` around here catches."""
    return tuple(dict.fromkeys(one for watch in _watches(run.builder) for one in watch.catches))


def is_caught(run: Lowering, error: type[Exception]) -> bool:
    """Whether a `try` around here catches this exception."""
    return any(issubclass(error, caught) for caught in caught_around(run))


def refuse_where_caught(
    run: Lowering, node: cst.CSTNode, error: type[Exception], title: str, why: str, fix: str
) -> None:
    """Refuse what raises this exception in another way than its nodes do, where a handler around would see it."""
    if is_caught(run, error):
        raise run.refusal(node, "GS110", title, why=why, fix=fix)


def _watches(builder: OpBuilder) -> tuple[Watch, ...]:
    return builder.watches if isinstance(builder, WatchedBuilder) else ()


@dataclass(frozen=True, eq=False)
class Attempt:
    """The body of a `try` after it was lowered.

    Attributes:
        builder: its nodes, without those before the first that may raise, which stand before the `try`.
        start: what a handler sees.
        end: what follows the body sees.
        flow: how control leaves the body.
    """

    builder: OpBuilder
    start: Moment
    end: Moment
    flow: Flow


def attempt(run: Lowering, node: cst.CSTNode, catches: Caught, lower: Callable[[], Flow]) -> Attempt:
    """Lower the body. What cannot raise at its beginning is appended to the block around."""
    before = Moment.now(run, run.frame)
    watch = Watch(run, run.frame, catches)
    outer = run.builder
    with run.block():
        builder = watch.builder = run.builder = WatchedBuilder((*_watches(outer), watch), outer.location)
        flow = lower()
    end = Moment(run.frame.names, run.heap, serial_mark())
    nodes = builder.nodes
    first, start = _first(nodes, watch, before, end)
    if first < len(nodes):
        start = _seen(run, node, start, [moment for _, moment in watch.moments])
    run.frame.names, run.heap = dict(start.names), dict(start.heap)
    # Who looks on around has noted them when they were made.
    for made in nodes[:first]:
        OpBuilder.append(outer, made)
    builder.nodes = nodes[first:]
    return Attempt(builder, start, end, flow)


def _first(nodes: list[Node], watch: Watch, before: Moment, end: Moment) -> tuple[int, Moment]:
    """The place of the first node of the `try`, and what was done before it.

    That is the first node of the statement that may raise first, unless the statement had done something by then.
    """
    first = next((k for k, made in enumerate(nodes) if may_raise(made, watch.catches)), len(nodes))
    if first == len(nodes):
        return first, end
    start = _before(nodes[first], watch) or before
    if watch.statement is not None:
        node, opening = watch.statement
        if node in nodes[:first] and opening.names == start.names and opening.heap == start.heap:
            first, start = nodes.index(node), opening
    if start.names == before.names and _old(start, before) == _old(before, before):
        # What was made since then, nothing refers to: a handler does not find it.
        start = replace(start, serial=before.serial)
    return first, start


def _before(node: Node, watch: Watch) -> Moment | None:
    """What was done before a node that may raise, if that is known: it does itself, or is a branch that does."""
    for made, moment in watch.moments:
        if made is node:
            return moment
    if node.op is IF and any(inner is watch.moments[0][0] for block in node.blocks for inner in walk(block)):
        return watch.entry
    return None


def _old(moment: Moment, before: Moment) -> dict[Cell, object]:
    """What the objects that were there before hold at a moment."""
    return {cell: content for cell, content in moment.heap.items() if cell.serial <= before.serial}


def _seen(run: Lowering, node: cst.CSTNode, start: Moment, moments: list[Moment]) -> Moment:
    """What a handler sees that may have been reached from any of these moments."""
    names, heap = dict(start.names), dict(start.heap)
    for moment in moments:
        for name in names.keys() | moment.names.keys():
            if not name.startswith("<") and moment.names.get(name) is not start.names.get(name):
                names[name] = _ambiguous(run, node, name)
        for cell in start.heap.keys() | moment.heap.keys():
            if cell.serial > start.serial or stays_derived(cell, start.heap, moment.heap):
                continue
            initial = cell.initial  # type: ignore[attr-defined]
            if start.heap.get(cell, initial) is not moment.heap.get(cell, initial):
                heap[cell] = _half_changed(run, node)
    return Moment(names, heap, start.serial)


def _half_changed(run: Lowering, node: cst.CSTNode) -> Conflict:
    return Conflict(
        Diagnostic(
            "GS110",
            "what a `try` changes that may raise after that is read in a handler, or where a handler may have run",
            run.location(node),
            why="there, what it holds would depend on where the body raised",
            fix="compute in `try` what may raise, and change the object in `else`",
        ),
        attempt=id(node),
    )


def _ambiguous(run: Lowering, node: cst.CSTNode, name: str) -> Conflict:
    return Conflict(
        Diagnostic(
            "GS110",
            f"`{name}` is read after an exception, and bound in a `try` that may raise before and after that",
            run.location(node),
            why="its value would depend on where the body raised",
            fix=f"bind another name in the `try`, and `{name}` in `else`",
        ),
        attempt=id(node),
    )

"""What functions with a cache have read and returned, where the run decides which of their calls are the same.

    a = table(n)        If m is n, b is a: what is written to one of them is seen in the other. A cache that was
    b = table(m)        made outside also keeps what was written for the next call of the derivative.

What such a function returned is not written to then, and what it reads stays as it was in the first call: a later
one may be found in the cache.

In:  calls that are being lowered.   Out: refusals; results that must not be written to.
Not here: which calls are the same (memo.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import libcst as cst

from gradscribe.errors import Diagnostic
from gradscribe.frontend.hooks import is_frozen
from gradscribe.frontend.interleaving import binding
from gradscribe.frontend.liveness import analyse
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.run_time_changes import acts, asked_outside, may_share
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.surroundings import objects_in
from gradscribe.frontend.suspended import Suspended
from gradscribe.frontend.syntax import FunctionSyntax, body_of, children, target_names
from gradscribe.frontend.values import (
    Abstract,
    Cell,
    Closure,
    InstanceCell,
    Number,
    serial_mark,
)
from gradscribe.ir.graph import Node, Value


@dataclass(frozen=True)
class _Change:
    """A change of a set or dict.

    Attributes:
        loops: those around it, inside of the block in which the function was made.
        is_later: calls of the function have asked sets or dicts before.
    """

    value: Value
    loops: frozenset[object]
    is_later: bool


class CachedResults:
    """What the calls of one function with a cache have read and returned.

    Args:
        run: the lowering.
        name: of the function.
        made: the function, if it was made inside.
    """

    def __init__(self, run: Lowering, name: str, made: Closure | None) -> None:
        self.name = name
        self.frame = made.frame if made is not None else None
        self.names = frozenset(_free_names(made.function)) if made is not None else frozenset()
        self.depth, self.loops = len(run.enclosing), len(run.loops)
        self.is_unsure = made is None
        self._contents: dict[Cell, object] = {}
        self._bindings: dict[str, Abstract | None] = {}
        self._made: list[tuple[Cell, object]] = []
        self._asked: list[Value] = []
        self._changes: list[_Change] = []
        self._acts = False
        self._called_in: set[object] = set()
        why = "the run decides which of its calls give one and the same object"
        if made is None:
            why = "the cache keeps it, so what the function returns depends on earlier calls"
        self._any = Cell(
            read_only=Diagnostic(
                "GS127",
                f"what `{name}` returned, which has a cache, is changed",
                why=why,
                fix=f"change a copy: `{name}(...).copy()`",
            )
        )

    @contextmanager
    def watched(self, run: Lowering, node: cst.CSTNode) -> Iterator[list[Abstract]]:
        """Lower one call; its result is put into the list."""
        watch, mark = Suspended(frozenset(), None, serial_mark(), node), serial_mark()
        results: list[Abstract] = []
        start, changes = len(run.builder.nodes), len(self._changes)
        run.watching.append(watch)
        try:
            yield results
        finally:
            run.watching.remove(watch)
        read = {cell: _content(run, cell) for cell in watch.reads if cell.serial < mark}
        named = {name: binding(self.frame, name) for name in self.names}
        self._refuse_changes(run, node, read, named)
        self._ask(run, run.builder.nodes[start:], self._changes[changes:])
        if self.is_unsure:
            self._refuse_run_time(run, node)
        self._contents = {**read, **self._contents}
        self._bindings = {**named, **self._bindings}
        for result in results:
            made = [cell for cell in objects_in(run, result) if cell.serial >= mark]
            self._made += [(cell, _content(run, cell)) for cell in made]
            if self.is_unsure:
                self._keep(made)

    def found(self, run: Lowering) -> None:
        """A call is found in the cache: what is being lowered depends on what it has read."""
        for watch in run.watching:
            watch.reads.update(self._contents)

    def become_unsure(self, run: Lowering, node: cst.CSTNode) -> None:
        """From now on it is not known which of the calls are the same."""
        if self.is_unsure:
            return
        self.is_unsure = True
        self._refuse_run_time(run, node)
        for cell, content in self._made:
            if _content(run, cell) is not content:
                found = self._any.read_only
                assert found is not None
                raise run.refusal(node, found.code, found.title, why=found.why, fix=found.fix)
        self._keep(cell for cell, _ in self._made)

    def note_change(self, run: Lowering, node: cst.CSTNode | None, value: Value) -> None:
        """A set or dict is changed, which no heap shows."""
        loops = frozenset(loop.key for loop in run.loops[self.loops :])
        self._changes.append(_Change(value, loops, is_later=bool(self._asked)))
        if not loops.isdisjoint(self._called_in) and any(may_share(run, value, one) for one in self._asked):
            raise self._changed(run, node, "a set or dict")

    def _ask(self, run: Lowering, nodes: Sequence[Node], changes: Sequence[_Change]) -> None:
        """What a call has asked at run time, and done there; `changes` are those that were made in it."""
        asked = asked_outside(run, nodes)
        self._asked += [value for value in asked if value not in self._asked]
        changes_outside = any(may_share(run, change.value, value) for change in changes for value in asked)
        self._acts = self._acts or changes_outside or acts(run, nodes)

    def _refuse_run_time(self, run: Lowering, node: cst.CSTNode) -> None:
        """Whether a call is made is not known: it must do nothing, and ask only what stays as it is."""
        if self._acts:
            raise run.refusal(
                node,
                "GS127",
                f"`{self.name}`, which has a cache, draws random numbers, prints, or changes a set or dict",
                why="whether it is called, or its result is found in the cache, is known at run time only",
                fix="pass what it draws or changes as an argument, or leave the cache out",
            )
        loops = {loop.key for loop in run.loops[self.loops :]}
        self._called_in |= loops
        for change in self._changes:
            counts = change.is_later or not loops.isdisjoint(change.loops)
            if counts and any(may_share(run, change.value, value) for value in self._asked):
                raise self._changed(run, node, "a set or dict")

    def _keep(self, cells: Iterable[Cell]) -> None:
        for cell in cells:
            cell.roots |= {self._any}
            if not isinstance(cell, InstanceCell) or not is_frozen(cell.cls):
                cell.read_only = self._any.read_only

    def _refuse_changes(
        self,
        run: Lowering,
        node: cst.CSTNode,
        read: Mapping[Cell, object],
        named: Mapping[str, Abstract | None],
    ) -> None:
        if not self.is_unsure:
            return
        loops, inner = run.loops[self.loops :], [*run.enclosing, run.builder][self.depth + 1 :]
        made = {value for one in inner for part in one.nodes for value in part.outputs} if loops else set()
        keys = {loop.key for loop in loops}

        def varies(value: object) -> bool:
            if isinstance(value, Number):
                value = value.value
            if isinstance(value, tuple):
                return any(map(varies, value))
            if not isinstance(value, Value):
                return False
            return value in made or not keys.isdisjoint(run.origins.get(value, ()))

        for cell, content in read.items():
            if content is not self._contents.get(cell, content) or varies(content):
                raise self._changed(run, node, "an array or container")
        for name, value in named.items():
            before = self._bindings.get(name, value)
            if before is not value or varies(value):
                raise self._changed(run, node, f"`{name}`")

    def _changed(self, run: Lowering, node: cst.CSTNode | None, what: str) -> Refusal:
        return run.refusal(
            node,
            "GS127",
            f"`{self.name}`, which has a cache, reads {what} that changes between its calls",
            why="the run decides whether a call is found in the cache, as it was before the change",
            fix="pass what it reads as an argument, or leave the cache out",
        )


def _content(run: Lowering, cell: Cell) -> object:
    return run.heap.get(cell, getattr(cell, "initial", None))


def _free_names(function: FunctionSyntax) -> Iterator[str]:
    """Names that a function reads and does not bind."""
    pending: list[tuple[cst.CSTNode, frozenset[str]]] = [(function, frozenset())]
    while pending:
        node, bound = pending.pop()
        parts: Iterable[cst.CSTNode] = children(node)
        match node:
            case cst.Name(value=name):
                if name not in bound:
                    yield name
            case cst.Attribute(value=inner) | cst.Arg(value=inner):
                parts = [inner]
            case cst.FunctionDef(body=body) | cst.Lambda(body=body):
                parts, bound = [body], bound | analyse(node, body_of(node)).local
            case cst.BaseComp(for_in=part):
                bound = bound.union(*(target_names(inner.target) for inner in _loops_of(part)))
        pending += [(part, bound) for part in parts]


def _loops_of(part: cst.CompFor | None) -> Iterator[cst.CompFor]:
    while part is not None:
        yield part
        part = part.inner_for_in

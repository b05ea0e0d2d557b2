"""The parts of a run-time loop while it is lowered: data only.

In:  nothing.   Out: `Loop`, `State`, `Body`, `At`.
Not here: attempts (loops.py), what a loop leaves (loop_results.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import libcst as cst

from gradscribe.frontend.iteration import Counted
from gradscribe.frontend.slots import Slots
from gradscribe.frontend.state import ActiveLoop, Flow, Lowering
from gradscribe.frontend.values import Abstract, Cell, Number, serial_mark
from gradscribe.ir.graph import Node, Value
from gradscribe.ops.build import OpBuilder


@dataclass(frozen=True)
class Loop:
    """The parts of a loop.

    Attributes:
        node: its syntax.
        body: lowers one iteration, given the item.
        counted: what a `for` goes over; None for `while`.
        test: lowers the condition of a `while`.
        assigned: names that an iteration may bind.
        head: names needed at the start of an iteration; exposed: those that it may read before binding them.
        after: names needed after the loop.
        touched: objects that the body surely changes; lists among them are appended to if in `grown`.
        can_unroll: the number of iterations is known now.
        can_peel: the first iteration may be lowered on its own.
        keeps_broke: whether the loop was left by `break` is asked afterwards.
    """

    node: cst.CSTNode
    body: Callable[[Abstract], Flow]
    counted: Counted | None = None
    test: Callable[[], bool | Value] | None = None
    assigned: frozenset[str] = frozenset()
    head: frozenset[str] = frozenset()
    exposed: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    touched: tuple[Cell, ...] = ()
    grown: frozenset[Cell] = frozenset()
    can_unroll: bool = False
    can_peel: bool = False
    keeps_broke: bool = False


@dataclass
class Body:
    """One lowered iteration.

    `is_endless` says that the condition of a `while` always holds.
    """

    builder: OpBuilder
    names: dict[str, Abstract]
    heap: dict[Cell, object]
    flow: Flow
    index: Value
    test: tuple[Sequence[Node], Value] | None = None
    is_endless: bool = False


@dataclass
class State:
    """What one attempt starts from and finds.

    Attributes:
        shapes: carried names as the body sees them; contents: carried cells likewise.
        undefined: carried names that have no value before the loop.
    """

    slots: Slots
    shapes: dict[str, Abstract] = field(default_factory=dict)
    contents: dict[Cell, object] = field(default_factory=dict)
    undefined: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)


class At:
    """Nodes made inside belong to the end of the body."""

    def __init__(self, run: Lowering, body: Body) -> None:
        self.run = run
        self.body = body

    def __enter__(self) -> None:
        self.outer = self.run.builder, self.run.heap
        self.run.builder, self.run.heap = self.body.builder, self.body.heap

    def __exit__(self, *exception: object) -> None:
        self.run.builder, self.run.heap = self.outer


def active_loop(run: Lowering, loop: Loop) -> ActiveLoop:
    """The loop, as what is lowered inside knows it."""
    numbers = loop.counted.static_range if loop.counted is not None else None
    trips = len(numbers) if numbers is not None and loop.can_unroll else None
    key = (run.context, id(loop.node))
    return ActiveLoop(key, loop.can_unroll, _origins_of_bounds(run, loop), mark=serial_mark(), trips=trips)


def _origins_of_bounds(run: Lowering, loop: Loop) -> frozenset[object]:
    """What decides how often the loop runs."""
    if loop.counted is None:
        return frozenset()
    found: set[object] = set()
    for bound in (loop.counted.start, loop.counted.stop, loop.counted.step):
        if isinstance(bound, Number):
            if bound.value not in run.origins:
                return frozenset()
            found |= run.origins[bound.value]
    return frozenset(found)

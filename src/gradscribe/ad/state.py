"""What the parts of one transformation share.

In:  nothing.   Out: `Transformation`, `Sweep`, `BlockPullback`, `PushedBlock`, `CalleePair`: data only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gradscribe.ad.accumulate import Cotangents
from gradscribe.ad.forms import Form
from gradscribe.analysis.absence import Absence
from gradscribe.analysis.activity import Activity
from gradscribe.analysis.overwriting import Overwriting
from gradscribe.analysis.selection import Selections, Tangent
from gradscribe.ir.graph import Block, Graph, Node, Program, Value
from gradscribe.ir.types import ResidualsType
from gradscribe.ops.build import OpBuilder


class ReverseBlock(Protocol):
    """Reverse mode on one block; see reverse.reverse_block."""

    def __call__(
        self,
        run: Transformation,
        block: Block,
        varied_params: Sequence[bool],
        result_cts: Sequence[Value | None],
        accumulators: Mapping[Value, Value],
        absent_params: Sequence[bool] | None = None,
        restored: Mapping[Value, Value] | None = None,
        overwritten: frozenset[Value] = frozenset(),
    ) -> BlockPullback:
        """The adjoint of a block."""


class PushBlock(Protocol):
    """Forward mode on one block; see forward.push_block."""

    def __call__(
        self,
        run: Transformation,
        block: Block,
        tangents: Mapping[Value, Value],
        absent_params: Sequence[bool] | None = None,
        known: Sequence[Tangent] | None = None,
    ) -> PushedBlock:
        """The nodes of a block, each with the nodes of its tangent after it."""


@dataclass(frozen=True)
class CalleePair:
    """The companions of a graph.

    Attributes:
        forward, reverse: their names.
        active: positions of the arguments that get a cotangent.
        useful: positions of the results that bring one.
        passed: positions of the arguments that the reverse part reads: its caller has them, too.
        residuals: type of what goes from one to the other.
    """

    forward: str
    reverse: str
    active: tuple[int, ...]
    useful: tuple[int, ...]
    passed: tuple[int, ...]
    residuals: ResidualsType


@dataclass
class Transformation:
    """What one transformation of a program shares.

    Attributes:
        program: the program before.
        reverse_block, push_block: both modes on a block, for what owns blocks or calls graphs.
        reserved: names that graphs made on the way must not take.
        activity: memo of the activity analysis.
        absence: memo of the analysis of absence.
        selections: memo of the analysis of tangents that may be zero.
        overwriting: memo of the analysis of storages.
        graphs: graphs made on the way (forward and reverse parts of recursive functions), by name.
        pushed: names of forward-mode companions made or being made.
        callees: (graph, varied parameters, useful results) -> the pair made for it.
    """

    program: Program
    reverse_block: ReverseBlock
    push_block: PushBlock
    reserved: frozenset[str] = frozenset()
    activity: Activity = field(default_factory=Activity)
    absence: Absence = field(default_factory=Absence)
    selections: Selections = field(default_factory=Selections)
    overwriting: Overwriting = field(default_factory=Overwriting)
    graphs: dict[str, Graph] = field(default_factory=dict)
    pushed: set[str] = field(default_factory=set)
    callees: dict[tuple[str, tuple[bool, ...], tuple[bool, ...]], CalleePair] = field(default_factory=dict)

    def graph(self, name: str) -> Graph:
        """A graph of the program, or one that was made on the way."""
        return self.graphs.get(name) or self.program.graphs[name]


@dataclass(frozen=True)
class PushedBlock:
    """A block with its tangents: `tangents` has one entry per result, None for zero."""

    b: OpBuilder
    tangents: list[Value | None]


@dataclass(frozen=True)
class BlockPullback:
    """The two halves of the adjoint of a block.

    Attributes:
        forward: the block's nodes, some with further outputs.
        b: the reverse sweep.
        cotangents: what has arrived at the parameters.
        restored: versions of storages, by what the reverse sweep has restored them as.
        absent: values that may be absent, and the cotangents that come in for such values.
    """

    forward: list[Node]
    b: OpBuilder
    cotangents: Cotangents
    restored: Mapping[Value, Value]
    absent: frozenset[Value] = frozenset()


@dataclass
class Sweep:
    """The state of reverse mode in one block, as the reversals of control nodes see it.

    Attributes:
        run: shared by the whole transformation.
        block: the primal block.
        b: builder of the reverse sweep.
        cts: cotangents so far.
        varied: values of the block that depend on active parameters.
        absent: values of the block that may be absent.
        restored: versions of storages, by what the reverse sweep has restored them as.
        overwritten: versions of storages that the reverse sweep finds overwritten.
        forms: nodes whose cotangent passes to a value further up in one step.
        steep: values whose derivative may be infinite where they are finite, as that of `sqrt(x)`.
    """

    run: Transformation
    block: Block
    b: OpBuilder
    cts: Cotangents
    varied: frozenset[Value]
    absent: frozenset[Value]
    restored: dict[Value, Value] = field(default_factory=dict)
    overwritten: frozenset[Value] = frozenset()
    forms: Mapping[Node, Form] = field(default_factory=dict)
    steep: frozenset[Value] = frozenset()

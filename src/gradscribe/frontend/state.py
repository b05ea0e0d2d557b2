"""What the parts of one lowering share: the block being built, the frames, the heap, what was learnt.

In:  nothing.   Out: `Lowering`, `Frame`, `Flow`, `Learnt`.
Not here: the meaning of syntax (expressions.py, statements.py and their neighbours).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FunctionType
from typing import TYPE_CHECKING, Any

import libcst as cst
import numpy as np

from gradscribe.errors import Diagnostic, GradscribeError, UnsupportedOperationError, UnsupportedSyntaxError
from gradscribe.frontend.activations import MAX_TRIPS
from gradscribe.frontend.activations import Activation as Activation
from gradscribe.frontend.activations import ActiveLoop as ActiveLoop
from gradscribe.frontend.capture import Captured
from gradscribe.frontend.derived import forget_reads
from gradscribe.frontend.equal_lengths import EqualLengths
from gradscribe.frontend.facts import Callee, Fact, StaticInt
from gradscribe.frontend.flow import FALLS as FALLS
from gradscribe.frontend.flow import RAISES as RAISES
from gradscribe.frontend.flow import Condition as Condition
from gradscribe.frontend.flow import Flow as Flow
from gradscribe.frontend.given import Given
from gradscribe.frontend.joins import mixed_results
from gradscribe.frontend.known_keys import KnownKeys
from gradscribe.frontend.learnt import Learnt
from gradscribe.frontend.liveness import Liveness
from gradscribe.frontend.positions import SyntaxHandle
from gradscribe.frontend.refusal import Refusal, Restart, Unresolved
from gradscribe.frontend.suspended import Suspended, Yields
from gradscribe.frontend.syntax import Statement
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    ArrayCell,
    Cell,
    InstanceCell,
    Iterated,
    ListCell,
    MaybeNone,
    Number,
    Static,
    Tainted,
    Text,
    Unknown,
    plain,
    serial_mark,
)
from gradscribe.ir.graph import Graph, Node, Value
from gradscribe.ir.lengths import Symbol
from gradscribe.ir.signature import Hidden
from gradscribe.ir.types import BOOL, ArrayType, ScalarType, SequenceType, Type, kind_of
from gradscribe.location import Location
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.custom_rules import Rules
from gradscribe.ops.spec import OpSpec, Spelling, Unsupported, written
from gradscribe.ops.table import lookup

if TYPE_CHECKING:
    from gradscribe.frontend.iterables import GoneOver, Left

RETURN = "<return>"
WHOLE = (int, np.integer, np.bool_)


@dataclass(eq=False)
class Frame:
    """One activation of a user function.

    Attributes:
        names: its variables; `RETURN` stands for the value it returned.
        parent: the frame that a nested function was made in.
        function: the function object, for globals and cells; that of the outermost function for nested ones.
        loops: keys of the run-time loops around the point of lowering, outermost first.
        yields: of a generator, what is done with an item. has_returned: functions made in it hold its variables.
        box: holds the variables that nested functions rebind by `nonlocal`.
    """

    captured: Captured
    liveness: Liveness
    function: FunctionType
    parent: Frame | None = None
    names: dict[str, Abstract] = field(default_factory=dict)
    context: tuple[object, ...] = ()
    yields: Yields | None = None
    has_returned: bool = False
    box: InstanceCell | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        rebound = self.liveness.rebound
        if rebound:
            self.box = InstanceCell(Variables, {k: v for k, v in self.names.items() if k in rebound})
            self.names = {k: v for k, v in self.names.items() if k not in rebound}

    def boxed(self, name: str) -> InstanceCell | None:
        """The object that holds a variable which nested functions rebind, of this function or one around it."""
        if name in self.liveness.rebound:
            return self.box
        return (
            self.parent.boxed(name) if self.parent is not None and name not in self.liveness.local else None
        )


class Variables:
    """The class of the object that holds the variables of a function which nested functions rebind."""


class Lowering:
    """The state of one lowering.

    Attributes:
        builder: the block being built.
        heap: content of cells that differs from their first content, and what views last read.
        frame: the function being lowered.
        context: tells apart several lowerings of one piece of syntax (call sites, unrolled iterations).
        origins: for int values, the leaves and loop indices they are computed from.
        makers: the node that made a value.
        mixed: numbers that are of one class or another at run time: an int before a loop, a float after it.
        may_be_none: flags that say whether something is a value or None.
        sharers: for an object, the other cells that may be that object or hold it; apart: pairs that are two.
        enclosing: builders of the blocks around the current one.
        used_up: iterators that were consumed. labels: of things known now, among which the run chooses.
        known_keys: of dicts that are asked at run time; set_sites: where such sets were made.
        remaining: what `next` left of an iterator. memos: results of functions with a cache.
        comprehensions: names of the comprehensions around the point of lowering.
        watching: generators that are being lowered; expanded: those that were, for what consumes them;
            suspended: those between whose items stands what is being lowered.
        open_rules: rules of the user that are being lowered, with the values that they are taken to capture.
        statement_mark: objects with a greater serial were made by the statement being lowered.
        statement_builder: of the block that the statement being lowered stands in.
        last_raise: what to say if the `raise` that was lowered last is always reached.
        shares_entries, writes_entries: an entry of a run-time list may have other names; one was written to.
        iterated: containers that a loop around here goes over.
        joining: how many objects that hold one another are being joined. tables: of objects that are rows.
        decisions: how often the code that was written asks which of several objects one is.
        asked: the user's call of a function or class of ours that is being lowered in place.
    """

    evaluate: Callable[[Lowering, cst.BaseExpression], Abstract]
    execute: Callable[[Lowering, Sequence[Statement]], Flow]
    choose: Callable[..., Abstract]
    text_value: Callable[[Lowering, Text, cst.CSTNode | None], Value]
    slice_list: Callable[[Lowering, cst.CSTNode, ListCell, Abstract], ListCell]
    call: Callable[[Lowering, cst.CSTNode, Abstract, Sequence[Abstract], Mapping[str, Abstract]], Abstract]

    def __init__(self, learnt: Learnt, location: Location) -> None:
        self.learnt = learnt
        self.lengths = EqualLengths(learnt.same_lengths)
        self.builder = OpBuilder(location=location)
        self.enclosing: list[OpBuilder] = []
        self.heap: dict[Cell, object] = {}
        self.frame: Frame
        self.line = location.line
        self.live_out: frozenset[str] = frozenset()
        self.parameter_names: set[str] = set()
        self.context: tuple[object, ...] = ()
        self.loops: list[ActiveLoop] = []
        self.stack: list[Activation] = []
        self.refusals: dict[tuple[object, str], Refusal] = {}
        self.origins: dict[Value, frozenset[object]] = {}
        self.makers: dict[Value, Node] = {}
        self.mixed, self.may_be_none = set[Value](), set[Value]()
        self.sharers: dict[Cell, list[Cell]] = {}
        self.apart: set[frozenset[Cell]] = set()
        self.statement_mark = 0
        self.last_raise: Refusal | None = None
        self.statement_builder: OpBuilder | None = None
        self.shares_entries = self.writes_entries = False
        self.iterated: list[GoneOver] = []
        self.asked: Location | None = None
        self.leaf_values: list[object] | None = None
        self.params: list[Value] = []
        self.hidden: list[Hidden] = []
        self.hidden_values: dict[tuple[object, object], Abstract] = {}
        self.hidden_contents: dict[tuple[object, object], tuple[tuple[Cell, object], ...]] = {}
        self.facts: dict[Fact, None] = {}
        self.written_leaves: dict[int, None] = {}
        self.guards: dict[tuple[int, str | None], Callee] = {}
        self.graphs: dict[str, Graph] = {}
        self.recursive, self.memos = dict[object, Any](), dict[object, Any]()
        self.open_rules: dict[object, tuple[Rules, list[Value]]] = {}
        self.entry_name, self.joining, self.decisions = "", 0, 0
        self.tables: dict[type, Any] = {}
        self.used_up, self.ignored = set[Iterated](), set[str]()
        self.labels: dict[str, Abstract] = {}
        self.set_sites: dict[Cell, object] = {}
        self.known_keys, self.given = KnownKeys(), Given()
        self.remaining: dict[Iterated, Left] = {}
        self.comprehensions, self.last_items = list[frozenset[str]](), list[Any]()
        self.watching, self.expanded, self.suspended = list[Suspended](), list[Suspended](), list[Suspended]()

    # Places and refusals

    def location(self, node: cst.CSTNode | None) -> Location:
        """Where a node of the current statement stands, or the call of what is written out here."""
        if self.asked is not None:
            return self.asked
        captured = self.frame.captured
        handle = SyntaxHandle(captured, node) if node is not None else None
        return Location(captured.file, self.line, syntax=handle)

    def refusal(
        self,
        node: cst.CSTNode | None,
        code: str,
        title: str,
        *,
        label: str = "",
        why: str = "",
        fix: str = "",
        notes: tuple[str, ...] = (),
        raises: Exception | None = None,
    ) -> Refusal:
        """The exception that says this cannot be lowered; the caller raises it.

        What surely `raises`, in a statement that may not be reached, becomes an error when it is.
        """
        error: type[GradscribeError] = UnsupportedSyntaxError
        if code.startswith("GS2"):
            error = UnsupportedOperationError
        diagnostic = Diagnostic(code, title, self.location(node), label, why, fix, notes)
        may_not_be_reached = bool(self.enclosing) and self.builder is self.statement_builder
        return Refusal(error, diagnostic, raises if may_not_be_reached else None)

    def keep(self, refusal: Refusal) -> None:
        """Remember a refusal; the same place lowered twice counts once."""
        location = refusal.diagnostic.location
        handle = location.syntax if location is not None else None
        place: object = id(handle.node) if isinstance(handle, SyntaxHandle) else location
        self.refusals.setdefault((place, refusal.diagnostic.code), refusal)

    # Values

    def constant(self, value: bool | int | float | complex, node: cst.CSTNode | None = None) -> Value:
        """A literal in the current block."""
        self.builder.location = self.location(node)
        made = self.builder.constant(value)
        self.makers[made] = self.builder.nodes[-1]
        return made

    def absent(self, type_: Type) -> Value:
        """A value of this type that is never read."""
        return self.builder.emit(lookup("absent"), (), (type_,))[0]

    def optional(self, value: Abstract, given: Value, otherwise: Abstract = NOTHING) -> MaybeNone:
        """What is this value where the flag holds, and None, or a number, where it does not."""
        self.may_be_none.add(given)
        return MaybeNone(value, given, otherwise)

    def apply(
        self,
        node: cst.CSTNode | None,
        operation: str | OpSpec,
        inputs: Sequence[Value],
        attrs: Mapping[str, object] | None = None,
        spelling: Spelling | None = None,
    ) -> tuple[Value, ...]:
        """Append a node of an operation of the table, written as `spelling`."""
        spec = lookup(operation) if isinstance(operation, str) else operation
        given = {name: plain(value) for name, value in (attrs or {}).items()}
        if spelling is not None and spelling != spec.spellings[0]:
            given["spelling"] = spelling
        title = f"`{written(spec, spelling)}` cannot be used like this"
        try:
            types = self.builder.infer(spec, inputs, given)
        except Unsupported as error:
            raise self.refusal(node, "GS202", title, why=error.why, fix=error.fix).of(inputs) from None
        except (TypeError, ValueError, IndexError) as error:
            # NumPy was asked for the result's type and refuses: the function itself would raise.
            why, fix = f"NumPy says: {error}", "check the types and dimensions of the operands"
            raise self.refusal(node, "GS202", title, why=why, fix=fix).of(inputs) from None
        self.builder.location = self.location(node)
        self.lengths.ask_of_operation(spec, [value.type for value in inputs], given)
        outputs = self.builder.emit(spec, inputs, types, given)
        self.mixed |= mixed_results(spec, spelling, self.mixed, inputs, outputs)
        self.makers.update(dict.fromkeys(outputs, self.builder.nodes[-1]))
        self._note_origin(inputs, outputs, self.lengths.asked(spec, inputs, given))
        return outputs

    def op(self, node: cst.CSTNode | None, name: str, *inputs: Value, **attrs: object) -> Value:
        """Append a node with one output."""
        return self.apply(node, name, inputs, attrs)[0]

    def negated(self, node: cst.CSTNode | None, condition: Value) -> Value:
        """The opposite of a condition; of an opposite, the bool itself."""
        maker = self.makers.get(condition)
        if maker is not None and maker.op.name == "bool_not" and maker.inputs[0].type == BOOL:
            return maker.inputs[0]
        return self.op(node, "bool_not", condition)

    def _note_origin(
        self, inputs: Sequence[Value], outputs: Sequence[Value], lengths: frozenset[object]
    ) -> None:
        if any(isinstance(value.type, ArrayType) and value.type.dtype.kind in "biu" for value in inputs):
            # What stands in an array of ints is not known, whatever is known of the index.
            inputs = ()
        for output in outputs:
            if isinstance(output.type, ScalarType) and output.type.dtype.kind in "biu":
                found = lengths.union(*(self.origins.get(value, frozenset()) for value in inputs))
                if found:
                    self.origins[output] = found

    def wrap(self, value: Value) -> Abstract:
        """The abstract value of a graph value: arrays and lists become new objects."""
        if isinstance(value.type, ArrayType):
            return ArrayCell(value)
        if isinstance(value.type, SequenceType):
            return ListCell(value)
        return Number(value)

    # Blocks

    @contextmanager
    def block(self) -> Iterator[OpBuilder]:
        """Nodes made inside go to a new block; what views were read there is not known outside of it."""
        outer, before, mark = self.builder, dict(self.heap), serial_mark()
        keys, self.known_keys = self.known_keys, self.known_keys.lasting()
        self.builder = outer.inner()
        self.enclosing.append(outer)
        try:
            yield self.builder
        finally:
            self.enclosing.pop()
            self.builder, self.known_keys = outer, keys.after(self.known_keys)
            forget_reads(self.heap, before, mark, Tainted(self.location(None), "", tuple(self.loops)))

    @contextmanager
    def within(self, *keys: object) -> Iterator[None]:
        """What is lowered inside is told apart by these keys."""
        outer = self.context
        self.context = (*outer, *keys)
        try:
            yield
        finally:
            self.context = outer

    # Static values

    def static_int(self, node: cst.CSTNode | None, value: Abstract, what: str) -> int:
        """The value of an int that must be known now.

        A loop index unrolls its loop, an int argument becomes part of the guard.
        """
        if isinstance(value, Static) and isinstance(value.value, WHOLE):
            return int(value.value)
        if isinstance(value, Unknown):
            raise Unresolved
        kind = kind_of(value.value.type) if isinstance(value, Number) else "i"
        if isinstance(value, Number) and kind in "biu":
            self._restart_for(value.value)
            found = self._ask_leaf(value.value)
            if found is not None:
                return found
        title = f"{what} must be known before the function runs"
        why = "it decides which code is generated, and here it is computed at run time"
        if kind not in "biu":
            title, why = f"{what} must be an int", "it decides which code is generated, and here it is no int"
        fix = "write it as a literal, or pass it as an int argument"
        operands = [value.value] if isinstance(value, Number) else []
        raise self.refusal(node, "GS125", title, why=why, fix=fix).of(operands)

    def _restart_for(self, value: Value) -> None:
        """Start again, with the loops written out that decide this value, as far as their bounds can be known."""
        wanted = self._with_bounds(self.origins.get(value, frozenset()))
        deciding = [loop for loop in self.loops if loop.key in wanted]
        ready = [loop for loop in deciding if loop.can_unroll]
        for loop in ready:
            self.learnt.loops[loop.key].write_out()
        if ready:
            raise Restart(ready[0].key)
        if deciding and all(loop.bounds for loop in deciding):
            self.learn(frozenset(key for key in wanted if isinstance(key, int | Symbol)))

    def _with_bounds(self, origins: frozenset[object]) -> frozenset[object]:
        """Origins, and those of the bounds of loops among them. A loop stands after those its bounds come from."""
        for loop in reversed(self.loops):
            if loop.key in origins:
                origins |= loop.bounds
        return origins

    def unroll_around(self) -> None:
        """If a loop around here can be unrolled, lower it again so: a list in it cannot be run-time data."""
        for loop in reversed(self.loops):
            if loop.can_unroll:
                self.learnt.loops[loop.key].write_out()
                raise Restart(loop.key)
            if self.may_be_short(loop):
                self.learn(loop.bounds)

    def prefer_static(self, cell: object) -> None:
        """If the loop that made this list run-time data can be unrolled, start again so."""
        if not isinstance(cell, ListCell) or cell.grown_in is None:
            return
        memory = self.learnt.loops[cell.grown_in.key]
        # One that was asked before, and is a loop still, cannot be unrolled.
        if not memory.unroll and (cell.grown_in.can_unroll or self.may_be_short(cell.grown_in)):
            memory.unroll = True
            self.learn(cell.grown_in.bounds)
            raise Restart(None)

    def may_be_short(self, loop: ActiveLoop) -> bool:
        """The arguments that decide how often a loop runs are small ints and lengths."""
        values = [self._known_argument(key) for key in loop.bounds]
        return bool(values) and all(value is not None and abs(value) <= MAX_TRIPS for value in values)

    def _known_argument(self, origin: object) -> int | None:
        if isinstance(origin, Symbol):
            return self.lengths.value(origin)
        found = self.leaf_values[origin] if self.leaf_values and isinstance(origin, int) else None
        return int(found) if isinstance(found, WHOLE) else None

    def prefer_known(self, *bounds: Abstract) -> None:
        """If arguments alone decide these ints, start again with them known."""
        found = [self.origins.get(bound.value, frozenset()) for bound in bounds if isinstance(bound, Number)]
        if found and all(found):
            self.learn(frozenset().union(*found))

    def _ask_leaf(self, value: Value) -> int | None:
        wanted = self.origins.get(value, frozenset())
        if value in self.params and self.leaf_values is not None:
            leaf = self.params.index(value)
            found = self.leaf_values[leaf]
            if isinstance(found, WHOLE):
                self.facts[StaticInt(leaf, int(found))] = None
                return int(found)
        # Computed from arguments: known once they are.
        self.learn(wanted)
        return None

    def learn(self, origins: frozenset[object]) -> None:
        """Start again with these known, if they are ints or lengths of arguments: the guard compares no floats."""
        leaves = {key for key in origins if isinstance(key, int) and self._is_int(key)}
        lengths = {key for key in origins if isinstance(key, Symbol)}
        is_new = bool(lengths) or not leaves <= self.learnt.static_leaves
        if is_new and len(leaves) + len(lengths) == len(origins):
            self.learnt.static_leaves.update(leaves)
            self.lengths.learn(lengths)
            raise Restart(None)

    def _is_int(self, leaf: int) -> bool:
        return self.leaf_values is not None and isinstance(self.leaf_values[leaf], WHOLE)

"""From a function and the types of its arguments to a program: start reading the front end here.

`lower` interprets the syntax of the function over abstract values. Everything static is evaluated away;
numbers and arrays become graph values. Where something must be known that is not (an axis, the index of a
list of layers), it is asked of the arguments or of a loop, noted, and lowering starts again from there.

In:  a Python function, `Arguments`.   Out: `Lowered`.
Not here: binding of a call (arguments.py), the meaning of syntax (statements.py, expressions.py).
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import Parameter as InspectParameter
from types import FunctionType, MethodType

from gradscribe.errors import Diagnostic, GradscribeError, InternalError, UnsupportedSyntaxError, UsageError
from gradscribe.extend import CustomFunction
from gradscribe.frontend.arguments import Arguments
from gradscribe.frontend.branches import choose
from gradscribe.frontend.calls import call
from gradscribe.frontend.capture import Captured, capture, suspended
from gradscribe.frontend.defaults import kept
from gradscribe.frontend.expressions import evaluate
from gradscribe.frontend.facts import Callee, Fact, StaticInt
from gradscribe.frontend.given import Apart
from gradscribe.frontend.interleaving import liveness_in
from gradscribe.frontend.jitted import python_of
from gradscribe.frontend.keyed import root_of_site, spell_out
from gradscribe.frontend.learnt import Learnt
from gradscribe.frontend.list_copies import sliced
from gradscribe.frontend.object_tables import open_tables
from gradscribe.frontend.operands import raise_if_none
from gradscribe.frontend.outer_changes import changed_outside
from gradscribe.frontend.partly_filled import fill_partly
from gradscribe.frontend.positions import with_place
from gradscribe.frontend.recursive_numbers import know_numbers
from gradscribe.frontend.refusal import UNRESOLVED, Refusal, Restart, Unresolved
from gradscribe.frontend.returning import Taker
from gradscribe.frontend.scope import abstract_of, name_leaves, note_leaf_origins, outside
from gradscribe.frontend.signs import expect_ints
from gradscribe.frontend.state import WHOLE, Frame, Lowering
from gradscribe.frontend.statements import execute
from gradscribe.frontend.table_restarts import in_tables, take_tables
from gradscribe.frontend.text import text_value
from gradscribe.frontend.values import Abstract, BoundMethod, DictCell, MaybeNone, Static, TupleValue, is_none
from gradscribe.frontend.written_arguments import check_overlap, with_spread_copies
from gradscribe.ir.control import graphs_reached
from gradscribe.ir.graph import Block, Graph, Program, Value
from gradscribe.ir.signature import Leaf, Parameter, Signature, Structure
from gradscribe.ir.walk import walk
from gradscribe.location import Location

MAX_RESTARTS = 50
RECURSION_LIMIT = 10_000


@dataclass(frozen=True, eq=False)
class Lowered:
    """A function as a program.

    Attributes:
        program: parameters of the entry graph are the leaves of the arguments, then the hidden ones.
        facts: what was asked of the leaves beyond their types.
        guards: functions that were lowered in place.
        written: leaves that the function writes to; no other array may share memory with them.
        changed: names of what lies outside of the function and is changed by it, on a copy.
        apart: what must stand at one place only among all that the function is given.
    """

    program: Program
    facts: tuple[Fact, ...]
    guards: tuple[Callee, ...]
    written: tuple[int, ...] = ()
    changed: tuple[str, ...] = ()
    apart: Apart = field(default_factory=Apart)

    @property
    def memory_of_their_own(self) -> tuple[int, ...]:
        """The leaves that must not share memory with others."""
        return tuple(dict.fromkeys((*self.written, *self.apart.leaves)))


def lower(function: Callable[..., object], arguments: Arguments) -> Lowered:
    """The program of a function for arguments of these types.

    Raises:
        UnsupportedSyntaxError: GS1xx, Python outside of the supported subset.
        UnsupportedOperationError: GS2xx, an operation that is unknown or used in a way that is not supported.
    """
    function = python_of(function)
    plain = _with_source(function)
    captured = capture(plain)
    if plain.__code__.co_flags & inspect.CO_GENERATOR:
        raise suspended(plain.__code__, "generator")
    learnt, restarts = Learnt(), 0
    while restarts < MAX_RESTARTS:
        entry = _Entry(function, plain, captured, arguments, learnt)
        try:
            with _deep_recursion():
                return entry.lower()
        except Restart:
            entry.forget_unequal_lengths()
        except RecursionError:
            # Objects that refer to others without end are rows, which end.
            if not take_tables(learnt) and not learnt.refused_in_tables:
                raise
            if not learnt.is_stale:
                entry.report(learnt.refused_in_tables)
        restarts += 1
        if learnt.is_stale:
            learnt, restarts = learnt.afresh(), 0
    raise InternalError(
        Diagnostic(
            "GS910",
            f"lowering `{captured.name}` does not come to an end",
            captured.location,
            why="this is our bug, not yours",
        )
    )


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """Calls in branches in calls: lowering is as deep as what it lowers."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _with_source(function: Callable[..., object]) -> FunctionType:
    """The function written in Python that is called in the end."""
    match function:
        case FunctionType():
            return function
        case MethodType(__func__=inner) | CustomFunction(function=inner) | functools.partial(func=inner):
            return _with_source(python_of(inner))
    found = getattr(type(function), "__call__", None)  # noqa: B004 (the class's own method is wanted)
    if isinstance(found, FunctionType):
        return found
    name = getattr(function, "__name__", type(function).__name__)
    raise UsageError(
        Diagnostic(
            "GS303",
            f"`{name}` is not a Python function",
            why="its source cannot be read",
            fix="wrap it: `lambda x: f(x)` of operations that are supported",
        )
    )


class _Entry:
    """One attempt at a function."""

    def __init__(
        self,
        function: Callable[..., object],
        plain: FunctionType,
        captured: Captured,
        arguments: Arguments,
        learnt: Learnt,
    ) -> None:
        self.function = function
        self.plain = plain
        self.captured = captured
        self.arguments = arguments
        self.run = Lowering(learnt, captured.location)
        self.run.evaluate, self.run.execute, self.run.call = evaluate, execute, call
        self.run.slice_list, self.run.text_value, self.run.choose = sliced, text_value, choose

    def lower(self) -> Lowered:
        """The program; all refusals of the function at once."""
        run, arguments = self.run, self.arguments
        captured = self.captured
        liveness = liveness_in(run, captured, captured.function, captured.body, nested=False)
        run.frame = Frame(captured, liveness, self.plain)
        run.lengths.note_arguments(arguments.leaf_types, arguments.leaf_values)
        run.params.extend(Value(run.lengths.known(type_), "") for type_ in arguments.leaf_types)
        run.leaf_values = list(arguments.leaf_values) if arguments.leaf_values is not None else None
        run.entry_name = self.captured.name if self.captured.name.isidentifier() else "function"
        run.parameter_names = {parameter.name for parameter in arguments.parameters}
        note_leaf_origins(run, 0)
        taker = Taker(run, None, keep_literals=False)
        structure: Structure | None = None
        try:
            value = self._call()
            run.line = self.captured.line
            if isinstance(value, MaybeNone) and is_none(value.otherwise):
                text = f"{run.entry_name} returned None, which has no derivative: return a value on every way"
                raise_if_none(run, value, None, text=text)
                value = value.value
            structure = taker.take(value)
        except Refusal as refusal:
            run.keep(refusal)
        except Unresolved:
            pass
        # What is refused of unequal lengths may be accepted of equal ones.
        run.lengths.restart_if_stale()
        self._report()
        if structure is None:
            raise _internal(f"the result of `{self.captured.name}` is unknown", self.captured.location)
        # Parts of containers are called after the variables they were bound to, else after their place.
        for parameter in arguments.parameters:
            name_leaves(parameter.structure, parameter.name, run.params)
        check_overlap(run, self.captured.location)
        return self._finish(structure, taker.leaves)

    def _call(self) -> Abstract:
        run = self.run
        positional: list[Abstract] = []
        named: dict[str, Abstract] = {}
        _read_asked(run)
        open_tables(run)
        for parameter in self.arguments.parameters:
            if isinstance(parameter.structure, Leaf):
                name_leaves(parameter.structure, parameter.name, run.params)
            value = abstract_of(run, parameter.structure, run.params, site=("argument", parameter.name))
            if parameter.name in self.arguments.kept:
                default = self.arguments.kept[parameter.name]
                value = kept(value, self.captured.name, parameter.name, default)
            self._add(parameter, value, positional, named)
        target: Static | BoundMethod = Static(self.plain)
        if isinstance(self.function, CustomFunction | functools.partial):
            target = Static(self.function)
        elif self.plain is not self.function:
            owner = self.function
            method = owner if isinstance(owner, MethodType) else MethodType(self.plain, owner)
            target = BoundMethod(Static(self.plain), _owner(run, method))
        return call(run, self.captured.function, target, positional, named)

    def _add(
        self, parameter: Parameter, value: Abstract, positional: list[Abstract], named: dict[str, Abstract]
    ) -> None:
        if parameter.kind is InspectParameter.VAR_POSITIONAL:
            assert isinstance(value, TupleValue)
            positional.extend(value.items)
        elif parameter.kind is InspectParameter.VAR_KEYWORD:
            assert isinstance(value, DictCell)
            named.update({str(key): item for key, item in value.initial.items()})
        elif parameter.kind is InspectParameter.KEYWORD_ONLY:
            named[parameter.name] = value
        else:
            positional.append(value)

    def _report(self) -> None:
        refusals = list(self.run.refusals.values())
        if not refusals:
            return
        refusals = know_numbers(self.run, refusals)
        spell_out(self.run)
        expect_ints(self.run, refusals)
        self.report(in_tables(self.run.learnt, fill_partly(self.run, refusals)))

    def report(self, refusals: Sequence[Refusal]) -> None:
        """Raise the error that says them."""
        placed = [(with_place(refusal.diagnostic), refusal.error) for refusal in refusals]
        placed.sort(key=lambda pair: _order(pair[0]))
        errors: set[type[GradscribeError]] = {error for _, error in placed}
        error = errors.pop() if len(errors) == 1 else UnsupportedSyntaxError
        raise error([diagnostic for diagnostic, _ in placed])

    def forget_unequal_lengths(self) -> None:
        """Where lengths turned out to be one, what loops made of them before is no longer so."""
        if self.run.lengths.is_stale:
            for memory in self.run.learnt.loops.values():
                memory.types.clear()

    def _finish(self, structure: Structure, results: Sequence[Value]) -> Lowered:
        run = self.run
        signature = Signature(self.arguments.parameters, structure, tuple(run.hidden))
        body = Block(tuple(run.params), tuple(run.builder.nodes), tuple(results))
        body = with_spread_copies(run, body)
        name = run.entry_name
        graph = Graph(name, signature, body, self.captured.location)
        # Not those that were made while less was known of what they call.
        program = Program(name, graphs_reached(graph, run.graphs), frozenset(run.ignored))
        _check_resolved(program)
        return Lowered(
            program,
            (*run.facts, *self._static_leaves(), *run.lengths.facts()),
            tuple(run.guards.values()),
            tuple(run.written_leaves),
            changed_outside(run),
            run.given.apart(run.heap, (*signature.parameters, *signature.hidden)),
        )

    def _static_leaves(self) -> list[StaticInt]:
        values = self.run.leaf_values or []
        found = []
        for leaf in sorted(self.run.learnt.static_leaves):
            value = values[leaf]
            assert isinstance(value, WHOLE)
            if StaticInt(leaf, int(value)) not in self.run.facts:
                found.append(StaticInt(leaf, int(value)))
        return found


def _owner(run: Lowering, method: MethodType) -> Abstract:
    """The object of a bound method, read afresh at each call."""
    if isinstance(method.__self__, type):
        return Static(method.__self__)
    return outside(run, method.__self__, method, "__self__", "self", None)


def _read_asked(run: Lowering) -> None:
    """Dicts from outside that are asked at run time are made of their entries before all else."""
    wanted = set(map(root_of_site, run.learnt.keyed))
    for root, place in list(run.learnt.outside.items()):
        if root in wanted:
            try:
                outside(run, *place, None)
            except Refusal as refusal:
                why = f"`{place[-1]}` is asked for keys that only the run knows: its entries are a list then"
                raise refusal.with_note(why) from None


def _check_resolved(program: Program) -> None:
    """No statement was left out."""
    for graph in program.graphs.values():
        for node in walk(graph.body):
            if node.op is UNRESOLVED:
                raise _internal("a statement was not lowered", node.location)


def _internal(title: str, location: Location | None) -> InternalError:
    return InternalError(Diagnostic("GS911", title, location, why="this is our bug, not yours"))


def _order(diagnostic: Diagnostic) -> tuple[str, int, int]:
    place = diagnostic.location
    return (place.file, place.line, place.column) if place is not None else ("", 0, 0)

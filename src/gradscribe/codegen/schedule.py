"""Puts mutation back: from a pure graph to an opened block whose writes happen in place.

In:  a graph, what is known of the graphs it calls.   Out: `Schedule` (data), and what callers must know of it.
Not here: the analysis (storage.py), Python (blocks.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from gradscribe.codegen.decisions import CallSummary
from gradscribe.codegen.memory import Memory
from gradscribe.codegen.opened import open_block
from gradscribe.codegen.order import reads_first
from gradscribe.codegen.reads import read_inputs
from gradscribe.codegen.rewrite import apply_fixes, carry_out
from gradscribe.codegen.storage import StoragePass
from gradscribe.ir.control import FOR, graphs_called
from gradscribe.ir.graph import Block, Graph, Program, Value
from gradscribe.ir.types import ArrayType
from gradscribe.ir.walk import walk

# Every round that asks for fixes makes at least one copy; after so many, the rest is copied where it is written.
MAX_ROUNDS = 25


@dataclass(frozen=True)
class Schedule:
    """A graph whose writes are decided.

    Attributes:
        graph: what was scheduled.
        body: its body in open form, with copies as nodes.
        in_place: result of a write -> the value whose memory (and variable) it takes over.
        memory: what each value occupies.
        reversed_lists: lists whose first entry belongs to the last iteration.
        elided: results of writes for which nothing is left to do.
        suggestions: names for values that have none.
        turned_lists: those of them that must be turned around after the loop, because others read them.
    """

    graph: Graph
    body: Block
    in_place: Mapping[Value, Value]
    memory: Memory
    reversed_lists: frozenset[Value]
    turned_lists: frozenset[Value]
    elided: frozenset[Value]
    suggestions: Mapping[Value, str]


def schedule_program(program: Program) -> dict[str, Schedule]:
    """A schedule of every graph."""
    summaries = {
        name: CallSummary(tuple(frozenset() for _ in graph.body.results), frozenset(), graph.donated)
        for name, graph in program.graphs.items()
    }
    called = {
        name for graph in program.graphs.values() for node in walk(graph.body) for name in graphs_called(node)
    }
    public = {name for name in program.graphs if name == program.main or name not in called}
    while True:
        schedules: dict[str, Schedule] = {}
        found: dict[str, CallSummary] = {}
        for name, graph in program.graphs.items():
            schedules[name], found[name] = schedule(graph, summaries, public=name in public)
        grown = {name: _merge(summaries[name], found[name]) for name in found}
        if grown == summaries or not called:
            # No call shares more than was assumed of it; it may share less, where that led to another copy.
            return schedules
        summaries = grown


def _merge(old: CallSummary, new: CallSummary) -> CallSummary:
    """What holds in either: summaries only grow, so that the search ends."""
    params = tuple(a | b for a, b in zip(old.params, new.params, strict=True))
    return CallSummary(params, old.shared | new.shared, old.donated)


def schedule(
    graph: Graph, summaries: Mapping[str, CallSummary], *, public: bool
) -> tuple[Schedule, CallSummary]:
    """The schedule of one graph, and what its results share memory with."""
    opened = open_block(graph.body)
    block = reads_first(opened.block)
    shared_slots: set[Value] = set()
    # Ends: after MAX_ROUNDS only slots and parameters can be asked for, each once.
    for round_number in count():
        found = StoragePass(block, graph.donated, summaries, shared_slots, fixing=round_number < MAX_ROUNDS)
        summary = _check_results(found, graph, public)
        if not found.fixes:
            break
        shared_slots |= found.fixes.shared_slots
        block = apply_fixes(block, found.fixes)
    block, in_place = carry_out(block, found.decisions)
    turned = _turned_lists(block, opened.reversed_lists)
    lists = opened.reversed_lists - turned
    elided = frozenset(found.decisions.elided)
    made = Schedule(graph, block, in_place, found.memory, lists, turned, elided, opened.suggestions)
    return made, summary


def _check_results(found: StoragePass, graph: Graph, public: bool) -> CallSummary:
    """Have results copied that may hold memory of the caller or of one another."""
    results = found.body.results
    params: list[frozenset[int]] = []
    shared: set[tuple[int, int]] = set()
    for k, result in enumerate(results):
        region = found.memory.of(result)
        arguments = region.all & found.param_pieces.keys()
        if public and arguments:
            if isinstance(result.type, ArrayType):
                found.decisions.copied_results.add((found.body, k))
            else:
                positions = {found.param_pieces[piece] for piece in arguments}
                found.fixes.params |= {found.body.params[position] for position in positions}
            arguments = frozenset()
        copied = (found.body, k) in found.decisions.copied_results
        for j in range(k):
            if copied or (found.body, j) in found.decisions.copied_results:
                continue
            if not region.all & found.memory.of(results[j]).all:
                continue
            position = k if isinstance(result.type, ArrayType) else j
            if isinstance(results[position].type, ArrayType):
                found.decisions.copied_results.add((found.body, position))
                copied = copied or position == k
            else:
                shared.add((j, k))
        params.append(frozenset() if copied else frozenset(found.param_pieces[piece] for piece in arguments))
    return CallSummary(tuple(params), frozenset(shared), graph.donated)


def _turned_lists(block: Block, candidates: frozenset[Value]) -> frozenset[Value]:
    """Lists in reverse order that something other than a loop over them uses."""
    turned: set[Value] = set()

    def visit(inner: Block) -> None:
        turned.update(candidates & set(inner.results))
        for node in inner.nodes:
            read = set(read_inputs(node)) & candidates
            if read and node.op is FOR:
                n = node.attrs["sequences"]
                assert isinstance(n, int)
                read &= {value for k, value in enumerate(node.inputs) if not 3 <= k < 3 + n}
            turned.update(read)
            for part in node.blocks:
                visit(part)

    visit(block)
    return frozenset(turned)

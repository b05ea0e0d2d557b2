"""Branches on run-time conditions: both sides are lowered, then what they leave is joined.

In:  a condition and what stands in the branches.   Out: `if` nodes; the joined state.
Not here: joining itself (merging.py), `if` statements (statements.py), boolean operators (conditions.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from gradscribe.frontend.blocks import emit_if
from gradscribe.frontend.derived import is_attached, is_of_a_block_before, is_read_elsewhere
from gradscribe.frontend.known_keys import KnownKeys
from gradscribe.frontend.merging import Merger, Side
from gradscribe.frontend.narrowing import Narrowing, implied, meet, meet_heaps
from gradscribe.frontend.refusal import UNRESOLVED, Raised, Refusal, Unresolved
from gradscribe.frontend.sharers import hold_converted
from gradscribe.frontend.state import FALLS, RAISES, RETURN, Flow, Lowering
from gradscribe.frontend.syntax import Statement
from gradscribe.frontend.values import (
    UNKNOWN,
    Abstract,
    Cell,
    Conflict,
    MaybeUnbound,
    Order,
    Place,
    Static,
    Tainted,
    Unknown,
)
from gradscribe.ir.control import Caught
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import BOOL
from gradscribe.ir.walk import substitute

RESULT = "<result>"


def branch(
    run: Lowering,
    node: cst.CSTNode,
    condition: Value,
    then: Callable[[], Flow],
    otherwise: Callable[[], Flow],
    live: frozenset[str] | None,
) -> Flow:
    """Lower both sides of a run-time branch and join them.

    Args:
        run: the lowering.
        node: the syntax that branches.
        condition: decides at run time.
        then: lowers one side and says how control leaves it.
        otherwise: lowers the other side.
        live: names needed afterwards; None for all.

    Returns:
        How control leaves the branch.
    """
    first_inside = Cell().serial
    names, heap, line = run.frame.names, run.heap, run.line
    keys = [run.known_keys.where(run, condition, holds) for holds in (True, False)]
    left = _side(run, then, names, heap, Narrowing(implied(run, condition, True)), keys[0])
    right = _side(run, otherwise, names, heap, Narrowing(implied(run, condition, False)), keys[1])
    run.line, run.known_keys = line, _keys_after(left, right)
    joined = join(run, node, left, right, (names, heap), first_inside, live, condition)
    emit_join(run, node, joined, condition)
    return joined.flow


def execute_in(run: Lowering, statements: Sequence[Statement], live: frozenset[str]) -> Flow:
    """Lower the statements of an inner block, after which these names are needed."""
    outer, run.live_out = run.live_out, live
    try:
        return run.execute(run, statements)
    finally:
        run.live_out = outer


def continue_under(
    run: Lowering, statement: cst.CSTNode, flow: Flow, falls: Value, rest: Sequence[Statement]
) -> Flow:
    """Statements after one that may have left: they run only if it did not."""
    left = Flow(falls=False, breaks=flow.breaks, continues=flow.continues, returns=flow.returns)
    if not rest:
        return flow
    return branch(run, statement, falls, lambda: run.execute(run, rest), lambda: left, run.live_out)


@dataclass
class Join:
    """Two sides that were joined, and what becomes of them.

    Attributes:
        results: what each side yields.
        outputs: the joined values.
        flow: how control leaves either.
    """

    sides: tuple[Side, Side]
    results: tuple[list[Value], list[Value]]
    outputs: list[Value]
    flow: Flow

    def parts(self) -> list[tuple[Side, list[Value]]]:
        """Each side with what it yields."""
        return list(zip(self.sides, self.results, strict=True))

    def rename(self, mapping: Mapping[Value, Value]) -> None:
        """Let both sides read other values."""
        for side, results in self.parts():
            side.builder.nodes = [substitute(node, mapping) for node in side.builder.nodes]
            results[:] = [mapping.get(value, value) for value in results]


def join(
    run: Lowering,
    node: cst.CSTNode,
    left: Side,
    right: Side,
    before: tuple[dict[str, Abstract], dict[Cell, object]],
    first_inside: int,
    live: frozenset[str] | None,
    condition: Value | None = None,
) -> Join:
    """Join what two sides leave.

    Args:
        run: the lowering.
        node: the syntax that branches.
        left: one side.
        right: the other.
        before: variables and objects where the sides begin.
        first_inside: serial of the first object that was made in them.
        live: names needed afterwards; None for all.
        condition: chooses between the sides.
    """
    names, heap = before
    run.frame.names, run.heap = names, heap
    optionals = [found for side in (left, right) for found in side.narrowing.optionals(names)]
    known = (left.narrowing, right.narrowing)
    if left.goes_on and right.goes_on:
        meet(known, (left.names, right.names), names)
    if left.survives and right.survives:
        meet_heaps(known, (left.heap, right.heap))
    merger = Merger(run, node, left, right, first_inside, condition, optionals)
    joined_heap = _join_heaps(merger, heap, first_inside)
    joined_names = _join_names(merger, names, live, joined_heap)
    flow = Flow(
        falls=merger.condition(left.flow.falls, right.flow.falls),
        breaks=merger.condition(left.flow.breaks, right.flow.breaks),
        continues=merger.condition(left.flow.continues, right.flow.continues),
        returns=merger.condition(left.flow.returns, right.flow.returns),
    )
    run.frame.names, run.heap = joined_names, joined_heap
    return Join((left, right), merger.results, merger.outputs, flow)


def emit_join(run: Lowering, node: cst.CSTNode, joined: Join, condition: Value, catches: Caught = ()) -> None:
    """Append the `if` that chooses between two sides."""
    first, second = ((side.builder.nodes, results) for side, results in joined.parts())
    made = run.makers.get(condition)
    if made is not None and made.op.name == "bool_not" and made.inputs[0].type == BOOL and not second[0]:
        # `if not found:` asks what is known already: no opposite of it is made, and saved.
        condition, first, second = made.inputs[0], second, first
    emit_if(run, node, condition, first, second, joined.outputs, catches)


def _side(
    run: Lowering,
    lower: Callable[[], Flow],
    names: dict[str, Abstract],
    heap: dict[Cell, object],
    narrowing: Narrowing,
    keys: KnownKeys,
) -> Side:
    run.frame.names, run.heap = narrowing.names(names), narrowing.heap(heap)
    frame = run.frame
    try:
        with run.block() as builder:
            run.known_keys = keys
            flow = lower()
            keys = run.known_keys
            entries = _entries_read(run.heap)
        # The sides are joined from inside of their blocks, where that is known.
        run.heap.update(entries)
        return Side(builder, frame.names, run.heap, flow, narrowing, keys)
    finally:
        run.frame.names, run.heap = names, heap


def _entries_read(heap: dict[Cell, object]) -> dict[Cell, object]:
    """What was read of the entries of run-time lists, and from which content of those lists."""
    attached = [cell for cell in heap if is_attached(cell, heap)]
    places = [cell.place for cell in attached if cell.place in heap]
    return {cell: heap[cell] for cell in (*attached, *places) if cell is not None}


def _keys_after(left: Side, right: Side) -> KnownKeys:
    """What is known of keys where two sides meet; a side that always raises does not get there."""
    ways = [side.keys for side in (left, right) if side.survives]
    return ways[0].met(ways[1]) if len(ways) == 2 else left.keys if left.survives else right.keys


def _join_heaps(merger: Merger, before: dict[Cell, object], first_inside: int) -> dict[Cell, object]:
    """Contents of the objects that existed before; those made inside live on only in joined values."""
    left, right = merger.sides
    joined = dict(before)
    merger.run.heap = joined
    entries: list[Cell] = []
    for cell in dict.fromkeys([*left.heap, *right.heap]):
        if isinstance(cell, Place):
            # What was in a list once is known to have been: one object may not stand in two places.
            joined.setdefault(cell, None)
            continue
        if cell.serial >= first_inside:
            continue
        if is_read_elsewhere(cell):
            continue
        initial = cell.initial  # type: ignore[attr-defined]
        contents = [side.heap.get(cell, initial) if side.survives else None for side in (left, right)]
        kept, is_put_there = before.get(cell, initial), cell.place is not None and cell.place not in before
        if None in contents and any(content is kept for content in contents) and not is_put_there:
            # The only way that goes on leaves it as it was.
            continue
        if contents[0] is contents[1] or contents == [None, None]:
            joined[cell] = contents[0] if contents[0] is not None else before.get(cell, initial)
            continue
        if any(is_attached(cell, side.heap) for side in (left, right)):
            entries.append(cell)
            continue
        joined[cell] = _join_contents(merger, cell, contents)
    for cell in entries:
        assert cell.place is not None
        put_there = cell.place not in before and any(cell.place in side.heap for side in (left, right))
        if put_there and is_attached(cell, joined):
            # One side did so, and the other one raises or did so too: the index is that of this side.
            joined[cell.place.holder.order] = Order()
    for cell in entries:
        joined[cell] = _join_entry(merger, cell, joined)
    return joined


def _join_contents(merger: Merger, cell: Cell, contents: Sequence[object]) -> object:
    hint = next((c.hint for c in contents if isinstance(c, Value)), "")
    joined = merger.merge_content(contents[0], contents[1], hint, cell)
    for content in contents:
        hold_converted(merger.run, cell, content, joined)
    return joined


def _join_entry(merger: Merger, cell: Cell, joined: dict[Cell, object]) -> object:
    """What an array or list holds that stands in a list on one side at least.

    Where it still does after the branch, it is read there. Elsewhere it has what it holds on either side, and may
    be an entry of all the lists into which these have put it.
    """
    unknown = Tainted(merger.run.location(merger.node), "", tuple(merger.run.loops))
    sides = merger.sides
    if is_attached(cell, joined) or not all(_is_readable(cell, side.heap) for side in sides if side.survives):
        return unknown
    for place in joined:
        if isinstance(place, Place) and place.cell is cell:
            cell.roots |= place.holder.roots
    return _join_contents(
        merger, cell, [merger.content(k, cell) if side.survives else None for k, side in enumerate(sides)]
    )


def _is_readable(cell: Cell, heap: Mapping[Cell, object]) -> bool:
    """What a cell holds is known, as far out as it stands in lists, and was put into these on the way to here."""
    while is_attached(cell, heap):
        assert cell.place is not None
        if is_of_a_block_before(cell.place, heap):
            return False
        cell = cell.place.holder
    return cell.chosen is None and not isinstance(heap.get(cell), Tainted | Conflict)


def _join_names(
    merger: Merger, before: dict[str, Abstract], live: frozenset[str] | None, heap: dict[Cell, object]
) -> dict[str, Abstract]:
    left, right = merger.sides
    merger.run.heap = heap
    joined: dict[str, Abstract] = {}
    for name in dict.fromkeys([*before, *left.names, *right.names]):
        a, b = left.names.get(name), right.names.get(name)
        if a is b and a is not None:
            joined[name] = a
            continue
        special = name in (RETURN, RESULT)
        if (
            not special
            and live is not None
            and name not in live
            and name not in merger.run.frame.liveness.shared
        ):
            continue
        reaches = [
            side.flow.returns is not False if name == RETURN else side.goes_on for side in (left, right)
        ]
        found = _join_name(merger, name, a, b, reaches)
        if found is not None:
            joined[name] = found
    return joined


def _join_name(
    merger: Merger, name: str, left: Abstract | None, right: Abstract | None, reaches: list[bool]
) -> Abstract | None:
    if not any(reaches):
        return None
    missing = [part is None and reached for part, reached in zip((left, right), reaches, strict=True)]
    given = [part if reached else None for part, reached in zip((left, right), reaches, strict=True)]
    if given == [None, None]:
        return None
    # Printed as the expression that it is, where it can be.
    hint = "" if name == RESULT else name
    merged = merger.merge(_value(given[0]), _value(given[1]), hint)
    if isinstance(merged, Unknown):
        return merged
    flags = []
    for part, is_missing in zip(given, missing, strict=True):
        flags.append(part.defined if isinstance(part, MaybeUnbound) else not is_missing)
    defined = merger.condition(flags[0], flags[1])
    return (
        merged if defined is True else MaybeUnbound(merged, defined) if isinstance(defined, Value) else None
    )


def _value(part: Abstract | None) -> Abstract | None:
    return part.value if isinstance(part, MaybeUnbound) else part


def choose(
    run: Lowering,
    node: cst.CSTNode,
    condition: Value,
    then: Callable[[], Abstract],
    otherwise: Callable[[], Abstract],
) -> Abstract:
    """The value of `then` or of `otherwise`, only one of which is computed at run time."""

    def side(lower: Callable[[], Abstract]) -> Callable[[], Flow]:
        def run_side() -> Flow:
            outer, run.statement_builder = run.statement_builder, run.builder
            try:
                run.frame.names[RESULT] = lower()
            except Unresolved:
                # The other side may tell what a recursive call returns; this attempt is not the last one.
                run.builder.append(Node(UNRESOLVED, (), (), location=run.location(node)))
                run.frame.names[RESULT] = UNKNOWN
            except Raised:
                return RAISES
            except Refusal as refusal:
                if refusal.raises is None:
                    raise
                return raise_when_reached(run, node, refusal)
            finally:
                run.statement_builder = outer
            return FALLS

        return run_side

    flow = branch(run, node, condition, side(then), side(otherwise), None)
    if flow.falls is False and run.builder is run.statement_builder:
        raise Raised
    return run.frame.names.pop(RESULT, Static(None))


def raise_when_reached(run: Lowering, node: cst.CSTNode, refusal: Refusal) -> Flow:
    """What surely raises becomes the exception, at the place where it stands."""
    error = refusal.raises
    assert error is not None
    run.apply(node, "raise_", (), {"exception": type(error), "args": error.args})
    run.last_raise = refusal
    return RAISES

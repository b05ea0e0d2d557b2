"""What a run-time loop leaves: its node, and the variables and objects after it.

In:  a lowered iteration whose types hold.   Out: a `for` or `while` node; the state after the loop.
Not here: lowering the iteration (loops.py), slots (slots.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.errors import Diagnostic
from gradscribe.frontend.blocks import captured_by, close
from gradscribe.frontend.carried_choices import site_of
from gradscribe.frontend.conditions import inverse
from gradscribe.frontend.identities import Identities
from gradscribe.frontend.joins import instantiate
from gradscribe.frontend.late import late_shape
from gradscribe.frontend.leaves import Leaf, Mismatch, is_mixed
from gradscribe.frontend.loop_parts import At, Body, Loop, State, active_loop
from gradscribe.frontend.loop_sharing import SharingAfter, hold_after, parts_of_content
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.slots import Slots
from gradscribe.frontend.standing import forget_inside
from gradscribe.frontend.state import RETURN, Condition, Flow, Lowering, Variables
from gradscribe.frontend.values import (
    UNKNOWN,
    Abstract,
    ArrayCell,
    Cell,
    Conflict,
    InstanceCell,
    ListCell,
    MaybeUnbound,
    Number,
    Tainted,
    Unknown,
    bare,
)
from gradscribe.ir.control import ForView, WhileView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.lengths import Length
from gradscribe.ir.types import INT
from gradscribe.ir.walk import substitute

RETURNED = "<returned>"
BROKE = "<broke>"


def finish(
    run: Lowering,
    loop: Loop,
    state: State,
    body: Body,
    renamed: dict[Value, Value],
    mark: int,
    first_inside: int,
) -> Flow:
    """Emit the loop node and bind what it leaves."""
    slots = state.slots
    for cell in loop.grown:
        if isinstance(cell, ListCell):
            cell.grown_in = active_loop(run, loop)
    for leaf in slots.leaves:
        if leaf.result is None and leaf.entry is None:
            leaf.result = leaf.param
    dropped = {
        leaf.param: leaf.entry for leaf in slots.leaves if leaf.result is None and leaf.entry is not None
    }
    late = _late_slots(run, loop, state, body)
    leave, flags = _leaving(run, loop, body, slots)
    carried = [leaf for leaf in slots.leaves if leaf.result is not None]
    together: dict[Length, Length] = {}
    for leaf in carried:
        leaf.output = Value(instantiate(leaf.pattern, mark, together), leaf.param.hint)
        if is_mixed(run, leaf):
            run.mixed.add(leaf.output)
    _emit(run, loop, body, carried, {**renamed, **dropped}, leave)
    outputs = {leaf.param: leaf.output for leaf in carried if leaf.output is not None}
    outputs.update(dropped)
    _bind_after(run, loop, state, body, outputs, late, first_inside)
    return _flow_after(run, loop, body, outputs, flags)


def _late_slots(run: Lowering, loop: Loop, state: State, body: Body) -> dict[str, Abstract]:
    """Names that every iteration binds before reading: they only leave the loop."""
    found: dict[str, Abstract] = {}
    wanted = [*state.late, *(name for name in state.undefined if name not in state.shapes)]
    if RETURN in body.names and body.flow.returns is not False:
        wanted.append(RETURN)
    for name in wanted:
        end = body.names.get(name)
        needed = name == RETURN or name in loop.after or name in run.frame.liveness.shared
        if end is None or not needed:
            continue
        entry = None if name == RETURN else run.frame.names.get(name)
        if end is entry:
            continue
        found[name] = _LateSlots(run, loop, state, body).carry(name, entry, end)
    return found


class _LateSlots:
    """Carries out names that are not read at the start of an iteration."""

    def __init__(self, run: Lowering, loop: Loop, state: State, body: Body) -> None:
        self.run = run
        self.loop = loop
        self.slots = state.slots
        self.body = body

    def carry(self, name: str, entry: Abstract | None, end: Abstract) -> Abstract:
        """The shape of the name, its leaves noted."""
        if isinstance(end, Unknown | Conflict) or isinstance(entry, Conflict):
            return UNKNOWN if isinstance(end, Unknown) else end
        if isinstance(entry, Unknown):
            entry = None
        start = len(self.slots.leaves)
        flag: Abstract | None = None
        if entry is None and name != RETURN:
            flag = self._flag(end)
        if isinstance(entry, MaybeUnbound):
            entry = entry.value
        try:
            shape = late_shape(self.run, self.slots, self._inside, end, entry, ("name", name), name)
        except Mismatch as mismatch:
            del self.slots.leaves[start:]
            return self._conflict(name, mismatch)
        if isinstance(flag, Number):
            return MaybeUnbound(shape, flag.value)
        return shape

    def _flag(self, end: Abstract) -> Abstract:
        entry = self.run.constant(False, self.loop.node)
        with self._inside():
            result = end.defined if isinstance(end, MaybeUnbound) else self.run.constant(True, self.loop.node)
        leaf = self.slots.late(("flag",), entry, result, "")
        return Number(leaf.param)

    def _inside(self) -> At:
        return At(self.run, self.body)

    def _conflict(self, name: str, mismatch: Mismatch) -> Conflict:
        return Conflict(
            Diagnostic(
                "GS123",
                f"`{name}` is {mismatch.told('before the loop', 'after an iteration')}",
                self.run.location(self.loop.node),
                why="after the loop it must be of one kind, however often the loop ran",
                fix="give it before the loop the dtype and dimensions that it has inside, e.g. `np.zeros(...)`",
            )
        )


def _leaving(run: Lowering, loop: Loop, body: Body, slots: Slots) -> tuple[Value | None, dict[str, Value]]:
    """The condition that ends the loop early, and flags that say afterwards why it ended."""
    flow = body.flow
    flags: dict[str, Value] = {}
    if flow.breaks is False and flow.returns is False:
        return None, flags
    ways: list[Condition] = [way for way in (flow.breaks, flow.returns) if way is not False]
    with At(run, body):
        values = [way if isinstance(way, Value) else run.constant(True, loop.node) for way in ways]
        leave = values[0] if len(values) == 1 else run.op(loop.node, "bool_or", *values)
    for name, way, wanted in ((RETURNED, flow.returns, True), (BROKE, flow.breaks, loop.keeps_broke)):
        if way is False or not wanted:
            continue
        entry = run.constant(False, loop.node)
        with At(run, body):
            result = way if isinstance(way, Value) else run.constant(True, loop.node)
        flags[name] = slots.late((name,), entry, result, "").param
    return leave, flags


def _emit(
    run: Lowering,
    loop: Loop,
    body: Body,
    carried: Sequence[Leaf],
    mapping: dict[Value, Value],
    leave: Value | None,
) -> None:
    """Close the blocks and append the node."""
    entries = [_entry_value(run, leaf) for leaf in carried]
    nodes = [substitute(node, mapping) for node in body.builder.nodes]
    results = [mapping.get(leaf.result, leaf.result) for leaf in carried if leaf.result is not None]
    if leave is not None:
        results.append(mapping.get(leave, leave))
    params = [mapping.get(leaf.param, leaf.param) for leaf in carried]
    outputs = [leaf.output for leaf in carried if leaf.output is not None]
    location = run.location(loop.node)
    if loop.counted is not None:
        bounds = [as_value(run, part, loop.node) for part in loop.counted.bounds]
        own = [body.index, *params]
        captured = captured_by((nodes, results), own=own)
        block = close(nodes, results, own, captured)
        if leave is not None:
            outputs.append(Value(INT, "trips"))
        run.builder.append(
            ForView.make(
                (bounds[0], bounds[1], bounds[2]),
                block,
                initial=entries,
                captured=captured,
                outputs=outputs,
                leaves=leave is not None,
                location=location,
            )
        )
        return
    assert body.test is not None
    head = [substitute(node, mapping) for node in body.test[0]]
    condition = mapping.get(body.test[1], body.test[1])
    captured = captured_by((head, [condition]), (nodes, results), own=params)
    first = _head(head, condition, params, captured)
    block = close(nodes, results, params, captured)
    outputs.append(Value(INT, "trips"))
    run.builder.append(
        WhileView.make(
            first,
            block,
            initial=entries,
            captured=captured,
            outputs=outputs,
            leaves=leave is not None,
            location=location,
        )
    )


def _head(
    nodes: Sequence[Node], condition: Value, params: Sequence[Value], captured: Sequence[Value]
) -> Block:
    """The condition block: with parameters of its own."""
    own = [Value(param.type, param.hint) for param in params]
    renamed = dict(zip(params, own, strict=True))
    return close(nodes, [condition], own, captured, renamed)


def _entry_value(run: Lowering, leaf: Leaf) -> Value:
    assert leaf.output is not None
    return leaf.entry if leaf.entry is not None else run.absent(leaf.output.type)


def _bind_after(
    run: Lowering,
    loop: Loop,
    state: State,
    body: Body,
    outputs: dict[Value, Value],
    late: dict[str, Abstract],
    first_inside: int,
) -> None:
    """Names and heap after the loop."""
    active = active_loop(run, loop)
    identities = Identities(state.slots.carried, first_inside, run.apart)
    hold_after(run, identities)
    sharing = SharingAfter(run, active, identities, _sites(state, body, late))
    changed = {leaf.key[:2] for leaf in state.slots.leaves if leaf.result is not None}
    for number, (cell, shape) in enumerate(state.contents.items()):
        end = body.heap.get(cell)
        if ("cell", number) not in changed and end is shape:
            continue
        after = end if isinstance(end, Tainted) else state.slots.content_after(shape, outputs)
        if isinstance(cell, InstanceCell) and cell.cls is Variables and _surely_runs(loop, body):
            after = _variables_bound(after, end)
        before = run.heap.get(cell, cell.initial)  # type: ignore[attr-defined]
        if after is not before:
            sharing.note(after, (before, run.heap), (end, body.heap))
            run.heap[cell] = after
    for cell, sites in run.learnt.loops[(run.context, id(loop.node))].tainted.items():
        run.heap[cell] = Tainted(run.location(loop.node), "", (*run.loops, active), sites)
    for name, shape in {**state.shapes, **late}.items():
        entry = run.frame.names.get(name)
        if body.names.get(name) is shape and entry is not None and _unchanged(state, shape, body):
            continue
        found = state.slots.after(shape, outputs)
        sharing.note(found, (entry, run.heap), (body.names.get(name), body.heap))
        run.frame.names[name] = _defined_if_ran(loop, body, name, found)
    sharing.join()
    forget_inside(state.slots)
    dead = [
        name for name in loop.assigned if name not in loop.after and name not in run.frame.liveness.shared
    ]
    for name in dead:
        if name not in run.frame.names or name in state.shapes or name in late:
            run.frame.names.pop(name, None)


def _sites(state: State, body: Body, late: dict[str, Abstract]) -> frozenset[object]:
    """The branches that choose what the loop leaves, and the loop itself."""
    slots = state.slots
    names = {**state.shapes, **late}
    held = (part for cell in state.contents for part in parts_of_content(cell, body.heap).values())
    ends = (bare(end) for end in (*(body.names.get(name) for name in names), *held))
    inside = (end.sites for end in ends if isinstance(end, Cell))
    own = (site_of(slots, key) for key in (*(("name", name) for name in names), *slots.memory.by_value))
    return slots.memory.sites.union(*inside, own)


def _unchanged(state: State, shape: Abstract, body: Body) -> bool:
    if isinstance(shape, ArrayCell):
        return body.heap.get(shape, shape.initial) is shape.initial
    return not isinstance(shape, Cell)


def _defined_if_ran(loop: Loop, body: Body, name: str, value: Abstract) -> Abstract:
    """A name that each iteration binds is bound if there surely was one: no flag is needed."""
    if not isinstance(value, MaybeUnbound) or isinstance(body.names.get(name), MaybeUnbound):
        return value
    return value.value if _surely_runs(loop, body) else value


def _variables_bound(after: object, end: object) -> object:
    """Variables that nested functions rebind, after a loop that surely ran: what each iteration binds is bound."""
    assert isinstance(after, Mapping) and isinstance(end, Mapping)
    return {
        name: value
        if not isinstance(value, MaybeUnbound) or isinstance(end.get(name), MaybeUnbound)
        else value.value
        for name, value in after.items()
    }


def _surely_runs(loop: Loop, body: Body) -> bool:
    if loop.counted is None:
        return body.is_endless
    return bool(loop.counted.static_range)


def _flow_after(
    run: Lowering, loop: Loop, body: Body, outputs: dict[Value, Value], flags: dict[str, Value]
) -> Flow:
    is_endless = body.is_endless if loop.counted is None else loop.counted.is_endless
    if BROKE in flags:
        run.frame.names[BROKE] = Number(outputs[flags[BROKE]])
    if RETURNED not in flags:
        # A loop that nothing leaves, but an exception, is the last thing that is done.
        return Flow(falls=not is_endless or body.flow.breaks is not False)
    if is_endless and body.flow.breaks is False:
        return Flow(falls=False, returns=True)
    returned = outputs[flags[RETURNED]]
    return Flow(falls=inverse(run, returned, loop.node), returns=returned)

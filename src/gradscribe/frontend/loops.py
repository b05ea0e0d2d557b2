"""Loops whose number of iterations is known at run time only.

The body is lowered with a parameter for each variable and object content that it changes. Attempts are repeated until
the parameters' types hold for what an iteration leaves; what an attempt teaches is kept in the loop's memory, so
nested loops do not start from nothing.

In:  a loop's parts.   Out: `for` and `while` nodes; the state after the loop.
Not here: unrolling (unrolling.py), slots (slots.py), what is iterated over (iteration.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import libcst as cst

from gradscribe.errors import Diagnostic
from gradscribe.frontend.blocks import captured_by, close
from gradscribe.frontend.conditions import inverse
from gradscribe.frontend.iteration import Counted
from gradscribe.frontend.joins import instantiate, symbol_mark
from gradscribe.frontend.late import late_shape
from gradscribe.frontend.loop_aliases import check_aliases
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.refusal import Restart, Unresolved
from gradscribe.frontend.slots import Again, Leaf, Mismatch, Slots, rebuild, rebuild_content
from gradscribe.frontend.state import RETURN, ActiveLoop, Condition, Flow, LoopMemory, Lowering
from gradscribe.frontend.storage import share
from gradscribe.frontend.values import (
    UNKNOWN,
    Abstract,
    ArrayCell,
    Cell,
    Conflict,
    MaybeUnbound,
    Number,
    Tainted,
    Unknown,
)
from gradscribe.ir.control import ForView, WhileView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import INT, NONE, SequenceType
from gradscribe.ir.walk import substitute
from gradscribe.ops.build import OpBuilder

MAX_ATTEMPTS = 12
RETURNED = "<returned>"
BROKE = "<broke>"


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
class _Body:
    """One lowered iteration."""

    builder: OpBuilder
    names: dict[str, Abstract]
    heap: dict[Cell, object]
    flow: Flow
    index: Value
    test: tuple[Sequence[Node], Value] | None = None


@dataclass
class _State:
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


def run_loop(run: Lowering, loop: Loop) -> Flow:
    """Lower a loop. The flow after it says whether it returned from the function.

    Raises:
        Restart: the loop must be unrolled, or something around it lowered again.
    """
    key = (run.context, id(loop.node))
    memory = run.learnt.loops.setdefault(key, LoopMemory())
    memory.written.clear()
    memory.tainted.clear()
    mark = symbol_mark()
    for _ in range(MAX_ATTEMPTS):
        refusals, sharers = dict(run.refusals), {cell: list(found) for cell, found in run.sharers.items()}
        names, heap, nodes = dict(run.frame.names), dict(run.heap), len(run.builder.nodes)
        flow = _attempt(run, loop, memory, key, mark)
        if flow is not None:
            return flow
        run.refusals, run.sharers = refusals, sharers
        run.frame.names, run.heap = names, heap
        del run.builder.nodes[nodes:]
    raise run.refusal(
        loop.node, "GS123", "the values that this loop carries change their kind again and again",
        why="no type was found that holds for every iteration",
        fix="give the variables before the loop the dtype and dimensions that they have inside",
    )  # fmt: skip


def _attempt(run: Lowering, loop: Loop, memory: LoopMemory, key: object, mark: int) -> Flow | None:
    """One attempt; None when another one is needed."""
    first_inside = Cell().serial
    state = _enter(run, loop, memory)
    body = _lower_body(run, loop, state, key)
    if body is None:
        return None
    if not _remember_written(run, memory, state, body, first_inside):
        return None
    if not _match(run, loop, memory, state, body):
        return None
    stale = check_aliases(run, loop.node, state.shapes, state.contents, body.names, body.heap, first_inside)
    if any(cell not in memory.tainted for cell in stale):
        memory.tainted.update(dict.fromkeys(stale))
        return None
    renamed = state.slots.widen([*body.builder.nodes, *(body.test[0] if body.test else ())])
    if renamed is None:
        return None
    return _finish(run, loop, state, body, renamed, mark)


def _enter(run: Lowering, loop: Loop, memory: LoopMemory) -> _State:
    """Parameters for everything carried; the names and heap of the body."""
    slots = Slots(run, loop.node, memory)
    state = _State(slots)
    for cell in dict.fromkeys([*loop.touched, *memory.written]):
        content = run.heap.get(cell, cell.initial)  # type: ignore[attr-defined]
        cell_key = ("cell", len(state.contents))
        if cell in loop.grown and isinstance(content, tuple):
            memory.types.setdefault(cell_key, SequenceType(NONE))
        state.contents[cell] = slots.kept_content(content, cell_key)
    for name in sorted(loop.assigned & loop.head):
        value = run.frame.names.get(name)
        if isinstance(value, Unknown | Conflict):
            continue
        if value is None:
            state.undefined.append(name)
            continue
        if name not in loop.exposed:
            state.late.append(name)
            continue
        state.shapes[name] = slots.inside(value, ("name", name), name)
    return state


def _lower_body(run: Lowering, loop: Loop, state: _State, key: object) -> _Body | None:
    names, heap = run.frame.names, run.heap
    inside = {**names, **state.shapes}
    for name in state.undefined:
        if name in loop.exposed:
            inside[name] = _known_absent(run, state, name)
    run.frame.names, run.heap = inside, {**heap, **state.contents}
    for cell in run.learnt.loops[key].tainted:
        run.heap[cell] = Tainted(run.location(loop.node), "")
    index = Value(INT, "")
    active = ActiveLoop(key, loop.can_unroll)
    run.loops.append(active)
    frame, line = run.frame, run.line
    run.origins[index] = frozenset([key])
    for leaf in state.slots.leaves:
        run.origins[leaf.param] = frozenset([key])
    try:
        test = None
        if loop.test is not None:
            with run.block() as head:
                before = dict(run.frame.names), dict(run.heap)
                condition = loop.test()
                if isinstance(condition, bool):
                    condition = run.constant(condition, loop.node)
            test = (head.nodes, condition)
            if _changed(before, (run.frame.names, run.heap)):
                raise run.refusal(
                    loop.node, "GS112", "the condition of this `while` changes a variable or an array",
                    why="it is computed apart from the body",
                    fix="write `while True:` and test the condition with `if ...: break` inside",
                )  # fmt: skip
        with run.block() as builder:
            flow = loop.body(Number(index))
        return _Body(builder, run.frame.names, run.heap, flow, index, test)
    finally:
        run.loops.pop()
        run.frame, run.line = frame, line
        run.frame.names, run.heap = names, heap


def _changed(before: tuple[dict[str, Abstract], dict[Cell, object]], now: tuple[object, dict[Cell, object]]) -> bool:
    names, heap = before
    if names != now[0]:
        return True
    return any(
        heap.get(cell) is not content
        for cell, content in now[1].items()
        if not (isinstance(cell, ArrayCell) and cell.view is not None)
    )


def _known_absent(run: Lowering, state: _State, name: str) -> Abstract:
    """A name that an iteration may read before binding it, without value before the loop.

    Unknown at first; what an attempt found it to be is used by the next one.
    """
    known = state.slots.memory.absent_values.get(name)
    if known is None:
        return UNKNOWN
    inner = state.slots.inside(known, ("name", name), name, absent=True)
    false = run.constant(False)
    flag = state.slots._leaf(("name", name, "defined"), false, "", False)
    shape = MaybeUnbound(inner, flag.param)
    state.shapes[name] = shape
    return shape


def _remember_written(
    run: Lowering, memory: LoopMemory, state: _State, body: _Body, first_inside: int
) -> bool:
    """Whether all objects that the body changed are carried; the others are, next time."""
    complete = True
    for cell, content in body.heap.items():
        if cell.serial >= first_inside or cell in state.contents or run.heap.get(cell) is content:
            continue
        if isinstance(cell, ArrayCell) and cell.view is not None:
            continue
        if isinstance(content, Tainted):
            if cell not in memory.tainted:
                memory.tainted[cell] = None
                complete = False
            continue
        if cell not in memory.written:
            memory.written[cell] = None
            complete = False
    return complete


def _match(run: Lowering, loop: Loop, memory: LoopMemory, state: _State, body: _Body) -> bool:
    """Note what an iteration leaves; False when another attempt is needed."""
    outer = run.builder, run.heap, run.frame.names
    run.builder, run.heap, run.frame.names = body.builder, body.heap, body.names
    slots = state.slots
    try:
        for name, shape in state.shapes.items():
            slots.match(shape, body.names.get(name), ("name", name))
        for number, (cell, content) in enumerate(state.contents.items()):
            slots.match_content(content, body.heap.get(cell), ("cell", number))
    except Again:
        return False
    except Mismatch as mismatch:
        return _resolve(run, loop, memory, mismatch)
    except Unresolved:
        pass
    finally:
        run.builder, run.heap, run.frame.names = outer
    for name in state.undefined:
        end = body.names.get(name)
        if name in loop.exposed and name not in memory.absent_values:
            if end is not None and not isinstance(end, Unknown | Conflict):
                memory.absent_values[name] = end.value if isinstance(end, MaybeUnbound) else end
                return False
    return True


def _resolve(run: Lowering, loop: Loop, memory: LoopMemory, mismatch: Mismatch) -> bool:
    """A list that grows becomes run-time data; anything else is an error that names the variable."""
    kind, which = mismatch.key[:2]
    if mismatch.before.startswith("a list of") and mismatch.key not in memory.types:
        memory.types[mismatch.key] = SequenceType(NONE)
        return False
    name = f"`{which}`" if kind == "name" and which not in (RETURN,) else "a value"
    if loop.can_peel:
        memory.peel = True
        raise Restart((run.context, id(loop.node)))
    raise run.refusal(
        loop.node, "GS123", f"{name} is {mismatch.before} before an iteration and {mismatch.after} after it",
        why="the body of the loop is written once, for values of one kind",
        fix="give it before the loop the dtype and dimensions that it has inside, e.g. `s = np.zeros(...)`",
    )  # fmt: skip


def _finish(
    run: Lowering, loop: Loop, state: _State, body: _Body, renamed: dict[Value, Value], mark: int
) -> Flow:
    """Emit the loop node and bind what it leaves."""
    slots = state.slots
    for leaf in slots.leaves:
        if leaf.result is None and leaf.entry is None:
            leaf.result = leaf.param
    dropped = {leaf.param: leaf.entry for leaf in slots.leaves if leaf.result is None and leaf.entry is not None}
    late = _late_slots(run, loop, state, body)
    leave, flags = _leaving(run, loop, body, slots)
    carried = [leaf for leaf in slots.leaves if leaf.result is not None]
    for leaf in carried:
        leaf.output = Value(instantiate(leaf.pattern, mark), leaf.param.hint)
    _emit(run, loop, body, carried, {**renamed, **dropped}, leave)
    outputs = {leaf.param: leaf.output for leaf in carried if leaf.output is not None}
    outputs.update(dropped)
    _bind_after(run, loop, state, body, outputs, late)
    return _flow_after(run, loop, body, outputs, flags)


def _late_slots(run: Lowering, loop: Loop, state: _State, body: _Body) -> dict[str, Abstract]:
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

    def __init__(self, run: Lowering, loop: Loop, state: _State, body: _Body) -> None:
        self.run = run
        self.loop = loop
        self.slots = state.slots
        self.body = body

    def carry(self, name: str, entry: Abstract | None, end: Abstract) -> Abstract:
        """The shape of the name, its leaves noted."""
        if isinstance(end, Unknown | Conflict) or isinstance(entry, Unknown | Conflict):
            return UNKNOWN if isinstance(end, Unknown) or isinstance(entry, Unknown) else end
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

    def _inside(self) -> _At:
        return _At(self.run, self.body)

    def _conflict(self, name: str, mismatch: Mismatch) -> Conflict:
        return Conflict(
            Diagnostic(
                "GS123",
                f"`{name}` is {mismatch.before} before the loop and {mismatch.after} after an iteration",
                self.run.location(self.loop.node),
                why="after the loop it must be of one kind, however often the loop ran",
                fix="give it before the loop the dtype and dimensions that it has inside, e.g. `np.zeros(...)`",
            )
        )


class _At:
    """Nodes made inside belong to the end of the body."""

    def __init__(self, run: Lowering, body: _Body) -> None:
        self.run = run
        self.body = body

    def __enter__(self) -> None:
        self.outer = self.run.builder, self.run.heap
        self.run.builder, self.run.heap = self.body.builder, self.body.heap

    def __exit__(self, *exception: object) -> None:
        self.run.builder, self.run.heap = self.outer


def _leaving(
    run: Lowering, loop: Loop, body: _Body, slots: Slots
) -> tuple[Value | None, dict[str, Value]]:
    """The condition that ends the loop early, and flags that say afterwards why it ended."""
    flow = body.flow
    flags: dict[str, Value] = {}
    if flow.breaks is False and flow.returns is False:
        return None, flags
    ways: list[Condition] = [way for way in (flow.breaks, flow.returns) if way is not False]
    with _At(run, body):
        values = [way if isinstance(way, Value) else run.constant(True, loop.node) for way in ways]
        leave = values[0] if len(values) == 1 else run.op(loop.node, "bool_or", *values)
    for name, way, wanted in ((RETURNED, flow.returns, True), (BROKE, flow.breaks, loop.keeps_broke)):
        if way is False or not wanted:
            continue
        entry = run.constant(False, loop.node)
        with _At(run, body):
            result = way if isinstance(way, Value) else run.constant(True, loop.node)
        flags[name] = slots.late((name,), entry, result, "").param
    return leave, flags


def _emit(
    run: Lowering,
    loop: Loop,
    body: _Body,
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
        bounds = [as_value(run, part, loop.node) for part in _bounds(loop.counted)]
        own = [body.index, *params]
        captured = captured_by((nodes, results), own=own)
        block = close(nodes, results, own, captured)
        if leave is not None:
            outputs.append(Value(INT, "trips"))
        run.builder.append(
            ForView.make(
                (bounds[0], bounds[1], bounds[2]), block, initial=entries, captured=captured, outputs=outputs,
                leaves=leave is not None, location=location,
            )  # fmt: skip
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
            first, block, initial=entries, captured=captured, outputs=outputs, leaves=leave is not None,
            location=location,
        )  # fmt: skip
    )


def _head(
    nodes: Sequence[Node], condition: Value, params: Sequence[Value], captured: Sequence[Value]
) -> Block:
    """The condition block: with parameters of its own."""
    own = [Value(param.type, param.hint) for param in params]
    renamed = dict(zip(params, own, strict=True))
    return close(nodes, [condition], own, captured, renamed)


def _bounds(counted: Counted) -> tuple[Abstract, Abstract, Abstract]:
    return counted.start, counted.stop, counted.step


def _entry_value(run: Lowering, leaf: Leaf) -> Value:
    assert leaf.output is not None
    return leaf.entry if leaf.entry is not None else run.absent(leaf.output.type)


def _bind_after(
    run: Lowering,
    loop: Loop,
    state: _State,
    body: _Body,
    outputs: dict[Value, Value],
    late: dict[str, Abstract],
) -> None:
    """Names and heap after the loop."""
    replaced: dict[Cell, Cell] = {}

    def make(new: Cell, old: Cell) -> None:
        replaced[old] = new

    changed = {leaf.key[:2] for leaf in state.slots.leaves if leaf.result is not None}
    for number, (cell, shape) in enumerate(state.contents.items()):
        end = body.heap.get(cell)
        if ("cell", number) not in changed and end is shape:
            continue
        after = end if isinstance(end, Tainted) else rebuild_content(run, shape, outputs, make)
        if after is not run.heap.get(cell):
            run.heap[cell] = after
    for cell in run.learnt.loops[(run.context, id(loop.node))].tainted:
        run.heap[cell] = Tainted(run.location(loop.node), "")
    for name, shape in {**state.shapes, **late}.items():
        entry = run.frame.names.get(name)
        if body.names.get(name) is shape and entry is not None and _unchanged(state, shape, body):
            continue
        found = rebuild(run, shape, outputs, make)
        _share_roots(run, found, entry, body.names.get(name))
        run.frame.names[name] = _defined_if_ran(run, loop, body, found)
    dead = [name for name in loop.assigned if name not in loop.after and name not in run.frame.liveness.shared]
    for name in dead:
        if name not in run.frame.names or name in state.shapes or name in late:
            run.frame.names.pop(name, None)


def _unchanged(state: _State, shape: Abstract, body: _Body) -> bool:
    if isinstance(shape, ArrayCell):
        return body.heap.get(shape, shape.initial) is shape.initial
    return not isinstance(shape, Cell)


def _share_roots(run: Lowering, found: Abstract, entry: Abstract | None, end: Abstract | None) -> None:
    """After the loop an array may be the one before it, or one made in an iteration."""
    if isinstance(found, ArrayCell):
        roots = {found}
        for cell in (entry, end):
            if isinstance(cell, ArrayCell):
                roots |= cell.roots
        found.roots = frozenset(roots)
        share(run, found)


def _defined_if_ran(run: Lowering, loop: Loop, body: _Body, value: Abstract) -> Abstract:
    """A name that each iteration binds is bound if there was one: the bounds say so, no flag is carried."""
    if not isinstance(value, MaybeUnbound) or loop.counted is None:
        return value
    numbers = loop.counted.static_range
    if numbers is not None and len(numbers) and body.flow.falls is True:
        return value.value
    return value


def _flow_after(
    run: Lowering, loop: Loop, body: _Body, outputs: dict[Value, Value], flags: dict[str, Value]
) -> Flow:
    if BROKE in flags:
        run.frame.names[BROKE] = Number(outputs[flags[BROKE]])
    if RETURNED not in flags:
        return Flow()
    returned = outputs[flags[RETURNED]]
    return Flow(falls=inverse(run, returned, loop.node), returns=returned)


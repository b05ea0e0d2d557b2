"""Loops whose number of iterations is known at run time only.

The body is lowered with a parameter for each variable and object content that it changes. Attempts are
repeated until the parameters' types hold for what an iteration leaves; what an attempt teaches is kept in the
loop's memory, so nested loops do not start from nothing.

In:  a loop's parts.   Out: `for` and `while` nodes; the state after the loop.
Not here: unrolling (unrolling.py), slots (slots.py), what is iterated over (iteration.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from gradscribe.frontend.absent import add_absent, learn_absent
from gradscribe.frontend.derived import is_attached, stays_derived
from gradscribe.frontend.followed import learn_followed
from gradscribe.frontend.joins import symbol_mark
from gradscribe.frontend.kept_contents import keep_content
from gradscribe.frontend.learnt import LoopMemory
from gradscribe.frontend.leaves import Again, Mismatch, is_mixed
from gradscribe.frontend.loop_aliases import check_aliases
from gradscribe.frontend.loop_holders import counts_of_sharers, hold_inside, learn_holders
from gradscribe.frontend.loop_parts import Body, Loop, State, active_loop
from gradscribe.frontend.loop_results import finish
from gradscribe.frontend.loop_sharing import changed_by_entries, learn_aliases, share_inside
from gradscribe.frontend.recursion import forget_since
from gradscribe.frontend.refusal import Refusal, Restart, Unresolved
from gradscribe.frontend.sharers import hold_converted
from gradscribe.frontend.slots import Slots
from gradscribe.frontend.state import RETURN, Flow, Lowering, Variables
from gradscribe.frontend.storage import read_again
from gradscribe.frontend.values import (
    UNKNOWN,
    Abstract,
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
from gradscribe.frontend.writing_out import write_out
from gradscribe.ir.graph import Value
from gradscribe.ir.types import INT, NONE, SequenceType, Type

MAX_ATTEMPTS = 12
DIMENSIONS = "give it before the loop the dtype and dimensions that it has inside, e.g. `s = np.zeros(...)`"
KEYS = "give it before the loop all the keys or attributes that it has after it, e.g. `{'t': [], 'y': []}`"


def run_loop(run: Lowering, loop: Loop) -> Flow:
    """Lower a loop. The flow after it says whether it returned from the function.

    Raises:
        Restart: the loop must be unrolled, or something around it lowered again.
    """
    key = (run.context, id(loop.node))
    memory = run.learnt.loops.setdefault(key, LoopMemory())
    memory.written = {cell: None for cell in memory.written if cell in run.heap}
    memory.recalled = frozenset(memory.written)
    memory.read_first.clear()
    memory.tainted.clear()
    memory.alternatives.clear()
    memory.aliases.clear()
    memory.held.clear()
    memory.appearing.clear()
    mark = symbol_mark()
    for _ in range(MAX_ATTEMPTS):
        for cell in memory.read_first:
            read_again(run, cell, loop.node)
        refusals, sharers = dict(run.refusals), {cell: list(found) for cell, found in run.sharers.items()}
        names, heap, nodes = dict(run.frame.names), dict(run.heap), len(run.builder.nodes)
        recursive = dict(run.recursive)
        flow = _attempt(run, loop, memory, key, mark)
        if flow is not None:
            return flow
        run.refusals, run.sharers = refusals, sharers
        run.frame.names, run.heap = names, heap
        del run.builder.nodes[nodes:]
        forget_since(run, recursive)
    _write_out(run, loop, memory)
    raise run.refusal(
        loop.node,
        "GS123",
        "the values that this loop carries change their kind again and again",
        why="no type was found that holds for every iteration",
        fix="give the variables before the loop the dtype and dimensions that they have inside",
    )


def _write_out(run: Lowering, loop: Loop, memory: LoopMemory) -> None:
    """Start again with copies of the body, if that may help."""
    write_out(run, [active_loop(run, loop)])
    if loop.test is not None and loop.can_unroll and not memory.unroll:
        # `while node is not None: node = node.next`: each iteration has an object of its own, known now.
        memory.unroll = True
        raise Restart((run.context, id(loop.node)))


def run_loop_or_copies(run: Lowering, loop: Loop, copies: Callable[[], Flow] | None) -> Flow | None:
    """A run-time loop, or its copies if the body turns out to need that; None if it must be peeled."""
    key = (run.context, id(loop.node))
    memory = run.learnt.loops.setdefault(key, LoopMemory())
    unroll = memory.unroll and copies is not None
    if not unroll and not (memory.peel and loop.can_peel):
        state = dict(run.frame.names), dict(run.heap), len(run.builder.nodes), dict(run.refusals)
        try:
            return run_loop(run, loop)
        except Restart as restart:
            if restart.target != key:
                raise
            run.frame.names, run.heap, run.refusals = state[0], state[1], state[3]
            del run.builder.nodes[state[2] :]
    if memory.unroll and copies is not None:
        return copies()
    return None


def _attempt(run: Lowering, loop: Loop, memory: LoopMemory, key: object, mark: int) -> Flow | None:
    """One attempt; None when another one is needed."""
    first_inside = Cell().serial
    refused, types = set(run.refusals), dict(memory.types)
    try:
        state = _enter(run, loop, memory)
    except Again:
        return None
    share_inside(run, memory, state)
    hold_inside(run, memory)
    sharers = counts_of_sharers(run)
    body = _lower_body(run, loop, state, key)
    if body is None:
        return None
    if not _remember_written(run, memory, state, body, first_inside):
        return None
    if not _match(run, loop, memory, state, body):
        return None
    if not learn_followed(state, body, loop.can_peel):
        return None
    if not learn_aliases(run, memory, state, body, first_inside):
        return None
    exact = {*state.slots.standing, *state.slots.following, *state.slots.choosing}
    shapes = {name: shape for name, shape in state.shapes.items() if bare(shape) not in exact}
    arrays = {key: item for key, item in state.slots.carried.items() if item.inner not in exact}
    stale = check_aliases(run, loop, shapes, arrays, state.contents, body.names, body.heap, first_inside)
    stale += changed_by_entries(run, state, body, first_inside, exact)
    stale += [cell for cell in state.contents if isinstance(body.heap.get(cell), Tainted)]
    if any(cell not in memory.tainted for cell in stale):
        memory.tainted.update(dict.fromkeys(stale, memory.sites))
        return None
    renamed = state.slots.widen([*body.builder.nodes, *(body.test[0] if body.test else ())], mark)
    if renamed is None:
        return None
    if not learn_holders(run, memory, body, sharers, first_inside):
        return None
    if run.refusals.keys() - refused and _knows_entries(types, memory.types):
        return None
    return finish(run, loop, state, body, renamed, mark, first_inside)


def _knows_entries(before: dict[object, Type], now: dict[object, Type]) -> bool:
    """The end of the body told what a list holds: what was refused of its items may be accepted."""
    return any(
        isinstance(type_, SequenceType) and type_.element != NONE and _is_empty(before.get(key))
        for key, type_ in now.items()
    )


def _is_empty(type_: Type | None) -> bool:
    return type_ is None or (isinstance(type_, SequenceType) and type_.element == NONE)


def _enter(run: Lowering, loop: Loop, memory: LoopMemory) -> State:
    """Parameters for everything carried; the names and heap of the body."""
    slots = Slots(run, loop.node, memory)
    state = State(slots)
    touched = [_outermost(run, cell) for cell in loop.touched]
    for cell in dict.fromkeys([*touched, *memory.written]):
        read_again(run, cell, loop.node)
        content = run.heap.get(cell, cell.initial)  # type: ignore[attr-defined]
        cell_key = ("cell", len(state.contents))
        if cell in loop.grown and isinstance(content, tuple):
            memory.types.setdefault(cell_key, SequenceType(NONE))
        name = cell.name if isinstance(cell, ListCell) else ""
        with _written_out_if_refused(run, loop, memory):
            state.contents[cell] = slots.kept_content(content, cell_key, name, cell)
        hold_converted(run, cell, content, state.contents[cell])
    for name in sorted(loop.assigned & loop.head):
        value = run.frame.names.get(name)
        if isinstance(value, Conflict):
            continue
        if value is None or isinstance(value, Unknown):
            # What an attempt at a loop around this one does not know, that attempt has not bound yet.
            state.undefined.append(name)
            if name in loop.exposed:
                add_absent(state, name)
            continue
        if name not in loop.exposed:
            state.late.append(name)
            continue
        state.shapes[name] = slots.inside(value, ("name", name), name)
    return state


@contextmanager
def _written_out_if_refused(run: Lowering, loop: Loop, memory: LoopMemory) -> Iterator[None]:
    """What a list holds before the loop may be no run-time data; written out, the loop does not ask for that."""
    try:
        yield
    except Refusal:
        if not loop.can_unroll or memory.unroll:
            raise
        memory.unroll = True
        raise Restart((run.context, id(loop.node))) from None


def _outermost(run: Lowering, cell: Cell) -> Cell:
    """The list that an entry stands in, in which it is written to; any other object itself."""
    while cell.place is not None and is_attached(cell, run.heap):
        cell = cell.place.holder
    return cell


def _lower_body(run: Lowering, loop: Loop, state: State, key: object) -> Body | None:
    names, heap = run.frame.names, run.heap
    unknown = (name for name in state.undefined if name in loop.exposed)
    inside = {**names, **dict.fromkeys(unknown, UNKNOWN), **state.shapes}
    run.frame.names, run.heap = inside, {**heap, **state.contents}
    index = Value(INT, "")
    bounds = loop.counted.bounds if loop.counted is not None else None
    active = replace(active_loop(run, loop), index=index, range=bounds)
    for cell, sites in run.learnt.loops[key].tainted.items():
        run.heap[cell] = Tainted(run.location(loop.node), "", (*run.loops, active), sites)
    run.loops.append(active)
    frame, line = run.frame, run.line
    run.origins[index] = frozenset([key])
    for leaf in state.slots.leaves:
        run.origins[leaf.param] = frozenset([key])
        if is_mixed(run, leaf) or leaf.key in state.slots.memory.mixed:
            run.mixed.add(leaf.param)
    try:
        test, endless = None, False
        if loop.test is not None:
            with run.block() as head:
                before = dict(run.frame.names), dict(run.heap)
                condition = loop.test()
                endless = condition is True
                if isinstance(condition, bool):
                    condition = run.constant(condition, loop.node)
            test = (head.nodes, condition)
            if _changed(before, (run.frame.names, run.heap)):
                run.learnt.loops[key].rotate = True
                raise Restart(key)
        with run.block() as builder:
            flow = loop.body(Number(index))
        return Body(builder, run.frame.names, run.heap, flow, index, test, endless)
    finally:
        run.loops.pop()
        run.frame, run.line = frame, line
        run.frame.names, run.heap = names, heap


def _changed(
    before: tuple[dict[str, Abstract], dict[Cell, object]], now: tuple[object, dict[Cell, object]]
) -> bool:
    names, heap = before
    if names != now[0]:
        return True
    return any(
        heap.get(cell) is not content
        for cell, content in now[1].items()
        if not stays_derived(cell, heap, now[1])
    )


def _remember_written(run: Lowering, memory: LoopMemory, state: State, body: Body, first_inside: int) -> bool:
    """Whether all objects that the body changed are carried; the others are, next time."""
    complete = _forget_unwritten(memory, state, body)
    for cell, content in body.heap.items():
        if cell.serial >= first_inside or cell in state.contents or run.heap.get(cell) is content:
            continue
        if stays_derived(cell, run.heap, body.heap):
            if is_attached(cell, body.heap):
                # It is in the list; should it leave that after the loop, what it holds then is not known there.
                memory.tainted[cell] = frozenset()
            continue
        if isinstance(content, Tainted):
            if cell not in memory.tainted:
                memory.tainted[cell] = content.sites
                complete = False
            continue
        if cell not in memory.written:
            memory.written[cell] = None
            complete = False
    return complete


def _forget_unwritten(memory: LoopMemory, state: State, body: Body) -> bool:
    """Whether the body writes all that it wrote at the last visit of the loop; the rest need not be carried."""
    left = [cell for cell in memory.recalled if body.heap.get(cell) is state.contents[cell]]
    memory.recalled = frozenset()
    for cell in left:
        del memory.written[cell]
    return not left


def _match(run: Lowering, loop: Loop, memory: LoopMemory, state: State, body: Body) -> bool:
    """Note what an iteration leaves; False when another attempt is needed."""
    if _note_appearing(memory, state, body):
        return False
    outer = run.builder, run.heap, run.frame.names
    run.builder, run.heap, run.frame.names = body.builder, body.heap, body.names
    run.loops.append(active_loop(run, loop))
    slots = state.slots
    try:
        for name, shape in state.shapes.items():
            slots.match(shape, body.names.get(name), ("name", name))
        for number, (cell, content) in enumerate(state.contents.items()):
            slots.match_content(content, body.heap.get(cell), ("cell", number))
            hold_converted(run, cell, body.heap.get(cell), content)
    except Again:
        return False
    except Mismatch as mismatch:
        return _resolve(run, loop, memory, mismatch, slots.mark)
    except Unresolved:
        pass
    finally:
        run.loops.pop()
        run.builder, run.heap, run.frame.names = outer
    return learn_absent(loop, state, body)


def _note_appearing(memory: LoopMemory, state: State, body: Body) -> bool:
    """Whether variables that nested functions rebind are bound for the first time inside of the loop."""
    found = False
    for cell, content in state.contents.items():
        end = body.heap.get(cell)
        if not isinstance(cell, InstanceCell) or cell.cls is not Variables or not isinstance(end, Mapping):
            continue
        assert isinstance(content, Mapping)
        for name in end.keys() - content.keys():
            value = end[name]
            memory.appearing.setdefault(cell, {})[name] = (
                value.value if isinstance(value, MaybeUnbound) else value
            )
            found = True
    return found


def _resolve(run: Lowering, loop: Loop, memory: LoopMemory, mismatch: Mismatch, mark: int) -> bool:
    """A list that grows becomes run-time data; anything else is an error that names the variable."""
    kind, which = mismatch.key[:2]
    if mismatch.before.startswith("a list of") and mismatch.key not in memory.types:
        memory.types[mismatch.key] = SequenceType(NONE)
        return False
    if loop.can_unroll and mismatch.before == mismatch.after:
        # Text, a flag, a function: each iteration has its own, known now.
        memory.unroll = True
        raise Restart((run.context, id(loop.node)))
    if mismatch.options is not None and mismatch.key not in memory.options:
        memory.options[mismatch.key] = mismatch.options
        return False
    if loop.can_peel:
        memory.peel = True
        raise Restart((run.context, id(loop.node)))
    if mismatch.optional is not None and mismatch.key not in memory.optional:
        keep_content(mismatch.optional, run.heap, mark)
        memory.optional[mismatch.key] = mismatch.optional
        return False
    name = f"`{which}`" if kind == "name" and which not in (RETURN,) else "a value"
    _write_out(run, loop, memory)
    raise run.refusal(
        loop.node,
        "GS123",
        f"{name} is {mismatch.told('before an iteration', 'after it')}",
        why="the body of the loop is written once, for values of one kind",
        fix=KEYS if "keys" in mismatch.before else DIMENSIONS,
    )

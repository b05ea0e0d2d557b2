"""Comprehensions: lists, sets and dicts made item by item.

In:  comprehension syntax.   Out: abstract lists, sets, dicts.
Not here: loops over run-time ranges (folds.py, loops.py).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import Enum
from functools import partial

import libcst as cst

from gradscribe.frontend.branches import branch
from gradscribe.frontend.conditions import tested
from gradscribe.frontend.dict_items import known_key
from gradscribe.frontend.folds import leaving_open
from gradscribe.frontend.generators import check_consumer, generator, mapped
from gradscribe.frontend.interleaving import WITHOUT_END, held, seen, unsteady
from gradscribe.frontend.iteration import Counted, Items, Iterable, iterable
from gradscribe.frontend.keyed import empty, is_keyed, learn_keyed, made_at, new_dict, store
from gradscribe.frontend.last_items import LastItems, note_items
from gradscribe.frontend.lists import append
from gradscribe.frontend.liveness import Liveness
from gradscribe.frontend.loop_parts import Loop
from gradscribe.frontend.loops import run_loop_or_copies
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.sets import known_set, run_time_set
from gradscribe.frontend.state import FALLS, RETURN, Flow, Frame, Lowering
from gradscribe.frontend.stepping import goes_step_by_step, step_through
from gradscribe.frontend.suspended import Yields
from gradscribe.frontend.syntax import names_read, target_names, walk, walrus_names
from gradscribe.frontend.targets import assign
from gradscribe.frontend.unrolling import numbered, unroll
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    ArrayCell,
    InstanceCell,
    Iterated,
    ListCell,
    RangeValue,
    Static,
)
from gradscribe.ops.written.sets import RunTimeSet

Emit = Callable[[], Flow]
"""What is done with the items of a clause, and how control leaves that."""


class Uncollected(Enum):
    """Items that go into no object of the generated code."""

    KNOWN_NOW = "they are entered now"
    ONE_BY_ONE = "the consumer takes each in its turn"


Collected = ListCell | InstanceCell | Uncollected
"""Where the items go: a list, or a set or dict that is asked at run time."""


def list_comprehension(run: Lowering, node: cst.ListComp) -> Abstract:
    """`[element for target in items if condition]`."""
    collected = ListCell(())
    _fill(run, node, collected, run.evaluate(run, node.for_in.iter))
    return collected


def generator_expression(run: Lowering, node: cst.GeneratorExp) -> Abstract:
    """`(element for target in items if condition)`: computed where it is consumed, in its own function."""
    first, frame = run.evaluate(run, node.for_in.iter), run.frame
    if _is_plain(node, frame.liveness) and id(node.for_in.iter) not in run.learnt.stepwise:
        return Iterated(
            "generator expression",
            lambda run, consumer: _each_element(run, node, consumer, first, frame),
            tuple(run.loops),
            run.builder,
            (first,),
        )

    def emit(yields: Yields) -> Flow:
        flow = yields(node, run.evaluate(run, node.elt))
        if flow.returns is not False:
            run.frame.names[RETURN] = NOTHING
        return flow

    def lower(yields: Yields, collected: ListCell | None) -> Flow:
        # Where it is left half way, what it binds and how it is left are its own.
        here = frame if collected is not None else _copied(frame)
        with _in_frame(run, here), _own_names(run, node):
            where = collected if collected is not None else Uncollected.ONE_BY_ONE
            return _clause(run, node, node.for_in, lambda: emit(yields), where, first)

    names = frozenset(names_read(node))
    made = generator(run, names, frame, lower, can_step=False, can_search=True)
    return replace(made, is_long=_is_long(first))


def _copied(frame: Frame) -> Frame:
    """The same variables; what is bound in the copy is bound there alone."""
    made = copy.copy(frame)
    made.names = dict(frame.names)
    return made


def _is_long(items: Abstract) -> bool:
    """How many there are is known at run time, or may as well be."""
    if isinstance(items, Iterated):
        return any(map(_is_long, items.parts))
    return isinstance(items, ArrayCell | RangeValue)


def _is_plain(node: cst.GeneratorExp, liveness: Liveness) -> bool:
    """One element for each item, and no variable is bound but as nested functions rebind them."""
    clause = node.for_in
    bound = set(walrus_names(node)) - liveness.rebound - liveness.outer
    return clause.inner_for_in is None and not clause.ifs and not bound


def _each_element(
    run: Lowering, node: cst.GeneratorExp, consumer: cst.CSTNode, items: Abstract, frame: Frame
) -> Iterable:
    """The element is computed for each item when a loop asks for it, as in Python."""
    found = iterable(run, node.for_in.iter, items)
    check_consumer(run, node.for_in.iter, found)

    def element(item: Abstract) -> Abstract:
        with _in_frame(run, frame), _own_names(run, node), held(run, found):
            assign(run, node.for_in.target, item)
            return run.evaluate(run, node.elt)

    return mapped(run, consumer, found, element, frozenset(names_read(node)), frame)


@contextmanager
def _in_frame(run: Lowering, frame: Frame) -> Iterator[None]:
    """Names inside are those of this activation."""
    outer, run.frame = run.frame, frame
    try:
        yield
    finally:
        run.frame = outer


def _fill(run: Lowering, node: cst.ListComp, collected: ListCell, first: Abstract) -> None:
    def emit() -> Flow:
        append(run, node, collected, run.evaluate(run, node.elt))
        return FALLS

    with _own_names(run, node):
        _clause(run, node, node.for_in, emit, collected, first)


def set_comprehension(run: Lowering, node: cst.SetComp) -> Abstract:
    """A set of values known now, or one that is asked at run time."""
    known = known_set(run, node, lambda: _known_items(run, node))
    if known is not None:
        return known
    made = run_time_set(run, node, ())

    def emit() -> Flow:
        run.call(run, node, Static(RunTimeSet.add), (made, run.evaluate(run, node.elt)), {})
        return FALLS

    with _own_names(run, node):
        _clause(run, node, node.for_in, emit, made)
    return made


def _known_items(run: Lowering, node: cst.SetComp) -> set[object]:
    found: set[object] = set()

    def emit() -> Flow:
        value = run.evaluate(run, node.elt)
        found.add(
            value.value if isinstance(value, Static) else run.static_int(node, value, "an item of a set")
        )
        return FALLS

    with _own_names(run, node):
        _clause(run, node, node.for_in, emit, Uncollected.KNOWN_NOW)
    return found


def dict_comprehension(run: Lowering, node: cst.DictComp) -> Abstract:
    """A dict whose keys are known now."""
    if is_keyed(run, node):
        return _asked_at_run_time(run, node)
    entries: dict[object, Abstract] = {}

    def emit() -> Flow:
        key = known_key(run, node, run.evaluate(run, node.key))
        entries[key] = run.evaluate(run, node.value)
        return FALLS

    try:
        with _own_names(run, node):
            _clause(run, node, node.for_in, emit, Uncollected.KNOWN_NOW)
    except Refusal as refusal:
        if refusal.diagnostic.code == "GS125":
            learn_keyed(run, made_at(run, node))
        raise
    return new_dict(run, node, entries.items())


def _asked_at_run_time(run: Lowering, node: cst.DictComp) -> Abstract:
    """A dict whose keys are known at run time only."""
    made = empty(run, node)

    def emit() -> Flow:
        key = run.evaluate(run, node.key)
        store(run, node, made, key, run.evaluate(run, node.value))
        return FALLS

    with _own_names(run, node):
        _clause(run, node, node.for_in, emit, made)
    return made


@contextmanager
def _own_names(
    run: Lowering, node: cst.ListComp | cst.GeneratorExp | cst.SetComp | cst.DictComp
) -> Iterator[None]:
    """The targets are names of the comprehension alone."""
    own: list[str] = []
    clause: cst.CompFor | None = node.for_in
    while clause is not None:
        own.extend(target_names(clause.target))
        clause = clause.inner_for_in
    scope = frozenset(own)
    run.comprehensions.append(scope)
    if not isinstance(node, cst.GeneratorExp):
        run.last_items.append(LastItems(scope, run.builder))
    saved = {name: run.frame.names[name] for name in own if name in run.frame.names}
    frame = run.frame
    try:
        yield
    finally:
        run.comprehensions.pop()
        for name in own:
            frame.names.pop(name, None)
        frame.names.update(saved)


def _clause(
    run: Lowering,
    node: cst.CSTNode,
    clause: cst.CompFor,
    emit: Emit,
    collected: Collected,
    items: Abstract | None = None,
) -> Flow:
    def use(item: Abstract) -> Flow:
        assign(run, clause.target, item)
        note_items(run, target_names(clause.target))
        inner = partial(_inner, run, node, clause, emit, collected)
        return _conditions(run, node, list(clause.ifs), inner, known_now=collected is Uncollected.KNOWN_NOW)

    value = run.evaluate(run, clause.iter) if items is None else items
    if goes_step_by_step(run, clause.iter, value) and not any(walrus_names(node)):
        return step_through(run, clause.iter, value, use)
    found = iterable(run, clause.iter, value)
    check_consumer(run, clause.iter, found)
    with held(run, found):
        return _each_item(run, node, clause, found, use, collected)


def _each_item(
    run: Lowering,
    node: cst.CSTNode,
    clause: cst.CompFor,
    found: Iterable,
    use: Callable[[Abstract], Flow],
    collected: Collected,
) -> Flow:
    def body(item: Abstract) -> Flow:
        return use(found.item(item) if isinstance(found, Counted) else item)

    if isinstance(found, Items):
        return unroll(run, clause, found, body)
    if found.is_endless and collected is not Uncollected.ONE_BY_ONE:
        raise _endless(run, node)
    if collected is Uncollected.KNOWN_NOW:
        numbers = found.static_range
        if numbers is None:
            run.prefer_known(found.start, found.stop, found.step)
            raise run.refusal(
                node,
                "GS125",
                "a set or dict of a length that is known at run time only",
                why="its items are variables of the generated code",
                fix="use a list",
            )
        return unroll(run, clause, [Static(number) for number in numbers], body)
    return _counted(run, node, clause, found, body, collected)


def _endless(run: Lowering, node: cst.CSTNode) -> Exception:
    """Start again, with the consumer that leaves it; where there is none, a refusal."""
    why = "with a condition, or with several `for`, its items are computed before the first one is used"
    if run.watching:
        return seen(run, node, run.watching[-1], WITHOUT_END, why)
    return unsteady(run, node, WITHOUT_END, why)


def _counted(
    run: Lowering,
    node: cst.CSTNode,
    clause: cst.CompFor,
    found: Counted,
    body: Callable[[Abstract], Flow],
    collected: ListCell | InstanceCell | Uncollected,
) -> Flow:
    numbers = found.static_range
    if numbers is not None and not len(numbers):
        return FALLS
    targets = frozenset(
        name for part in walk(clause) if isinstance(part, cst.CompFor) for name in target_names(part.target)
    )
    # What `:=` binds belongs to the function around, and goes on from iteration to iteration.
    liveness = run.frame.liveness
    bound = frozenset(walrus_names(node)) - liveness.rebound - liveness.outer
    loop = Loop(
        clause,
        leaving_open(run, clause, body),
        found,
        assigned=targets | bound,
        head=bound,
        exposed=bound,
        after=bound,
        touched=(collected,) if not isinstance(collected, Uncollected) else (),
        grown=frozenset([collected]) if isinstance(collected, ListCell) else frozenset(),
        can_unroll=numbers is not None,
    )

    def copies() -> Flow:
        assert numbers is not None
        return unroll(run, clause, numbered(run, clause, numbers), body)

    flow = run_loop_or_copies(run, loop, copies if numbers is not None else None)
    assert flow is not None
    return flow


def _inner(run: Lowering, node: cst.CSTNode, clause: cst.CompFor, emit: Emit, collected: Collected) -> Flow:
    if clause.inner_for_in is not None:
        return _clause(run, node, clause.inner_for_in, emit, collected)
    return emit()


def _conditions(
    run: Lowering, node: cst.CSTNode, ifs: list[cst.CompIf], emit: Emit, *, known_now: bool
) -> Flow:
    if not ifs:
        return emit()
    first, *rest = ifs
    condition = tested(run, first.test)
    if isinstance(condition, bool):
        return _conditions(run, node, rest, emit, known_now=known_now) if condition else FALLS
    if known_now:
        raise run.refusal(
            first,
            "GS125",
            "which items a set or dict has is known at run time only",
            why="its items are variables of the generated code",
            fix="use a list, or a number that is 0.0 where there is no item",
        )

    def taken() -> Flow:
        return _conditions(run, node, rest, emit, known_now=known_now)

    return branch(run, first, condition, taken, lambda: FALLS, None)

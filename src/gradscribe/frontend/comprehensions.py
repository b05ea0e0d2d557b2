"""Comprehensions: lists, sets and dicts made item by item.

In:  comprehension syntax.   Out: abstract lists, sets, dicts.
Not here: loops over run-time ranges (folds.py, loops.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import libcst as cst

from gradscribe.frontend.branches import branch
from gradscribe.frontend.conditions import tested
from gradscribe.frontend.dict_items import known_key
from gradscribe.frontend.folds import leaving_open
from gradscribe.frontend.generators import check_consumer, generator, mapped
from gradscribe.frontend.interleaving import held
from gradscribe.frontend.iteration import Counted, Items, Iterable, iterable
from gradscribe.frontend.keyed import empty, is_keyed, learn_keyed, made_at, new_dict, store
from gradscribe.frontend.last_items import LastItems, note_items
from gradscribe.frontend.lists import append
from gradscribe.frontend.liveness import Liveness
from gradscribe.frontend.loop_parts import Loop
from gradscribe.frontend.loops import run_loop_or_copies
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.sets import known_set, run_time_set
from gradscribe.frontend.state import FALLS, Flow, Frame, Lowering
from gradscribe.frontend.stepping import goes_step_by_step, step_through
from gradscribe.frontend.suspended import Yields
from gradscribe.frontend.syntax import names_read, target_names, walk, walrus_names
from gradscribe.frontend.targets import assign
from gradscribe.frontend.unrolling import unroll
from gradscribe.frontend.values import Abstract, InstanceCell, Iterated, ListCell, Static
from gradscribe.ops.written.sets import RunTimeSet

Emit = Callable[[], None]

Collected = ListCell | InstanceCell | None
"""Where the items go: a list, or a dict that is asked at run time; None where all of them must be known now."""


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

    def emit(yields: Yields) -> None:
        yields(node, run.evaluate(run, node.elt))

    def lower(yields: Yields, collected: ListCell | None) -> Flow:
        with _in_frame(run, frame), _own_names(run, node):
            _clause(run, node, node.for_in, lambda: emit(yields), collected, first)
        return FALLS

    return generator(run, frozenset(names_read(node)), frame, lower, can_step=False)


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
    def emit() -> None:
        append(run, node, collected, run.evaluate(run, node.elt))

    with _own_names(run, node):
        _clause(run, node, node.for_in, emit, collected, first)


def set_comprehension(run: Lowering, node: cst.SetComp) -> Abstract:
    """A set of values known now, or one that is asked at run time."""
    known = known_set(run, node, lambda: _known_items(run, node))
    if known is not None:
        return known
    made = run_time_set(run, node, ())

    def emit() -> None:
        run.call(run, node, Static(RunTimeSet.add), (made, run.evaluate(run, node.elt)), {})

    with _own_names(run, node):
        _clause(run, node, node.for_in, emit, made)
    return made


def _known_items(run: Lowering, node: cst.SetComp) -> set[object]:
    found: set[object] = set()

    def emit() -> None:
        value = run.evaluate(run, node.elt)
        found.add(
            value.value if isinstance(value, Static) else run.static_int(node, value, "an item of a set")
        )

    with _own_names(run, node):
        _clause(run, node, node.for_in, emit, None)
    return found


def dict_comprehension(run: Lowering, node: cst.DictComp) -> Abstract:
    """A dict whose keys are known now."""
    if is_keyed(run, node):
        return _asked_at_run_time(run, node)
    entries: dict[object, Abstract] = {}

    def emit() -> None:
        key = known_key(run, node, run.evaluate(run, node.key))
        entries[key] = run.evaluate(run, node.value)

    try:
        with _own_names(run, node):
            _clause(run, node, node.for_in, emit, None)
    except Refusal as refusal:
        if refusal.diagnostic.code == "GS125":
            learn_keyed(run, made_at(run, node))
        raise
    return new_dict(run, node, entries.items())


def _asked_at_run_time(run: Lowering, node: cst.DictComp) -> Abstract:
    """A dict whose keys are known at run time only."""
    made = empty(run, node)

    def emit() -> None:
        key = run.evaluate(run, node.key)
        store(run, node, made, key, run.evaluate(run, node.value))

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
) -> None:
    def use(item: Abstract) -> Flow:
        assign(run, clause.target, item)
        note_items(run, target_names(clause.target))
        inner = partial(_inner, run, node, clause, emit, collected)
        _conditions(run, node, list(clause.ifs), inner, known_now=collected is None)
        return FALLS

    value = run.evaluate(run, clause.iter) if items is None else items
    if goes_step_by_step(run, clause.iter, value) and not any(walrus_names(node)):
        step_through(run, clause.iter, value, use)
        return
    found = iterable(run, clause.iter, value)
    check_consumer(run, clause.iter, found)
    with held(run, found):
        _each_item(run, node, clause, found, use, collected)


def _each_item(
    run: Lowering,
    node: cst.CSTNode,
    clause: cst.CompFor,
    found: Iterable,
    use: Callable[[Abstract], Flow],
    collected: Collected,
) -> None:
    def body(item: Abstract) -> Flow:
        return use(found.item(item) if isinstance(found, Counted) else item)

    if isinstance(found, Items):
        unroll(run, clause, found, body)
        return
    if found.is_endless:
        raise run.refusal(
            node,
            "GS102",
            "what this goes over does not come to an end",
            why="with a condition, or with several `for`, all of its items are computed before the first is used",
            fix="write it as a `while True` or `for` statement that is left by `break`",
        )
    if collected is None:
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
        unroll(run, clause, [Static(number) for number in numbers], body)
        return
    _counted(run, node, clause, found, body, collected)


def _counted(
    run: Lowering,
    node: cst.CSTNode,
    clause: cst.CompFor,
    found: Counted,
    body: Callable[[Abstract], Flow],
    collected: ListCell | InstanceCell,
) -> None:
    numbers = found.static_range
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
        touched=(collected,),
        grown=frozenset([collected]) if isinstance(collected, ListCell) else frozenset(),
        can_unroll=numbers is not None,
    )
    items = [Static(number) for number in numbers or ()]
    run_loop_or_copies(run, loop, lambda: unroll(run, clause, items, body))


def _inner(run: Lowering, node: cst.CSTNode, clause: cst.CompFor, emit: Emit, collected: Collected) -> None:
    if clause.inner_for_in is not None:
        _clause(run, node, clause.inner_for_in, emit, collected)
    else:
        emit()


def _conditions(
    run: Lowering, node: cst.CSTNode, ifs: list[cst.CompIf], emit: Emit, *, known_now: bool
) -> None:
    if not ifs:
        emit()
        return
    first, *rest = ifs
    condition = tested(run, first.test)
    if isinstance(condition, bool):
        if condition:
            _conditions(run, node, rest, emit, known_now=known_now)
        return
    if known_now:
        raise run.refusal(
            first,
            "GS125",
            "which items a set or dict has is known at run time only",
            why="its items are variables of the generated code",
            fix="use a list, or a number that is 0.0 where there is no item",
        )

    def taken() -> Flow:
        _conditions(run, node, rest, emit, known_now=known_now)
        return FALLS

    branch(run, first, condition, taken, lambda: FALLS, None)

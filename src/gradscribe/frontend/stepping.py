"""Loops that go over generators step by step: the loop's body stands where the generator yields.

    def approach(x):                for x in approach(1.0):         x_1 = 1.0
        while True:                     if abs(f(x)) < tol:         while True:
            yield x                         break                       x = x_1
            x = x - f(x) / df(x)                                        if abs(f(x)) < tol: break
                                                                        x_1 = x_1 - f(x_1) / df(x_1)

Each keeps the variables of its own function. Those that the loop hands on are held as variables are that nested
functions rebind, since the loop's body is lowered inside of the generator's loops and branches.

In:  generators, and what `zip`, `map`, `islice` and their like make of them.   Out: the state after the loop.
Not here: when this is needed (interleaving.py), loops over anything else (for_statements.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import libcst as cst

from gradscribe.frontend.branches import branch
from gradscribe.frontend.conditions import inverse, truth
from gradscribe.frontend.interleaving import unsteady
from gradscribe.frontend.iteration import (
    ONE,
    ZERO,
    Counted,
    Items,
    as_counted,
    from_zero,
    iterable,
    use_up,
)
from gradscribe.frontend.loop_parts import Loop
from gradscribe.frontend.loops import run_loop_or_copies
from gradscribe.frontend.operators import binary
from gradscribe.frontend.state import FALLS, RETURN, Flow, Frame, Lowering, Variables
from gradscribe.frontend.storage import read_instance, write_mapping
from gradscribe.frontend.syntax import has_jump, statements_of
from gradscribe.frontend.unrolling import unroll
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    InstanceCell,
    Iterated,
    MaybeUnbound,
    Number,
    Static,
    TupleValue,
    is_none,
)
from gradscribe.ir.graph import Value

Use = Callable[[Abstract], Flow]
"""Lowers what is done with an item. Its flow falls where the iterator goes on, and returns where it is left."""

LEFT = Flow(falls=False, returns=True)
VALUE, BROKE, RETURNED = "value", "broke", "returned"


def can_step(value: Abstract) -> bool:
    """A loop can go over this step by step."""
    if not isinstance(value, Iterated):
        return False
    if value.kind in STAGES and not value.options.keys() - STAGES[value.kind].options:
        inner = [part for part in value.parts if isinstance(part, Iterated)]
        is_sole = value.kind in ("zip", "enumerate", "islice") or len(value.parts) == 2
        return len(inner) == 1 and is_sole and can_step(inner[0])
    return value.steps is not None


def goes_step_by_step(run: Lowering, node: cst.CSTNode, value: Abstract) -> bool:
    """What happens between the items is seen here, and the loop over them can go inside."""
    return id(node) in run.learnt.stepwise and can_step(value) and value not in run.used_up


def step_through(run: Lowering, node: cst.CSTNode, value: Abstract, use: Use) -> Flow:
    """Go over an iterator, of which the items are used one by one."""
    assert isinstance(value, Iterated)
    use_up(run, node, value)
    if value.search is None:
        return STAGES[value.kind].lower(run, node, value, use)
    consumer = run.frame

    def resumed(node: cst.CSTNode, item: Abstract) -> Flow:
        return _in_consumer(run, consumer, node, lambda: use(item))

    return value.search(resumed)


def _in_consumer(run: Lowering, consumer: Frame, node: cst.CSTNode, lower: Callable[[], Flow]) -> Flow:
    """Lower something of the function that consumes while its generator is being lowered.

    What it hands on is held elsewhere; what it learns of its other variables, in a branch, holds there alone.
    """
    outer = run.frame, run.line, run.live_out
    names = consumer.names
    run.frame, consumer.names = consumer, dict(names)
    try:
        with run.within(("resumed", id(node))):
            return lower()
    finally:
        consumer.names = names
        run.frame, run.line, run.live_out = outer


# What is made of generators


@dataclass(frozen=True)
class Stage:
    """How an iterator goes on, and which options of it are understood."""

    lower: Callable[[Lowering, cst.CSTNode, Iterated, Use], Flow]
    options: frozenset[str] = frozenset()


def _counter(start: Abstract) -> InstanceCell:
    return InstanceCell(Variables, {"count": start})


def _next_count(run: Lowering, node: cst.CSTNode, counter: InstanceCell) -> Abstract:
    """The number so far; there is one more from now on."""
    found = read_instance(run, counter)["count"]
    write_mapping(run, counter, "count", binary(run, node, "Add", found, ONE))
    return found


def _enumerate(run: Lowering, node: cst.CSTNode, value: Iterated, use: Use) -> Flow:
    inner, *start = value.parts
    counter = _counter(start[0] if start else value.options.get("start", ZERO))
    return step_through(
        run, node, inner, lambda item: use(TupleValue((_next_count(run, node, counter), item)))
    )


def _zip(run: Lowering, node: cst.CSTNode, value: Iterated, use: Use) -> Flow:
    """The items of a generator beside those of others, in the order of Python: what is asked first may end it."""
    place = next(k for k, part in enumerate(value.parts) if isinstance(part, Iterated))
    others = {
        k: from_zero(run, node, as_counted(run, node, iterable(run, node, part), follows=True))
        for k, part in enumerate(value.parts)
        if k != place
    }
    counter = _counter(ZERO)

    def there_is(which: list[int], number: Abstract, then: Callable[[], Flow]) -> Flow:
        if not which:
            return then()
        found = binary(run, node, "LessThan", number, others[which[0]].stop)
        return _if(run, node, found, lambda: there_is(which[1:], number, then))

    def step(item: Abstract) -> Flow:
        number = _next_count(run, node, counter)

        def take() -> Flow:
            items = [item if k == place else others[k].item(number) for k in range(len(value.parts))]
            return use(TupleValue(tuple(items)))

        flow = there_is([k for k in others if k > place], number, take)
        return _then(run, node, flow, lambda: go_on(lambda: FALLS))

    def go_on(then: Callable[[], Flow]) -> Flow:
        number = read_instance(run, counter)["count"]
        return there_is([k for k in others if k < place], number, then)

    return go_on(lambda: step_through(run, node, value.parts[place], step))


def _islice(run: Lowering, node: cst.CSTNode, value: Iterated, use: Use) -> Flow:
    inner, *bounds = value.parts
    if len(bounds) != 1 or is_none(bounds[0]):
        why = "where it begins or how it steps is not followed"
        raise unsteady(run, node, "is sliced from within, and left half way", why)
    counter = _counter(ZERO)

    def below() -> Abstract:
        return binary(run, node, "LessThan", read_instance(run, counter)["count"], bounds[0])

    def step(item: Abstract) -> Flow:
        _next_count(run, node, counter)
        return _then(run, node, use(item), lambda: _if(run, node, below(), lambda: FALLS))

    return _if(run, node, below(), lambda: step_through(run, node, inner, step))


def _map(run: Lowering, node: cst.CSTNode, value: Iterated, use: Use) -> Flow:
    function, inner = value.parts
    return step_through(run, node, inner, lambda item: use(run.call(run, node, function, (item,), {})))


def _filter(run: Lowering, node: cst.CSTNode, value: Iterated, use: Use) -> Flow:
    function, inner = value.parts

    def step(item: Abstract) -> Flow:
        found = item if is_none(function) else run.call(run, node, function, (item,), {})
        accepted = truth(run, found, node)
        if isinstance(accepted, bool):
            return use(item) if accepted else FALLS
        return branch(run, node, accepted, lambda: use(item), lambda: FALLS, None)

    return step_through(run, node, inner, step)


def _takewhile(run: Lowering, node: cst.CSTNode, value: Iterated, use: Use) -> Flow:
    function, inner = value.parts

    def step(item: Abstract) -> Flow:
        return _if(run, node, run.call(run, node, function, (item,), {}), lambda: use(item))

    return step_through(run, node, inner, step)


STAGES = {
    "enumerate": Stage(_enumerate, frozenset(["start"])),
    "zip": Stage(_zip),
    "islice": Stage(_islice),
    "map": Stage(_map),
    "filter": Stage(_filter),
    "takewhile": Stage(_takewhile),
}


def _if(run: Lowering, node: cst.CSTNode, condition: Abstract, then: Callable[[], Flow]) -> Flow:
    """Where the condition does not hold, the iterator is left."""
    found = truth(run, condition, node)
    if isinstance(found, bool):
        return then() if found else _leave(run)
    return branch(run, node, found, then, lambda: _leave(run), None)


def _leave(run: Lowering) -> Flow:
    run.frame.names[RETURN] = NOTHING
    return LEFT


def _then(run: Lowering, node: cst.CSTNode, flow: Flow, following: Callable[[], Flow]) -> Flow:
    """What follows where the iterator is not left."""
    if flow.falls is False:
        return flow
    if not isinstance(flow.falls, Value):
        return following()
    return branch(run, node, flow.falls, following, lambda: _leave(run), None)


# `yield` and `yield from`


def execute_yield(run: Lowering, node: cst.Yield) -> Flow:
    """`yield value` or `yield from items` as a statement."""
    if not isinstance(node.value, cst.From):
        item = run.evaluate(run, node.value) if node.value is not None else NOTHING
        return _yielded(run, node, item)
    value = run.evaluate(run, node.value.item)
    if can_step(value) and value not in run.used_up:
        return _yield_from(run, node, value)
    found = iterable(run, node, value)
    if isinstance(found, Items):
        return _ended(run, node, unroll(run, node, found, lambda item: _yielded(run, node, item)))
    return _ended(run, node, _each(run, node, found))


def yield_value(run: Lowering, node: cst.Yield) -> Abstract:
    """`yield` in an expression: nothing is sent back."""
    if isinstance(node.value, cst.From):
        raise unsteady(run, node, "uses what another one returns", "what a generator returns is not followed")
    if not execute_yield(run, node).is_plain:
        why = "what is left of the statement would have to be left, too"
        raise unsteady(run, node, "may be left inside of a statement", why)
    return NOTHING


def _yielded(run: Lowering, node: cst.CSTNode, item: Abstract) -> Flow:
    assert run.frame.yields is not None
    flow = run.frame.yields(node, item)
    if flow.returns is not False:
        run.frame.names[RETURN] = NOTHING
    return flow


def _yield_from(run: Lowering, node: cst.Yield, value: Abstract) -> Flow:
    """The items of another generator, whose own `return` leaves that one alone."""
    left = InstanceCell(Variables, {BROKE: Static(False)})

    def hand_on(item: Abstract) -> Flow:
        flow = _yielded(run, node, item)
        if flow.returns is not False:
            _note(run, left, BROKE, flow.returns)
        return flow

    step_through(run, node, value, hand_on)
    broke = truth(run, read_instance(run, left)[BROKE], node)
    if isinstance(broke, bool):
        return LEFT if broke else FALLS
    return Flow(falls=inverse(run, broke, node), returns=broke)


def _note(run: Lowering, left: InstanceCell, way: str, condition: Value | bool) -> None:
    """An iterator was left so, or is under this condition."""
    found = Static(True) if isinstance(condition, bool) else Number(condition)
    write_mapping(run, left, way, found)


def _each(run: Lowering, node: cst.Yield, found: Counted) -> Flow:
    numbers = found.static_range

    def body(index: Abstract) -> Flow:
        return _yielded(run, node, found.item(index))

    def copies() -> Flow:
        return unroll(run, node, [Static(number) for number in numbers or ()], body)

    if numbers is not None and not len(numbers):
        return FALLS
    loop = Loop(node, body, found, can_unroll=numbers is not None)
    flow = run_loop_or_copies(run, loop, copies if numbers is not None else None)
    assert flow is not None
    return flow


def _ended(run: Lowering, node: cst.CSTNode, flow: Flow) -> Flow:
    """After the last item control goes on, unless the consumer has left."""
    if isinstance(flow.returns, bool):
        return LEFT if flow.returns else FALLS
    return Flow(falls=inverse(run, flow.returns, node), returns=flow.returns)


# A `for` statement


@dataclass
class Stepped:
    """A `for` statement over a generator.

    Attributes:
        body: lowers an iteration, given the item.
        left: whether the loop was left by `break` or `return`, and what was returned.
    """

    run: Lowering
    node: cst.For
    body: Use
    left: InstanceCell = field(init=False)

    def __post_init__(self) -> None:
        statements = statements_of(self.node.body)
        jumps: dict[str, type[cst.CSTNode]] = {BROKE: cst.Break, RETURNED: cst.Return}
        ways = [way for way, jump in jumps.items() if has_jump(statements, (jump,))]
        self.left = InstanceCell(Variables, dict.fromkeys(ways, Static(False)))

    def lower(self, value: Abstract) -> tuple[Flow, Value | bool]:
        """How control leaves the loop, and whether it was left by `break`."""
        run, node = self.run, self.node
        step_through(run, node.iter, value, self._use)
        left = read_instance(run, self.left)
        broke, returned = (truth(run, left.get(way, Static(False)), node) for way in (BROKE, RETURNED))
        run.frame.names.pop(RETURN, None)
        if returned is not False:
            run.frame.names[RETURN] = left[VALUE]
        if isinstance(returned, bool):
            return (LEFT if returned else FALLS), broke
        return Flow(falls=inverse(run, returned, node), returns=returned), broke

    def _use(self, item: Abstract) -> Flow:
        run, node = self.run, self.node
        flow = self.body(item)
        if flow.breaks is not False:
            _note(run, self.left, BROKE, flow.breaks)
        if flow.returns is not False:
            _note(run, self.left, RETURNED, flow.returns)
            self._keep_result(flow.returns)
        ways = [way for way in (flow.breaks, flow.returns) if isinstance(way, Value)]
        if flow.breaks is True or flow.returns is True:
            return LEFT
        if not ways:
            return flow if flow.falls is False and flow.continues is False else FALLS
        left = ways[0] if len(ways) == 1 else run.op(node, "bool_or", *ways)
        return Flow(falls=inverse(run, left, node), returns=left)

    def _keep_result(self, condition: Value | bool) -> None:
        """The value that is returned; where the loop is not left, there is none."""
        found = self.run.frame.names[RETURN]
        value = found.value if isinstance(found, MaybeUnbound) else found

        def keep() -> Flow:
            write_mapping(self.run, self.left, VALUE, value)
            return FALLS

        if isinstance(condition, bool):
            keep()
        else:
            branch(self.run, self.node, condition, keep, lambda: FALLS, None)
